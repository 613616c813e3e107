/** What happened to claims, by the events of `Claims` (IClaims.sol). */
import { ZeroAddress, type Log } from "ethers";

import type { Address, Hex, PatientId, PolicyId, RecordId, VisitId } from "../types.js";
import type { Chain } from "./chain.js";
import { eventsOf, logsAbout, positionOf, type LogPosition } from "./logs.js";

/** Facts of all of them. */
interface OfClaim extends LogPosition {
  visitId: VisitId;
  patientId: PatientId;
}

/** A hospital billed. */
export interface BillEvent extends OfClaim {
  kind: "submitted";
  insurer: Address;
  policyId: PolicyId;
  amount: bigint;
  /** Unix seconds. */
  from: number;
  /** Unix seconds. */
  until: number;
  doctor: Address | null;
  /** Basis points. */
  doctorShare: number;
  records: RecordId[];
  /** Digest of the CID of the sealed bill. */
  document: Hex;
}

/** The patient agreed, or the hospital took the bill back. */
export interface PlainEvent extends OfClaim {
  kind: "confirmed" | "withdrawn";
}

/** Somebody said something: why the patient disputes, what the insurer asks, what the hospital answers. */
export interface NoteEvent extends OfClaim {
  kind: "disputed" | "asked" | "answered";
  /** Digest of the CID of the sealed words; zeroes for none. */
  document: Hex;
}

/** The insurer decided. */
export interface DecisionEvent extends OfClaim {
  kind: "decided";
  insurer: Address;
  eligible: bigint;
  /** Paid, `fee` of it to the doctor. */
  approved: bigint;
  fee: bigint;
  reason: number;
  /** Digest of the CID of the sealed response. */
  document: Hex;
}

/** An event of a claim. Which bill it is about, of a visit that was billed more than once, the order tells. */
export type ClaimEvent = BillEvent | PlainEvent | NoteEvent | DecisionEvent;

/** The bills that fit, of all visits when `by` is empty; oldest first. @throws CHAIN_UNREACHABLE */
export async function billsOf(
  chain: Chain,
  by: { visitId?: VisitId | undefined; insurer?: Address | undefined; patientId?: PatientId | undefined },
): Promise<BillEvent[]> {
  const filter = chain.claims.filters.ClaimSubmitted(by.visitId, by.insurer, by.patientId);
  return (await eventsOf(chain, chain.claims, filter)).map((log) => billOf(log, log.args));
}

/** All that happened to the claims of these visits, oldest first. @throws CHAIN_UNREACHABLE */
export async function claimEventsOf(chain: Chain, visitIds: readonly VisitId[]): Promise<ClaimEvent[]> {
  return (await logsAbout(chain, chain.claims, visitIds)).flatMap((log) => eventOf(chain, log) ?? []);
}

function eventOf({ claims }: Chain, log: Log): ClaimEvent | null {
  const parsed = claims.interface.parseLog(log);
  if (!parsed) return null;
  const { name, args } = parsed;
  const of = { ...positionOf(log), visitId: args["visitId"] as VisitId, patientId: args["patientId"] as PatientId };
  const document = args["document"] as Hex;
  switch (name) {
    case "ClaimSubmitted":
      return billOf(log, args as unknown as BillArgs);
    case "ClaimConfirmed":
      return { kind: "confirmed", ...of };
    case "ClaimWithdrawn":
      return { kind: "withdrawn", ...of };
    case "ClaimDisputed":
      return { kind: "disputed", ...of, document };
    case "ClaimAsked":
      return { kind: "asked", ...of, document };
    case "ClaimAnswered":
      return { kind: "answered", ...of, document };
    case "ClaimDecided":
      return {
        kind: "decided",
        ...of,
        insurer: args["insurer"] as Address,
        eligible: args["eligible"] as bigint,
        approved: args["approved"] as bigint,
        fee: args["fee"] as bigint,
        reason: Number(args["reason"]),
        document,
      };
    default:
      return null;
  }
}

/** The arguments of `ClaimSubmitted`. */
interface BillArgs {
  visitId: string;
  insurer: string;
  patientId: string;
  policyId: string;
  amount: bigint;
  from: bigint;
  until: bigint;
  doctor: string;
  doctorShare: bigint;
  records: string[];
  document: string;
}

function billOf(log: Parameters<typeof positionOf>[0], args: BillArgs): BillEvent {
  return {
    kind: "submitted",
    ...positionOf(log),
    visitId: args.visitId as VisitId,
    patientId: args.patientId as PatientId,
    insurer: args.insurer as Address,
    policyId: args.policyId as PolicyId,
    amount: args.amount,
    from: Number(args.from),
    until: Number(args.until),
    doctor: args.doctor === ZeroAddress ? null : (args.doctor as Address),
    doctorShare: Number(args.doctorShare),
    records: [...args.records] as RecordId[],
    document: args.document as Hex,
  };
}
