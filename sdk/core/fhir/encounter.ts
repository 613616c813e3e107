/** What a doctor writes down of a visit (002-30): FHIR R4 Encounter, with the note as its narrative. */
import type { Condition, Encounter } from "fhir/r4";

import type { Hex, PatientId } from "../../types.js";
import { identifierOf, partyOf, referenceTo, textOf, type Party } from "./systems.js";
import { hl7Concept, instantOf } from "./values.js";

/** What kind of meeting it was, by HL7's v3 code system ActCode. */
export const ENCOUNTER_CLASSES = {
  AMB: "In the practice or outpatient clinic",
  EMER: "Emergency",
  IMP: "Stay in the hospital",
  HH: "At the patient's home",
  VR: "By telephone or video",
} as const;
export type EncounterClass = keyof typeof ENCOUNTER_CLASSES;

const ACT_NAMES: Readonly<Record<EncounterClass, string>> = {
  AMB: "ambulatory",
  EMER: "emergency",
  IMP: "inpatient encounter",
  HH: "home health",
  VR: "virtual",
};

/** A note on a visit. */
export interface VisitNote {
  visitId: Hex;
  patientId: PatientId;
  /** The doctor, and the hospital that the visit is at. */
  author: Party;
  hospital?: Party | undefined;
  kind: EncounterClass;
  /** Seconds since 1970; `until` is missing while the visit goes on. */
  from: number;
  until?: number | undefined;
  /** Why the patient came, each in a few words. */
  reasons?: readonly string[] | undefined;
  /** What was found in the end, each in a few words. */
  diagnoses?: readonly string[] | undefined;
  /** What there is to say, in the doctor's words; lines stay lines. */
  note: string;
}

/** A note. @throws INVALID_INPUT */
export function encounter(input: VisitNote): Encounter {
  const { visitId, patientId, author, hospital, kind, from, until, reasons = [], diagnoses = [], note } = input;
  const text = textOf(note, "note", 20_000);
  const conditions = diagnoses.map((each, i): Condition => ({
    resourceType: "Condition",
    id: `diagnosis-${i + 1}`,
    code: { text: textOf(each, "diagnosis", 255) },
    subject: referenceTo("Patient", "patient", patientId),
  }));
  return {
    resourceType: "Encounter",
    // R4's Encounter has no note: words that no field holds are the narrative's, which then is "additional" (R4, 2.4.0).
    text: { status: "additional", div: narrativeOf(text) },
    ...(conditions.length === 0 ? {} : { contained: conditions }),
    identifier: [identifierOf("visit", visitId)],
    status: until === undefined ? "in-progress" : "finished",
    class: hl7Concept("v3-ActCode", kind, ACT_NAMES[kind]).coding?.[0] ?? {},
    subject: referenceTo("Patient", "patient", patientId),
    participant: [{ individual: partyOf("Practitioner", author) }],
    period: { start: instantOf(from), ...(until === undefined ? {} : { end: instantOf(until) }) },
    ...(reasons.length === 0 ? {} : { reasonCode: reasons.map((each) => ({ text: textOf(each, "reason", 255) })) }),
    ...(conditions.length === 0 ? {} : { diagnosis: conditions.map(diagnosisOf) }),
    ...(hospital === undefined ? {} : { serviceProvider: partyOf("Organization", hospital) }),
  };
}

/** The name stands in the reference, too: most readers show it without looking further. */
function diagnosisOf({ id = "", code }: Condition) {
  return { condition: { reference: `#${id}`, ...(code?.text ? { display: code.text } : {}) } };
}

/** Plain words as XHTML: each paragraph one, each line one, nothing of them markup. */
function narrativeOf(text: string): string {
  const paragraphs = text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.split("\n").map(escaped).join("<br/>")}</p>`)
    .join("");
  return `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs}</div>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
