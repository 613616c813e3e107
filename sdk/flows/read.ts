/** Reading: fetch, check the CID, check the chain, open, check the manifest (003-12, 003-15). */
import { grantsOf, scopeKeysOf, type Grant } from "../adapters/consents.js";
import type { TransferOptions } from "../adapters/ipfs.js";
import { recordsOf, storedAnchorOf, type AnchoredRecord } from "../adapters/records.js";
import { randomBytes } from "../core/bytes.js";
import { open, openFirstChunk, rewrap, type Sealed } from "../core/envelope.js";
import { accountKeys, ageIdentity, publicKeyOf } from "../core/keys.js";
import { checkManifest, decodeDocument, MAX_DOCUMENT_SIZE, peekManifest, type Manifest } from "../core/manifest.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Hex, PatientId, RecordId } from "../types.js";
import { activeGrant, isOwner, openPackage, scopeSecretOf } from "./scopes.js";
import { rootOf, type Reader, type Session } from "./session.js";
import { epochOf, keyByVisits, recordsByVisits, type RecordKey } from "./visit-reading.js";

/** An opened document. */
export interface OpenedRecord {
  record: AnchoredRecord;
  manifest: Manifest;
  content: Uint8Array;
}

/** A record in the forms that the stock `age` program opens: `cat header payload | age -d -i identity`. */
export interface ExportedRecord {
  record: AnchoredRecord;
  header: Uint8Array;
  payload: Uint8Array;
  /**
   * "AGE-SECRET-KEY-1…". The drawer's opens every record of the same drawer and epoch: keep it like the records
   * themselves. Of a record that was granted by itself it opens this one only.
   */
  identity: string;
}

/** A patient who has shared something with the session's account. */
export interface SharingPatient {
  patientId: PatientId;
  /** The name that the patient gave along, or null when only records were shared. */
  name: string | null;
  /** `label` is null when the patient's package for this account can't be had or opened. */
  drawers: { label: string | null; scope: Hex; grant: Grant }[];
  records: { recordId: RecordId; grant: Grant }[];
}

/** The most bytes of a payload: the largest document, its manifest, padding and authentication tags, and some to spare. */
const MAX_PAYLOAD_SIZE = 1.125 * MAX_DOCUMENT_SIZE;

/** A record by its id, checked against the anchor that the contract stores. @throws UNKNOWN_RECORD, ANCHOR_MISMATCH */
export async function recordById({ chain }: Reader, recordId: RecordId): Promise<AnchoredRecord> {
  const [[record], anchor] = await Promise.all([recordsOf(chain, { recordId }), storedAnchorOf(chain, recordId)]);
  if (!record || !anchor) throw new SalusError("UNKNOWN_RECORD", { recordId });
  if (record.anchor !== anchor) throw new SalusError("ANCHOR_MISMATCH", { recordId });
  return record;
}

/**
 * Opens a document, as its patient, a present grantee, or a member of an open visit.
 * @throws UNKNOWN_RECORD, ANCHOR_MISMATCH, LOCKED, NO_ACCESS, ACCESS_EXPIRED, ACCESS_REVOKED, NOT_IN_VISIT,
 * CID_MISMATCH, CONTENT_UNAVAILABLE, DOCUMENT_TOO_LARGE, the header's and the payload's errors, MANIFEST_MALFORMED, MANIFEST_MISMATCH
 */
export async function readRecord(
  session: Session,
  recordId: RecordId,
  options?: TransferOptions,
): Promise<OpenedRecord> {
  const record = await recordById(session, recordId);
  return openRecord(session, record, await keyTo(session, record), options);
}

/**
 * Opens a document with a key to it.
 * @param key `header` is a digest, or the header itself where it came along with something else
 * @throws as `readRecord`, but for access
 */
export async function openRecord(
  session: Session,
  record: AnchoredRecord,
  key: { header: Hex | Uint8Array; secretKey: Uint8Array; epoch: number },
  options?: TransferOptions,
): Promise<OpenedRecord> {
  const { header, payload } = await fetchWith(session, record, key, options);
  const { manifest, content } = decodeDocument(await open(header, payload, key.secretKey));
  checkManifest(manifest, expected(record, key.epoch));
  return { record, manifest, content };
}

/** Opens only what a document says of itself, from its first 256 KiB at most. @throws as `readRecord` */
export async function readManifest(session: Session, recordId: RecordId): Promise<Manifest> {
  const record = await recordById(session, recordId);
  return openManifest(session, record, await keyTo(session, record));
}

/** Opens what a document says of itself, with a key to it. @throws as `openRecord` */
export async function openManifest(
  session: Session,
  record: AnchoredRecord,
  { header: digest, secretKey, epoch }: Pick<RecordKey, "header" | "secretKey" | "epoch">,
): Promise<Manifest> {
  const [header, beginning] = await Promise.all([
    session.store.get(digest),
    session.store.getBeginning(record.payload, record.size),
  ]);
  const manifest = peekManifest(await openFirstChunk(header, beginning, secretKey));
  checkManifest(manifest, expected(record, epoch));
  return manifest;
}

/**
 * The record's header, to be sealed to one more reader, once it is sure that it opens this record. Whoever may write can
 * anchor somebody else's payload and header under a record of their own; sealed on unseen, that would hand the other
 * document's key over.
 * @param key opens the header
 * @throws as `openManifest`: MANIFEST_MISMATCH, NOT_A_RECIPIENT, PAYLOAD_TAMPERED
 */
export async function checkedHeader(
  session: Session,
  record: AnchoredRecord,
  key: Pick<RecordKey, "secretKey" | "epoch">,
): Promise<Uint8Array> {
  await openManifest(session, record, { ...key, header: record.header });
  return session.store.get(record.header);
}

