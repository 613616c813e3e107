/** Records by month, newest first, with filters; made for ten thousand of them. */
import { Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconFileUnknown } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";

import type { AnchoredRecord, Manifest, PatientId } from "../../../sdk/index.js";
import { failureOf, problemOf } from "../../lib/errors.js";
import { useKnownManifests } from "../../lib/known-manifests.js";
import { useController, useManifest, useParticipants, useVerifiedHistory } from "../../lib/queries.js";
import { useSession } from "../../lib/session.js";
import { capital, count, day, exactTime, month, plain, short } from "../../lib/text.js";
import { drawerIcon } from "../drawers.js";
import { ErrorNotice } from "../Notice.js";
import { Empty, Mark, Pill, Row, RowIcon, RowsHeading } from "../Rows.js";
import { VirtualRows, type Placement } from "../VirtualRows.js";
import { fitsOutside, inside, isFiltering, NO_FILTERS, type Filters, type Line } from "./filters.js";
import css from "./record.module.css";
import { TimelineFilters } from "./TimelineFilters.js";

/** A list that takes longer than this to look through gets a search field. */
const SEARCHABLE = 8;

type Item = { kind: "month"; name: string } | { kind: "record"; line: Line };

/** What a record is called. */
export function recordTitle(manifest: Pick<Manifest, "title" | "fileName">): string {
  return plain(manifest.title ?? manifest.fileName, 120);
}

/** So many documents are opened for a search without asking; a thousand sealed ones take a while. */
const OPENED_UNASKED = 200;

/** The records of one patient. `labelOf` names a record's drawer, `readersOf` tells how many others can open it. */
export function Timeline({
  patientId,
  records,
  labelOf,
  readersOf,
  linkTo,
}: {
  patientId: PatientId;
  records: readonly AnchoredRecord[];
  labelOf: (record: AnchoredRecord) => string | null | undefined;
  readersOf?: (record: AnchoredRecord) => number;
  linkTo: (record: AnchoredRecord) => string;
}) {
  const [filters, setFilters] = useState(NO_FILTERS);
  const verified = useVerifiedHistory(patientId);
  const proved = useMemo(() => new Set(verified.data?.records.map(({ recordId }) => recordId)), [verified.data]);
  const lines = useLines(patientId, records, labelOf);
  const { found, unopened, open } = useFound(lines, filters);
  const items = useMemo(() => byMonth(found), [found]);
  const choices = useMemo(() => choicesIn(lines), [lines]);
  const isAsking = isFiltering(filters);

  return (
    <>
      {problemOf(verified) !== null && <ErrorNotice error={verified.error} retry={() => void verified.refetch()} />}
      {records.length > SEARCHABLE && <TimelineFilters {...choices} filters={filters} onChange={setFilters} />}
      <div role="status" className={css.quiet}>
        {isAsking && `${capital(count(found.length, "document"))} of ${records.length.toLocaleString()}.`}
        {unopened.length > 0 && ` ${capital(count(unopened.length, "more document"))} would have to be opened to tell.`}
      </div>
      {open && (
        <div>
          <Button variant="default" onClick={open}>
            Open them and look
          </Button>
        </div>
      )}
      {found.length === 0 && isAsking ? (
        unopened.length === 0 && (
          <Empty>Nothing here fits. Try fewer letters, another time, or anybody who wrote it.</Empty>
        )
      ) : (
        <VirtualRows
          label="Timeline"
          items={items}
          keyOf={(item) => (item.kind === "month" ? item.name : item.line.record.recordId)}
          estimate={(item) => (item.kind === "month" ? 43 : 77)}
          render={(item, placement) =>
            item.kind === "record" ? (
              <RecordRow
                key={item.line.record.recordId}
                placement={placement}
                line={item.line}
                readers={readersOf?.(item.line.record)}
                isProved={verified.data && proved.has(item.line.record.recordId)}
                to={linkTo(item.line.record)}
              />
            ) : (
              <RowsHeading key={item.name} {...placement}>
                {item.name}
              </RowsHeading>
            )
          }
        />
      )}
    </>
  );
}

