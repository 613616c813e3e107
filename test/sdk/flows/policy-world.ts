/** What the tests of policies share: files, drafts, and a store that lies. */
import { readFile } from "node:fs/promises";

import { fhirDocuments } from "../../documents/index.js";
import {
  chainTime,
  computeCid,
  type ContentStore,
  type Hex,
  type PatientId,
  type PolicyDraft,
  type PolicyFile,
  type Reader,
} from "../../../sdk/index.js";
import { utf8 } from "../../../sdk/core/bytes.js";

export const YEAR = 365 * 24 * 3_600;
export const NOTICE = 30 * 24 * 3_600;

/** A text file. */
export const file = (text: string, fileName = "f.txt"): PolicyFile => ({
  bytes: utf8(text),
  fileName,
  mediaType: "text/plain",
});

/** A wording as insurers print it. */
export async function pdfWording(): Promise<PolicyFile> {
  const bytes = new Uint8Array(await readFile(new URL("../../documents/pdf/insurance-wording.pdf", import.meta.url)));
  return { bytes, fileName: "insurance-wording.pdf", mediaType: "application/pdf" };
}

/** HL7's own examples of the FHIR resource Coverage, byte for byte. */
export async function coverages(): Promise<PolicyFile[]> {
  const found = fhirDocuments.filter(({ name }) => name.startsWith("Coverage-"));
  return Promise.all(
    found.map(async ({ path, name, mediaType }) => ({
      bytes: new Uint8Array(await readFile(path)),
      fileName: name,
      mediaType,
    })),
  );
}

/** A draft for a year from now. */
export async function draftFor(
  { chain }: Pick<Reader, "chain">,
  patientId: PatientId,
  changes: Partial<PolicyDraft> = {},
): Promise<PolicyDraft> {
  const now = await chainTime(chain);
  return {
    patientId,
    title: "Care Plus",
    wording: file("Clause 1. We pay for hospital stays.", "wording.txt"),
    schedule: file("Insured: Amina Rahman, card HM-7", "schedule.txt"),
    from: now,
    until: now + YEAR,
    ...changes,
  };
}

/** A store that answers with other bytes for some digests, as a gateway does that skips the check against the CID. */
export function lying(store: ContentStore, changes: ReadonlyMap<Hex, Uint8Array>): ContentStore {
  return { ...store, get: async (digest, ...rest) => changes.get(digest) ?? store.get(digest, ...rest) };
}

/** The digest that names `bytes` on IPFS. */
export const nameOf = async (bytes: Uint8Array): Promise<Hex> => (await computeCid(bytes)).digest;
