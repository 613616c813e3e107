/** One document that a patient shares. */
import { useParams } from "react-router";

import type { PatientId, RecordId } from "../../../sdk/index.js";
import { Page } from "../../components/Page.js";
import { OpenedDocument, useOpened } from "../../components/record/OpenedDocument.js";
import { recordTitle } from "../../components/record/Timeline.js";
import { useParticipant, useSharingPatients } from "../../lib/queries.js";
import { useSession } from "../../lib/session.js";
import { day, plain, short } from "../../lib/text.js";
import { Refused } from "./Refused.js";

/** A document of a patient who shares it. */
export default function PatientDocumentPage() {
  const { patientId, recordId } = useParams() as { patientId: PatientId; recordId: RecordId };
  const { connected } = useSession();
  const { data: patients } = useSharingPatients();
  const shown = useOpened(recordId);
  const opened = shown.opened.data;
  const { data: author } = useParticipant(opened?.record.author);
  if (patients && !patients.some((each) => each.patientId === patientId)) return <Refused patientId={patientId} />;
  const name = plain(patients?.find((each) => each.patientId === patientId)?.name ?? `Patient ${short(patientId)}`);
  const by = opened?.record.author === connected?.account ? "you" : plain(author?.name ?? "the patient");
  return (
    <Page
      back={{ to: `/patients/${patientId}`, label: name }}
      title={opened ? recordTitle(opened.manifest) : "Document"}
      sentence={
        opened && `${name}'s. Added by ${by} on ${day(opened.record.time)}. Opened on this device, for you alone.`
      }
    >
      <OpenedDocument {...shown} />
    </Page>
  );
}
