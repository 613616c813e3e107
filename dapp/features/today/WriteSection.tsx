/** What a doctor can do in a visit: write a note, order tests, prescribe, add a file. Drafts are kept until signed. */
import { IconFilePlus, IconNotes, IconPill, IconTestPipe, type Icon } from "@tabler/icons-react";
import type { ComponentType } from "react";

import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { Section } from "../../components/Page.js";
import { Interrupted } from "../../components/record/Interrupted.js";
import { recordTopic } from "../../components/record/publishDocument.js";
import { Card } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { useDraft } from "../../lib/drafts.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { FilePanel } from "./FilePanel.js";
import { NotePanel } from "./NotePanel.js";
import { writingTopic } from "./ordering.js";
import { PrescriptionPanel } from "./PrescriptionPanel.js";
import { TestsPanel } from "./TestsPanel.js";
import { draftName, type Writing } from "./writing.js";
import css from "./today.module.css";

interface Act {
  name: string;
  label: string;
  icon: Icon;
  Panel: ComponentType<Writing>;
}

const ACTS: readonly Act[] = [
  { name: "note", label: "Write a note", icon: IconNotes, Panel: NotePanel },
  { name: "tests", label: "Order tests", icon: IconTestPipe, Panel: TestsPanel },
  { name: "prescription", label: "Prescribe", icon: IconPill, Panel: PrescriptionPanel },
  { name: "file", label: "Add a file", icon: IconFilePlus, Panel: FilePanel },
];

/** The section, with what is on its way. */
export function WriteSection(props: Omit<Writing, "onClose">) {
  const { patientId } = props.access.visit;
  const underWay = useTransactions(recordTopic(patientId)).filter(({ status }) => status.state !== "final");
  return (
    <Section title="Write">
      <div className={css.acts}>
        {ACTS.map((act) => (
          <ActPanel key={act.name} act={act} {...props} />
        ))}
      </div>
      <TransactionNotices transactions={underWay} />
      <Interrupted patientId={patientId} />
    </Section>
  );
}

function ActPanel({ act, ...props }: { act: Act } & Omit<Writing, "onClose">) {
  const { name, label, icon: Shape, Panel } = act;
  const expander = useExpander();
  const draft = useDraft(draftName(props.access.visitId, name));
  const { isOpen } = expander;
  // The same form once more would be a second note, list or prescription. A file goes with the panel left open.
  const isBusy = useTransactions(writingTopic(props.access, name)).some(isUnderWay);
  return (
    <>
      <ExpanderButton
        expander={expander}
        variant={isOpen ? "light" : "default"}
        disabled={isBusy && !isOpen}
        leftSection={<Shape size={20} stroke={1.75} aria-hidden />}
      >
        {label}
        {draft.value && !isOpen && !isBusy ? ": not signed yet" : ""}
      </ExpanderButton>
      {isOpen && (
        <div className={css.act}>
          <Card tone="attention">
            <ExpanderPanel expander={expander} label={label} className={css.form}>
              <h3>{label}</h3>
              <Panel {...props} onClose={expander.close} />
            </ExpanderPanel>
          </Card>
        </div>
      )}
    </>
  );
}
