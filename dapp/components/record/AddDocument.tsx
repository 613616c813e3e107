/** Adding documents: drop them, look at what was guessed, see who will know, sign. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";

import type { Disclosure, Drawer, PatientId, ScopeLabel } from "../../../sdk/index.js";
import { useIdentity } from "../../lib/identity.js";
import { useReaderQuery, useVoucherName } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { bytes, capital, plain } from "../../lib/text.js";
import { FileDrop } from "../FileDrop.js";
import { ErrorNotice } from "../Notice.js";
import { Card, RowIcon } from "../Rows.js";
import { WhoWillKnow } from "../WhoWillKnow.js";
import { drawerIcon } from "../drawers.js";
import { draftOf, type Draft } from "./guess.js";
import { publishDocument } from "./publishDocument.js";
import css from "./record.module.css";

/** Another way for a document to the chain than that of a record's owner and grantees: in a visit, or on an order. */
export interface Way {
  publish: (draft: Draft) => Promise<unknown>;
  /** What adding it tells whom. @param size of the file, bytes */
  disclose: (size: number) => Disclosure | null;
  /** Names of the first two columns of what is told. */
  columns: readonly [string, string];
}

/** Where a document may go, and who can read there. */
export interface Destination {
  label: ScopeLabel;
  /** Null when the drawer isn't open yet. */
  drawer: Drawer | null;
  /** Names of those who can open what is in it, besides the patient. */
  readers: readonly string[];
}

/** A place to drop documents for one patient. */
export function AddDocument({
  patientId,
  destinations,
  label = "Add documents",
  hint = "Drop them here: results, letters, pictures, anything up to 256 MB. Each is sealed before it leaves this device.",
  way,
}: {
  patientId: PatientId;
  destinations: readonly Destination[];
  label?: string;
  hint?: string;
  way?: Way;
}) {
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const take = (files: File[]) => {
    setProblem(null);
    Promise.all(files.map(draftOf)).then((more) => setDrafts((before) => [...before, ...more]), setProblem);
  };
  const drop = (draft: Draft) => setDrafts((before) => before.filter((each) => each !== draft));
  return (
    <>
      <FileDrop label={label} hint={hint} multiple onFiles={take} />
      {problem !== null && <ErrorNotice error={problem} />}
      {drafts.map((draft) => (
        <DraftCard
          key={draft.id}
          draft={draft}
          patientId={patientId}
          destinations={destinations}
          way={way}
          onDone={() => drop(draft)}
        />
      ))}
    </>
  );
}

function DraftCard({
  draft,
  patientId,
  destinations,
  way,
  onDone,
}: {
  draft: Draft;
  patientId: PatientId;
  destinations: readonly Destination[];
  way: Way | undefined;
  onDone: () => void;
}) {
  const session = useOpenSession();
  const [title, setTitle] = useState(draft.title);
  const [label, setLabel] = useState(draft.label);
  const target = destinations.find((each) => each.label === label) ?? destinations[0];
  const opensDrawer = target?.drawer === null;
  const { data: identity } = useIdentity();
  const isOwn = identity?.patientId === patientId;
  const organisationName = useVoucherName(isOwn ? null : identity?.participant);
  const { data: usual } = useReaderQuery<Disclosure>(
    ["opened", "disclosure", patientId, draft.file.size, target?.readers, organisationName, opensDrawer],
    ({ discloseRecord }) =>
      Promise.resolve(
        discloseRecord({
          patientId,
          size: draft.file.size,
          readers: target?.readers ?? [],
          organisationName,
          opensDrawer,
        }),
      ),
    way === undefined,
  );
  const disclosure = way ? way.disclose(draft.file.size) : usual;
  const [readers, keepers] = way?.columns ?? ["Readers", "The storage"];
  if (!target) return null;
  const publish = () => {
    // The row in the timeline shows how far it is.
    const titled = { ...draft, title, label: target.label };
    void (way ? way.publish(titled) : publishDocument(session, patientId, target.drawer, titled));
    onDone();
  };
  return (
    <Card tone="attention">
      <form
        className={css.draft}
        onSubmit={(event) => {
          event.preventDefault();
          publish();
        }}
      >
        <div className={css.draftHead}>
          <RowIcon icon={drawerIcon(target.label)} />
          <div>
            <strong>{plain(draft.fileName)}</strong>
            <div className={css.quiet}>{bytes(draft.file.size)}, not added yet</div>
          </div>
        </div>
        <div className={css.fields}>
          <TextInput
            label="Title"
            description="Sealed with the document."
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            maxLength={120}
            required
          />
          <NativeSelect
            label="Drawer"
            description="Decides who can open it."
            value={target.label}
            onChange={(event) => setLabel(event.currentTarget.value as ScopeLabel)}
            data={destinations.map((each) => ({ value: each.label, label: capital(each.label) }))}
          />
        </div>
        <h3>Before you sign: who will know what</h3>
        {disclosure && <WhoWillKnow disclosure={disclosure} grantee={readers} organisation={keepers} />}
        <div className={css.draftFoot}>
          <p className={css.quiet}>
            {target.drawer === null
              ? "This drawer is new: opening it takes one more signature. What is added can't be taken back."
              : "What is added stays in the record: it can't be altered or taken back."}
          </p>
          <div className={css.buttons}>
            <Button variant="default" onClick={onDone}>
              Leave it out
            </Button>
            <Button type="submit" disabled={title.trim() === ""}>
              Add to {capital(target.label)}
            </Button>
          </div>
        </div>
      </form>
    </Card>
  );
}
