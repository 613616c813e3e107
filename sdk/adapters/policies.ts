/** `Policies`: insurance that both sides have hashed (IPolicies.sol). */
import type { Signer } from "ethers";

import { Policies__factory } from "../../typechain-types/index.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, PolicyId } from "../types.js";
import { receiptOf, sendCall, type Call, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { eventsOf, positionOf, type LogPosition } from "./logs.js";
import { guard } from "./refusal.js";

/** `enum PolicyStatus` of IPolicies.sol, in its order. */
export const POLICY_STATUSES = [
  "none",
  "offered",
  "lapsed",
  "accepted",
  "active",
  "expired",
  "cancelled",
  "superseded",
] as const;
export type PolicyStatus = (typeof POLICY_STATUSES)[number];

/** What names a policy. */
export interface PolicyKey {
  insurer: Address;
  patientId: PatientId;
  ref: Hex;
}

/** What an insurer anchors of a policy. */
export interface PolicyTerms extends PolicyKey {
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

/** What an insurer offers, `Offer` in IPolicies.sol. */
export interface PolicyOffer extends PolicyTerms {
  /** The `ref` of the version before; `NO_REF` for a first version. */
  previousRef: Hex;
}

/** An offer that the insurer signed and anyone may carry to the chain, once. */
export interface SignedOffer extends PolicyOffer {
  /** The insurer's own number of it, in decimal. */
  nonce: string;
  /** The signature counts up to this time, Unix seconds. */
  deadline: number;
  signature: Hex;
}

/** An issued policy and where it stands. */
export interface IssuedPolicy extends PolicyTerms, LogPosition {
  policyId: PolicyId;
  /** The version before this one; null for a first version. */
  previous: PolicyId | null;
  status: PolicyStatus;
  /** keccak256(abi.encode(wording, schedule)) as stored. */
  digest: Hex;
  /** Unix seconds. */
  issuedAt: number;
  /** Unix seconds; 0 before acceptance. */
  acceptedAt: number;
  /** In force before this time, Unix seconds: `until`, or earlier once cancelled or superseded. */
  end: number;
}

/** No version before. */
export const NO_REF: Hex = `0x${"0".repeat(64)}`;

const abi = Policies__factory.createInterface();

const call = (data: string): Call => ({ contract: "policies", data: data as Hex });

const offerArgs = ({ patientId, ref, previousRef, wording, schedule, from, until, offer }: PolicyOffer) => ({
  patientId,
  ref,
  previousRef,
  wording,
  schedule,
  from,
  until,
  offer,
});

const keyArgs = ({ insurer, patientId, ref }: PolicyKey): PolicyKey => ({ insurer, patientId, ref });

// -------- calls --------

/** Offers a policy, as the insurer. */
export function encodeIssuePolicy(offer: PolicyOffer): Call {
  return call(abi.encodeFunctionData("issue", [offerArgs(offer)]));
}

/** Carries an offer that its insurer signed, as anyone. */
export function encodeIssueBySig(offer: SignedOffer): Call {
  const { insurer, nonce, deadline, signature } = offer;
  return call(abi.encodeFunctionData("issueBySig", [insurer, offerArgs(offer), nonce, deadline, signature]));
}

/** Accepts an offer, as the patient, with the digests of the patient's own copy. */
export function encodeAcceptPolicy(key: PolicyKey, { wording, schedule }: { wording: Hex; schedule: Hex }): Call {
  return call(abi.encodeFunctionData("accept", [keyArgs(key), wording, schedule]));
}

/**
 * Offers a policy.
 * @throws NotInsurer, UnknownPatient, Deregistered, InvalidTerm, PolicyExists, NotAmendable
 */
export async function sendIssuePolicy(
  chain: Chain,
  signer: Signer,
  offer: Omit<PolicyOffer, "insurer">,
  options?: SendOptions,
): Promise<Receipt> {
  const insurer = (await signer.getAddress()) as Address;
  return sendCall(chain, signer, encodeIssuePolicy({ ...offer, insurer }), options);
}

/** Carries a signed offer. @throws SignatureExpired, InvalidSignature, and as `sendIssuePolicy` */
export async function sendIssueBySig(
  chain: Chain,
  signer: Signer,
  offer: SignedOffer,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, encodeIssueBySig(offer), options);
}

/**
 * Accepts an offer with the digests of the patient's own copy.
 * @throws NotController, UnknownPolicy, NotOffered, DigestMismatch, NotInsurer, NotAmendable (another version was accepted)
 */
export async function sendAcceptPolicy(
  chain: Chain,
  signer: Signer,
  key: PolicyKey,
  copy: { wording: Hex; schedule: Hex },
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, encodeAcceptPolicy(key, copy), options);
}

/**
 * Withdraws or declines an offer at once, or ends an accepted policy from `from` on, Unix seconds; a time in the past
 * means now. An insurer must give `policyNotice`.
 * @throws UnknownPolicy, NotParty, NoticeTooShort, AlreadyOver, EndsEarlier
 */
export async function sendCancelPolicy(
  chain: Chain,
  signer: Signer,
  key: PolicyKey,
  from: number,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("cancel", [keyArgs(key), from])), options);
}

/** Reports that the patient's copy isn't what the insurer anchored. @throws NotController, UnknownPolicy, CopiesEqual */
export async function sendReportMismatch(
  chain: Chain,
  signer: Signer,
  key: PolicyKey,
  copy: { wording: Hex; schedule: Hex },
  options?: SendOptions,
): Promise<Receipt> {
  const data = abi.encodeFunctionData("reportMismatch", [keyArgs(key), copy.wording, copy.schedule]);
  return sendCall(chain, signer, call(data), options);
}

// -------- reading --------

/** How long before the end an insurer must tell, in seconds. */
export async function policyNotice(chain: Chain): Promise<number> {
  return Number(await guard(() => chain.policies.NOTICE()));
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
        previous: log.args.previous === NO_REF ? null : (log.args.previous as PolicyId),
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
        end: Number(stored.end),
      };
    }),
  );
}

/** The policies that a transaction issued, accepted, cancelled or reported, each once, in the order of its events. */
export async function policiesInTransaction(chain: Chain, transaction: Hex): Promise<PolicyId[]> {
  const found = new Set<PolicyId>();
  for (const log of (await receiptOf(chain, transaction)).logs) {
    if (log.address !== chain.deployment.contracts.policies) continue;
    const parsed = abi.parseLog(log);
    // Of a version that a later one ended, its own events tell.
    if (parsed && parsed.name !== "PolicySuperseded") found.add(parsed.args.policyId as PolicyId);
  }
  return [...found];
}

/** The first policy that a transaction was about (002-35). @throws UNKNOWN_TRANSACTION, UnknownPolicy */
export async function policyInTransaction(chain: Chain, transaction: Hex): Promise<PolicyId> {
  const [policyId] = await policiesInTransaction(chain, transaction);
  if (!policyId) throw new SalusError("UnknownPolicy", { transaction });
  return policyId;
}
