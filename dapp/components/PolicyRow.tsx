/** A policy in a list, and where it stands. */
import {
  IconCircleCheck,
  IconClock,
  IconClockOff,
  IconFileDiff,
  IconShieldCheck,
  type Icon,
} from "@tabler/icons-react";

import type { IssuedPolicy, PolicyStatus } from "../../sdk/index.js";
import { useParticipant } from "../lib/queries.js";
import { useSession } from "../lib/session.js";
import { day, plain, short } from "../lib/text.js";
import { Mark, Row, RowIcon, type Tone } from "./Rows.js";

const STATES: Record<PolicyStatus, { icon: Icon; tone?: Tone; word: string }> = {
  none: { icon: IconClockOff, word: "Unknown" },
  offered: { icon: IconFileDiff, tone: "attention", word: "Offered" },
  lapsed: { icon: IconClockOff, word: "Lapsed" },
  accepted: { icon: IconClock, tone: "brand", word: "Accepted" },
  active: { icon: IconCircleCheck, tone: "brand", word: "In force" },
  expired: { icon: IconClockOff, word: "Ended" },
  cancelled: { icon: IconClockOff, word: "Cancelled" },
  superseded: { icon: IconClockOff, word: "Replaced" },
};

/** Where a policy stands, in a word and a shape. */
export function PolicyState({ status }: { status: PolicyStatus }) {
  const { icon, tone, word } = STATES[status];
  return (
    <Mark icon={icon} tone={tone}>
      {word}
    </Mark>
  );
}

/** "1 Nov 2026 to 31 Oct 2027". */
export function termOf({ from, until }: Pick<IssuedPolicy, "from" | "until">): string {
  return `${day(from)} to ${day(until)}`;
}

/** One row; an insurer's own tell whom they are for. Without `to` it leads nowhere. */
export function PolicyRow({ policy, to }: { policy: IssuedPolicy; to?: string }) {
  const { data: insurer } = useParticipant(policy.insurer);
  const isOwn = useSession().connected?.account === policy.insurer;
  return (
    <Row
      icon={<RowIcon icon={IconShieldCheck} {...(policy.status === "active" ? { tone: "brand" as const } : {})} />}
      what={
        isOwn ? `Policy for ${short(policy.patientId)}` : `Policy of ${plain(insurer?.name ?? short(policy.insurer))}`
      }
      detail={isOwn ? termOf(policy) : `For ${short(policy.patientId)}, ${termOf(policy)}`}
      {...(to === undefined ? {} : { to })}
      side={<PolicyState status={policy.status} />}
    />
  );
}
