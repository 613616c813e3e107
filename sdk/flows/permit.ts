/**
 * Permits, as the patient (002-24, 002-41): the patient signs that one hospital may open one visit. What is shown before
 * signing is what is signed. The QR names a sealed object on IPFS that nobody but that hospital can open, so a photograph of it
 * says and opens nothing.
 */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import type { Drafts } from "../adapters/drafts.js";
import { scopeOf } from "../adapters/consents.js";
import { blockTime } from "../adapters/logs.js";
import { roleOf } from "../adapters/participants.js";
import { patientOf } from "../adapters/patients.js";
import { guard } from "../adapters/refusal.js";
import { sendAnnounce, sendWithdraw, type Permit } from "../adapters/visits.js";
import { randomBytes, toHex } from "../core/bytes.js";
import { computeCid } from "../core/cid.js";
import { decodeCode, encodeCode, shortCodeOf } from "../core/code.js";
import { sealTo } from "../core/envelope.js";
import { accountKeys, scopeKeys, visitKeys } from "../core/keys.js";
import { permitTypedData } from "../core/typedData.js";
import { visitIdOf, type VisitKey } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId } from "../types.js";
import { refreshed } from "./closing.js";
import { changeKept, statesOf, type GivenDrawer, type GivenPermit } from "./kept-permits.js";
import { encodePermitObject } from "./permit-object.js";
import { readProfile } from "./registration.js";
import { ownDrawers, type Drawer } from "./scopes.js";
import { publicKeyOfAccount, rootOf, type Session } from "./session.js";
import { forget, storedFor } from "./stored.js";
import { sealKeys, type VisitKeys } from "./visit-keys.js";

export type { GivenDrawer, GivenPermit } from "./kept-permits.js";

/** What a patient wants to permit. */
export interface PermitRequest {
  patientId: PatientId;
  hospital: Address;
  /** The drawers that the visit may read; it can write to all. */
  drawers: readonly Drawer[];
  /** Seconds within which the hospital can open the visit. */
  validFor: number;
  /** Seconds from now until the visit ends, if nobody closes it earlier. */
  lasts: number;
}

/** A permit ready to be signed: what to show and sign, and the sealed keys that it names. */
export interface PreparedPermit {
  permit: Permit;
  /** The hospital can use it up to this time, Unix seconds. */
  deadline: number;
  /** The name that the hospital learns. */
  name: string;
  /** Labels of the drawers that the visit may read. */
  readable: string[];
  /** The same, with the epochs whose keys go along. */
  given: GivenDrawer[];
  /** Labels of all drawers that it can write to. */
  writable: string[];
  /** The visit's keys, sealed to the hospital and to the patient. */
  sealedKeys: Uint8Array;
}

/**
 * Makes a permit for a hospital. Nothing is stored, signed or sent.
 * @throws LOCKED, NotHospital, NO_PUBLISHED_KEY, UnknownPatient, NotController, INVALID_INPUT, SCOPE_SECRET_MISMATCH,
 * DRAWER_OUTDATED
 */
export async function preparePermit(session: Session, request: PermitRequest): Promise<PreparedPermit> {
  const { patientId, hospital, validFor, lasts } = request;
  const root = rootOf(session);
  if (!(validFor > 0)) throw new SalusError("INVALID_INPUT", { argument: "validFor", reason: "must be some seconds" });
  if (!(lasts > 0)) throw new SalusError("INVALID_INPUT", { argument: "lasts", reason: "must be some seconds" });
  const [patient, role, now] = await Promise.all([
    patientOf(session.chain, patientId),
    roleOf(session.chain, hospital),
    blockTime(session.chain),
  ]);
  if (!patient) throw new SalusError("UnknownPatient", { patientId });
  if (patient.controller !== session.account) throw new SalusError("NotController", { patientId });
  if (role !== "hospital") throw new SalusError("NotHospital", { account: hospital });
  const [hospitalKey, { identity }, readable, own] = await Promise.all([
    publicKeyOfAccount(session, hospital),
    readProfile(session, patientId),
    refreshed(session, request.drawers),
    ownDrawers(session, patientId),
  ]);

  const visit: VisitKey = { patientId, hospital, nonce: BigInt(toHex(randomBytes(8))) };
  // What is damaged can't be written to, which mustn't keep the patient from a visit.
  const writable = own.filter(({ state }) => state === "open");
  const keys: VisitKeys = {
    v: 1,
    visit: visitIdOf(visit),
    patient: patientId,
    name: identity.name,
    visitSecret: toHex(visitKeys(root, visit.nonce).secretKey),
    drawers: writable.map(({ scope, label, epoch }) => ({
      scope,
      label,
      secrets: readable.some((drawer) => drawer.scope === scope) ? secretsOf(root, scope, epoch) : [],
    })),
  };
  // The patient can open it as well, to know later which drawers were given.
  const sealedKeys = await sealKeys(keys, [hospitalKey, accountKeys(root).publicKey]);
  const until = Math.floor(now + lasts);
  return {
    permit: { ...visit, hash: patient.hash, until, sealedKey: (await computeCid(sealedKeys)).digest },
    deadline: Math.min(Math.floor(now + validFor), until),
    name: identity.name,
    readable: readable.map(({ label }) => label),
    given: readable.map(({ scope, label, epoch }) => ({ scope, label, epoch })),
    writable: writable.map(({ label }) => label),
    sealedKeys,
  };
}

