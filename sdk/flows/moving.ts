/**
 * Moving to another wallet (002-44): the next account publishes the same root's key and signs that it takes over, the
 * present one hands over. Neither can lose the record alone: not by a mistyped address, and not to an account that can't
 * open it.
 */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { backupOf, keyOf, sendPublishKey } from "../adapters/keys.js";
import { blockTime } from "../adapters/logs.js";
import { patientOf, rotationNonceOf, sendRotateController, type Patient } from "../adapters/patients.js";
import { guard } from "../adapters/refusal.js";
import { checkSignature } from "../adapters/signature.js";
import { toHex } from "../core/bytes.js";
import { accountKeys } from "../core/keys.js";
import { controllerRotationTypedData } from "../core/typedData.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId } from "../types.js";
import { checkRoot } from "./account.js";
import { rootOf, type Reader, type Session } from "./session.js";

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

/** Seconds within which the present account must have sent it: time to carry it from one device to another. */
const LIFETIME_S = 24 * 3600;

/**
 * Prepares a move, as the next account. Its root must be the patient's: `unlock(reader, from, passphrase)` opens it.
 * @throws UnknownPatient, LOCKED, WRONG_ROOT, KEY_EXISTS when the next account has another key already; INVALID_INPUT when
 * it controls the patient already
 */
export async function prepareMove(next: Session, patientId: PatientId): Promise<PreparedMove> {
  const { chain, account: to } = next;
  const { controller: from } = await knownPatient(next, patientId);
  if (from === to)
    throw new SalusError("INVALID_INPUT", { argument: "next", reason: "it acts for the patient already" });
  await checkRoot(next, from, rootOf(next));
  await nextKey(next);
  const [nonce, now] = await Promise.all([rotationNonceOf(chain, to), blockTime(chain)]);
  return { patientId, from, to, nonce: String(nonce), deadline: now + LIFETIME_S };
}

/**
 * Publishes the root's key for the next account unless it has it, with the same backup, then signs. Can be called again
 * after a failure.
 * @throws KEY_EXISTS, LOCKED, SIGNATURE_REJECTED, INSUFFICIENT_FUNDS, CHAIN_UNREACHABLE
 */
export async function signMove(next: Session, prepared: PreparedMove, options?: SendOptions): Promise<SignedMove> {
  const { chain, signer, account } = next;
  if (prepared.to !== account)
    throw new SalusError("INVALID_INPUT", { argument: "prepared", reason: "for another account" });
  const publicKey = await nextKey(next);
  if (publicKey) {
    await sendPublishKey(chain, signer, publicKey, await backupOf(chain, prepared.from), options);
  }
  const { domain, types, message } = dataOf(next, prepared);
  const signature = (await guard(() => signer.signTypedData(domain, types, message))) as Hex;
  return { ...prepared, signature };
}

/**
 * Hands the patient over, as the present account. All that could be wrong is looked for before anything is sent.
 * @throws UnknownPatient, NotController, SignatureExpired, InvalidSignature (for another chain, contract or account, or
 * used before), NO_PUBLISHED_KEY, WRONG_ROOT (the next account's key isn't the patient's), SIGNATURE_REJECTED
 */
export async function move(session: Session, signed: SignedMove, options?: SendOptions): Promise<Receipt> {
  const { chain, signer, account } = session;
  const { patientId, to, deadline, signature } = signed;
  const { controller } = await knownPatient(session, patientId);
  if (controller !== account) throw new SalusError("NotController", { patientId, account });
  const [nonce, now] = await Promise.all([rotationNonceOf(chain, to), blockTime(chain)]);
  if (deadline < now) throw new SalusError("SignatureExpired", { deadline });
  await checkSignature(chain, to, dataOf(session, { ...signed, from: account, nonce: String(nonce) }), signature);
  await checkRoot(session, to, rootOf(session));
  return sendRotateController(chain, signer, { patientId, to, deadline, signature }, options);
}

// -------- steps --------

async function knownPatient({ chain }: Reader, patientId: PatientId): Promise<Patient> {
  const patient = await patientOf(chain, patientId);
  if (!patient) throw new SalusError("UnknownPatient", { patientId });
  return patient;
}

/** The key that the next account has yet to publish; null when it has. @throws KEY_EXISTS, LOCKED */
async function nextKey(next: Session): Promise<Hex | null> {
  const publicKey = toHex(accountKeys(rootOf(next)).publicKey);
  const published = await keyOf(next.chain, next.account);
  if (published && published.publicKey !== publicKey) throw new SalusError("KEY_EXISTS", { account: next.account });
  return published ? null : publicKey;
}

function dataOf({ chain }: Reader, { patientId, from, to, nonce, deadline }: PreparedMove) {
  const { chainId, contracts } = chain.deployment;
  return controllerRotationTypedData(chainId, contracts.patients, { patientId, from, to, nonce, deadline });
}
