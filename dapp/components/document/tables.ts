/** The part of a FHIR resource that is a table: results with their ranges, items with their amounts. Nothing in it is trusted. */
import { say, titleOf, type Resource } from "./fhir.js";

/** A cell. */
export interface Cell {
  text: string;
  /** Code of HL7's ObservationInterpretation. */
  reading?: string;
  /** Whether it is an amount or a count, which stand below each other. */
  isFigure?: boolean;
}

/** A table. */
export interface Table {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
  foot?: readonly Cell[];
}

const MAX_ROWS = 200;

/** The table of a resource, or null. @param inside what a bundle holds beside it */
export function tableOf(resource: Resource, inside: readonly Resource[] = []): Table | null {
  switch (resource.resourceType) {
    case "DiagnosticReport":
      return resultsOf([...listIn(resource.contained), ...inside]);
    case "Claim":
      return itemsOf(resource);
    case "ClaimResponse":
      return amountsOf(resource);
    default:
      return null;
  }
}

/** The requests of a bundle that is a test list, else null. */
export function testListIn(entries: readonly Resource[]): readonly Resource[] | null {
  return entries.length > 0 && entries.every(({ resourceType }) => resourceType === "ServiceRequest") ? entries : null;
}

/** A test list as a table. */
export function testsOf(requests: readonly Resource[]): Table {
  const rows = requests.slice(0, MAX_ROWS).map((each) => [cell(say(each.code)), cell(codeIn(each.code))]);
  return { caption: "Tests", head: ["Test", "Code"], rows };
}

function resultsOf(resources: readonly Resource[]): Table | null {
  const observations = resources.filter(({ resourceType }) => resourceType === "Observation").slice(0, MAX_ROWS);
  if (observations.length === 0) return null;
  const rows = observations.flatMap((each) => {
    // A panel has no value of its own: its components have.
    const parts = listIn(each.component);
    const isPanel = parts.length > 0 && valueIn(each) === "";
    return (isPanel ? parts : [each])
      .slice(0, MAX_ROWS)
      .map((part) => [
        cell(say(part.code)),
        cell(valueIn(part) || absentIn(part)),
        cell(rangeIn(part) || "–"),
        { text: "", reading: codeOf(listIn(part.interpretation)[0]) },
        cell(say(part.note)),
      ]);
  });
  return { caption: "Results", head: ["Test", "Result", "Normal", "Reading", "Remark"], rows };
}

function itemsOf(claim: Resource): Table | null {
  const items = listIn(claim.item).slice(0, MAX_ROWS);
  if (items.length === 0) return null;
  const rows = items.map((item) => [
    cell(say(item.productOrService)),
    cell(displayIn(item.productOrService)),
    figure(say(item.quantity) || "1"),
    figure(moneyIn(item.unitPrice)),
    figure(moneyIn(item.net)),
  ]);
  const foot = [cell("Together"), cell(""), cell(""), cell(""), figure(moneyIn(claim.total))];
  return { caption: "Items", head: ["What", "Kind", "How many", "Each", "Amount"], rows, foot };
}

/** HL7's categories of adjudication, in words. */
const AMOUNTS: Readonly<Record<string, string>> = {
  submitted: "Billed",
  eligible: "Acknowledged",
  deductible: "Deductible",
  copay: "Co-payment",
  benefit: "Paid",
};

function amountsOf(response: Resource): Table | null {
  const amounts = listIn(response.adjudication).length > 0 ? listIn(response.adjudication) : listIn(response.total);
  const rows = amounts.slice(0, MAX_ROWS).map((each) => {
    const code = codeOf(each.category) ?? "";
    return [
      cell((Object.hasOwn(AMOUNTS, code) ? AMOUNTS[code] : undefined) ?? say(each.category)),
      figure(moneyIn(each.amount)),
      cell(say(each.reason)),
    ];
  });
  return rows.length === 0 ? null : { caption: "Decision", head: ["What", "Amount", "Why"], rows };
}

