/** One claim at the insurer's desk: the bill, what the patient lets it open, questions, the decision (004-19, 000-18). */
import { IconFileText, IconLock, IconLockOpen2 } from "@tabler/icons-react";
import { useParams } from "react-router";

import type { Claim, PatientId, RecordId, VisitId } from "../../../sdk/index.js";
import { claimTopic } from "../../components/claim/acts.js";
import { BilledItems } from "../../components/claim/BilledItems.js";
import { ClaimMark } from "../../components/claim/ClaimMark.js";
import { ClaimStory } from "../../components/claim/ClaimStory.js";
import { ClaimSums } from "../../components/claim/ClaimSums.js";
import { Say } from "../../components/claim/Say.js";
import { useClaimNames } from "../../components/claim/useClaimNames.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { recordTitle } from "../../components/record/Timeline.js";
import { Card, Empty, Mark, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { useClaim, useMoney, type Money } from "../../lib/claims.js";
import { useManifest, useSharingPatients } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { day, plain, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { Decide } from "./Decide.js";

const BACK = { to: "/claims", label: "Claims" };

/** The page of a claim that was put to this insurer. */
export default function ClaimPage() {
  const visitId = useParams().visitId as VisitId;
  const { account } = useOpenSession();
  const claim = useClaim(visitId);
  const isOwn = claim.data?.insurer === account;
  const money = useMoney(isOwn ? claim.data?.policyId : undefined);
  const error = claim.error ?? money.error;
  if (claim.data && isOwn && money.data) return <Put claim={claim.data} money={money.data} />;
  return (
    <Page back={BACK} title="Claim">
      {error ? (
        <ErrorNotice error={error} retry={() => void Promise.all([claim.refetch(), money.refetch()])} />
      ) : claim.data !== undefined && !isOwn ? (
        <Notice title="No such claim was put to you." live="status">
          Check the address, or open the claim from the list.
        </Notice>
      ) : (
        <SkeletonRows label="the claim" />
      )}
    </Page>
  );
}

function Put({ claim, money }: { claim: Claim; money: Money }) {
  const names = useClaimNames(claim);
  const transactions = useTransactions(claimTopic(claim.visitId));
  const isBusy = transactions.some(isUnderWay);
  return (
    <Page
      back={BACK}
      title={`${money.sum(claim.amount)} from ${names.hospital}`}
      sentence={sentenceOf(claim)}
      action={<ClaimMark claim={claim} side="insurer" />}
    >
      <TransactionNotices transactions={transactions} />
      <Section
        title="The bill"
        hint="Checked against the chain before you can pay it: amount, visit, policy and documents."
      >
        <BilledItems claim={claim} money={money} />
        <ClaimSums claim={claim} money={money} isPatient={false} />
      </Section>
      <Documents claim={claim} />
      <ClaimStory claim={claim} money={money} names={names} />
      {claim.isOpen && (
        <Section title="Your decision">
          <Card>
            <div className={ui.foot}>
              <p className={ui.footNote}>
                Something unclear? Ask first: your time stands still until the hospital answers.
              </p>
              {!claim.isAsked && (
                <Say
                  claim={claim}
                  kind="asked"
                  act="Ask the hospital"
                  names={names}
                  isBusy={isBusy}
                  variant="default"
                />
              )}
            </div>
          </Card>
          {/* A bill that is billed anew isn't the one that was being decided on. */}
          <Decide key={claim.document} claim={claim} money={money} names={names} isBusy={isBusy} />
        </Section>
      )}
    </Page>
  );
}

function sentenceOf(claim: Claim): string {
  const { key, status, isAsked, reviewUntil, decideBy, isOverdue } = claim;
  const who = `For patient ${short(key.patientId)}.`;
  if (!claim.isOpen) return who;
  if (status === "disputed")
    return `${who} The patient disputes it: you can deny it, and pay nothing until they confirm.`;
  if (isAsked) return `${who} You wait for the hospital's answer.`;
  if (reviewUntil !== null)
    return `${who} Until ${day(reviewUntil)} the patient may look at it; you can pay earlier if they confirm.`;
  if (isOverdue) return `${who} It should have been decided, and everyone can see that.`;
  return decideBy === null ? who : `${who} Decide by ${day(decideBy)}.`;
}

/** What the bill names, and which of it the patient lets the insurer open. */
function Documents({ claim: { key, records } }: { claim: Claim }) {
  const sharing = useSharingPatients();
  const patient = sharing.data?.find(({ patientId }) => patientId === key.patientId);
  const open = new Set(patient?.records.map(({ recordId }) => recordId));
  return (
    <Section
      title="Documents"
      hint="The bill names them by their ids. The patient decides which of them you can open; ask for what you need."
    >
      {sharing.error && <ErrorNotice error={sharing.error} retry={() => void sharing.refetch()} />}
      {records.length === 0 && <Empty>The bill names none.</Empty>}
      <Rows label="Documents">
        {records.map((recordId) =>
          open.has(recordId) ? (
            <OpenDocument key={recordId} recordId={recordId} patientId={key.patientId} />
          ) : (
            <Row
              key={recordId}
              icon={<RowIcon icon={IconFileText} />}
              what={`Document ${short(recordId)}`}
              detail="Anchored in the visit. Not shown to you."
              side={<Mark icon={IconLock}>Sealed</Mark>}
            />
          ),
        )}
      </Rows>
    </Section>
  );
}

/** By its name, which is in it. */
function OpenDocument({ recordId, patientId }: { recordId: RecordId; patientId: PatientId }) {
  const { data: manifest } = useManifest(recordId);
  return (
    <Row
      icon={<RowIcon icon={IconFileText} />}
      what={manifest ? plain(recordTitle(manifest)) : `Document ${short(recordId)}`}
      detail="The patient lets you open it."
      side={
        <Mark icon={IconLockOpen2} tone="brand">
          Open
        </Mark>
      }
      to={`/patients/${patientId}/${recordId}`}
    />
  );
}
