/** A patient's policies: what waits for an answer first, then what stands, each with its versions. */
import { IconFileDiff } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { IssuedPolicy, PatientId } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { PolicyRow, PolicyState, usePolicyName } from "../../components/PolicyRow.js";
import { Empty, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { problemOf } from "../../lib/errors.js";
import { usePolicies } from "../../lib/queries.js";
import { capital, count } from "../../lib/text.js";
import { proposalWords, useWordingDifference } from "./versions.js";

const pathOf = ({ policyId }: IssuedPolicy) => `/insurance/${policyId}`;

/** @param children what else the page holds */
export function PatientPolicies({ patientId, children }: { patientId: PatientId; children: ReactNode }) {
  const policies = usePolicies({ patientId });
  const all = policies.data?.toReversed() ?? [];
  const offers = all.filter(({ status }) => status === "offered");
  // What was accepted; versions that were replaced are found under the one that replaced them.
  const standing = all.filter(({ status, acceptedAt }) => acceptedAt > 0 && status !== "superseded");
  const past = all.filter(({ status, acceptedAt }) => acceptedAt === 0 && status !== "offered");
  const active = all.filter(({ status }) => status === "active").length;
  return (
    <Page title="Insurance" sentence={policies.data && sentenceOf(active)}>
      {problemOf(policies) !== null && <ErrorNotice error={policies.error} retry={() => void policies.refetch()} />}
      {offers.length > 0 && (
        <Section title="Waits for you">
          <Rows label="Offers" tone="attention">
            {offers.map((offer) => (
              <OfferRow
                key={offer.policyId}
                offer={offer}
                before={all.find(({ policyId }) => policyId === offer.previous)}
              />
            ))}
          </Rows>
        </Section>
      )}
      <Section title="Policies">
        {policies.isPending && <SkeletonRows label="policies" rows={2} />}
        {policies.data && standing.length === 0 && (
          <Empty>
            Policies that you have accepted will be listed here. Ask your insurer for an offer; it will wait for you
            above, to compare with your own copy.
          </Empty>
        )}
        {standing.length > 0 && (
          <Rows label="Policies">
            {standing.map((policy) => (
              <PolicyRow key={policy.policyId} policy={policy} to={pathOf(policy)} />
            ))}
          </Rows>
        )}
      </Section>
      {past.length > 0 && (
        <Section title="Not accepted">
          <Rows label="Not accepted">
            {past.map((policy) => (
              <PolicyRow key={policy.policyId} policy={policy} to={pathOf(policy)} />
            ))}
          </Rows>
        </Section>
      )}
      {children}
    </Page>
  );
}

function sentenceOf(active: number): string {
  if (active === 0) return "No policy is in force now.";
  const policies = count(active, "policy").replace("policys", "policies");
  return `${capital(policies)} in force. Nobody can alter ${active === 1 ? "it" : "them"}, neither you nor the insurer.`;
}

/** An offer, or what a proposal would change. */
function OfferRow({ offer, before }: { offer: IssuedPolicy; before: IssuedPolicy | undefined }) {
  const name = usePolicyName(offer);
  const { data: difference } = useWordingDifference(before, offer);
  if (!before) return <PolicyRow policy={offer} to={pathOf(offer)} />;
  return (
    <Row
      icon={<RowIcon icon={IconFileDiff} tone="attention" />}
      what={`Your insurer proposes to ${proposalWords(before, offer, difference)}.`}
      detail={`${name}. Nothing changes unless you accept.`}
      to={pathOf(offer)}
      side={<PolicyState policy={offer} />}
    />
  );
}
