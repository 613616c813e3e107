/** My record: what is in it, what needs me, who can see it, and everything by month. */
import { Button } from "@mantine/core";
import { IconFileDiff, IconLockExclamation } from "@tabler/icons-react";
import { Link } from "react-router";

import type { Access, AnchoredRecord, PatientId } from "../../../sdk/index.js";
import { ExpiryBar } from "../../components/Bars.js";
import { DRAWER_LABELS } from "../../components/drawers.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Avatar, PersonName } from "../../components/Person.js";
import { AddDocument, type Destination } from "../../components/record/AddDocument.js";
import { Interrupted } from "../../components/record/Interrupted.js";
import { recordTopic } from "../../components/record/publishDocument.js";
import { Timeline } from "../../components/record/Timeline.js";
import { Pill, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { problemOf } from "../../lib/errors.js";
import { byGrantee, canOpen, nameOf } from "../../lib/access.js";
import { useIdentity } from "../../lib/identity.js";
import {
  useAccesses,
  useDrawers,
  useDrawersToClose,
  useParticipants,
  usePolicies,
  useRecords,
} from "../../lib/queries.js";
import { capital, count, plain } from "../../lib/text.js";
import { useTransactions } from "../../lib/transactions.js";

/** The patient's own record. */
export default function RecordPage() {
  const { data: identity } = useIdentity();
  const patientId = identity?.patientId;
  const records = useRecords(patientId);
  const accesses = useAccesses(patientId);
  if (!patientId) return null;
  const readers = byGrantee((accesses.data ?? []).filter(canOpen)).length;
  return (
    <Page title="Your record" sentence={records.data && accesses.data && sentenceOf(records.data.length, readers)}>
      <NeedsYou patientId={patientId} />
      {readers > 0 && <WhoCanSee accesses={(accesses.data ?? []).filter(canOpen)} />}
      <TimelineSection patientId={patientId} records={records} accesses={accesses.data ?? []} />
    </Page>
  );
}

function sentenceOf(documents: number, readers: number): string {
  if (documents === 0) return "Nothing is in it yet. What you add, only you can open until you share it.";
  const many = capital(count(documents, "document"));
  if (readers === 0) return `${many}. Only you can open ${documents === 1 ? "it" : "them"}.`;
  return `${many}. Only you and the ${readers === 1 ? "one" : readers} below can open any of ${documents === 1 ? "it" : "them"}.`;
}

/** What waits for the person, first of all. */
function NeedsYou({ patientId }: { patientId: PatientId }) {
  const { data: policies = [] } = usePolicies({ patientId });
  const { data: toClose = [] } = useDrawersToClose(patientId);
  const { data: participants = [] } = useParticipants();
  const offers = policies.filter(({ status }) => status === "offered");
  if (offers.length + toClose.length === 0) return null;
  return (
    <Rows label="What needs you" tone="attention">
      {toClose.length > 0 && (
        <Row
          icon={<RowIcon icon={IconLockExclamation} tone="attention" />}
          what="Somebody's access has run out"
          detail={`Change the lock of ${toClose.map(({ label }) => label).join(", ")}, so that new documents are closed to the key they kept.`}
          side={
            <Button variant="default" component={Link} to="/access">
              Review
            </Button>
          }
        />
      )}
      {offers.map(({ policyId, insurer }) => (
        <Row
          key={policyId}
          icon={<RowIcon icon={IconFileDiff} tone="attention" />}
          what={`${plain(participants.find(({ account }) => account === insurer)?.name ?? "An insurer")} offers you a policy`}
          detail="Nothing changes unless you accept."
          side={
            <Button variant="default" component={Link} to={`/insurance/${policyId}`}>
              Compare
            </Button>
          }
        />
      ))}
    </Rows>
  );
}

function WhoCanSee({ accesses }: { accesses: readonly Access[] }) {
  return (
    <Section
      title="Who can see it"
      action={
        <Link className={ui.link} to="/access">
          Manage access
        </Link>
      }
    >
      <Rows label="Who can see it">
        {byGrantee(accesses).map(({ grantee, participant, accesses: own }) => (
          <Row
            key={grantee}
            icon={<Avatar name={nameOf(participant, grantee)} />}
            what={<PersonName name={participant?.name ?? null} id={grantee} source="accredited" />}
            detail={
              <span className={ui.pills}>
                {own.map(({ grant, label }) => (
                  <Pill key={grant.subject}>{label ? capital(plain(label)) : "One document"}</Pill>
                ))}
              </span>
            }
            side={
              <>
                <ExpiryBar until={Math.min(...own.map(({ grant }) => grant.until))} />
                <Button variant="subtle" color="danger" component={Link} to={`/access?stop=${grantee}`}>
                  Stop
                </Button>
              </>
            }
          />
        ))}
      </Rows>
    </Section>
  );
}

function TimelineSection({
  patientId,
  records,
  accesses,
}: {
  patientId: PatientId;
  records: ReturnType<typeof useRecords>;
  accesses: readonly Access[];
}) {
  const { data: drawers } = useDrawers(patientId);
  const underWay = useTransactions(recordTopic(patientId)).filter(({ status }) => status.state !== "final");
  const labelOf = ({ scope }: AnchoredRecord) => drawers?.find((drawer) => drawer.scope === scope)?.label;
  const destinations = DRAWER_LABELS.map((label): Destination => {
    const drawer = drawers?.find((each) => each.label === label) ?? null;
    const inside = accesses.filter(({ grant }) => drawer !== null && grant.subject === drawer.scope);
    return {
      label,
      drawer,
      readers: inside.filter(canOpen).map(({ grant, grantee }) => nameOf(grantee, grant.grantee)),
    };
  });
  return (
    <Section title="Timeline">
      {drawers && <AddDocument patientId={patientId} destinations={destinations} />}
      <TransactionNotices transactions={underWay} />
      <Interrupted patientId={patientId} />
      {problemOf(records) !== null && <ErrorNotice error={records.error} retry={() => void records.refetch()} />}
      {records.isPending && <SkeletonRows label="your documents" rows={5} />}
      {records.data && records.data.length > 0 && (
        <Timeline
          patientId={patientId}
          records={records.data}
          labelOf={labelOf}
          readersOf={({ scope, recordId }) =>
            new Set(
              accesses
                .filter((access) => canOpen(access) && [scope, recordId].includes(access.grant.subject))
                .map(({ grant }) => grant.grantee),
            ).size
          }
          linkTo={({ recordId }) => `/record/${recordId}`}
        />
      )}
    </Section>
  );
}
