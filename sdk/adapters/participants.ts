/** `Participants`: who is accredited as what (IParticipants.sol). */
import { type Signer, ZeroAddress } from "ethers";

import { ROLES, type Address, type Hex, type Role } from "../types.js";
import { send, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { eventsOf } from "./logs.js";
import { guard } from "./refusal.js";

/** An accreditation as stored, and whether it counts now. */
export interface Accreditation {
  account: Address;
  parent: Address;
  /** As stored; see `valid`. */
  role: Role;
  /** Unix seconds. */
  until: number;
  /** False once expired, revoked, or anyone above is. */
  valid: boolean;
  /** sha2-256 digest of the CID of the public profile. */
  profile: Hex;
}

/** Accredits or renews `account` below the signer. @throws MayNotAccredit, AlreadyAccredited, NotAccreditable, ExpiryInPast */
export async function sendAccredit(
  chain: Chain,
  signer: Signer,
  { account, role, until, profile }: { account: Address; role: Role; until: number; profile: Hex },
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const contract = chain.participants.connect(signer);
  return send(chain, sender, () => contract.accredit(account, ROLES.indexOf(role), until, profile), options);
}

/** Revokes `account` and its branch. @throws NotAbove, NotAccredited */
export async function sendRevokeAccreditation(
  chain: Chain,
  signer: Signer,
  account: Address,
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  return send(chain, sender, () => chain.participants.connect(signer).revoke(account), options);
}

/** The role that counts now; "none" when never accredited, expired or revoked. */
export async function roleOf(chain: Chain, account: Address): Promise<Role> {
  const role = await guard(() => chain.participants.roleOf(account));
  return ROLES[Number(role)] ?? "none";
}

/** The accreditation of `account`, or null when it never had one. */
export async function accreditationOf(chain: Chain, account: Address): Promise<Accreditation | null> {
  const [stored, role, events] = await Promise.all([
    guard(() => chain.participants.accreditationOf(account)),
    roleOf(chain, account),
    eventsOf(chain, chain.participants, chain.participants.filters.Accredited(account)),
  ]);
  const latest = events.at(-1);
  if (stored.parent === ZeroAddress || !latest) return null;
  return {
    account,
    parent: stored.parent as Address,
    role: ROLES[Number(stored.role)] ?? "none",
    until: Number(stored.until),
    valid: role !== "none",
    profile: latest.args.profile as Hex,
  };
}

/** Everyone whose accreditation counts now, in the order of accreditation. */
export async function listAccredited(chain: Chain): Promise<Accreditation[]> {
  const events = await eventsOf(chain, chain.participants, chain.participants.filters.Accredited());
  const accounts = [...new Set(events.map(({ args }) => args.account as Address))];
  const all = await Promise.all(accounts.map((account) => accreditationOf(chain, account)));
  return all.filter((accreditation) => accreditation !== null && accreditation.valid) as Accreditation[];
}
