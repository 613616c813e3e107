/** The doctor's view: who has shared something, and who has stopped. */
import { IconHandStop } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";

import { ExpiryBar } from "../../components/Bars.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Avatar, PersonName } from "../../components/Person.js";
import { Empty, Pill, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { matches, Search } from "../../components/Search.js";
import ui from "../../components/ui.module.css";
import { VirtualRows } from "../../components/VirtualRows.js";
import { problemOf } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { useSessionQuery, useSharingPatients } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, count, plain, short } from "../../lib/text.js";

const SEARCHABLE = 8;

/** All patients of the person who looks. */
export default function PatientsPage() {
  const patients = useSharingPatients();
  const { data: identity } = useIdentity();
  const [query, setQuery] = useState("");
  const all = patients.data ?? [];
  const found = all.filter(({ name, patientId }) => query === "" || matches(query, `${name ?? ""} ${patientId}`));
  return (
    <Page
      title="Patients"
      sentence={
        patients.data &&
        (all.length === 0
          ? "Nobody shares anything with you now."
          : `${capital(count(all.length, "patient"))} ${all.length === 1 ? "shares" : "share"} something with you. Each can stop at any time.`)
      }
    >
      <Section title="Share with you now">
        {all.length > SEARCHABLE && <Search label="Search patients" value={query} onChange={setQuery} />}
        {problemOf(patients) !== null && <ErrorNotice error={patients.error} retry={() => void patients.refetch()} />}
        {patients.isPending && <SkeletonRows label="patients" />}
        {patients.data && all.length === 0 && <OwnAccount />}
        {found.length > 0 && (
          <VirtualRows
            label="Patients"
            items={found}
            keyOf={({ patientId }) => patientId}
            estimate={() => 96}
            render={({ patientId, name, drawers, records }, placement) => (
              <Row
                key={patientId}
                {...placement}
                icon={<Avatar name={name ?? short(patientId)} />}
                what={<PersonName name={name} id={patientId} source="decrypted" />}
                to={`/patients/${patientId}`}
                detail={
                  <span className={ui.pills}>
                    {drawers.map(({ scope, label, grant }) => (
                      <Pill key={scope}>
                        {capital(plain(label ?? "a drawer"))}:{" "}
                        {grant.rights === "read" ? "read" : grant.rights === "write" ? "add" : "read and add"}
                      </Pill>
                    ))}
                    {records.length > 0 && <Pill>{count(records.length, "single document")}</Pill>}
                  </span>
                }
                side={<ExpiryBar until={Math.min(...[...drawers, ...records].map(({ grant }) => grant.until))} />}
              />
            )}
          />
        )}
      </Section>
      {identity?.participant === null && identity.patientId === null && (
        <Notice
          title="Looking for your own record?"
          action={
            <Link className={ui.link} to="/record">
              How a record begins
            </Link>
          }
        >
          This account isn&apos;t registered as a patient yet: a civil registry confirms once who you are.
        </Notice>
      )}
      <Ended present={all.map(({ patientId }) => patientId)} />
    </Page>
  );
}

/** What a patient needs to share: this account. */
function OwnAccount() {
  const { account } = useOpenSession();
  return (
    <Empty>
      Patients who share with you will be listed here. Give them your account, so that they can find you:{" "}
      <span className="digest">{account}</span>
    </Empty>
  );
}

/** Patients whose access has ended: known here by pseudonym only. */
function Ended({ present }: { present: readonly string[] }) {
  const { account } = useOpenSession();
  const { data: grants = [] } = useSessionQuery(["chain", "granted to me", account], ({ grantsOf }, { chain }) =>
    grantsOf(chain, { grantee: account }),
  );
  const ended = new Map(
    grants
      .filter(({ patientId, state }) => state !== "active" && !present.includes(patientId))
      .map((grant) => [grant.patientId, grant]),
  );
  if (ended.size === 0) return null;
  return (
    <Section title="Has ended">
      <Rows label="Has ended">
        {[...ended.values()].map(({ patientId, state }) => (
          <Row
            key={patientId}
            icon={<RowIcon icon={IconHandStop} />}
            what={<PersonName name={null} id={patientId} source="decrypted" />}
            detail={state === "revoked" ? "The patient has stopped this access." : "This access has run out."}
            to={`/patients/${patientId}`}
          />
        ))}
      </Rows>
    </Section>
  );
}
