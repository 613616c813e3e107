/** One visit in a list. */
import { IconCircleCheck, IconDoorExit } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Visit } from "../../../sdk/index.js";
import { clock, count } from "../../lib/text.js";
import { Mark, Row } from "../Rows.js";
import type { Placement } from "../VirtualRows.js";

/** When a visit was, and how many take part. */
function visitWords({ openedAt, end, status, members }: Visit): string {
  const staff = members.filter(({ removed }) => !removed).length;
  return status === "open"
    ? `Since ${clock(openedAt)}, ${staff === 0 ? "nobody assigned yet" : `${count(staff, "account")} assigned`}`
    : `${clock(openedAt)} to ${clock(end)}`;
}

/** The row; the whole of it leads to the visit. */
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
      detail={visitWords(visit)}
      to={to}
      side={
        <>
          {side}
          {visit.status === "open" ? (
            <Mark icon={IconCircleCheck} tone="brand">
              Open
            </Mark>
          ) : (
            <Mark icon={IconDoorExit}>Ended</Mark>
          )}
        </>
      }
    />
  );
}
