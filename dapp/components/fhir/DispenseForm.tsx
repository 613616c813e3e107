/** What a pharmacy hands over for a prescription: FHIR MedicationDispense (002-28). */
import { NativeSelect, NumberInput, TextInput } from "@mantine/core";

import type { fhir } from "../../../sdk/index.js";
import css from "./fhir.module.css";
import { amountOf, unitOptions } from "./PrescriptionForm.js";

/** What is written so far; kept as a draft, so it is JSON. A number is "" while its field is empty. */
export interface DispenseValue {
  medicine: string;
  rxnorm?: string;
  quantity: number | "";
  /** UCUM. */
  unit: string;
  days: number | "";
  note: string;
}

/** What still has to be written; null when it is whole. */
export function missingInDispense({ medicine, quantity }: DispenseValue): string | null {
  if (medicine.trim() === "") return "Write which medicine is handed over.";
  return quantity === "" || quantity <= 0 ? "Say how much is handed over." : null;
}

/** What the builder takes of it. */
export function dispensingOf({
  medicine,
  rxnorm,
  quantity,
  unit,
  days,
  note,
}: DispenseValue): Pick<fhir.Dispensing, "medicine" | "quantity" | "days" | "note"> {
  return {
    medicine: { name: medicine.trim(), rxnorm },
    quantity: amountOf(Number(quantity), unit),
    days: days === "" ? undefined : days,
    note: note.trim() || undefined,
  };
}

/** The form. */
export function DispenseForm({ value, onChange }: { value: DispenseValue; onChange: (value: DispenseValue) => void }) {
  const units = unitOptions.some(({ value: unit }) => unit === value.unit)
    ? unitOptions
    : [...unitOptions, { value: value.unit, label: value.unit }];
  return (
    <>
      <TextInput
        label="Medicine"
        description="As it is handed over: another maker's, if it is another."
        value={value.medicine}
        onChange={({ currentTarget: { value: medicine } }) => {
          // Another name isn't what the prescription's code says any more.
          const { rxnorm: _, ...rest } = value;
          onChange({ ...rest, medicine });
        }}
        maxLength={255}
        required
      />
      <div className={css.few}>
        <NumberInput
          label="How much"
          value={value.quantity}
          onChange={(quantity) => onChange({ ...value, quantity: typeof quantity === "number" ? quantity : "" })}
          min={0}
          max={10_000}
          decimalScale={3}
          hideControls
          required
        />
        <NativeSelect
          label="Unit"
          data={units}
          value={value.unit}
          onChange={({ currentTarget }) => onChange({ ...value, unit: currentTarget.value })}
        />
        <NumberInput
          label="Lasts days"
          value={value.days}
          onChange={(days) => onChange({ ...value, days: typeof days === "number" ? days : "" })}
          min={1}
          max={3_650}
          allowDecimal={false}
          hideControls
        />
      </div>
      <TextInput
        label="Note"
        value={value.note}
        onChange={({ currentTarget }) => onChange({ ...value, note: currentTarget.value })}
        maxLength={1_000}
      />
    </>
  );
}
