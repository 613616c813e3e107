/**
 * How an untrusted document may be shown. The bytes decide, not what the document says of itself: nothing here can lead
 * to a viewer that runs what it shows.
 */

/** The ways to show a document; "none" is download only. */
export type Kind = "fhir" | "json" | "pdf" | "image" | "dicom" | "text" | "none";

const IMAGES: Readonly<Record<string, readonly (number | null)[]>> = {
  "image/png": [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  "image/jpeg": [0xff, 0xd8, 0xff],
  "image/gif": [0x47, 0x49, 0x46, 0x38],
  "image/webp": [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
};

/** Text longer than this is for downloading: a page of it would freeze the browser. */
const MAX_TEXT = 2 * 1024 * 1024;

/** The media type of a raster image by its first bytes, or null when it's none that is shown. */
export function imageTypeOf(bytes: Uint8Array): string | null {
  const fits = (magic: readonly (number | null)[]) => magic.every((byte, i) => byte === null || bytes[i] === byte);
  return Object.entries(IMAGES).find(([, magic]) => fits(magic))?.[0] ?? null;
}

/** The bytes as text, or null when they aren't UTF-8 or hold what text doesn't. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_TEXT) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // Control characters tell binary from text.
    return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** An object parsed from JSON, or null. */
export function jsonOf(bytes: Uint8Array): Record<string, unknown> | null {
  const text = textOf(bytes);
  if (text === null || !/^\s*[{[]/.test(text)) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** How to show these bytes. */
export function kindOf(bytes: Uint8Array): Kind {
  if (imageTypeOf(bytes)) return "image";
  if (isPdf(bytes)) return "pdf";
  if (isDicom(bytes)) return "dicom";
  const json = jsonOf(bytes);
  if (json) return typeof json.resourceType === "string" ? "fhir" : "json";
  return textOf(bytes) === null ? "none" : "text";
}

/** The media type that a file has by its bytes, else what the browser thinks, else what fits all. */
export function mediaTypeOf(bytes: Uint8Array, claimed: string): string {
  const image = imageTypeOf(bytes);
  if (image) return image;
  if (isPdf(bytes)) return "application/pdf";
  if (isDicom(bytes)) return "application/dicom";
  if (kindOf(bytes) === "fhir") return "application/fhir+json";
  return /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(claimed)
    ? claimed
    : "application/octet-stream";
}

/** Whether this is a DICOM file: "DICM" after 128 bytes of preamble. */
export function isDicom(bytes: Uint8Array): boolean {
  return [0x44, 0x49, 0x43, 0x4d].every((byte, i) => bytes[128 + i] === byte);
}

function isPdf(bytes: Uint8Array): boolean {
  return [0x25, 0x50, 0x44, 0x46, 0x2d].every((byte, i) => bytes[i] === byte);
}
