/** Ending a policy, or an offer: what is shown and what is signed stand together. */
import type { Disclosure, IssuedPolicy, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { day } from "../../lib/text.js";
import { transact } from "../../lib/transactions.js";

/** What ending tells whom. @param from Unix seconds */
export async function discloseEnding(
  policy: IssuedPolicy,
  insurerName: string,
  { isInsurer, from }: { isInsurer: boolean; from: number },
): Promise<Disclosure> {
  const { discloseCancellation } = await loadSdk();
  const isOffer = policy.status === "offered";
  return discloseCancellation({ patientId: policy.patientId, insurerName, isOffer, isInsurer, from }, day);
}

/** Ends. An offer ends at once, whatever `from` is. */
export function end(session: Session, policy: IssuedPolicy, from: number, title: string): Promise<unknown> {
  const topic = `insurance/${policy.policyId}`;
  return transact({ topic, title, account: session.account }, async ({ onStatus }) => {
    const { cancelPolicy } = await loadSdk();
    return cancelPolicy(session, policy.policyId, { from }, { onStatus });
  });
}
