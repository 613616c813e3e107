/** Builders of the few HL7 FHIR R4 resources that the seed uses. */

/** A coded concept: code system, code and words. */
export type Code = readonly [system: keyof typeof SYSTEMS, code: string, display: string];

/** A FHIR resource as JSON. */
export type Resource = { resourceType: string } & Record<string, unknown>;

/** Whom a resource is about, and when it was made. */
export interface About {
  name: string;
  /** ISO date. */
  date: string;
}

const SYSTEMS = {
  loinc: "http://loinc.org",
  snomed: "http://snomed.info/sct",
  icd10: "http://hl7.org/fhir/sid/icd-10",
  atc: "http://www.whocc.no/atc",
  cvx: "http://hl7.org/fhir/sid/cvx",
} as const;

const concept = ([system, code, display]: Code) => ({
  coding: [{ system: SYSTEMS[system], code, display }],
  text: display,
});
const subject = ({ name }: About) => ({ display: name });
const amount = (value: number, unit: string) => ({ value, unit, system: "http://unitsofmeasure.org", code: unit });
const category = (code: string) => [
  { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code }] },
];
const status = (system: string, code: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});

/** A measured value with the range in which it would be normal. */
export function laboratoryValue(about: About, code: Code, value: number, unit: string, normalUpTo: number): Resource {
  const interpretation = value > normalUpTo ? "H" : "N";
  return {
    resourceType: "Observation",
    status: "final",
    category: category("laboratory"),
    code: concept(code),
    subject: subject(about),
    effectiveDateTime: about.date,
    valueQuantity: amount(value, unit),
    interpretation: [status("v3-ObservationInterpretation", interpretation)],
    referenceRange: [{ high: amount(normalUpTo, unit) }],
  };
}

/** A vital sign. */
export function vitalSign(about: About, code: Code, value: number, unit: string): Resource {
  return {
    resourceType: "Observation",
    status: "final",
    category: category("vital-signs"),
    code: concept(code),
    subject: subject(about),
    effectiveDateTime: about.date,
    valueQuantity: amount(value, unit),
  };
}

/** Blood pressure in mmHg. */
export function bloodPressure(about: About, systolic: number, diastolic: number): Resource {
  return {
    resourceType: "Observation",
    status: "final",
    category: category("vital-signs"),
    code: concept(["loinc", "85354-9", "Blood pressure"]),
    subject: subject(about),
    effectiveDateTime: about.date,
    component: [
      { code: concept(["loinc", "8480-6", "Systolic"]), valueQuantity: amount(systolic, "mm[Hg]") },
      { code: concept(["loinc", "8462-4", "Diastolic"]), valueQuantity: amount(diastolic, "mm[Hg]") },
    ],
  };
}

/** A report with its conclusion in words. */
export function diagnosticReport(about: About, code: Code, performer: string, conclusion: string): Resource {
  return {
    resourceType: "DiagnosticReport",
    status: "final",
    code: concept(code),
    subject: subject(about),
    effectiveDateTime: about.date,
    performer: [{ display: performer }],
    conclusion,
  };
}

/** A prescription. */
export function prescription(about: About, code: Code, dosage: string, requester: string): Resource {
  return {
    resourceType: "MedicationRequest",
    status: "active",
    intent: "order",
    medicationCodeableConcept: concept(code),
    subject: subject(about),
    authoredOn: about.date,
    requester: { display: requester },
    dosageInstruction: [{ text: dosage }],
  };
}

/** A diagnosis. */
export function diagnosis(about: About, code: Code, note: string): Resource {
  return {
    resourceType: "Condition",
    clinicalStatus: status("condition-clinical", "active"),
    verificationStatus: status("condition-ver-status", "confirmed"),
    code: concept(code),
    subject: subject(about),
    recordedDate: about.date,
    note: [{ text: note }],
  };
}

/** A finished visit. */
export function visit(about: About, kind: "ambulatory" | "emergency", place: string, reason: string): Resource {
  return {
    resourceType: "Encounter",
    status: "finished",
    class: {
      system: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
      code: kind === "emergency" ? "EMER" : "AMB",
      display: kind,
    },
    subject: subject(about),
    period: { start: about.date, end: about.date },
    reasonCode: [{ text: reason }],
    serviceProvider: { display: place },
  };
}

/** A vaccination. */
export function vaccination(about: About, code: Code, lot: string): Resource {
  return {
    resourceType: "Immunization",
    status: "completed",
    vaccineCode: concept(code),
    patient: subject(about),
    occurrenceDateTime: about.date,
    lotNumber: lot,
  };
}

/** Something that a patient doesn't tolerate. */
export function allergy(about: About, substance: string, reaction: string): Resource {
  return {
    resourceType: "AllergyIntolerance",
    clinicalStatus: status("allergyintolerance-clinical", "active"),
    verificationStatus: status("allergyintolerance-verification", "confirmed"),
    code: { text: substance },
    patient: subject(about),
    recordedDate: about.date,
    reaction: [{ manifestation: [{ text: reaction }] }],
  };
}
