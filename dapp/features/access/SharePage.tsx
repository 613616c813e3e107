/** Sharing: with whom, what, until when, who will know; then sign. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import type { Address, Participant, RecordId } from "../../../sdk/index.js";
import { EndChoice, inDays, type Span } from "../../components/EndChoice.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { PersonSearch } from "../../components/PersonSearch.js";
import { SkeletonRows } from "../../components/Rows.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { nameOf } from "../../lib/access.js";
import { useIdentity } from "../../lib/identity.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, day, plain, untilWords } from "../../lib/text.js";
import { share } from "./share.js";
import { usePrepared } from "./usePrepared.js";
import { WhatChoice, type What } from "./WhatChoice.js";

/** The SDK's `FOREVER`, told before the SDK is loaded. */
const NO_END = 2 ** 48 - 1;

const SPANS: readonly Span[] = [
  { label: "7 days", end: () => inDays(7) },
  { label: "30 days", end: () => inDays(30) },
  { label: "Until I stop it", end: () => NO_END },
];

/** The share flow, on one page. */
export default function SharePage() {
  const [search] = useSearchParams();
  const [person, setPerson] = useState<{ account: Address; participant: Participant | null } | null>(null);
  const record = search.get("record") as RecordId | null;
  if (!person) {
    return (
      <Page
        back={record ? { to: `/record/${record}`, label: "The document" } : { to: "/access", label: "Access" }}
        title="Share with"
        sentence="Choose a doctor, laboratory, hospital or other account. Nothing is shared before you sign."
      >
        <PersonSearch onChoose={(account, participant) => setPerson({ account, participant })} />
      </Page>
    );
  }
  return <Terms {...person} record={record} onBack={() => setPerson(null)} />;
}

function Terms({
  account,
  participant,
  record,
  onBack,
}: {
  account: Address;
  participant: Participant | null;
  record: RecordId | null;
  onBack: () => void;
}) {
  const session = useOpenSession();
  const navigate = useNavigate();
  const { data: identity } = useIdentity();
  const [what, setWhat] = useState<What>({ scopes: [], records: record ? [record] : [], rights: "read" });
  const [until, setUntil] = useState(() => inDays(30));
  const { prepared, disclosure, organisation } = usePrepared(
    identity?.patientId ?? null,
    { account, participant },
    what,
    until,
  );
  const name = plain(nameOf(participant, account));
  const isEmpty = what.scopes.length + what.records.length === 0;

  const sign = () => {
    if (!prepared.data) return;
    // The row in the list shows how far it is.
    void share(session, prepared.data);
    void navigate("/access");
  };
  return (
    <Page
      title={`Share with ${name}`}
      sentence={
        participant
          ? `${capital(
              [participant.role, participant.department]
                .filter(Boolean)
                .map((text) => plain(String(text)))
                .join(", "),
            )}. Accredited${organisation ? ` by ${organisation}` : ""} until ${day(participant.until)}.`
          : "Nobody vouches for this account. Share only if you know for certain whose it is."
      }
      action={
        <Button variant="default" onClick={onBack}>
          Somebody else
        </Button>
      }
    >
      <Section title="What">
        <WhatChoice patientId={identity?.patientId ?? null} record={record} what={what} onChange={setWhat} />
      </Section>
      <Section title="Until">
        <EndChoice spans={SPANS} initial={1} date={() => inDays(14)} onChange={setUntil} />
      </Section>
      <Section title="Before you sign: who will know what">
        {isEmpty ? (
          <p className={ui.sectionHint}>
            Choose something to share above. Then you see here what each side learns by it.
          </p>
        ) : prepared.error ? (
          <ErrorNotice error={prepared.error} retry={() => void prepared.refetch()} />
        ) : disclosure ? (
          <WhoWillKnow disclosure={disclosure} grantee={name} organisation={organisation ?? "Organisations"} />
        ) : (
          <SkeletonRows rows={1} label="who will know what" />
        )}
      </Section>
      <div className={ui.foot}>
        <p className={ui.footNote}>You can stop at any time. What {name} has opened by then can have been kept.</p>
        <div className={ui.actions}>
          <Button variant="default" onClick={() => void navigate(-1)}>
            Cancel
          </Button>
          <Button disabled={isEmpty || !prepared.data || !disclosure} onClick={sign}>
            Share {untilWords(until)}
          </Button>
        </div>
      </div>
    </Page>
  );
}
