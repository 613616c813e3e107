import { expect } from "chai";
import fc from "fast-check";

import {
  acceptPolicy,
  cancelPolicy,
  chainTime,
  isSalusError,
  issuePolicy,
  policiesOf,
  readSchedule,
  readWording,
  reportMismatch,
  type IssuedPolicy,
  type PolicyId,
} from "../../../sdk/index.js";
import { startTown, type Town } from "../../world.js";
import { draftFor, file } from "./policy-world.js";

/** What somebody tries. Who isn't allowed to, or comes too late, is refused; that is part of the game. */
type Act =
  | { kind: "issue"; days: number }
  | { kind: "amend"; which: number; days: number; delay: number }
  | { kind: "accept"; which: number }
  | { kind: "cancel"; which: number; byInsurer: boolean; days: number }
  | { kind: "report"; which: number }
  | { kind: "wait"; days: number };

const DAY = 86_400;
const which = fc.nat({ max: 30 });
const days = fc.integer({ min: 1, max: 90 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant("issue" as const), days }),
  fc.record({ kind: fc.constant("amend" as const), which, days, delay: fc.integer({ min: 0, max: 60 }) }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("accept" as const), which }) },
  fc.record({ kind: fc.constant("cancel" as const), which, byInsurer: fc.boolean(), days: fc.nat({ max: 60 }) }),
  fc.record({ kind: fc.constant("report" as const), which }),
  fc.record({ kind: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 20 }) }),
);

/** What must never change of a policy once it was accepted. */
const fixed = ({
  wording,
  schedule,
  digest,
  from,
  until,
  offer,
  previous,
  ref,
  acceptedAt,
  issuedAt,
}: IssuedPolicy) => ({
  wording,
  schedule,
  digest,
  from,
  until,
  offer,
  previous,
  ref,
  acceptedAt,
  issuedAt,
});

describe("flows: policies, whatever happens", function () {
  this.timeout(240_000);

  let town: Town;
  before(async () => {
    town = await startTown();
  });
  after(() => town.stop());

  it("no sequence of offers, changes, acceptances and endings alters an accepted version, or lengthens it", async () => {
    const { amina, insurer, reader } = town;
    let number = 0;
    const everAccepted = new Map<PolicyId, { policy: IssuedPolicy; wording: string; schedule: string }>();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const filesOf = async (policy: IssuedPolicy) => ({
      wording: text((await readWording(reader, policy)).bytes),
      schedule: text((await readSchedule(amina, policy)).bytes),
    });

    const perform = async (what: Act, issued: readonly PolicyId[]) => {
      const now = await chainTime(reader.chain);
      const at = (index: number) => issued[index % issued.length];
      const draft = async (terms: { from: number; until: number; previous?: PolicyId }) => {
        number++;
        const files = { wording: file(`Wording ${number}`), schedule: file(`Schedule ${number}`) };
        return draftFor(reader, amina.patientId, { ...files, ...terms });
      };
      if (what.kind === "wait") return town.advance(what.days * DAY);
      if (what.kind === "issue") {
        return issuePolicy(insurer, await draft({ from: now, until: now + what.days * DAY }));
      }
      const policyId = at(what.which);
      if (policyId === undefined) return;
      switch (what.kind) {
        case "amend": {
          const from = now + what.delay * DAY;
          return issuePolicy(insurer, await draft({ from, until: from + what.days * DAY, previous: policyId }));
        }
        case "accept": {
          const [policy] = await policiesOf(reader.chain, { policyId });
          return acceptPolicy(amina, policyId, { wording: (await readWording(reader, policy!)).bytes });
        }
        case "cancel":
          return cancelPolicy(what.byInsurer ? insurer : amina, policyId, { from: now + what.days * DAY });
        case "report":
          return reportMismatch(amina, policyId, { wording: new Uint8Array([number & 255, 1]) });
      }
    };

    const check = async (all: readonly IssuedPolicy[]) => {
      for (const policy of all) {
        const before = everAccepted.get(policy.policyId);
        if (before) {
          expect(fixed(policy)).to.deep.equal(fixed(before.policy));
          expect(policy.end).to.be.at.most(before.policy.end);
        } else if (policy.acceptedAt === 0) continue;
        everAccepted.set(policy.policyId, { policy, ...(before ?? (await filesOf(policy))) });
        everAccepted.get(policy.policyId)!.policy = policy;
      }
    };

    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
        const mine = (await policiesOf(reader.chain, { patientId: amina.patientId })).length;
        for (const each of acts) {
          const issued = (await policiesOf(reader.chain, { patientId: amina.patientId })).slice(mine);
          try {
            await perform(
              each,
              issued.map(({ policyId }) => policyId),
            );
          } catch (error) {
            if (!isSalusError(error)) throw error;
          }
          await check((await policiesOf(reader.chain, { patientId: amina.patientId })).slice(mine));
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
    const all = await policiesOf(reader.chain, { patientId: amina.patientId });
    await check(all);
    for (const [policyId, { wording, schedule }] of everAccepted) {
      const policy = all.find((each) => each.policyId === policyId);
      expect(await filesOf(policy!)).to.deep.equal({ wording, schedule });
    }
    expect(everAccepted.size).to.be.greaterThan(0);
  });
});
