/**
 * Giving drawers a new key: when somebody who could read has lost access, when a grant's time is over, and when a node's
 * lie has put a wrong key on the chain.
 */
import { grantsOf, scopeKeysOf, scopeOf, sendRevocations, type Grant, type ScopeKey } from "../adapters/consents.js";
import type { Receipt, SendOptions } from "../adapters/chain.js";
import type { Drafts } from "../adapters/drafts.js";
import { blockTime } from "../adapters/logs.js";
import { openedVisits, visitStateOf } from "../adapters/visits.js";
import { toHex } from "../core/bytes.js";
import { sealTo } from "../core/envelope.js";
import { paddedJson } from "../core/json.js";
import { scopeKeys } from "../core/keys.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Hex, PatientId, ScopeId } from "../types.js";
import { loadKept, statesOf, type GivenDrawer } from "./kept-permits.js";
import { expectOpen, ownDrawers, stateOf, type Drawer, type Keyring } from "./scopes.js";
import { rootOf, usableKeyOf, type Session } from "./session.js";
import { storedFor } from "./stored.js";
import { givenEpochs, openKeys } from "./visit-keys.js";

/**
 * The drawers that somebody could read whose grant has ended since the drawer's key was made, and those whose present key
 * was given to a visit that is over. What is written from now on should be closed to the keys that they kept: see
 * `closeDrawers`.
 * @param kept this device's permits: of those that are over and weren't used, the hospital may have read the code
 */
export async function drawersToClose(session: Session, patientId: PatientId, kept?: Drafts): Promise<Drawer[]> {
  const [drawers, grants, keys] = await Promise.all([
    ownDrawers(session, patientId),
    grantsOf(session.chain, { patientId }),
    scopeKeysOf(session.chain, patientId),
  ]);
  const ended = grants.filter(({ state, rights }) => state === "expired" && rights !== "write");
  const toClose: Drawer[] = [];
  const open = drawers.filter(({ state }) => state === "open");
  const wasGiven = await givenToEndedVisits(session, patientId, open, keys);
  const unused = kept ? await givenUnused(session, kept) : [];
  for (const drawer of open) {
    const key = keys.find(({ scope, epoch }) => scope === drawer.scope && epoch === drawer.epoch);
    const madeAt = key ? await blockTime(session.chain, key.blockNumber) : 0;
    // Whoever could read when the key was made, or came later, has got it.
    const hasEnded = ended.some(({ subject, until }) => subject === drawer.scope && until > madeAt);
    const wasShown = unused.some(({ scope, epoch }) => scope === drawer.scope && epoch >= drawer.epoch);
    if (hasEnded || wasShown || wasGiven(drawer)) toClose.push(drawer);
  }
  return toClose;
}

/** Moves drawers to a new epoch, sealed to those who may read them now. @throws NotController, LOCKED */
export async function closeDrawers(
  session: Session,
  patientId: PatientId,
  drawers: readonly Drawer[],
  options?: SendOptions,
): Promise<Receipt> {
  return moveDrawers(session, patientId, drawers, [], options);
}

/**
 * Gives damaged drawers a key of the patient's own again. The epoch is what the chain's events and its storage agree on,
 * but a node that lies in both can't be told from one that doesn't; so the new key is handed to nobody, or it could be
 * one of an epoch to come. Readers get keys again when the drawer is closed next, or with a new grant.
 * @throws SCOPE_SECRET_MISMATCH when events and storage don't agree, UnknownScope, NotController, LOCKED
 */
export async function healDrawers(
  session: Session,
  patientId: PatientId,
  drawers: readonly Drawer[],
  options?: SendOptions,
): Promise<Receipt> {
  const root = rootOf(session);
  const rotations = drawers.map(async ({ scope }) => {
    const [current, keys] = await Promise.all([
      scopeOf(session.chain, patientId, scope),
      scopeKeysOf(session.chain, patientId, scope),
    ]);
    const latest = keys.at(-1);
    if (!current || !latest) throw new SalusError("UnknownScope", { patientId, scope });
    const { epoch, publicKey } = current;
    if (latest.epoch !== epoch || latest.publicKey !== publicKey || keys.length !== epoch + 1) {
      throw new SalusError("SCOPE_SECRET_MISMATCH", { scope, epoch });
    }
    const next = toHex(scopeKeys(root, scope, epoch + 1).publicKey);
    return { scope, epoch: epoch + 1, publicKey: next, keyring: null };
  });
  return sendRevocations(session.chain, session.signer, patientId, [], await Promise.all(rotations), options);
}

// -------- steps --------

/** The drawers that permits named which are over and weren't used. */
async function givenUnused(session: Session, kept: Drafts): Promise<GivenDrawer[]> {
  const permits = await loadKept(session, kept);
  const states = await statesOf(session, permits);
  return permits.filter((_, at) => states[at] === "over").flatMap(({ given }) => given);
}

