/** A laboratory's report: partial, final, then only corrected; each a record of its own (002-25, 002-31, 003-14). */
import type { OpenedOrder, Order } from "../../../sdk/index.js";
import { emptyReport, readReport, type ReportDraft } from "../../components/fhir/report-draft.js";
import { ReportForm } from "../../components/fhir/ReportForm.js";
import { useFhir } from "../../components/fhir/useFhir.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import { SkeletonRows } from "../../components/Rows.js";
import { SignPanel } from "../../components/SignPanel.js";
import { useDraft } from "../../lib/drafts.js";
import { useIdentity } from "../../lib/identity.js";
import { loadSdk } from "../../lib/sdk.js";
import { useOpenSession } from "../../lib/session.js";
import { useNow } from "../../lib/useNow.js";
import { report } from "./fulfilling.js";
import { patientOf, useOrdered, useReportDisclosure } from "./opened.js";
import { BENCH } from "./place.js";
import { Reporting, usePendingCheck } from "./Reporting.js";

/** The section with its panel. */
export function ReportPanel({ order, opened }: { order: Order; opened: OpenedOrder }) {
  const isCorrection = order.state === "done";
  const hint = isCorrection
    ? "Your final report counts: the contract takes no second one. What was wrong in it can be corrected, and what it said stays."
    : order.reports.length > 0
      ? "Your partial report went out. The next one takes its results up."
      : undefined;
  return (
    <Section title="Report" hint={hint}>
      <Reporting
        order={order}
        place={BENCH}
        act={isCorrection ? "Correct the report" : "Write the report"}
        label="Report"
      >
        {(close) => <Writing order={order} opened={opened} isCorrection={isCorrection} onClose={close} />}
      </Reporting>
    </Section>
  );
}

function Writing({
  order,
  opened,
  isCorrection,
  onClose,
}: {
  order: Order;
  opened: OpenedOrder;
  isCorrection: boolean;
  onClose: () => void;
}) {
  const session = useOpenSession();
  const { data: identity } = useIdentity();
  const fhir = useFhir();
  const now = useNow(30_000);
  const isPending = usePendingCheck(order);
  const ordered = useOrdered(opened);
  // Kept after signing: whoever reports can't open it again, and a final or corrected report goes on from here.
  const draft = useDraft<ReportDraft>(`order/${order.orderId}/report`);
  const status = isCorrection ? "corrected" : draft.value?.status === "partial" ? "partial" : "final";
  const disclosure = useReportDisclosure(opened, status);
  if (ordered.error) return <ErrorNotice error={ordered.error} />;
  if (!fhir || !ordered.data || draft.value === undefined) return <SkeletonRows rows={2} label="the form" />;
  const tests = ordered.data.resourceType === "Bundle" ? fhir.testsIn(ordered.data) : [];
  const value = { ...(draft.value ?? emptyReport(tests, fhir, now)), status } as const;
  const { written, problems } = readReport(value, now);
  const sign = async () => {
    if (!written || (await isPending())) return;
    const { orderId, patientId, visitId, reports } = order;
    void report(session, opened, status, async () => {
      const time = await (await loadSdk()).chainTime(session.chain);
      const author = { account: session.account, name: identity?.participant?.name ?? undefined };
      const previous = reports.at(-1)?.recordId;
      const sampled = Math.min(written.sampled, time);
      const resource = fhir.diagnosticReport({
        orderId,
        patientId,
        visitId,
        author,
        previous,
        time,
        ...written,
        sampled,
      });
      return fhir.writeFhir(resource);
    });
  };
  return (
    <>
      <ReportForm value={value} onChange={draft.keep} isCorrection={isCorrection} />
      <SignPanel
        disclosure={disclosure}
        who={patientOf(opened)}
        note="It can't be taken back. What you typed stays on this device, sealed, for the next report."
        missing={Object.values(problems)[0] ?? null}
        keep="Later"
        act={
          { partial: "Send the partial report", final: "Send the final report", corrected: "Send the correction" }[
            status
          ]
        }
        onClose={onClose}
        onSign={() => void sign()}
      />
    </>
  );
}
