/** Billing a visit that has ended, and what becomes of the bill, at the hospital's desk (002-15, 002-33). */
import { useParams } from "react-router";

import type { Claim, Visit, VisitId } from "../../../sdk/index.js";
import { claimTopic, takeBack } from "../../components/claim/acts.js";
import { BilledItems } from "../../components/claim/BilledItems.js";
import css from "../../components/claim/claim.module.css";
import { ClaimMark } from "../../components/claim/ClaimMark.js";
import { ClaimStory } from "../../components/claim/ClaimStory.js";
import { ClaimSums } from "../../components/claim/ClaimSums.js";
import { FundsRow } from "../../components/claim/Funds.js";
import { Say } from "../../components/claim/Say.js";
import { useClaimNames } from "../../components/claim/useClaimNames.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Card, SkeletonRows } from "../../components/Rows.js";
import { SignPanel, useDisclosure } from "../../components/SignPanel.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { useClaim, useMoney, type Money } from "../../lib/claims.js";
import { useOpenSession } from "../../lib/session.js";
import { clock, day, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { useVisits } from "../../lib/visits.js";
import { BillForm } from "./BillForm.js";

/** The page of a visit's bill. */
export default function BillPage() {
  const visitId = useParams().visitId as VisitId;
  const { account } = useOpenSession();
  const visits = useVisits({ hospital: account });
  const claim = useClaim(visitId);
  const visit = visits.data?.find((each) => each.visitId === visitId);
  const back = { to: `/desk/${visitId}`, label: "The visit" };
  const error = visits.error ?? claim.error;
  if (!visit || claim.data === undefined) {
    return (
      <Page back={back} title="Bill">
        {error ? (
          <ErrorNotice error={error} retry={() => void Promise.all([visits.refetch(), claim.refetch()])} />
        ) : visits.data && !visit ? (
          <Notice title="This hospital has no such visit." live="status">
            Check the address, or open the visit from the desk.
          </Notice>
        ) : (
          <SkeletonRows label="the bill" />
        )}
      </Page>
    );
  }
  if (visit.status === "open") {
    return (
      <Page back={back} title="Bill" sentence="The visit is still open: a bill follows its end.">
        <Notice title="Close the visit first.">Then everything that it is for has been written.</Notice>
      </Page>
    );
  }
  const mayBill = claim.data === null || claim.data.status === "denied" || claim.data.status === "withdrawn";
  return (
    <Page
      back={back}
      title="Bill"
      sentence={sentenceOf(visit, claim.data)}
      action={claim.data && <ClaimMark claim={claim.data} side="hospital" />}
    >
      <Notices visitId={visitId} />
      {claim.data && <Sent claim={claim.data} />}
      {mayBill && <BillForm visit={visit} isAnew={claim.data !== null} />}
    </Page>
  );
}

function Notices({ visitId }: { visitId: VisitId }) {
  return <TransactionNotices transactions={useTransactions(claimTopic(visitId))} />;
}

function sentenceOf({ key, openedAt, end }: Visit, claim: Claim | null): string {
  const visit = `For the visit of ${short(key.patientId)}, from ${clock(openedAt)} to ${clock(end)}.`;
  if (claim === null) return `${visit} The patient sees it before the insurer pays.`;
  const { status, isAsked, reviewUntil, decideBy } = claim;
  if (isAsked && claim.isOpen) return `${visit} The insurer waits for your answer.`;
  if (status === "disputed")
    return `${visit} The patient disputes it. Take it back and bill anew, or wait until they confirm it.`;
  if (reviewUntil !== null) return `${visit} The patient may look at it until ${day(reviewUntil)}.`;
  if (claim.isOpen && decideBy !== null) return `${visit} The insurer decides by ${day(decideBy)}.`;
  return visit;
}

function Sent({ claim }: { claim: Claim }) {
  const money = useMoney(claim.policyId);
  if (money.error) return <ErrorNotice error={money.error} retry={() => void money.refetch()} />;
  if (!money.data) return <SkeletonRows rows={2} label="the bill" />;
  return <Billed claim={claim} money={money.data} />;
}

function Billed({ claim, money }: { claim: Claim; money: Money }) {
  const names = useClaimNames(claim);
  const isBusy = useTransactions(claimTopic(claim.visitId)).some(isUnderWay);
  return (
    <>
      <Section title="What was billed">
        <BilledItems claim={claim} money={money} />
        <ClaimSums claim={claim} money={money} isPatient={false} />
        {claim.isOpen && (
          <Card>
            <div className={ui.foot}>
              <p className={ui.footNote}>
                {claim.isAsked ? "Answer, and the insurer goes on." : "You can take it back until the insurer decides."}
              </p>
              <div className={css.acts}>
                <TakeBack claim={claim} isBusy={isBusy} />
                {claim.isAsked && <Say claim={claim} kind="answered" act="Answer" names={names} isBusy={isBusy} />}
              </div>
            </div>
          </Card>
        )}
      </Section>
      <ClaimStory claim={claim} money={money} names={names} />
      {claim.status === "approved" && (
        <Section title="Your money">
          <FundsRow money={money} isInsurer={false} />
        </Section>
      )}
    </>
  );
}

function TakeBack({ claim, isBusy }: { claim: Claim; isBusy: boolean }) {
  const session = useOpenSession();
  const expander = useExpander();
  const { insurer } = useClaimNames(claim);
  const disclosure = useDisclosure("claim withdrawn", { insurerName: insurer }, ({ discloseClaimWithdrawal }, given) =>
    discloseClaimWithdrawal(given),
  );
  return (
    <>
      <ExpanderButton expander={expander} variant="subtle" color="danger" disabled={isBusy}>
        Take it back
      </ExpanderButton>
      <ExpanderPanel expander={expander} label="Take the bill back" className={css.panel}>
        <SignPanel
          disclosure={disclosure}
          who="Patient and insurer"
          note="You can bill the visit anew afterwards."
          keep="Leave it"
          act="Take it back"
          isDanger
          onClose={expander.close}
          onSign={() => void takeBack(session, claim)}
        />
      </ExpanderPanel>
    </>
  );
}
