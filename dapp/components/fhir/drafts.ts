/**
 * What the forms hold while they are filled in, as plain JSON, and how each is read: into what a builder of `fhir` takes,
 * or into what is missing, by field. Pure: no chain, no session, nothing is remembered here.
 */
import type { fhir } from "../../../sdk/index.js";
import type { Money } from "../../lib/claims.js";

/** A form, read. `written` is null while `problems` names a field. */
export interface Read<T> {
  written: T | null;
  problems: Readonly<Record<string, string>>;
}

/** A list of tests. */
export interface TestListDraft {
  tests: readonly fhir.TestOrdered[];
  priority: "routine" | "urgent";
  reason: string;
  note: string;
}

/** A prescription of one medicine. Numbers as they were typed. */
export interface PrescriptionDraft {
  medicine: string;
  rxnorm: string | null;
  dose: string;
  /** UCUM, of DOSE_UNITS. */
  unit: string;
  frequency: string;
  period: string;
  periodUnit: fhir.TimeUnit;
  /** "" for until told otherwise. */
  duration: string;
  durationUnit: fhir.TimeUnit;
  asNeeded: string;
  route: string;
  note: string;
  /** After the first time. */
  repeats: string;
  quantity: string;
  reason: string;
}

/** A note on a visit. Reasons and diagnoses a line each. */
export interface NoteDraft {
  kind: fhir.EncounterClass;
  reasons: string;
  diagnoses: string;
  note: string;
}

/** A bill's lines. */
export interface BillDraft {
  items: readonly BillLine[];
}

/** A line of a bill. Numbers as they were typed. */
export interface BillLine {
  code: fhir.ClaimItemCode;
  text: string;
  quantity: string;
  /** Of one, in the currency's main unit: "12.50". */
  price: string;
}

export const EMPTY_TEST_LIST: TestListDraft = { tests: [], priority: "routine", reason: "", note: "" };
export const EMPTY_PRESCRIPTION: PrescriptionDraft = {
  medicine: "",
  rxnorm: null,
  dose: "1",
  unit: "{tablet}",
  frequency: "1",
  period: "1",
  periodUnit: "d",
  duration: "",
  durationUnit: "d",
  asNeeded: "",
  route: "",
  note: "",
  repeats: "0",
  quantity: "",
  reason: "",
};
export const EMPTY_NOTE: NoteDraft = { kind: "AMB", reasons: "", diagnoses: "", note: "" };
export const EMPTY_LINE: BillLine = { code: "consultation", text: "", quantity: "1", price: "" };
export const EMPTY_BILL: BillDraft = { items: [EMPTY_LINE] };

/** What doses are counted in: UCUM, and how people say it. */
export const DOSE_UNITS = [
  { unit: "{tablet}", label: "tablet" },
  { unit: "{capsule}", label: "capsule" },
  { unit: "mL", label: "mL" },
  { unit: "mg", label: "mg" },
  { unit: "g", label: "g" },
  { unit: "ug", label: "micrograms" },
  { unit: "[IU]", label: "international units" },
  { unit: "{drop}", label: "drop" },
  { unit: "{puff}", label: "puff" },
  { unit: "{application}", label: "application" },
  { unit: "{patch}", label: "patch" },
] as const;

/** A number as people type it, with a point or a comma; null when it is none. */
export function numberIn(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  return /^-?\d{1,9}(\.\d{1,6})?$/.test(trimmed) ? Number(trimmed) : null;
}

/** A test list, read. */
export function readTestList({
  tests,
  priority,
  reason,
  note,
}: TestListDraft): Read<Pick<fhir.TestList, "tests" | "priority" | "reason" | "note">> {
  const problems = { ...(tests.length === 0 ? { tests: "Choose at least one test." } : {}) };
  return found(problems, { tests, priority, ...words({ reason, note }) });
}

/** What a prescription says besides whose it is. */
export type PrescriptionWritten = Omit<
  fhir.Prescription,
  "orderId" | "visitId" | "patientId" | "author" | "time" | "until"
>;

