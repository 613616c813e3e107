/**
 * Claims: what a hospital billed for a visit, and where it stands (002-15, 002-33, 004-19). The chain has who, when and how
 * much, for everyone; `claim-documents.ts` opens what was sealed to patient, insurer and hospital.
 */
import { claimEventsOf, billsOf, type BillEvent, type ClaimEvent } from "../adapters/claim-events.js";
import { visitKeysOf } from "../adapters/billed-visits.js";
import {
  claimPeriods,
  storedClaimOf,
  type ClaimPeriods,
  type ClaimStatus,
  type StoredClaim,
} from "../adapters/claims.js";
import { blockTime } from "../adapters/logs.js";
import { billHashOf } from "../core/bill.js";
import { visitIdOf, type VisitKey } from "../core/visit.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Address, Hex, PatientId, PolicyId, RecordId, VisitId } from "../types.js";
import type { Reader } from "./session.js";

/** A visit's claim, as the latest bill left it. Amounts are in the smallest unit of the policy's token. */
export interface Claim {
  visitId: VisitId;
  key: VisitKey;
  insurer: Address;
  policyId: PolicyId;
  amount: bigint;
  /** What the insurer paid; 0 before the decision. */
  approved: bigint;
  /** Of what was paid, the doctor's part. */
  fee: bigint;
  /** What of the bill the insurer acknowledged; null before the decision. */
  eligible: bigint | null;
  /** A code of `fhir.REASONS`; null before the decision, or when all was acknowledged. */
  reason: number | null;
  status: Exclude<ClaimStatus, "none">;
  /** Neither decided nor withdrawn. */
  isOpen: boolean;
  /** The insurer waits for an answer of the hospital. */
  isAsked: boolean;
  /** Time of the bill, of the hospital's latest answer or of the end of a dispute, Unix seconds. */
  since: number;
  /** The insurer can't pay before this time, Unix seconds, unless the patient confirms; null once that is past, or done. */
  reviewUntil: number | null;
  /** When the insurer's time is over, Unix seconds; null when nothing waits for the insurer. */
  decideBy: number | null;
  isOverdue: boolean;
  /** Who gets a part of what is paid. */
  doctor: Address | null;
  /** The doctor's part in basis points. */
  doctorShare: number;
  /** Unix seconds. */
  from: number;
  /** Unix seconds. */
  until: number;
  records: RecordId[];
  /** Digest of the CID of the sealed bill. */
  document: Hex;
  /** The how-manieth bill of the visit this is, from 1. */
  round: number;
  /** All that happened, with earlier bills of the visit, oldest first. */
  history: ClaimEvent[];
}

/** Which claims are meant; all of them when empty. */
export interface ClaimFilter {
  visitId?: VisitId | undefined;
  insurer?: Address | undefined;
  patientId?: PatientId | undefined;
  hospital?: Address | undefined;
}

/**
 * The claims that fit, one for each visit that was billed, latest bill first. An insurer's are those that were put to it
 * last.
 * @throws CHAIN_UNREACHABLE
 */
export async function claimsOf({ chain }: Pick<Reader, "chain">, by: ClaimFilter): Promise<Claim[]> {
  const { hospital, insurer } = by;
  const [bills, ofHospital, periods, now] = await Promise.all([
    billsOf(chain, by),
    hospital === undefined ? null : visitKeysOf(chain, { hospital }),
    claimPeriods(chain),
    blockTime(chain),
  ]);
  const billed = new Set(bills.map(({ visitId }) => visitId).filter((id) => ofHospital?.has(id) ?? true));
  const ids = [...billed];
  const [keys, events] = await Promise.all([
    ofHospital ?? visitKeysOf(chain, { visitIds: ids }),
    claimEventsOf(chain, ids),
  ]);
  const claims = await Promise.all(
    ids.map(async (visitId) => {
      const key = keys.get(visitId);
      const claimWith = async (history: ClaimEvent[]) => {
        const stored = await storedClaimOf(chain, visitId);
        return key && stored ? claimFrom(key, stored, history, periods, now) : null;
      };
      try {
        return await claimWith(events.filter((event) => event.visitId === visitId));
      } catch (error) {
        if (!isSalusError(error, "ANCHOR_MISMATCH")) throw error;
        // It may have been billed anew between the two questions; the second look tells.
        return claimWith(await claimEventsOf(chain, [visitId]));
      }
    }),
  );
  return claims
    .filter((claim) => claim !== null)
    .filter((claim) => insurer === undefined || claim.insurer === insurer)
    .sort((a, b) => b.since - a.since);
}

/** The claim of a visit. @throws CLAIM_UNKNOWN, CHAIN_UNREACHABLE */
export async function claimOf(reader: Pick<Reader, "chain">, visitId: VisitId): Promise<Claim> {
  const [claim] = await claimsOf(reader, { visitId });
  if (!claim) throw new SalusError("CLAIM_UNKNOWN", { visitId });
  return claim;
}

/** The bill that stands, of a history. */
export function billIn({ history, visitId }: Pick<Claim, "history" | "visitId">): BillEvent {
  const bill = history.findLast((event) => event.kind === "submitted");
  if (!bill) throw new SalusError("CLAIM_UNKNOWN", { visitId });
  return bill;
}

/** What happened since the bill that stands, without itself. */
export function sinceBill(claim: Pick<Claim, "history" | "visitId">): ClaimEvent[] {
  return claim.history.slice(claim.history.indexOf(billIn(claim)) + 1);
}

function claimFrom(
  key: VisitKey,
  stored: StoredClaim,
  history: ClaimEvent[],
  periods: ClaimPeriods,
  now: number,
): Claim {
  const visitId = visitIdOf(key);
  const bill = billIn({ history, visitId });
  const decision = sinceBill({ history, visitId }).find((event) => event.kind === "decided");
  // Whoever repeats the hash of this bill must mean the one that the contract stores.
  if (billHashOf(bill) !== stored.bill) throw new SalusError("ANCHOR_MISMATCH", { visitId });
  const { amount, approved, since, isAsked, status } = stored;
  const isOpen = status === "submitted" || status === "confirmed" || status === "disputed";
  const reviewed = since + periods.review;
  const decideBy = isOpen && status !== "disputed" && !isAsked ? since + periods.decision : null;
  return {
    visitId,
    key,
    insurer: bill.insurer,
    policyId: bill.policyId,
    amount,
    approved,
    fee: decision?.fee ?? 0n,
    eligible: decision?.eligible ?? null,
    reason: decision?.reason || null,
    // A claim that stands nowhere isn't read at all.
    status: status as Claim["status"],
    isOpen,
    isAsked,
    since,
    reviewUntil: status === "submitted" && now < reviewed ? reviewed : null,
    decideBy,
    isOverdue: decideBy !== null && now > decideBy,
    doctor: bill.doctor,
    doctorShare: bill.doctorShare,
    from: bill.from,
    until: bill.until,
    records: bill.records,
    document: bill.document,
    round: history.filter(({ kind }) => kind === "submitted").length,
    history,
  };
}
