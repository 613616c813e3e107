/** A laboratory's report while it is filled in, as plain JSON, and how it is read. Pure. */
import type { fhir } from "../../../sdk/index.js";
import { found, numberIn, words, type Read } from "./drafts.js";

/** One test's result. Numbers as they were typed. */
export interface ResultDraft {
  test: fhir.TestOrdered;
  /** A number in `unit`, words, or why there is none. */
  kind: "number" | "words" | "missing";
  value: string;
  /** UCUM, and how it is written. */
  unit: string;
  label: string;
  low: string;
  high: string;
  /** What is normal, of words. */
  normal: string;
  note: string;
}

/** A report. */
export interface ReportDraft {
  status: "partial" | "final" | "corrected";
  /** When the sample was taken, as a `datetime-local` field has it: "2026-11-21T10:00". */
  sampled: string;
  results: readonly ResultDraft[];
  conclusion: string;
}

/** What a report says besides whose it is. */
export type ReportWritten = Pick<fhir.Report, "status" | "sampled" | "results" | "conclusion">;

/** A report on ordered tests, with the units and ranges of the list. @param now Unix seconds */
export function emptyReport(
  tests: readonly fhir.TestOrdered[],
  { testByCode, usualRange }: Pick<typeof fhir, "testByCode" | "usualRange">,
  now: number,
  status: ReportDraft["status"] = "final",
): ReportDraft {
  const results = tests.map((test): ResultDraft => {
    const { unit, label, name } = (test.code === undefined ? undefined : testByCode(test.code)) ?? {};
    const { low, high, text } = usualRange(test) ?? {};
    const isMeasured = unit !== undefined && unit !== null;
    return {
      test: { ...test, name: test.name ?? name ?? "" },
      kind: isMeasured ? "number" : "words",
      value: "",
      unit: unit ?? "",
      label: label ?? unit ?? "",
      low: low === undefined ? "" : String(low),
      high: high === undefined ? "" : String(high),
      normal: text ?? "",
      note: "",
    };
  });
  return { status, sampled: localOf(now), results, conclusion: "" };
}

/** Whether something was filled in. */
export function isFilled({ kind, value }: ResultDraft): boolean {
  return kind === "missing" || value.trim() !== "";
}

/** A report, read; problems by "0.value", "0.low", "0.high". @param now Unix seconds */
export function readReport({ status, sampled, results, conclusion }: ReportDraft, now: number): Read<ReportWritten> {
  const problems: Record<string, string> = {};
  const taken = Math.floor(new Date(sampled).getTime() / 1_000);
  if (!Number.isFinite(taken)) problems.sampled = "Say when the sample was taken.";
  else if (taken > now) problems.sampled = "This lies in the future.";
  const read = results.flatMap((result, i): fhir.Result[] => {
    if (!isFilled(result)) {
      // A partial report leaves out what is still to come.
      if (status !== "partial") problems[`${i}.value`] = "Fill it in, or say that it wasn't done.";
      return [];
    }
    return [readResult(result, i, problems)];
  });
  if (read.length === 0) problems.results = "Fill in at least one result.";
  return found(problems, { status, sampled: taken, results: read, ...words({ conclusion }) });
}

/** The typed bounds of a result, for telling where its value lies; null when they aren't numbers. */
export function rangeIn({ low, high, normal, kind }: ResultDraft): fhir.Range | null {
  if (kind !== "number") return normal.trim() === "" ? {} : { text: normal };
  const bounds = [low, high].map((each) => (each.trim() === "" ? undefined : numberIn(each)));
  const [from, to] = bounds;
  if (from === null || to === null) return null;
  if (from !== undefined && to !== undefined && from > to) return null;
  return { low: from, high: to };
}

function readResult(result: ResultDraft, index: number, problems: Record<string, string>): fhir.Result {
  const { test, kind, value, unit, label, note } = result;
  if (kind === "missing") return { test, value: { missing: "not-performed" }, ...words({ note }) };
  const range = rangeIn(result);
  if (range === null) problems[`${index}.low`] = "Write numbers, the lower one first.";
  const given = range === null || Object.values(range).every((each) => each === undefined) ? {} : { range };
  if (kind === "words") return { test, value, ...given, ...words({ note }) };
  const measured = numberIn(value);
  if (measured === null) problems[`${index}.value`] = "Write a number, for example 5.4.";
  if (unit === "") problems[`${index}.unit`] = "Write the unit.";
  return {
    test,
    value: { value: measured ?? 0, unit, label: label === "" ? unit : label },
    ...given,
    ...words({ note }),
  };
}

/** Unix seconds as a `datetime-local` field has them, in this device's time. */
function localOf(time: number): string {
  const date = new Date(time * 1_000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
