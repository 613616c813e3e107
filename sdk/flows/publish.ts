/**
 * Publishing a document: manifest, pad, encrypt, store, anchor (003-08, 003-09, 003-14). The journal holds each intent
 * until its transaction is final, so that a crash at any step leaves nothing lost and nothing anchored twice.
 */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { waitFor } from "../adapters/chain.js";
import type { TransferOptions } from "../adapters/ipfs.js";
import type { Intent, SealedDocument } from "../adapters/journal.js";
import { scopeOf } from "../adapters/consents.js";
import { blockTime } from "../adapters/logs.js";
import { recordsOf, sendAppend, sendAppendBatch, storedAnchorOf, type Entry } from "../adapters/records.js";
import { fromHex, randomBytes, toHex } from "../core/bytes.js";
import { computeCid } from "../core/cid.js";
import { open, seal } from "../core/envelope.js";
import { scopeKeys } from "../core/keys.js";
import { decodeDocument, encodeDocument, safeFileName, type Manifest } from "../core/manifest.js";
import { recordIdOf } from "../core/record.js";
import { isSalusError, SalusError, type ErrorCode } from "../errors.js";
import type { RecordId } from "../types.js";
import { expectOpen, isOwner, type Drawer } from "./scopes.js";
import { rootOf, type Session } from "./session.js";

/** A document to publish. */
export interface Document {
  content: Uint8Array;
  fileName: string;
  mediaType: string;
  /** What a person calls it; the file name is shown without. */
  title?: string;
}

/** A published record. */
export interface Published {
  recordId: RecordId;
  /** Null when an earlier run's transaction had anchored it already. */
  receipt: Receipt | null;
}

/** Options of publishing: bytes stored, and how far the transaction is. */
export type PublishOptions = TransferOptions & SendOptions;

/** The most records of one transaction, `MAX_BATCH` in Records.sol. */
const MAX_BATCH = 100;

/** Refusals that no retry changes: the intent is given up and its pins are removed. */
const FINAL_REFUSALS: readonly ErrorCode[] = ["NotAuthor", "StaleScopeKey", "UnknownPatient"];

/**
 * Publishes a document into a drawer.
 * @throws EMPTY_DOCUMENT, DOCUMENT_TOO_LARGE, NotAuthor, StaleScopeKey, SIGNATURE_REJECTED (the intent stays: resume or
 * abandon it), IPFS_UNREACHABLE and CHAIN_UNREACHABLE (likewise)
 */
export async function publish(
  session: Session,
  drawer: Drawer,
  document: Document,
  options: PublishOptions = {},
): Promise<Published> {
  const intent = await prepare(session, drawer, document);
  return finish(session, intent, options);
}

/**
 * Publishes documents into a drawer, up to 100 in one transaction. `onProgress` counts documents.
 * @throws as `publish`
 */
export async function publishBatch(
  session: Session,
  drawer: Drawer,
  documents: readonly Document[],
  options: PublishOptions = {},
): Promise<Published[]> {
  const published: Published[] = [];
  for (let start = 0; start < documents.length; start += MAX_BATCH) {
    const intents = await prepareAll(session, drawer, documents.slice(start, start + MAX_BATCH));
    for (const [index, intent] of intents.entries()) {
      await store(session, intent, { signal: options.signal });
      options.onProgress?.(start + index + 1, documents.length);
    }
    const receipt = await anchorOrGiveUp(session, intents, options);
    for (const { recordId } of intents) {
      await session.journal.remove(recordId);
      published.push({ recordId, receipt });
    }
  }
  return published;
}

/** The intents of the session's account that haven't come to an end, oldest first. */
export async function pending({ journal, account }: Session): Promise<Intent[]> {
  return (await journal.list()).filter(({ author }) => author === account);
}

/** Brings one intent to its end, wherever it was cut off. @throws as `publish` */
export async function resume(session: Session, intent: Intent, options: PublishOptions = {}): Promise<Published> {
  return finish(session, intent, options);
}

