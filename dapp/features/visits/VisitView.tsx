/** A visit that was opened: who takes part, what was ordered and written, its bill, and its end. */
import { IconBuildingHospital } from "@tabler/icons-react";

import type { AnchoredRecord, PatientId, Visit } from "../../../sdk/index.js";
import { PatientClaim } from "../../components/claim/PatientClaim.js";
import { Locks } from "../../components/locks/Locks.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Timeline } from "../../components/record/Timeline.js";
import { Empty, SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { CloseVisit, useReadable, visitTopic } from "../../components/visit/CloseVisit.js";
import { Members } from "../../components/visit/Members.js";
import { nameOf } from "../../lib/access.js";
import { problemOf } from "../../lib/errors.js";
import { useAccesses, useDrawers, useParticipant } from "../../lib/queries.js";
import { and, clock, plain } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { useOrders, useVisitRecords } from "../../lib/visits.js";
import { OrderList } from "./OrderList.js";

/** The page. `wasWaiting` when its code was on this screen a moment ago. */
export function VisitView({ visit, wasWaiting }: { visit: Visit; wasWaiting: boolean }) {
  const { visitId, key, status, openedAt, until, end, members } = visit;
  const { data: hospital = null } = useParticipant(key.hospital);
  const { data: accesses = [] } = useAccesses(key.patientId);
  const transactions = useTransactions(visitTopic(visitId)).filter(({ topic }) => topic === visitTopic(visitId));
  const { data: readable } = useReadable(visit);
  const name = plain(nameOf(hospital, key.hospital));
  const isOpen = status === "open";
  const staff = members.filter(({ removed }) => !removed).length;
  return (
    <Page
      back={{ to: "/visits", label: "Visits" }}
      title={`Visit at ${name}`}
      sentence={
        isOpen
          ? `Open since ${clock(openedAt)}, until ${clock(until)} at the latest. ${staff === 0 ? "The hospital hasn't assigned anybody yet." : `${staff === 1 ? "One" : staff.toLocaleString()} of its people ${staff === 1 ? "takes" : "take"} part.`}`
          : `From ${clock(openedAt)} to ${clock(end)}. Nobody writes in it any more.`
      }
    >
      {wasWaiting && isOpen && (
        <Notice tone="brand" icon={IconBuildingHospital} title={`${name} has opened the visit.`} live="status">
          Your code is used up. You can put the phone away; what happens now is listed here.
        </Notice>
      )}
      <TransactionNotices transactions={transactions} />
      {!isOpen && <Locks patientId={key.patientId} accesses={accesses} />}
      <Section title="Who takes part" hint={readable && readsWords(readable, isOpen)}>
        <Members visit={visit} />
      </Section>
      <PatientClaim visitId={visitId} />
      <OrderList visit={visit} />
      <Documents visit={visit} />
      {isOpen && (
        <Section title="End the visit">
          <CloseVisit
            visit={visit}
            name={name}
            isBusy={transactions.some(isUnderWay)}
            means={`It ends by itself ${clock(until)}. Close it sooner when you have left.`}
          />
        </Section>
      )}
    </Page>
  );
}

/** What the visit may, or might, read of what was there before. */
function readsWords(readable: readonly string[], isOpen: boolean): string {
  if (readable.length === 0)
    return `Of what you had before they ${isOpen ? "can open nothing" : "could open nothing"}.`;
  return `Of what you had before they ${isOpen ? "can" : "could"} open ${and(readable.map((label) => plain(label)))}.`;
}

function Documents({ visit: { visitId, key, status } }: { visit: Visit }) {
  const records = useVisitRecords(visitId);
  const orders = useOrders({ visitId });
  const labelOf = useLabels(key.patientId);
  // Those stand in a list of their own.
  const ordered = new Set(orders.data?.map(({ orderId }) => orderId));
  const documents = records.data?.filter(({ recordId }) => !ordered.has(recordId)) ?? [];
  return (
    <Section title="Documents of this visit">
      {problemOf(records) !== null && <ErrorNotice error={records.error} retry={() => void records.refetch()} />}
      {records.isPending || orders.isPending ? (
        <SkeletonRows label="documents" />
      ) : documents.length === 0 ? (
        <Empty>
          {status === "open"
            ? "What your doctors write in this visit will be listed here. There is nothing yet."
            : "Nothing was written in this visit."}
        </Empty>
      ) : (
        <Timeline
          patientId={key.patientId}
          records={documents}
          labelOf={labelOf}
          linkTo={({ recordId }) => `/record/${recordId}`}
        />
      )}
    </Section>
  );
}

function useLabels(patientId: PatientId): (record: AnchoredRecord) => string | undefined {
  const { data: drawers = [] } = useDrawers(patientId);
  return (record) => drawers.find(({ scope }) => scope === record.scope)?.label;
}
