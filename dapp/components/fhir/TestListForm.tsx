/** A doctor's test list (002-24): tests by search, how urgent, why, and what the laboratory should know. */
import { ActionIcon, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { IconTestPipe, IconX } from "@tabler/icons-react";

import type { fhir } from "../../../sdk/index.js";
import { plain } from "../../lib/text.js";
import { Row, RowIcon, Rows } from "../Rows.js";
import { CodePicker } from "./CodePicker.js";
import { readTestList, type TestListDraft } from "./drafts.js";
import css from "./fhir.module.css";
import { useFhir } from "./useFhir.js";

/** What every form of this folder takes. */
export interface FormProps<Draft> {
  value: Draft;
  onChange: (next: Draft) => void;
  /** Say what is missing next to the fields: from the first attempt on. */
  isChecked?: boolean;
}

/** The form. `readTestList` gives what `fhir.testList` takes. */
export function TestListForm({ value, onChange, isChecked = false }: FormProps<TestListDraft>) {
  const lists = useFhir();
  const { tests, priority, reason, note } = value;
  const problems = isChecked ? readTestList(value).problems : {};
  const keys = tests.map(keyOf);
  const options = (lists?.LAB_TESTS ?? [])
    .filter(({ code }) => !keys.includes(code))
    .map(({ code, name, loincName, group, unit, label }) => ({
      id: code,
      name,
      also: loincName,
      detail: [group, label ?? unit, `LOINC ${code}`].filter(Boolean).join(", "),
    }));
  const add = (test: fhir.TestOrdered) => {
    if (!keys.includes(keyOf(test))) onChange({ ...value, tests: [...tests, test] });
  };
  return (
    <div className={css.form}>
      <CodePicker
        label="Add a test"
        description="By name, group or LOINC code. What the list lacks can be ordered in words."
        options={options}
        noun="test"
        error={problems.tests}
        onChoose={({ id, name }) => add({ code: id, name })}
        onWords={(name) => add({ name })}
      />
      {tests.length > 0 && (
        <Rows label="Tests on the list">
          {tests.map((test) => (
            <Row
              key={keyOf(test)}
              icon={<RowIcon icon={IconTestPipe} />}
              what={plain(test.name ?? test.code ?? "")}
              detail={test.code === undefined ? "In words, without a code" : detailOf(lists, test.code)}
              side={
                <ActionIcon
                  variant="default"
                  size={44}
                  aria-label={`Take ${plain(test.name ?? test.code ?? "")} off the list`}
                  onClick={() => onChange({ ...value, tests: tests.filter((each) => each !== test) })}
                >
                  <IconX size={18} stroke={1.75} aria-hidden />
                </ActionIcon>
              }
            />
          ))}
        </Rows>
      )}
      <div>
        <span className={css.legend} id="priority-label">
          How soon
        </span>
        <SegmentedControl
          aria-labelledby="priority-label"
          value={priority}
          onChange={(next) => onChange({ ...value, priority: next === "urgent" ? "urgent" : "routine" })}
          data={[
            { value: "routine", label: "Routine" },
            { value: "urgent", label: "Urgent" },
          ]}
        />
      </div>
      <TextInput
        label="Why"
        description="The laboratory reads it. Leave it empty if it needn't know."
        value={reason}
        maxLength={255}
        autoComplete="off"
        onChange={(event) => onChange({ ...value, reason: event.currentTarget.value })}
      />
      <Textarea
        label="For the laboratory"
        placeholder="Fasting, from the left arm, …"
        value={note}
        maxLength={1_000}
        autosize
        minRows={2}
        maxRows={8}
        onChange={(event) => onChange({ ...value, note: event.currentTarget.value })}
      />
    </div>
  );
}

function keyOf({ code, name }: fhir.TestOrdered): string {
  return code ?? name.trim().toLowerCase();
}

function detailOf(lists: typeof fhir | undefined, code: string): string {
  const { label, unit } = lists?.testByCode(code) ?? {};
  return [label ?? unit, `LOINC ${code}`].filter(Boolean).join(", ");
}
