/**
 * The journal of publishing. Storing and anchoring are two systems: an intent is written down before the first and
 * crossed out after the last, so that a crash between them loses nothing and doubles nothing. It holds ciphertext,
 * digests and ids only.
 */
import * as v from "valibot";

import { AccountAddress, Hex32, UnixTime } from "../core/json.js";
import { OrderKeySchema, VisitKeySchema } from "../core/visit.js";
import type { Address, Hex, PatientId, RecordId, ScopeId } from "../types.js";
import { REPORT_STATUSES } from "./fulfilments.js";

const PlacementSchema = v.strictObject({
  role: v.picklist(["laboratory", "pharmacy"]),
  fills: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(255)),
  until: UnixTime,
  fulfiller: v.nullable(AccountAddress),
  sealedKey: v.nullable(Hex32),
  /** The order sealed to the fulfiller, an age file in base64; null without a fulfiller. */
  sealedOrder: v.nullable(v.pipe(v.string(), v.maxLength(400_000), v.base64())),
});

/**
 * Under what a record is written, and what the same transaction says of it: that it is an order, or a report; nothing of
 * what is written in a visit or attached to an order.
 */
export const UnderSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("visit"), visit: VisitKeySchema }),
  v.strictObject({ kind: v.literal("order"), visit: VisitKeySchema, placement: PlacementSchema }),
  v.strictObject({ kind: v.literal("attachment"), order: OrderKeySchema }),
  v.strictObject({ kind: v.literal("report"), order: OrderKeySchema, status: v.picklist(REPORT_STATUSES) }),
]);
export type Under = v.InferOutput<typeof UnderSchema>;

/** A document on its way to the chain. */
export interface Intent {
  recordId: RecordId;
  patientId: PatientId;
  author: Address;
  scope: ScopeId;
  /** The scope's public key that the document is sealed to. */
  scopeKey: Hex;
  /** The author's nonce, decimal. */
  nonce: string;
  /** Digest of the CID of the payload. */
  payload: Hex;
  /** Digest of the CID of the header. */
  header: Hex;
  /** Bytes of the payload. */
  size: number;
  /** For a record of a visit or an order; absent for one that the patient or a grantee writes. */
  under?: Under | undefined;
  /** Set once the wallet has sent the transaction. */
  transaction?: Hex;
  /** Unix milliseconds. */
  createdAt: number;
}

/** The sealed document of an intent. */
export interface SealedDocument {
  header: Uint8Array;
  payload: Uint8Array;
}

/** Durable storage of intents: what `put` acknowledged survives a crash. */
export interface Journal {
  /** Writes the intent with its sealed document. */
  put(intent: Intent, sealed: SealedDocument): Promise<void>;
  /** Notes that the transaction was sent. Passes when the intent is gone. */
  noteTransaction(recordId: RecordId, transaction: Hex): Promise<void>;
  /** All intents, oldest first. */
  list(): Promise<Intent[]>;
  /** The sealed document of an intent, or null when the intent is gone. */
  sealed(recordId: RecordId): Promise<SealedDocument | null>;
  /** Crosses the intent out. Passes when it's gone. */
  remove(recordId: RecordId): Promise<void>;
}
