/** The hospital's desk: a patient's code comes in, and the visits that were opened with one (002-24, 002-25). */
import { IconCircleCheck, IconFileInvoice, IconUser, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";

import type { Visit } from "../../../sdk/index.js";
import { ClaimMark } from "../../components/claim/ClaimMark.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Avatar, PersonName } from "../../components/Person.js";
import { Empty, Mark, RowIcon, SkeletonRows } from "../../components/Rows.js";
import { matches, Search } from "../../components/Search.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { VirtualRows, type Placement } from "../../components/VirtualRows.js";
import { VisitRow } from "../../components/visit/VisitRow.js";
import { useClaims } from "../../lib/claims.js";
import { problemOf } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, count, month, short } from "../../lib/text.js";
import { useTransactions } from "../../lib/transactions.js";
import { useVisitNames, useVisits } from "../../lib/visits.js";
import { Arrival } from "./Arrival.js";

/** A list that takes longer than this to look through gets a search field. */
const SEARCHABLE = 8;

/** The place "Desk", for hospitals; others are told so. */
export default function DeskPage() {
  const { data: identity } = useIdentity();
  const { participant } = identity ?? {};
  if (!identity) return <SkeletonRows label="your account" />;
  if (participant?.valid !== true || participant.role !== "hospital") {
    return (
      <Page title="Desk" sentence="Visits are opened by accredited hospitals, and this account isn't one now.">
        <Notice title="Only a hospital's account can use a patient's code.">
          Who treats patients finds the visits that they are assigned to under Today.
        </Notice>
      </Page>
    );
  }
  return <Desk />;
}

function Desk() {
  const { account } = useOpenSession();
  const visits = useVisits({ hospital: account });
  const transactions = useTransactions("visits/").filter(({ status }) => status.state !== "final");
  const open = visits.data?.filter(({ status }) => status === "open") ?? [];
  const ended = visits.data?.filter(({ status }) => status === "ended") ?? [];
  return (
    <Page title="Desk" sentence={visits.data && sentenceOf(open)}>
      <Section title="A patient is here" hint="Their code opens one visit, at this hospital only.">
        <Arrival />
      </Section>
      <TransactionNotices transactions={transactions} />
      {problemOf(visits) !== null && <ErrorNotice error={visits.error} retry={() => void visits.refetch()} />}
      {visits.isPending && <SkeletonRows label="visits" />}
      {visits.data?.length === 0 && (
        <Empty>Visits will be listed here once you open one with a patient&apos;s code.</Empty>
      )}
      {visits.data && visits.data.length > 0 && <Visits open={open} ended={ended} />}
    </Page>
  );
}

function sentenceOf(open: readonly Visit[]): string {
  if (open.length === 0) return "No visit is open now.";
  const unassigned = open.filter(({ members }) => members.every(({ removed }) => removed)).length;
  const waiting =
    unassigned > 0
      ? ` In ${unassigned === 1 ? "one" : unassigned.toLocaleString()} of them nobody is assigned yet.`
      : "";
  return `${capital(count(open.length, "visit"))} ${open.length === 1 ? "is" : "are"} open.${open.length === 1 && unassigned === 1 ? " Nobody is assigned to it yet." : waiting}`;
}

function Visits({ open, ended }: { open: readonly Visit[]; ended: readonly Visit[] }) {
  const [query, setQuery] = useState("");
  // Of visits that have ended nothing is opened any more, so those are found by pseudonym and month only.
  const names = useVisitNames(open);
  const isFound = ({ visitId, key, openedAt }: Visit) =>
    query === "" ||
    matches(query, `${names.get(visitId) ?? ""} ${short(key.patientId)} ${key.patientId} ${month(openedAt)}`);
  const lists = [
    { title: "Open now", visits: open.filter(isFound) },
    { title: "Ended", visits: ended.filter(isFound) },
  ].filter(({ visits }) => visits.length > 0);
  return (
    <>
      {open.length + ended.length > SEARCHABLE && (
        <Search label="Search by name, pseudonym or month" value={query} onChange={setQuery} />
      )}
      {lists.length === 0 && <Empty>No visit fits. Try fewer letters, a pseudonym, or a month.</Empty>}
      {lists.map(({ title, visits }) => (
        <Section key={title} title={title}>
          <VirtualRows
            label={title}
            items={visits}
            keyOf={({ visitId }) => visitId}
            estimate={() => 77}
            render={(visit, placement) => (
              <PatientVisit
                key={visit.visitId}
                visit={visit}
                name={names.get(visit.visitId) ?? null}
                placement={placement}
              />
            )}
          />
        </Section>
      ))}
    </>
  );
}

function PatientVisit({ visit, name, placement }: { visit: Visit; name: string | null; placement: Placement }) {
  const { patientId } = visit.key;
  return (
    <VisitRow
      placement={placement}
      visit={visit}
      icon={name === null ? <RowIcon icon={IconUser} /> : <Avatar name={name} />}
      name={<PersonName name={name} id={patientId} source="decrypted" />}
      to={`/desk/${visit.visitId}`}
      side={<NextStep visit={visit} />}
    />
  );
}

/** Where a visit stands for the desk: whom to assign, then its bill. */
function NextStep({ visit: { visitId, status, members } }: { visit: Visit }) {
  const claims = useClaims({ hospital: useOpenSession().account });
  if (status === "open") {
    return members.every(({ removed }) => removed) ? (
      <Mark icon={IconUserPlus} tone="attention">
        Assign somebody
      </Mark>
    ) : (
      <Mark icon={IconCircleCheck} tone="brand">
        Open
      </Mark>
    );
  }
  const claim = claims.data?.find((each) => each.visitId === visitId);
  if (claim) return <ClaimMark claim={claim} side="hospital" />;
  return <Mark icon={IconFileInvoice}>{claims.data ? "Not billed yet" : "Ended"}</Mark>;
}
