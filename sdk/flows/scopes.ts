/** Scopes: the drawers of a patient's record, and the secrets that open them. */
import * as v from "valibot";

import { grantsOf, isGranted, scopeKeysOf, sendOpenScopes, type Grant, type ScopeKey } from "../adapters/consents.js";
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { patientOf } from "../adapters/patients.js";
import { fromHex, toHex } from "../core/bytes.js";
import { openWith } from "../core/envelope.js";
import { Hex32, parseJson } from "../core/json.js";
import { accountKeys, publicKeyOf, scopeIdOf, scopeKeys } from "../core/keys.js";
import { SalusError } from "../errors.js";
import { SCOPE_LABELS, type Hex, type PatientId, type ScopeId } from "../types.js";
import { rootOf, type Session } from "./session.js";

/** A drawer as its owner or grantee sees it. */
export interface Drawer {
  patientId: PatientId;
  scope: ScopeId;
  label: string;
  /** Public key of the present epoch. */
  publicKey: Hex;
  epoch: number;
  /**
   * "damaged" when the chain names a key that isn't the patient's own: nobody may seal to it, and `healDrawers` puts it
   * right. "outdated" when the node shows an earlier state than it did before.
   */
  state: "open" | "damaged" | "outdated";
}

/** What a grantee of a drawer gets, sealed: its name and the secrets of its epochs so far. */
export interface ScopePackage {
  v: 1;
  patient: PatientId;
  scope: ScopeId;
  label: string;
  /** The name that the patient goes by. */
  name: string;
  /** Secret keys by epoch; none for a grantee who may only write. */
  secrets: [epoch: number, secretKey: Hex][];
}

/** What the remaining grantees get when a drawer moves to a new epoch, sealed to all of them. */
export interface Keyring {
  v: 1;
  patient: PatientId;
  scope: ScopeId;
  epoch: number;
  secretKey: Hex;
}

const epochNumber = v.pipe(v.number(), v.integer(), v.minValue(0));
const ScopePackageSchema = v.strictObject({
  v: v.literal(1),
  patient: Hex32,
  scope: Hex32,
  label: v.pipe(v.string(), v.maxLength(60)),
  name: v.pipe(v.string(), v.maxLength(120)),
  secrets: v.pipe(v.array(v.tuple([epochNumber, Hex32])), v.maxLength(2_000)),
});
const KeyringSchema = v.strictObject({
  v: v.literal(1),
  patient: Hex32,
  scope: Hex32,
  epoch: epochNumber,
  secretKey: Hex32,
});

/** Opens drawers for the patient, all in one transaction; those that are open stay as they are. @throws LOCKED, NotController */
export async function openDrawers(
  session: Session,
  patientId: PatientId,
  labels: readonly string[],
  options?: SendOptions,
): Promise<Receipt | null> {
  const root = rootOf(session);
  const open = new Set((await scopeKeysOf(session.chain, patientId)).map(({ scope }) => scope));
  const scopes = labels
    .map((label) => scopeIdOf(root, label))
    .filter((scope) => !open.has(scope))
    .map((scope) => ({ scope, publicKey: toHex(scopeKeys(root, scope, 0).publicKey) }));
  return scopes.length === 0 ? null : sendOpenScopes(session.chain, session.signer, patientId, scopes, options);
}

/**
 * The patient's own drawers, in the order of `SCOPE_LABELS`. One that can't be used is listed with its state and keeps no
 * other from being used.
 * @throws LOCKED
 */
export async function ownDrawers(session: Session, patientId: PatientId): Promise<Drawer[]> {
  const root = rootOf(session);
  const latest = new Map((await scopeKeysOf(session.chain, patientId)).map((key) => [key.scope, key]));
  return SCOPE_LABELS.flatMap((label) => {
    const key = latest.get(scopeIdOf(root, label));
    if (!key) return [];
    const { scope, publicKey, epoch } = key;
    return [{ patientId, scope, label, publicKey, epoch, state: stateOf(session, root, key) }];
  });
}

/** Passes if documents may be sealed to the drawer. @throws SCOPE_SECRET_MISMATCH, DRAWER_OUTDATED */
export function expectOpen({ state, scope, epoch }: Pick<Drawer, "state" | "scope" | "epoch">): void {
  if (state === "damaged") throw new SalusError("SCOPE_SECRET_MISMATCH", { scope, epoch });
  if (state === "outdated") throw new SalusError("DRAWER_OUTDATED", { scope, epoch });
}

/** The highest epoch of each drawer that this program has seen under the patient's own key, by deployment and scope. */
const seen = new Map<string, number>();

/** What the patient makes of a drawer's key and epoch, and remembers of it. */
export function stateOf(
  { chain }: Session,
  root: Uint8Array,
  { scope, publicKey, epoch }: Pick<Drawer, "scope" | "publicKey" | "epoch">,
): Drawer["state"] {
  if (toHex(scopeKeys(root, scope, epoch).publicKey) !== publicKey) return "damaged";
  const { genesisHash, contracts } = chain.deployment;
  const name = `${genesisHash}/${contracts.consents}/${scope}`;
  const before = seen.get(name) ?? 0;
  if (epoch < before) return "outdated";
  seen.set(name, epoch);
  return "open";
}

