/** Which records a visit lets its members open, and with which key (002-24, 002-26, 003-07). */
import { scopeKeysOf } from "../adapters/consents.js";
import { placedOrders } from "../adapters/orders.js";
import { recordsOf, writtenUnder, type AnchoredRecord } from "../adapters/records.js";
import { guard } from "../adapters/refusal.js";
import { isMember, openedVisits } from "../adapters/visits.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Hex, PatientId, VisitId } from "../types.js";
import { rootOf, type Reader, type Session } from "./session.js";
import { enterVisit, type VisitAccess } from "./visit.js";

/** The header that opens a record, its secret key, and the epoch of the drawer's key that the record names. */
export interface RecordKey {
  /** Digest of the CID. */
  header: Hex;
  secretKey: Uint8Array;
  epoch: number;
  /** Whose secret it is: a drawer's is meant to be handed on with an export, the others aren't. */
  of: "drawer" | "visit" | "account";
}

/** The epoch of the drawer's key that a record names, or -1 when the chain has no such key. */
export async function epochOf(
  { chain }: Pick<Reader, "chain">,
  { patientId, scope, scopeKey }: AnchoredRecord,
): Promise<number> {
  const keys = await scopeKeysOf(chain, patientId, scope);
  return keys.find(({ publicKey }) => publicKey === scopeKey)?.epoch ?? -1;
}

/**
 * The key to a record by a visit that the session's account has entered.
 * @throws NOT_IN_VISIT when the visit is over or the account was removed since, NO_ACCESS when the visit may not read it
 */
export async function keyInVisit(
  session: Pick<Session, "chain" | "account">,
  access: VisitAccess,
  record: AnchoredRecord,
): Promise<RecordKey> {
  const { chain, account } = session;
  const { visitId, visit, secrets } = access;
  if (!(await isMember(chain, visit, account))) throw new SalusError("NOT_IN_VISIT", { visitId });
  const refusal = new SalusError("NO_ACCESS", { patientId: record.patientId });
  if (record.patientId !== visit.patientId) throw refusal;
  const { header, scope, scopeKey } = record;
  const drawer = secrets.drawers.get(scopeKey);
  if (drawer?.scope === scope) return { header, secretKey: drawer.secretKey, epoch: drawer.epoch, of: "drawer" };
  if (!(await isOfVisit(session, visitId, record))) throw refusal;
  return { header, secretKey: secrets.visit, epoch: await epochOf(session, record), of: "visit" };
}

/**
 * The key to a record by any visit of its patient that the session's account acts in now; null when there is none that
 * may read it.
 * @throws NOT_IN_VISIT when the account acted in visits of the patient, and does in none now
 */
export async function keyByVisits(session: Session, record: AnchoredRecord): Promise<RecordKey | null> {
  const accesses = await accessesOf(session, record.patientId);
  let over: SalusError | undefined;
  for (const access of accesses) {
    try {
      return await keyInVisit(session, access, record);
    } catch (error) {
      if (!isSalusError(error, "NO_ACCESS", "NOT_IN_VISIT")) throw error;
      if (isSalusError(error, "NOT_IN_VISIT")) over = error;
    }
  }
  if (over) throw over;
  return null;
}

/** The records that visits of the session's account let it open now, of one patient, in the order of the chain. */
export async function recordsByVisits(session: Session, patientId: PatientId): Promise<AnchoredRecord[]> {
  const accesses = await accessesOf(session, patientId).catch((error: unknown) => {
    if (isSalusError(error, "NOT_IN_VISIT")) return [];
    throw error;
  });
  if (accesses.length === 0) return [];
  const records = await recordsOf(session.chain, { patientId });
  const inVisits = new Set((await Promise.all(accesses.map(({ visitId }) => idsUnder(session, visitId)))).flat());
  return records.filter(
    ({ recordId, scope, scopeKey }) =>
      inVisits.has(recordId) || accesses.some(({ secrets }) => secrets.drawers.get(scopeKey)?.scope === scope),
  );
}

/** Ids of the records that were written in a visit, and on its orders. */
export async function idsUnder({ chain }: Pick<Reader, "chain">, visitId: VisitId): Promise<Hex[]> {
  const inVisit = await writtenUnder(chain, { context: visitId });
  const reports = await Promise.all(inVisit.map(({ recordId }) => writtenUnder(chain, { context: recordId })));
  return [...inVisit, ...reports.flat()].map(({ recordId }) => recordId);
}

/** Whether a record was written in the visit, or on an order of it. */
async function isOfVisit({ chain }: Pick<Reader, "chain">, visitId: VisitId, { recordId }: AnchoredRecord) {
  const [under] = await writtenUnder(chain, { recordId });
  if (!under) return false;
  if (under.context === visitId) return true;
  const [order] = await placedOrders(chain, { orderId: under.context });
  return order?.visitId === visitId;
}

/** By account root: the accesses that were looked up last, and for what. They live no longer than the root itself. */
const lookedUp = new WeakMap<Uint8Array, { for: string; accesses: Promise<VisitAccess[]> }>();

/**
 * The visits of a patient that the session's account acts in now, once a block: a list opens hundreds of documents. Whether
 * a visit still lasts is asked for each of them again (`keyInVisit`).
 * @throws NOT_IN_VISIT when the account acted in visits of the patient, and does in none now
 */
async function accessesOf(session: Session, patientId: PatientId): Promise<VisitAccess[]> {
  const { chain, account } = session;
  const root = rootOf(session);
  const blockNumber = await guard(() => chain.provider.getBlockNumber());
  const { genesisHash, contracts } = chain.deployment;
  const wanted = [genesisHash, contracts.visits, account, patientId, blockNumber].join("/");
  const known = lookedUp.get(root);
  if (known?.for === wanted) return known.accesses;
  const accesses = lookUp(session, patientId);
  lookedUp.set(root, { for: wanted, accesses });
  accesses.catch(() => {
    if (lookedUp.get(root)?.accesses === accesses) lookedUp.delete(root);
  });
  return accesses;
}

async function lookUp(session: Session, patientId: PatientId): Promise<VisitAccess[]> {
  const { chain, account } = session;
  const [asHospital, asMember] = await Promise.all([
    openedVisits(chain, { patientId, hospital: account }),
    openedVisits(chain, { patientId, member: account }),
  ]);
  const visits = [...asHospital, ...asMember];
  const accesses: VisitAccess[] = [];
  for (const { visitId, key } of visits) {
    if (!(await isMember(chain, key, account))) continue;
    try {
      accesses.push(await enterVisit(session, visitId));
    } catch (error) {
      // A laboratory of the house has no keys, and one visit's damaged keys must not hide another's.
      if (!isSalusError(error) || isSalusError(error, "LOCKED", "CHAIN_UNREACHABLE", "IPFS_UNREACHABLE")) throw error;
    }
  }
  const latest = visits.at(-1);
  if (latest && accesses.length === 0) throw new SalusError("NOT_IN_VISIT", { visitId: latest.visitId });
  return accesses;
}
