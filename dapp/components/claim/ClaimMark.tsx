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

/** The state in a few words. */
export function standingOf(claim: Claim): Standing {
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
      if (isAsked) return { words: "Waits for the hospital", icon: IconMessageQuestion, tone: "attention" };
      if (isOverdue) return { words: "Overdue", icon: IconClockExclamation, tone: "danger" };
      if (status === "submitted" && reviewUntil !== null) return { words: "The patient may look", icon: IconEye };
      return { words: "Waits for the insurer", icon: IconHourglass };
  }
}

/** The mark beside a claim. */
export function ClaimMark({ claim }: { claim: Claim }) {
  const { words, ...shape } = standingOf(claim);
  return <Mark {...shape}>{words}</Mark>;
}
