/** Policies that were looked up: each with the way to it, to its insurer's record, and the check itself. */
import { Link } from "react-router";

import type { IssuedPolicy } from "../../sdk/index.js";
import css from "./Lookup.module.css";
import { PolicyChecks } from "./Checks.js";
import { PolicyRow, recordPath } from "./PolicyRow.js";
import { Rows } from "./Rows.js";
import ui from "./ui.module.css";

/** @param pathOf where a policy is shown; for everyone unless given */
export function FoundPolicies({
  label,
  policies,
  pathOf = (id) => `/policies/${id}`,
}: {
  label: string;
  policies: readonly IssuedPolicy[];
  pathOf?: (policyId: string) => string;
}) {
  return (
    <Rows label={label}>
      {policies.map((policy) => (
        <PolicyRow
          key={policy.policyId}
          policy={policy}
          to={pathOf(policy.policyId)}
          under={
            <>
              <div className={css.links}>
                <Link className={ui.link} to={recordPath(policy.insurer)}>
                  The insurer&apos;s public record
                </Link>
              </div>
              <PolicyChecks policyId={policy.policyId} />
            </>
          }
        />
      ))}
    </Rows>
  );
}
