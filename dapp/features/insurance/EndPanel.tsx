/** Ending a policy with the notice that it takes, or declining or withdrawing an offer. */
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { IssuedPolicy } from "../../../sdk/index.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { ErrorNotice } from "../../components/Notice.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useReaderQuery } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { day } from "../../lib/text.js";
import { discloseEnding, end } from "./endPolicy.js";
import css from "./insurance.module.css";

const DAY_S = 86_400;
const isoDay = (time: number) => new Date(time * 1_000).toISOString().slice(0, 10);

/** What ending is called here. */
export function endingWords(policy: IssuedPolicy, isInsurer: boolean): { act: string; doing: string } {
  if (policy.status !== "offered") return { act: "End the policy", doing: "Ending the policy" };
  return isInsurer
    ? { act: "Withdraw the offer", doing: "Withdrawing the offer" }
    : { act: "Decline the offer", doing: "Declining the offer" };
}

/** A button, and below it what ending does, who will know, and the signature. */
export function EndPanel({
  policy,
  insurerName,
  isInsurer,
}: {
  policy: IssuedPolicy;
  insurerName: string;
  isInsurer: boolean;
}) {
  const expander = useExpander();
  const { act } = endingWords(policy, isInsurer);
  return (
    <div className={css.expander}>
      <ExpanderButton expander={expander} variant="default" color="danger">
        {act}
      </ExpanderButton>
      <ExpanderPanel expander={expander} label={act} className={css.panel}>
        <Ending policy={policy} insurerName={insurerName} isInsurer={isInsurer} onClose={expander.close} />
      </ExpanderPanel>
    </div>
  );
}

function Ending({
  policy,
  insurerName,
  isInsurer,
  onClose,
}: {
  policy: IssuedPolicy;
  insurerName: string;
  isInsurer: boolean;
  onClose: () => void;
}) {
  const session = useOpenSession();
  const isOffer = policy.status === "offered";
  const { act, doing } = endingWords(policy, isInsurer);
  const earliest = useReaderQuery(
    ["chain", "earliest end", policy.policyId, session.account],
    ({ earliestEnd }, reader) => earliestEnd(reader, policy, session.account),
  );
  const [chosen, setChosen] = useState<number | null>(null);
  const from = Math.max(chosen ?? 0, earliest.data ?? 0);
  const isTooLate = !isOffer && earliest.data !== undefined && from >= policy.end;
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "end", policy.policyId, policy.status, isInsurer, from],
    queryFn: () => discloseEnding(policy, insurerName, { isInsurer, from }),
    enabled: earliest.data !== undefined,
  });
  return (
    <>
      {earliest.error && <ErrorNotice error={earliest.error} retry={() => void earliest.refetch()} />}
      {!isOffer && earliest.data !== undefined && (
        <>
          <p>
            {isInsurer
              ? `An insurer must tell 30 days before. The earliest end is ${day(earliest.data)}; until then the patient stays insured.`
              : "You may end it at any time: now, or on a day that you choose."}
          </p>
          <TextInput
            className={css.date}
            type="date"
            label="Last day"
            description={
              chosen === null ? `As early as possible, ${day(earliest.data)}, unless you choose a day.` : undefined
            }
            min={isoDay(earliest.data)}
            max={isoDay(policy.end - DAY_S)}
            value={chosen === null ? "" : isoDay(chosen)}
            onChange={({ currentTarget }) => {
              // Through the end of that day, where the reader is.
              const time = new Date(`${currentTarget.value}T23:59:59`).getTime();
              setChosen(Number.isNaN(time) ? null : Math.floor(time / 1_000));
            }}
            error={isTooLate && `The policy ends on ${day(policy.end)} anyway. Choose an earlier day, or leave it.`}
          />
        </>
      )}
      {disclosure && !isTooLate && (
        <>
          <h3>Before you sign: who will know what</h3>
          <WhoWillKnow
            disclosure={disclosure}
            grantee={isInsurer ? "The patient" : insurerName}
            organisation={isInsurer ? "Storage" : "Those you share with"}
          />
        </>
      )}
      <div className={ui.foot}>
        <p className={ui.footNote}>
          This can&apos;t be taken back.{" "}
          {isOffer ? "A new offer can be made." : "A new policy can be offered and accepted."}
        </p>
        <div className={ui.actions}>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button
            color="danger"
            disabled={!disclosure || isTooLate}
            onClick={() => {
              onClose();
              void end(session, policy, from, doing);
            }}
          >
            {isOffer ? act : `End it on ${day(from)}`}
          </Button>
        </div>
      </div>
    </>
  );
}
