/** The reports on an order, each naming the one before: nothing is ever overwritten (002-31, 003-14). */
import { IconFileCheck, IconFilePencil, IconFileTime, IconPill, type Icon } from "@tabler/icons-react";
import { Link } from "react-router";

import type { Order, RecordId } from "../../../sdk/index.js";
import { nameOf } from "../../lib/access.js";
import { useParticipant, useReaderQuery } from "../../lib/queries.js";
import { clock, exactTime, plain } from "../../lib/text.js";
import { Mark, type Tone } from "../Rows.js";
import css from "./record.module.css";

type Report = Order["reports"][number];

const SHAPES: Readonly<Record<Report["status"], { icon: Icon; tone?: Tone; word: string }>> = {
  partial: { icon: IconFileTime, word: "Partial report" },
  final: { icon: IconFileCheck, tone: "brand", word: "Final report" },
  corrected: { icon: IconFilePencil, tone: "attention", word: "Corrected report" },
};

/** What a report is called: of a prescription, which dispensing it was. */
export function reportWords({ role }: Pick<Order, "role">, { status, done }: Pick<Report, "status" | "done">): string {
  if (role !== "pharmacy") return SHAPES[status].word;
  return status === "corrected" ? `Dispensing ${done}, corrected` : `Dispensing ${done}`;
}

/** Newest first. `linkTo` leads to a report, for whoever can open it. */
export function Reports({ order, linkTo }: { order: Order; linkTo?: (report: Report) => string }) {
  return (
    <ol className={css.reports} aria-label="Reports" reversed>
      {order.reports.toReversed().map((report) => (
        <li key={report.recordId} className={css.report}>
          <ReportLine order={order} report={report} to={linkTo?.(report)} />
        </li>
      ))}
    </ol>
  );
}

function ReportLine({ order, report, to }: { order: Order; report: Report; to: string | undefined }) {
  const { data: by = null } = useParticipant(report.by);
  const time = useTimeOf(report.recordId);
  const timeBefore = useTimeOf(report.previous);
  const { icon, tone } = order.role === "pharmacy" ? { icon: IconPill, tone: undefined } : SHAPES[report.status];
  const words = reportWords(order, report);
  return (
    <>
      <Mark icon={icon} tone={tone}>
        {to === undefined ? words : <Link to={to}>{words}</Link>}
      </Mark>
      <span className={css.quiet} title={time === undefined ? undefined : exactTime(time)}>
        {plain(nameOf(by, report.by))}
        {time === undefined ? "" : `, ${clock(time)}`}
        {timeBefore !== undefined && order.role !== "pharmacy"
          ? `. Follows the one of ${clock(timeBefore)}, which stays.`
          : ""}
      </span>
    </>
  );
}

/** When a record came to the chain, which never changes. Unix seconds. */
function useTimeOf(recordId: RecordId | null): number | undefined {
  const { data } = useReaderQuery(
    ["opened", "record time", recordId],
    async ({ recordById }, reader) => (await recordById(reader, recordId ?? "0x")).time,
    recordId !== null,
  );
  return data;
}
