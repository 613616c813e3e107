/** Adding a file to the visit: a letter, a picture, a DICOM image (002-26). */
import type { ScopeLabel } from "../../../sdk/index.js";
import { AddDocument } from "../../components/record/AddDocument.js";
import { useOpenSession } from "../../lib/session.js";
import { attach } from "./ordering.js";
import { patientIn, useWritingDisclosure, type Writing } from "./writing.js";

/** A place to drop files. Each is looked at before it is signed. */
export function FilePanel({ access, hospital }: Writing) {
  const session = useOpenSession();
  const { data: disclosure = null } = useWritingDisclosure({ access, hospital });
  const { patientId } = access.visit;
  return (
    <AddDocument
      patientId={patientId}
      label="Add files to this visit"
      hint="A PDF, a picture, a DICOM file, anything up to 256 MB. Each is sealed before it leaves this device."
      destinations={access.drawers.map(({ scope, label, publicKey, epoch }) => ({
        label: label as ScopeLabel,
        drawer: { patientId, scope, label, publicKey, epoch, state: "open" },
        readers: [],
      }))}
      way={{
        publish: (draft) => attach(session, access, draft),
        disclose: () => disclosure,
        columns: [patientIn(access), "The storage"],
      }}
    />
  );
}
