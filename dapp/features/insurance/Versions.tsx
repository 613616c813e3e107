/** The versions of a policy: which was in force when, and what was proposed and never accepted. */
import { IconArrowForwardUp, IconFileText, IconShieldCheck } from "@tabler/icons-react";

import type { IssuedPolicy, PolicyId } from "../../../sdk/index.js";
import { Section } from "../../components/Page.js";
import { PolicyState, termOf } from "../../components/PolicyRow.js";
import { Row, RowIcon, Rows } from "../../components/Rows.js";
import { day } from "../../lib/text.js";
import { isRenewal } from "./versions.js";

/** One row a version, the latest first. @param pathOf where a version is shown */
export function Versions({
  versions,
  shown,
  pathOf,
}: {
  versions: readonly IssuedPolicy[];
  shown: PolicyId;
  pathOf: (policyId: PolicyId) => string;
}) {
  if (versions.length < 2) return null;
  const byId = new Map(versions.map((version) => [version.policyId, version]));
  return (
    <Section
      title="Versions"
      hint="Nothing is written over: each version stays readable. A later one counts only once the patient has accepted it."
    >
      <Rows label="Versions">
        {versions.toReversed().map((version) => {
          const before = version.previous === null ? undefined : byId.get(version.previous);
          const what = before ? (isRenewal(before, version) ? "Renewal" : "Change") : "First version";
          const isShown = version.policyId === shown;
          return (
            <Row
              key={version.policyId}
              icon={
                <RowIcon
                  icon={before ? IconArrowForwardUp : version.status === "active" ? IconShieldCheck : IconFileText}
                  {...(version.status === "active" ? { tone: "brand" as const } : {})}
                />
              }
              what={isShown ? `${what} (shown here)` : what}
              detail={`${termOf(version)}. ${version.acceptedAt > 0 ? `Accepted ${day(version.acceptedAt)}` : `Proposed ${day(version.issuedAt)}, not accepted`}`}
              {...(isShown ? {} : { to: pathOf(version.policyId) })}
              side={<PolicyState policy={version} />}
            />
          );
        })}
      </Rows>
    </Section>
  );
}
