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
  content: Uint8Array;
  fileName: string;
  mediaType: string;
  title: string;
  label: ScopeLabel;
}

/** Reads a file and guesses. */
export async function draftOf(file: File): Promise<Draft> {
  const content = new Uint8Array(await file.arrayBuffer());
  const mediaType = mediaTypeOf(content, file.type);
  const json = mediaType.includes("json") ? jsonOf(content) : null;
  const resourceType = typeof json?.resourceType === "string" ? json.resourceType : "";
  const isPicture = isDicom(content) || mediaType === "image/jpeg";
  return {
    content,
    fileName: file.name,
    mediaType,
    title: json && resourceType ? titleOf(json) : nameWithoutEnding(file.name),
    label: BY_RESOURCE[resourceType] ?? (isPicture ? "imaging" : "documents"),
  };
}

function nameWithoutEnding(name: string): string {
  const words = name
    .replace(/\.[a-z0-9]{1,8}$/i, "")
    .replace(/[_-]+/g, " ")
    .trim();
  return (words === "" ? "Document" : words.charAt(0).toUpperCase() + words.slice(1)).slice(0, 120);
}
