/** The policy of a registration (002-18 to 002-20): show the card, fetch what the insurer offers, compare it to the bit. */
import { sha256 } from "@noble/hashes/sha2.js";

import { tryCalls } from "../adapters/dry-run.js";
import { roleOf } from "../adapters/participants.js";
import { encodeRegister } from "../adapters/patients.js";
import { encodeIssueBySig, NO_REF, type SignedOffer } from "../adapters/policies.js";
import { checkService, type InsurerService } from "../adapters/services.js";
import { fromHex, toHex } from "../core/bytes.js";
import { accountKeys } from "../core/keys.js";
import { policyIdOf, scheduleDigest, wordingDigest } from "../core/policy.js";
import { sameTerms } from "../core/terms.js";
import { SalusError } from "../errors.js";
import type { Hex } from "../types.js";
import { checkLifetime, settled } from "./enrol.js";
import { keep } from "./enrolment-draft.js";
import { proofOf, type Cover, type Enrolment } from "./enrolment-state.js";
import { nameOf } from "./participants.js";
import { readOfferFiles, type OfferFiles, type PolicyFile } from "./policy-files.js";
import type { Comparison } from "./policy.js";
import { UNSTORED } from "./registration.js";
import { invalidAnswer, tried } from "./service-answers.js";
import { signIn, signOut } from "./sign-in.js";

/**
 * Signs in to the insurer, shows the card, and fetches and checks the policy that it offers.
 * @param domain host, and port if any, of the page that asks; the service's own for a program
 * @throws SignatureExpired (`part` "attestation": renew it), CARD_NOT_VERIFIED, ATTESTATION_REFUSED, INSURER_COPY_DIFFERS,
 * NO_TERMS, NotInsurer, SIGNATURE_REJECTED, SERVICE_MISMATCH, SERVICE_ANSWER_INVALID, SERVICE_UNREACHABLE, SERVICE_BUSY,
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
 * on if the files and the terms are the same.
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

// -------- steps --------

function coverIn({ cover }: Enrolment): Cover {
  if (!cover) throw new SalusError("INVALID_INPUT", { argument: "enrolment", reason: "show an insurance card first" });
  return cover;
}

function coverOf(
  { title, wording, schedule, terms }: OfferFiles,
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
    terms,
    wording: facts(wording),
    schedule: { ...facts(schedule), salt: schedule.salt, content: toHex(sha256(schedule.bytes)) },
  };
}

/** What was compared, said of a new offer, if that has the same files and terms; else nothing. */
function carriedOver(had: Cover, { offer, schedule, terms }: Omit<Cover, "comparisons">): Comparison[] {
  const isSame = had.offer.wording === offer.wording && had.schedule.content === schedule.content;
  if (
    !isSame ||
    !sameTerms(had.terms, terms) ||
    had.comparisons.length === 0 ||
    had.comparisons.some(({ equal }) => !equal)
  )
    return [];
  return [compared("wording", offer.wording, offer.wording), compared("schedule", offer.schedule, offer.schedule)];
}

function compared(part: Comparison["part"], copy: Hex, anchored: Hex): Comparison {
  return { part, equal: copy === anchored, copy, anchored };
}
