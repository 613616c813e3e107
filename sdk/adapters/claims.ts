/** `Claims`: bills, decisions and what they pay (IClaims.sol, 002-15, 002-33, 004-19). What happened is in `claim-events.ts`. */
import type { Spent, Terms } from "../core/terms.js";
import type { VisitKey } from "../core/visit.js";
import type { Address, Hex, PolicyId, VisitId } from "../types.js";
import type { Call, Chain } from "./chain.js";
import { guard } from "./refusal.js";

/** `enum ClaimStatus` of IClaims.sol, in its order. */
export const CLAIM_STATUSES = [
  "none",
  "submitted",
  "confirmed",
  "disputed",
  "approved",
  "denied",
  "withdrawn",
] as const;
export type ClaimStatus = (typeof CLAIM_STATUSES)[number];

/** The policy that a bill is put to, `Cover` in IClaims.sol; with the visit's patient it names the policy. */
export interface BillCover {
  insurer: Address;
  terms: Terms;
  salt: Hex;
}

/** A record that a bill is for, `BilledRecord` in IClaims.sol. */
export interface BilledRecord {
  author: Address;
  nonce: bigint;
  /** The order of the visit that it reports on; null for a record of the visit itself. */
  order: { author: Address; nonce: bigint } | null;
}

/** What a hospital bills, `Bill` in IClaims.sol. */
export interface Bill {
  visit: VisitKey;
  cover: BillCover;
  /** 1 to 2^96 - 1, in the token's smallest unit. */
  amount: bigint;
  /** When the service began, Unix seconds. */
  from: number;
  /** When the service ended, Unix seconds. */
  until: number;
  /** Who gets a part of what is paid; null for nobody. */
  doctor: Address | null;
  /** The doctor's part in basis points. */
  doctorShare: number;
  records: readonly BilledRecord[];
  /** Digest of the CID of the sealed bill. */
  document: Hex;
}

/** What an insurer decides, `Decision` in IClaims.sol. */
export interface Decision {
  visit: VisitKey;
  cover: BillCover;
  /** As billed. */
  doctor: Address | null;
  /** As billed. */
  doctorShare: number;
  /** As billed: `billContentOf`. */
  content: Hex;
  /** What of the bill is acknowledged, before deductible, co-payment and limit; 0 denies. */
  eligible: bigint;
  /** A code of `fhir.REASONS`; 0 only when all is acknowledged. */
  reason: number;
  /** Digest of the CID of the sealed response; of the sealed question when asking. */
  document: Hex;
}

/** A claim as the contract stores it. */
export interface StoredClaim {
  amount: bigint;
  /** What the insurer pays; 0 before the decision. */
  approved: bigint;
  /** Time of the bill, of the hospital's latest answer or of the end of a dispute, Unix seconds. */
  since: number;
  status: ClaimStatus;
  isAsked: boolean;
  /** `billHashOf` the bill. */
  bill: Hex;
}

/** How long everyone has, in seconds. */
export interface ClaimPeriods {
  /** To bill a visit after its end. */
  billing: number;
  /** To look at a bill, for the patient. */
  review: number;
  /** To decide, for the insurer. */
  decision: number;
}

/** The most records of a bill, `MAX_RECORDS` of IClaims.sol. */
export const MAX_BILLED_RECORDS = 20;

/** No account. */
const NOBODY: Address = `0x${"0".repeat(40)}`;

/** Words that aren't there, and no account. */
export const NO_DOCUMENT: Hex = `0x${"0".repeat(64)}`;

const keyArgs = ({ patientId, hospital, nonce }: VisitKey) => ({ patientId, hospital, nonce });

const decisionArgs = ({ visit, doctor, ...decision }: Decision) => ({
  ...decision,
  visit: keyArgs(visit),
  doctor: doctor ?? NOBODY,
});

// -------- calls --------

/**
 * Bills a visit, as its hospital.
 * @throws when sent: NotHospitalOfVisit, VisitNotEnded, BilledTooLate, AlreadyBilled, InvalidAmount, InvalidShare,
 * InvalidRecords, NotOfVisit, OutsideVisit, NotCovered
 */
