/** What a doctor had written in a visit and not signed before it ended: shown to be copied, and forgotten when asked to. */
import { Button } from "@mantine/core";

import type { VisitId } from "../../../sdk/index.js";
import type { NoteDraft, PrescriptionDraft, TestListDraft } from "../../components/fhir/drafts.js";
import { Section } from "../../components/Page.js";
import { Card } from "../../components/Rows.js";
import ui from "../../components/ui.module.css";
import { useDraft } from "../../lib/drafts.js";
import { plain } from "../../lib/text.js";
import css from "./today.module.css";
import { draftName } from "./writing.js";

/** Nothing when nothing was left. */
export function Unsigned({ visitId }: { visitId: VisitId }) {
  const note = useDraft<NoteDraft>(draftName(visitId, "note"));
  const tests = useDraft<TestListDraft>(draftName(visitId, "tests"));
  const prescription = useDraft<PrescriptionDraft>(draftName(visitId, "prescription"));
  const texts = [
    ...(note.value ? [["Note", [note.value.reasons, note.value.diagnoses, note.value.note].join("\n").trim()]] : []),
    ...(tests.value ? [["Test list", wordsOf(tests.value)]] : []),
    ...(prescription.value ? [["Prescription", dosesOf(prescription.value)]] : []),
  ] as [string, string][];
  if (texts.length === 0) return null;
  return (
    <Section
      title="Not signed"
      hint="You had written this and not signed it: nobody but you has it. It is sealed on this device until you discard it."
    >
      <Card>
        <div className={css.form}>
          {texts.map(([title, text]) => (
            <div key={title}>
              <h3>{title}</h3>
              <p className={css.kept}>
                {text
                  .split("\n")
                  .map((line) => plain(line, 20_000))
                  .join("\n")}
              </p>
            </div>
          ))}
          <div className={ui.actions}>
            <Button variant="default" onClick={() => [note, tests, prescription].forEach((draft) => draft.drop())}>
              Discard it
            </Button>
          </div>
        </div>
      </Card>
    </Section>
  );
}

function wordsOf({ tests, reason, note }: TestListDraft): string {
  return [...tests.map(({ name, code }) => name ?? code), reason, note].filter(Boolean).join("\n");
}

/** All that was typed, as it was typed: it may not be a prescription yet. */
function dosesOf(draft: PrescriptionDraft): string {
  const { medicine, dose, unit, frequency, period, periodUnit, duration, durationUnit } = draft;
  const { route, asNeeded, note, quantity, repeats, reason } = draft;
  const fields = [
    ["Dose", `${dose} ${unit}, ${frequency} in ${period} ${periodUnit}`],
    ["For", duration && `${duration} ${durationUnit}`],
    ["How", route],
    ["When needed", asNeeded],
    ["What else to know", note],
    ["Each time", quantity],
    ["Repeats", repeats],
    ["Why", reason],
  ] as const;
  return [medicine, ...fields.flatMap(([label, typed]) => (typed ? [`${label}: ${typed}`] : []))].join("\n");
}
