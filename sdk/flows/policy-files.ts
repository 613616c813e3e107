/**
 * The files of a policy on IPFS: a wording, public; a schedule (whose, which card), sealed to the patient and salted; and
 * the small public object that says where both are (002-34, 002-35), and on what terms bills are paid (002-33). Whether the
 * chain knows the policy already, or an insurer has only signed its offer, the files are the same.
 */
import * as v from "valibot";

import type { ContentStore } from "../adapters/ipfs.js";
import { concat, fromHex, randomBytes, toHex, utf8 } from "../core/bytes.js";
import { computeCid } from "../core/cid.js";
import { openWith, sealTo } from "../core/envelope.js";
import { Hex32, parseJson } from "../core/json.js";
import { accountKeys } from "../core/keys.js";
import { padme } from "../core/padding.js";
import { scheduleDigest, wordingDigest } from "../core/policy.js";
import { refOf, SaltedTermsSchema, termsToJson, type SaltedTerms, type Terms } from "../core/terms.js";
import { SalusError } from "../errors.js";
import type { Hex } from "../types.js";
import { rootOf, type Session } from "./session.js";
import { storedFor, type StoredName } from "./stored.js";

/** A file of a policy. */
export interface PolicyFile {
  bytes: Uint8Array;
  fileName: string;
  mediaType: string;
}

/** A patient's schedule with the salt of its digest. */
export interface Schedule extends PolicyFile {
  salt: Hex;
}

/** The digests by which a policy or an offer names its files. */
export interface FileDigests {
  /** sha2-256 of the wording. */
  wording: Hex;
  /** sha2-256 of salt and schedule. */
  schedule: Hex;
  /** Digest of the CID of the public object. */
  offer: Hex;
}

/** What an offer names, fetched and checked to the bit. `stored` is what IPFS has: of the schedule, the sealed file. */
export interface OfferFiles {
  /** The plan's name, public. */
  title: string;
  wording: PolicyFile & { stored: Required<StoredName> };
  schedule: Schedule & { stored: Required<StoredName> };
  /** What is paid of bills; null when the policy has no terms and can't be billed through Salus. */
  terms: Terms | null;
}

/** Files as they are stored, and the digests that name them. */
export interface PackedFiles {
  /** Wording, sealed schedule and public object, in this order. */
  objects: [wording: Uint8Array, schedule: Uint8Array, offer: Uint8Array];
  digests: FileDigests;
  /** The policy's reference: the hash of its terms, or without any 32 random bytes. */
  ref: Hex;
}

const fileFields = {
  fileName: v.pipe(v.string(), v.maxLength(255)),
  mediaType: v.pipe(v.string(), v.maxLength(120)),
};
const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64 * 1024 * 1024));

/** The public object that an offer names. */
const OfferSchema = v.strictObject({
  v: v.literal(1),
  title: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  wording: v.strictObject({ digest: Hex32, size, ...fileFields }),
  schedule: v.strictObject({ digest: Hex32, size }),
  terms: v.optional(SaltedTermsSchema),
});

/** The line before a schedule's bytes inside its sealed file. */
const ScheduleLineSchema = v.strictObject({ v: v.literal(1), salt: Hex32, size, ...fileFields });

const NEWLINE = 0x0a;

/**
 * Seals the schedule and makes the public object. Stores nothing.
 * @param publicKey X25519 public key of the patient's account, 32 bytes
 * @throws EMPTY_DOCUMENT, INVALID_INPUT (a file that is too large, a name that is too long, impossible terms)
 */
