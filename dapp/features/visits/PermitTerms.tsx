/** What a hospital is permitted: to read, until when; who will know what; sign. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import type { Address, Participant, ScopeId } from "../../../sdk/index.js";
import { DrawerChoice } from "../../components/DrawerChoice.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Empty, SkeletonRows } from "../../components/Rows.js";
import { useDisclosure } from "../../components/SignPanel.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { nameOf } from "../../lib/access.js";
import { problemOf } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { useDrawers, useRecords, useSessionQuery } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { clock, day, plain } from "../../lib/text.js";
import { give } from "./permit.js";
import { DAY_S, LASTS, SpanChoice, VALID } from "./SpanChoice.js";

/** The rest of the page, once the hospital is chosen. */
export function PermitTerms({
  account,
  participant,
  onBack,
}: {
  account: Address;
  participant: Participant | null;
  onBack: () => void;
}) {
  const session = useOpenSession();
  const navigate = useNavigate();
  const { data: identity } = useIdentity();
  const patientId = identity?.patientId ?? null;
  const drawers = useDrawers(patientId);
  const { data: records = [] } = useRecords(patientId);
  // Nothing is chosen before the patient chooses: what they forget to look at must not be given away.
  const [readable, setReadable] = useState<readonly ScopeId[]>([]);
  const [lasts, setLasts] = useState<number>(DAY_S);
  const [validFor, setValidFor] = useState<number>(DAY_S);
  const name = plain(nameOf(participant, account));

  // A permit is used once, so the next time that this page is opened it makes another.
  const [sheet] = useState(() => crypto.randomUUID());

  const prepared = useSessionQuery(
    // Epochs too: a drawer that changed its lock meanwhile is prepared anew.
    ["opened", "permit", sheet, patientId, account, readable, lasts, validFor, drawers.data?.map(({ epoch }) => epoch)],
    ({ preparePermit }, own) =>
      preparePermit(own, {
        patientId: patientId ?? "0x",
        hospital: account,
        drawers: drawers.data?.filter(({ scope }) => readable.includes(scope)) ?? [],
        lasts,
        validFor,
      }),
    patientId !== null && drawers.data !== undefined,
  );
  const documents = records.filter(({ scope }) => readable.includes(scope)).length;
  // Of what is signed, what can be a key: a nonce of 64 bits can't.
  const by = prepared.data && {
    permit: { patientId: prepared.data.permit.patientId, until: prepared.data.permit.until },
    deadline: prepared.data.deadline,
    readable: prepared.data.readable,
    writable: prepared.data.writable,
  };
  const { data: disclosure } = useDisclosure("permit", by && { ...by, name, documents }, (sdk, given) =>
    sdk.disclosePermit(given, { hospitalName: name, documents, isAnnounced: false, formatTime: clock }),
  );
  const signing = useMutation({
    mutationFn: async () => {
      if (!prepared.data) throw new Error("not prepared");
      return give(session, prepared.data);
    },
  });
  // Goes on to the code only as long as this is shown: it waits under Visits for whoever has left.
  const sign = () =>
    signing.mutate(undefined, { onSuccess: ({ visitId }) => void navigate(`/visits/${visitId}`, { replace: true }) });

  return (
    <Page
      title={`Go to ${name}`}
      sentence={participant ? `Accredited as a hospital until ${day(participant.until)}.` : undefined}
      action={
        <Button variant="default" onClick={onBack}>
          Another hospital
        </Button>
      }
    >
      <Section
        title="What it may read"
        hint="Whoever treats you can always add to your record, and reads what is written in this visit. Of what you had before they read only what you choose here, and only while the visit lasts."
      >
        {problemOf(drawers) !== null && <ErrorNotice error={drawers.error} retry={() => void drawers.refetch()} />}
        {drawers.isPending && <SkeletonRows label="your drawers" />}
        {drawers.data?.length === 0 && (
          <Empty>Your drawers will be listed here once they hold something. There is nothing to read yet.</Empty>
        )}
        {drawers.data && drawers.data.length > 0 && (
          <DrawerChoice
            drawers={drawers.data.filter(({ state }) => state === "open")}
            records={records}
            chosen={readable}
            onChange={setReadable}
          />
        )}
      </Section>
      <Section
        title="How long the visit may last"
        hint="Then it ends by itself. You or the hospital can close it sooner."
      >
        <SpanChoice label="How long the visit may last" spans={LASTS} value={lasts} onChange={setLasts} />
      </Section>
      <Section
        title="When you go there"
        hint="The code works once, within this time. You can withdraw it until it is used."
      >
        <SpanChoice label="How long the code works" spans={VALID} value={validFor} onChange={setValidFor} />
      </Section>
      <Section title="Before you sign: who will know what">
        {prepared.error ? (
          <ErrorNotice error={prepared.error} retry={() => void prepared.refetch()} />
        ) : disclosure ? (
          <WhoWillKnow disclosure={disclosure} grantee={name} organisation="Others" />
        ) : (
          <SkeletonRows rows={1} label="who will know what" />
        )}
      </Section>
      {signing.error && <ErrorNotice error={signing.error} />}
      <div className={ui.foot}>
        <p className={ui.footNote} role={signing.isPending ? "status" : undefined}>
          {signing.isPending
            ? "Look at your wallet and sign there. Nothing is sent to the chain."
            : "One signature. Nothing is sent to the chain before the hospital uses the code."}
        </p>
        <Button disabled={!prepared.data || !disclosure} loading={signing.isPending} onClick={sign}>
          Sign and show the code
        </Button>
      </div>
    </Page>
  );
}