/** What rows show, newest first. */
function useLines(
  patientId: PatientId,
  records: readonly AnchoredRecord[],
  labelOf: (record: AnchoredRecord) => string | null | undefined,
): readonly Line[] {
  const { connected } = useSession();
  const { data: participants } = useParticipants();
  const { data: controller } = useController(patientId);
  const account = connected?.account;
  return useMemo(() => {
    const names = new Map(participants?.map((each) => [each.account, each.name]));
    const authors = new Map<string, string>();
    const authorOf = ({ author }: AnchoredRecord) => {
      if (author === account) return "You";
      if (author === controller) return "The patient";
      return plain(names.get(author) ?? short(author));
    };
    return records
      .map((record): Line => {
        const author = authors.get(record.author) ?? authorOf(record);
        authors.set(record.author, author);
        const [label, named] = [labelOf(record) ?? "", monthOf(record.time)];
        return { record, author, label, month: named, text: `${author} ${label} ${named}`.toLocaleLowerCase() };
      })
      .reverse();
  }, [records, labelOf, participants, controller, account]);
}

/** The records that fit, those that must be opened to tell, and how to, if there are too many to do it unasked. */
function useFound(lines: readonly Line[], filters: Filters) {
  const known = useKnownManifests();
  const [isAgreed, setAgreed] = useState(false);
  const [now] = useState(() => Date.now() / 1_000);
  const { found, unopened } = useMemo(() => {
    const fitsInside = inside(filters, known.of, recordTitle);
    const fitting: Line[] = [];
    const unknown: AnchoredRecord[] = [];
    for (const line of lines) {
      if (!fitsOutside(filters, line, now)) continue;
      const fits = fitsInside(line);
      if (fits === true) fitting.push(line);
      if (fits === undefined) unknown.push(line.record);
    }
    return { found: fitting, unopened: unknown };
  }, [lines, filters, known, now]);

  const mayOpen = unopened.length > 0 && (isAgreed || unopened.length <= OPENED_UNASKED);
  const { open } = known;
  const latest = useRef(unopened);
  useEffect(() => {
    latest.current = unopened;
  }, [unopened]);
  useEffect(() => (mayOpen ? open(latest.current) : undefined), [mayOpen, open, filters]);
  return { found, unopened, open: unopened.length > 0 && !mayOpen ? () => setAgreed(true) : undefined };
}

/** What there is to choose from. */
function choicesIn(lines: readonly Line[]) {
  const distinct = <T,>(of: (line: Line) => T) => [...new Set(lines.map(of))];
  return {
    drawers: distinct(({ label }) => label).filter((label) => label !== ""),
    authors: distinct(({ author }) => author).sort(),
    years: distinct(({ record }) => new Date(record.time * 1_000).getFullYear()),
  };
}

/** `isProved` is undefined as long as the history is being checked. */
function RecordRow({
  line: { record, author, label },
  placement,
  readers,
  isProved,
  to,
}: {
  line: Line;
  placement: Placement;
  readers: number | undefined;
  isProved: boolean | undefined;
  to: string;
}) {
  const { data: manifest, error } = useManifest(record.recordId);
  return (
    <Row
      {...placement}
      to={to}
      title={exactTime(record.time)}
      icon={<RowIcon icon={error ? IconFileUnknown : drawerIcon(label)} />}
      what={
        manifest ? (
          recordTitle(manifest)
        ) : error ? (
          "A document that can't be opened now"
        ) : (
          <Skeleton w={220} h={16} radius={6} my={4} aria-label="Opening" />
        )
      }
      detail={error ? failureOf(error).what : `${author}, ${day(record.time)}`}
      side={
        <>
          {readers !== undefined && <Pill>{readers === 0 ? "only you" : `${readers} can see`}</Pill>}
          {isProved === true && manifest && (
            <Mark icon={IconCircleCheck} tone="brand">
              Verified
            </Mark>
          )}
          {isProved === false && (
            <Mark icon={IconAlertTriangle} tone="attention">
              Not proved yet
            </Mark>
          )}
        </>
      }
    />
  );
}

function byMonth(lines: readonly Line[]): Item[] {
  return lines.flatMap((line, i): Item[] => {
    const item: Item = { kind: "record", line };
    return lines[i - 1]?.month === line.month ? [item] : [{ kind: "month", name: line.month }, item];
  });
}

const months = new Map<number, string>();

/** `month`, whose wording in the reader's language takes too long to do ten thousand times. */
function monthOf(time: number): string {
  const date = new Date(time * 1_000);
  const which = date.getFullYear() * 12 + date.getMonth();
  const known = months.get(which) ?? month(time);
  months.set(which, known);
  return known;
}
