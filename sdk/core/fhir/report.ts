/**
 * A laboratory's report U_R (002-25): FHIR R4 DiagnosticReport with its Observations.
 *
 * The Observations are contained: the report is one sealed document, they are of no use without it, and any reader of the
 * one resource has the results. A Bundle would make two things of it that can be torn apart.
 */
import type { DiagnosticReport, Extension, Observation } from "fhir/r4";

import { SalusError } from "../../errors.js";
import type { Hex, PatientId, RecordId } from "../../types.js";
import { rangeFor, testByCode, type Reference as RangeOf, type Sex } from "./lists/tests.js";
import { LOINC, partyOf, referenceTo, textOf, type Party } from "./systems.js";
import { MAX_TESTS, testConcept, type TestOrdered } from "./test-list.js";
import { conceptOf, decimalOf, hl7Concept, instantOf, quantityOf, type Amount } from "./values.js";

/** How far a report is. "amended" changes a final one's words or adds to it, "corrected" replaces what was wrong. */
export type ReportStatus = "partial" | "final" | "amended" | "corrected";

/** Below, within or above the range, or far outside it; "abnormal" for what has no order. */
export type Interpretation = "LL" | "L" | "N" | "H" | "HH" | "A";

/** What is normal: at least one bound, or words. */
export interface Range {
  low?: number | undefined;
  high?: number | undefined;
  text?: string | undefined;
}

/** One result. A number in a UCUM unit, words ("negative"), or why there is none. */
export interface Result {
  test: TestOrdered;
  value: Amount | string | { missing: "unknown" | "not-performed" | "error" };
  range?: Range | undefined;
  interpretation?: Interpretation | undefined;
  note?: string | undefined;
}

/** A report on an order. */
export interface Report {
  orderId: Hex;
  patientId: PatientId;
  visitId?: Hex | undefined;
  /** The laboratory. */
  author: Party;
  status: ReportStatus;
  /** The report that this one follows or replaces: needed when it is amended or corrected. */
  previous?: RecordId | undefined;
  /** When the sample was taken, and when this was written. Seconds since 1970. */
  sampled: number;
  time: number;
  /** 1 to MAX_TESTS. */
  results: readonly Result[];
  conclusion?: string | undefined;
}

const STATUS = { partial: "partial", final: "final", amended: "amended", corrected: "corrected" } as const;
const OBSERVED = { partial: "preliminary", final: "final", amended: "amended", corrected: "corrected" } as const;

/** How each interpretation is called, by HL7's v3 code system ObservationInterpretation. */
export const INTERPRETATIONS: Readonly<Record<Interpretation, string>> = {
  LL: "Critical low",
  L: "Low",
  N: "Normal",
  H: "High",
  HH: "Critical high",
  A: "Abnormal",
};

/** FHIR R4's extension for the report that is replaced: DiagnosticReport has no `relatesTo` before R5. */
const REPLACES = "http://hl7.org/fhir/StructureDefinition/diagnosticReport-replaces";

/** A report. @throws INVALID_INPUT, also when a correction doesn't say of what */
export function diagnosticReport(input: Report): DiagnosticReport {
  const { orderId, patientId, visitId, author, status, previous, sampled, time, results, conclusion } = input;
  if (results.length < 1 || results.length > MAX_TESTS) {
    throw new SalusError("INVALID_INPUT", { argument: "results", reason: `must be 1 to ${MAX_TESTS}` });
  }
  if (previous === undefined && (status === "corrected" || status === "amended")) {
    throw new SalusError("INVALID_INPUT", { argument: "previous", reason: "must name the report that is corrected" });
  }
  const shared = {
    subject: referenceTo("Patient", "patient", patientId),
    ...(visitId === undefined ? {} : { encounter: referenceTo("Encounter", "visit", visitId) }),
    effectiveDateTime: instantOf(sampled),
    issued: instantOf(time),
    performer: [partyOf("Organization", author)],
  };
  const observations = results.map((result, i): Observation => ({
    resourceType: "Observation",
    id: `result-${i + 1}`,
    status: OBSERVED[status],
    code: testConcept(result.test),
    ...shared,
    ...valueOf(result),
  }));
  return {
    resourceType: "DiagnosticReport",
    contained: observations,
    ...(previous === undefined ? {} : { extension: [replacing(previous)] }),
    basedOn: [referenceTo("ServiceRequest", "order", orderId)],
    status: STATUS[status],
    category: [hl7Concept("v2-0074", "LAB", "Laboratory")],
    code: conceptOf(LOINC, "11502-2", "Laboratory report"),
    ...shared,
    result: observations.map(({ id = "" }) => ({ reference: `#${id}` })),
    ...(conclusion === undefined ? {} : { conclusion: textOf(conclusion, "conclusion") }),
  };
}

/** Where a value lies in its range, or null when the range has no bounds. */
export function interpret(value: number, { low, high }: Range): Interpretation | null {
  if (low === undefined && high === undefined) return null;
  if (low !== undefined && value < low) return "L";
  return high !== undefined && value > high ? "H" : "N";
}

/** The range that the list has for a test, for a person of this sex; null without one. */
export function usualRange({ code }: TestOrdered, person: { sex?: Sex | undefined } = {}): RangeOf | null {
  const test = code === undefined ? undefined : testByCode(code);
  return test === undefined ? null : rangeFor(test, person);
}

/** The report that a report replaces, or null. */
export function previousIn({ extension = [] }: DiagnosticReport): RecordId | null {
  const named = extension.find(({ url }) => url === REPLACES)?.valueReference?.identifier?.value;
  return named !== undefined && /^0x[0-9a-f]{64}$/.test(named) ? (named as RecordId) : null;
}

function replacing(previous: RecordId): Extension {
  return { url: REPLACES, valueReference: referenceTo("DiagnosticReport", "record", previous) };
}

function valueOf({ value, range, interpretation, note }: Result): Partial<Observation> {
  const notes = note === undefined ? {} : { note: [{ text: textOf(note, "note") }] };
  if (typeof value === "string")
    return { valueString: textOf(value, "value"), ...readingOf(interpretation), ...rangesOf(range), ...notes };
  if ("missing" in value) return { dataAbsentReason: hl7Concept("data-absent-reason", value.missing), ...notes };
  const found = interpretation ?? (range === undefined ? null : interpret(value.value, range));
  return { valueQuantity: quantityOf(value), ...readingOf(found ?? undefined), ...rangesOf(range, value), ...notes };
}

function readingOf(interpretation: Interpretation | undefined): Partial<Observation> {
  if (interpretation === undefined) return {};
  return {
    interpretation: [hl7Concept("v3-ObservationInterpretation", interpretation, INTERPRETATIONS[interpretation])],
  };
}

/** obs-3: a range has a bound or words. */
function rangesOf(range: Range | undefined, value?: Amount): Partial<Observation> {
  const { low, high, text } = range ?? {};
  if (low === undefined && high === undefined && text === undefined) return {};
  if (low !== undefined && high !== undefined && low > high) {
    throw new SalusError("INVALID_INPUT", { argument: "range", reason: "must begin below its end" });
  }
  const bound = (each: number) =>
    value === undefined
      ? { value: decimalOf(each, "range") }
      : quantityOf({ ...value, value: decimalOf(each, "range") });
  return {
    referenceRange: [
      {
        ...(low === undefined ? {} : { low: bound(low) }),
        ...(high === undefined ? {} : { high: bound(high) }),
        ...(text === undefined ? {} : { text: textOf(text, "range", 255) }),
      },
    ],
  };
}
