/** Files beside the reports on an order: a scan, a picture, a curve. They don't count as a report (002-31). */
import type { OpenedOrder, ScopeLabel } from "../../../sdk/index.js";
import { AddDocument } from "../../components/record/AddDocument.js";
import { useOpenSession } from "../../lib/session.js";
import { attach } from "./fulfilling.js";
import { useReportDisclosure } from "./opened.js";

/** A place to drop them. */
export function Attach({ opened }: { opened: OpenedOrder }) {
  const session = useOpenSession();
  const { data: disclosure = null } = useReportDisclosure(opened, "partial");
  return (
    <AddDocument
      patientId={opened.order.patientId}
      label="Add files to this order"
      hint="A PDF, a picture, a DICOM file, anything up to 256 MB. Each is sealed before it leaves this device."
      destinations={opened.drawers.map(({ label, ...drawer }) => ({
        label: label as ScopeLabel,
        drawer: { ...drawer, label, patientId: opened.order.patientId, state: "open" },
        readers: [],
      }))}
      way={{
        publish: (draft) => attach(session, opened, draft),
        disclose: () => disclosure,
        columns: ["Readers", "The storage"],
      }}
    />
  );
}
