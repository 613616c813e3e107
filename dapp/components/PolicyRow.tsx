/** A policy in a list, and where it stands. */
import {
  IconArrowForwardUp,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconClockOff,
  IconFileDiff,
  IconShieldCheck,
  type Icon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { IssuedPolicy, PolicyStatus } from "../../sdk/index.js";
import { useParticipant, usePolicyTitle } from "../lib/queries.js";
import { useSession } from "../lib/session.js";
import { day, plain, short } from "../lib/text.js";
import { Mark, Row, RowIcon, type Tone } from "./Rows.js";
import type { Placement } from "./VirtualRows.js";

const STATES: Record<PolicyStatus, { icon: Icon; tone?: Tone; word: string }> = {
  none: { icon: IconClockOff, word: "Unknown" },
  offered: { icon: IconFileDiff, tone: "attention", word: "Offered" },
  lapsed: { icon: IconClockOff, word: "Lapsed" },
  accepted: { icon: IconClock, tone: "brand", word: "Accepted" },
  active: { icon: IconCircleCheck, tone: "brand", word: "In force" },
  expired: { icon: IconClockOff, word: "Ended" },
  cancelled: { icon: IconCircleX, word: "Ended early" },
  superseded: { icon: IconArrowForwardUp, word: "Replaced" },
};

type Standing = Pick<IssuedPolicy, "status" | "acceptedAt" | "end" | "until">;

/** Where a policy stands, in a word and a shape. */
export function PolicyState({ policy: { status, acceptedAt, end, until } }: { policy: Standing }) {
  const { icon, tone, word } = STATES[status];
  if (status === "cancelled" && acceptedAt === 0) return <Mark icon={IconCircleX}>Declined or withdrawn</Mark>;
  if ((status === "active" || status === "accepted") && end < until) {
    return (
      <Mark icon={IconClock} tone="attention">
        {word} until {day(end)}
      </Mark>
    );
  }
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

/** The plan's name, or what a policy is called when the storage hasn't got it. */
export function usePolicyName(policy: Pick<IssuedPolicy, "offer" | "previous"> | undefined): string {
  const { data: title } = usePolicyTitle(policy);
  return title ? plain(title, 80) : "Policy";
}

/** One row; an insurer's own tell whom they are for. Without `to` it leads nowhere. */
export function PolicyRow({
  policy,
  to,
  under,
  placement = {},
}: {
  policy: IssuedPolicy;
  to?: string;
  under?: ReactNode;
  placement?: Placement;
}) {
  const { data: insurer } = useParticipant(policy.insurer);
  const name = usePolicyName(policy);
  const isOwn = useSession().connected?.account === policy.insurer;
  const about = isOwn
    ? `For ${short(policy.patientId)}`
    : `${plain(insurer?.name ?? short(policy.insurer))}, for ${short(policy.patientId)}`;
  const isNext = policy.previous !== null && policy.status === "offered";
  return (
    <Row
      icon={<RowIcon icon={IconShieldCheck} {...(policy.status === "active" ? { tone: "brand" as const } : {})} />}
      what={isNext ? `${name}: a change or renewal` : name}
      detail={`${about}, ${termOf(policy)}`}
      {...(to === undefined ? {} : { to })}
      side={<PolicyState policy={policy} />}
      under={under}
      {...placement}
    />
  );
}

/** Where an insurer's public record is. */
export const recordPath = (insurer: string): string => `/insurers/${insurer}`;
