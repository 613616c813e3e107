/** Giving the record up, for good: what can't be undone in plain words, a word to type, one signature. */
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import type { Deregistered, PatientId } from "../../../sdk/index.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Card, Facts } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useRecords } from "../../lib/queries.js";
import { useSession } from "../../lib/session.js";
import { count, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import css from "./account.module.css";
import { discloseLeaving, leave } from "./leaving.js";
import { OpenFirst, useOwnRecord, type OwnRecord } from "./OwnRecord.js";

/** What has to be typed. */
const WORD = "give up";

/** Asks, and says afterwards what is left. */
export default function LeavePage() {
  const [record, hold] = useOwnRecord();
  const [done, setDone] = useState<Deregistered | null>(null);
  const { setRoot } = useSession();
  if (!record) return <OpenFirst title="Give your record up" />;
  if (done) return <Left done={done} patientId={record.patientId} />;
  const onLeave = (left: Deregistered) => {
    setDone(left);
    if (!left.keepsBackup) setRoot(null);
  };
  return <Leave record={record} onStart={() => hold(record)} onLeave={onLeave} />;
}

function Leave({
  record: { session, patientId },
  onStart,
  onLeave,
}: {
  record: OwnRecord;
  onStart: () => void;
  onLeave: (done: Deregistered) => void;
}) {
  const { data: records } = useRecords(patientId);
  const [typed, setTyped] = useState("");
  const transactions = useTransactions("account/leave");
  const disclosure = useQuery({
    queryKey: ["opened", "disclosure", "leave", patientId],
    queryFn: () => discloseLeaving(patientId),
  });
  const start = () => {
    onStart();
    void leave(session, patientId, onLeave);
  };
  return (
    <Page
      back={{ to: "/account", label: "Account" }}
      title="Give your record up"
      sentence={
        records
          ? `Your record with ${count(records.length, "document")} ends for good. Nobody can bring it back, you included.`
          : "Your record ends for good. Nobody can bring it back, you included."
      }
    >
      <Section title="What happens">
        <Card>
          <Facts
            facts={[
              [
                "Gone at once",
                "Your pseudonym acts no more. Nobody can be given access, add a document or bill anything to it.",
              ],
              [
                "Forgotten",
                "The storage is asked to forget your profile, your key's backup, and what opens your documents. Download first what you want to keep.",
              ],
              ["Can't be undone", "There is no way back, not with the passphrase, not with the recovery sheet."],
              [
                "Stays",
                "What the chain has noted, under a pseudonym without a name. What others have opened by now, they may have kept.",
              ],
              [
                "Free again",
                "You may register anew, with another wallet. You get another pseudonym and an empty record.",
              ],
            ]}
          />
        </Card>
      </Section>
      <Section title="Before you sign: who will know what">
        {disclosure.error && <ErrorNotice error={disclosure.error} />}
        {disclosure.data && (
          <WhoWillKnow
            disclosure={disclosure.data}
            grantee="Those you shared with"
            organisation="The storage and your insurer"
          />
        )}
      </Section>
      <Card>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            start();
          }}
        >
          <TextInput
            className={css.grow}
            label={`To go on, type: ${WORD}`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
          <Button
            type="submit"
            color="danger"
            disabled={typed.trim().toLowerCase() !== WORD}
            loading={transactions.some(isUnderWay)}
          >
            Give my record up for good
          </Button>
          <Button variant="default" component={Link} to="/account">
            Keep it
          </Button>
        </form>
      </Card>
      <TransactionNotices transactions={transactions} />
    </Page>
  );
}

function Left({ done, patientId }: { done: Deregistered; patientId: PatientId }) {
  return (
    <Page title="Your record has ended" sentence="This account acts for no record any more. Here is what is left.">
      <Notice tone="brand" title="It is done." live="status">
        {short(patientId)} is given up on the chain. The storage was asked to forget {count(done.forgotten, "thing")}.
      </Notice>
      <Card>
        <Facts
          facts={[
            ["On the chain", "That this pseudonym was given up, and what was noted before. No name."],
            [
              "This account",
              done.keepsBackup
                ? "Keeps its key and the backup, because it does other things here."
                : "Keeps its published key, which opens nothing any more. Its backup is forgotten.",
            ],
            ["With others", "Your insurer and those who treated you keep their own files. Ask them for those."],
            ["On paper", "Your recovery sheet is of no use any more. Destroy it."],
            ...(done.receipt ? [["Transaction", <code key="t">{done.receipt.hash}</code>] as const] : []),
          ]}
        />
      </Card>
      <div className={ui.actions}>
        <Button variant="default" component={Link} to="/connect?then=/register">
          Register anew, with another wallet
        </Button>
        <Button variant="default" component={Link} to="/account">
          Account
        </Button>
      </div>
    </Page>
  );
}
