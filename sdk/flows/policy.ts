/**
 * Policies: the insurer offers, the patient compares to the bit and accepts, anyone verifies (002-34, 002-35, 002-49).
 * A policy is a wording, public, and a schedule (whose, which card), sealed to the patient and salted.
 */
import * as v from "valibot";

import type { Receipt, SendOptions } from "../adapters/chain.js";
import { roleOf } from "../adapters/participants.js";
import { patientOf } from "../adapters/patients.js";
import { NO_REF, policiesOf, sendAcceptPolicy, sendIssuePolicy, type IssuedPolicy } from "../adapters/policies.js";
import { concat, fromHex, randomBytes, toHex, utf8 } from "../core/bytes.js";
import { computeCid } from "../core/cid.js";
import { openWith, sealTo } from "../core/envelope.js";
import { Hex32, parseJson } from "../core/json.js";
import { accountKeys } from "../core/keys.js";
import { padme } from "../core/padding.js";
import { policyIdOf, scheduleDigest, wordingDigest } from "../core/policy.js";
import { SalusError } from "../errors.js";
import type { Hex, PatientId, PolicyId } from "../types.js";
import { publicKeyOfAccount, rootOf, type Reader, type Session } from "./session.js";
import { storedFor } from "./stored.js";

/** A file of a policy. */
export interface PolicyFile {
  bytes: Uint8Array;
  fileName: string;
  mediaType: string;
}

/** What an insurer offers. */
export interface PolicyDraft {
  patientId: PatientId;
  wording: PolicyFile;
  schedule: PolicyFile;
  /** Unix seconds. */
  from: number;
  /** Unix seconds. */
  until: number;
}

/** A patient's schedule with the salt of its digest. */
export interface Schedule extends PolicyFile {
  salt: Hex;
}

/** One part of a policy, compared with what the insurer anchored. */
export interface Comparison {
  part: "wording" | "schedule";
  equal: boolean;
  /** Digest of the copy. */
  copy: Hex;
  /** Digest that the insurer anchored. */
  anchored: Hex;
}

const fileFields = {
  fileName: v.pipe(v.string(), v.maxLength(255)),
  mediaType: v.pipe(v.string(), v.maxLength(120)),
};
const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64 * 1024 * 1024));

/** The public object that an offer names: where the wording and the sealed schedule are. */
const OfferSchema = v.strictObject({
  v: v.literal(1),
  wording: v.strictObject({ digest: Hex32, size, ...fileFields }),
  schedule: v.strictObject({ digest: Hex32, size }),
});
type Offer = v.InferOutput<typeof OfferSchema>;

/** The line before a schedule's bytes inside its sealed file. */
const ScheduleLineSchema = v.strictObject({ v: v.literal(1), salt: Hex32, size, ...fileFields });

const NEWLINE = 0x0a;

/**
 * Offers a policy to a patient, as an insurer.
 * @throws NotInsurer, UnknownPatient, NO_PUBLISHED_KEY, InvalidTerm, EMPTY_DOCUMENT, INVALID_INPUT (a file that is too
 * large, or a name that is too long)
 */
export async function issuePolicy(
  session: Session,
  { patientId, wording, schedule, from, until }: PolicyDraft,
  options?: SendOptions,
): Promise<{ policyId: PolicyId; receipt: Receipt }> {
  const patient = await patientOf(session.chain, patientId);
  if (!patient) throw new SalusError("UnknownPatient", { patientId });
  const publicKey = await publicKeyOfAccount(session, patient.controller);
  if (wording.bytes.length === 0 || schedule.bytes.length === 0) throw new SalusError("EMPTY_DOCUMENT");
  const { fileName, mediaType } = schedule;
  const salt = randomBytes(32);
  const facts = { v: 1 as const, salt: toHex(salt), fileName, mediaType, size: schedule.bytes.length };
  const line = utf8(`${JSON.stringify(checked(ScheduleLineSchema, facts))}\n`);
  const padding = new Uint8Array(padme(line.length + facts.size) - line.length - facts.size);
  const sealed = await sealTo(concat(line, schedule.bytes, padding), [publicKey]);

  const offer = utf8(JSON.stringify(await offerOf(wording, sealed)));
  const ref = toHex(randomBytes(32));
  const receipt = await storedFor(session.store, [wording.bytes, sealed, offer], ([, , digest]) => {
    const digests = { wording: wordingDigest(wording.bytes), schedule: scheduleDigest(salt, schedule.bytes) };
    const terms = { patientId, ref, previousRef: NO_REF, ...digests, from, until, offer: digest };
    return sendIssuePolicy(session.chain, session.signer, terms, options);
  });
  return { policyId: policyIdOf({ insurer: session.account, patientId, ref }), receipt };
}

/** A policy by its id. @throws UnknownPolicy */
export async function policyById({ chain }: Reader, policyId: PolicyId): Promise<IssuedPolicy> {
  const [policy] = await policiesOf(chain, { policyId });
  if (!policy) throw new SalusError("UnknownPolicy", { policyId });
  return policy;
}

