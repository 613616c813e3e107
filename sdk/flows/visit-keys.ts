/**
 * The keys of a visit (002-24): one sealed object that the patient makes for the hospital, and the hospital again for each
 * doctor. It holds the visit's own secret, which opens what is written in the visit; the names of the drawers, so that one
 * can write to them; and the secrets of those drawers that the patient lets the visit read. Whoever opens it compares all
 * of it with the chain.
 */
import * as v from "valibot";

import { scopeKeysOf, type ScopeKey } from "../adapters/consents.js";
import { fromHex, toHex } from "../core/bytes.js";
import { openWith, sealTo } from "../core/envelope.js";
import { Hex32, paddedJson, parseJson } from "../core/json.js";
import { accountKeys, publicKeyOf } from "../core/keys.js";
import { visitIdOf, type VisitKey } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Hex, PatientId, ScopeId } from "../types.js";
import { rootOf, type Session } from "./session.js";

const Drawer = v.strictObject({
  scope: Hex32,
  label: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  secrets: v.pipe(v.array(v.tuple([v.pipe(v.number(), v.safeInteger(), v.minValue(0)), Hex32])), v.maxLength(2_000)),
});

const KeysSchema = v.strictObject({
  v: v.literal(1),
  visit: Hex32,
  patient: Hex32,
  /** The name that the patient goes by. */
  name: v.pipe(v.string(), v.maxLength(120)),
  visitSecret: Hex32,
  drawers: v.pipe(v.array(Drawer), v.maxLength(60)),
});

/** What a visit's members get, sealed. */
export type VisitKeys = v.InferOutput<typeof KeysSchema>;

/** A drawer as a visit's member sees it. */
export interface VisitDrawer {
  scope: ScopeId;
  label: string;
  /** Of the present epoch, as the chain says. */
  publicKey: Hex;
  epoch: number;
  /** Whether the visit may read what is in it now, not only what is written in the visit. */
  canRead: boolean;
}

/** A visit's keys, opened and held against the chain. */
export interface CheckedKeys {
  keys: VisitKeys;
  drawers: VisitDrawer[];
  /** The secrets of drawers by their public keys. */
  drawerSecrets: ReadonlyMap<Hex, { scope: ScopeId; epoch: number; secretKey: Uint8Array }>;
}

/** Seals a visit's keys. */
export async function sealKeys(keys: VisitKeys, publicKeys: Uint8Array[]): Promise<Uint8Array> {
  return sealTo(paddedJson(keys), publicKeys);
}

/**
 * Opens a visit's keys with the session's account, without looking at the chain.
 * @throws LOCKED, CONTENT_UNAVAILABLE, CID_MISMATCH, NOT_A_RECIPIENT, HEADER_MALFORMED, HEADER_TAMPERED, PAYLOAD_TAMPERED,
 * MANIFEST_MALFORMED, MANIFEST_MISMATCH (of another visit or patient)
 */
export async function openKeys(session: Session, digest: Hex, visit: VisitKey): Promise<VisitKeys> {
  const file = await session.store.get(digest);
  const keys = parseJson(KeysSchema, await openWith(file, accountKeys(rootOf(session)).secretKey), "visit keys");
  expectSame("visit", keys.visit, visitIdOf(visit));
  expectSame("patient", keys.patient, visit.patientId);
  const labels = new Set(keys.drawers.map(({ label }) => label));
  // One name, one drawer: a document must not go elsewhere than its author thinks.
  if (labels.size !== keys.drawers.length) throw new SalusError("MANIFEST_MALFORMED", { object: "visit keys" });
  return keys;
}

/**
 * Opens a visit's keys and holds them against the chain: every drawer is the patient's, every secret is that of the key
 * that the chain has for its epoch.
 * @throws as `openKeys`, and UnknownScope, SCOPE_SECRET_MISMATCH
 */
export async function checkedKeys(session: Session, digest: Hex, visit: VisitKey): Promise<CheckedKeys> {
  const [keys, onChain] = await Promise.all([
    openKeys(session, digest, visit),
    scopeKeysOf(session.chain, visit.patientId),
  ]);
  const drawerSecrets = new Map<Hex, { scope: ScopeId; epoch: number; secretKey: Uint8Array }>();
  const drawers = keys.drawers.map(({ scope, label, secrets }): VisitDrawer => {
    const ofScope = onChain.filter((key) => key.scope === scope);
    const present = latestOf(ofScope, visit.patientId, scope);
    for (const [epoch, secret] of secrets) {
      const secretKey = fromHex(secret);
      const publicKey = toHex(publicKeyOf(secretKey));
      if (ofScope.find((key) => key.epoch === epoch)?.publicKey !== publicKey) {
        throw new SalusError("SCOPE_SECRET_MISMATCH", { scope, epoch });
      }
      drawerSecrets.set(publicKey, { scope, epoch, secretKey });
    }
    const { publicKey, epoch } = present;
    return { scope, label, publicKey, epoch, canRead: secrets.length > 0 };
  });
  return { keys, drawers, drawerSecrets };
}

/** The epochs of each drawer whose secrets were given. */
export function givenEpochs({ drawers }: Pick<VisitKeys, "drawers">): ReadonlyMap<ScopeId, ReadonlySet<number>> {
  return new Map(drawers.map(({ scope, secrets }) => [scope, new Set(secrets.map(([epoch]) => epoch))]));
}

/** The key that documents are sealed to now. */
export function latestOf(keys: readonly ScopeKey[], patientId: PatientId, scope: ScopeId): ScopeKey {
  const latest = keys.filter((key) => key.scope === scope).at(-1);
  if (!latest) throw new SalusError("UnknownScope", { patientId, scope });
  return latest;
}

function expectSame(field: "visit" | "patient", found: Hex, expected: Hex): void {
  if (found !== expected) throw new SalusError("MANIFEST_MISMATCH", { field, document: found, chain: expected });
}
