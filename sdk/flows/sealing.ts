/** Sealing a document for publishing, and noting it in the journal: from there on nothing of it is lost. */
import { scopeOf } from "../adapters/consents.js";
import type { Intent, SealedDocument, Under } from "../adapters/journal.js";
import { blockTime } from "../adapters/logs.js";
import { fromHex, randomBytes, toHex } from "../core/bytes.js";
import { computeCid } from "../core/cid.js";
import { open, seal } from "../core/envelope.js";
import { scopeKeys } from "../core/keys.js";
import { decodeDocument, encodeDocument, safeFileName, safeTitle, type Manifest } from "../core/manifest.js";
import { recordIdIn } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Hex, PatientId, RecordId, ScopeId } from "../types.js";
import { rootOf, type Session } from "./session.js";

/** A document to publish. */
export interface Document {
  content: Uint8Array;
  fileName: string;
  mediaType: string;
  /** What a person calls it, cut to what a manifest can hold; the file name is shown without. */
  title?: string;
}

/** Writes a document that names the record which it becomes, as an order does. */
export type DocumentFor = (recordId: RecordId) => Promise<Document>;

/** Where a document goes: which drawer, and under what its record is named. */
export interface Destination {
  patientId: PatientId;
  scope: ScopeId;
  /** The drawer's key of `epoch`. */
  publicKey: Hex;
  epoch: number;
  /** What the record's id is made of beside author and nonce: the patient, a visit or an order. */
  context: Hex;
  /** Public keys that the document is sealed to beside the drawer's. */
  alsoTo: readonly Uint8Array[];
}

/** What is known of a record once it is sealed, for what the same transaction says of it. */
export interface Made {
  nonce: bigint;
  header: Uint8Array;
}

/**
 * Seals the document and writes the intent down.
 * @param underOf what the record is written under; without it, it is the patient's or a grantee's
 * @throws EMPTY_DOCUMENT, DOCUMENT_TOO_LARGE, INVALID_INPUT
 */
export async function prepare(
  { chain, account, journal }: Session,
  to: Destination,
  written: Document | DocumentFor,
  underOf?: (made: Made) => Promise<Under>,
): Promise<Intent> {
  const nonce = BigInt(toHex(randomBytes(8)));
  const recordId = recordIdIn(to.context, account, nonce);
  const document = typeof written === "function" ? await written(recordId) : written;
  const { content } = document;
  const title = safeTitle(document.title ?? "");
  const manifest: Manifest = {
    v: 1,
    record: recordId,
    patient: to.patientId,
    author: account,
    scope: to.scope,
    epoch: to.epoch,
    mediaType: document.mediaType || "application/octet-stream",
    fileName: safeFileName(document.fileName),
    ...(title ? { title } : {}),
    size: content.length,
    time: new Date((await blockTime(chain)) * 1_000).toISOString(),
  };
  const sealed = await seal(encodeDocument(manifest, content), [fromHex(to.publicKey), ...to.alsoTo]);
  const under = await underOf?.({ nonce, header: sealed.header });
  const intent = await intentOf(to, { recordId, author: account, nonce: nonce.toString(), under }, sealed);
  await journal.put(intent, sealed);
  return intent;
}

/** Seals a patient's own document anew to the drawer's present key, and writes that down instead. Stores nothing. */
export async function sealAnew(session: Session, intent: Intent): Promise<{ intent: Intent; sealed: SealedDocument }> {
  const { patientId, scope } = intent;
  const current = await scopeOf(session.chain, patientId, scope);
  if (!current) throw new SalusError("UnknownScope", { patientId, scope });
  const { manifest, content } = await openOwn(session, intent, await sealedOf(session, intent), current.epoch);
  const document = encodeDocument({ ...manifest, epoch: current.epoch }, content);
  const sealed = await seal(document, [fromHex(current.publicKey)]);
  return { intent: await intentOf({ patientId, scope, publicKey: current.publicKey }, intent, sealed), sealed };
}

/** The sealed document of an intent. @throws INVALID_INPUT when the journal doesn't know it */
export async function sealedOf(
  { journal }: Pick<Session, "journal">,
  { recordId }: Pick<Intent, "recordId">,
): Promise<SealedDocument> {
  const sealed = await journal.sealed(recordId);
  if (!sealed) throw new SalusError("INVALID_INPUT", { argument: "intent", reason: "the journal doesn't know it" });
  return sealed;
}

async function intentOf(
  { patientId, scope, publicKey }: Pick<Destination, "patientId" | "scope" | "publicKey">,
  { recordId, author, nonce, under }: Pick<Intent, "recordId" | "author" | "nonce" | "under">,
  { header, payload }: SealedDocument,
): Promise<Intent> {
  const [storedPayload, storedHeader] = await Promise.all([computeCid(payload), computeCid(header)]);
  return {
    recordId,
    author,
    nonce,
    patientId,
    scope,
    scopeKey: publicKey,
    payload: storedPayload.digest,
    header: storedHeader.digest,
    size: payload.length,
    ...(under ? { under } : {}),
    createdAt: Date.now(),
  };
}

/** Opens a sealed document of the patient's own with the key of whichever epoch it was sealed in. */
async function openOwn(
  session: Session,
  { scope, scopeKey }: Intent,
  { header, payload }: SealedDocument,
  currentEpoch: number,
): Promise<{ manifest: Manifest; content: Uint8Array }> {
  for (let epoch = currentEpoch; epoch >= 0; epoch--) {
    const { publicKey, secretKey } = scopeKeys(rootOf(session), scope, epoch);
    if (toHex(publicKey) === scopeKey) return decodeDocument(await open(header, payload, secretKey));
  }
  throw new SalusError("SCOPE_SECRET_MISMATCH", { scope });
}
