/** Writing a note of the visit, which becomes a FHIR Encounter (002-30). */
import { EMPTY_NOTE, readNote, type NoteDraft } from "../../components/fhir/drafts.js";
import { NoteForm } from "../../components/fhir/NoteForm.js";
import { SkeletonRows } from "../../components/Rows.js";
import { SignPanel } from "../../components/SignPanel.js";
import { useDraft } from "../../lib/drafts.js";
import { loadSdk } from "../../lib/sdk.js";
import { useOpenSession } from "../../lib/session.js";
import { write } from "./ordering.js";
import { draftName, patientIn, problemIn, useAuthor, useWritingDisclosure, type Writing } from "./writing.js";

/** The form, and what signing it tells whom. */
export function NotePanel({ access, hospital, openedAt, onClose }: Writing) {
  const session = useOpenSession();
  const author = useAuthor();
  const draft = useDraft<NoteDraft>(draftName(access.visitId, "note"));
  const disclosure = useWritingDisclosure({ access, hospital });
  if (draft.value === undefined) return <SkeletonRows rows={2} label="what you have written" />;
  const value = draft.value ?? EMPTY_NOTE;
  const { written, problems } = readNote(value);
  const sign = () => {
    if (!written) return;
    const { visitId, visit } = access;
    const signed = { drop: draft.drop, putBack: () => draft.keep(value) };
    void write(session, access, signed, async () => {
      const { fhir } = await loadSdk();
      const of = { visitId, patientId: visit.patientId, author, hospital: { account: visit.hospital, name: hospital } };
      return fhir.writeFhir(fhir.encounter({ ...of, ...written, from: openedAt }), written.reasons?.[0]);
    });
  };
  return (
    <>
      <NoteForm value={value} onChange={draft.keep} />
      <SignPanel
        disclosure={disclosure}
        who={patientIn(access)}
        note="What is added stays in the patient's record: it can't be altered or taken back."
        missing={problemIn(problems)}
        keep="Later"
        act="Sign the note"
        onClose={onClose}
        onSign={sign}
      />
    </>
  );
}
