/** One policy: where it stands, the insurer's files to read, accepting it with one's own copy, its proof. */
import { useParams } from "react-router";

import type { PolicyId } from "../../../sdk/index.js";
import { DocumentView } from "../../components/document/DocumentView.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { PolicyState, termOf } from "../../components/PolicyRow.js";
import { Card, Facts, SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { problemOf } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { useParticipant, useReaderQuery, useSessionQuery } from "../../lib/queries.js";
import { exactTime, plain, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { AcceptPanel } from "./AcceptPanel.js";

/** A policy by its id. */
export default function PolicyPage() {
  const policyId = useParams().policyId as PolicyId;
  const { data: identity } = useIdentity();
  const policy = useReaderQuery(["chain", "policy", policyId], ({ policyById }, reader) =>
    policyById(reader, policyId),
  );
  const isMine = policy.data !== undefined && identity?.patientId === policy.data.patientId;
  const { data: insurer } = useParticipant(policy.data?.insurer);
  const wording = useReaderQuery(["opened", "wording", policyId], ({ readWording, policyById }, reader) =>
    policyById(reader, policyId).then((found) => readWording(reader, found)),
  );
  const schedule = useSessionQuery(
    ["opened", "schedule", policyId],
    ({ readSchedule, policyById }, session) =>
      policyById(session, policyId).then((found) => readSchedule(session, found)),
    isMine,
  );
  const transactions = useTransactions(`insurance/${policyId}`);
  const name = plain(insurer?.name ?? (policy.data ? short(policy.data.insurer) : "…"));

  return (
    <Page
      back={{ to: "/insurance", label: "Insurance" }}
      title={policy.data?.status === "offered" ? `An offer by ${name}` : `Policy of ${name}`}
      sentence={policy.data && sentenceOf(policy.data.status, isMine, termOf(policy.data))}
      action={policy.data && <PolicyState status={policy.data.status} />}
    >
      {problemOf(policy) !== null && <ErrorNotice error={policy.error} retry={() => void policy.refetch()} />}
      <TransactionNotices transactions={transactions} />
      <Section title="The wording" hint="Public. The insurer's file, checked to the bit against what it anchored.">
        {problemOf(wording) !== null && <ErrorNotice error={wording.error} retry={() => void wording.refetch()} />}
        {wording.isPending && <SkeletonRows rows={2} label="the wording" />}
        {wording.data && <DocumentView content={wording.data.bytes} fileName={wording.data.fileName} />}
      </Section>
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
      {isMine && policy.data.status === "offered" && !transactions.some(isUnderWay) && (
        <AcceptPanel policy={policy.data} insurerName={name} schedule={schedule.data} />
      )}
      {policy.data && (
        <Card>
          <details>
            <summary>Proof</summary>
            <Facts
              facts={[
                ["Issued", `${exactTime(policy.data.issuedAt)}, block ${policy.data.blockNumber}`],
                ["Accepted", policy.data.acceptedAt ? exactTime(policy.data.acceptedAt) : "not yet"],
                ["Transaction", <code key="t">{policy.data.transactionHash}</code>],
                ["Policy", <code key="p">{policy.data.policyId}</code>],
                ["Insurer", <code key="i">{policy.data.insurer}</code>],
                ["Wording, sha2-256", <code key="w">{policy.data.wording}</code>],
                ["Schedule, salted", <code key="s">{policy.data.schedule}</code>],
                ["Both together", <code key="d">{policy.data.digest}</code>],
              ]}
            />
          </details>
        </Card>
      )}
    </Page>
  );
}

function sentenceOf(status: string, isMine: boolean, term: string): string {
  if (status === "offered") {
    return isMine
      ? `For ${term}. Nothing changes unless you accept. Read it, then compare it with your own copy.`
      : `For ${term}. Offered, and not accepted yet.`;
  }
  if (status === "lapsed") return `For ${term}. It was never accepted, and its term is over.`;
  return `For ${term}. Accepted, so nobody can alter it.`;
}
