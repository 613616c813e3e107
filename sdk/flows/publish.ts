/**
 * Publishing a document: manifest, pad, encrypt, store, anchor (003-08, 003-09, 003-14). The journal holds each intent
 * until its transaction is final, so that a crash at any step leaves nothing lost and nothing anchored twice.
 */
import { base64 } from "@scure/base";

import type { Receipt, SendOptions } from "../adapters/chain.js";
import { waitFor } from "../adapters/chain.js";
import type { TransferOptions } from "../adapters/ipfs.js";
import type { Intent, Under } from "../adapters/journal.js";
import { recordsOf, storedAnchorOf } from "../adapters/records.js";
import { isSalusError, SalusError, type ErrorCode } from "../errors.js";
import type { Hex, RecordId } from "../types.js";
import { sendIntents } from "./anchoring.js";
import { expectOpen, isOwner, type Drawer } from "./scopes.js";
import {
  prepare,
  sealAnew,
  sealedOf,
  type Destination,
  type Document,
  type DocumentFor,
  type Made,
} from "./sealing.js";
import type { Session } from "./session.js";

export type { Document, DocumentFor } from "./sealing.js";

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
const FINAL_REFUSALS: readonly ErrorCode[] = [
  "NotAuthor",
  "StaleScopeKey",
  "UnknownPatient",
  "NotAuthorIn",
  "NotOrderingDoctor",
  "InvalidOrder",
  "NotFulfiller",
  "NotAssigned",
  "NotFulfillerOf",
  "AlreadyFulfilled",
  "NothingToCorrect",
];

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
  const intent = await prepareIn(session, drawer, document);
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

/**
 * Publishes a document of a visit or on an order, in one transaction with what makes it an order or a report.
 * @param underOf says under what it is written, once it is sealed
 * @throws as `publish`, and NotAuthorIn, NotOrderingDoctor, InvalidOrder, NotFulfiller, NotAssigned, NotFulfillerOf,
 * AlreadyFulfilled, NothingToCorrect
 */
export async function publishUnder(
  session: Session,
  to: Destination,
  document: Document | DocumentFor,
  underOf: (made: Made) => Promise<Under>,
  options: PublishOptions = {},
): Promise<Published> {
  return finish(session, await prepare(session, to, document, underOf), options);
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
  const assignment = sealedOrderOf(intent);
  if (assignment) await session.store.unpin(assignment.digest);
  await session.journal.remove(intent.recordId);
}

// -------- steps --------

/** Prepares all or none: what can't be published must not leave the others behind. */
async function prepareAll(session: Session, drawer: Drawer, documents: readonly Document[]): Promise<Intent[]> {
  const intents: Intent[] = [];
  try {
    for (const document of documents) intents.push(await prepareIn(session, drawer, document));
  } catch (error) {
    for (const { recordId } of intents) await session.journal.remove(recordId);
    throw error;
  }
  return intents;
}

async function prepareIn(session: Session, drawer: Drawer, document: Document): Promise<Intent> {
  expectOpen(drawer);
  return prepare(session, { ...drawer, context: drawer.patientId, alsoTo: [] }, document);
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
  const assignment = sealedOrderOf(intent);
  const added = assignment && (await store.add(assignment.bytes, { signal: options.signal }));
  if (
    payload.digest !== intent.payload ||
    header.digest !== intent.header ||
    (assignment && added?.digest !== assignment.digest)
  ) {
    throw new SalusError("JOURNAL_DAMAGED", { recordId: intent.recordId });
  }
}

/** The order sealed to whoever is to carry it out, where the intent places one. */
function sealedOrderOf({ under }: Intent): { digest: Hex; bytes: Uint8Array } | null {
  if (under?.kind !== "order" || !under.placement.sealedKey || !under.placement.sealedOrder) return null;
  return { digest: under.placement.sealedKey, bytes: base64.decode(under.placement.sealedOrder) };
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
    return await sendIntents(session, intents, options);
  } catch (error) {
    // The transaction of an earlier run may have come first.
    if (isSalusError(error, "RecordExists", "TRANSACTION_FAILED")) {
      const anchored = await Promise.all(intents.map((intent) => isAnchored(session, intent)));
      if (anchored.every(Boolean)) return null;
    }
    if (isSalusError(error, "StaleScopeKey") && (await canReseal(session, intents))) {
      const resealed: Intent[] = [];
      for (const intent of intents) resealed.push(await reseal(session, intent));
      return sendIntents(session, resealed, options);
    }
    if (isSalusError(error, ...FINAL_REFUSALS)) for (const intent of intents) await abandon(session, intent);
    throw error;
  }
}

/** Only the patient can open what is sealed to a drawer's earlier key; in a visit its author publishes anew. */
async function canReseal(session: Session, [intent]: readonly Intent[]): Promise<boolean> {
  if (!session.root || !intent || intent.under) return false;
  return isOwner(session, intent.patientId);
}

/** Seals a document anew to the drawer's present key, and stores it instead of the old. */
async function reseal(session: Session, intent: Intent): Promise<Intent> {
  const { intent: next, sealed } = await sealAnew(session, intent);
  // In this order, a crash in between leaves an intent that is stored and sealed anew on the next try.
  await session.store.unpin(intent.payload, intent.size);
  await session.store.unpin(intent.header);
  await session.journal.put(next, sealed);
  await store(session, next, {});
  return next;
}
