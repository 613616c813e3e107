/** A test list: chosen from the common tests by LOINC, or in words. Becomes FHIR ServiceRequests (002-24). */
import { Button, Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";

import type { fhir } from "../../../sdk/index.js";
import { plain } from "../../lib/text.js";
import { matches, Search } from "../Search.js";
import { SkeletonRows } from "../Rows.js";
import css from "./fhir.module.css";
import { useFhir } from "./useFhir.js";

/** What is chosen so far; kept as a draft, so it is JSON. */
export interface TestsValue {
  tests: { code?: string; name: string }[];
  priority: "routine" | "urgent";
  reason: string;
  note: string;
}

/** Nothing chosen yet. */
export const NO_TESTS: TestsValue = { tests: [], priority: "routine", reason: "", note: "" };

/** What still has to be chosen; null when it is whole. */
export function missingInTests({ tests }: TestsValue): string | null {
  return tests.length === 0 ? "Choose at least one test." : null;
}

/** What the builder takes of it. */
export function testsOf({
  tests,
  priority,
  reason,
  note,
}: TestsValue): Pick<fhir.TestList, "tests" | "priority" | "reason" | "note"> {
  return { tests, priority, reason: reason.trim() || undefined, note: note.trim() || undefined };
}

/** The form. */
export function TestsForm({ value, onChange }: { value: TestsValue; onChange: (value: TestsValue) => void }) {
  const { tests } = value;
  const remove = (name: string) => onChange({ ...value, tests: tests.filter((test) => test.name !== name) });
  return (
    <>
      <TestChoice value={value} onChange={onChange} />
      {tests.length > 0 && (
        <ul className={css.chosen} aria-label="Chosen tests">
          {tests.map(({ name }) => (
            <li key={name}>
              <Button
                variant="light"
                size="compact-md"
                rightSection={<IconX size={16} stroke={1.75} aria-hidden />}
                aria-label={`Leave out ${name}`}
                onClick={() => remove(name)}
              >
                {plain(name)}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className={css.pair}>
        <TextInput
          label="Reason"
          value={value.reason}
          onChange={({ currentTarget }) => onChange({ ...value, reason: currentTarget.value })}
          maxLength={255}
        />
        <TextInput
          label="For the laboratory"
          description="Such as: fasting, from the left arm."
          value={value.note}
          onChange={({ currentTarget }) => onChange({ ...value, note: currentTarget.value })}
          maxLength={1_000}
        />
      </div>
      <SegmentedControl
        className={css.segments}
        aria-label="How soon"
        data={[
          { value: "routine", label: "Routine" },
          { value: "urgent", label: "Urgent" },
        ]}
        value={value.priority}
        onChange={(priority) => onChange({ ...value, priority: priority as TestsValue["priority"] })}
      />
    </>
  );
}

function TestChoice({ value, onChange }: { value: TestsValue; onChange: (value: TestsValue) => void }) {
  const fhir = useFhir();
  const [query, setQuery] = useState("");
  if (!fhir) return <SkeletonRows rows={2} label="the list of tests" />;
  const { tests } = value;
  const found = fhir.LAB_TESTS.filter(({ name, code, group }) => matches(query, `${name} ${code} ${group}`));
  const groups = [...new Set(found.map(({ group }) => group))];
  const words = query.trim();
  const isNew = words !== "" && found.every(({ name }) => name.toLowerCase() !== words.toLowerCase());
  const add = (test: TestsValue["tests"][number]) => onChange({ ...value, tests: [...tests, test] });
  return (
    <>
      <Search label="Search tests by name, group or LOINC code" value={query} onChange={setQuery} />
      <div className={css.list} role="group" aria-label="Tests" tabIndex={0}>
        {groups.map((group) => (
          <fieldset key={group} className={css.group}>
            <legend>{group}</legend>
            <div className={css.checks}>
              {found
                .filter((test) => test.group === group)
                .map(({ code, name }) => (
                  <Checkbox
                    key={code}
                    label={name}
                    checked={tests.some((test) => test.code === code)}
                    onChange={({ currentTarget }) =>
                      currentTarget.checked
                        ? add({ code, name })
                        : onChange({ ...value, tests: tests.filter((test) => test.code !== code) })
                    }
                  />
                ))}
            </div>
          </fieldset>
        ))}
        {isNew && (
          <div className={css.own}>
            <span>{found.length === 0 ? "The list has no such test." : "Not the one you mean?"}</span>
            <Button
              variant="default"
              disabled={tests.some(({ name }) => name.toLowerCase() === words.toLowerCase())}
              onClick={() => {
                add({ name: words });
                setQuery("");
              }}
            >
              Order it in these words
            </Button>
          </div>
        )}
      </div>
    </>
  );
}
