/**
 * Sharing: a drawer or single records, with one account, until a time (004-08, 004-09). A grant is prepared first, so
 * that what is shown before signing is what is signed.
 */
import { grantsOf, scopeOf, sendGrants, type Grant, type GrantTerms } from "../adapters/consents.js";
import type { Receipt, SendOptions } from "../adapters/chain.js";
import type { AnchoredRecord } from "../adapters/records.js";
import { toHex } from "../core/bytes.js";
import { computeCid } from "../core/cid.js";
import { rewrap, sealTo } from "../core/envelope.js";
import { paddedJson } from "../core/json.js";
import { scopeKeys } from "../core/keys.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, RecordId, Rights, ScopeId } from "../types.js";
import { moveDrawers, refreshed } from "./closing.js";
import { participantOf, type Participant } from "./participants.js";
import { checkedHeader, recordById } from "./read.js";
import { readProfile } from "./registration.js";
import { ownDrawers, scopeSecretOf, type Drawer, type ScopePackage } from "./scopes.js";
import { publicKeyOfAccount, rootOf, type Session } from "./session.js";
import { forget, storedFor } from "./stored.js";

/** What to share. A record can only be read; a drawer can be written to as well. */
export interface GrantRequest {
  patientId: PatientId;
  grantee: Address;
  drawers: readonly Drawer[];
  records: readonly RecordId[];
  rights: Rights;
  /** Unix seconds; `FOREVER` for no end. */
  until: number;
}

/** Grants ready to be signed: the terms to show and sign, and the sealed keys that they name. */
export interface PreparedGrant {
  terms: GrantTerms[];
  sealedKeys: Uint8Array[];
  /** The latest epochs whose secrets the sealed keys hold. */
  epochs: { patientId: PatientId; scope: ScopeId; epoch: number }[];
}

/** A grant with the words for it. */
export interface Access {
  grant: Grant;
  /** The grantee as accredited, or null for an account that nobody vouches for. */
  grantee: Participant | null;
  kind: "drawer" | "record";
  /** The drawer's label; null for a record. */
  label: string | null;
}

/**
 * Seals the keys for the grantee. Nothing is stored or sent yet.
 * @throws LOCKED, NO_PUBLISHED_KEY, INVALID_INPUT, UNKNOWN_RECORD, SCOPE_SECRET_MISMATCH when the chain names a key that isn't
 * the patient's, and as `checkedHeader` when a record isn't what it is anchored as
 */
export async function prepareGrant(session: Session, request: GrantRequest): Promise<PreparedGrant> {
  const { patientId, grantee, rights, until } = request;
  if (request.drawers.length + request.records.length === 0) {
    throw new SalusError("INVALID_INPUT", { argument: "drawers", reason: "choose at least one drawer or document" });
  }
  if (grantee === session.account) {
    throw new SalusError("INVALID_INPUT", { argument: "grantee", reason: "this is your own account" });
  }
  const publicKey = await publicKeyOfAccount(session, grantee);
  const { identity } = await readProfile(session, patientId);
  const sealed: { subject: Hex; rights: Rights; file: Uint8Array }[] = [];
  const epochs: PreparedGrant["epochs"] = [];
  for (const drawer of await refreshed(session, request.drawers)) {
    const contents = packageOf(session, drawer, identity.name, rights);
    epochs.push({ patientId, scope: drawer.scope, epoch: drawer.epoch });
    sealed.push({ subject: drawer.scope, rights, file: await sealTo(paddedJson(contents), [publicKey]) });
  }
  for (const recordId of request.records) {
    const record = await recordById(session, recordId);
    if (record.patientId !== patientId) throw new SalusError("UNKNOWN_RECORD", { recordId });
    sealed.push({ subject: recordId, rights: "read", file: await headerFor(session, record, publicKey) });
  }
  const terms = sealed.map(async ({ subject, rights, file }): Promise<GrantTerms> => {
    const { digest } = await computeCid(file);
    return { patientId, subject, grantee, rights, until, sealedKey: digest };
  });
  return { terms: await Promise.all(terms), sealedKeys: sealed.map(({ file }) => file), epochs };
}

