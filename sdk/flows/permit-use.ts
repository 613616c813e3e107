/**
 * Permits, as the hospital (002-24, 002-41): what a scanned or typed code names is fetched, opened, tried against the chain
 * and shown before anything is sent. Of another hospital's code nothing can be read.
 */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { tryCalls } from "../adapters/dry-run.js";
import { announcedPermits, encodeOpenVisit, sendOpenVisit, type SignedPermit } from "../adapters/visits.js";
import { decodeCode, encodeCode, normalShortCode, shortCodeOf } from "../core/code.js";
import { openWith } from "../core/envelope.js";
import { accountKeys } from "../core/keys.js";
import { visitIdOf, type VisitKey } from "../core/visit.js";
import { isSalusError, SalusError, type ErrorCode } from "../errors.js";
import type { VisitId } from "../types.js";
import { decodePermitObject } from "./permit-object.js";
import { rootOf, type Session } from "./session.js";
import { checkedKeys } from "./visit-keys.js";

/** A permit that the session's hospital could use now. */
export interface ReadPermit {
  visitId: VisitId;
  visit: VisitKey;
  /** The name that the patient goes by. */
  patientName: string;
  /** The visit ends before this time, Unix seconds. */
  until: number;
  /** The permit can be used up to this time, Unix seconds. */
  deadline: number;
  /** Labels of the drawers that the visit may read. */
  readable: string[];
  /** Labels of all drawers that it can write to. */
  writable: string[];
  signed: SignedPermit;
}

/** What an object is that isn't a sealed permit at all. */
const NOT_A_PERMIT: readonly ErrorCode[] = [
  "HEADER_MALFORMED",
  "HEADER_TAMPERED",
  "PAYLOAD_TAMPERED",
  "MANIFEST_MALFORMED",
];

/**
 * Reads what a QR says, as the hospital. Nothing is sent.
 * @throws CODE_MALFORMED, CODE_OF_OTHER_KIND, LOCKED, PERMIT_FOR_OTHER, PERMIT_MALFORMED, CONTENT_UNAVAILABLE, and what
 * the chain would refuse: PermitUsed, SignatureExpired, InvalidSignature, StaleHash, NotHospital, VisitEndInPast,
 * UnknownPatient, Deregistered; of its keys MANIFEST_MISMATCH, UnknownScope, SCOPE_SECRET_MISMATCH
 */
export async function readPermit(session: Session, codeText: string): Promise<ReadPermit> {
  const signed = await openPermit(session, codeText);
  const { patientId, hospital, nonce, until, deadline } = signed;
  if (hospital !== session.account) throw new SalusError("PERMIT_FOR_OTHER");
  await tryCalls(session.chain, session.account, [encodeOpenVisit(signed)]);
  const visit: VisitKey = { patientId, hospital, nonce };
  const { keys, drawers } = await checkedKeys(session, signed.sealedKey, visit);
  return {
    visitId: visitIdOf(visit),
    visit,
    patientName: keys.name,
    until,
    deadline,
    readable: drawers.filter(({ canRead }) => canRead).map(({ label }) => label),
    writable: drawers.map(({ label }) => label),
    signed,
  };
}

/**
 * The QR's text that a short code stands for: what was announced to this hospital, opens for it, and could be used now.
 * Anybody can announce anything, also something with the same beginning, so the first that counts is taken.
 * @throws CODE_MALFORMED, CODE_UNKNOWN, and as `readPermit` when there is one only, and it doesn't count
 */
export async function findPermit(session: Session, shortCode: string): Promise<string> {
  const wanted = normalShortCode(shortCode);
  const announced = await announcedPermits(session.chain, session.account);
  const found = [...new Set(announced)].filter((digest) => shortCodeOf(digest) === wanted);
  let refusal: unknown;
  for (const digest of found) {
    const code = encodeCode("visit", digest);
    try {
      await readPermit(session, code);
      return code;
    } catch (error) {
      if (isSalusError(error, "LOCKED", "CHAIN_UNREACHABLE", "IPFS_UNREACHABLE")) throw error;
      refusal ??= error;
    }
  }
  throw found.length === 1 ? refusal : new SalusError("CODE_UNKNOWN");
}

/**
 * Opens the visit. Tried once more before it is sent.
 * @throws as `readPermit` for what the chain refuses, SIGNATURE_REJECTED
 */
export async function openVisit(
  session: Session,
  { visitId, signed }: Pick<ReadPermit, "visitId" | "signed">,
  options?: SendOptions,
): Promise<{ visitId: VisitId; receipt: Receipt }> {
  await tryCalls(session.chain, session.account, [encodeOpenVisit(signed)]);
  return { visitId, receipt: await sendOpenVisit(session.chain, session.signer, signed, options) };
}

async function openPermit(session: Session, codeText: string): Promise<SignedPermit> {
  const secretKey = accountKeys(rootOf(session)).secretKey;
  const file = await session.store.get(decodeCode(codeText, "visit"));
  try {
    return decodePermitObject(await openWith(file, secretKey));
  } catch (error) {
    if (isSalusError(error, "NOT_A_RECIPIENT")) throw new SalusError("PERMIT_FOR_OTHER", {}, { cause: error });
    if (isSalusError(error, ...NOT_A_PERMIT)) throw new SalusError("PERMIT_MALFORMED", {}, { cause: error });
    throw error;
  }
}