/** Whether a drawer's present key was given to a visit that is over. Of visits whose keys can't be had, that is assumed. */
async function givenToEndedVisits(
  session: Session,
  patientId: PatientId,
  drawers: readonly Drawer[],
  keys: readonly ScopeKey[],
): Promise<(drawer: Drawer) => boolean> {
  const made = drawers.map(({ scope, epoch }) => keys.find((key) => key.scope === scope && key.epoch === epoch));
  // A visit that was opened before a key was made doesn't have it.
  const since = Math.min(...made.map((key) => key?.blockNumber ?? 0));
  const visits = (await openedVisits(session.chain, { patientId })).filter(({ blockNumber }) => blockNumber >= since);
  const given: { blockNumber: number; epochs: ReturnType<typeof givenEpochs> | null }[] = [];
  for (const { visitId, key, sealedKey, blockNumber } of visits) {
    if ((await visitStateOf(session.chain, visitId)).status === "open") continue;
    try {
      given.push({ blockNumber, epochs: givenEpochs(await openKeys(session, sealedKey, key)) });
    } catch (error) {
      if (!isSalusError(error) || isSalusError(error, "LOCKED", "IPFS_UNREACHABLE")) throw error;
      given.push({ blockNumber, epochs: null });
    }
  }
  return ({ scope, epoch }) => {
    const madeIn = keys.find((key) => key.scope === scope && key.epoch === epoch)?.blockNumber ?? 0;
    return given.some(({ blockNumber, epochs }) =>
      epochs ? epochs.get(scope)?.has(epoch) === true : blockNumber >= madeIn,
    );
  };
}

/**
 * Drawers as they are now: a key that was moved meanwhile must be counted from there. A node that invents an epoch can't
 * name its key, which only the root gives: else it would have the keys of epochs to come sealed to a grantee.
 * @throws UnknownScope, SCOPE_SECRET_MISMATCH, DRAWER_OUTDATED
 */
export async function refreshed(session: Session, drawers: readonly Drawer[]): Promise<Drawer[]> {
  return Promise.all(
    drawers.map(async (drawer) => {
      const { patientId, scope } = drawer;
      const current = await scopeOf(session.chain, patientId, scope);
      if (!current) throw new SalusError("UnknownScope", { patientId, scope });
      const state = stateOf(session, rootOf(session), { scope, ...current });
      expectOpen({ scope, epoch: current.epoch, state });
      return { ...drawer, ...current, state };
    }),
  );
}

/** Revokes grants and moves drawers to their next epoch, sealed to all who may still read, in one transaction. */
export async function moveDrawers(
  session: Session,
  patientId: PatientId,
  drawers: readonly Drawer[],
  revoked: readonly Grant[],
  options?: SendOptions,
): Promise<Receipt> {
  const current = await refreshed(session, drawers);
  const moves = await Promise.all(current.map((drawer) => nextEpoch(session, drawer, revoked)));
  const keyrings = moves.flatMap(({ keyring }) => (keyring ? [keyring] : []));
  const send = (digests: readonly Hex[]) => {
    const remaining = [...digests];
    const rotations = moves.map(({ keyring, ...move }) => ({
      ...move,
      keyring: (keyring && remaining.shift()) ?? null,
    }));
    return sendRevocations(session.chain, session.signer, patientId, revoked, rotations, options);
  };
  return storedFor(session.store, keyrings, send, { isNew: true });
}

/** The drawer's next key, and its secret sealed to all who may still read. */
async function nextEpoch(
  session: Session,
  { patientId, scope, epoch: current }: Drawer,
  revoked: readonly Grant[],
): Promise<{ scope: ScopeId; epoch: number; publicKey: Hex; keyring: Uint8Array | null }> {
  const epoch = current + 1;
  const { publicKey, secretKey } = scopeKeys(rootOf(session), scope, epoch);
  const stays = (grant: Grant) =>
    grant.state === "active" &&
    grant.rights !== "write" &&
    !revoked.some(({ subject, grantee }) => subject === grant.subject && grantee === grant.grantee);
  const readers = (await grantsOf(session.chain, { patientId, subject: scope })).filter(stays);
  // A reader who publishes an impossible key must not keep the patient from closing a drawer to others.
  const published = await Promise.all(readers.map(({ grantee }) => usableKeyOf(session, grantee)));
  const keys = published.filter((key) => key !== null);
  if (keys.length === 0) return { scope, epoch, publicKey: toHex(publicKey), keyring: null };
  const contents: Keyring = { v: 1, patient: patientId, scope, epoch, secretKey: toHex(secretKey) };
  const keyring = await sealTo(paddedJson(contents), keys);
  return { scope, epoch, publicKey: toHex(publicKey), keyring };
}
