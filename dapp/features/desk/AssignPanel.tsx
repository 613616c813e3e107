/** Assigning somebody to a visit: who will know what, sign (002-25). */
import type { Member, Visit } from "../../../sdk/index.js";
import { SignPanel, useDisclosure } from "../../components/SignPanel.js";
import { useParticipant } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { plain, short } from "../../lib/text.js";
import { useVisitAccess } from "../../lib/visits.js";
import { assign } from "./openVisit.js";

/** Roles that can act in a visit. */
export const ACTING = ["doctor", "laboratory", "pharmacy"] as const;

/** Somebody of the hospital's staff who can be assigned. */
export type Candidate = Member & { role: (typeof ACTING)[number] };

/** What is shown once somebody is picked. */
export function AssignPanel({
  visit,
  member,
  onClose,
  onDone,
}: {
  visit: Visit;
  member: Candidate;
  onClose: () => void;
  onDone: () => void;
}) {
  const session = useOpenSession();
  const access = useVisitAccess(visit.visitId);
  const { data: hospital } = useParticipant(visit.key.hospital);
  const { patientId } = visit.key;
  const { account, role } = member;
  const name = plain(member.name ?? short(account));
  const by = access.data && {
    patientName: access.data.name,
    hospitalName: plain(hospital?.name ?? short(visit.key.hospital)),
    readable: access.data.drawers.filter(({ canRead }) => canRead).map(({ label }) => label),
  };
  const disclosure = useDisclosure(
    "assignment",
    by && { ...by, patientId, account, role, name },
    ({ discloseAssignment }, given) => discloseAssignment(given, { ...given, memberName: given.name }),
  );
  return (
    <SignPanel
      disclosure={disclosure}
      error={access.error ?? disclosure.error}
      who={name}
      note={`You can take ${name} out again. What they have opened by then can have been kept.`}
      keep="Somebody else"
      act={`Assign ${name}`}
      onClose={onClose}
      onSign={() => {
        onDone();
        void assign(session, visit, account);
      }}
    />
  );
}
