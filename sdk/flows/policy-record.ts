/**
 * What the chain tells everyone about policies and their insurers (002-47, 002-49): which versions a policy had, whether
 * its public parts are what was anchored, and how an insurer has dealt with all of its policies. Needs no key.
 */
import { getAddress } from "ethers";

import { policyEventsOf, type MismatchReport } from "../adapters/policy-events.js";
import { byPosition } from "../adapters/logs.js";
import { roleOf } from "../adapters/participants.js";
import { policiesOf, type IssuedPolicy } from "../adapters/policies.js";
import { policyDigest, policyIdOf } from "../core/policy.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Address, PolicyId } from "../types.js";
import { readTitle, readWording, storedSchedule } from "./policy-files.js";
import { policyById } from "./policy.js";
import type { Reader } from "./session.js";

/** How an insurer has dealt with its policies, counted from the chain's events. */
export interface InsurerRecord {
  insurer: Address;
  /** Offers of a first version. */
  issued: number;
  /** Policies that their patient accepted, next versions not counted. */
  accepted: number;
  /** Next versions: changes and renewals. */
  amended: { proposed: number; accepted: number };
  /** Accepted policies that were ended before their term, and by whom. */
  cancelled: { byInsurer: number; byPatient: number };
  /** Offers that ended before they were accepted. */
  offers: { withdrawn: number; declined: number };
  /** What patients reported. One person can report often, so different policies are counted too. */
  mismatches: { policies: number; reports: MismatchReport[] };
}

/** One thing about a policy that was checked. */
export interface PolicyCheck {
  name: "anchored" | "digests" | "wording stored" | "schedule stored" | "insurer accredited";
  ok: boolean;
  /** Why it failed, or a fact about it. */
  detail: string;
}

/**
 * The policies that belong together, oldest first: each list is a first version with all that was offered to follow it,
 * accepted or not. Only versions of one insurer for one patient follow each other, and only later ones an earlier one.
 */
export function versionChains(policies: readonly IssuedPolicy[]): IssuedPolicy[][] {
  const inOrder = [...policies].sort(byPosition);
  const chains = new Map<PolicyId, IssuedPolicy[]>();
  for (const policy of inOrder) {
    const before = policy.previous === null ? undefined : chains.get(policy.previous);
    const [first] = before ?? [];
    const follows = first?.insurer === policy.insurer && first.patientId === policy.patientId;
    const chain = before && follows ? before : [];
    chain.push(policy);
    chains.set(policy.policyId, chain);
  }
  return [...new Set(chains.values())];
}

/** All versions of a policy, before it and after it, oldest first; those too that weren't accepted. @throws UnknownPolicy */
export async function versionsOf(reader: Pick<Reader, "chain">, policyId: PolicyId): Promise<IssuedPolicy[]> {
  const { insurer, patientId } = await policyById(reader, policyId);
  const all = await policiesOf(reader.chain, { insurer, patientId });
  return versionChains(all).find((chain) => chain.some((each) => each.policyId === policyId)) ?? [];
}

/** Counts what an insurer did with all of its policies. @param account in any case @throws CHAIN_UNREACHABLE */
export async function insurerRecord({ chain }: Pick<Reader, "chain">, account: Address): Promise<InsurerRecord> {
  const insurer = getAddress(account.toLowerCase()) as Address;
  const { issued, accepted, cancelled, mismatches } = await policyEventsOf(chain, { insurer });
  const next = new Set(issued.filter(({ previous }) => previous !== null).map(({ policyId }) => policyId));
  const wasAccepted = new Set(accepted.map(({ policyId }) => policyId));
  // An end can be brought forward by the other side, which doesn't undo who ended the policy first.
  const ended = new Map(cancelled.toReversed().map((each) => [each.policyId, each]));
  const count = (isAccepted: boolean, isInsurers: boolean) =>
    [...ended.values()].filter(
      ({ policyId, by }) => wasAccepted.has(policyId) === isAccepted && (by === insurer) === isInsurers,
    ).length;
  return {
    insurer,
    issued: issued.length - next.size,
    accepted: [...wasAccepted].filter((policyId) => !next.has(policyId)).length,
    amended: {
      proposed: next.size,
      accepted: [...next].filter((policyId) => wasAccepted.has(policyId)).length,
    },
    cancelled: { byInsurer: count(true, true), byPatient: count(true, false) },
    offers: { withdrawn: count(false, true), declined: count(false, false) },
    mismatches: { policies: new Set(mismatches.map(({ policyId }) => policyId)).size, reports: mismatches },
  };
}

/**
 * Checks a policy as anyone can: that the chain's words fit what the contract stores, that the storage has the wording to
 * the bit and the sealed schedule, and that its insurer is accredited now.
 * @throws UnknownPolicy, CHAIN_UNREACHABLE
 */
export async function verifyPolicy(
  reader: Reader,
  policyId: PolicyId,
): Promise<{ policy: IssuedPolicy; checks: PolicyCheck[] }> {
  const [policy] = await policiesOf(reader.chain, { policyId });
  if (!policy) throw new SalusError("UnknownPolicy", { policyId });
  const fits = policyIdOf(policy) === policyId && policyDigest(policy.wording, policy.schedule) === policy.digest;
  const attempt = async (name: PolicyCheck["name"], check: () => Promise<string>): Promise<PolicyCheck> => {
    try {
      return { name, ok: true, detail: await check() };
    } catch (error) {
      if (!isSalusError(error)) throw error;
      return { name, ok: false, detail: error.why };
    }
  };
  const checks = await Promise.all([
    attempt("anchored", () => Promise.resolve(`block ${policy.blockNumber}`)),
    attempt("digests", () =>
      fits ? Promise.resolve(policy.digest) : Promise.reject(new SalusError("ANCHOR_MISMATCH", { policyId })),
    ),
    attempt("wording stored", async () => `${(await readWording(reader, policy)).bytes.length} bytes`),
    attempt("schedule stored", async () => `${(await storedSchedule(reader, policy)).length} bytes, sealed`),
    attempt("insurer accredited", async () => {
      if ((await roleOf(reader.chain, policy.insurer)) === "insurer") return policy.insurer;
      throw new SalusError("NotInsurer", { account: policy.insurer });
    }),
  ]);
  return { policy, checks };
}

/** The plan's name, or null when the storage hasn't got it or it isn't as it must be. */
export async function titleOrNull(reader: Reader, policy: Pick<IssuedPolicy, "offer">): Promise<string | null> {
  return readTitle(reader, policy).catch((error: unknown) => {
    if (isSalusError(error)) return null;
    throw error;
  });
}
