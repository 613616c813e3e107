/** Records by month, newest first, with a search over what they are called. */
import { Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconFileUnknown } from "@tabler/icons-react";
import { useState } from "react";

import type { AnchoredRecord, Manifest, PatientId } from "../../../sdk/index.js";
import { failureOf, problemOf } from "../../lib/errors.js";
import { useController, useManifest, useManifests, useParticipants, useVerifiedHistory } from "../../lib/queries.js";
import { useSession } from "../../lib/session.js";
import { count, day, exactTime, month, plain, short } from "../../lib/text.js";
import { drawerIcon } from "../drawers.js";
import { ErrorNotice } from "../Notice.js";
import { Empty, Mark, Pill, Row, RowIcon, RowsHeading } from "../Rows.js";
import { matches, Search } from "../Search.js";
import { VirtualRows, type Placement } from "../VirtualRows.js";
import css from "./record.module.css";

/** A list that takes longer than this to look through gets a search field. */
const SEARCHABLE = 8;

type Item = { kind: "month"; name: string } | { kind: "record"; record: AnchoredRecord };

/** What a record is called. */
export function recordTitle(manifest: Pick<Manifest, "title" | "fileName">): string {
  return plain(manifest.title ?? manifest.fileName, 120);
}

const NONE: readonly AnchoredRecord[] = [];

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
  const [query, setQuery] = useState("");
  const { connected } = useSession();
  const newestFirst = records.toReversed();
  // A search looks into all of them; without one, each row asks for its own.
  const manifests = useManifests(query === "" ? NONE : newestFirst);
  const verified = useVerifiedHistory(patientId);
  const { data: participants = [] } = useParticipants();
  const proved = new Set(verified.data?.records.map(({ recordId }) => recordId));

  const { data: controller } = useController(patientId);
  const authorOf = ({ author }: AnchoredRecord) => {
    if (author === connected?.account) return "You";
    if (author === controller) return "The patient";
    return plain(participants.find(({ account }) => account === author)?.name ?? short(author));
  };
  const found = newestFirst.filter((record) => {
    if (query === "") return true;
    const manifest = manifests.get(record.recordId)?.data;
    const text = [
      manifest && `${recordTitle(manifest)} ${manifest.fileName}`,
      authorOf(record),
      labelOf(record),
      month(record.time),
    ];
    return matches(query, text.filter(Boolean).join(" "));
  });
  const unread = [...manifests.values()].filter(({ isPending }) => isPending).length;

  return (
    <>
      {problemOf(verified) !== null && <ErrorNotice error={verified.error} retry={() => void verified.refetch()} />}
      {records.length > SEARCHABLE && <Search label="Search this record" value={query} onChange={setQuery} />}
      <div role="status" className={css.quiet}>
        {unread > 0 && `Opening ${count(unread, "more document")} to look into.`}
      </div>
      {found.length === 0 && query !== "" ? (
        unread === 0 && <Empty>Nothing here is called that. Try fewer letters, a month, or who wrote it.</Empty>
      ) : (
        <VirtualRows
          label="Timeline"
          items={byMonth(found)}
          keyOf={(item) => (item.kind === "month" ? item.name : item.record.recordId)}
          estimate={(item) => (item.kind === "month" ? 43 : 77)}
          render={(item, placement) =>
            item.kind === "record" ? (
              <RecordRow
                key={item.record.recordId}
                placement={placement}
                record={item.record}
                author={authorOf(item.record)}
                label={labelOf(item.record)}
                readers={readersOf?.(item.record)}
                isProved={verified.data && proved.has(item.record.recordId)}
                to={linkTo(item.record)}
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

/** `isProved` is undefined as long as the history is being checked. */
function RecordRow({
  record,
  placement,
  author,
  label,
  readers,
  isProved,
  to,
}: {
  record: AnchoredRecord;
  placement: Placement;
  author: string;
  label: string | null | undefined;
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

function byMonth(records: readonly AnchoredRecord[]): Item[] {
  return records.flatMap((record, i): Item[] => {
    const name = month(record.time);
    const before = records[i - 1];
    const item: Item = { kind: "record", record };
    return before && month(before.time) === name ? [item] : [{ kind: "month", name }, item];
  });
}
