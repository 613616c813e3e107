/** Records by month, newest first, with a search over what they are called. */
import { Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconFileUnknown } from "@tabler/icons-react";
import { useState } from "react";

import type { AnchoredRecord, Manifest, PatientId } from "../../../sdk/index.js";
import { failureOf } from "../../lib/errors.js";
import { useManifests, useParticipants, useVerifiedHistory } from "../../lib/queries.js";
import { useSession } from "../../lib/session.js";
import { day, exactTime, month, plain, short } from "../../lib/text.js";
import { drawerIcon } from "../drawers.js";
import { ErrorNotice } from "../Notice.js";
import { Empty, Mark, Pill, Row, RowIcon, RowsHeading } from "../Rows.js";
import { matches, Search } from "../Search.js";
import { VirtualRows, type Placement } from "../VirtualRows.js";

/** A list that takes longer than this to look through gets a search field. */
const SEARCHABLE = 8;

type Item = { kind: "month"; name: string } | { kind: "record"; record: AnchoredRecord };

/** What a record is called. */
export function recordTitle(manifest: Pick<Manifest, "title" | "fileName">): string {
  return plain(manifest.title ?? manifest.fileName, 120);
}

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
  const manifests = useManifests(newestFirst);
  const verified = useVerifiedHistory(patientId);
  const { data: participants = [] } = useParticipants();
  const proved = new Set(verified.data?.records.map(({ recordId }) => recordId));

  const authorOf = ({ author }: AnchoredRecord) =>
    author === connected?.account
      ? "You"
      : plain(participants.find(({ account }) => account === author)?.name ?? short(author));
  const found = newestFirst.filter((record) => {
    const manifest = manifests.get(record.recordId)?.data;
    const text = [
      manifest && `${recordTitle(manifest)} ${manifest.fileName}`,
      authorOf(record),
      labelOf(record),
      month(record.time),
    ];
    return query === "" || matches(query, text.filter(Boolean).join(" "));
  });

  const row = (record: AnchoredRecord, placement: Placement) => {
    const manifest = manifests.get(record.recordId);
    const readers = readersOf?.(record) ?? 0;
    const isProved = manifest?.data !== undefined && proved.has(record.recordId);
    return (
      <Row
        key={record.recordId}
        {...placement}
        to={linkTo(record)}
        title={exactTime(record.time)}
        icon={<RowIcon icon={manifest?.error ? IconFileUnknown : drawerIcon(labelOf(record))} />}
        what={
          manifest?.data ? (
            recordTitle(manifest.data)
          ) : manifest?.error ? (
            "A document that can't be opened now"
          ) : (
            <Skeleton w={220} h={16} radius={6} my={4} aria-label="Opening" />
          )
        }
        detail={manifest?.error ? failureOf(manifest.error).what : `${authorOf(record)}, ${day(record.time)}`}
        side={
          <>
            {readersOf && <Pill>{readers === 0 ? "only you" : `${readers} can see`}</Pill>}
            {isProved && (
              <Mark icon={IconCircleCheck} tone="brand">
                Verified
              </Mark>
            )}
            {verified.data && !proved.has(record.recordId) && (
              <Mark icon={IconAlertTriangle} tone="attention">
                Not proved yet
              </Mark>
            )}
          </>
        }
      />
    );
  };

  return (
    <>
      {verified.error && <ErrorNotice error={verified.error} retry={() => void verified.refetch()} />}
      {records.length > SEARCHABLE && <Search label="Search this record" value={query} onChange={setQuery} />}
      {found.length === 0 && query !== "" ? (
        <Empty>Nothing here is called that. Try fewer letters, a month, or who wrote it.</Empty>
      ) : (
        <VirtualRows
          label="Timeline"
          items={byMonth(found)}
          keyOf={(item) => (item.kind === "month" ? item.name : item.record.recordId)}
          estimate={(item) => (item.kind === "month" ? 43 : 77)}
          render={(item, placement) =>
            item.kind === "record" ? (
              row(item.record, placement)
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

function byMonth(records: readonly AnchoredRecord[]): Item[] {
  return records.flatMap((record, i): Item[] => {
    const name = month(record.time);
    const before = records[i - 1];
    const item: Item = { kind: "record", record };
    return before && month(before.time) === name ? [item] : [{ kind: "month", name }, item];
  });
}
