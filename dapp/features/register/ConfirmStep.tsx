/** Step 6: all of it on one screen, who will know what, and one signature. */
import { Button } from "@mantine/core";
import { IconId, IconKey, IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";

import { Notice } from "../../components/Notice.js";
import { Row, RowIcon, Rows } from "../../components/Rows.js";
import { useWordsOf } from "../../components/Terms.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import type { KnownService } from "../../lib/services.js";
import { day, plain, secondsLeft, short, timeLeft } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { disclose, renewOffer, type StepProps } from "./enrolling.js";
import { Refusal } from "./Refusal.js";
import { StepPage } from "./StepPage.js";
import { addressOf, furthestOf } from "./steps.js";

/** Below this an attestation may end before its transaction has its place. */
const SOON_S = 60;

/** Shows what will be signed, and signs it. `onSign` runs the transaction. */
export function ConfirmStep({
  enrolling,
  session,
  onChange,
  insurers,
  onSign,
}: StepProps & { insurers: readonly KnownService[]; onSign: () => void }) {
  const { enrolment } = enrolling;
  const { proof, cover } = enrolment;
  const { data: termsWords } = useWordsOf(cover?.terms ?? null, "patient");
  const navigate = useNavigate();
  const transactions = useTransactions("register");
  const { data: disclosure, error } = useQuery({
    queryKey: ["opened", "disclosure", "enrolment", proof?.patientId, cover?.policyId],
    queryFn: () => disclose(session, enrolling),
  });
  const renewing = useMutation({
    mutationFn: () => {
      // The card is the other insurers' business no more than before: the one that hasn't answered may be the one.
      const insurer =
        insurers.find(({ info }) => info.data?.account === cover?.offer.insurer) ??
        insurers.find(({ info }) => !info.data) ??
        insurers[0];
      return renewOffer(session, enrolling, insurer?.url ?? "");
    },
    onSuccess: async (next) => {
      onChange({ enrolment: next });
      await navigate(addressOf(furthestOf(next, true)));
    },
  });
  const last = transactions.at(-1)?.status;
  // What the contract, or the look before sending, found to be over.
  const refused = last?.state === "failed" && last.failure.code === "SignatureExpired" && last.failure.details.deadline;
  const isOver = (deadline: number | undefined) =>
    deadline !== undefined && (secondsLeft(deadline) < SOON_S || Number(refused) === deadline);
  const isProofOver = isOver(proof?.attestation.deadline);
  const isOfferOver = isOver(cover?.offer.deadline);

  return (
    <StepPage
      step="confirm"
      back={cover ? "policy" : "insurance"}
      title="Check and sign"
      sentence="One signature registers you, all of it or nothing. Until then nothing of yours is on the chain."
    >
      <Rows label="What you register">
        <Row
          icon={<RowIcon icon={IconId} tone="brand" />}
          what={plain(proof?.identity.name ?? "")}
          detail={
            proof && (
              <>
                Confirmed by {plain(proof.registryName)}
                {proof.evidence.includes("face") ? ", by its record and your face" : ", by its record"}. On chain you
                will be {short(proof.patientId)}.
              </>
            )
          }
          side={proof && <span>{timeLeft(proof.attestation.deadline)}</span>}
        />
        <Row
          icon={<RowIcon icon={IconKey} tone="brand" />}
          what={enrolment.backup ? "A new key, and its backup under your passphrase" : "The key that you have"}
          detail="Everything of yours is sealed to it."
        />
        {cover ? (
          <Row
            icon={<RowIcon icon={IconShieldCheck} tone="brand" />}
            what={`${plain(cover.title)}, ${plain(cover.insurerName)}`}
            detail={
              <>
                From {day(cover.offer.from)} to {day(cover.offer.until)}. Your copy is the insurer&apos;s, to the bit.{" "}
                {cover.terms && (
                  // Anybody can call a token by another one's name; its address says which it is.
                  <>
                    {termsWords} The currency is the token <span className="digest">{cover.terms.token}</span>.
                  </>
                )}
              </>
            }
          />
        ) : (
          <Row
            icon={<RowIcon icon={IconShieldOff} />}
            what="Without insurance for now"
            detail="You can accept a policy later, under Insurance."
          />
        )}
      </Rows>
      {isProofOver && (
        <Notice
          tone="attention"
          title="The registry's confirmation has expired."
          live="alert"
          action={
            <Button mt={8} component={Link} to={addressOf("photo")}>
              Ask for a new one
            </Button>
          }
        >
          It counts for a short time only. Nothing was sent, and what you have typed is kept: take a new photo, and the
          registry confirms anew.
        </Notice>
      )}
      {isOfferOver && !isProofOver && (
        <Notice
          tone="attention"
          title="The insurer's offer has expired."
          live="alert"
          action={
            <Button mt={8} loading={renewing.isPending} onClick={() => renewing.mutate()}>
              Ask for it anew
            </Button>
          }
        >
          Nothing was sent. If the policy is still the same, you needn&apos;t compare it again.
        </Notice>
      )}
      {renewing.error && <Refusal error={renewing.error} retry={() => renewing.mutate()} />}
      <h2>Before you sign: who will know what</h2>
      {error && <Refusal error={error} />}
      {disclosure && (
        <WhoWillKnow
          disclosure={disclosure}
          grantee={cover ? "Registry and insurer" : "The registry"}
          organisation="The storage"
        />
      )}
      <TransactionNotices transactions={transactions.filter(({ status }) => status.state !== "final")} />
      <div className={ui.foot}>
        <p className={ui.footNote}>
          The registration can be given up later, but what the chain has noted stays noted: a pseudonym, no name.
        </p>
        <Button
          onClick={onSign}
          disabled={!disclosure || isProofOver || isOfferOver}
          loading={transactions.some(isUnderWay)}
        >
          Sign and register
        </Button>
      </div>
    </StepPage>
  );
}
