/** The doctor's day: visits that they act in, open ones first, with who, where, since when and what came in (002-25). */
import { IconDoorExit, IconFileCheck, IconHourglass } from "@tabler/icons-react";

import type { Visit } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Avatar, PersonName } from "../../components/Person.js";
import { isSettled } from "../../components/record/OrderMark.js";
import { Empty, Mark, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { VirtualRows, type Placement } from "../../components/VirtualRows.js";
import { isIn } from "../../components/visit/Members.js";
import { nameOf } from "../../lib/access.js";
import { problemOf } from "../../lib/errors.js";
import { useParticipant } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, clock, count, plain, short } from "../../lib/text.js";
import { useOrders, useVisitAccess, useVisits } from "../../lib/visits.js";

/** All visits of the doctor who looks. */
export default function TodayPage() {
  const { account } = useOpenSession();
  const visits = useVisits({ member: account });
  const open = visits.data?.filter((visit) => visit.status === "open" && isIn(visit, account)) ?? [];
  const past = visits.data?.filter((visit) => !open.includes(visit)) ?? [];
  return (
    <Page
      title="Today"
      sentence={
        visits.data &&
        (open.length === 0
          ? "You are in no open visit now."
          : `${capital(count(open.length, "patient"))} ${open.length === 1 ? "is" : "are"} with you. What you may do ends with each visit.`)
      }
    >
      <Section title="Open visits">
        {problemOf(visits) !== null && <ErrorNotice error={visits.error} retry={() => void visits.refetch()} />}
        {visits.isPending && <SkeletonRows label="visits" />}
        {visits.data && open.length === 0 && (
          <Empty>
            Visits that your hospital assigns you to are listed here, with the patient&apos;s name and the results that
            come in. Its desk opens a visit with the patient&apos;s code and assigns you.
          </Empty>
        )}
        {open.length > 0 && (
          <Rows label="Open visits">
            {open.map((visit) => (
              <OpenVisit key={visit.visitId} visit={visit} />
            ))}
          </Rows>
        )}
      </Section>
      {past.length > 0 && (
        <Section title="Over">
          <VirtualRows
            label="Visits that are over"
            items={past}
            keyOf={({ visitId }) => visitId}
            estimate={() => 77}
            render={(visit, placement) => <PastVisit key={visit.visitId} visit={visit} placement={placement} />}
          />
        </Section>
      )}
    </Page>
  );
}

function OpenVisit({ visit: { visitId, key, openedAt, until } }: { visit: Visit }) {
  const { account } = useOpenSession();
  const { data: hospital = null } = useParticipant(key.hospital);
  const { data: access } = useVisitAccess(visitId);
  const { data: orders = [] } = useOrders({ visitId });
  const own = orders.filter(({ author }) => author === account);
  const reports = own.reduce((sum, order) => sum + order.reports.length, 0);
  const waiting = own.filter((order) => !isSettled(order)).length;
  const name = access?.name ?? null;
  return (
    <Row
      icon={<Avatar name={name ?? short(key.patientId)} />}
      what={<PersonName name={name} id={key.patientId} source="decrypted" />}
      detail={`${plain(nameOf(hospital, key.hospital))}, since ${clock(openedAt)}, until ${clock(until)} at the latest`}
      to={`/today/${visitId}`}
      side={
        <>
          {waiting > 0 && <Mark icon={IconHourglass}>{count(waiting, "order")} under way</Mark>}
          {reports > 0 && (
            <Mark icon={IconFileCheck} tone="brand">
              {count(reports, "report")} came in
            </Mark>
          )}
        </>
      }
    />
  );
}

function PastVisit({ visit, placement }: { visit: Visit; placement: Placement }) {
  const { key, visitId, openedAt, end, status } = visit;
  const { data: hospital = null } = useParticipant(key.hospital);
  return (
    <Row
      {...placement}
      icon={<RowIcon icon={IconDoorExit} />}
      what={<PersonName name={null} id={key.patientId} source="decrypted" />}
      detail={`${plain(nameOf(hospital, key.hospital))}, ${clock(openedAt)} to ${clock(end)}`}
      to={`/today/${visitId}`}
      side={<Mark icon={IconDoorExit}>{status === "open" ? "No longer in it" : "Ended"}</Mark>}
    />
  );
}
