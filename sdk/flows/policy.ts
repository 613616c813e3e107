/**
 * Policies: the insurer offers, the patient compares to the bit and accepts, anyone verifies (002-34, 002-35, 002-49).
 * A change or a renewal is a policy of its own that names the one before: it counts once the patient accepts it, and until
 * then, or for ever, the one before stands. Silence is refusal.
 */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { blockTime } from "../adapters/logs.js";
import { roleOf } from "../adapters/participants.js";
import { patientOf } from "../adapters/patients.js";
import {
  NO_REF,
  policiesInTransaction,
  policiesOf,
  policyNotice,
  sendAcceptPolicy,
  sendCancelPolicy,
  sendIssuePolicy,
  sendReportMismatch,
  type IssuedPolicy,
} from "../adapters/policies.js";
import { fromHex, randomBytes, toHex } from "../core/bytes.js";
import { policyDigest, policyIdOf, scheduleDigest, wordingDigest } from "../core/policy.js";
import type { Terms } from "../core/terms.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Address, Hex, PatientId, PolicyId } from "../types.js";
import {
  filesStoredFor,
  openSchedule,
  packFiles,
  readSchedule,
  readWording,
  termsOf,
  wordingAsStored,
  type PolicyFile,
} from "./policy-files.js";
import { publicKeyOfAccount, type Reader, type Session } from "./session.js";

export type { PolicyFile, Schedule } from "./policy-files.js";

/** What an insurer offers. */
export interface PolicyDraft {
  patientId: PatientId;
  /** The plan's name, which everyone can read; the wording's file name unless given. */
  title?: string | undefined;
  wording: PolicyFile;
  schedule: PolicyFile;
  /** Unix seconds. */
  from: number;
  /** Unix seconds. */
  until: number;
  /** What is paid of bills; without them, none can be put to the policy through Salus. */
  terms?: Terms | undefined;
  /** The version that this one follows: an amendment if the terms overlap, a renewal if this one's come after. */
  previous?: PolicyId | undefined;
}

