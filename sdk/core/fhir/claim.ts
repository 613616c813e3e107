/**
 * A hospital's bill U_B (002-15, 002-33) and the insurer's answer (004-19): FHIR R4 Claim and ClaimResponse. Amounts are in
 * the token's smallest unit, as on the chain; inside they are FHIR's Money.
 */
import type { Claim, ClaimItem, ClaimResponse } from "fhir/r4";

import { SalusError } from "../../errors.js";
import type { Hex, PatientId, PolicyId, RecordId } from "../../types.js";
import { claimItemByCode, type ClaimItemCode } from "./lists/items.js";
import { reasonText } from "./lists/reasons.js";
import {
  CLAIM_ITEM_SYSTEM,
  idIn,
  identifierOf,
  partyOf,
  REASON_SYSTEM,
  referenceTo,
  textOf,
  type Party,
} from "./systems.js";
import { conceptOf, countOf, EURO, hl7Concept, instantOf, minorOf, moneyOf, type Currency } from "./values.js";

/** The most items of a bill. */
export const MAX_ITEMS = 100;

/** One line of a bill. */
export interface BillItem {
  /** What kind of service, of CLAIM_ITEMS. */
  code: ClaimItemCode;
  /** What exactly, in words. */
  text: string;
  quantity: number;
  /** Of one, in the smallest unit. */
  unitPrice: bigint;
}

/** A bill. */
export interface Bill {
  visitId: Hex;
  patientId: PatientId;
  policyId: PolicyId;
  hospital: Party;
  insurer: Party;
  doctor?: Party | undefined;
  /** 1 to MAX_ITEMS. Their sum is what is billed. */
  items: readonly BillItem[];
  /** The documents of the visit that it is for. */
  records: readonly RecordId[];
  /** When the service began and ended, and when this was written. Seconds since 1970. */
  from: number;
  until: number;
  time: number;
  currency?: Currency | undefined;
}

/** What the insurer decided. Amounts in the smallest unit. */
export interface ClaimDecision {
  visitId: Hex;
  patientId: PatientId;
  hospital: Party;
  insurer: Party;
  time: number;
  billed: bigint;
  /** What is acknowledged of the bill; 0 denies it. */
  eligible: bigint;
  /** What the terms leave of it, and what they take off; known once the chain has computed them. */
  deductible?: bigint | undefined;
  coPayment?: bigint | undefined;
  paid?: bigint | undefined;
  /** A code of REASONS; 0 when all is acknowledged. */
  reason: number;
  note?: string | undefined;
  currency?: Currency | undefined;
}

/** What a bill's items come to. @throws INVALID_INPUT */
export function sumOf(items: readonly Pick<BillItem, "quantity" | "unitPrice">[]): bigint {
  return items.reduce((sum, { quantity, unitPrice }) => sum + BigInt(countOf(quantity, "quantity")) * unitPrice, 0n);
}

/** A bill. @throws INVALID_INPUT */
export function claim(input: Bill): Claim {
  const {
    visitId,
    patientId,
    policyId,
    hospital,
    insurer,
    doctor,
    items,
    records,
    from,
    until,
    time,
    currency = EURO,
  } = input;
  if (items.length < 1 || items.length > MAX_ITEMS) {
    throw new SalusError("INVALID_INPUT", { argument: "items", reason: `must be 1 to ${MAX_ITEMS}` });
  }
  if (from > until) throw new SalusError("INVALID_INPUT", { argument: "from", reason: "must not be after the end" });
  return {
    resourceType: "Claim",
    identifier: [identifierOf("claim", visitId)],
    status: "active",
    type: hl7Concept("claim-type", "institutional", "Institutional"),
    use: "claim",
    patient: referenceTo("Patient", "patient", patientId),
    billablePeriod: { start: instantOf(from), end: instantOf(until) },
    created: instantOf(time),
    insurer: partyOf("Organization", insurer),
    provider: partyOf("Organization", hospital),
    priority: hl7Concept("processpriority", "normal", "Normal"),
    ...(doctor === undefined
      ? {}
      : { careTeam: [{ sequence: 1, provider: partyOf("Practitioner", doctor), responsible: true }] }),
    ...(records.length === 0 ? {} : { supportingInfo: records.map(supporting) }),
    insurance: [{ sequence: 1, focal: true, coverage: referenceTo("Coverage", "policy", policyId) }],
    item: items.map((item, i) => itemOf(item, i, visitId, currency)),
    total: moneyOf(sumOf(items), currency),
  };
}