/** A prescription, read. */
export function readPrescription(draft: PrescriptionDraft): Read<PrescriptionWritten> {
  const { medicine, rxnorm, unit, periodUnit, durationUnit, asNeeded, route, note, reason } = draft;
  const label = DOSE_UNITS.find((each) => each.unit === unit)?.label ?? unit;
  const dose = numberIn(draft.dose);
  const quantity = draft.quantity.trim() === "" ? undefined : numberIn(draft.quantity);
  const duration = draft.duration.trim() === "" ? undefined : countIn(draft.duration, 1, 999);
  const counts = {
    frequency: countIn(draft.frequency, 1, 24),
    period: countIn(draft.period, 1, 99),
    repeats: countIn(draft.repeats, 0, 99),
  };
  const problems = {
    ...(medicine.trim() === "" ? { medicine: "Choose or write a medicine." } : {}),
    ...(dose === null || dose <= 0 ? { dose: "Write how much, for example 1 or 2.5." } : {}),
    ...(counts.frequency === null ? { frequency: "Write a whole number, 1 to 24." } : {}),
    ...(counts.period === null ? { period: "Write a whole number, 1 to 99." } : {}),
    ...(counts.repeats === null ? { repeats: "Write a whole number, 0 to 99." } : {}),
    ...(duration === null ? { duration: "Write a whole number, or nothing." } : {}),
    ...(quantity === null || (quantity ?? 1) <= 0 ? { quantity: "Write how much, or nothing." } : {}),
  };
  return found(problems, {
    medicine: { name: medicine, ...(rxnorm === null ? {} : { rxnorm }) },
    dose: { value: dose ?? 0, unit, label },
    frequency: counts.frequency ?? 0,
    period: counts.period ?? 0,
    periodUnit,
    fills: (counts.repeats ?? 0) + 1,
    ...(duration === undefined ? {} : { duration: { value: duration ?? 0, unit: durationUnit } }),
    ...(quantity === undefined ? {} : { quantity: { value: quantity ?? 0, unit, label } }),
    ...words({ asNeeded, route, note, reason }),
  });
}

/** A note, read. */
export function readNote({
  kind,
  reasons,
  diagnoses,
  note,
}: NoteDraft): Read<Pick<fhir.VisitNote, "kind" | "reasons" | "diagnoses" | "note">> {
  const problems = { ...(note.trim() === "" ? { note: "Write what there is to say." } : {}) };
  return found(problems, { kind, reasons: lines(reasons), diagnoses: lines(diagnoses), note });
}

/** What is billed. */
export interface BillWritten {
  items: fhir.BillItem[];
  sum: bigint;
}

/** A bill's lines, read by the policy's money; problems by "0.text", "0.quantity", "0.price". */
export function readBill(
  { items }: BillDraft,
  { token: { decimals }, parse }: Pick<Money, "token" | "parse">,
): Read<BillWritten> {
  const problems: Record<string, string> = {};
  const read = items.map(({ code, text, quantity, price }, i): fhir.BillItem => {
    const many = countIn(quantity, 1, 999);
    const unitPrice = parse(price);
    if (text.trim() === "") problems[`${i}.text`] = "Say what it is.";
    if (many === null) problems[`${i}.quantity`] = "Write a whole number, 1 to 999.";
    if (unitPrice === null) problems[`${i}.price`] = `Write an amount with at most ${decimals} digits after the point.`;
    return { code, text, quantity: many ?? 0, unitPrice: unitPrice ?? 0n };
  });
  const sum = read.reduce((all, { quantity, unitPrice }) => all + BigInt(quantity) * unitPrice, 0n);
  if (items.length === 0 || (sum === 0n && Object.keys(problems).length === 0))
    problems.items = "There is nothing to bill.";
  return found(problems, { items: read, sum });
}

/** What was typed, unless it has problems. */
export function found<T>(problems: Readonly<Record<string, string>>, written: T): Read<T> {
  return { written: Object.keys(problems).length === 0 ? written : null, problems };
}

/** Fields of words that aren't empty. */
export function words<K extends string>(fields: Readonly<Record<K, string>>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries<string>(fields).filter(([, text]) => text.trim() !== "")) as Partial<
    Record<K, string>
  >;
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** A whole number within bounds; null when it is none. */
export function countIn(text: string, least: number, most: number): number | null {
  const value = numberIn(text);
  return value !== null && Number.isInteger(value) && value >= least && value <= most ? value : null;
}
