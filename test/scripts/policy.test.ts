/** `salus policy` from offer to end: an insurer and a patient at two desks, and everyone who looks on. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { network } from "hardhat";

import { startIpfsNode, type IpfsNode } from "../../services/ipfs/index.js";
import { inOrder } from "../inOrder.js";
import { makeDesk, type Desk } from "./salus.js";

interface Version {
  policyId: string;
  status: string;
  previous: string | null;
  from: string;
  until: string;
  end: string;
}

const WORDING = fileURLToPath(new URL("../../scripts/seed/policy/wording.txt", import.meta.url));

describe("salus policy", function () {
  this.timeout(240_000);
  inOrder(this);

  let server: Awaited<ReturnType<typeof network.createServer>>;
  let ipfs: IpfsNode;
  let desk: Desk;
  let first: Version;
  let next: string;
  const as = (persona: string): NodeJS.ProcessEnv => ({ SALUS_AS: persona });
  const pathOf = (name: string) => join(desk.folder, name);

  before(async () => {
    server = await network.createServer(undefined, "127.0.0.1", 0);
    const { port } = await server.listen();
    desk = await makeDesk({ SALUS_RPC: `http://127.0.0.1:${port}` });
    ipfs = await startIpfsNode({ dir: join(desk.folder, "ipfs") });
    await writeFile(pathOf("salus.config.json"), JSON.stringify({ ipfs: ipfs.url }));
    await desk.json(["deploy"]);
    await desk.json(["seed"]);
    const wording = await readFile(WORDING, "utf8");
    await copyFile(WORDING, pathOf("wording.txt"));
    await writeFile(pathOf("altered.txt"), wording.replace("We may not change", "We may change"));
    await writeFile(pathOf("schedule.json"), JSON.stringify({ resourceType: "Coverage", id: "1" }));
  });
  after(async () => {
    await ipfs.close();
    await server.close();
    await desk.clear();
  });

  it("proposes a change that names what it follows", async () => {
    const policies = await desk.json<Version[]>(["policy", "show"], as("bashir"));
    first = policies.find(({ status }) => status === "active")!;
    const change = ["policy", "amend", first.policyId, "--schedule", "schedule.json", "--wording", "altered.txt"];
    expect((await desk.error(2, ["policy", "amend", first.policyId], as("insurer"))).code).to.equal("USAGE");
    expect((await desk.error(2, change, as("bashir"))).code).to.equal("INVALID_INPUT");
    const proposed = await desk.json<{ policyId: string; previous: string; until: string }>(change, as("insurer"));
    expect(proposed).to.include({ previous: first.policyId, until: first.until });
    next = proposed.policyId;
    const versions = await desk.json<Version[]>(["policy", "versions", first.policyId]);
    expect(versions.map(({ policyId, status }) => [policyId, status])).to.deep.equal([
      [first.policyId, "active"],
      [next, "offered"],
    ]);
  });

  it("shows what differs, clause by clause, to everyone", async () => {
    const { code, stdout } = await desk.run(["policy", "diff", next]);
    expect(code).to.equal(1);
    expect(stdout).to.include("We may [-not -]change").and.not.to.include("Consultations");
    expect((await desk.run(["policy", "diff", next, next])).code).to.equal(0);
    expect((await desk.error(2, ["policy", "diff", first.policyId])).code).to.equal("USAGE");
    expect((await desk.error(4, ["policy", "diff", next, "--schedule"], as("chen"))).code).to.equal("NOT_A_RECIPIENT");
    expect((await desk.run(["policy", "diff", next, "--schedule"], as("bashir"))).stdout).to.include("Coverage");
  });

  it("reports a copy that isn't the insurer's, which stands in the insurer's record", async () => {
    const report = ["policy", "report", next];
    expect((await desk.error(2, report, as("bashir"))).code).to.equal("USAGE");
    expect((await desk.error(1, [...report, "--wording", "altered.txt"], as("bashir"))).code).to.equal("CopiesEqual");
    const reported = await desk.json<{ insurers: string; patients: string }>(
      [...report, "--wording", "wording.txt"],
      as("bashir"),
    );
    expect(reported.insurers).not.to.equal(reported.patients);
    const record = await desk.json<{ mismatches: object; amended: object }>(["policy", "record", "insurer"]);
    // The seed has proposed one to Amina.
    expect(record.amended).to.deep.equal({ proposed: 2, accepted: 0 });
    expect(record.mismatches).to.include({ policies: 1 });
  });

  it("accepts the change with the very bits, which ends the one before", async () => {
    const accept = ["policy", "accept", next, "--wording"];
    expect((await desk.error(1, [...accept, "wording.txt"], as("bashir"))).code).to.equal("POLICY_COPIES_DIFFER");
    await desk.json([...accept, "altered.txt"], as("bashir"));
    const versions = await desk.json<Version[]>(["policy", "versions", next]);
    expect(versions.map(({ status }) => status)).to.deep.equal(["superseded", "active"]);
  });

  it("renews, and begins where the one before ends", async () => {
    const before = (await desk.json<Version[]>(["policy", "versions", next])).at(-1)!;
    const renewal = ["policy", "renew", next, "--schedule", "schedule.json", "--for", "1y"];
    const renewed = await desk.json<Version>(renewal, as("insurer"));
    expect(renewed.from).to.equal(before.end);
    await desk.json(["policy", "cancel", renewed.policyId], as("bashir"));
    expect(await desk.json(["policy", "show", renewed.policyId])).to.include({ status: "cancelled" });
  });

  it("ends with notice when the insurer wants it, at once when the patient does", async () => {
    const soon = ["policy", "cancel", next, "--from", new Date(Date.now() + 86_400_000).toISOString()];
    expect((await desk.error(1, soon, as("insurer"))).code).to.equal("NoticeTooShort");
    const ended = await desk.json<Version>(["policy", "cancel", next], as("insurer"));
    expect(ended.status).to.equal("active");
    expect(Date.parse(ended.end)).to.be.greaterThan(Date.now() + 29 * 86_400_000);
    expect((await desk.error(4, ["policy", "cancel", next], as("chen"))).code).to.equal("NotParty");
    expect(await desk.json(["policy", "cancel", next], as("bashir"))).to.include({ status: "cancelled" });
  });

  it("verifies by policy, by transaction and by file", async () => {
    const { transaction } = await desk.json<{ transaction: string }>(["policy", "show", next]);
    for (const what of [next, transaction, "altered.txt"]) {
      const { genuine, policies } = await desk.json<{ genuine: boolean; policies: Version[] }>([
        "policy",
        "verify",
        what,
      ]);
      expect(genuine).to.equal(true);
      expect(policies.map(({ policyId }) => policyId)).to.include(next);
    }
    await writeFile(pathOf("unknown.txt"), "never anchored");
    expect((await desk.run(["policy", "verify", "unknown.txt"])).code).to.equal(1);
    expect((await desk.error(1, ["policy", "verify", `0x${"12".repeat(32)}`])).code).to.equal("UnknownPolicy");
  });
});
