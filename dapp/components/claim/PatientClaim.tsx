/** The bill of a visit, as its patient sees it before the insurer pays: look, show documents, confirm or dispute (002-33). */
import type { Claim, VisitId } from "../../../sdk/index.js";
import { useClaim, useMoney, useUnchecked, type Money } from "../../lib/claims.js";
import { problemOf } from "../../lib/errors.js";
import { useOpenSession } from "../../lib/session.js";
import { day } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../Expander.js";
import { ErrorNotice } from "../Notice.js";
import { Section } from "../Page.js";
import { Card, SkeletonRows } from "../Rows.js";
import { SignPanel, useDisclosure } from "../SignPanel.js";
import { TransactionNotices } from "../TransactionNotice.js";
import ui from "../ui.module.css";
import { claimTopic, confirm } from "./acts.js";
import { BilledItems } from "./BilledItems.js";
import css from "./claim.module.css";
import { ClaimMark } from "./ClaimMark.js";
import { ClaimStory, type ClaimNames } from "./ClaimStory.js";
import { ClaimSums } from "./ClaimSums.js";
import { Say } from "./Say.js";
import { ShowDocuments } from "./ShowDocuments.js";
import { useClaimNames } from "./useClaimNames.js";

/** The sections; nothing as long as nothing was billed. */
export function PatientClaim({ visitId }: { visitId: VisitId }) {
  const claim = useClaim(visitId);
  const money = useMoney(claim.data?.policyId);
  if (problemOf(claim) !== null) return <ErrorNotice error={claim.error} retry={() => void claim.refetch()} />;
  if (!claim.data) return null;
  if (!money.data && !money.error) return <SkeletonRows rows={2} label="the bill" />;
  return (
    <>
      {money.error && <ErrorNotice error={money.error} retry={() => void money.refetch()} />}
      <Billed claim={claim.data} money={money.data ?? null} />
    </>
  );
}

/** @param props.money null when the policy's terms can't be had: a bill that can't be shown can be disputed all the same */
function Billed({ claim, money }: { claim: Claim; money: Money | null }) {
  const names = useClaimNames(claim);
  const transactions = useTransactions(claimTopic(claim.visitId));
  const isBusy = transactions.some(isUnderWay);
  const canConfirm = claim.status === "submitted" || claim.status === "disputed";
  const unchecked = useUnchecked(claim);
  return (
    <>
      <Section title="The bill" hint={hintOf(claim, names)} action={<ClaimMark claim={claim} side="patient" />}>
        <TransactionNotices transactions={transactions} />
        {money && <BilledItems claim={claim} money={money} />}
        {money && <ClaimSums claim={claim} money={money} isPatient />}
        {claim.isOpen && (
          <Card>
            <div className={ui.foot}>
              <p className={ui.footNote}>{money ? adviceOn(canConfirm, unchecked) : UNPRICED}</p>
              <div className={css.acts}>
                {claim.status !== "disputed" && (
                  <Say
                    claim={claim}
                    kind="disputed"
                    act="Dispute the bill"
                    names={names}
                    isBusy={isBusy}
                    variant="subtle"
                    color="danger"
                  />
                )}
                {/* A bill that is billed anew isn't the one that was being confirmed. */}
                {money && canConfirm && (
                  <Confirm key={claim.document} claim={claim} names={names} unchecked={unchecked} isBusy={isBusy} />
                )}
              </div>
            </div>
          </Card>
        )}
      </Section>
      {claim.isOpen && <ShowDocuments claim={claim} insurerName={names.insurer} />}
      {money && <ClaimStory claim={claim} money={money} names={names} isPatient />}
    </>
  );
}

const UNPRICED =
  "Its sums can't be shown now, so it can't be confirmed, only disputed: nothing is paid while you dispute it.";

function adviceOn(canConfirm: boolean, unchecked: string | null): string {
  if (!canConfirm) return "You have confirmed the bill. You can still dispute it until the insurer decides.";
  return unchecked === null
    ? "Is it right? Confirm it, and the insurer can pay. If something is wrong, say so: nothing is paid while you dispute it."
    : `${unchecked} Until then it can't be confirmed, only disputed.`;
}

function hintOf({ status, reviewUntil, decideBy }: Claim, { hospital, insurer }: ClaimNames): string {
  switch (status) {
    case "submitted":
      return reviewUntil === null
        ? `${hospital} billed ${insurer}. Your time to look at it first is over, but you can still say what is right.`
        : `${hospital} billed ${insurer}. Until ${day(reviewUntil)} nothing is paid unless you confirm it.`;
    case "confirmed":
      return decideBy === null
        ? `You confirmed it. ${insurer} waits for an answer of ${hospital}.`
        : `You confirmed it. ${insurer} decides by ${day(decideBy)}.`;
    case "disputed":
      return `You dispute it. ${hospital} can bill anew, or you confirm it after all.`;
    case "approved":
      return `${insurer} has decided, and paid what your policy's terms give.`;
    case "denied":
      return `${insurer} denied it. ${hospital} may bill anew.`;
    case "withdrawn":
      return `${hospital} took it back. It may bill anew.`;
  }
}

interface ConfirmProps {
  claim: Claim;
  names: ClaimNames;
  /** Why it can't be confirmed yet. */
  unchecked: string | null;
}

function Confirm({ isBusy, ...props }: ConfirmProps & { isBusy: boolean }) {
  const expander = useExpander();
  return (
    <>
      <ExpanderButton
        expander={expander}
        variant={expander.isOpen ? "light" : "filled"}
        disabled={isBusy || props.unchecked !== null}
      >
        Confirm the bill
      </ExpanderButton>
      <ExpanderPanel expander={expander} label="Confirm the bill" className={css.panel}>
        <Confirming {...props} onClose={expander.close} />
      </ExpanderPanel>
    </>
  );
}

function Confirming({ claim, names, unchecked, onClose }: ConfirmProps & { onClose: () => void }) {
  const session = useOpenSession();
  const disclosure = useDisclosure("claim confirmed", names, ({ discloseConfirmation }, { hospital, insurer }) =>
    discloseConfirmation({ hospitalName: hospital, insurerName: insurer }),
  );
  return (
    <SignPanel
      disclosure={disclosure}
      who={`${names.insurer} and ${names.hospital}`}
      note={`You can dispute it still, until ${names.insurer} decides.`}
      missing={unchecked}
      keep="Not now"
      act="Confirm the bill"
      onClose={onClose}
      onSign={() => void confirm(session, claim)}
    />
  );
}