/** Finds a drawer that the session's account owns or was granted, by its label. @throws LOCKED, UnknownScope, NO_ACCESS, and as `expectOpen` */
export async function drawerByLabel(session: Session, patientId: PatientId, label: string): Promise<Drawer> {
  const owns = await isOwner(session, patientId);
  const drawers = owns ? await ownDrawers(session, patientId) : await grantedDrawers(session, patientId);
  const drawer = drawers.find((each) => each.label === label);
  if (!drawer) throw new SalusError(owns ? "UnknownScope" : "NO_ACCESS", { drawer: label });
  expectOpen(drawer);
  return drawer;
}

/** The drawers of a patient that were granted to the session's account and are so now. @throws LOCKED */
export async function grantedDrawers(session: Session, patientId: PatientId): Promise<Drawer[]> {
  const grants = await grantsOf(session.chain, { patientId, grantee: session.account });
  const keys = new Map((await scopeKeysOf(session.chain, patientId)).map((key) => [key.scope, key]));
  const drawers = grants.map(async (grant): Promise<Drawer[]> => {
    const key = keys.get(grant.subject);
    if (!key || grant.state !== "active") return [];
    const { label } = await openPackage(session, grant);
    return [{ patientId, scope: key.scope, label, publicKey: key.publicKey, epoch: key.epoch, state: "open" }];
  });
  return (await Promise.all(drawers)).flat();
}

/** Whether the session's account acts for the patient. @throws UnknownPatient */
export async function isOwner({ chain, account }: Session, patientId: PatientId): Promise<boolean> {
  const patient = await patientOf(chain, patientId);
  if (!patient) throw new SalusError("UnknownPatient", { patientId });
  return patient.controller === account;
}

/** Opens the package of a grant of a drawer. @throws LOCKED, CONTENT_UNAVAILABLE, MANIFEST_MALFORMED, MANIFEST_MISMATCH */
export async function openPackage(session: Session, grant: Grant): Promise<ScopePackage> {
  const file = await session.store.get(grant.sealedKey);
  const opened = parseJson(ScopePackageSchema, await openWith(file, accountKeys(rootOf(session)).secretKey), "grant");
  if (opened.patient !== grant.patientId) throw new SalusError("MANIFEST_MISMATCH", { field: "patient" });
  if (opened.scope !== grant.subject) throw new SalusError("MANIFEST_MISMATCH", { field: "scope" });
  return opened;
}

/**
 * The secret key behind one of a drawer's public keys, and its epoch, for its owner or a present grantee.
 * @throws LOCKED, UnknownScope (no such key), NO_ACCESS, ACCESS_EXPIRED, ACCESS_REVOKED, SCOPE_SECRET_MISMATCH
 */
export async function scopeSecretOf(
  session: Session,
  { patientId, scope, scopeKey }: { patientId: PatientId; scope: ScopeId; scopeKey: Hex },
): Promise<{ epoch: number; secretKey: Uint8Array }> {
  const keys = await scopeKeysOf(session.chain, patientId, scope);
  const key = keys.find(({ publicKey }) => publicKey === scopeKey);
  if (!key) throw new SalusError("UnknownScope", { patientId, scope });
  const secretKey = (await isOwner(session, patientId))
    ? scopeKeys(rootOf(session), scope, key.epoch).secretKey
    : await grantedSecret(session, keys, key);
  if (toHex(publicKeyOf(secretKey)) !== scopeKey)
    throw new SalusError("SCOPE_SECRET_MISMATCH", { scope, epoch: key.epoch });
  return { epoch: key.epoch, secretKey };
}

/** The grant that lets the session's account use a subject now. @throws NO_ACCESS, ACCESS_EXPIRED, ACCESS_REVOKED */
export async function activeGrant(session: Session, patientId: PatientId, subject: Hex): Promise<Grant> {
  const [grant] = await grantsOf(session.chain, { patientId, subject, grantee: session.account });
  if (!grant) throw new SalusError("NO_ACCESS", { patientId });
  if (grant.state === "revoked") throw new SalusError("ACCESS_REVOKED", { patientId });
  if (grant.state === "expired") throw new SalusError("ACCESS_EXPIRED", { patientId });
  // The events say so; the contract has the last word.
  if (!(await isGranted(session.chain, patientId, subject, session.account, grant.rights))) {
    throw new SalusError(grant.until * 1_000 <= Date.now() ? "ACCESS_EXPIRED" : "ACCESS_REVOKED", { patientId });
  }
  return grant;
}

async function grantedSecret(session: Session, keys: readonly ScopeKey[], key: ScopeKey): Promise<Uint8Array> {
  const grant = await activeGrant(session, key.patientId, key.scope);
  if (grant.rights === "write") throw new SalusError("NO_ACCESS", { patientId: key.patientId });
  const { secrets } = await openPackage(session, grant);
  const packed = secrets.find(([epoch]) => epoch === key.epoch);
  if (packed) return fromHex(packed[1]);
  const rotation = keys.find(({ epoch }) => epoch === key.epoch);
  if (!rotation?.keyring) throw new SalusError("NO_ACCESS", { patientId: key.patientId });
  const file = await session.store.get(rotation.keyring);
  const keyring = parseJson(KeyringSchema, await openWith(file, accountKeys(rootOf(session)).secretKey), "keyring");
  for (const [field, expected] of [
    ["patient", key.patientId],
    ["scope", key.scope],
    ["epoch", key.epoch],
  ] as const) {
    if (keyring[field] !== expected) throw new SalusError("MANIFEST_MISMATCH", { field });
  }
  return fromHex(keyring.secretKey);
}
