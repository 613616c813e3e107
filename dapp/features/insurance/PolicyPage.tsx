/**
 * One policy: where it stands, what a next version would change, the insurer's files, comparing and accepting, ending,
 * versions, proof. Without an account everyone sees what is public of it.
 */
import { Button } from "@mantine/core";
import { Link, useParams } from "react-router";

import type { IssuedPolicy, PolicyId } from "../../../sdk/index.js";
import { DocumentView } from "../../components/document/DocumentView.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { PolicyState, recordPath, termOf, usePolicyName } from "../../components/PolicyRow.js";
import { SkeletonRows } from "../../components/Rows.js";
import { TermsWords } from "../../components/Terms.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { problemOf } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { useParticipant, useReaderQuery, useSessionQuery } from "../../lib/queries.js";
import { useSession } from "../../lib/session.js";
import { day, plain, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { ComparePanel } from "./ComparePanel.js";
import { EndPanel } from "./EndPanel.js";
import { PolicyProof } from "./PolicyProof.js";
import { Proposal } from "./Proposal.js";
import { Versions } from "./Versions.js";
import { proposalWords, useVersions, useWordingDifference } from "./versions.js";

/** A policy by its id, for its patient and its insurer. */
export default function PolicyPage() {
  return <ThePolicy back={{ to: "/insurance", label: "Insurance" }} pathOf={(id) => `/insurance/${id}`} />;
}

/** The same for everyone, without an account. */
export function PublicPolicyPage() {
  return <ThePolicy back={{ to: "/verify", label: "Verify" }} pathOf={(id) => `/policies/${id}`} isPublic />;
}

function ThePolicy({
  back,
  pathOf,
  isPublic = false,
}: {
  back: { to: string; label: string };
  pathOf: (policyId: PolicyId) => string;
  isPublic?: boolean;
}) {
  const policyId = useParams().policyId as PolicyId;
  const { connected } = useSession();
  const { data: identity } = useIdentity();
  const found = useReaderQuery(["chain", "policy", policyId], ({ policyById }, reader) => policyById(reader, policyId));
  const policy = found.data;
  const isMine = !isPublic && policy !== undefined && identity?.patientId === policy.patientId;
  const isInsurer = !isPublic && policy !== undefined && connected?.account === policy.insurer;
  const { data: insurer } = useParticipant(policy?.insurer);
  const { data: versions } = useVersions(policyId);
  const before = versions?.find((version) => version.policyId === policy?.previous);
  const { data: difference } = useWordingDifference(before, policy);
  const wording = useReaderQuery(["opened", "wording", policyId], ({ readWording, policyById }, reader) =>
    policyById(reader, policyId).then((it) => readWording(reader, it)),
  );
  const schedule = useSessionQuery(
    ["opened", "schedule", policyId],
    ({ readSchedule, policyById }, session) => policyById(session, policyId).then((it) => readSchedule(session, it)),
    isMine,
  );
  const transactions = useTransactions(`insurance/${policyId}`);
  const isBusy = transactions.some(isUnderWay);
  const name = plain(insurer?.name ?? (policy ? short(policy.insurer) : "…"));
  const plan = usePolicyName(policy);
  const isOpen = policy?.status === "active" || policy?.status === "accepted";

  return (
    <Page
      key={policyId}
      back={back}
      title={`${plan}: ${policy?.status === "offered" ? "an offer by" : "policy of"} ${name}`}
      sentence={policy && sentenceOf(policy, isMine, name, before && proposalWords(before, policy, difference))}
      action={policy && <PolicyState policy={policy} />}
    >
      {problemOf(found) !== null && <ErrorNotice error={found.error} retry={() => void found.refetch()} />}
      <TransactionNotices transactions={transactions} />
      {policy && before && <Proposal before={before} after={policy} isMine={isMine} />}
      {policy && isInsurer && !isBusy && <InsurersActs policy={policy} insurerName={name} />}
      <Section
        title="The wording"
        hint="Public. The insurer's file, checked to the bit against what it anchored."
        action={
          policy && (
            <Link className={ui.link} to={recordPath(policy.insurer)}>
              Insurer&apos;s public record
            </Link>
          )
        }
      >
        {problemOf(wording) !== null && <ErrorNotice error={wording.error} retry={() => void wording.refetch()} />}
        {wording.isPending && <SkeletonRows rows={2} label="the wording" />}
        {wording.data && <DocumentView content={wording.data.bytes} fileName={wording.data.fileName} />}
      </Section>
      {policy && (
        <Section
          title="What is paid of bills"
          hint="Public, and bound to the policy: what isn't in here, the contract doesn't pay by."
        >
          <TermsWords policy={policy} to={isMine ? "patient" : "other"} />
        </Section>
      )}
      {isMine && (
        <Section
          title="Your schedule"
          hint="Who is insured, and with which card. Sealed to you: only you and the insurer know it."
        >
          {problemOf(schedule) !== null && <ErrorNotice error={schedule.error} retry={() => void schedule.refetch()} />}
          {schedule.isPending && <SkeletonRows rows={2} label="your schedule" />}
          {schedule.data && <DocumentView content={schedule.data.bytes} fileName={schedule.data.fileName} />}
        </Section>
      )}
      {isMine && (
        <ComparePanel
          key={policy.status}
          policy={policy}
          before={before}
          insurerName={name}
          schedule={schedule.data}
          isBusy={isBusy}
        />
      )}
      {policy && versions && <Versions versions={versions} shown={policyId} pathOf={pathOf} />}
      {policy && isMine && isOpen && !isBusy && (
        <Section title="End it">
          <EndPanel policy={policy} insurerName={name} isInsurer={false} />
        </Section>
      )}
      {policy && <PolicyProof policy={policy} />}
    </Page>
  );
}

/** What the insurer can do with a policy as it stands. One that has ended can be renewed, unless it was already. */
function InsurersActs({ policy, insurerName }: { policy: IssuedPolicy; insurerName: string }) {
  const { status, policyId } = policy;
  const isOpen = status === "active" || status === "accepted";
  if (!isOpen && status !== "offered" && status !== "expired") return null;
  const to = (kind: "change" | "renewal") => `/insurance/issue?follows=${policyId}&as=${kind}`;
  return (
    <Section title={isOpen ? "Change or end it" : status === "offered" ? "Withdraw it" : "Renew it"}>
      {status !== "offered" && (
        <div className={ui.actions}>
          {isOpen && (
            <Button component={Link} to={to("change")}>
              Propose a change
            </Button>
          )}
          <Button component={Link} to={to("renewal")} variant="default">
            Offer a renewal
          </Button>
        </div>
      )}
      {status !== "expired" && <EndPanel policy={policy} insurerName={insurerName} isInsurer />}
    </Section>
  );
}

function sentenceOf(policy: IssuedPolicy, isMine: boolean, insurerName: string, proposal: string | undefined): string {
  const term = termOf(policy);
  switch (policy.status) {
    case "offered":
      if (proposal !== undefined) {
        return isMine
          ? `Your insurer proposes to ${proposal}. Nothing changes unless you accept.`
          : `${insurerName} proposes to ${proposal}. Nothing changes unless the patient accepts.`;
      }
      return isMine
        ? `For ${term}. Nothing changes unless you accept. Read it, then compare it with your own copy.`
        : `For ${term}. Offered, and not accepted yet.`;
    case "none":
    case "lapsed":
      return `For ${term}. It was never accepted, and its term is over.`;
    case "expired":
      return `For ${term}. Its term has ended; it doesn't go on by itself. Only a renewal that ${isMine ? "you accept" : "the patient accepts"} does.`;
    case "superseded":
      return `In force until ${day(policy.end)}, when a later version took its place. It stays readable as it was.`;
    case "cancelled":
      return policy.acceptedAt > 0
        ? `It was ended on ${day(policy.end)}, before its term. It stays readable as it was.`
        : `It was withdrawn or declined, and never was in force.`;
    case "accepted":
    case "active":
      return policy.end < policy.until
        ? `In force until ${day(policy.end)}, when it ends early. Nobody can alter what it says.`
        : `For ${term}. Accepted, so nobody can alter it.`;
  }
}
