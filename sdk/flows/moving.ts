/** Moving to another wallet: the next account signs that it takes over, the present one hands over. */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId } from "../types.js";
import type { Session } from "./session.js";

/** A move that the next account is about to sign, `ControllerRotation` of IPatients.sol. */
export interface PreparedMove {
  patientId: PatientId;
  from: Address;
  to: Address;
  /** Decimal. */
  nonce: string;
  /** Unix seconds. */
  deadline: number;
}

/** A move that the next account has signed. It holds no secret; hand it to the present account in any way. */
export interface SignedMove extends PreparedMove {
  signature: Hex;
}

/**
 * Prepares a move, as the next account. Its root must be the patient's: `unlock(reader, from, passphrase)` opens it.
 * @throws UnknownPatient, LOCKED, WRONG_ROOT, KEY_EXISTS when the next account has another key already
 */
export function prepareMove(next: Session, patientId: PatientId): Promise<PreparedMove> {
  return pending(next, patientId);
}

/** Publishes the root's key for the next account, with the same backup, and signs. @throws SIGNATURE_REJECTED */
export function signMove(next: Session, prepared: PreparedMove, options?: SendOptions): Promise<SignedMove> {
  return pending(next, prepared, options);
}

/**
 * Hands the patient over, as the present account.
 * @throws NotController, SignatureExpired, InvalidSignature, NO_PUBLISHED_KEY, WRONG_ROOT (the next account's key isn't the patient's)
 */
export function move(session: Session, signed: SignedMove, options?: SendOptions): Promise<Receipt> {
  return pending(session, signed, options);
}

function pending(..._inputs: unknown[]): Promise<never> {
  return Promise.reject(new SalusError("SERVICE_BUSY"));
}
