/**
 * The journal of publishing. Storing and anchoring are two systems: an intent is written down before the first and
 * crossed out after the last, so that a crash between them loses nothing and doubles nothing. It holds ciphertext,
 * digests and ids only.
 */
import type { Address, Hex, PatientId, RecordId, ScopeId } from "../types.js";

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
