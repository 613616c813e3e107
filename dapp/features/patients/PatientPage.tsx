/** One patient, as far as they share: documents to read, drawers to add to. */
import { useParams } from "react-router";

import type { AnchoredRecord, PatientId, ScopeLabel, SharingPatient } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { AddDocument, type Destination } from "../../components/record/AddDocument.js";
import { Interrupted } from "../../components/record/Interrupted.js";
import { recordTopic } from "../../components/record/publishDocument.js";
import { Timeline } from "../../components/record/Timeline.js";
import { Empty, SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { problemOf } from "../../lib/errors.js";
import { useRecords, useSessionQuery, useSharingPatients } from "../../lib/queries.js";
import { and, capital, count, plain, short, untilWords } from "../../lib/text.js";
import { useTransactions } from "../../lib/transactions.js";
import { Refused } from "./Refused.js";

/** What a patient shares with the person who looks. */
export default function PatientPage() {
  const patientId = useParams().patientId as PatientId;
  const patients = useSharingPatients();
  const patient = patients.data?.find((each) => each.patientId === patientId);
  const back = { to: "/patients", label: "Patients" };
  if (patients.error) {
    return (
      <Page back={back} title={`Patient ${short(patientId)}`}>
        <ErrorNotice error={patients.error} retry={() => void patients.refetch()} />
      </Page>
    );
  }
  if (!patients.data) {
    return (
      <Page back={back} title="Patient">
        <SkeletonRows label="the patient" />
      </Page>
    );
  }
  return patient ? <Sharing patient={patient} /> : <Refused patientId={patientId} />;
}

function Sharing({ patient }: { patient: SharingPatient }) {
  const { patientId, name, drawers, records: single } = patient;
  const records = useRecords(patientId);
  const underWay = useTransactions(recordTopic(patientId)).filter(({ status }) => status.state !== "final");
  const { data: granted = [] } = useSessionQuery(
    ["chain", "granted drawers", patientId],
    ({ grantedDrawers }, session) => grantedDrawers(session, patientId),
  );
  const canAdd = drawers.filter(({ grant }) => grant.rights !== "read").map(({ scope }) => scope);
  const destinations = granted
    .filter(({ scope }) => canAdd.includes(scope))
    .map((drawer): Destination => ({
      label: drawer.label as ScopeLabel,
      drawer,
      readers: ["The patient, and those they let read this drawer,"],
    }));
  const labelOf = ({ scope }: AnchoredRecord) => drawers.find((each) => each.scope === scope)?.label;
  const canRead = single.length > 0 || drawers.some(({ grant }) => grant.rights !== "write");
  const end = Math.min(...[...drawers, ...single].map(({ grant }) => grant.until));
  return (
    <Page
      back={{ to: "/patients", label: "Patients" }}
      title={name === null ? `Patient ${short(patientId)}` : plain(name)}
      sentence={`Shares ${[and(drawers.map(({ label }) => plain(label ?? "a drawer"))), single.length > 0 ? count(single.length, "single document") : ""].filter(Boolean).join(" and ")} with you, ${untilWords(end).replace("you stop", "they stop")}. Known on chain as ${short(patientId)}.`}
    >
      <Section title="Documents">
        {destinations.length > 0 && (
          <AddDocument
            patientId={patientId}
            destinations={destinations}
            label={`Add to ${destinations.map(({ label }) => capital(plain(label))).join(", ")}`}
          />
        )}
        <TransactionNotices transactions={underWay} />
        <Interrupted patientId={patientId} />
        {problemOf(records) !== null && <ErrorNotice error={records.error} retry={() => void records.refetch()} />}
        {records.isPending && <SkeletonRows label="documents" />}
        {records.data?.length === 0 && (
          <Empty>
            {canRead
              ? "Documents in these drawers will be listed here. There are none yet."
              : "You may add documents here, but not read any. What you add is sealed to the patient."}
          </Empty>
        )}
        {records.data && records.data.length > 0 && (
          <Timeline
            patientId={patientId}
            records={records.data}
            labelOf={labelOf}
            linkTo={({ recordId }) => `/patients/${patientId}/${recordId}`}
          />
        )}
      </Section>
    </Page>
  );
}