/** An answer to a bill. @throws INVALID_INPUT, also when reason and amounts contradict each other */
export function claimResponse(input: ClaimDecision): ClaimResponse {
  const { visitId, patientId, hospital, insurer, time, billed, eligible, deductible, coPayment, paid } = input;
  const { reason, note, currency = EURO } = input;
  if (eligible > billed) throw new SalusError("INVALID_INPUT", { argument: "eligible", reason: "is more than billed" });
  if ((eligible === billed) !== (reason === 0)) {
    throw new SalusError("INVALID_INPUT", { argument: "reason", reason: "is for what isn't acknowledged" });
  }
  const amounts: readonly (readonly [category: string, name: string, amount: bigint | undefined])[] = [
    ["submitted", "Submitted Amount", billed],
    ["eligible", "Eligible Amount", eligible],
    ["deductible", "Deductible", deductible],
    ["copay", "CoPay", coPayment],
    ["benefit", "Benefit Amount", paid],
  ];
  const known = amounts.flatMap(([category, name, amount]) =>
    amount === undefined
      ? []
      : [{ category: hl7Concept("adjudication", category, name), amount: moneyOf(amount, currency) }],
  );
  const why = reason === 0 ? undefined : conceptOf(REASON_SYSTEM, String(reason), reasonText(reason));
  return {
    resourceType: "ClaimResponse",
    status: "active",
    type: hl7Concept("claim-type", "institutional", "Institutional"),
    use: "claim",
    patient: referenceTo("Patient", "patient", patientId),
    created: instantOf(time),
    insurer: partyOf("Organization", insurer),
    requestor: partyOf("Organization", hospital),
    request: referenceTo("Claim", "claim", visitId),
    outcome: "complete",
    disposition: eligible === 0n ? "Denied" : eligible < billed ? "Acknowledged in part" : "Acknowledged",
    adjudication: known.map((each, i) => (i === 1 && why !== undefined ? { ...each, reason: why } : each)),
    total: known,
    ...(note === undefined ? {} : { processNote: [{ number: 1, type: "display", text: textOf(note, "note") }] }),
  };
}

/** What a bill says, for comparing it with the chain; null for what it doesn't say. */
export function readClaim(
  { identifier, patient, insurer, provider, insurance, total, item = [], billablePeriod, supportingInfo = [] }: Claim,
  currency: Currency = EURO,
) {
  return {
    visitId: idIn("claim", identifier),
    patientId: idIn("patient", patient.identifier),
    insurer: idIn("account", insurer?.identifier),
    hospital: idIn("account", provider.identifier),
    policyId: idIn("policy", insurance[0]?.coverage.identifier),
    amount: minorOf(total, currency),
    items: item.map(({ productOrService, quantity, unitPrice, net }) => ({
      code: productOrService.coding?.find(({ system }) => system === CLAIM_ITEM_SYSTEM)?.code ?? null,
      text: productOrService.text ?? "",
      quantity: quantity?.value ?? 1,
      unitPrice: minorOf(unitPrice, currency),
      net: minorOf(net, currency),
    })),
    records: supportingInfo.map(({ valueReference }) => idIn("record", valueReference?.identifier)),
    period: { start: billablePeriod?.start ?? null, end: billablePeriod?.end ?? null },
  };
}

/** What an answer says, for comparing it with the chain; null for what it doesn't say. */
export function readClaimResponse(
  { request, patient, insurer, adjudication = [], processNote = [], disposition }: ClaimResponse,
  currency: Currency = EURO,
) {
  const of = (category: string) =>
    adjudication.find((each) => each.category.coding?.some(({ code }) => code === category));
  const reason = of("eligible")?.reason?.coding?.find(({ system }) => system === REASON_SYSTEM)?.code;
  return {
    visitId: idIn("claim", request?.identifier),
    patientId: idIn("patient", patient.identifier),
    insurer: idIn("account", insurer.identifier),
    billed: minorOf(of("submitted")?.amount, currency),
    eligible: minorOf(of("eligible")?.amount, currency),
    reason: reason === undefined ? 0 : Number(reason),
    disposition: disposition ?? "",
    note: processNote.map(({ text }) => text).join("\n"),
  };
}

function itemOf(
  { code, text, quantity, unitPrice }: BillItem,
  index: number,
  visitId: Hex,
  currency: Currency,
): ClaimItem {
  return {
    sequence: index + 1,
    productOrService: conceptOf(CLAIM_ITEM_SYSTEM, code, claimItemByCode(code).name, textOf(text, "text", 255)),
    quantity: { value: countOf(quantity, "quantity") },
    unitPrice: moneyOf(unitPrice, currency),
    net: moneyOf(sumOf([{ quantity, unitPrice }]), currency),
    encounter: [referenceTo("Encounter", "visit", visitId)],
  };
}

function supporting(recordId: RecordId, index: number) {
  return {
    sequence: index + 1,
    category: hl7Concept("claiminformationcategory", "attachment", "Attachment"),
    valueReference: referenceTo("DocumentReference", "record", recordId),
  };
}
