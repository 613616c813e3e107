/** Reporting that one's copy isn't what the insurer anchored: what is shown and what is signed stand together. */
import type { Disclosure, IssuedPolicy, Mismatch, OwnCopies, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** What the report would say, and what it tells whom. */
export async function prepareReport(
  session: Session,
  policy: IssuedPolicy,
  own: Partial<OwnCopies>,
  insurerName: string,
): Promise<{ mismatch: Mismatch; disclosure: Disclosure }> {
  const { discloseMismatch, mismatchOf } = await loadSdk();
  const mismatch = await mismatchOf(session, policy, own);
  return { mismatch, disclosure: discloseMismatch({ patientId: policy.patientId, insurerName }, mismatch) };
}

/** Reports, for good. */
export function report(session: Session, policy: IssuedPolicy, own: Partial<OwnCopies>): Promise<unknown> {
  const topic = `insurance/${policy.policyId}`;
  return transact({ topic, title: "Reporting", account: session.account }, async ({ onStatus }) => {
    const { reportMismatch } = await loadSdk();
    return reportMismatch(session, policy.policyId, own, { onStatus });
  });
}
