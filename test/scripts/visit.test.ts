/** `salus permit`, `visit` and `order` from the code to the report: each step of a visit, scripted, each at its own desk. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { network } from "hardhat";

import { startIpfsNode, type IpfsNode } from "../../services/ipfs/index.js";
import { inOrder } from "../inOrder.js";
import { makeDesk, type Desk } from "./salus.js";

interface Given {
  visitId: string;
  code: string;
  shortCode: string;
}

describe("salus permit, visit and order", function () {
  this.timeout(300_000);
  inOrder(this);

  let server: Awaited<ReturnType<typeof network.createServer>>;
  let ipfs: IpfsNode;
  let desk: Desk;
  let visitId: string;
  let orderId: string;
  let orderCode: string;
  const as = (persona: string): NodeJS.ProcessEnv => ({ SALUS_AS: persona });

  before(async () => {
    server = await network.createServer(undefined, "127.0.0.1", 0);
    const { port } = await server.listen();
    desk = await makeDesk({ SALUS_RPC: `http://127.0.0.1:${port}` });
    ipfs = await startIpfsNode({ dir: join(desk.folder, "ipfs") });
    await writeFile(join(desk.folder, "salus.config.json"), JSON.stringify({ ipfs: ipfs.url }));
    await desk.json(["deploy"]);
    await desk.json(["seed"]);
    await writeFile(join(desk.folder, "list.txt"), "HbA1c, lipids");
    await writeFile(join(desk.folder, "note.txt"), "tired for weeks");
    await writeFile(join(desk.folder, "report.txt"), "HbA1c 6.1 %");
  });
  after(async () => {
    await ipfs.close();
    await server.close();
    await desk.clear();
  });

  it("gives a permit, keeps it, and withdraws another", async () => {
    const give = ["permit", "give", "hospital", "--scope", "laboratory", "--announce", "--yes"];
    const { stderr } = await desk.run([...give, "--valid", "soon"], as("amina"));
    expect(stderr).to.include("write it like 12h");
    const given = await desk.json<Given & { readable: string[] }>(give, as("amina"));
    expect(given.code).to.match(/^SALUS:V:[A-Z2-7]{52}$/);
    expect(given.readable).to.deep.equal(["laboratory"]);
    visitId = given.visitId;
    const second = await desk.json<Given>(["permit", "give", "hospital", "--yes"], as("amina"));
    const listed = await desk.json<{ permits: Given[] }>(["permit", "list"], as("amina"));
    expect(listed.permits.map((permit) => permit.visitId)).to.deep.equal([visitId, second.visitId]);
    await desk.json(["permit", "withdraw", second.visitId, "--yes"], as("amina"));
    expect((await desk.error(1, ["visit", "open", second.code], as("hospital"))).code).to.equal("PermitUsed");

    const read = await desk.json<{ patientName: string }>(["visit", "read", given.shortCode], as("hospital"));
    expect(read.patientName).to.equal("Amina Rahman");
    const opened = await desk.json<{ visitId: string; transaction: string }>(
      ["visit", "open", given.code],
      as("hospital"),
    );
    expect(opened.visitId).to.equal(visitId);
    expect(opened.transaction).to.match(/^0x[0-9a-f]{64}$/);
    expect((await desk.json<{ permits: Given[] }>(["permit", "list"], as("amina"))).permits).to.deep.equal([]);
    expect((await desk.error(1, ["visit", "open", given.code], as("hospital"))).code).to.equal("PermitUsed");
  });

  it("assigns a doctor, who writes and orders", async () => {
    expect(
      (await desk.error(4, ["visit", "write", visitId, "note.txt", "--scope", "visits"], as("lee"))).code,
    ).to.equal("NOT_IN_VISIT");
    await desk.json(["visit", "assign", visitId, "lee"], as("hospital"));
    const { recordId } = await desk.json<{ recordId: string }>(
      ["visit", "write", visitId, "note.txt", "--scope", "visits", "--title", "Complaint"],
      as("lee"),
    );
    expect((await desk.run(["read", recordId], as("hospital"))).stdout).to.include("Complaint");
    const placed = await desk.json<{ orderId: string; code: string }>(
      ["order", "place", visitId, "list.txt", "--role", "laboratory"],
      as("lee"),
    );
    ({ orderId, code: orderCode } = placed);
    expect((await desk.error(2, ["order", "place", visitId, "list.txt", "--role", "doctor"], as("lee"))).code).to.equal(
      "USAGE",
    );
    const { visits } = await desk.json<{ visits: { visitId: string }[] }>(["visit", "list"], as("lee"));
    expect(visits.map((visit) => visit.visitId)).to.include(visitId);
    const shown = await desk.run(["visit", "show", visitId]);
    expect(shown.stdout).to.include(recordId).and.to.include("for a laboratory, waiting");
  });

  it("lets a laboratory ask with the order's code, be chosen, open the list and report", async () => {
    expect((await desk.error(4, ["order", "open", orderCode], as("laboratory"))).code).to.equal("ORDER_NOT_YOURS");
    await desk.json(["order", "request", orderCode], as("laboratory"));
    const { orders } = await desk.json<{ orders: { orderId: string; requests: string[] }[] }>(
      ["order", "list"],
      as("amina"),
    );
    const [asked] = orders.find((order) => order.orderId === orderId)!.requests;
    await desk.json(["order", "choose", orderId, asked!], as("amina"));
    await desk.json(["order", "open", orderCode, "--out", "inbox"], as("laboratory"));
    expect(await readFile(join(desk.folder, "inbox", "list.txt"), "utf8")).to.equal("HbA1c, lipids");
    const { recordId } = await desk.json<{ recordId: string }>(
      ["order", "report", orderId, "report.txt"],
      as("laboratory"),
    );
    expect((await desk.run(["order", "show", orderId])).stdout)
      .to.include("done, 1 of 1")
      .and.to.include(recordId);
    for (const reader of ["amina", "lee"]) {
      expect((await desk.run(["read", recordId], as(reader))).stdout).to.include("report.txt");
    }
    expect((await desk.error(1, ["order", "report", orderId, "report.txt"], as("laboratory"))).code).to.equal(
      "AlreadyFulfilled",
    );
  });

  it("closes the visit, and then the drawer that it could read", async () => {
    await desk.json(["visit", "close", visitId], as("amina"));
    expect(
      (await desk.error(4, ["visit", "write", visitId, "note.txt", "--scope", "visits"], as("lee"))).code,
    ).to.equal("NOT_IN_VISIT");
    const { closed } = await desk.json<{ closed: string[] }>(["scopes", "close"], as("amina"));
    expect(closed).to.deep.equal(["laboratory"]);
    expect((await desk.json<{ closed: string[] }>(["scopes", "close"], as("amina"))).closed).to.deep.equal([]);
  });

  it("never prints what documents say, nor a key", () => {
    for (const secret of ["tired for weeks", "HbA1c", "AGE-SECRET-KEY"]) expect(desk.printed).not.to.include(secret);
  });
});
