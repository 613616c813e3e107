/** Who has access: present grants with their end, stopping them, and those that have ended. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";

import type { Access, PatientId } from "../../../sdk/index.js";
import { ExpiryBar } from "../../components/Bars.js";
import { Locks } from "../../components/locks/Locks.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Avatar, PersonName } from "../../components/Person.js";
import { Empty, Pill, Row, Rows, SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { problemOf } from "../../lib/errors.js";
import { byGrantee, nameOf, type Granted } from "../../lib/access.js";
import { useIdentity } from "../../lib/identity.js";
import { useAccesses } from "../../lib/queries.js";
import { capital, count, plain, untilWords } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { StopPanel } from "./StopPanel.js";

/** Everybody who can open or add something. */
export default function AccessPage() {
  const { data: identity } = useIdentity();
  const patientId = identity?.patientId;
  const accesses = useAccesses(patientId);
  const transactions = useTransactions("access/");
  if (!patientId) return null;
  const present = byGrantee(accesses.data ?? []);
  const shownInRows = new Set(present.map(({ grantee }) => `access/${grantee}`));
  return (
    <Page
      title="Access"
      sentence={accesses.data && sentenceOf(present.length)}
      action={
        <Button component={Link} to="/access/share">
          Share
        </Button>
      }
    >
      <TransactionNotices transactions={transactions.filter(({ topic }) => !shownInRows.has(topic))} />
      <Locks patientId={patientId} accesses={accesses.data ?? []} />
      {problemOf(accesses) !== null && <ErrorNotice error={accesses.error} retry={() => void accesses.refetch()} />}
      {accesses.isPending && <SkeletonRows label="who has access" />}
      {accesses.data && (
        <Section title="Has access now">
          {present.length === 0 ? (
            <Empty
              action={
                <Button component={Link} to="/access/share">
                  Share with somebody
                </Button>
              }
            >
              People you share with will be listed here, with what they can open and until when. Nobody can open
              anything of yours now.
            </Empty>
          ) : (
            <Rows label="Has access now">
              {present.map((granted) => (
                <GranteeRow key={granted.grantee} patientId={patientId} granted={granted} />
              ))}
            </Rows>
          )}
        </Section>
      )}
      <Ended accesses={accesses.data?.filter(({ grant }) => grant.state !== "active") ?? []} />
    </Page>
  );
}

function sentenceOf(people: number): string {
  if (people === 0) return "Nobody but you can open your documents.";
  return `${people === 1 ? "One account" : capital(count(people, "account"))} beside yours can open or add documents. You can stop any of them at any time.`;
}

function GranteeRow({ patientId, granted }: { patientId: PatientId; granted: Granted }) {
  const { grantee, participant, accesses } = granted;
  const [search, setSearch] = useSearchParams();
  const transactions = useTransactions(`access/${grantee}`);
  const isBusy = transactions.some(isUnderWay);
  const isStopping = search.get("stop") === grantee && !isBusy;
  const canAdd = accesses.some(({ grant }) => grant.rights !== "read");
  const canRead = accesses.some(({ grant }) => grant.rights !== "write");
  return (
    <Row
      icon={<Avatar name={nameOf(participant, grantee)} />}
      what={<PersonName name={participant?.name ?? null} id={grantee} source="accredited" />}
      detail={
        <>
          {participant?.valid === false || participant === null
            ? "Nobody vouches for this account"
            : capital(
                [participant.role, participant.department]
                  .filter(Boolean)
                  .map((text) => plain(String(text)))
                  .join(", "),
              )}
          <span className={ui.pills}>
            {accesses.map(({ grant, label }) => (
              <Pill key={grant.subject}>{label ? capital(plain(label)) : "One document"}</Pill>
            ))}
          </span>
        </>
      }
      side={
        <>
          <Pill>{canRead && canAdd ? "reads and adds" : canAdd ? "adds" : "reads"}</Pill>
          <ExpiryBar until={Math.min(...accesses.map(({ grant }) => grant.until))} />
          <Button
            variant="subtle"
            color="danger"
            disabled={isBusy}
            aria-expanded={isStopping}
            onClick={() => setSearch(isStopping ? {} : { stop: grantee }, { replace: true })}
          >
            Stop
          </Button>
        </>
      }
      under={
        isStopping ? (
          <StopPanel patientId={patientId} granted={granted} onClose={() => setSearch({}, { replace: true })} />
        ) : (
          transactions.length > 0 && <TransactionNotices transactions={transactions} />
        )
      }
    />
  );
}

/** A few at first: this list only grows. */
const FEW = 5;

function Ended({ accesses }: { accesses: readonly Access[] }) {
  const [isAll, setAll] = useState(false);
  if (accesses.length === 0) return null;
  return (
    <Section title="Has ended">
      <Rows label="Has ended">
        {accesses.slice(0, isAll ? undefined : FEW).map(({ grant, grantee, label }) => (
          <Row
            key={`${grant.transactionHash}/${grant.logIndex}`}
            icon={<Avatar name={nameOf(grantee, grant.grantee)} />}
            what={<PersonName name={grantee?.name ?? null} id={grant.grantee} source="accredited" />}
            detail={label ? capital(plain(label)) : "One document"}
            side={<Pill>{grant.state === "revoked" ? "you stopped it" : `ended, was ${untilWords(grant.until)}`}</Pill>}
          />
        ))}
      </Rows>
      {accesses.length > FEW && !isAll && (
        <div>
          <button type="button" className={ui.link} onClick={() => setAll(true)}>
            Show all {accesses.length}
          </button>
        </div>
      )}
    </Section>
  );
}
