/**
 * The accreditation tree as its events tell it (000-01, 002-39). One reading of two kinds of events stands for a question
 * to the contract for each account, so that an authority with thousands of organisations sees them at once.
 */
import type { Address, Hex, Role } from "../types.js";

/** An event of Participants, in the order of the chain. */
export type AccreditationEvent =
  | { kind: "accredited"; account: Address; parent: Address; role: Role; until: number; profile: Hex }
  | { kind: "revoked"; account: Address; by: Address };

/** An account's latest accreditation, as the contract stores it, with what only the events tell. */
export interface Held {
  account: Address;
  parent: Address;
  role: Role;
  /** Valid before this time, Unix seconds. */
  until: number;
  /** sha2-256 digest of the CID of the public profile. */
  profile: Hex;
  generation: number;
  parentGeneration: number;
  /** Who revoked it, which is the account itself when it renounced; null when nobody did. */
  revokedBy: Address | null;
}

/** Everyone who was ever accredited, by account. */
export interface AccreditationTree {
  root: Address;
  accounts: ReadonlyMap<Address, Held>;
  /** By parent: the accounts whose latest accreditation is by it, in the order in which they first were. */
  below: ReadonlyMap<Address, readonly Held[]>;
}

/** Whether an accreditation counts at a time, and if not, why. */
export type Standing =
  | { state: "valid" }
  /** Its own time is over. Whoever accredited it can renew it, and its branch with it. */
  | { state: "expired" }
  | { state: "revoked"; by: Address }
  /** It would count, but `account` above it doesn't, or was accredited anew since, which starts an empty branch. */
  | { state: "fallen"; account: Address; why: "expired" | "revoked" | "accredited anew" };

/** Repeats what the contract did, event by event. `events` are all of them, oldest first. */
export function treeOf(root: Address, events: readonly AccreditationEvent[]): AccreditationTree {
  const accounts = new Map<Address, Held>();
  for (const event of events) {
    const held = accounts.get(event.account);
    if (event.kind === "revoked") {
      if (held) accounts.set(event.account, { ...held, revokedBy: event.by });
      continue;
    }
    const { account, parent, role, until, profile } = event;
    const parentGeneration = accounts.get(parent)?.generation ?? 0;
    const isRenewal =
      held?.parent === parent &&
      held.revokedBy === null &&
      held.role === role &&
      held.parentGeneration === parentGeneration;
    const generation = (held?.generation ?? 0) + (isRenewal ? 0 : 1);
    accounts.set(account, { account, parent, role, until, profile, generation, parentGeneration, revokedBy: null });
  }
  const below = new Map<Address, Held[]>();
  for (const held of accounts.values()) {
    const siblings = below.get(held.parent);
    if (siblings) siblings.push(held);
    else below.set(held.parent, [held]);
  }
  return { root, accounts, below };
}

/** The tree is three roles deep below the root. */
const MOST_STEPS = 3;

/** Whether `held` counts at `time`, Unix seconds, as `roleOf` of the contract says it. */
export function standingOf({ root, accounts }: AccreditationTree, held: Held, time: number): Standing {
  if (held.revokedBy !== null) return { state: "revoked", by: held.revokedBy };
  if (held.until <= time) return { state: "expired" };
  let link = held;
  // A role accredits only roles behind its own, so three steps lead to the root; a lying node's circle leads nowhere.
  for (let step = 0; link.parent !== root; step++) {
    const above = accounts.get(link.parent);
    if (!above || step === MOST_STEPS) return { state: "fallen", account: link.parent, why: "revoked" };
    if (above.generation !== link.parentGeneration) {
      return { state: "fallen", account: above.account, why: "accredited anew" };
    }
    if (above.revokedBy !== null) return { state: "fallen", account: above.account, why: "revoked" };
    if (above.until <= time) return { state: "fallen", account: above.account, why: "expired" };
    link = above;
  }
  return { state: "valid" };
}

/**
 * Whether `parent` is to hold a revocation against `account`: somebody above revoked what `parent` had accredited it as, or
 * `parent` itself revoked what another had; and `parent` hasn't accredited it since. What others did since changes nothing.
 */
export function revokedUnder(events: readonly AccreditationEvent[], account: Address, parent: Address): boolean {
  let holder: Address | null = null;
  let isRevoked = false;
  for (const event of events) {
    if (event.account !== account) continue;
    if (event.kind === "accredited") {
      holder = event.parent;
      if (holder === parent) isRevoked = false;
    } else if (event.by !== account && (holder === parent || event.by === parent)) isRevoked = true;
  }
  return isRevoked;
}

/** Everyone below `account` who counts at `time`: those who lose every right in the block in which it is revoked. */
export function validBelow(tree: AccreditationTree, account: Address, time: number): Held[] {
  return (tree.below.get(account) ?? [])
    .filter((held) => standingOf(tree, held, time).state === "valid")
    .flatMap((held) => [held, ...validBelow(tree, held.account, time)]);
}

/** The roles that an account in `role` accredits, by its place in the tree; "root" is the operator. */
export function rolesBelow(role: Role | "root"): readonly Role[] {
  if (role === "root") return ["civil registry", "health authority", "insurer"];
  if (role === "health authority") return ["hospital", "laboratory", "pharmacy", "doctor"];
  return role === "hospital" ? ["doctor", "laboratory", "pharmacy"] : [];
}