export async function packFiles(
  {
    title,
    wording,
    schedule,
    terms,
  }: { title: string; wording: PolicyFile; schedule: PolicyFile; terms?: Terms | undefined },
  publicKey: Uint8Array,
): Promise<PackedFiles> {
  if (wording.bytes.length === 0 || schedule.bytes.length === 0) throw new SalusError("EMPTY_DOCUMENT");
  const salt = randomBytes(32);
  const { fileName, mediaType } = schedule;
  const facts = { v: 1 as const, salt: toHex(salt), fileName, mediaType, size: schedule.bytes.length };
  const line = utf8(`${JSON.stringify(checked(ScheduleLineSchema, facts))}\n`);
  const padding = new Uint8Array(padme(line.length + facts.size) - line.length - facts.size);
  const sealed = await sealTo(concat(line, schedule.bytes, padding), [publicKey]);

  const salted = terms && { terms, salt: toHex(randomBytes(32)) };
  const ref = salted ? refOf(salted) : toHex(randomBytes(32));
  const [open, closed] = await Promise.all([computeCid(wording.bytes), computeCid(sealed)]);
  const offer = utf8(
    JSON.stringify(
      checked(OfferSchema, {
        v: 1,
        title,
        wording: {
          digest: open.digest,
          size: open.size,
          fileName: wording.fileName,
          mediaType: wording.mediaType,
        },
        schedule: { digest: closed.digest, size: closed.size },
        ...(salted && { terms: { ...termsToJson(salted.terms), salt: salted.salt } }),
      }),
    ),
  );
  const digests = {
    wording: wordingDigest(wording.bytes),
    schedule: scheduleDigest(salt, schedule.bytes),
    offer: (await computeCid(offer)).digest,
  };
  return { objects: [wording.bytes, sealed, offer], digests, ref };
}

/**
 * Stores the files of a policy, then acts. If the act is refused, those that weren't there before are let go: a wording
 * may be the same as other policies', what is sealed for this one is new.
 * @throws what `act` and `ContentStore.add` throw
 */
export function filesStoredFor<T>(
  store: ContentStore,
  [wording, ...fresh]: PackedFiles["objects"],
  act: () => Promise<T>,
) {
  return storedFor(store, [wording], () => storedFor(store, fresh, act, { isNew: true }));
}

/** The plan's name, as the insurer calls it in public. @throws CONTENT_UNAVAILABLE, CID_MISMATCH, MANIFEST_MALFORMED */
export async function readTitle(
  { store }: Pick<Session, "store">,
  policy: Pick<FileDigests, "offer">,
): Promise<string> {
  return (await readOffer(store, policy)).title;
}

/**
 * The terms of a policy or an offer, with the salt that proves them; null when it has none. They are those that the policy's
 * reference is the hash of, and so what the contract pays by.
 * @throws NO_TERMS (others are stored than the reference has), CONTENT_UNAVAILABLE, CID_MISMATCH, MANIFEST_MALFORMED
 */
export async function termsOf(
  { store }: Pick<Session, "store">,
  { ref, offer }: Pick<FileDigests, "offer"> & { ref: Hex },
): Promise<SaltedTerms | null> {
  const { terms: stored } = await readOffer(store, { offer });
  if (!stored) return null;
  const { salt, ...terms } = stored;
  if (refOf({ terms, salt }) !== ref) throw new SalusError("NO_TERMS", { reason: "not the terms of the reference" });
  return { terms, salt };
}

/** The insurer's wording, public. @throws INSURER_COPY_DIFFERS, CONTENT_UNAVAILABLE, CID_MISMATCH, MANIFEST_MALFORMED */
export async function readWording(
  reader: Pick<Session, "store">,
  policy: Pick<FileDigests, "wording" | "offer">,
): Promise<OfferFiles["wording"]> {
  const { digest, size, fileName, mediaType } = (await readOffer(reader.store, policy)).wording;
  const bytes = await reader.store.get(digest, size);
  if (wordingDigest(bytes) !== policy.wording) throw new SalusError("INSURER_COPY_DIFFERS", { part: "wording" });
  return { bytes, fileName, mediaType, stored: { digest, size } };
}

