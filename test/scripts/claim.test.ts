/** `salus claim` and `salus funds`, from the bill to the money in the doctor's account: each step at its own desk. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { network } from "hardhat";

import { startIpfsNode, type IpfsNode } from "../../services/ipfs/index.js";
import { inOrder } from "../inOrder.js";
import { makeDesk, type Desk } from "./salus.js";

interface Shown {
  status: string;
  amount: string;
  approved: string;
  fee: string;
  isAsked: boolean;
  history: { kind: string }[];
}

interface Held {
  symbol: string;
  token: string;
  deposited: string;
  held: string;
}

describe("salus claim and funds", function () {
  this.timeout(400_000);
  inOrder(this);

  let server: Awaited<ReturnType<typeof network.createServer>>;
  let ipfs: IpfsNode;
  let desk: Desk;
  let visitId: string;
  const as = (persona: string): NodeJS.ProcessEnv => ({ SALUS_AS: persona });
  const show = () => desk.json<Shown>(["claim", "show", visitId]);
  const say = (name: string, words: string) => ["claim", name, visitId, "--words", words, "--yes"];

  before(async () => {
    server = await network.createServer(undefined, "127.0.0.1", 0);
    const { port } = await server.listen();
    desk = await makeDesk({ SALUS_RPC: `http://127.0.0.1:${port}` });
    ipfs = await startIpfsNode({ dir: join(desk.folder, "ipfs") });
    const file = (name: string, text: string) => writeFile(join(desk.folder, name), text);
    await file("salus.config.json", JSON.stringify({ ipfs: ipfs.url }));
    await desk.json(["deploy"]);
    await desk.json(["seed"]);
    await file("note.txt", "tired for weeks");
    await file("wrong.txt", "There was one blood count only.");
    await file("why.txt", "Why two blood counts?");
    await file("because.txt", "Before and after the infusion.");
    const items = [
      { code: "consultation", text: "Consultation", quantity: 1, unitPrice: "120.00" },
      { code: "laboratory", text: "Blood count", quantity: 2, unitPrice: "40" },
    ];
    await file("items.json", JSON.stringify(items));
    await file("odd.json", JSON.stringify([{ ...items[0], unitPrice: "12.345" }]));
    await file("none.json", "[]");

    const { code, visitId: id } = await desk.json<{ code: string; visitId: string }>(
      ["permit", "give", "hospital", "--yes"],
      as("amina"),
    );
    visitId = id;
    await desk.json(["visit", "open", code], as("hospital"));
    await desk.json(["visit", "assign", visitId, "lee"], as("hospital"));
    await desk.json(["visit", "write", visitId, "note.txt", "--scope", "visits"], as("lee"));
  });
  after(async () => {
    await ipfs.close();
    await server.close();
    await desk.clear();
  });

  it("refuses a bill of an open visit, of odd amounts and of nothing", async () => {
    const bill = (items: string) => ["claim", "bill", visitId, "--items", items, "--yes"];
    expect((await desk.error(1, bill("items.json"), as("hospital"))).code).to.equal("VisitNotEnded");
    await desk.json(["visit", "close", visitId], as("hospital"));
    expect((await desk.error(2, bill("odd.json"), as("hospital"))).code).to.equal("INVALID_INPUT");
    expect((await desk.error(2, bill("none.json"), as("hospital"))).code).to.equal("FILE_INVALID");
    expect((await desk.error(4, bill("items.json"), as("lee"))).code).to.equal("NotHospitalOfVisit");
    expect((await desk.error(1, ["claim", "show", visitId])).code).to.equal("CLAIM_UNKNOWN");
  });

  it("bills what was done, and says what the terms give", async () => {
    const bill = ["claim", "bill", visitId, "--items", "items.json", "--doctor", "lee", "--share", "40", "--yes"];
    const { stderr, stdout, code } = await desk.run([...bill], as("hospital"));
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include("billed Harbour Mutual 200.00 dEUR for a visit of");
    expect(stdout)
      .to.match(/paid if all is acknowledged\s+135\.00 dEUR/)
      .and.match(/left to the patient\s+65\.00 dEUR/);
    expect(await show()).to.include({ status: "submitted", amount: "20000", approved: "0" });
    expect((await desk.error(1, bill, as("hospital"))).code).to.equal("AlreadyBilled");
    for (const who of ["amina", "insurer", "hospital"]) {
      expect(await desk.json<Shown[]>(["claim", "list"], as(who))).to.have.length(1);
      const read = await desk.run(["claim", "read", visitId], as(who));
      expect(read.stdout).to.match(/Blood count\s+2\s+40\.00 dEUR\s+80\.00 dEUR/);
    }
    expect((await desk.error(4, ["claim", "read", visitId], as("lee"))).code).to.equal("NOT_A_RECIPIENT");
  });

  it("is disputed, asked about, answered and confirmed", async () => {
    await desk.json(say("dispute", "wrong.txt"), as("amina"));
    const approve = ["claim", "decide", visitId, "--approve", "all", "--yes"];
    expect((await desk.error(1, approve, as("insurer"))).code).to.equal("WrongStatus");
    await desk.json(say("ask", "why.txt"), as("insurer"));
    expect((await show()).isAsked).to.equal(true);
    await desk.json(say("answer", "because.txt"), as("hospital"));
    const { notes } = await desk.json<{ notes: { kind: string; text: string }[] }>(
      ["claim", "read", visitId],
      as("amina"),
    );
    expect(notes.map(({ kind, text }) => [kind, text])).to.deep.equal([
      ["disputed", "There was one blood count only."],
      ["asked", "Why two blood counts?"],
      ["answered", "Before and after the infusion."],
    ]);
    const confirmed = await desk.run(["claim", "confirm", visitId, "--yes"], as("amina"));
    expect(confirmed.stderr, "what is confirmed").to.match(/Blood count\s+2\s+40\.00 dEUR\s+80\.00 dEUR/);
    expect((await show()).status).to.equal("confirmed");
  });

  it("is decided with a reason, and paid", async () => {
    const decide = ["claim", "decide", visitId, "--yes"];
    expect((await desk.error(2, decide, as("insurer"))).code).to.equal("USAGE");
    expect((await desk.error(2, [...decide, "--approve", "1", "--deny"], as("insurer"))).code).to.equal("USAGE");
    expect((await desk.error(2, [...decide, "--deny", "--reason", "77"], as("insurer"))).code).to.equal("USAGE");
    expect((await desk.error(1, [...decide, "--approve", "300"], as("insurer"))).code).to.equal("AboveBill");
    const decided = await desk.json<Shown>(
      [...decide, "--approve", "160.00", "--reason", "9", "--note", "because.txt"],
      as("insurer"),
    );
    // 160.00 less 50.00 less 10 % of the rest; 40 % of it to the doctor.
    expect(decided).to.include({ status: "approved", eligible: "16000", approved: "9900", fee: "3960" });
    const read = await desk.run(["claim", "read", visitId], as("amina"));
    expect(read.stdout).to.include("response: Before and after the infusion.");
    expect((await desk.error(1, ["claim", "withdraw", visitId], as("hospital"))).code).to.equal("WrongStatus");
  });

  it("is collected by whom it belongs to", async () => {
    const [owed] = await desk.json<Held[]>(["funds", "show"], as("lee"));
    expect(owed).to.include({ symbol: "dEUR", deposited: "3960", held: "0" });
    await desk.json(["funds", "collect", "--yes"], as("lee"));
    expect((await desk.json<Held[]>(["funds", "show", "lee"]))[0]).to.include({ deposited: "0", held: "3960" });
    const { stdout } = await desk.run(["funds", "collect", "10.50", "--yes"], as("hospital"));
    expect(stdout).to.match(/taken out\s+10\.50 dEUR/);
    await desk.json(["funds", "deposit", "100", "--yes"], as("insurer"));
    const [insurers] = await desk.json<Held[]>(["funds", "show"], as("insurer"));
    expect(insurers?.deposited).to.equal(`${100_000_000n - 9_900n + 10_000n}`);
    expect((await desk.error(1, ["funds", "collect", "1000000", "--yes"], as("hospital"))).code).to.equal(
      "InsufficientBalance",
    );
    expect((await desk.error(2, ["funds", "collect", "--yes"], as("bashir"))).code).to.equal("INVALID_INPUT");
  });

  it("says so when no policy with terms covers the visit", async () => {
    const policies = await desk.json<{ policyId: string; status: string }[]>(["policy", "show"], as("chen"));
    for (const { policyId, status } of policies) {
      if (status === "active") await desk.json(["policy", "cancel", policyId], as("chen"));
    }
    const { code, visitId: id } = await desk.json<{ code: string; visitId: string }>(
      ["permit", "give", "hospital", "--yes"],
      as("chen"),
    );
    await desk.json(["visit", "open", code], as("hospital"));
    await desk.json(["visit", "close", id], as("hospital"));
    const bill = ["claim", "bill", id, "--items", "items.json", "--yes"];
    expect((await desk.error(1, bill, as("hospital"))).code).to.equal("NotCovered");
  });

  it("gives policies terms, shows them, and says when a version changes them", async () => {
    const [{ token } = { token: "" }] = await desk.json<Held[]>(["funds", "show"], as("insurer"));
    await writeFile(
      join(desk.folder, "terms.json"),
      JSON.stringify({ token, deductible: "0", coPayment: 750, limit: "500000" }),
    );
    await writeFile(join(desk.folder, "schedule.json"), JSON.stringify({ insured: "Bashir Khan" }));
    const policies = await desk.json<{ policyId: string; status: string }[]>(["policy", "show"], as("bashir"));
    const before = policies.find(({ status }) => status === "active")?.policyId ?? "";
    const amend = ["policy", "amend", before, "--schedule", "schedule.json"];
    const { policyId: same } = await desk.json<{ policyId: string }>(amend, as("insurer"));
    const { policyId: other } = await desk.json<{ policyId: string }>(
      [...amend, "--terms", "terms.json"],
      as("insurer"),
    );
    const pays = async (id: string) => (await desk.json<{ pays: string }>(["policy", "show", id])).pays;
    expect(await pays(same)).to.equal(await pays(before));
    expect(await pays(other)).to.equal(
      `The patient pays 7.5 % of every bill; at most 5,000.00 dEUR are paid in all. (${token})`,
    );
    expect((await desk.run(["policy", "diff", same])).code).to.equal(0);
    const diff = await desk.run(["policy", "diff", other]);
    expect(diff.code).to.equal(1);
    expect(diff.stdout).to.include("+ The patient pays 7.5 % of every bill");
    await writeFile(join(desk.folder, "odd.json"), JSON.stringify({ token, deductible: 0 }));
    expect((await desk.error(2, [...amend, "--terms", "odd.json"], as("insurer"))).code).to.equal("INVALID_INPUT");
  });
});