/**
 * Signs a permit and stores it sealed. Nothing is sent to the chain. From here on the hospital can use it, and whoever it
 * is shown to can hand it to the hospital.
 * @param kept where permits that weren't used are kept on this device, see `pendingPermits`
 * @throws SIGNATURE_REJECTED, NO_PUBLISHED_KEY, IPFS_UNREACHABLE, CHAIN_UNREACHABLE
 */
export async function givePermit(
  session: Session,
  { permit, deadline, sealedKeys, given: drawers }: PreparedPermit,
  kept?: Drafts,
): Promise<GivenPermit> {
  const { chain, signer, store } = session;
  const { patientId, hospital, nonce, until, sealedKey } = permit;
  const { chainId, contracts } = chain.deployment;
  const hospitalKey = await publicKeyOfAccount(session, hospital);
  const { domain, types, message } = permitTypedData(chainId, contracts.visits, { ...permit, deadline });
  const signature = (await guard(() => signer.signTypedData(domain, types, message))) as Hex;
  const object = await sealTo(encodePermitObject({ ...permit, deadline, signature }), [hospitalKey]);

  const visit: VisitKey = { patientId, hospital, nonce };
  return storedFor(
    store,
    [sealedKeys, object],
    async ([, digest]) => {
      const [code, shortCode] = [encodeCode("visit", digest), shortCodeOf(digest)];
      const named = { visit, visitId: visitIdOf(visit), hospital, code, shortCode };
      const given: GivenPermit = { ...named, deadline, until, sealedKey, given: drawers };
      if (kept) await changeKept(session, kept, (permits) => [...permits, given]);
      return given;
    },
    { isNew: true },
  );
}

/** Tells the hospital on the chain where the permit is, so that the short code finds it. Everybody sees that it has one. */
export async function announcePermit(session: Session, given: GivenPermit, options?: SendOptions): Promise<Receipt> {
  return sendAnnounce(session.chain, session.signer, given.hospital, decodeCode(given.code, "visit"), options);
}

/**
 * Makes a permit worthless that wasn't used. A hospital that has read the code before may have kept the keys: close the
 * drawers that it named. With `kept`, `drawersToClose` goes on naming them.
 * @throws NotController, PermitUsed, SIGNATURE_REJECTED
 */
export async function withdrawPermit(
  session: Session,
  given: Pick<GivenPermit, "visit"> & Partial<GivenPermit>,
  kept?: Drafts,
  options?: SendOptions,
): Promise<Receipt> {
  const receipt = await sendWithdraw(session.chain, session.signer, given.visit, options);
  await forget(session.store, objectsOf(given));
  if (kept) await pendingPermits(session, kept);
  return receipt;
}

/**
 * The permits that this device has given and that can be used still, oldest first. What was stored for others and nobody
 * needs any more is let go. Those that were used are dropped, and those that are over once no drawer is open any more to
 * the keys that went along.
 * @param kept holds nothing but what is sealed to the account; what can't be opened counts as nothing
 * @throws LOCKED, CHAIN_UNREACHABLE
 */
export async function pendingPermits(session: Session, kept: Drafts): Promise<GivenPermit[]> {
  const pending: GivenPermit[] = [];
  await changeKept(session, kept, async (permits) => {
    const states = await statesOf(session, permits);
    const staying: GivenPermit[] = [];
    for (const [at, permit] of permits.entries()) {
      const state = states[at];
      if (state === "pending") pending.push(permit);
      // A visit needs its keys; the permit's own object has done its work.
      else await forget(session.store, objectsOf(permit).slice(state === "used" ? 1 : 0));
      if (state === "pending" || (state === "over" && (await isStillOpen(session, permit)))) staying.push(permit);
    }
    return staying;
  });
  return pending;
}

// -------- steps --------

/** The secrets of a drawer's epochs so far. */
function secretsOf(root: Uint8Array, scope: Hex, epoch: number): [number, Hex][] {
  return Array.from({ length: epoch + 1 }, (_, at) => [at, toHex(scopeKeys(root, scope, at).secretKey)]);
}

/** Whether a drawer's present key is among those that went along. */
async function isStillOpen({ chain }: Session, { visit, given }: GivenPermit): Promise<boolean> {
  const present = await Promise.all(given.map(({ scope }) => scopeOf(chain, visit.patientId, scope)));
  return given.some(({ epoch }, at) => epoch >= (present[at]?.epoch ?? Infinity));
}

/** What was stored for a permit: keys first, then the permit itself. */
function objectsOf({ sealedKey, code }: Partial<GivenPermit>): { digest: Hex }[] {
  const digests = [sealedKey, code === undefined ? undefined : decodeCode(code, "visit")];
  return digests.flatMap((digest) => (digest ? [{ digest }] : []));
}