/** What the insurer stored as its wording, be it what it anchored or not. @throws CONTENT_UNAVAILABLE, CID_MISMATCH, MANIFEST_MALFORMED */
export async function wordingAsStored(
  { store }: Pick<Session, "store">,
  policy: Pick<FileDigests, "offer">,
): Promise<Uint8Array> {
  const { digest, size } = (await readOffer(store, policy)).wording;
  return store.get(digest, size);
}

/** The sealed schedule, which its patient alone can open. @throws CONTENT_UNAVAILABLE, CID_MISMATCH, MANIFEST_MALFORMED */
export async function storedSchedule(
  { store }: Pick<Session, "store">,
  policy: Pick<FileDigests, "offer">,
): Promise<Uint8Array> {
  const { digest, size } = (await readOffer(store, policy)).schedule;
  return store.get(digest, size);
}

/**
 * The insurer's schedule, as the patient it is sealed to.
 * @throws LOCKED, NOT_A_RECIPIENT, INSURER_COPY_DIFFERS, CONTENT_UNAVAILABLE, CID_MISMATCH, MANIFEST_MALFORMED
 */
export async function readSchedule(
  session: Pick<Session, "store" | "root">,
  policy: Pick<FileDigests, "schedule" | "offer">,
): Promise<OfferFiles["schedule"]> {
  const schedule = await openSchedule(session, policy);
  if (scheduleDigest(fromHex(schedule.salt), schedule.bytes) !== policy.schedule) {
    throw new SalusError("INSURER_COPY_DIFFERS", { part: "schedule" });
  }
  return schedule;
}

/**
 * What the insurer sealed as the schedule, be it what it anchored or not.
 * @throws LOCKED, NOT_A_RECIPIENT, CONTENT_UNAVAILABLE, CID_MISMATCH, MANIFEST_MALFORMED
 */
export async function openSchedule(
  session: Pick<Session, "store" | "root">,
  policy: Pick<FileDigests, "offer">,
): Promise<OfferFiles["schedule"]> {
  const stored = (await readOffer(session.store, policy)).schedule;
  const sealed = await session.store.get(stored.digest, stored.size);
  const opened = await openWith(sealed, accountKeys(rootOf(session)).secretKey);
  const end = opened.indexOf(NEWLINE);
  if (end < 0) throw new SalusError("MANIFEST_MALFORMED", { object: "schedule" });
  const line = parseJson(ScheduleLineSchema, opened.subarray(0, end), "schedule");
  const { salt, fileName, mediaType } = line;
  return { bytes: opened.subarray(end + 1, end + 1 + line.size), salt, fileName, mediaType, stored };
}

/**
 * All that an offer names, fetched from IPFS and checked to the bit against the offer's digests: before it is carried to
 * the chain, or after. Needs the key that the schedule is sealed to.
 * @throws LOCKED, NOT_A_RECIPIENT, INSURER_COPY_DIFFERS (`part` says which), NO_TERMS (as `termsOf`),
 * CONTENT_UNAVAILABLE, CID_MISMATCH, MANIFEST_MALFORMED, IPFS_UNREACHABLE
 */
export async function readOfferFiles(
  session: Pick<Session, "store" | "root">,
  offer: FileDigests & { ref: Hex },
): Promise<OfferFiles> {
  const title = await readTitle(session, offer);
  const [wording, schedule, salted] = await Promise.all([
    readWording(session, offer),
    readSchedule(session, offer),
    termsOf(session, offer),
  ]);
  return { title, wording, schedule, terms: salted?.terms ?? null };
}

/** What is written must be what readers accept. */
function checked<S extends v.GenericSchema>(schema: S, value: v.InferInput<S>): v.InferInput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return value;
  const field = v.getDotPath(result.issues[0]) ?? "file";
  throw new SalusError("INVALID_INPUT", { argument: field, reason: "too large or too long" });
}

async function readOffer(
  store: ContentStore,
  { offer }: Pick<FileDigests, "offer">,
): Promise<v.InferOutput<typeof OfferSchema>> {
  return parseJson(OfferSchema, await store.get(offer), "offer");
}
