/**
 * The accreditation tree for those who stand in it (000-01, 002-39): who is below an account, whether they count and if
 * not why, how many fall with whom; renewing, revoking, giving up.
 */
import { accreditationEvents, accreditationTree } from "../adapters/accreditations.js";
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { keyOf } from "../adapters/keys.js";
import { blockTime } from "../adapters/logs.js";
import { sendAccredit, sendRenounce, sendRevokeAccreditation } from "../adapters/participants.js";
import { patientsControlledBy } from "../adapters/patients.js";
import {
  revokedUnder,
  rolesBelow,
  standingOf,
  validBelow,
  type AccreditationTree,
  type Held,
  type Standing,
} from "../core/accreditation.js";
import { SalusError } from "../errors.js";
import type { Address, Role } from "../types.js";
import { accredit, withName, type Named } from "./participants.js";
import type { Reader, Session } from "./session.js";

/** An account in the tree, with its public name. */
export interface Member extends Named {
  account: Address;
  parent: Address;
  /** As accredited; see `standing`. */
  role: Role;
  /** Unix seconds. */
  until: number;
  standing: Standing;
  /** How many accounts below it count now, and would lose every right with it. */
  below: number;
}

/** An account's place in the tree. */
export interface Branch {
  /** The operator, who stands above everyone; "root" has no accreditation of its own. */
  isRoot: boolean;
  /** Null for the root and for whoever was never accredited. */
  self: Member | null;
  /** Those above it, from its parent up; the root isn't among them. */
  above: Member[];
  /** Those whose latest accreditation is by it, newest last. */
  members: Member[];
  /** The roles that it may accredit now. */
  mayAccredit: readonly Role[];
}

/** What is known about an account that somebody wants to accredit. */
export interface Candidate {
  account: Address;
  /** Whether documents can be sealed to it: it has published an encryption key. */
  hasKey: boolean;
  /** Its latest accreditation, by whomever; null when it never had one. */
  member: Member | null;
  /** Whether it acts for a patient, whose pseudonym a public name would give away. */
  isPatient: boolean;
  /** Why the chain would refuse; null when it wouldn't. */
  refusal: "root" | "own account" | "accredited elsewhere" | null;
}

/** What revoking an account takes with it. */
export interface RevocationEffect {
  account: Member;
  /** Everyone else who loses every right in the same block. */
  fallen: Member[];
}

/** Those whose latest accreditation is by `parent`, whether they count or not. @throws CHAIN_UNREACHABLE */
export async function accreditedBy(reader: Reader, parent: Address): Promise<Member[]> {
  const now = await present(reader);
  return membersOf(reader, now, now.tree.below.get(parent) ?? []);
}

/** An account's place in the tree: itself, those above and those below. @throws CHAIN_UNREACHABLE */
export async function branchOf(reader: Reader, account: Address): Promise<Branch> {
  const now = await present(reader);
  const { tree, time } = now;
  const held = tree.accounts.get(account);
  const isRoot = account === tree.root;
  const counts = held !== undefined && standingOf(tree, held, time).state === "valid";
  const [[self = null], above, members] = await Promise.all([
    membersOf(reader, now, held ? [held] : []),
    membersOf(reader, now, chainAbove(tree, held)),
    membersOf(reader, now, tree.below.get(account) ?? []),
  ]);
  const mayAccredit = isRoot ? rolesBelow("root") : rolesBelow(counts ? held.role : "none");
  return { isRoot, self, above, members, mayAccredit };
}

/** Looks an account up before it is accredited below `parent`. @throws CHAIN_UNREACHABLE */
export async function candidateFor(reader: Reader, parent: Address, account: Address): Promise<Candidate> {
  const [now, key, patients] = await Promise.all([
    present(reader),
    keyOf(reader.chain, account),
    patientsControlledBy(reader.chain, account),
  ]);
  const held = now.tree.accounts.get(account);
  const [member = null] = await membersOf(reader, now, held ? [held] : []);
  const isElsewhere = member !== null && member.parent !== parent && member.standing.state === "valid";
  const refusal =
    account === now.tree.root
      ? "root"
      : account === parent
        ? "own account"
        : isElsewhere
          ? "accredited elsewhere"
          : null;
  return { account, hasKey: key !== null, member, isPatient: patients.length > 0, refusal };
}

