/** `salus demo care`, as a newcomer runs it on a small world: the fifteen steps of seed 002, each named by its number. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { NEWCOMER } from "../../scripts/demo/registering.js";
import type { Event } from "../../scripts/demo/story.js";
import { seed } from "../../scripts/seed/index.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import { cancelPolicy, policiesOf, receiptOf, type PatientId } from "../../sdk/index.js";
import { startAuthorities, type Authorities } from "../e2e/authorities.js";
import { startWorld, type World } from "../world.js";
import { makeDesk, type Desk } from "./salus.js";

interface Told {
  patientId: PatientId;
  visitId: string;
  events: Event[];
}

describe("salus demo care", function () {
  this.timeout(300_000);

  let world: World;
  let authorities: Authorities;
  let desk: Desk;
  let told: Told;
  let begun: number;
  before(async () => {
    begun = Math.floor(Date.now() / 1_000);
    world = await startWorld();
    const seeded = await seed({ ...world.reader, journals: join(world.folder, "seed") });
    if (!seeded) throw new Error("the world was seeded before");
    authorities = await startAuthorities(world, [], seeded.euro);
    desk = await makeDesk({ SALUS_RPC: world.rpcUrl, SALUS_IPFS: world.ipfsUrl, SALUS_DEPLOYMENT: "deployment.json" });
    await writeFile(join(desk.folder, "deployment.json"), JSON.stringify(world.deployment));
    told = await desk.json<Told & Record<string, unknown>>(demo());
  });
  after(async () => {
    await desk.clear();
    await authorities.close();
    await world.stop();
  });

  const demo = () => {
    const { registry, insurer } = authorities.urls;
    return ["demo", "care", "--registry", registry, "--insurer", insurer];
  };
  const of = (step: string) => told.events.filter((event) => event.step === step);
  const STEPS: readonly [step: string, what: string, transactions: number][] = [
    ["1", "the patient gives national id, photo and card", 0],
    ["2a", "the registry is asked", 0],
    ["2b", "the insurer is asked", 0],
    ["3a", "the registry attests", 0],
    ["3b", "the policy comes, and both hashes agree", 0],
    ["4", "encrypted data and the policy's hash go onto the chain", 1],
    ["5", "H comes back", 0],
    ["6", "the QR goes to the hospital", 0],
    ["7", "the hospital sends the token to the doctor", 2],
    ["8", "the doctor sends prescription and test list", 3],
    ["9", "both are stored sealed, and the test list gets a QR", 0],
    ["10", "the QR goes to the laboratory", 0],
    ["11", "the laboratory asks for the list", 2],
    ["12", "the list is retrieved", 0],
    ["13", "the report is sent", 1],
    ["14", "the report is stored sealed", 0],
    ["15", "the bill goes to the insurer, and is paid", 6],
  ];
  for (const [step, what, transactions] of STEPS) {
    it(`step ${step}: ${what}`, async () => {
      const events = of(step);
      expect(events).to.not.be.empty;
      const hashes = events.flatMap((event) => event.transactions ?? []);
      expect(hashes).to.have.length(transactions);
      for (const hash of hashes) expect(await receiptOf(world.reader.chain, hash)).to.not.equal(null);
    });
  }

  it("pays by the terms, to hospital and doctor, what was approved and not a cent more", () => {
    const facts = Object.assign({}, ...of("15").map((event) => event.facts ?? {})) as Record<string, string>;
    const collected = of("15").flatMap(({ facts }) =>
      facts?.["amount"] === undefined ? [] : [BigInt(facts["amount"])],
    );
    expect(collected.reduce((sum, amount) => sum + amount, 0n)).to.equal(BigInt(facts["paid"] ?? "-1"));
    expect(BigInt(facts["paid"] ?? "0") > 0n).to.equal(true);
  });

  it("plays again with a person who is registered, and says which transaction did that", async () => {
    const again = await desk.json<Told & Record<string, unknown>>(demo());
    expect(again.visitId).to.not.equal(told.visitId);
    const before = of("4").flatMap((event) => event.transactions ?? []);
    expect(again.events.find(({ step }) => step === "1-5")?.transactions).to.deep.equal(before);
  });

  it("has a chain whose clock isn't behind the services', whose offers would begin after the visit", async () => {
    const genesis = await world.reader.chain.provider.getBlock(0);
    expect(genesis?.timestamp).to.be.at.least(begun);
  });

  it("says that nothing covers the visit, and what to do, once the policy has ended", async () => {
    const session = await world.session(knownPersona(NEWCOMER).index);
    const policies = await policiesOf(world.reader.chain, { patientId: told.patientId });
    for (const { policyId } of policies) await cancelPolicy(session, policyId);
    const { code, how } = await desk.error(1, demo());
    expect(code).to.equal("NotCovered");
    expect(how).to.contain("Choose the policy");
  });
});
