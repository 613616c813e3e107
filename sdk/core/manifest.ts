/**
 * A document before it is sealed: manifest, content, padding.
 *
 *   canonical JSON (RFC 8785) of the manifest | "\n" | content | zeros up to the Padmé bucket
 *
 * age authenticates bytes but neither sender nor place. The manifest says inside the ciphertext whose record this is, so
 * a document that somebody moves under another patient, author, scope or epoch is found out (DESIGN.md, section 3).
 */

import { getAddress } from "ethers";
import * as v from "valibot";

import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, RecordId, ScopeId } from "../types.js";
import { equal, fromUtf8, isDigest, utf8 } from "./bytes.js";
import { canonicalJson } from "./canonical.js";
import { padme } from "./padding.js";

/** The most bytes that a document's content may have: 256 MiB. */
export const MAX_DOCUMENT_SIZE = 256 * 1024 * 1024;

/** The most bytes of the manifest's line. */
const MAX_LINE_SIZE = 16 * 1024;
const MAX_NAME_SIZE = 255;
const NEWLINE = 0x0a;

/** What a document says about itself. */
export interface Manifest {
  v: 1;
  record: RecordId;
  patient: PatientId;
  author: Address;
  scope: ScopeId;
  /** Of the scope, when the document was sealed. */
  epoch: number;
  /** RFC 6838, in lower case, for instance "application/fhir+json". */
  mediaType: string;
  /** 1 to 255 bytes in UTF-8, as `safeFileName` gives them. */
  fileName: string;
  /** 1 to 255 bytes in UTF-8, without control characters; `safeTitle` makes one of any text. */
  title?: string;
  /** Bytes of the content, 1 to MAX_DOCUMENT_SIZE. */
  size: number;
  /** When the author sealed it, as `Date.toISOString` writes it. */
  time: string;
}

/** What the chain says that a document is. */
export type ManifestPlace = Pick<Manifest, "record" | "patient" | "author" | "scope" | "epoch">;

const digest = v.pipe(v.string(), v.check(isDigest));
const isChecksummed = (text: string) => /^0x[0-9a-fA-F]{40}$/.test(text) && toChecksum(text) === text;
const isInstant = (text: string) => /^\d{4}-[\dT:.-]{18}Z$/.test(text) && toInstant(text) === text;
const isText = (text: string) => fits(text) && !/[\p{Cc}\p{Cs}]/u.test(text);
const isFileName = (text: string) => fits(text) && safeFileName(text) === text;

const manifestSchema = v.strictObject({
  v: v.literal(1),
  record: digest,
  patient: digest,
  author: v.pipe(v.string(), v.check(isChecksummed)),
  scope: digest,
  epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  mediaType: v.pipe(
    v.string(),
    v.maxLength(MAX_NAME_SIZE),
    v.regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*(?:; ?[a-z0-9-]+=[A-Za-z0-9._-]+)*$/),
  ),
  fileName: v.pipe(v.string(), v.check(isFileName)),
  title: v.optional(v.pipe(v.string(), v.check(isText))),
  size: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_DOCUMENT_SIZE)),
  time: v.pipe(v.string(), v.check(isInstant)),
});

/**
 * The padded document, ready to be sealed.
 * @throws SalusError EMPTY_DOCUMENT, DOCUMENT_TOO_LARGE; INVALID_INPUT with the manifest's wrong `field`
 */
export function encodeDocument(manifest: Manifest, content: Uint8Array): Uint8Array {
  if (content.length === 0) throw new SalusError("EMPTY_DOCUMENT");
  if (content.length > MAX_DOCUMENT_SIZE) throw new SalusError("DOCUMENT_TOO_LARGE", { size: content.length });
  const checked = v.safeParse(manifestSchema, manifest);
  if (!checked.success) throw new SalusError("INVALID_INPUT", { argument: "manifest", field: fieldOf(checked.issues) });
  if (manifest.size !== content.length) throw new SalusError("INVALID_INPUT", { argument: "manifest", field: "size" });

  const line = canonicalJson(checked.output);
  const document = new Uint8Array(padme(line.length + 1 + content.length));
  document.set(line);
  document[line.length] = NEWLINE;
  document.set(content, line.length + 1);
  return document;
}