/**
 * Gives an intent up and removes its pins.
 * @throws RecordExists when it is anchored already, or by a transaction that is still on its way; resume it then
 */
export async function abandon(session: Session, intent: Intent): Promise<void> {
  // What the journal says now: the transaction may have been sent since the caller looked.
  const noted = (await session.journal.list()).find(({ recordId }) => recordId === intent.recordId);
  if (await isAnchored(session, noted ?? intent)) throw new SalusError("RecordExists", { recordId: intent.recordId });
  await session.store.unpin(intent.payload, intent.size);
  await session.store.unpin(intent.header);
  await session.journal.remove(intent.recordId);
}

// -------- steps --------

/** Prepares all or none: what can't be published must not leave the others behind. */
async function prepareAll(session: Session, drawer: Drawer, documents: readonly Document[]): Promise<Intent[]> {
  const intents: Intent[] = [];
  try {
    for (const document of documents) intents.push(await prepare(session, drawer, document));
  } catch (error) {
    for (const { recordId } of intents) await session.journal.remove(recordId);
    throw error;
  }
  return intents;
}

/** Seals the document and writes the intent down. From here on nothing is lost. */
async function prepare({ chain, account, journal }: Session, drawer: Drawer, document: Document): Promise<Intent> {
  expectOpen(drawer);
  const { content } = document;
  const nonce = BigInt(toHex(randomBytes(8)));
  const recordId = recordIdOf(drawer.patientId, account, nonce);
  const title = document.title?.trim();
  const manifest: Manifest = {
    v: 1,
    record: recordId,
    patient: drawer.patientId,
    author: account,
    scope: drawer.scope,
    epoch: drawer.epoch,
    mediaType: document.mediaType || "application/octet-stream",
    fileName: safeFileName(document.fileName),
    ...(title ? { title } : {}),
    size: content.length,
    time: new Date((await blockTime(chain)) * 1_000).toISOString(),
  };
  const sealed = await seal(encodeDocument(manifest, content), [fromHex(drawer.publicKey)]);
  const intent = await intentOf(drawer, { recordId, author: account, nonce: nonce.toString() }, sealed);
  await journal.put(intent, sealed);
  return intent;
}

async function intentOf(
  { patientId, scope, publicKey }: Pick<Drawer, "patientId" | "scope" | "publicKey">,
  { recordId, author, nonce }: Pick<Intent, "recordId" | "author" | "nonce">,
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
    createdAt: Date.now(),
  };
}

/** Stores, anchors and crosses out, skipping what an earlier run did. */
async function finish(session: Session, intent: Intent, options: PublishOptions): Promise<Published> {
  let receipt: Receipt | null = null;
  if (!(await isAnchored(session, intent))) {
    await store(session, intent, options);
    receipt = await anchorOrGiveUp(session, [intent], options);
  }
  await session.journal.remove(intent.recordId);
  return { recordId: intent.recordId, receipt };
}

/** Adds payload and header to IPFS; harmless when they are there. @throws JOURNAL_DAMAGED rather than anchor what nobody has */
async function store({ store, journal }: Session, intent: Intent, options: TransferOptions): Promise<void> {
  const sealed = await sealedOf({ journal }, intent);
  const payload = await store.add(sealed.payload, options);
  const header = await store.add(sealed.header, { signal: options.signal });
  if (payload.digest !== intent.payload || header.digest !== intent.header) {
    throw new SalusError("JOURNAL_DAMAGED", { recordId: intent.recordId });
  }
}

/** Whether the chain has the intent's record, perhaps after a transaction that an earlier run sent. */
async function isAnchored({ chain }: Session, intent: Intent): Promise<boolean> {
  if (intent.transaction && !(await storedAnchorOf(chain, intent.recordId))) {
    try {
      await waitFor(chain, intent.transaction);
    } catch (error) {
      if (!isSalusError(error, "UNKNOWN_TRANSACTION", "TRANSACTION_FAILED", "TRANSACTION_REPLACED")) throw error;
    }
  }
  if (!(await storedAnchorOf(chain, intent.recordId))) return false;
  const [record] = await recordsOf(chain, { recordId: intent.recordId });
  if (record?.payload !== intent.payload || record.header !== intent.header) {
    throw new SalusError("ANCHOR_MISMATCH", { recordId: intent.recordId });
  }
  return true;
}

