/** What a doctor writes down of a visit (002-30): why, what was found, and whatever there is to say. */
import { NativeSelect, Textarea } from "@mantine/core";

import type { fhir } from "../../../sdk/index.js";
import { readNote, type NoteDraft } from "./drafts.js";
import css from "./fhir.module.css";
import type { FormProps } from "./TestListForm.js";
import { useFhir } from "./useFhir.js";

/** The form. `readNote` gives what `fhir.encounter` takes. */
export function NoteForm({ value, onChange, isChecked = false }: FormProps<NoteDraft>) {
  const lists = useFhir();
  const problems = isChecked ? readNote(value).problems : {};
  const text = (name: "reasons" | "diagnoses" | "note") => ({
    value: value[name],
    error: problems[name],
    autosize: true,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ ...value, [name]: currentTarget.value }),
  });
  const classes = Object.entries(lists?.ENCOUNTER_CLASSES ?? { [value.kind]: "" });
  return (
    <div className={css.form}>
      <NativeSelect
        label="Where it was"
        value={value.kind}
        data={classes.map(([kind, label]) => ({ value: kind, label }))}
        onChange={(event) => onChange({ ...value, kind: event.currentTarget.value as fhir.EncounterClass })}
      />
      <Textarea
        label="Why the patient came"
        description="One reason a line."
        minRows={1}
        maxRows={6}
        {...text("reasons")}
      />
      <Textarea
        label="What was found"
        description="One diagnosis a line."
        minRows={1}
        maxRows={6}
        {...text("diagnoses")}
      />
      <Textarea label="Note" required withAsterisk minRows={6} maxRows={30} maxLength={20_000} {...text("note")} />
    </div>
  );
}