export function encodeSubmit({ claims }: Pick<Chain, "claims">, { visit, doctor, records, ...bill }: Bill): Call {
  const args = {
    ...bill,
    visit: keyArgs(visit),
    doctor: doctor ?? NOBODY,
    records: records.map(({ author, nonce, order }) => ({
      author,
      nonce,
      orderAuthor: order?.author ?? NOBODY,
      orderNonce: order?.nonce ?? 0n,
    })),
  };
  return call(claims.interface.encodeFunctionData("submit", [args]));
}

/**
 * Says that the bill is right, as the patient.
 * @param bill `billHashOf` the bill that the patient has seen
 * @throws when sent: NotController, WrongStatus, OtherClaim
 */
export function encodeConfirm({ claims }: Pick<Chain, "claims">, visit: VisitKey, bill: Hex): Call {
  return call(claims.interface.encodeFunctionData("confirm", [keyArgs(visit), bill]));
}

/** Says that the bill is wrong, as the patient. @throws when sent: as `encodeConfirm` */
export function encodeDispute({ claims }: Pick<Chain, "claims">, visit: VisitKey, bill: Hex, document: Hex): Call {
  return call(claims.interface.encodeFunctionData("dispute", [keyArgs(visit), bill, document]));
}

/** Answers the insurer, as the hospital. @throws when sent: NotHospitalOfVisit, WrongStatus, NothingAsked */
export function encodeAnswer({ claims }: Pick<Chain, "claims">, visit: VisitKey, document: Hex): Call {
  return call(claims.interface.encodeFunctionData("answer", [keyArgs(visit), document]));
}

/** Takes the bill back, as the hospital. @throws when sent: NotHospitalOfVisit, WrongStatus */
export function encodeWithdrawClaim({ claims }: Pick<Chain, "claims">, visit: VisitKey): Call {
  return call(claims.interface.encodeFunctionData("withdrawClaim", [keyArgs(visit)]));
}

/** Asks the hospital, as the insurer; `eligible` and `reason` aren't read. @throws when sent: OtherClaim, WrongStatus */
export function encodeAsk({ claims }: Pick<Chain, "claims">, question: Decision): Call {
  return call(claims.interface.encodeFunctionData("ask", [decisionArgs(question)]));
}

/**
 * Decides and pays, as the insurer.
 * @throws when sent: OtherClaim, WrongStatus, UnderReview, AboveBill, InvalidReason, InsufficientBalance
 */
export function encodeDecide({ claims }: Pick<Chain, "claims">, decision: Decision): Call {
  return call(claims.interface.encodeFunctionData("decide", [decisionArgs(decision)]));
}

function call(data: string): Call {
  return { contract: "claims", data: data as Hex };
}

// -------- reading --------

/** The claim of a visit, or null when nothing was billed. */
export async function storedClaimOf(chain: Chain, visitId: VisitId): Promise<StoredClaim | null> {
  const { amount, approved, since, status, isAsked, bill } = await guard(() => chain.claims.claimOf(visitId));
  const name = CLAIM_STATUSES[Number(status)] ?? "none";
  if (name === "none") return null;
  return { amount, approved, since: Number(since), status: name, isAsked, bill: bill as Hex };
}

/** What was spent of a policy. */
export async function spentOf(chain: Chain, policyId: PolicyId): Promise<Spent> {
  const { deductible, paid } = await guard(() => chain.claims.spentOf(policyId));
  return { deductible, paid };
}

/** How long everyone has. */
export async function claimPeriods(chain: Chain): Promise<ClaimPeriods> {
  const { claims } = chain;
  const periods = await guard(() =>
    Promise.all([claims.BILLING_PERIOD(), claims.REVIEW_PERIOD(), claims.DECISION_PERIOD()]),
  );
  const [billing, review, decision] = periods.map(Number) as [number, number, number];
  return { billing, review, decision };
}
