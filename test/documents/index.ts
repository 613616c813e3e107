/** The documents that tests take through the whole path. Their sources and licences are in README.md. */
import { createCipheriv } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** A file to publish: where it is, its name and its media type. */
export interface Fixture {
  path: string;
  name: string;
  mediaType: string;
}

const fixture = (path: string, mediaType: string): Fixture => ({
  path: fileURLToPath(new URL(path, import.meta.url)),
  name: basename(path),
  mediaType,
});

const FHIR = "application/fhir+json";

/** 29 examples of HL7's own, byte for byte. */
export const fhirDocuments: readonly Fixture[] = readdirSync(new URL("fhir/", import.meta.url))
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => fixture(`fhir/${name}`, FHIR));

export const pdfDocument = fixture("pdf/letter-amina-rahman.pdf", "application/pdf");
export const dicomDocument = fixture("dicom/phantom.dcm", "application/dicom");
export const jpegDocument = fixture("image/radiograph.jpg", "image/jpeg");

/** Documents that try to run something in whoever opens them; each sets `globalThis.salusHostile` if it succeeds. */
export const hostileDocuments: readonly Fixture[] = [
  fixture("hostile/script.svg", "image/svg+xml"),
  fixture("hostile/script.html", "text/html"),
  fixture("hostile/open-action.pdf", "application/pdf"),
  fixture("hostile/Patient-narrative.json", FHIR),
  fixture("hostile/formula.csv", "text/csv"),
];

/** `size` bytes that look random and are the same every time: AES-CTR over zeros under a fixed key. */
export function largeDocument(size = 100 * 2 ** 20): Uint8Array {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16, 1), Buffer.alloc(16)).update(Buffer.alloc(size));
}
