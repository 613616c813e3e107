/**
 * Registration that a person can do without help (002-01, 002-17 to 002-23, 002-34, 002-35): prove who you are, show the
 * card, compare the policy, then `enrol` (enrol.ts): one transaction, all or none. Each step is kept, sealed, on the device
 * and can be gone on with after a crash. A step that fails changes nothing.
 */
import { sha256 } from "@noble/hashes/sha2.js";

import type { Drafts } from "../adapters/drafts.js";
import { tryCalls } from "../adapters/dry-run.js";
import { keyOf } from "../adapters/keys.js";
import { roleOf } from "../adapters/participants.js";
import { encodeRegister } from "../adapters/patients.js";
import { encodeIssueBySig, NO_REF, type SignedOffer } from "../adapters/policies.js";
import {
  checkService,
  type AttestationAnswer,
  type InsurerService,
  type RegistryService,
} from "../adapters/services.js";
import { commitmentOf, normalId, pseudonymOf } from "../core/attestation.js";
import { sealBackup } from "../core/backup.js";
import { fromHex, randomBytes, toHex } from "../core/bytes.js";
import { discloseRegistration } from "../core/disclose-enrolment.js";
import type { Disclosure } from "../core/disclosure.js";
import { accountKeys, newRoot } from "../core/keys.js";
import { policyIdOf, scheduleDigest, wordingDigest } from "../core/policy.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Hex } from "../types.js";
import { checkRoot, unlock } from "./account.js";
import { arrivalOf, checkKey, checkLifetime, settled } from "./enrol.js";
import { bodyOf, keep, lineOf, rootIn } from "./enrolment-draft.js";
import type { Cover, Enrolment, Proof } from "./enrolment-state.js";
import { nameOf } from "./participants.js";
import { readOfferFiles, type OfferFiles, type PolicyFile } from "./policy-files.js";
import type { Comparison } from "./policy.js";
import { UNSTORED } from "./registration.js";
import type { Session } from "./session.js";
import { signIn, signOut } from "./sign-in.js";

/** What a person tells the civil registry. */
export interface PersonalDetails {
  nationalId: string;
  /** YYYY-MM-DD. */
  birthDate: string;
  /** JPEG or PNG, the face as it is now. */
  photo?: Uint8Array | undefined;
}

/** Whether a registration was begun here and isn't finished. Needs no passphrase. */
export async function hasDraft(drafts: Drafts): Promise<boolean> {
  return (await drafts.load()) !== null;
}

/**
 * Begins. An account without a key gets a new root, backed up under the passphrase; one that has a key goes on with its
 * root, which the session holds or the passphrase opens.
 * @param options `workFactor` of the backup's scrypt, 18 unless the passphrase is public anyway
 * @throws DRAFT_EXISTS, WEAK_PASSPHRASE, WRONG_PASSPHRASE, WRONG_ROOT
 */
export async function beginEnrolment(
  session: Session,
  drafts: Drafts,
  passphrase: string,
  options: { workFactor?: number } = {},
): Promise<Enrolment> {
  if (await hasDraft(drafts)) throw new SalusError("DRAFT_EXISTS", { account: session.account });
  const hasKey = (await keyOf(session.chain, session.account)) !== null;
  const root = hasKey ? await ownRoot(session, passphrase) : newRoot();
  return keep({
    step: "identity",
    session: { ...session, root },
    drafts,
    backup: hasKey ? null : await sealBackup(root, passphrase, options.workFactor),
    salt: toHex(randomBytes(32)),
    proof: null,
    cover: null,
    profile: null,
    transaction: null,
    enrolled: null,
  });
}

/**
 * Goes on where it was left. The chain is looked at first: what was sent may have arrived meanwhile.
 * @throws NO_DRAFT, WRONG_PASSPHRASE, DRAFT_DAMAGED, DRAFT_ELSEWHERE, KEY_EXISTS (the account got another key meanwhile)
 */
export async function resumeEnrolment(session: Session, drafts: Drafts, passphrase: string): Promise<Enrolment> {
  const draft = await drafts.load();
  if (!draft) throw new SalusError("NO_DRAFT", { account: session.account });
  const line = lineOf(draft, session.account, session.chain);
  const root = (await rootIn(line, passphrase)) ?? (await ownRoot(session, passphrase));
  const body = await bodyOf(draft, session.account, root);
  const { backup, profile, transaction } = line;
  const enrolment = { ...body, session: { ...session, root }, drafts, backup, profile, transaction, enrolled: null };
  const enrolled = await arrivalOf(enrolment);
  if (enrolled) return { ...enrolment, step: "done", enrolled };
  await checkKey(enrolment);
  return enrolment;
}

/**
 * Proves who the person is. The attestation is checked against the chain before it is kept, so one for another wallet,
 * chain or contract, or for a person who is registered already, is refused here. Doing it again, at any step, renews the
 * attestation; what came after stays, unless the registry's record of the person has changed.
 * @throws NOT_VERIFIED, FACE_MISMATCH and the other refusals of a photo, PersonAlreadyRegistered, NotCivilRegistry,
 * SERVICE_MISMATCH, SERVICE_ANSWER_INVALID, SERVICE_UNREACHABLE, SERVICE_BUSY, TOO_MANY_ATTEMPTS, CHAIN_UNREACHABLE
 */
