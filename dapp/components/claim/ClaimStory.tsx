/** What happened to a claim, oldest first, with what was said: questions, answers and disputes are sealed to three. */
import {
  IconCircleCheck,
  IconCircleX,
  IconMessage,
  IconMessageQuestion,
  IconReceipt,
  IconReceiptRefund,
  IconThumbDown,
  IconThumbUp,
  type Icon,
} from "@tabler/icons-react";

import type { Claim, ClaimEvent } from "../../../sdk/index.js";
import { useClaimNotes, useClaimResponse, type Money } from "../../lib/claims.js";
import { useReaderQuery } from "../../lib/queries.js";
import { clock, plain } from "../../lib/text.js";
import { ErrorNotice } from "../Notice.js";
import { Section } from "../Page.js";
import { Row, RowIcon, Rows } from "../Rows.js";
import css from "./claim.module.css";

/** Names of the two organisations. */
export interface ClaimNames {
  hospital: string;
  insurer: string;
}

/** The section. */
export function ClaimStory({
  claim,
  money,
  names,
  isPatient = false,
}: {
  claim: Claim;
  money: Money;
  names: ClaimNames;
  isPatient?: boolean;
}) {
  const notes = useClaimNotes(claim);
  const response = useClaimResponse(claim);
  const { data: reasons } = useReaderQuery(["opened", "denial reasons"], ({ fhir }) => Promise.resolve(fhir.REASONS));
  const reasonOf = (code: number) => reasons?.find((each) => each.code === code)?.text ?? `reason ${code}`;
  const saidAt = (event: ClaimEvent) =>
    notes.data?.find((note) => note.event.blockNumber === event.blockNumber && note.event.logIndex === event.logIndex);
  const isLast = (event: ClaimEvent) => event === claim.history.at(-1);
  return (
    <Section title="What happened" hint="What is said here is sealed to patient, hospital and insurer.">
      {notes.error && <ErrorNotice error={notes.error} retry={() => void notes.refetch()} />}
      {response.error && <ErrorNotice error={response.error} retry={() => void response.refetch()} />}
      <Rows label="What happened">
        {claim.history.map((event) => {
          const { icon, what, tone } = wordsOf(event, money, { ...names, isPatient }, reasonOf);
          const said = saidAt(event);
          const words = event.kind === "decided" && isLast(event) ? (response.data?.note ?? "") : (said?.text ?? "");
          return (
            <Row
              key={`${event.blockNumber}/${event.logIndex}`}
              icon={<RowIcon icon={icon} {...(tone ? { tone } : {})} />}
              what={what}
              detail={<When event={event} />}
              under={
                said?.problem ? (
                  <ErrorNotice error={said.problem} />
                ) : (
                  words !== "" && <blockquote className={css.said}>{plain(words, 4_000)}</blockquote>
                )
              }
            />
          );
        })}
      </Rows>
    </Section>
  );
}

function When({ event: { blockNumber } }: { event: ClaimEvent }) {
  const { data: time } = useReaderQuery(["opened", "time of block", blockNumber], async (_, { chain }) => {
    const block = await chain.provider.getBlock(blockNumber);
    return block?.timestamp ?? null;
  });
  return time ? clock(time) : `Block ${blockNumber}`;
}

interface Words {
  icon: Icon;
  tone?: "brand" | "attention" | "danger";
  what: string;
}

function wordsOf(
  event: ClaimEvent,
  money: Money,
  { isPatient, ...names }: ClaimNames & { isPatient: boolean },
  reasonOf: (code: number) => string,
): Words {
  switch (event.kind) {
    case "submitted":
      return { icon: IconReceipt, what: `${names.hospital} billed ${money.sum(event.amount)}` };
    case "confirmed":
      return {
        icon: IconThumbUp,
        tone: "brand",
        what: isPatient ? "You confirmed the bill" : "The patient confirmed the bill",
      };
    case "disputed":
      return {
        icon: IconThumbDown,
        tone: "danger",
        what: isPatient ? "You dispute the bill" : "The patient disputes the bill",
      };
    case "asked":
      return { icon: IconMessageQuestion, tone: "attention", what: `${names.insurer} asks` };
    case "answered":
      return { icon: IconMessage, what: `${names.hospital} answered` };
    case "withdrawn":
      return { icon: IconReceiptRefund, what: `${names.hospital} took the bill back` };
    case "decided": {
      const { eligible, approved, reason } = event;
      if (eligible === 0n) {
        return { icon: IconCircleX, tone: "danger", what: `${names.insurer} denied it: ${reasonOf(reason)}` };
      }
      const why = reason === 0 ? "" : `, not all of it: ${reasonOf(reason)}`;
      return {
        icon: IconCircleCheck,
        tone: "brand",
        what: `${names.insurer} acknowledged ${money.sum(eligible)} and paid ${money.sum(approved)}${why}`,
      };
    }
  }
}
