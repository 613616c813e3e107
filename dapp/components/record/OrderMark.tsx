/** Where an order stands, in a word and a shape: a test list's, or a prescription's with its repeats (002-13, 002-28). */
import {
  IconCircleCheck,
  IconCircleX,
  IconClockX,
  IconHourglass,
  IconPill,
  IconProgress,
  IconTestPipe,
  IconUserQuestion,
  type Icon,
} from "@tabler/icons-react";

import type { Order } from "../../../sdk/index.js";
import { count } from "../../lib/text.js";
import { Mark, type Tone } from "../Rows.js";

type Standing = Pick<Order, "state" | "role" | "fills" | "done">;

/** The icon of a test list or of a prescription. */
export const orderIcon = (role: Order["role"]): Icon => (role === "pharmacy" ? IconPill : IconTestPipe);

/** What an order is called before it is opened. */
export const orderKind = (role: Order["role"]): string => (role === "pharmacy" ? "Prescription" : "Test list");

/** "2 of 3 left", "nothing left". */
export function repeatsLeft({ fills, done }: Pick<Order, "fills" | "done">): string {
  const left = Math.max(0, fills - done);
  return left === 0 ? "nothing left" : `${left} of ${fills} left`;
}

/** Whether nothing more can be done on it. */
export function isSettled({ state }: Pick<Order, "state">): boolean {
  return state === "done" || state === "over" || state === "cancelled";
}

/** The state in words: of an order that is under way, what has been done of it. */
export function orderWords({ state, role, fills, done }: Standing): string {
  const isPrescription = role === "pharmacy";
  switch (state) {
    case "waiting":
      return "Nobody chosen yet";
    case "assigned":
      return isPrescription ? repeatsLeft({ fills, done }) : "Under way";
    case "partial":
      return isPrescription ? repeatsLeft({ fills, done }) : "First results";
    case "done":
      return isPrescription ? `Dispensed, ${repeatsLeft({ fills, done })}` : "Done";
    case "over":
      return done > 0 ? `Over, after ${count(done, "time")}` : "Over";
    case "cancelled":
      return "Cancelled";
  }
}

const SHAPES: Readonly<Record<Order["state"], { icon: Icon; tone?: Tone }>> = {
  waiting: { icon: IconUserQuestion, tone: "attention" },
  assigned: { icon: IconHourglass },
  partial: { icon: IconProgress },
  done: { icon: IconCircleCheck, tone: "brand" },
  over: { icon: IconClockX },
  cancelled: { icon: IconCircleX },
};

/** The state, beside an order's name. */
export function OrderMark({ order }: { order: Standing }) {
  return <Mark {...SHAPES[order.state]}>{orderWords(order)}</Mark>;
}