export async function identify(
  enrolment: Enrolment,
  registry: RegistryService,
  { nationalId, birthDate, photo }: PersonalDetails,
): Promise<Enrolment> {
  const current = await settled(enrolment);
  if (current.step === "done") return current;
  const { session, salt } = current;
  const { account: controller, chain } = session;
  const info = await checkService(chain, registry);
  const answer = await registry.attest({ controller, nationalId, birthDate, salt, photo });
  const { identity, attestation, evidence } = answer;
  const odd = oddField(answer, info.account, { nationalId, birthDate, salt });
  if (odd) throw invalidAnswer(registry, odd);
  await tried(registry, tryCalls(chain, controller, [encodeRegister(attestation, UNSTORED)]));

  const patientId = pseudonymOf(controller, attestation.commitment);
  // A service may call itself anything: what counts is what it is accredited as.
  const registryName = await nameOf(session, info.account);
  const proof: Proof = { identity, attestation, registryName, evidence, patientId };
  // Everything after was for a pseudonym: another one has to begin there again.
  if (current.proof?.patientId === patientId) return keep({ ...current, proof });
  return keep({ ...current, proof, cover: null, step: "insurance" });
}

/** Asks for a new attestation with what is known already; only the photo must be taken anew. @throws as `identify` */
export async function renewAttestation(
  enrolment: Enrolment,
  registry: RegistryService,
  photo?: Uint8Array,
): Promise<Enrolment> {
  const { identity } = proofOf(enrolment);
  return identify(enrolment, registry, { ...identity, photo });
}

/**
 * Signs in to the insurer, shows the card, and fetches and checks the policy that it offers.
 * @param domain host, and port if any, of the page that asks; the service's own for a program
 * @throws SignatureExpired (`part` "attestation": renew it), CARD_NOT_VERIFIED, ATTESTATION_REFUSED, INSURER_COPY_DIFFERS,
 * NotInsurer, SIGNATURE_REJECTED, SERVICE_MISMATCH, SERVICE_ANSWER_INVALID, SERVICE_UNREACHABLE, SERVICE_BUSY,
 * TOO_MANY_ATTEMPTS, CONTENT_UNAVAILABLE, CHAIN_UNREACHABLE, IPFS_UNREACHABLE
 */
export async function insure(
  enrolment: Enrolment,
  insurer: InsurerService,
  { card, domain }: { card: string; domain: string },
): Promise<Enrolment> {
  const current = await settled(enrolment);
  if (current.step === "done") return current;
  const { session, salt, cover: had } = current;
  const { attestation, identity, patientId } = proofOf(current);
  await checkLifetime(session.chain, "attestation", attestation.deadline);
  const info = await checkService(session.chain, insurer);
  if ((await roleOf(session.chain, info.account)) !== "insurer") {
    throw new SalusError("NotInsurer", { account: info.account });
  }
  const publicKey = toHex(accountKeys(session.root).publicKey);
  const signedIn = await signIn(session, insurer, { domain });
  let offer: SignedOffer;
  try {
    offer = await insurer.offer(signedIn.token, { attestation, identity, salt, card, publicKey });
  } finally {
    // A service that fell silent forgets the sign-in by itself, within minutes.
    await signOut(signedIn).catch(() => undefined);
  }
  if (offer.insurer !== info.account) throw invalidAnswer(insurer, "insurer");
  if (offer.patientId !== patientId) throw invalidAnswer(insurer, "patientId");
  if (offer.previousRef !== NO_REF) throw invalidAnswer(insurer, "previousRef");
  const calls = [encodeRegister(attestation, UNSTORED), encodeIssueBySig(offer)];
  await tried(insurer, tryCalls(session.chain, session.account, calls));

  const [files, insurerName] = await Promise.all([readOfferFiles(session, offer), nameOf(session, info.account)]);
  const cover = coverOf(files, offer, insurerName, card);
  const comparisons = had ? carriedOver(had, cover) : [];
  return keep({
    ...current,
    cover: { ...cover, comparisons },
    step: comparisons.length > 0 ? "confirm" : "policy",
  });
}

/**
 * Asks the same insurer for a new offer with the card that is known, which no other one may hear of. What was compared counts
 * on if the files are the same.
 * @throws as `insure`; SERVICE_MISMATCH for another insurer
 */
export async function renewOffer(
  enrolment: Enrolment,
  insurer: InsurerService,
  { domain }: { domain: string },
): Promise<Enrolment> {
  const { card, offer } = coverIn(enrolment);
  const { account: found } = await checkService(enrolment.session.chain, insurer);
  if (found !== offer.insurer)
    throw new SalusError("SERVICE_MISMATCH", { field: "account", expected: offer.insurer, found });
  return insure(enrolment, insurer, { card, domain });
}

