/** The patient's and the insurer's side of a claim: say whether the bill is right, ask, decide and pay (004-19, 000-18). */
import { sendCall, type Receipt, type SendOptions } from "../adapters/chain.js";
import {
  encodeAsk,
  encodeConfirm,
  encodeDecide,
  encodeDispute,
  NO_DOCUMENT,
  spentOf,
  type Decision,
} from "../adapters/claims.js";
import { tryCalls } from "../adapters/dry-run.js";
import { blockTime } from "../adapters/logs.js";
import { depositOf, tokenInfo } from "../adapters/token.js";
import { billContentOf, billHashOf } from "../core/bill.js";
import { fromUtf8 } from "../core/bytes.js";
import { claimResponse, writeFhir } from "../core/fhir/index.js";
import { coverageOf, feeOf, type Coverage, type Terms, type TokenInfo } from "../core/terms.js";
import { SalusError } from "../errors.js";
import type { Hex } from "../types.js";
import { currencyOf, sealForParties, sealNote } from "./claim-documents.js";
import type { Claim } from "./claim.js";
import { nameOf } from "./participants.js";
import { policyById } from "./policy.js";
import { termsOf } from "./policy-files.js";
import type { Reader, Session } from "./session.js";
import { sendNaming } from "./stored.js";

/** What an insurer decides. */
export interface DecisionDraft {
  /** What of the bill is acknowledged, in the token's smallest unit; 0 denies. */
  eligible: bigint;
  /** A code of `fhir.REASONS`; 0 only when all is acknowledged. */
  reason: number;
  /** What the insurer adds in words. */
  note?: string | undefined;
}

/** What a decision would come to now. */
export interface DecisionPreview extends Coverage {
  /** Of what is paid, the doctor's part. */
  fee: bigint;
  terms: Terms;
  token: TokenInfo;
  /** What the insurer has paid in and can pay from. */
  available: bigint;
}

// -------- the patient --------

/** Says that the bill is right, as the patient; takes a dispute back, too. @throws NotController, WrongStatus, OtherClaim */
export async function confirmClaim(session: Session, claim: Claim, options?: SendOptions): Promise<Receipt> {
  const { chain, signer } = session;
  return sendCall(chain, signer, encodeConfirm(chain, claim.key, billHashOf(claim)), options);
}

/**
 * Says that the bill is wrong, as the patient, and why, to insurer and hospital alone. Nothing is paid while it stands.
 * @param text why; empty for no words
 * @throws NotController, WrongStatus, OtherClaim, INVALID_INPUT (too many words)
 */
export async function disputeClaim(
  session: Session,
  claim: Claim,
  text: string,
  options?: SendOptions,
): Promise<Receipt> {
  const { chain, signer } = session;
  const say = (document: Hex) => encodeDispute(chain, claim.key, billHashOf(claim), document);
  if (text.trim() === "") return sendCall(chain, signer, say(NO_DOCUMENT), options);
  return sendNaming(session, await sealNote(session, claim, "disputed", text), say, options);
}

// -------- the insurer --------

/** Asks the hospital, in words, as the insurer. @throws OtherClaim, WrongStatus, NO_TERMS, INVALID_INPUT */
export async function askAboutClaim(
  session: Session,
  claim: Claim,
  text: string,
  options?: SendOptions,
): Promise<Receipt> {
  const [note, decision] = await Promise.all([sealNote(session, claim, "asked", text), decisionOn(session, claim)]);
  return sendNaming(session, note, (document) => encodeAsk(session.chain, { ...decision, document }), options);
}

/** What acknowledging this much would pay now. @throws NO_TERMS, CHAIN_UNREACHABLE, IPFS_UNREACHABLE */
export async function previewDecision(reader: Reader, claim: Claim, eligible: bigint): Promise<DecisionPreview> {
  const { chain } = reader;
  const { terms } = (await decisionOn(reader, claim)).cover;
  const [token, spent, available] = await Promise.all([
    tokenInfo(chain, terms.token),
    spentOf(chain, claim.policyId),
    depositOf(chain, terms.token, claim.insurer),
  ]);
  const coverage = coverageOf(terms, spent, eligible);
  return { ...coverage, fee: feeOf(coverage.paid, claim.doctorShare), terms, token, available };
}

/**
 * Decides, as the insurer: the response is sealed to the three parties, and what the terms give is paid in the same
 * transaction, from what the insurer has deposited.
 * @throws OtherClaim, WrongStatus, UnderReview, AboveBill, InvalidReason, InsufficientBalance, NO_TERMS, INVALID_INPUT
 */
export async function decideClaim(
  session: Session,
  claim: Claim,
  { eligible, reason, note }: DecisionDraft,
  options?: SendOptions,
): Promise<Receipt> {
  const { chain, account } = session;
  const decision = { ...(await decisionOn(session, claim)), eligible, reason };
  // Before anything is sealed or stored: whether it may be decided so at all.
  await tryCalls(chain, account, [encodeDecide(chain, decision)]);
  const [token, time, hospital, insurer] = await Promise.all([
    tokenInfo(chain, decision.cover.terms.token),
    blockTime(chain),
    nameOf(session, claim.key.hospital),
    nameOf(session, claim.insurer),
  ]);
  const resource = claimResponse({
    visitId: claim.visitId,
    patientId: claim.key.patientId,
    hospital: { account: claim.key.hospital, name: hospital },
    insurer: { account: claim.insurer, name: insurer },
    time,
    billed: claim.amount,
    eligible,
    reason,
    note: note?.trim() || undefined,
    currency: currencyOf(token),
  });
  const { content } = await writeFhir(resource);
  const sealed = await sealForParties(session, claim.key, claim.insurer, JSON.parse(fromUtf8(content)) as object);
  return sendNaming(session, sealed, (document) => encodeDecide(chain, { ...decision, document }), options);
}

/** What every word of the insurer about a claim repeats of it. */
async function decisionOn(reader: Reader, claim: Claim): Promise<Decision> {
  const { key, insurer, policyId, doctor, doctorShare } = claim;
  const salted = await termsOf(reader, await policyById(reader, policyId));
  if (!salted) throw new SalusError("NO_TERMS", { policyId });
  return {
    visit: key,
    cover: { insurer, ...salted },
    doctor,
    doctorShare,
    content: billContentOf(claim),
    eligible: 0n,
    reason: 0,
    document: NO_DOCUMENT,
  };
}
