/** Insurance: policies, verifying one by its file, finding one by its transaction. For patients and insurers. */
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { PolicyRow } from "../../components/PolicyRow.js";
import { Empty, Rows, SkeletonRows } from "../../components/Rows.js";
import { problemOf } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { usePolicies } from "../../lib/queries.js";
import { capital, count } from "../../lib/text.js";
import { FindByTransaction } from "./FindByTransaction.js";
import { VerifyPolicyFile } from "./VerifyPolicyFile.js";

/** All policies of the person who looks. */
export default function InsurancePage() {
  const { data: identity } = useIdentity();
  const isInsurer = identity?.participant?.role === "insurer";
  const by = isInsurer ? { insurer: identity.account } : identity?.patientId ? { patientId: identity.patientId } : null;
  const policies = usePolicies(by);
  const all = policies.data?.toReversed() ?? [];
  const offers = all.filter(({ status }) => status === "offered");
  const active = all.filter(({ status }) => status === "active").length;
  return (
    <Page
      title="Insurance"
      sentence={
        policies.data &&
        (isInsurer
          ? `You have issued ${count(all.length, "policy").replace("policys", "policies")}. Nobody, you included, can alter one after it was accepted.`
          : active > 0
            ? `${capital(count(active, "policy").replace("policys", "policies"))} in force. Nobody can alter ${active === 1 ? "it" : "them"}, neither you nor the insurer.`
            : "No policy is in force now.")
      }
    >
      {!isInsurer && offers.length > 0 && (
        <Section title="Waits for you">
          <Rows label="Offers" tone="attention">
            {offers.map((policy) => (
              <PolicyRow key={policy.policyId} policy={policy} to={`/insurance/${policy.policyId}`} />
            ))}
          </Rows>
        </Section>
      )}
      <Section
        title={isInsurer ? "Issued" : "Policies"}
        hint={
          isInsurer && (
            <>
              Patients are known here by their pseudonyms. To issue a policy, use the command line:{" "}
              <code>npm run salus -- policy issue</code>
            </>
          )
        }
      >
        {problemOf(policies) !== null && <ErrorNotice error={policies.error} retry={() => void policies.refetch()} />}
        {by !== null && policies.isPending && <SkeletonRows label="policies" rows={2} />}
        {(policies.data ?? (by === null ? [] : undefined))?.length === 0 && (
          <Empty>
            {isInsurer
              ? "Policies that you issue will be listed here, with where each stands."
              : "Policies that an insurer offers to you will be listed here, to compare with your own copy and accept. Ask your insurer for an offer."}
          </Empty>
        )}
        {all.length > 0 && (
          <Rows label="Policies">
            {all
              .filter(({ status }) => isInsurer || status !== "offered")
              .map((policy) => (
                <PolicyRow key={policy.policyId} policy={policy} to={`/insurance/${policy.policyId}`} />
              ))}
          </Rows>
        )}
      </Section>
      <VerifyPolicyFile policies={all} />
      <FindByTransaction />
    </Page>
  );
}