/**
 * The reverse of `encodeDocument`. Exactly the bytes that it makes are accepted. `content` is a view of `bytes`.
 * @throws SalusError MANIFEST_MALFORMED, PADDING_MALFORMED
 */
export function decodeDocument(bytes: Uint8Array): { manifest: Manifest; content: Uint8Array } {
  const { manifest, start } = readManifestLine(bytes);
  const end = start + manifest.size;
  if (bytes.length !== padme(end))
    throw new SalusError("PADDING_MALFORMED", { reason: "another size than its bucket" });
  if (bytes.subarray(end).some((byte) => byte !== 0)) throw new SalusError("PADDING_MALFORMED", { reason: "not zero" });
  return { manifest, content: bytes.subarray(start, end) };
}

/** What a document says about itself, from its beginning alone. @throws SalusError MANIFEST_MALFORMED */
export function peekManifest(beginning: Uint8Array): Manifest {
  return readManifestLine(beginning).manifest;
}

/**
 * Passes if the document is the one that the chain speaks of.
 * @throws SalusError MANIFEST_MISMATCH with the first `field` that differs
 */
export function checkManifest(manifest: Manifest, expected: ManifestPlace): void {
  for (const field of ["record", "patient", "author", "scope", "epoch"] as const) {
    if (manifest[field] !== expected[field]) {
      throw new SalusError("MANIFEST_MISMATCH", { field, document: manifest[field], chain: expected[field] });
    }
  }
}

/**
 * A file name that a manifest accepts, as near to `name` as can be: the last part of a path, without control characters
 * and marks that turn the reading direction (which hide what a file is: "annexe\u202Egpj.exe"), at most 255 bytes.
 */
export function safeFileName(name: string): string {
  const base = name.replace(/^.*[/\\]/s, "");
  const safe = cut(base.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "").trim()).trim();
  return safe === "" || safe === "." || safe === ".." ? "document" : safe;
}

/**
 * A title that a manifest accepts, as near to what somebody wrote as can be: on one line, without control characters, at
 * most 255 bytes, the last of them "…" when more was written. Undefined when nothing is left.
 */
export function safeTitle(title: string): string | undefined {
  const line = title
    .replace(/\p{Cs}/gu, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  if (line === "") return undefined;
  return fits(line) ? line : `${cut(line, "…").trimEnd()}…`;
}

/** The beginning of a text, whole characters, that fits with what comes behind it. */
function cut(text: string, behind = ""): string {
  let fitting = "";
  for (const character of text) {
    if (!fits(fitting + character + behind)) break;
    fitting += character;
  }
  return fitting;
}

function readManifestLine(bytes: Uint8Array): { manifest: Manifest; start: number } {
  const lineSize = bytes.subarray(0, MAX_LINE_SIZE + 1).indexOf(NEWLINE);
  if (lineSize < 0) throw new SalusError("MANIFEST_MALFORMED", { reason: "no end of line" });
  return { manifest: decodeManifest(bytes.subarray(0, lineSize)), start: lineSize + 1 };
}

function decodeManifest(line: Uint8Array): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(line));
  } catch (cause) {
    throw new SalusError("MANIFEST_MALFORMED", { reason: "not JSON" }, { cause });
  }
  const checked = v.safeParse(manifestSchema, value);
  if (!checked.success) throw new SalusError("MANIFEST_MALFORMED", { field: fieldOf(checked.issues) });
  // One manifest, one sequence of bytes: no repeated field, no white space, no second way to write a string.
  if (!isCanonical(checked.output, line)) throw new SalusError("MANIFEST_MALFORMED", { reason: "not canonical" });
  return checked.output as Manifest;
}

function isCanonical(value: unknown, bytes: Uint8Array): boolean {
  try {
    return equal(canonicalJson(value), bytes);
  } catch {
    return false;
  }
}

/** The field of the first issue, among those of the schema: an unknown field's name is the document's and stays inside. */
function fieldOf(issues: [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const key = issues[0].path?.[0]?.key;
  return typeof key === "string" && key in manifestSchema.entries ? key : "unknown";
}

function fits(text: string): boolean {
  return text.length > 0 && text.length <= MAX_NAME_SIZE && utf8(text).length <= MAX_NAME_SIZE;
}

function toChecksum(address: string): Hex | undefined {
  try {
    return getAddress(address) as Hex;
  } catch {
    return undefined;
  }
}

function toInstant(text: string): string | undefined {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