/** The insurer's wording, public. @throws INSURER_COPY_DIFFERS, CONTENT_UNAVAILABLE, CID_MISMATCH, MANIFEST_MALFORMED */
export async function readWording(reader: Reader, policy: IssuedPolicy): Promise<PolicyFile> {
  const { wording } = await readOffer(reader, policy);
  const bytes = await reader.store.get(wording.digest, wording.size);
  if (wordingDigest(bytes) !== policy.wording) throw new SalusError("INSURER_COPY_DIFFERS", { part: "wording" });
  return { bytes, fileName: wording.fileName, mediaType: wording.mediaType };
}

/** The insurer's schedule, as the patient. @throws LOCKED, NOT_A_RECIPIENT, INSURER_COPY_DIFFERS, CONTENT_UNAVAILABLE, MANIFEST_MALFORMED */
export async function readSchedule(session: Session, policy: IssuedPolicy): Promise<Schedule> {
  const { schedule } = await readOffer(session, policy);
  const sealed = await session.store.get(schedule.digest, schedule.size);
  const opened = await openWith(sealed, accountKeys(rootOf(session)).secretKey);
  const end = opened.indexOf(NEWLINE);
  if (end < 0) throw new SalusError("MANIFEST_MALFORMED", { object: "schedule" });
  const line = parseJson(ScheduleLineSchema, opened.subarray(0, end), "schedule");
  const { salt, fileName, mediaType } = line;
  const bytes = opened.subarray(end + 1, end + 1 + line.size);
  if (scheduleDigest(fromHex(salt), bytes) !== policy.schedule) {
    throw new SalusError("INSURER_COPY_DIFFERS", { part: "schedule" });
  }
  return { bytes, salt, fileName, mediaType };
}

/** Compares a copy of the wording with what the insurer anchored, to the bit. Needs no key. */
export function compareWording(policy: IssuedPolicy, wording: Uint8Array): Comparison {
  const copy = wordingDigest(wording);
  return { part: "wording", equal: copy === policy.wording, copy, anchored: policy.wording };
}

/** Compares a copy of the schedule, with the salt from the insurer's. */
export function compareSchedule(policy: IssuedPolicy, schedule: Uint8Array, salt: Hex): Comparison {
  const copy = scheduleDigest(fromHex(salt), schedule);
  return { part: "schedule", equal: copy === policy.schedule, copy, anchored: policy.schedule };
}

/**
 * Accepts an offer, as the patient. Both of the insurer's files are fetched and checked against what it anchored, then
 * the patient's own copies are compared; the error says whose copy of which part differs. Without a schedule of their
 * own, the patient accepts the insurer's, which `readSchedule` has shown.
 * @throws NotInsurer (accredited no longer), INSURER_COPY_DIFFERS, POLICY_COPIES_DIFFER, NotOffered, NotController, SIGNATURE_REJECTED
 */
export async function acceptPolicy(
  session: Session,
  policyId: PolicyId,
  own: { wording: Uint8Array; schedule?: Uint8Array },
  options?: SendOptions,
): Promise<Receipt> {
  const policy = await policyById(session, policyId);
  // The contract looks at the insurer when it issues only.
  if ((await roleOf(session.chain, policy.insurer)) !== "insurer") {
    throw new SalusError("NotInsurer", { account: policy.insurer });
  }
  await readWording(session, policy);
  const insurers = await readSchedule(session, policy);
  const wording = compareWording(policy, own.wording);
  const schedule = compareSchedule(policy, own.schedule ?? insurers.bytes, insurers.salt);
  for (const { part, equal: same, copy, anchored } of [wording, schedule]) {
    if (!same) throw new SalusError("POLICY_COPIES_DIFFER", { part, yours: copy, insurers: anchored });
  }
  const copy = { wording: wording.copy, schedule: schedule.copy };
  return sendAcceptPolicy(session.chain, session.signer, policy, copy, options);
}

async function offerOf({ bytes, fileName, mediaType }: PolicyFile, sealed: Uint8Array): Promise<Offer> {
  const [wording, schedule] = await Promise.all([computeCid(bytes), computeCid(sealed)]);
  return checked(OfferSchema, {
    v: 1,
    wording: { digest: wording.digest, size: wording.size, fileName, mediaType },
    schedule: { digest: schedule.digest, size: schedule.size },
  });
}

/** What is written must be what readers accept. */
function checked<S extends v.GenericSchema>(schema: S, value: v.InferInput<S>): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const field = v.getDotPath(result.issues[0]) ?? "file";
  throw new SalusError("INVALID_INPUT", { argument: field, reason: "too large or too long" });
}

async function readOffer({ store }: Reader, policy: IssuedPolicy): Promise<Offer> {
  return parseJson(OfferSchema, await store.get(policy.offer), "offer");
}
