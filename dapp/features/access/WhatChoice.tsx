/** What to share: drawers to read, to add to or both, or the one document that was chosen before. */
import { SegmentedControl } from "@mantine/core";

import type { PatientId, RecordId, Rights, ScopeId } from "../../../sdk/index.js";
import { DrawerChoice } from "../../components/DrawerChoice.js";
import { drawerIcon } from "../../components/drawers.js";
import { recordTitle } from "../../components/record/Timeline.js";
import { Empty, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { useDrawers, useManifests, useRecords } from "../../lib/queries.js";

/** The choice. */
export interface What {
  scopes: readonly ScopeId[];
  records: readonly RecordId[];
  rights: Rights;
}

const RIGHTS: { value: Rights; label: string }[] = [
  { value: "read", label: "Read" },
  { value: "read and write", label: "Read and add" },
  { value: "write", label: "Only add" },
];

/** Checkboxes for drawers; a drawer holds what is in it and what will come. */
export function WhatChoice({
  patientId,
  record,
  what,
  onChange,
}: {
  patientId: PatientId | null;
  /** The document that was chosen before, or null. */
  record: RecordId | null;
  what: What;
  onChange: (what: What) => void;
}) {
  const drawers = useDrawers(patientId);
  const { data: records = [] } = useRecords(patientId);
  const one = records.filter(({ recordId }) => recordId === record);
  const manifest = useManifests(one).get(record ?? "")?.data;
  if (!drawers.data) return <SkeletonRows label="your drawers" />;
  if (record) {
    return (
      <Rows label="What to share">
        <Row
          icon={
            <RowIcon icon={drawerIcon(drawers.data.find(({ scope }) => scope === one[0]?.scope)?.label)} tone="brand" />
          }
          what={manifest ? recordTitle(manifest) : "One document"}
          detail="This document alone, for reading. Nothing else, and nothing that comes later."
        />
      </Rows>
    );
  }
  if (drawers.data.length === 0) {
    return (
      <Empty>Your drawers will be listed here once they hold something. Add a document to your record first.</Empty>
    );
  }
  return (
    <>
      <DrawerChoice
        drawers={drawers.data}
        records={records}
        chosen={what.scopes}
        onChange={(scopes) => onChange({ ...what, scopes })}
      />
      <SegmentedControl
        aria-label="What they may do"
        data={RIGHTS}
        value={what.rights}
        onChange={(rights) => onChange({ ...what, rights })}
        style={{ alignSelf: "flex-start", maxInlineSize: "100%" }}
      />
    </>
  );
}
