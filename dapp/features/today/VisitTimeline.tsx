/** The record as this visit may see it: readable drawers, and all that is written in the visit. */
import type { AnchoredRecord, RecordId, VisitAccess } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Timeline } from "../../components/record/Timeline.js";
import { Empty, SkeletonRows } from "../../components/Rows.js";
import { problemOf } from "../../lib/errors.js";
import { useSessionQuery } from "../../lib/queries.js";

/** The records that can be opened in a visit, oldest first. */
export function useVisitTimeline(access: VisitAccess) {
  return useSessionQuery<AnchoredRecord[]>(["chain", "visit timeline", access.visitId], ({ visitTimeline }, session) =>
    visitTimeline(session, access),
  );
}

/** The list. */
export function VisitTimeline({ access }: { access: VisitAccess }) {
  const records = useVisitTimeline(access);
  if (problemOf(records) !== null) return <ErrorNotice error={records.error} retry={() => void records.refetch()} />;
  if (!records.data) return <SkeletonRows label="the record" />;
  if (records.data.length === 0) {
    return (
      <Empty>
        What you write here is listed from then on, and what comes in. The patient opened no drawer to this visit, or
        nothing is in the ones that they opened.
      </Empty>
    );
  }
  return (
    <Timeline
      patientId={access.visit.patientId}
      records={records.data}
      labelOf={({ scope }) => access.drawers.find((drawer) => drawer.scope === scope)?.label}
      linkTo={({ recordId }: { recordId: RecordId }) => `/today/${access.visitId}/${recordId}`}
    />
  );
}