/** A person's own copies of a policy's files. */
export interface OwnCopies {
  wording: Uint8Array;
  schedule?: Uint8Array | undefined;
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

/** What a report of a mismatch says. */
export interface Mismatch {
  /** Each part that is at hand. */
  parts: Comparison[];
  /** What is sent: the digests of the patient's copies. */
  copy: { wording: Hex; schedule: Hex };
  /** keccak256(abi.encode(wording, schedule)) as the insurer anchored it. */
  insurers: Hex;
  /** The same of the patient's copies. */
  patients: Hex;
}

/** Blocks come late: an end is asked for this much after the earliest, in seconds. */
const MARGIN_S = 3_600;

/**
 * Offers a policy to a patient, as an insurer; with `previous`, a change or renewal of that one.
 * @throws NotInsurer, UnknownPatient, Deregistered, NO_PUBLISHED_KEY, InvalidTerm, NotAmendable, EMPTY_DOCUMENT,
 * INVALID_INPUT (a file that is too large, a name that is too long, a previous policy that isn't the patient's, impossible
 * terms)
 */
export async function issuePolicy(
  session: Session,
  draft: PolicyDraft,
  options?: SendOptions,
): Promise<{ policyId: PolicyId; receipt: Receipt }> {
  const { patientId, wording, schedule, from, until, terms } = draft;
  const insurer = session.account;
  const patient = await patientOf(session.chain, patientId);
  if (!patient) throw new SalusError("UnknownPatient", { patientId });
  const publicKey = await publicKeyOfAccount(session, patient.controller);
  const previousRef = await previousRefOf(session, { ...draft, insurer });
  const files = { title: titleOf(draft), wording, schedule, terms };
  const { objects, digests, ref } = await packFiles(files, publicKey);
  const receipt = await filesStoredFor(session.store, objects, () =>
    sendIssuePolicy(session.chain, session.signer, { patientId, ref, previousRef, ...digests, from, until }, options),
  );
  return { policyId: policyIdOf({ insurer, patientId, ref }), receipt };
}

/** The plan's name of a draft. */
export function titleOf({ title, wording }: Pick<PolicyDraft, "title" | "wording">): string {
  return title?.trim() || wording.fileName.slice(0, 120);
}

/**
 * The reference of the version before. The contract derives the id from insurer and patient, so a foreign policy can't be
 * followed; it is refused here with a clearer word.
 * @throws UnknownPolicy, INVALID_INPUT
 */
export async function previousRefOf(
  { chain }: Pick<Reader, "chain">,
  { previous, insurer, patientId }: Pick<PolicyDraft, "previous" | "patientId"> & { insurer: Address },
): Promise<Hex> {
  if (previous === undefined) return NO_REF;
  const [policy] = await policiesOf(chain, { policyId: previous });
  if (!policy) throw new SalusError("UnknownPolicy", { policyId: previous });
  if (policy.insurer !== insurer || policy.patientId !== patientId) {
    throw new SalusError("INVALID_INPUT", { argument: "previous", reason: "another insurer's or patient's policy" });
  }
  return policy.ref;
}

/** A policy by its id. @throws UnknownPolicy, ANCHOR_MISMATCH (the node lies) */
export async function policyById({ chain }: Pick<Reader, "chain">, policyId: PolicyId): Promise<IssuedPolicy> {
  const [policy] = await policiesOf(chain, { policyId });
  if (!policy) throw new SalusError("UnknownPolicy", { policyId });
  if (policyIdOf(policy) !== policyId || policyDigest(policy.wording, policy.schedule) !== policy.digest) {
    throw new SalusError("ANCHOR_MISMATCH", { policyId });
  }
  return policy;
}

/** The policies that an id means: of a policy, or of a transaction that was about some (002-35). @throws UnknownPolicy */
export async function findPolicies(
  reader: Pick<Reader, "chain">,
  id: Hex,
): Promise<{ by: "policy" | "transaction"; policies: IssuedPolicy[] }> {
  try {
    return { by: "policy", policies: [await policyById(reader, id)] };
  } catch (error) {
    if (!isSalusError(error, "UnknownPolicy")) throw error;
  }
  const found = await policiesInTransaction(reader.chain, id).catch((error: unknown) => {
    if (isSalusError(error, "UNKNOWN_TRANSACTION")) return [];
    throw error;
  });
  if (found.length === 0) throw new SalusError("UnknownPolicy", { id });
  return { by: "transaction", policies: await Promise.all(found.map((policyId) => policyById(reader, policyId))) };
}

/** Compares a copy of the wording with what the insurer anchored, to the bit. Needs no key. */
export function compareWording(policy: Pick<IssuedPolicy, "wording">, wording: Uint8Array): Comparison {
  const copy = wordingDigest(wording);
  return { part: "wording", equal: copy === policy.wording, copy, anchored: policy.wording };
}

/** Compares a copy of the schedule, with the salt from the insurer's. */
export function compareSchedule(policy: Pick<IssuedPolicy, "schedule">, schedule: Uint8Array, salt: Hex): Comparison {
  const copy = scheduleDigest(fromHex(salt), schedule);
  return { part: "schedule", equal: copy === policy.schedule, copy, anchored: policy.schedule };
}

/**
 * Accepts an offer, as the patient; of a next version, which ends the one before. Both of the insurer's files are fetched
 * and checked against what it anchored, then the patient's own copies are compared; the error says whose copy of which
 * part differs. Without a schedule of their own, the patient accepts the insurer's, which `readSchedule` has shown. Terms
 * for claims, which `termsOf` has shown, must be those that the contract will pay by.
 * @throws NotInsurer (accredited no longer), INSURER_COPY_DIFFERS, POLICY_COPIES_DIFFER, NO_TERMS, NotOffered,
 * NotAmendable, NotController, SIGNATURE_REJECTED
 */
export async function acceptPolicy(
  session: Session,
  policyId: PolicyId,
  own: OwnCopies,
  options?: SendOptions,
): Promise<Receipt> {
  const policy = await policyById(session, policyId);
  if ((await roleOf(session.chain, policy.insurer)) !== "insurer") {
    throw new SalusError("NotInsurer", { account: policy.insurer });
  }
  await Promise.all([readWording(session, policy), termsOf(session, policy)]);
  const insurers = await readSchedule(session, policy);
  const wording = compareWording(policy, own.wording);
  const schedule = compareSchedule(policy, own.schedule ?? insurers.bytes, insurers.salt);
  for (const { part, equal: same, copy, anchored } of [wording, schedule]) {
    if (!same) throw new SalusError("POLICY_COPIES_DIFFER", { part, yours: copy, insurers: anchored });
  }
  const copy = { wording: wording.copy, schedule: schedule.copy };
  return sendAcceptPolicy(session.chain, session.signer, policy, copy, options);
}

/** The earliest end that this account may ask for, Unix seconds: now for the patient, after the notice for the insurer. */
export async function earliestEnd(
  { chain }: Pick<Reader, "chain">,
  { insurer }: Pick<IssuedPolicy, "insurer">,
  account: Address,
): Promise<number> {
  const now = await blockTime(chain);
  return account === insurer ? now + (await policyNotice(chain)) + MARGIN_S : now;
}

/**
 * Withdraws or declines an offer, at once; or ends an accepted policy, from `from` on, or as early as this account may.
 * @param from Unix seconds; of an offer it doesn't count
 * @throws UnknownPolicy, NotParty, NoticeTooShort (an insurer tells 30 days before), AlreadyOver, EndsEarlier
 */
export async function cancelPolicy(
  session: Session,
  policyId: PolicyId,
  { from }: { from?: number | undefined } = {},
  options?: SendOptions,
): Promise<Receipt> {
  const policy = await policyById(session, policyId);
  const end = from ?? (await earliestEnd(session, policy, session.account));
  return sendCancelPolicy(session.chain, session.signer, policy, end, options);
}

/**
 * What a report of a mismatch would say: the digests of the copies at hand. For a part that isn't given, the insurer's
 * stored file stands, which may itself not be what the insurer anchored.
 */
export async function mismatchOf(
  session: Pick<Session, "store" | "root">,
  policy: IssuedPolicy,
  own: Partial<OwnCopies>,
): Promise<Mismatch> {
  const wording = own.wording ?? (await unlessMissing(wordingAsStored(session, policy)));
  const sealed = await unlessMissing(openSchedule(session, policy));
  const schedule = own.schedule ?? sealed?.bytes;
  const parts = [
    ...(wording ? [compareWording(policy, wording)] : []),
    // A salt that can't be had isn't replaced by none: whoever knows a person could then guess the schedule.
    ...(schedule ? [compareSchedule(policy, schedule, sealed?.salt ?? toHex(randomBytes(32)))] : []),
  ];
  const digestOf = (part: Comparison["part"]) => parts.find((each) => each.part === part)?.copy ?? policy[part];
  const copy = { wording: digestOf("wording"), schedule: digestOf("schedule") };
  return { parts, copy, insurers: policy.digest, patients: policyDigest(copy.wording, copy.schedule) };
}

/**
 * Tells everyone, as the patient, that the copy at hand isn't what the insurer anchored: an event on the chain with both
 * digests. It changes nothing about the policy, and can't be taken back.
 * @throws UnknownPolicy, CopiesEqual, NotController
 */
export async function reportMismatch(
  session: Session,
  policyId: PolicyId,
  own: Partial<OwnCopies>,
  options?: SendOptions,
): Promise<Receipt> {
  const policy = await policyById(session, policyId);
  const { copy, insurers, patients } = await mismatchOf(session, policy, own);
  if (insurers === patients) throw new SalusError("CopiesEqual", { policyId });
  return sendReportMismatch(session.chain, session.signer, policy, copy, options);
}

/** A part that can't be had is no part of a report; a store that is away, or fails, is no reason to report anything. */
async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    if (!isSalusError(error) || isSalusError(error, "IPFS_UNREACHABLE", "IPFS_REFUSED", "LOCKED")) throw error;
    return undefined;
  });
}
