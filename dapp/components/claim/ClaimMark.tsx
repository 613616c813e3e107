/** Where a claim stands, in a word and a shape (004-19). */
import {
  IconCircleCheck,
  IconCircleX,
  IconClockExclamation,
  IconEye,
  IconHourglass,
  IconMessageQuestion,
  IconReceiptRefund,
  IconThumbDown,
  type Icon,
} from "@tabler/icons-react";

import type { Claim } from "../../../sdk/index.js";
import { Mark, type Tone } from "../Rows.js";

interface Standing {
  words: string;
  icon: Icon;
  tone?: Tone;
}

/** Who looks. */
type Side = "patient" | "hospital" | "insurer";

/** The state in a few words, for one of the three. */
function standingOf(claim: Claim, side: Side): Standing {
  const { status, isAsked, isOverdue, reviewUntil, approved, eligible, amount } = claim;
  switch (status) {
    case "approved":
      if (approved === 0n) return { words: "Approved, nothing to pay", icon: IconCircleCheck };
      return { words: eligible === amount ? "Paid" : "Paid in part", icon: IconCircleCheck, tone: "brand" };
    case "denied":
      return { words: "Denied", icon: IconCircleX, tone: "danger" };
    case "withdrawn":
      return { words: "Taken back", icon: IconReceiptRefund };
    case "disputed":
      return { words: "Disputed", icon: IconThumbDown, tone: "danger" };
    case "submitted":
    case "confirmed":
      if (isAsked) return { words: waitsFor("hospital", side), icon: IconMessageQuestion, tone: "attention" };
      if (isOverdue) return { words: "Overdue", icon: IconClockExclamation, tone: "danger" };
      if (status === "submitted" && reviewUntil !== null) {
        return side === "patient"
          ? { words: waitsFor("patient", side), icon: IconEye, tone: "attention" }
          : { words: "The patient may look", icon: IconEye };
      }
      return { words: waitsFor("insurer", side), icon: IconHourglass };
  }
}

function waitsFor(whom: Side, side: Side): string {
  return whom === side ? "Waits for you" : `Waits for the ${whom}`;
}

/** The mark beside a claim. @param side who sees it */
export function ClaimMark({ claim, side }: { claim: Claim; side: Side }) {
  const { words, ...shape } = standingOf(claim, side);
  return <Mark {...shape}>{words}</Mark>;
}
