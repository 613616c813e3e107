/** One visit in a list. */
import { IconCircleCheck, IconDoorExit } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Visit } from "../../../sdk/index.js";
import { nameOf } from "../../lib/access.js";
import { useParticipants } from "../../lib/queries.js";
import { and, clock, plain } from "../../lib/text.js";
import { Mark, Row } from "../Rows.js";
import type { Placement } from "../VirtualRows.js";

/** More names than this are counted. */
const NAMED = 2;

/** When a visit was, and who takes part. */
function useVisitWords({ openedAt, end, status, members }: Visit): string {
  const { data: participants = [] } = useParticipants();
  if (status !== "open") return `${clock(openedAt)} to ${clock(end)}`;
  const staff = members
    .filter(({ removed }) => !removed)
    .map(({ account }) => plain(nameOf(participants.find((each) => each.account === account) ?? null, account)));
  const named = staff.length > NAMED ? [...staff.slice(0, NAMED - 1), `${staff.length - NAMED + 1} more`] : staff;
  return `Since ${clock(openedAt)}, ${staff.length === 0 ? "nobody assigned yet" : `with ${and(named)}`}`;
}

/** The row; the whole of it leads to the visit. @param props.side instead of whether it is open */
export function VisitRow({
  visit,
  icon,
  name,
  to,
  side,
  placement,
}: {
  visit: Visit;
  icon: ReactNode;
  name: ReactNode;
  to: string;
  side?: ReactNode;
  placement?: Placement;
}) {
  return (
    <Row
      {...placement}
      icon={icon}
      what={name}
      detail={useVisitWords(visit)}
      to={to}
      side={
        side ??
        (visit.status === "open" ? (
          <Mark icon={IconCircleCheck} tone="brand">
            Open
          </Mark>
        ) : (
          <Mark icon={IconDoorExit}>Ended</Mark>
        ))
      }
    />
  );
}
