/** What a pharmacy hands over for a prescription (002-28): which medicine, how much, for how long. */
import { NativeSelect, Textarea, TextInput } from "@mantine/core";

import { readDispense, type DispenseDraft } from "./dispense-draft.js";
import { DOSE_UNITS } from "./drafts.js";
import css from "./fhir.module.css";
import type { FormProps } from "./TestListForm.js";

/** The form. `dispenseOf` begins it from the prescription, `readDispense` gives what `fhir.medicationDispense` takes. */
export function DispenseForm({ value, onChange, isChecked = false }: FormProps<DispenseDraft>) {
  const problems = isChecked ? readDispense(value).problems : {};
  const field = (name: "medicine" | "quantity" | "unit" | "days" | "note") => ({
    value: value[name],
    error: problems[name],
    autoComplete: "off",
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ ...value, [name]: currentTarget.value }),
  });
  const units: { value: string; label: string }[] = DOSE_UNITS.map(({ unit, label }) => ({
    value: unit,
    label: label,
  }));
  const isKnown = units.some((each) => each.value === value.unit);
  return (
    <div className={css.form}>
      <TextInput
        label="Medicine"
        description="As it is handed over: another maker's, if it is another."
        maxLength={255}
        {...field("medicine")}
        // Another name isn't what the prescription's code says any more.
        onChange={({ currentTarget }) => onChange({ ...value, medicine: currentTarget.value, rxnorm: null })}
      />
      <div className={css.line}>
        <TextInput label="How much" inputMode="decimal" {...field("quantity")} />
        <NativeSelect
          label="Unit"
          {...field("unit")}
          data={isKnown ? units : [...units, { value: value.unit, label: value.unit }]}
        />
        <TextInput label="Lasts days" inputMode="numeric" {...field("days")} />
      </div>
      <Textarea label="Note" maxLength={1_000} autosize minRows={1} {...field("note")} />
    </div>
  );
}
