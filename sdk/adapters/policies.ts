/** `Policies`: insurance that both sides have hashed (IPolicies.sol). */
import type { Signer } from "ethers";

import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, PolicyId } from "../types.js";
import { receiptOf, send, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { eventsOf, positionOf, type LogPosition } from "./logs.js";
import { guard } from "./refusal.js";

/** `enum PolicyStatus` of IPolicies.sol, in its order. */
export const POLICY_STATUSES = ["none", "offered", "lapsed", "accepted", "active", "expired"] as const;
export type PolicyStatus = (typeof POLICY_STATUSES)[number];

/** What names a policy. */
export interface PolicyKey {
  insurer: Address;
  patientId: PatientId;
  ref: Hex;
}

/** What an insurer anchors when it offers a policy. */
export interface PolicyOffer extends PolicyKey {
  /** sha2-256 of the wording. */
  wording: Hex;
  /** sha2-256 of salt and schedule. */
  schedule: Hex;
  /** Unix seconds. */
  from: number;
  /** Unix seconds. */
  until: number;
  /** Digest of the CID of the public object that says where the files are. */
  offer: Hex;
}

/** An issued policy and where it stands. */
export interface IssuedPolicy extends PolicyOffer, LogPosition {
  policyId: PolicyId;
  status: PolicyStatus;
  /** keccak256(abi.encode(wording, schedule)) as stored. */
  digest: Hex;
  /** Unix seconds. */
  issuedAt: number;
  /** Unix seconds; 0 before acceptance. */
  acceptedAt: number;
}

/** Offers a policy. @throws NotInsurer, UnknownPatient, InvalidTerm, PolicyExists */
export async function sendIssuePolicy(
  chain: Chain,
  signer: Signer,
  { patientId, ref, wording, schedule, from, until, offer }: Omit<PolicyOffer, "insurer">,
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const contract = chain.policies.connect(signer);
  return send(chain, sender, () => contract.issue(patientId, ref, wording, schedule, from, until, offer), options);
}

/** Accepts an offer with the digests of the patient's own copy. @throws NotController, UnknownPolicy, NotOffered, DigestMismatch */
export async function sendAcceptPolicy(
  chain: Chain,
  signer: Signer,
  { insurer, patientId, ref }: PolicyKey,
  copy: { wording: Hex; schedule: Hex },
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const contract = chain.policies.connect(signer);
  const key = { insurer, patientId, ref };
  return send(chain, sender, () => contract.accept(key, copy.wording, copy.schedule), options);
}

/**
 * Policies in the order of issue, by any of id, insurer, patient and wording; all of them when `by` is empty. Only of those
 * that fit is the state asked for, so that nobody slows a look-up by issuing many.
 */
export async function policiesOf(
  chain: Chain,
  by: { policyId?: PolicyId; insurer?: Address; patientId?: PatientId; wording?: Hex },
): Promise<IssuedPolicy[]> {
  const filter = chain.policies.filters.PolicyIssued(by.policyId, by.insurer, by.patientId);
  const logs = await eventsOf(chain, chain.policies, filter);
  const fitting = logs.filter(({ args }) => by.wording === undefined || args.wording === by.wording);
  return Promise.all(
    fitting.map(async (log) => {
      const policyId = log.args.policyId as PolicyId;
      const [stored, status] = await Promise.all([
        guard(() => chain.policies.policyOf(policyId)),
        guard(() => chain.policies.statusOf(policyId)),
      ]);
      return {
        ...positionOf(log),
        policyId,
        insurer: log.args.insurer as Address,
        patientId: log.args.patientId as PatientId,
        ref: log.args.ref as Hex,
        wording: log.args.wording as Hex,
        schedule: log.args.schedule as Hex,
        from: Number(log.args.from),
        until: Number(log.args.until),
        offer: log.args.offer as Hex,
        status: POLICY_STATUSES[Number(status)] ?? "none",
        digest: stored.digest as Hex,
        issuedAt: Number(stored.issuedAt),
        acceptedAt: Number(stored.acceptedAt),
      };
    }),
  );
}

/** The policy that a transaction issued or accepted (002-35). @throws UNKNOWN_TRANSACTION, UnknownPolicy */
export async function policyInTransaction(chain: Chain, transaction: Hex): Promise<PolicyId> {
  for (const log of (await receiptOf(chain, transaction)).logs) {
    if (log.address !== chain.deployment.contracts.policies) continue;
    const parsed = chain.policies.interface.parseLog(log);
    if (parsed) return parsed.args.policyId as PolicyId;
  }
  throw new SalusError("UnknownPolicy", { transaction });
}
