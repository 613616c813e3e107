/** Deciding a claim: how much is acknowledged, why not all of it, what the terms then pay, sign (004-19). */
import { Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";

import type { Claim } from "../../../sdk/index.js";
import { decide } from "../../components/claim/acts.js";
import css from "../../components/claim/claim.module.css";
import type { ClaimNames } from "../../components/claim/ClaimStory.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Card, Facts } from "../../components/Rows.js";
import { SignPanel, useDisclosure } from "../../components/SignPanel.js";
import ui from "../../components/ui.module.css";
import { usePreview, useUnchecked, type Money } from "../../lib/claims.js";
import { useReaderQuery } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { day } from "../../lib/text.js";

interface Props {
  claim: Claim;
  money: Money;
  names: ClaimNames;
}

/** The button, and below it the form. */
export function Decide({ isBusy, ...props }: Props & { isBusy: boolean }) {
  const expander = useExpander();
  return (
    <Card>
      <div className={ui.foot}>
        <p className={ui.footNote}>
          What you acknowledge is paid in the same moment, by the terms that both sides accepted.
        </p>
        <ExpanderButton expander={expander} variant={expander.isOpen ? "light" : "filled"} disabled={isBusy}>
          Decide
        </ExpanderButton>
      </div>
      <ExpanderPanel expander={expander} label="Decide" className={css.panel}>
        <Deciding {...props} onClose={expander.close} />
      </ExpanderPanel>
    </Card>
  );
}

function Deciding({ claim, money, names, onClose }: Props & { onClose: () => void }) {
  const session = useOpenSession();
  const [amount, setAmount] = useState(() => plainSum(claim.amount, money));
  const [reason, setReason] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const { data: reasons = [] } = useReaderQuery(["opened", "denial reasons"], ({ fhir }) =>
    Promise.resolve(fhir.REASONS),
  );
  const eligible = money.parse(amount);
  const isRight = eligible !== null && eligible <= claim.amount;
  const isAll = eligible === claim.amount;
  const preview = usePreview(claim, isRight ? eligible : null);
  const code = isAll ? 0 : Number(reason ?? 0);
  const unchecked = useUnchecked(claim);
  const missing = missingOf({ unchecked, claim, eligible, isRight, code, money, preview: preview.data ?? null });
  const by =
    isRight && preview.data
      ? {
          eligible: String(eligible),
          paid: String(preview.data.paid),
          fee: String(preview.data.fee),
          reasonText: isAll ? null : (reasons.find((each) => each.code === code)?.text ?? null),
        }
      : undefined;
  const disclosure = useDisclosure("claim decision", by, ({ discloseDecision }, given) =>
    discloseDecision(
      {
        eligible: BigInt(given.eligible),
        amount: claim.amount,
        paid: BigInt(given.paid),
        fee: BigInt(given.fee),
        reasonText: given.reasonText,
      },
      { hospitalName: names.hospital, insurerName: names.insurer, token: money.token },
    ),
  );
  return (
    <SignPanel
      disclosure={disclosure}
      error={preview.error ?? disclosure.error}
      who="The patient and the hospital"
      note="It can't be taken back. What was denied can be billed anew."
      missing={missing}
      keep="Not now"
      act={eligible === 0n ? "Deny it" : isAll ? "Approve it" : "Approve this much"}
      isDanger={eligible === 0n}
      onClose={onClose}
      onSign={() => eligible !== null && void decide(session, claim, { eligible, reason: code, note })}
    >
      <div className={css.form}>
        <TextInput
          label={`What you acknowledge of ${money.sum(claim.amount)}`}
          description="Before deductible, co-payment and limit. 0 denies the bill."
          inputMode="decimal"
          value={amount}
          onChange={({ currentTarget }) => setAmount(currentTarget.value)}
          error={!isRight && `A number such as 120.50, at most ${money.sum(claim.amount)}.`}
        />
        {isRight && !isAll && (
          <Select
            label="Why not all of it"
            data={reasons.map(({ code: each, text }) => ({ value: String(each), label: text }))}
            value={reason}
            onChange={setReason}
          />
        )}
        <Textarea
          label="In your words"
          description="The patient and the hospital read it. May be left empty."
          autosize
          minRows={2}
          maxLength={2_000}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
      </div>
      {preview.error && <ErrorNotice error={preview.error} retry={() => void preview.refetch()} />}
      {preview.data && isRight && (
        <Facts
          facts={[
            ["Deductible", money.sum(preview.data.deductible)],
            ["Co-payment", money.sum(preview.data.coPayment)],
            ...(preview.data.aboveLimit > 0n ? [["Above the limit", money.sum(preview.data.aboveLimit)] as const] : []),
            ["Is paid", money.sum(preview.data.paid)],
            ...(preview.data.fee > 0n ? [["Of it to the doctor", money.sum(preview.data.fee)] as const] : []),
            ["You have paid in", money.sum(preview.data.available)],
          ]}
        />
      )}
    </SignPanel>
  );
}

/** What keeps the decision from being signed. */
function missingOf({
  unchecked,
  claim,
  eligible,
  isRight,
  code,
  money,
  preview,
}: {
  unchecked: string | null;
  claim: Claim;
  eligible: bigint | null;
  isRight: boolean;
  code: number;
  money: Money;
  preview: { paid: bigint; available: bigint } | null;
}): string | null {
  if (!isRight) return `An amount of at most ${money.sum(claim.amount)}.`;
  if (eligible !== claim.amount && code === 0) return "Choose why not all of it.";
  if (eligible === 0n) return null;
  if (unchecked !== null) return `${unchecked} Until then you can ask, or deny it, but not pay it.`;
  if (claim.status === "disputed") return "The patient disputes the bill: you can deny it, but not pay it.";
  if (claim.reviewUntil !== null) {
    return `The patient may look at the bill until ${day(claim.reviewUntil)}. You can deny it now, and pay once they confirm.`;
  }
  if (preview && preview.paid > preview.available) {
    return `You have paid in ${money.sum(preview.available)}. Pay in more under Claims first.`;
  }
  return null;
}

/** A sum as it is typed, without its currency. */
function plainSum(amount: bigint, { sum, token }: Money): string {
  return sum(amount).slice(0, -token.symbol.length).trim();
}
