/** The proof of a policy, folded: everything that the chain holds of it, and the check itself. */
import { Link } from "react-router";

import type { IssuedPolicy } from "../../../sdk/index.js";
import { PolicyChecks } from "../../components/Checks.js";
import { recordPath } from "../../components/PolicyRow.js";
import css from "../../components/Proof.module.css";
import { Card, Facts } from "../../components/Rows.js";
import { exactTime } from "../../lib/text.js";

/** @param policy whose proof it is */
export function PolicyProof({ policy }: { policy: IssuedPolicy }) {
  const { end, until } = policy;
  return (
    <Card>
      <details>
        <summary>Proof</summary>
        <div className={css.body}>
          <Facts
            facts={[
              ["Issued", `${exactTime(policy.issuedAt)}, block ${policy.blockNumber}`],
              ["Accepted", policy.acceptedAt ? exactTime(policy.acceptedAt) : "not yet"],
              ["Term", `${exactTime(policy.from)} to ${exactTime(until)}`],
              ...(end < until ? [["Ends earlier", exactTime(end)] as const] : []),
              ["Transaction", <code key="t">{policy.transactionHash}</code>],
              ["Policy", <code key="p">{policy.policyId}</code>],
              ...(policy.previous === null ? [] : [["Follows", <code key="v">{policy.previous}</code>] as const]),
              [
                "Insurer",
                <Link key="i" to={recordPath(policy.insurer)}>
                  <code>{policy.insurer}</code>
                </Link>,
              ],
              ["Patient", <code key="a">{policy.patientId}</code>],
              ["Wording, sha2-256", <code key="w">{policy.wording}</code>],
              ["Schedule, salted", <code key="s">{policy.schedule}</code>],
              ["Both together", <code key="d">{policy.digest}</code>],
            ]}
          />
          <PolicyChecks policyId={policy.policyId} />
        </div>
      </details>
    </Card>
  );
}
