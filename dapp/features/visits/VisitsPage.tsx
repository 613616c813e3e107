/** The patient's visits: codes that wait to be used, visits that are open, and those that have ended. */
import { Button } from "@mantine/core";
import { IconBuildingHospital, IconQrcode } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";

import type { GivenPermit, Visit } from "../../../sdk/index.js";
import { Locks } from "../../components/locks/Locks.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { PersonName } from "../../components/Person.js";
import { Empty, Pill, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { matches, Search } from "../../components/Search.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { VirtualRows, type Placement } from "../../components/VirtualRows.js";
import { VisitRow } from "../../components/visit/VisitRow.js";
import { problemOf } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { useAccesses, useParticipant, useParticipants } from "../../lib/queries.js";
import { clock, count, countdown, month } from "../../lib/text.js";
import { useTransactions } from "../../lib/transactions.js";
import { useNow } from "../../lib/useNow.js";
import { usePendingPermits, useVisits } from "../../lib/visits.js";

/** A list that takes longer than this to look through gets a search field. */
const SEARCHABLE = 8;

/** All of them. */
export default function VisitsPage() {
  const { data: identity } = useIdentity();
  const patientId = identity?.patientId ?? null;
  const visits = useVisits(patientId ? { patientId } : null);
  const pending = usePendingPermits(patientId);
  const { data: accesses = [] } = useAccesses(patientId);
  const transactions = useTransactions("visits/").filter(({ status }) => status.state !== "final");
  if (!patientId) return null;
  const open = visits.data?.filter(({ status }) => status === "open") ?? [];
  const ended = visits.data?.filter(({ status }) => status === "ended") ?? [];
  const isEmpty = visits.data?.length === 0 && pending.data?.length === 0;
  const go = (
    <Button component={Link} to="/visits/new">
      Go to a hospital
    </Button>
  );
  return (
    <Page title="Visits" sentence={visits.data && sentenceOf(open, pending.data ?? [])} action={!isEmpty && go}>
      <TransactionNotices transactions={transactions} />
      <Locks patientId={patientId} accesses={accesses} />
      {problemOf(visits) !== null && <ErrorNotice error={visits.error} retry={() => void visits.refetch()} />}
      {problemOf(pending) !== null && <ErrorNotice error={pending.error} retry={() => void pending.refetch()} />}
      {visits.isPending && <SkeletonRows label="your visits" />}
      {pending.data && pending.data.length > 0 && (
        <Section title="Codes to show">
          <Rows label="Codes to show">
            {pending.data.map((given) => (
              <CodeRow key={given.visitId} given={given} />
            ))}
          </Rows>
        </Section>
      )}
      {visits.data?.length === 0 && (
        <Empty action={isEmpty && go}>
          Your visits to hospitals will be listed here: who took part, what was written, what was ordered, and the bill.
          There was none yet.
        </Empty>
      )}
      {open.length > 0 && (
        <Section title="Open now">
          <Rows label="Open now">
            {open.map((visit) => (
              <HospitalVisit key={visit.visitId} visit={visit} />
            ))}
          </Rows>
        </Section>
      )}
      {ended.length > 0 && <Ended visits={ended} />}
    </Page>
  );
}

function sentenceOf(open: readonly Visit[], pending: readonly GivenPermit[]): string {
  const visits =
    open.length === 0
      ? "You are in no visit now."
      : `You are in ${open.length === 1 ? "one visit" : count(open.length, "visit")} now. You can close ${open.length === 1 ? "it" : "any of them"} at any time.`;
  if (pending.length === 0) return visits;
  return `${visits} ${pending.length === 1 ? "One code waits" : `${pending.length} codes wait`} to be shown.`;
}

function CodeRow({ given }: { given: GivenPermit }) {
  const { data: hospital } = useParticipant(given.hospital);
  const left = given.deadline - useNow();
  return (
    <Row
      icon={<RowIcon icon={IconQrcode} tone="attention" />}
      what={<PersonName name={hospital?.name ?? null} id={given.hospital} source="accredited" />}
      detail={`Show it at the desk, by ${clock(given.deadline)}`}
      to={`/visits/${given.visitId}`}
      side={<Pill>{left > 0 ? `${countdown(left)} left` : "over"}</Pill>}
    />
  );
}

function HospitalVisit({ visit, placement }: { visit: Visit; placement?: Placement }) {
  const { data: hospital } = useParticipant(visit.key.hospital);
  return (
    <VisitRow
      {...(placement ? { placement } : {})}
      visit={visit}
      icon={<RowIcon icon={IconBuildingHospital} {...(visit.status === "open" ? { tone: "brand" as const } : {})} />}
      name={<PersonName name={hospital?.name ?? null} id={visit.key.hospital} source="accredited" />}
      to={`/visits/${visit.visitId}`}
    />
  );
}

function Ended({ visits }: { visits: readonly Visit[] }) {
  const [query, setQuery] = useState("");
  const { data: participants = [] } = useParticipants();
  const names = new Map(participants.map(({ account, name }) => [account, name ?? ""]));
  const found = visits.filter(
    ({ key, openedAt }) => query === "" || matches(query, `${names.get(key.hospital) ?? ""} ${month(openedAt)}`),
  );
  return (
    <Section title="Ended">
      {visits.length > SEARCHABLE && <Search label="Search by hospital or month" value={query} onChange={setQuery} />}
      {found.length === 0 ? (
        <Empty>No visit fits. Try fewer letters, or a month.</Empty>
      ) : (
        <VirtualRows
          label="Ended"
          items={found}
          keyOf={({ visitId }) => visitId}
          estimate={() => 77}
          render={(visit, placement) => <HospitalVisit key={visit.visitId} visit={visit} placement={placement} />}
        />
      )}
    </Section>
  );
}
