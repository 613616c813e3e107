/**
 * Documents of a visit (002-26, 003-08): sealed to the drawer that they go into and to the visit, so that the patient has
 * them for good, and the hospital and the doctors of the visit while it is open.
 */
import { scopeKeysOf } from "../adapters/consents.js";
import type { TransferOptions } from "../adapters/ipfs.js";
import { recordsOf, writtenUnder, type AnchoredRecord } from "../adapters/records.js";
import { fromHex } from "../core/bytes.js";
import type { Manifest } from "../core/manifest.js";
import { visitKeyToJson } from "../core/visit.js";
import { isSalusError, SalusError } from "../errors.js";
import type { VisitId } from "../types.js";
import { publishUnder, type Document, type Published, type PublishOptions } from "./publish.js";
import { openManifest, openRecord, type OpenedRecord } from "./read.js";
import type { Destination } from "./sealing.js";
import type { Reader, Session } from "./session.js";
import { latestOf } from "./visit-keys.js";
import { idsUnder, keyInVisit } from "./visit-reading.js";
import type { VisitAccess } from "./visit.js";

/**
 * Writes a document of the visit into a drawer, journal and all (flows/publish.ts).
 * @param drawerLabel one of `access.drawers`
 * @throws UnknownScope, NotAuthorIn (the visit is over, or the account was removed), and as `publish`
 */
export async function publishInVisit(
  session: Session,
  access: VisitAccess,
  drawerLabel: string,
  document: Document,
  options: PublishOptions = {},
): Promise<Published> {
  const visit = visitKeyToJson(access.visit);
  return onceMore(async () =>
    publishUnder(
      session,
      await destinationIn(session, access, drawerLabel),
      document,
      () => Promise.resolve({ kind: "visit", visit }),
      options,
    ),
  );
}

/** The records that were written in a visit, in the order of the chain; those on its orders aren't among them. */
export async function visitRecords({ chain }: Pick<Reader, "chain">, visitId: VisitId): Promise<AnchoredRecord[]> {
  const ids = new Set((await writtenUnder(chain, { context: visitId })).map(({ recordId }) => recordId));
  const [first] = ids;
  if (first === undefined) return [];
  const [one] = await recordsOf(chain, { recordId: first });
  const records = one ? await recordsOf(chain, { patientId: one.patientId }) : [];
  return records.filter(({ recordId }) => ids.has(recordId));
}

/**
 * All that a member of the visit may open, in the order of the chain: what lies in the drawers that it may read, and what
 * was written in the visit and on its orders.
 */
export async function visitTimeline(session: Session, access: VisitAccess): Promise<AnchoredRecord[]> {
  const [records, ids] = await Promise.all([
    recordsOf(session.chain, { patientId: access.visit.patientId }),
    idsUnder(session, access.visitId),
  ]);
  const ofVisit = new Set(ids);
  return records.filter(
    ({ recordId, scope, scopeKey }) => ofVisit.has(recordId) || access.secrets.drawers.get(scopeKey)?.scope === scope,
  );
}

/**
 * Opens a document in a visit. `readRecord` does so as well, and finds the visit by itself.
 * @throws NOT_IN_VISIT, NO_ACCESS, and as `readRecord`
 */
export async function readInVisit(
  session: Session,
  access: VisitAccess,
  record: AnchoredRecord,
  options?: TransferOptions,
): Promise<OpenedRecord> {
  return openRecord(session, record, await keyInVisit(session, access, record), options);
}

/** Opens what a document says of itself, in a visit. @throws as `readInVisit` */
export async function readManifestInVisit(
  session: Session,
  access: VisitAccess,
  record: AnchoredRecord,
): Promise<Manifest> {
  return openManifest(session, record, await keyInVisit(session, access, record));
}

// -------- steps --------

/** A drawer as the chain has it now, sealed to the visit as well. @throws UnknownScope */
export async function destinationIn(
  { chain }: Pick<Session, "chain">,
  { visitId, visit, drawers, publicKey: visitKey }: VisitAccess,
  drawerLabel: string,
): Promise<Destination> {
  const drawer = drawers.find(({ label }) => label === drawerLabel);
  if (!drawer) throw new SalusError("UnknownScope", { drawer: drawerLabel });
  const { patientId } = visit;
  const { scope } = drawer;
  const { publicKey, epoch } = latestOf(await scopeKeysOf(chain, patientId, scope), patientId, scope);
  return { patientId, scope, publicKey, epoch, context: visitId, alsoTo: [fromHex(visitKey)] };
}

/** A drawer may move between sealing and anchoring: what was sealed to its earlier key was given up, so it is sealed anew, once. */
export async function onceMore<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (isSalusError(error, "StaleScopeKey")) return act();
    throw error;
  }
}
