/** Prescriptions (U_P) and what a pharmacy hands over for them (002-28): FHIR R4 MedicationRequest and MedicationDispense. */
import type { CodeableConcept, Dosage, MedicationDispense, MedicationRequest } from "fhir/r4";

import { SalusError } from "../../errors.js";
import type { Hex, PatientId } from "../../types.js";
import { identifierOf, partyOf, referenceTo, RXNORM, textOf, type Party } from "./systems.js";
import { conceptOf, countOf, doseOf, instantOf, quantityOf, type Amount } from "./values.js";

/** Units of time that FHIR counts doses in; UCUM codes. */
export type TimeUnit = "h" | "d" | "wk" | "mo";

/** A medicine as it is prescribed and handed over: "Amoxicillin 500 mg capsule". */
export interface MedicineGiven {
  name: string;
  /** RxNorm's code, where it is known. */
  rxnorm?: string | undefined;
}

/** How a medicine is taken. */
export interface DoseInstruction {
  /** How much at a time: { value: 1, unit: "{tablet}" }. */
  dose: Amount;
  /** So many times in each period: 3 times in 1 "d". */
  frequency: number;
  period: number;
  periodUnit: TimeUnit;
  /** For how long; without it, until told otherwise. */
  duration?: { value: number; unit: TimeUnit } | undefined;
  /** Only when needed, and for what: "for pain". */
  asNeeded?: string | undefined;
  route?: string | undefined;
  /** What else the patient should know: "after food". */
  note?: string | undefined;
}

/** A prescription of one medicine: what is counted on the chain, its repeats, belongs to one. */
export interface Prescription extends DoseInstruction {
  orderId: Hex;
  visitId: Hex;
  patientId: PatientId;
  author: Party;
  /** Seconds since 1970. */
  time: number;
  medicine: MedicineGiven;
  /** How often it may be dispensed in all, 1 to 100: the order's `fills`. */
  fills: number;
  /** Dispensed each time. */
  quantity?: Amount | undefined;
  /** Seconds since 1970: no longer dispensed after it. */
  until?: number | undefined;
  reason?: string | undefined;
}

/** What was handed over for a prescription. */
export interface Dispensing {
  /** The prescription's. */
  orderId: Hex;
  patientId: PatientId;
  /** The pharmacy. */
  author: Party;
  time: number;
  medicine: MedicineGiven;
  quantity: Amount;
  /** How many days it lasts. */
  days?: number | undefined;
  note?: string | undefined;
}

/** A prescription. @throws INVALID_INPUT */
export function medicationRequest(input: Prescription): MedicationRequest {
  const { orderId, visitId, patientId, author, time, medicine, fills, quantity, until, reason } = input;
  if (until !== undefined && until <= time) {
    throw new SalusError("INVALID_INPUT", { argument: "until", reason: "must be after it was written" });
  }
  return {
    resourceType: "MedicationRequest",
    identifier: [identifierOf("order", orderId)],
    status: "active",
    intent: "order",
    medicationCodeableConcept: medicineOf(medicine),
    subject: referenceTo("Patient", "patient", patientId),
    encounter: referenceTo("Encounter", "visit", visitId),
    authoredOn: instantOf(time),
    requester: partyOf("Practitioner", author),
    ...(reason === undefined ? {} : { reasonCode: [{ text: textOf(reason, "reason") }] }),
    dosageInstruction: [dosageOf(input)],
    dispenseRequest: {
      ...(until === undefined ? {} : { validityPeriod: { start: instantOf(time), end: instantOf(until) } }),
      // FHIR counts the repeats after the first.
      numberOfRepeatsAllowed: countOf(fills, "fills") - 1,
      ...(quantity === undefined ? {} : { quantity: doseOf(quantity, "quantity") }),
    },
  };
}

/** What was handed over. @throws INVALID_INPUT */
export function medicationDispense(input: Dispensing): MedicationDispense {
  const { orderId, patientId, author, time, medicine, quantity, days, note } = input;
  return {
    resourceType: "MedicationDispense",
    status: "completed",
    medicationCodeableConcept: medicineOf(medicine),
    subject: referenceTo("Patient", "patient", patientId),
    performer: [{ actor: partyOf("Organization", author) }],
    authorizingPrescription: [referenceTo("MedicationRequest", "order", orderId)],
    quantity: doseOf(quantity, "quantity"),
    ...(days === undefined
      ? {}
      : { daysSupply: quantityOf({ value: countOf(days, "days"), unit: "d", label: "days" }) }),
    whenHandedOver: instantOf(time),
    ...(note === undefined ? {} : { note: [{ text: textOf(note, "note") }] }),
  };
}

/** The instruction in words: "1 tablet 3 times a day for 7 days, after food". */
export function doseInWords({ dose, frequency, period, periodUnit, duration, asNeeded, route, note }: DoseInstruction) {
  const times = frequency === 1 ? "once" : frequency === 2 ? "twice" : `${frequency} times`;
  const each =
    period === 1
      ? `${periodUnit === "h" ? "an" : "a"} ${UNIT_NAMES[periodUnit]}`
      : `every ${timesOf(period, periodUnit)}`;
  const amount = `${dose.value} ${dose.label ?? dose.unit.replace(/^\{(.*)\}$/, "$1")}`;
  return [
    [
      amount,
      frequency === 1 && period !== 1 ? each : `${times} ${each}`,
      route === undefined ? "" : `(${textOf(route, "route", 100)})`,
      duration === undefined ? "" : `for ${timesOf(duration.value, duration.unit)}`,
    ]
      .filter(Boolean)
      .join(" "),
    asNeeded === undefined ? "" : `when needed ${textOf(asNeeded, "asNeeded", 200)}`,
    note === undefined ? "" : textOf(note, "note", 1_000),
  ]
    .filter(Boolean)
    .join(", ");
}

const UNIT_NAMES: Readonly<Record<TimeUnit, string>> = { h: "hour", d: "day", wk: "week", mo: "month" };

function timesOf(count: number, unit: TimeUnit): string {
  return `${count} ${UNIT_NAMES[unit]}${count === 1 ? "" : "s"}`;
}

function dosageOf(input: DoseInstruction): Dosage {
  const { dose, frequency, period, periodUnit, duration, asNeeded, route } = input;
  return {
    text: doseInWords(input),
    timing: {
      repeat: {
        ...(duration === undefined
          ? {}
          : {
              boundsDuration: quantityOf({
                value: countOf(duration.value, "duration"),
                unit: duration.unit,
                label: timesOf(duration.value, duration.unit).replace(/^\S+ /, ""),
              }),
            }),
        frequency: countOf(frequency, "frequency"),
        period: countOf(period, "period"),
        periodUnit,
      },
    },
    // dosage-1: asNeeded is a reason, or a plain yes.
    ...(asNeeded === undefined ? {} : { asNeededCodeableConcept: { text: textOf(asNeeded, "asNeeded", 200) } }),
    ...(route === undefined ? {} : { route: { text: textOf(route, "route", 100) } }),
    doseAndRate: [{ doseQuantity: doseOf(dose, "dose") }],
  };
}

function medicineOf({ name, rxnorm }: MedicineGiven): CodeableConcept {
  const text = textOf(name, "medicine", 255);
  // No `display`: it would have to be RxNorm's own name.
  return rxnorm === undefined ? { text } : conceptOf(RXNORM, rxnorm, undefined, text);
}