/**
 * Whether `account` was revoked in the eyes of `parent`, which hasn't accredited it since; that somebody else has, such as a
 * hospital that is a friend, doesn't count. A service that accredits by licence must ask: a revocation would be worth
 * nothing if the same licence undid it. @throws CHAIN_UNREACHABLE
 */
export async function wasRevoked(reader: Reader, account: Address, parent: Address): Promise<boolean> {
  return revokedUnder(await accreditationEvents(reader.chain), account, parent);
}

/**
 * Renews an accreditation that the session's account gave: until later, and under another name if one is given. Whoever
 * it accredited keeps counting, or counts again if only its time had run out; after a revocation it begins with nobody.
 * @throws NotAccredited, AlreadyAccredited, MayNotAccredit, ExpiryInPast
 */
export async function renewAccreditation(
  session: Session,
  account: Address,
  { until, name, department }: { until: number; name?: string; department?: string | undefined },
  options?: SendOptions,
): Promise<Receipt> {
  const { tree } = await present(session);
  const held = tree.accounts.get(account);
  if (held?.parent !== session.account) throw new SalusError("NotAccredited", { account });
  const { role, profile } = held;
  if (name !== undefined) return accredit(session, { account, role, until, name, department }, options);
  return sendAccredit(session.chain, session.signer, { account, role, until, profile }, options);
}

/** Who loses every right when `account` is revoked. @throws NotAccredited */
export async function revocationEffect(reader: Reader, account: Address): Promise<RevocationEffect> {
  const now = await present(reader);
  const held = now.tree.accounts.get(account);
  if (!held || held.revokedBy !== null) throw new SalusError("NotAccredited", { account });
  const [self] = await membersOf(reader, now, [held]);
  if (!self) throw new SalusError("NotAccredited", { account });
  return { account: self, fallen: await membersOf(reader, now, validBelow(now.tree, account, now.time)) };
}

/**
 * Revokes an account and its branch: from that very block on the contracts refuse whatever asks for an accreditation.
 * There is no undo: accredited anew, the account begins with an empty branch.
 * @throws NotAbove, NotAccredited, SIGNATURE_REJECTED
 */
export async function revokeAccreditation(session: Session, account: Address, options?: SendOptions): Promise<Receipt> {
  return sendRevokeAccreditation(session.chain, session.signer, account, options);
}

/** Gives the session's own accreditation up, for instance one that it never asked for. @throws NotAccredited */
export async function renounceAccreditation(session: Session, options?: SendOptions): Promise<Receipt> {
  return sendRenounce(session.chain, session.signer, options);
}

// -------- steps --------

/** The tree at the time that the contracts compare ends with. */
interface Present {
  tree: AccreditationTree;
  time: number;
}

async function present({ chain }: Reader): Promise<Present> {
  const [tree, time] = await Promise.all([accreditationTree(chain), blockTime(chain)]);
  return { tree, time };
}

function chainAbove({ accounts }: AccreditationTree, held: Held | undefined): Held[] {
  const above: Held[] = [];
  let link = held && accounts.get(held.parent);
  while (link && above.length < 3) {
    above.push(link);
    link = accounts.get(link.parent);
  }
  return above;
}

async function membersOf(reader: Reader, { tree, time }: Present, held: readonly Held[]): Promise<Member[]> {
  return Promise.all(
    held.map(async (each) => {
      const { account, parent, role, until, name, department } = await withName(reader, each);
      const standing = standingOf(tree, each, time);
      const below = validBelow(tree, account, time).length;
      return { account, parent, role, until, name, department, standing, below };
    }),
  );
}
