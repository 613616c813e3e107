/** A schedule by hand. It becomes a FHIR Coverage resource, which other programs can read. */
import { Textarea, TextInput } from "@mantine/core";

import css from "./insurance.module.css";
import type { ScheduleFields } from "./issuePolicy.js";

/** Who is insured, in a form. */
export function ScheduleForm({
  fields,
  onChange,
}: {
  fields: ScheduleFields;
  onChange: (fields: ScheduleFields) => void;
}) {
  const text = (name: keyof ScheduleFields) => ({
    value: fields[name],
    autoComplete: "off",
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ ...fields, [name]: currentTarget.value }),
  });
  return (
    <div className={css.form}>
      <div className={css.pair}>
        <TextInput label="Who is insured" {...text("insured")} />
        <TextInput label="Card number" {...text("card")} />
      </div>
      <Textarea label="Anything else" autosize minRows={2} maxRows={8} {...text("remarks")} />
    </div>
  );
}
