/** Accepting a policy: what is shown and what is signed stand together. */
import type { Comparison, Disclosure, IssuedPolicy, OwnCopies, Schedule, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { day } from "../../lib/text.js";
import { transact } from "../../lib/transactions.js";

/** Compares own copies with what the insurer anchored, to the bit, in this browser. */
export async function compareCopies(
  policy: IssuedPolicy,
  own: Partial<OwnCopies>,
  insurers: Schedule | undefined,
): Promise<Comparison[]> {
  const { compareSchedule, compareWording } = await loadSdk();
  return [
    ...(own.wording ? [compareWording(policy, own.wording)] : []),
    ...(own.schedule && insurers ? [compareSchedule(policy, own.schedule, insurers.salt)] : []),
  ];
}

/** What accepting tells whom. `before` is the version that it takes the place of. */
export async function discloseAccepting(
  policy: IssuedPolicy,
  insurerName: string,
  before: IssuedPolicy | undefined,
): Promise<Disclosure> {
  const { discloseAcceptance } = await loadSdk();
  const now = Math.floor(Date.now() / 1_000);
  const endsPrevious = before && day(Math.min(before.end, Math.max(policy.from, now)));
  return discloseAcceptance({ patientId: policy.patientId, insurerName, endsPrevious });
}

/** Accepts. The contract refuses unless both copies are equal. */
export function accept(session: Session, policy: IssuedPolicy, own: OwnCopies): Promise<unknown> {
  const topic = `insurance/${policy.policyId}`;
  return transact({ topic, title: "Accepting", account: session.account }, async ({ onStatus }) => {
    const { acceptPolicy } = await loadSdk();
    return acceptPolicy(session, policy.policyId, own, { onStatus });
  });
}