/** What people are asked to do with a prescription besides how to take it. */
export function supplyOf({ dispenseRequest, resourceType }: Resource): [label: string, value: string][] {
  if (resourceType !== "MedicationRequest" || !isResource(dispenseRequest)) return [];
  const { numberOfRepeatsAllowed: repeats, quantity, validityPeriod } = dispenseRequest;
  const until = isResource(validityPeriod) ? say(validityPeriod.end) : "";
  return (
    [
      ["Each time", say(quantity)],
      ["Repeats", repeats === 0 ? "none" : typeof repeats === "number" ? `${repeats} after the first time` : ""],
      ["Not after", until],
    ] as [string, string][]
  ).filter(([, value]) => value !== "");
}

/** The resources that a bundle holds. */
export function entriesOf(resource: Resource, most: number): Resource[] {
  if (resource.resourceType !== "Bundle") return [];
  return listIn(resource.entry)
    .map((entry) => entry.resource)
    .filter((each): each is Resource => isResource(each) && typeof each.resourceType === "string")
    .slice(0, most);
}

/** What a resource is called above what it says. */
export function headingOf(resource: Resource): string {
  if (resource.resourceType === "Encounter") return "Visit";
  if (resource.resourceType === "Claim") return "Bill";
  if (resource.resourceType === "ClaimResponse") return "Decision on a bill";
  if (resource.resourceType === "MedicationDispense") return `Dispensed: ${say(resource.medicationCodeableConcept)}`;
  return titleOf(resource);
}

const cell = (text: string): Cell => ({ text });
const figure = (text: string): Cell => ({ text, isFigure: true });

function isResource(value: unknown): value is Resource {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listIn(value: unknown): Resource[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isResource) : [];
}

function valueIn(resource: Resource): string {
  const key = Object.keys(resource).find((each) => /^value[A-Z]/.test(each));
  return key === undefined ? "" : say(resource[key]);
}

/** Why there is no value, by HL7's data-absent-reason. */
const ABSENT: Readonly<Record<string, string>> = {
  "not-performed": "not done",
  unknown: "not known",
  error: "failed",
};

function absentIn({ dataAbsentReason }: Resource): string {
  const code = codeOf(dataAbsentReason) ?? "";
  return (Object.hasOwn(ABSENT, code) ? ABSENT[code] : undefined) ?? (say(dataAbsentReason) || "–");
}

function rangeIn(resource: Resource): string {
  return listIn(resource.referenceRange)
    .map((range) => {
      const [low, high] = [say(range.low), say(range.high)];
      if (low !== "" && high !== "") return `${numberOf(range.low)} to ${high}`;
      if (low !== "") return `from ${low}`;
      return high === "" ? say(range.text) : `up to ${high}`;
    })
    .filter(Boolean)
    .join("; ");
}

function numberOf(quantity: unknown): string {
  return isResource(quantity) && typeof quantity.value === "number" ? String(quantity.value) : say(quantity);
}

function codingIn(concept: unknown): Resource | undefined {
  return isResource(concept) ? listIn(concept.coding)[0] : undefined;
}

function codeOf(concept: unknown): string | undefined {
  const code = codingIn(concept)?.code;
  return typeof code === "string" ? code.slice(0, 40) : undefined;
}

function codeIn(concept: unknown): string {
  const code = codeOf(concept);
  if (code === undefined) return "in words";
  return codingIn(concept)?.system === "http://loinc.org" ? `LOINC ${code}` : code;
}

function displayIn(concept: unknown): string {
  const display = codingIn(concept)?.display;
  return typeof display === "string" ? display.slice(0, 200) : "";
}

/** Money with the two digits that its currency has: 80.5 is "80.50 EUR". */
function moneyIn(money: unknown): string {
  if (!isResource(money) || typeof money.value !== "number") return "–";
  const { value, currency } = money;
  if (typeof currency !== "string" || !/^[A-Z]{3}$/.test(currency)) return String(value);
  return new Intl.NumberFormat(undefined, { style: "currency", currency, currencyDisplay: "code" }).format(value);
}