/**
 * A record's payload. The size is its author's word: nobody may fill a reader's memory with it.
 * @throws DOCUMENT_TOO_LARGE, CID_MISMATCH, CONTENT_UNAVAILABLE
 */
export async function payloadOf(
  { store }: Pick<Reader, "store">,
  { recordId, size, payload }: AnchoredRecord,
  options?: TransferOptions,
): Promise<Uint8Array> {
  if (size > MAX_PAYLOAD_SIZE) throw new SalusError("DOCUMENT_TOO_LARGE", { recordId, size });
  return store.get(payload, size, options);
}

/**
 * Fetches header and payload with the identity that opens them. A record that was granted by itself is sealed to the
 * account's own key, which opens all that anyone ever sealed to the account and never leaves it, and one that is open by
 * a visit to the visit's: their headers are sealed anew, to a key made for this export, once it is sure that they open this
 * record. Whoever granted it may have named a header and a payload that somebody else shares with the account.
 * @throws as `readRecord`
 */
export async function exportRecord(
  session: Session,
  recordId: RecordId,
  options?: TransferOptions,
): Promise<ExportedRecord> {
  const record = await recordById(session, recordId);
  const key = await keyTo(session, record);
  const { header, payload } = await fetchWith(session, record, key, options);
  const { secretKey } = key;
  checkManifest(peekManifest(await openFirstChunk(header, payload, secretKey)), expected(record, key.epoch));
  if (key.of === "drawer") return { record, header, payload, identity: ageIdentity(secretKey) };
  const own = randomBytes(32);
  return {
    record,
    header: await rewrap(header, secretKey, [publicKeyOf(own)]),
    payload,
    identity: ageIdentity(own),
  };
}

/** The records that the session's account may open now, of one patient, by grants and visits, in the order of the chain. */
export async function readableRecords(session: Session, patientId: PatientId): Promise<AnchoredRecord[]> {
  const records = await recordsOf(session.chain, { patientId });
  if (await isOwner(session, patientId)) return records;
  const grants = (await grantsOf(session.chain, { patientId, grantee: session.account })).filter(
    ({ state, rights }) => state === "active" && rights !== "write",
  );
  const subjects = new Set(grants.map(({ subject }) => subject));
  const inVisits = new Set((await recordsByVisits(session, patientId)).map(({ recordId }) => recordId));
  return records.filter(
    ({ scope, recordId }) => subjects.has(scope) || subjects.has(recordId) || inVisits.has(recordId),
  );
}

/** The patients who share something with the session's account now. @throws LOCKED */
export async function sharingPatients(session: Session): Promise<SharingPatient[]> {
  const patients = new Map<PatientId, SharingPatient>();
  const grants = (await grantsOf(session.chain, { grantee: session.account })).filter(
    ({ state }) => state === "active",
  );
  // Asked once a patient: anybody can grant any number of subjects.
  const scopes = new Map<PatientId, Set<Hex>>();
  for (const patientId of new Set(grants.map((grant) => grant.patientId))) {
    scopes.set(patientId, new Set((await scopeKeysOf(session.chain, patientId)).map(({ scope }) => scope)));
  }
  for (const grant of grants) {
    const { patientId, subject } = grant;
    const patient = patients.get(patientId) ?? { patientId, name: null, drawers: [], records: [] };
    patients.set(patientId, patient);
    if (!scopes.get(patientId)?.has(subject)) {
      patient.records.push({ recordId: subject, grant });
      continue;
    }
    const opened = await openPackage(session, grant).catch(unlessSalusError);
    patient.name ??= opened?.name ?? null;
    patient.drawers.push({ label: opened?.label ?? null, scope: subject, grant });
  }
  return [...patients.values()];
}

/** One patient's damaged package must not hide the other patients. */
function unlessSalusError(error: unknown): null {
  if (isSalusError(error) && error.code !== "LOCKED") return null;
  throw error;
}

async function fetchWith(
  { store }: Reader,
  record: AnchoredRecord,
  { header }: { header: Hex | Uint8Array },
  options?: TransferOptions,
): Promise<Sealed> {
  const opening = typeof header === "string" ? await store.get(header) : header;
  return { header: opening, payload: await payloadOf({ store }, record, options) };
}

/** Which header opens the record for the session's account, with which key: as owner or grantee, or in a visit. */
async function keyTo(session: Session, record: AnchoredRecord): Promise<RecordKey> {
  const root = rootOf(session);
  try {
    const { epoch, secretKey } = await scopeSecretOf(session, record);
    return { header: record.header, secretKey, epoch, of: "drawer" };
  } catch (error) {
    if (!isSalusError(error, "NO_ACCESS", "ACCESS_EXPIRED", "ACCESS_REVOKED")) throw error;
    try {
      const { sealedKey } = await activeGrant(session, record.patientId, record.recordId);
      const secretKey = accountKeys(root).secretKey;
      return { header: sealedKey, secretKey, epoch: await epochOf(session, record), of: "account" };
    } catch (other) {
      if (!isSalusError(other, "NO_ACCESS", "ACCESS_EXPIRED", "ACCESS_REVOKED")) throw other;
      const byVisit = await keyByVisits(session, record);
      if (byVisit) return byVisit;
      // The more telling of the two refusals: "stopped" says more than "never had any".
      throw isSalusError(other, "NO_ACCESS") ? error : other;
    }
  }
}

function expected({ recordId, patientId, author, scope }: AnchoredRecord, epoch: number) {
  return { record: recordId, patient: patientId, author, scope, epoch };
}