/** Goes on without insurance; an offer that was fetched is dropped. @throws INVALID_INPUT before `identify` */
export async function withoutInsurance(enrolment: Enrolment): Promise<Enrolment> {
  const current = await settled(enrolment);
  if (current.step === "done") return current;
  proofOf(current);
  return keep({ ...current, cover: null, step: "confirm" });
}

/** The insurer's files of the offer, to be shown. @throws INSURER_COPY_DIFFERS, CONTENT_UNAVAILABLE, CID_MISMATCH, IPFS_UNREACHABLE */
export async function enrolmentFiles(enrolment: Enrolment): Promise<OfferFiles> {
  return readOfferFiles(enrolment.session, coverIn(enrolment).offer);
}

/**
 * Compares the person's own copies with the insurer's, to the bit. If one differs, the step stays "policy" and nothing is
 * kept: `cover.comparisons` of the result says which. Without a schedule of their own, the person accepts the insurer's,
 * which `enrolmentFiles` has shown.
 * @throws INVALID_INPUT before `insure`
 */
export async function comparePolicy(
  enrolment: Enrolment,
  own: { wording: Uint8Array; schedule?: Uint8Array | undefined },
): Promise<Enrolment> {
  const current = await settled(enrolment);
  if (current.step === "done") return current;
  const cover = coverIn(current);
  const { wording, schedule } = cover.offer;
  const ownSchedule = own.schedule ? scheduleDigest(fromHex(cover.schedule.salt), own.schedule) : schedule;
  const comparisons = [
    compared("wording", wordingDigest(own.wording), wording),
    compared("schedule", ownSchedule, schedule),
  ];
  if (comparisons.every(({ equal }) => equal)) {
    return keep({ ...current, cover: { ...cover, comparisons }, step: "confirm" });
  }
  return { ...current, cover: { ...cover, comparisons }, step: "policy" };
}

/** Who will know what by `enrol`, computed from what will be sent. */
export function discloseEnrolment(enrolment: Enrolment): Disclosure {
  return discloseRegistration(enrolment);
}

// -------- steps --------

/** The root of an account that has a key. */
async function ownRoot(session: Session, passphrase: string): Promise<Uint8Array> {
  const { account, root } = session;
  if (!root) return unlock(session, account, passphrase);
  await checkRoot(session, account, root);
  return root;
}

function proofOf({ proof }: Enrolment): Proof {
  if (!proof) throw new SalusError("INVALID_INPUT", { argument: "enrolment", reason: "prove who you are first" });
  return proof;
}

function coverIn({ cover }: Enrolment): Cover {
  if (!cover) throw new SalusError("INVALID_INPUT", { argument: "enrolment", reason: "show an insurance card first" });
  return cover;
}

/** The field of a registry's answer that isn't about this person, if there is one. */
function oddField(
  { identity, attestation }: AttestationAnswer,
  registry: string,
  asked: { nationalId: string; birthDate: string; salt: Hex },
): string | null {
  if (attestation.registry !== registry) return "registry";
  if (normalId(identity.nationalId) !== normalId(asked.nationalId)) return "nationalId";
  if (identity.birthDate !== asked.birthDate) return "birthDate";
  return attestation.commitment === commitmentOf(identity, fromHex(asked.salt)) ? null : "commitment";
}

/** A service that signs for something else than was asked is what is wrong, not the person's wallet. */
async function tried(service: { url: string }, attempt: Promise<void>): Promise<void> {
  await attempt.catch((error: unknown) => {
    throw isSalusError(error, "InvalidSignature") ? invalidAnswer(service, "signature", error) : error;
  });
}

function invalidAnswer({ url }: { url: string }, field: string, cause?: unknown): SalusError {
  return new SalusError("SERVICE_ANSWER_INVALID", { service: new URL(url).host, field }, { cause });
}

function coverOf(
  { title, wording, schedule }: OfferFiles,
  offer: SignedOffer,
  insurerName: string,
  card: string,
): Omit<Cover, "comparisons"> {
  const facts = ({ bytes, fileName, mediaType }: PolicyFile) => ({ fileName, mediaType, size: bytes.length });
  return {
    insurerName,
    card,
    title,
    offer,
    policyId: policyIdOf(offer),
    wording: facts(wording),
    schedule: { ...facts(schedule), salt: schedule.salt, content: toHex(sha256(schedule.bytes)) },
  };
}

/** What was compared, said of a new offer, if that has the same files; else nothing. */
function carriedOver(had: Cover, { offer, schedule }: Omit<Cover, "comparisons">): Comparison[] {
  const isSame = had.offer.wording === offer.wording && had.schedule.content === schedule.content;
  if (!isSame || had.comparisons.length === 0 || had.comparisons.some(({ equal }) => !equal)) return [];
  return [compared("wording", offer.wording, offer.wording), compared("schedule", offer.schedule, offer.schedule)];
}

function compared(part: Comparison["part"], copy: Hex, anchored: Hex): Comparison {
  return { part, equal: copy === anchored, copy, anchored };
}
