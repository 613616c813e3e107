/** What a file is about, guessed from its content: a title and a drawer to begin with. The person has the last word. */
import type { ScopeLabel } from "../../../sdk/index.js";
import { isDicom, jsonOf, mediaTypeOf } from "../document/kind.js";
import { titleOf } from "../document/fhir.js";

const BY_RESOURCE: Readonly<Record<string, ScopeLabel>> = {
  Observation: "laboratory",
  DiagnosticReport: "laboratory",
  Specimen: "laboratory",
  MedicationRequest: "medication",
  MedicationStatement: "medication",
  MedicationAdministration: "medication",
  MedicationDispense: "medication",
  Immunization: "medication",
  ImagingStudy: "imaging",
  Media: "imaging",
  Encounter: "visits",
  Condition: "visits",
  Procedure: "visits",
  AllergyIntolerance: "visits",
  CarePlan: "visits",
  Coverage: "insurance",
  Claim: "insurance",
  ClaimResponse: "insurance",
  ExplanationOfBenefit: "insurance",
};

/** A file that is about to be added. */
export interface Draft {
  id: string;
  /** Read when it is sealed, and no earlier: it may be large. */
  file: File;
  fileName: string;
  mediaType: string;
  title: string;
  label: ScopeLabel;
}

/** Enough to know a file by; one byte more than the largest text that is looked into. */
const BEGINNING = 2 * 1024 * 1024 + 1;

/** Reads a file's beginning and guesses. */
export async function draftOf(file: File): Promise<Draft> {
  const beginning = new Uint8Array(await file.slice(0, BEGINNING).arrayBuffer());
  const mediaType = mediaTypeOf(beginning, file.type);
  const json = mediaType.includes("json") ? jsonOf(beginning) : null;
  const resourceType = typeof json?.resourceType === "string" ? json.resourceType : "";
  const isPicture = isDicom(beginning) || mediaType === "image/jpeg";
  return {
    id: crypto.randomUUID(),
    file,
    fileName: file.name,
    mediaType,
    title: json && resourceType ? titleOf(json) : nameWithoutEnding(file.name),
    label:
      (Object.hasOwn(BY_RESOURCE, resourceType) ? BY_RESOURCE[resourceType] : undefined) ??
      (isPicture ? "imaging" : "documents"),
  };
}

function nameWithoutEnding(name: string): string {
  const words = name
    .replace(/\.[a-z0-9]{1,8}$/i, "")
    .replace(/[_-]+/g, " ")
    .trim();
  return (words === "" ? "Document" : words.charAt(0).toUpperCase() + words.slice(1)).slice(0, 120);
}
