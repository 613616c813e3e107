/**
 * Deregistration (002-44): a tombstone on the chain, then what opened the record is let go: profile, backup, keyrings, and
 * the sealed keys that grants, records, visits and orders name. It can't be undone; what others have copied can't be called back.
 */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { grantsOf, scopeKeysOf } from "../adapters/consents.js";
import { backupOf } from "../adapters/keys.js";
import { eventsOf } from "../adapters/logs.js";
import { roleOf } from "../adapters/participants.js";
import { patientsControlledBy, sendDeregister, standingOf } from "../adapters/patients.js";
import { placedOrders } from "../adapters/orders.js";
import { recordsOf } from "../adapters/records.js";
import { openedVisits } from "../adapters/visits.js";
import { SalusError } from "../errors.js";
import type { Hex, PatientId } from "../types.js";
import type { Session } from "./session.js";
import type { StoredName } from "./stored.js";

/** What was done. */
export interface Deregistered {
  /** Null when the tombstone was there before, and only what was left of the forgetting was done. */
  receipt: Receipt | null;
  /** How many objects the storage was asked to forget. */
  forgotten: number;
  /** Whether the backup stays, because the account acts for somebody else in Salus, or may open what others granted it. */
  keepsBackup: boolean;
}

/**
 * Deregisters the patient: the tombstone first, then the storage is asked to forget. Can be called again when that was
 * interrupted: the rest is done then, by the account that deregistered.
 * @throws NotController, UnknownPatient, SIGNATURE_REJECTED, CHAIN_UNREACHABLE, IPFS_UNREACHABLE (the tombstone is there then)
 */
export async function deregister(session: Session, patientId: PatientId, options?: SendOptions): Promise<Deregistered> {
  const { chain, signer, store, account } = session;
  const standing = await standingOf(chain, patientId);
  if (standing === "unknown") throw new SalusError("UnknownPatient", { patientId });
  // Looked for before the tombstone: a chain that falls silent after it must not leave the rest unknown.
  const names = await openers(session, patientId);
  const receipt = standing === "registered" ? await sendDeregister(chain, signer, patientId, options) : null;
  if (!receipt) await checkOwn(session, patientId);

  const backup = await backupOf(chain, account);
  const keepsBackup = backup !== null && (await isNeededElsewhere(session));
  // Doctors and hospitals name headers and sealed keys, and may have named the backup as one.
  const others = names.filter(({ digest }) => digest !== backup);
  const forgotten = backup && !keepsBackup ? [...others, { digest: backup }] : others;
  for (const { digest, size } of forgotten) await store.unpin(digest, size);
  return { receipt, forgotten: forgotten.length, keepsBackup };
}

// -------- steps --------

/** Everything on IPFS without which the record can't be opened, from the chain's events. */
async function openers({ chain }: Session, patientId: PatientId): Promise<StoredName[]> {
  const { filters } = chain.patients;
  const [registered, updated, grants, keys, records, visits, orders] = await Promise.all([
    eventsOf(chain, chain.patients, filters.PatientRegistered(patientId)),
    eventsOf(chain, chain.patients, filters.ProfileUpdated(patientId)),
    grantsOf(chain, { patientId }),
    scopeKeysOf(chain, patientId),
    recordsOf(chain, { patientId }),
    openedVisits(chain, { patientId }),
    placedOrders(chain, { patientId }),
  ]);
  const digests = [
    ...[...registered, ...updated].map(({ args }) => args.profile as Hex),
    ...grants.map(({ sealedKey }) => sealedKey),
    ...keys.flatMap(({ keyring }) => keyring ?? []),
    ...records.map(({ header }) => header),
    ...visits.flatMap(({ sealedKey, assignments }) => [sealedKey, ...assignments.map((each) => each.sealedKey ?? [])]),
    ...orders.map(({ assignment }) => assignment?.sealedKey ?? []),
  ].flat();
  return [...new Set(digests)].map((digest) => ({ digest }));
}

/** Only who gave the pseudonym up may have the rest forgotten. @throws NotController */
async function checkOwn({ chain, account }: Session, patientId: PatientId): Promise<void> {
  const { filters } = chain.patients;
  const [event] = await eventsOf(chain, chain.patients, filters.PatientDeregistered(patientId, account));
  if (!event) throw new SalusError("NotController", { patientId, account });
}

/** Whether the account's key opens anything but the patient's own record. */
async function isNeededElsewhere({ chain, account }: Session): Promise<boolean> {
  const [role, patients, grants] = await Promise.all([
    roleOf(chain, account),
    patientsControlledBy(chain, account),
    grantsOf(chain, { grantee: account }),
  ]);
  return role !== "none" || patients.length > 0 || grants.some(({ state }) => state === "active");
}
