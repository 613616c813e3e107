/** A laboratory's report on a list (002-25): a result for each test, with its unit and range, and where it lies in words. */
import { NativeSelect, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";

import type { fhir } from "../../../sdk/index.js";
import { plain } from "../../lib/text.js";
import css from "./fhir.module.css";
import { Lies } from "./Lies.js";
import { numberIn } from "./drafts.js";
import { rangeIn, readReport, type ReportDraft, type ResultDraft } from "./report-draft.js";
import type { FormProps } from "./TestListForm.js";
import { useFhir } from "./useFhir.js";

const KINDS = [
  { value: "number", label: "Number" },
  { value: "words", label: "Words" },
  { value: "missing", label: "Not done" },
] as const;

/** The form. `emptyReport` begins it from the ordered tests, `readReport` gives what `fhir.diagnosticReport` takes. */
export function ReportForm({
  value,
  onChange,
  isChecked = false,
  isCorrection,
}: FormProps<ReportDraft> & {
  /** Whether this laboratory's final report is there already: then only a correction is left. */
  isCorrection: boolean;
}) {
  const lists = useFhir();
  const [now, setNow] = useState(() => Date.now() / 1_000);
  const problems = isChecked ? readReport(value, now).problems : {};
  const set = (index: number, next: Partial<ResultDraft>) =>
    onChange({ ...value, results: value.results.map((each, i) => (i === index ? { ...each, ...next } : each)) });
  return (
    <div className={css.form}>
      {!isCorrection && (
        <div>
          <span className={css.legend} id="status-label">
            This report is
          </span>
          <SegmentedControl
            aria-labelledby="status-label"
            value={value.status}
            onChange={(status) => onChange({ ...value, status: status === "partial" ? "partial" : "final" })}
            data={[
              { value: "partial", label: "Partial: more follows" },
              { value: "final", label: "Final" },
            ]}
          />
        </div>
      )}
      <TextInput
        type="datetime-local"
        label="Sample taken"
        value={value.sampled}
        error={problems.sampled}
        className={css.when}
        onChange={(event) => {
          setNow(Date.now() / 1_000);
          onChange({ ...value, sampled: event.currentTarget.value });
        }}
      />
      {value.results.map((result, i) => (
        <ResultFields
          key={`${result.test.code ?? result.test.name} ${i}`}
          result={result}
          problem={(name) => problems[`${i}.${name}`]}
          interpret={lists?.interpret}
          onChange={(next) => set(i, next)}
        />
      ))}
      {problems.results !== undefined && <p className={css.problem}>{problems.results}</p>}
      <Textarea
        label="Conclusion"
        value={value.conclusion}
        maxLength={4_000}
        autosize
        minRows={2}
        maxRows={12}
        onChange={(event) => onChange({ ...value, conclusion: event.currentTarget.value })}
      />
    </div>
  );
}

function ResultFields({
  result,
  problem,
  interpret,
  onChange,
}: {
  result: ResultDraft;
  problem: (name: string) => string | undefined;
  interpret: typeof fhir.interpret | undefined;
  onChange: (next: Partial<ResultDraft>) => void;
}) {
  const { test, kind, unit, label } = result;
  const measured = kind === "number" ? numberIn(result.value) : null;
  const range = rangeIn(result);
  const lies = measured === null || range === null ? null : (interpret?.(measured, range) ?? null);
  const field = (name: "value" | "unit" | "low" | "high" | "normal" | "note") => ({
    value: result[name],
    error: problem(name),
    autoComplete: "off",
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange({ [name]: currentTarget.value }),
  });
  return (
    <fieldset className={css.set} data-lies={lies === "L" || lies === "H" ? "out" : undefined}>
      <legend className={css.legend}>
        {plain(test.name ?? test.code ?? "")}
        {test.code !== undefined && <span className={css.quiet}> LOINC {test.code}</span>}
      </legend>
      <div className={css.result}>
        <NativeSelect
          label="Result is"
          value={kind}
          data={KINDS.map(({ value, label: name }) => ({ value, label: name }))}
          onChange={(event) => onChange({ kind: event.currentTarget.value as ResultDraft["kind"] })}
        />
        {kind === "number" && (
          <>
            <TextInput label={unit === "" ? "Value" : `Value, ${label}`} inputMode="decimal" {...field("value")} />
            {test.code === undefined && <TextInput label="Unit" {...field("unit")} />}
            <TextInput label="Normal from" inputMode="decimal" {...field("low")} />
            <TextInput label="to" inputMode="decimal" {...field("high")} />
          </>
        )}
        {kind === "words" && (
          <>
            <TextInput label="Value" maxLength={1_000} {...field("value")} />
            <TextInput label="Normally" maxLength={255} {...field("normal")} />
          </>
        )}
        {/* Read out when it changes. */}
        <p role="status" className={css.lies}>
          {lies !== null && <Lies code={lies} />}
        </p>
      </div>
      <TextInput label="Remark" maxLength={1_000} {...field("note")} />
    </fieldset>
  );
}
