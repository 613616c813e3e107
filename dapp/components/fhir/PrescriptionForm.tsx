/** A prescription of one medicine (002-13): what, how much, how often, how long, and how many times it may be repeated. */
import { NativeSelect, Textarea, TextInput } from "@mantine/core";

import type { fhir } from "../../../sdk/index.js";
import { plain } from "../../lib/text.js";
import { CodePicker } from "./CodePicker.js";
import { DOSE_UNITS, readPrescription, type PrescriptionDraft } from "./drafts.js";
import css from "./fhir.module.css";
import type { FormProps } from "./TestListForm.js";
import { useFhir } from "./useFhir.js";

const TIME_UNITS: readonly { value: fhir.TimeUnit; one: string; many: string }[] = [
  { value: "h", one: "hour", many: "hours" },
  { value: "d", one: "day", many: "days" },
  { value: "wk", one: "week", many: "weeks" },
  { value: "mo", one: "month", many: "months" },
];

/** The unit that a form is taken in. */
const UNIT_OF_FORM: Readonly<Record<string, string>> = {
  tablet: "{tablet}",
  capsule: "{capsule}",
  inhaler: "{puff}",
  pen: "[IU]",
};

/** The form. `readPrescription` gives what `fhir.medicationRequest` takes. */
export function PrescriptionForm({ value, onChange, isChecked = false }: FormProps<PrescriptionDraft>) {
  const lists = useFhir();
  const { written, problems: all } = readPrescription(value);
  const problems = isChecked ? all : {};
  const field = (name: keyof PrescriptionDraft) => ({
    value: value[name] ?? "",
    error: problems[name],
    autoComplete: "off",
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ ...value, [name]: currentTarget.value }),
  });
  const choose = (id: string) => {
    const medicine = lists?.MEDICINES.find((each) => lists.medicineName(each) === id);
    if (!medicine) return;
    onChange({
      ...value,
      medicine: id,
      rxnorm: medicine.rxnorm ?? null,
      unit: UNIT_OF_FORM[medicine.form] ?? value.unit,
      route: value.route === "" && ["tablet", "capsule"].includes(medicine.form) ? "by mouth" : value.route,
    });
  };
  return (
    <div className={css.form}>
      <CodePicker
        label={value.medicine === "" ? "Medicine" : "Another medicine"}
        description="By name. Write what the list lacks with form and strength."
        noun="medicine"
        error={problems.medicine}
        options={(lists?.MEDICINES ?? []).map((each) => ({
          id: lists?.medicineName(each) ?? "",
          name: each.name,
          detail: `${each.strength}, ${each.form}`,
        }))}
        onChoose={({ id }) => choose(id)}
        onWords={(medicine) => onChange({ ...value, medicine, rxnorm: null })}
      />
      {value.medicine !== "" && (
        <p className={css.chosen} role="status">
          {plain(value.medicine)}
        </p>
      )}
      <fieldset className={css.set}>
        <legend className={css.legend}>How to take it</legend>
        <div className={css.line}>
          <TextInput label="Dose" inputMode="decimal" {...field("dose")} />
          <NativeSelect
            label="Unit"
            {...field("unit")}
            data={DOSE_UNITS.map(({ unit, label }) => ({ value: unit, label }))}
          />
          <TextInput label="Times" inputMode="numeric" {...field("frequency")} />
          <TextInput label="in" inputMode="numeric" {...field("period")} />
          <NativeSelect label="Period" {...field("periodUnit")} data={unitsFor(value.period)} />
        </div>
        <div className={css.line}>
          <TextInput
            label="For how long"
            placeholder="until told otherwise"
            inputMode="numeric"
            {...field("duration")}
          />
          <NativeSelect label="Days, weeks, months" {...field("durationUnit")} data={unitsFor(value.duration)} />
          <TextInput label="How" placeholder="by mouth" maxLength={100} {...field("route")} />
        </div>
        <TextInput label="Only when needed" placeholder="for pain" maxLength={200} {...field("asNeeded")} />
        <Textarea
          label="What else to know"
          placeholder="after food"
          maxLength={1_000}
          autosize
          minRows={1}
          {...field("note")}
        />
      </fieldset>
      <fieldset className={css.set}>
        <legend className={css.legend}>Supply</legend>
        <div className={css.line}>
          <TextInput
            label="Each time"
            description={DOSE_UNITS.find(({ unit }) => unit === value.unit)?.label}
            inputMode="decimal"
            {...field("quantity")}
          />
          <TextInput label="Repeats" description="after the first time" inputMode="numeric" {...field("repeats")} />
        </div>
      </fieldset>
      <TextInput
        label="Why"
        description="The pharmacy reads it. Leave it empty if it needn't know."
        maxLength={255}
        {...field("reason")}
      />
      {written && lists && (
        <p className={css.summary} role="status">
          <strong>{plain(written.medicine.name)}:</strong> {plain(lists.doseInWords(written), 500)}.{" "}
          {written.fills === 1 ? "Dispensed once." : `Dispensed at most ${written.fills} times.`}
        </p>
      )}
    </div>
  );
}

function unitsFor(count: string) {
  return TIME_UNITS.map(({ value, one, many }) => ({ value, label: count.trim() === "1" ? one : many }));
}
