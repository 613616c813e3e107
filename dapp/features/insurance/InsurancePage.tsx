/** Insurance: a patient's policies and what waits for them, an insurer's desk, and verifying for both. */
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { FoundPolicies } from "../../components/FoundPolicies.js";
import { LookupField, useLookup } from "../../components/Lookup.js";
import { Page, Section } from "../../components/Page.js";
import { SkeletonRows } from "../../components/Rows.js";
import { useIdentity } from "../../lib/identity.js";
import { plain } from "../../lib/text.js";
import { InsurerDesk } from "./InsurerDesk.js";
import { PatientPolicies } from "./PatientPolicies.js";

/** All policies of the person who looks. */
export default function InsurancePage() {
  const { data: identity } = useIdentity();
  if (!identity) return <SkeletonRows label="your policies" />;
  if (identity.participant?.role === "insurer") {
    return (
      <InsurerDesk insurer={identity.account}>
        <VerifyPolicy />
      </InsurerDesk>
    );
  }
  if (identity.patientId) {
    return (
      <PatientPolicies patientId={identity.patientId}>
        <VerifyPolicy />
      </PatientPolicies>
    );
  }
  return (
    <Page title="Insurance" sentence="This account acts for no patient and isn't an insurer.">
      <VerifyPolicy />
    </Page>
  );
}

/** By file, by policy, by transaction. */
function VerifyPolicy() {
  const lookup = useLookup();
  const { data } = lookup;
  const policies = data?.kind === "file" ? data.report.policies : data?.policies;
  return (
    <Section title="Verify a policy" hint="It's compared here, to the bit, and sent nowhere.">
      <LookupField lookup={lookup} label="Drop a policy wording" hint="The file that you were given, unchanged." />
      {lookup.error && <ErrorNotice error={lookup.error} />}
      {data?.kind === "file" && data.report.policies.length > 0 && (
        <Notice tone="brand" title="It's the very same file." live="status">
          {plain(data.name)} is, to the bit, what the insurer anchored for{" "}
          {data.report.policies.length === 1 ? "this policy" : "these policies"}.
        </Notice>
      )}
      {data?.kind === "file" && data.report.policies.length === 0 && (
        <Notice tone="attention" title="It isn't the wording of any policy on this chain." live="status">
          {plain(data.name)} differs from each of them by at least one bit. Don&apos;t rely on it: ask the insurer which
          one is right.
        </Notice>
      )}
      {policies && policies.length > 0 && (
        <FoundPolicies
          label={data?.kind === "file" ? "Policies with this wording" : "Found policy"}
          policies={policies}
          pathOf={(id) => `/insurance/${id}`}
        />
      )}
    </Section>
  );
}