/** Stores the sealed keys and grants, all or none, in one transaction. @throws NotController, GrantExpiryInPast, SIGNATURE_REJECTED */
export async function grant(session: Session, prepared: PreparedGrant, options?: SendOptions): Promise<Receipt> {
  const { terms, sealedKeys, epochs } = prepared;
  for (const { patientId, scope, epoch } of epochs) {
    if ((await scopeOf(session.chain, patientId, scope))?.epoch !== epoch) {
      throw new SalusError("INVALID_INPUT", {
        argument: "prepared",
        reason: "a drawer's key has changed since: prepare it anew",
      });
    }
  }
  const replaced = await Promise.all(
    terms.map(({ patientId, subject, grantee }) => grantsOf(session.chain, { patientId, subject, grantee })),
  );
  for (const [index, { rights }] of terms.entries()) {
    const had = replaced[index]?.[0];
    if (rights === "write" && had && had.state !== "revoked" && had.rights !== "write") {
      // Writing only would leave the keys to read with a grantee who is no longer meant to have them, and hide that.
      throw new SalusError("INVALID_INPUT", { argument: "rights", reason: "stop the access to read first" });
    }
  }
  const isNew = !attempted.has(prepared);
  attempted.add(prepared);
  const receipt = await storedFor(
    session.store,
    sealedKeys,
    () => sendGrants(session.chain, session.signer, terms, options),
    { isNew },
  );
  // The same grant once more, after an answer that was lost, names the same keys: they are still needed.
  const needed = new Set(terms.map(({ sealedKey }) => sealedKey));
  await forget(
    session.store,
    replaced
      .flat()
      // Stopping a grant has unpinned its key.
      .filter(({ state }) => state !== "revoked")
      .map(sealedKeyOf)
      .filter(({ digest }) => !needed.has(digest)),
  );
  return receipt;
}

/**
 * Stops access: the grants are refused from the next block on, drawers that could be read move to a new epoch, and the
 * sealed keys are unpinned, all with one signature. What was opened before may have been kept.
 * @throws NotController, NoGrant, LOCKED, SIGNATURE_REJECTED
 */
export async function stopAccess(
  session: Session,
  patientId: PatientId,
  grants: readonly Grant[],
  options?: SendOptions,
): Promise<Receipt> {
  const drawers = await ownDrawers(session, patientId);
  // A damaged drawer can't be moved before it is healed; that mustn't hold up the revocation.
  const rotated = drawers.filter(
    ({ scope, state }) =>
      state !== "damaged" && grants.some(({ subject, rights }) => subject === scope && rights !== "write"),
  );
  const receipt = await moveDrawers(session, patientId, rotated, grants, options);
  await forget(session.store, grants.map(sealedKeyOf));
  return receipt;
}

/** Who has or had access to the patient's record, newest first, with the words for it. @throws LOCKED */
export async function accessOf(session: Session, patientId: PatientId): Promise<Access[]> {
  const [grants, drawers] = await Promise.all([grantsOf(session.chain, { patientId }), ownDrawers(session, patientId)]);
  const accounts = [...new Set(grants.map(({ grantee }) => grantee))];
  const participants = new Map(
    await Promise.all(accounts.map(async (account) => [account, await participantOf(session, account)] as const)),
  );
  return grants.reverse().map((grant) => {
    const drawer = drawers.find(({ scope }) => scope === grant.subject);
    return {
      grant,
      grantee: participants.get(grant.grantee) ?? null,
      kind: drawer ? "drawer" : "record",
      label: drawer?.label ?? null,
    };
  });
}

// -------- steps --------

/** Grants that were tried: an answer may have been lost, so a transaction may name their keys already. */
const attempted = new WeakSet<PreparedGrant>();

const sealedKeyOf = ({ sealedKey }: Grant) => ({ digest: sealedKey });

function packageOf(session: Session, drawer: Drawer, name: string, rights: Rights): ScopePackage {
  const epochs = rights === "write" ? [] : Array.from({ length: drawer.epoch + 1 }, (_, epoch) => epoch);
  return {
    v: 1,
    patient: drawer.patientId,
    scope: drawer.scope,
    label: drawer.label,
    name,
    secrets: epochs.map((epoch) => [epoch, toHex(scopeKeys(rootOf(session), drawer.scope, epoch).secretKey)]),
  };
}

/** A new header over the same payload, for one more reader. */
async function headerFor(session: Session, record: AnchoredRecord, publicKey: Uint8Array): Promise<Uint8Array> {
  const key = await scopeSecretOf(session, record);
  return rewrap(await checkedHeader(session, record, key), key.secretKey, [publicKey]);
}