async function anchorOrGiveUp(session: Session, intents: Intent[], options: SendOptions): Promise<Receipt | null> {
  try {
    return await anchor(session, intents, options);
  } catch (error) {
    // The transaction of an earlier run may have come first.
    if (isSalusError(error, "RecordExists", "TRANSACTION_FAILED")) {
      const anchored = await Promise.all(intents.map((intent) => isAnchored(session, intent)));
      if (anchored.every(Boolean)) return null;
    }
    if (isSalusError(error, "StaleScopeKey") && (await canReseal(session, intents))) {
      const resealed: Intent[] = [];
      for (const intent of intents) resealed.push(await reseal(session, intent));
      return anchor(session, resealed, options);
    }
    if (isSalusError(error, ...FINAL_REFUSALS)) for (const intent of intents) await abandon(session, intent);
    throw error;
  }
}

async function anchor(session: Session, intents: Intent[], options: SendOptions): Promise<Receipt> {
  const { chain, signer, journal } = session;
  const [first] = intents;
  if (!first) throw new SalusError("InvalidBatch", { length: 0 });
  const { patientId, scope, scopeKey } = first;
  const entries = intents.map(({ nonce, size, payload, header }): Entry => ({
    nonce: BigInt(nonce),
    size,
    payload,
    header,
  }));
  let noted: Promise<unknown> | undefined;
  const sendOptions: SendOptions = {
    onStatus: (status) => {
      if (status.state === "sent") {
        // The note spares a later run a second transaction. The chain refuses that anyway, so a failing note is no failure.
        noted = Promise.allSettled(intents.map(({ recordId }) => journal.noteTransaction(recordId, status.hash)));
      }
      options.onStatus?.(status);
    },
  };
  const [entry] = entries;
  try {
    return entry && entries.length === 1
      ? await sendAppend(chain, signer, { patientId, scope, scopeKey, entry }, sendOptions)
      : await sendAppendBatch(chain, signer, { patientId, scope, scopeKey, entries }, sendOptions);
  } finally {
    // Nobody may remove the intent while it's being written.
    await noted;
  }
}

/** Only the patient can open what is sealed to a drawer's earlier key. */
async function canReseal(session: Session, [intent]: readonly Intent[]): Promise<boolean> {
  return session.root !== undefined && intent !== undefined && (await isOwner(session, intent.patientId));
}

/** Seals a document anew to the drawer's present key, and stores it instead of the old. */
async function reseal(session: Session, intent: Intent): Promise<Intent> {
  const { chain, journal } = session;
  const { patientId, scope } = intent;
  const current = await scopeOf(chain, patientId, scope);
  if (!current) throw new SalusError("UnknownScope", { patientId, scope });
  const { manifest, content } = await openOwn(session, intent, await sealedOf(session, intent), current.epoch);
  const document = encodeDocument({ ...manifest, epoch: current.epoch }, content);
  const again = await seal(document, [fromHex(current.publicKey)]);
  const next = await intentOf({ patientId, scope, publicKey: current.publicKey }, intent, again);
  // In this order, a crash in between leaves an intent that is stored and sealed anew on the next try.
  await session.store.unpin(intent.payload, intent.size);
  await session.store.unpin(intent.header);
  await journal.put(next, again);
  await store(session, next, {});
  return next;
}

async function sealedOf({ journal }: Pick<Session, "journal">, { recordId }: Intent): Promise<SealedDocument> {
  const sealed = await journal.sealed(recordId);
  if (!sealed) throw new SalusError("INVALID_INPUT", { argument: "intent", reason: "the journal doesn't know it" });
  return sealed;
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
