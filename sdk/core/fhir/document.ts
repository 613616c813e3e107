/**
 * FHIR R4 as a document of a record: written only when it is valid, and not taken for FHIR when somebody else wrote what
 * isn't (FHIR R4 4.0.1, JSON representation).
 */
import type { FhirResource } from "fhir/r4";

import { SalusError } from "../../errors.js";
import { fromUtf8 } from "../bytes.js";
import { canonicalJson } from "../canonical.js";
import { checkResource, checkShape } from "./check.js";

/** RFC 6838 name of FHIR's JSON. */
export const FHIR_MEDIA_TYPE = "application/fhir+json";

/** The most bytes of a resource: what is larger is no form that somebody filled in. */
export const MAX_FHIR_SIZE = 2 * 1024 * 1024;

/** A resource, ready to be published: what `publish` takes. */
export interface FhirDocument {
  content: Uint8Array;
  fileName: string;
  mediaType: typeof FHIR_MEDIA_TYPE;
  title: string;
}

/**
 * A resource as a document: canonical JSON (RFC 8785).
 * @param title what people call it; what the resource is when missing
 * @throws FHIR_INVALID with the path of the first wrong field
 */
export async function writeFhir(resource: FhirResource, title?: string): Promise<FhirDocument> {
  const content = canonicalJson(resource);
  await readFhir(content);
  const name = title ?? titleOf(resource);
  return {
    content,
    fileName: `${
      name
        .replace(/[^\p{L}\p{N}]+/gu, "-")
        .replace(/^-|-$/g, "")
        .slice(0, 80) || resource.resourceType
    }.json`,
    mediaType: FHIR_MEDIA_TYPE,
    title: name,
  };
}

/**
 * A resource that somebody else wrote.
 * @throws FHIR_INVALID with the path of the first wrong field, "" for the document itself
 */
export async function readFhir(bytes: Uint8Array): Promise<FhirResource> {
  const value = parsed(bytes);
  checkShape(value);
  await checkResource(value);
  return value as unknown as FhirResource;
}

/** What a resource is called in a list. */
export function titleOf(resource: FhirResource): string {
  switch (resource.resourceType) {
    case "MedicationRequest":
      return `Prescription: ${resource.medicationCodeableConcept?.text ?? "medicine"}`;
    case "MedicationDispense":
      return `Dispensed: ${resource.medicationCodeableConcept?.text ?? "medicine"}`;
    case "Bundle":
      return resource.entry?.some((each) => each.resource?.resourceType === "ServiceRequest")
        ? "Test list"
        : "Documents";
    case "DiagnosticReport":
      return (
        {
          partial: "Laboratory report, partial",
          corrected: "Laboratory report, corrected",
          amended: "Laboratory report, amended",
        }[resource.status as string] ?? "Laboratory report"
      );
    case "Encounter":
      return "Note of a visit";
    case "Claim":
      return "Bill";
    case "ClaimResponse":
      return "Decision on a bill";
    default:
      return resource.resourceType;
  }
}

function parsed(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length > MAX_FHIR_SIZE) throw new SalusError("FHIR_INVALID", { path: "", reason: "is too large" });
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    throw new SalusError("FHIR_INVALID", { path: "", reason: "is no JSON" }, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SalusError("FHIR_INVALID", { path: "", reason: "is no resource" });
  }
  return value as Record<string, unknown>;
}
