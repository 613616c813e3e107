/** Accepting a policy: what is shown and what is signed stand together. */
import type { Comparison, Disclosure, IssuedPolicy, Schedule, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** The patient's own copies: the wording, and the schedule if they have one of their own. */
export interface OwnCopies {
  wording: Uint8Array;
  schedule?: Uint8Array;
}

/** Compares own copies with what the insurer anchored, to the bit, in this browser. */
export async function compareCopies(
  policy: IssuedPolicy,
  own: OwnCopies,
  insurers: Schedule | undefined,
): Promise<Comparison[]> {
  const { compareSchedule, compareWording } = await loadSdk();
  return [
    compareWording(policy, own.wording),
    ...(own.schedule && insurers ? [compareSchedule(policy, own.schedule, insurers.salt)] : []),
  ];
}

/** What accepting tells whom. */
export async function disclose(policy: IssuedPolicy, insurerName: string): Promise<Disclosure> {
  const { discloseAcceptance } = await loadSdk();
  return discloseAcceptance({ patientId: policy.patientId, insurerName });
}

/** Accepts. The contract refuses unless both copies are equal. */
export function accept(session: Session, policy: IssuedPolicy, own: OwnCopies): Promise<unknown> {
  const topic = `insurance/${policy.policyId}`;
  return transact({ topic, title: "Accepting", account: session.account }, async ({ onStatus }) => {
    const { acceptPolicy } = await loadSdk();
    return acceptPolicy(session, policy.policyId, own, { onStatus });
  });
}
