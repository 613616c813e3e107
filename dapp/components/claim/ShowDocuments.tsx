/** Letting the insurer open documents that a bill names: each is the patient's choice, and none is needed to be paid. */
import { Checkbox } from "@mantine/core";
import { useState } from "react";

import type { Claim, PreparedGrant, RecordId } from "../../../sdk/index.js";
import type { OwnSession } from "../../lib/heavy.js";
import {
  useAccesses,
  useManifests,
  useParticipant,
  useRecords,
  useSessionQuery,
  useVoucherName,
} from "../../lib/queries.js";
import { loadSdk } from "../../lib/sdk.js";
import { useOpenSession } from "../../lib/session.js";
import { count, plain, short, untilWords } from "../../lib/text.js";
import { isUnderWay, transact, useTransactions } from "../../lib/transactions.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../Expander.js";
import { Section } from "../Page.js";
import { recordTitle } from "../record/Timeline.js";
import { Card } from "../Rows.js";
import { SignPanel, useDisclosure } from "../SignPanel.js";
import { TransactionNotices } from "../TransactionNotice.js";
import ui from "../ui.module.css";
import css from "./claim.module.css";

/** How long an insurer can open them: its time to decide, three times over. */
const SHOWN_FOR_S = 90 * 86_400;

function show(session: OwnSession, claim: Claim, prepared: PreparedGrant): Promise<unknown> {
  const about = { topic: `claim documents/${claim.visitId}`, title: "Showing documents", account: session.account };
  return transact(about, async ({ onStatus }) => (await loadSdk()).grant(session, prepared, { onStatus }));
}

/** The section. */
export function ShowDocuments({ claim, insurerName }: { claim: Claim; insurerName: string }) {
  const { patientId } = claim.key;
  const { data: accesses = [] } = useAccesses(patientId);
  const transactions = useTransactions(`claim documents/${claim.visitId}`);
  const expander = useExpander();
  const shown = claim.records.filter((recordId) =>
    accesses.some(
      ({ grant }) => grant.subject === recordId && grant.grantee === claim.insurer && grant.state === "active",
    ),
  );
  const hidden = claim.records.filter((recordId) => !shown.includes(recordId));
  return (
    <Section title={`What ${insurerName} can open`}>
      <TransactionNotices transactions={transactions} />
      <Card>
        <div className={ui.foot}>
          <p className={ui.footNote}>
            The bill names {count(claim.records.length, "document")} of this visit.{" "}
            {shown.length === 0
              ? `${insurerName} can open none of them.`
              : `${insurerName} can open ${shown.length === claim.records.length ? "all" : shown.length.toLocaleString()} of them; stop it under Access.`}
          </p>
          {hidden.length > 0 && (
            <ExpanderButton expander={expander} variant="default" disabled={transactions.some(isUnderWay)}>
              Show documents
            </ExpanderButton>
          )}
        </div>
        <ExpanderPanel expander={expander} label="Show documents" className={css.panel}>
          <Choice claim={claim} hidden={hidden} insurerName={insurerName} onClose={expander.close} />
        </ExpanderPanel>
      </Card>
    </Section>
  );
}

function Choice({
  claim,
  hidden,
  insurerName,
  onClose,
}: {
  claim: Claim;
  hidden: readonly RecordId[];
  insurerName: string;
  onClose: () => void;
}) {
  const session = useOpenSession();
  const { patientId } = claim.key;
  const [chosen, setChosen] = useState<readonly RecordId[]>([]);
  const { data: all = [] } = useRecords(patientId);
  const records = all.filter(({ recordId }) => hidden.includes(recordId));
  const manifests = useManifests(records);
  const nameOf = (recordId: RecordId) => {
    const manifest = manifests.get(recordId)?.data;
    return manifest ? plain(recordTitle(manifest)) : `Document ${short(recordId)}`;
  };
  const prepared = useSessionQuery(
    ["opened", "shown to insurer", claim.visitId, chosen],
    async ({ chainTime, prepareGrant }, own) =>
      prepareGrant(own, {
        patientId,
        grantee: claim.insurer,
        drawers: [],
        records: chosen,
        rights: "read",
        until: (await chainTime(own.chain)) + SHOWN_FOR_S,
      }),
    chosen.length > 0,
  );
  const { data: insurer } = useParticipant(claim.insurer);
  const organisationName = useVoucherName(insurer);
  const by = prepared.data && { terms: prepared.data.terms, names: chosen.map(nameOf), organisationName };
  const disclosure = useDisclosure(
    "claim documents",
    by,
    ({ discloseGrant }, { terms, names, organisationName: organisation }) =>
      discloseGrant(terms, {
        granteeName: insurerName,
        ...(organisation === undefined ? {} : { organisationName: organisation }),
        subjects: new Map(
          terms.map(({ subject }, i) => [
            subject,
            { kind: "document", name: names[i] ?? "one document", documents: 1 },
          ]),
        ),
        formatUntil: untilWords,
      }),
  );
  return (
    <SignPanel
      disclosure={disclosure}
      error={prepared.error ?? disclosure.error}
      who={insurerName}
      others={organisationName ?? "Organisations"}
      note="What is opened can have been kept. You can stop it under Access."
      missing={chosen.length === 0 ? "Choose at least one." : null}
      keep="Show none"
      act={chosen.length === 0 ? "Show" : `Show ${count(chosen.length, "document")}`}
      onClose={onClose}
      onSign={() => prepared.data && void show(session, claim, prepared.data)}
    >
      <Checkbox.Group
        label={`Which may ${insurerName} open?`}
        value={[...chosen]}
        onChange={(values) => setChosen(values)}
      >
        {records.map(({ recordId }) => (
          <Checkbox key={recordId} mt={12} value={recordId} label={nameOf(recordId)} />
        ))}
      </Checkbox.Group>
    </SignPanel>
  );
}
