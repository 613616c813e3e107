/** What became of policies, by the events of `Policies` (IPolicies.sol): cheap however many there are, for no state is asked. */
import type { Address, Hex, PatientId, PolicyId } from "../types.js";
import type { Chain } from "./chain.js";
import { eventsOf, positionOf, type LogPosition } from "./logs.js";
import { NO_REF } from "./policies.js";

/** An event of one policy. */
export interface PolicyEvent extends LogPosition {
  policyId: PolicyId;
  insurer: Address;
  patientId: PatientId;
}

/** A cancellation. */
export interface PolicyCancellation extends PolicyEvent {
  /** The insurer, or the account that acted for the patient. */
  by: Address;
  /** Unix seconds. */
  from: number;
}

/** A patient's statement that another copy was handed over than the insurer anchored. */
export interface MismatchReport extends PolicyEvent {
  /** keccak256(abi.encode(wording, schedule)) as the insurer anchored it. */
  insurers: Hex;
  /** The same of the patient's copy. */
  patients: Hex;
}

/** Which policies are meant; all of them when empty. */
export interface PolicyFilter {
  policyId?: PolicyId;
  insurer?: Address;
  patientId?: PatientId;
}

/** All that happened to these policies, each kind in the chain's order. */
export interface PolicyEvents {
  issued: (PolicyEvent & { previous: PolicyId | null })[];
  accepted: PolicyEvent[];
  cancelled: PolicyCancellation[];
  mismatches: MismatchReport[];
}

/** Reads the events. @throws CHAIN_UNREACHABLE */
export async function policyEventsOf(chain: Chain, by: PolicyFilter): Promise<PolicyEvents> {
  const { policies } = chain;
  const { filters } = policies;
  const which = [by.policyId, by.insurer, by.patientId] as const;
  const [issued, accepted, cancelled, mismatches] = await Promise.all([
    eventsOf(chain, policies, filters.PolicyIssued(...which)),
    eventsOf(chain, policies, filters.PolicyAccepted(...which)),
    eventsOf(chain, policies, filters.PolicyCancelled(...which)),
    mismatchesOf(chain, by),
  ]);
  return {
    issued: issued.map((log) => ({
      ...eventOf(log),
      previous: log.args.previous === NO_REF ? null : (log.args.previous as PolicyId),
    })),
    accepted: accepted.map(eventOf),
    cancelled: cancelled.map((log) => ({
      ...eventOf(log),
      by: log.args.by as Address,
      from: Number(log.args.from),
    })),
    mismatches,
  };
}

/** The mismatches that patients reported, oldest first. @throws CHAIN_UNREACHABLE */
export async function mismatchesOf(chain: Chain, by: PolicyFilter): Promise<MismatchReport[]> {
  const filter = chain.policies.filters.MismatchReported(by.policyId, by.insurer, by.patientId);
  return (await eventsOf(chain, chain.policies, filter)).map((log) => ({
    ...eventOf(log),
    insurers: log.args.insurers as Hex,
    patients: log.args.patients as Hex,
  }));
}

function eventOf(log: {
  blockNumber: number;
  index: number;
  transactionHash: string;
  args: { policyId: string; insurer: string; patientId: string };
}): PolicyEvent {
  return {
    ...positionOf(log),
    policyId: log.args.policyId as PolicyId,
    insurer: log.args.insurer as Address,
    patientId: log.args.patientId as PatientId,
  };
}
