/** Who takes part in a visit: its hospital, and those that the hospital assigned (002-25). */
import { IconBuildingHospital, IconDoorExit } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Address, Participant, Visit, VisitMember } from "../../../sdk/index.js";
import { nameOf } from "../../lib/access.js";
import { useParticipant } from "../../lib/queries.js";
import { capital, clock, plain } from "../../lib/text.js";
import { Avatar, PersonName } from "../Person.js";
import { Mark, Row, RowIcon, Rows } from "../Rows.js";

/** "Doctor, Cardiology". */
export function roleWords(participant: Participant | null): string {
  if (!participant) return "Nobody vouches for this account";
  return capital(
    [participant.role, participant.department]
      .filter(Boolean)
      .map((text) => plain(String(text)))
      .join(", "),
  );
}

/** The list. What `side` and `under` make stands beside and below a member; nothing by default. */
export function Members({
  visit,
  side,
  under,
}: {
  visit: Visit;
  side?: (member: VisitMember, name: string) => ReactNode;
  under?: (member: VisitMember) => ReactNode;
}) {
  const { data: hospital } = useParticipant(visit.key.hospital);
  return (
    <Rows label="Who takes part">
      <Row
        icon={<RowIcon icon={IconBuildingHospital} tone="brand" />}
        what={<PersonName name={hospital?.name ?? null} id={visit.key.hospital} source="accredited" />}
        detail={`Opened the visit ${clock(visit.openedAt)}`}
      />
      {visit.members.map((member) => (
        <MemberRow key={member.account} member={member} visit={visit} side={side} under={under?.(member)} />
      ))}
    </Rows>
  );
}

function MemberRow({
  member,
  visit,
  side,
  under,
}: {
  member: VisitMember;
  visit: Visit;
  side: ((member: VisitMember, name: string) => ReactNode) | undefined;
  under: ReactNode;
}) {
  const { data: participant = null } = useParticipant(member.account);
  const name = nameOf(participant, member.account);
  return (
    <Row
      icon={<Avatar name={name} />}
      what={<PersonName name={participant?.name ?? null} id={member.account} source="accredited" />}
      detail={`${roleWords(participant)}. Assigned ${clock(member.since)}.`}
      side={
        <>
          {member.removed && visit.status === "open" && <Mark icon={IconDoorExit}>No longer in it</Mark>}
          {side?.(member, name)}
        </>
      }
      under={under}
    />
  );
}

/** Whether an account takes part now. */
export function isIn({ members }: Visit, account: Address): boolean {
  return members.some((member) => member.account === account && !member.removed);
}
