/** `Participants`: who is accredited as what (IParticipants.sol). */
import { type Signer, ZeroAddress } from "ethers";

import { Participants__factory } from "../../typechain-types/index.js";
import { ROLES, type Address, type Hex, type Role } from "../types.js";
import { sendCall, type Call, type Chain, type Receipt, type SendOptions } from "./chain.js";
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

/** An accreditation that a parent signed, `Terms` in IParticipants.sol. `account` alone can use it. */
export interface SignedAccreditation {
  parent: Address;
  account: Address;
  role: Role;
  /** Valid before this time, Unix seconds. */
  until: number;
  /** Digest of the CID of the public profile. */
  profile: Hex;
  /** `heldBy` at the time of signing, in decimal. */
  held: string;
  /** The parent's own number of it, in decimal. */
  nonce: string;
  /** The signature counts up to this time, Unix seconds. */
  deadline: number;
  signature: Hex;
}

const abi = Participants__factory.createInterface();

const call = (data: string): Call => ({ contract: "participants", data: data as Hex });

/** Accredits or renews `account` below the signer. @throws MayNotAccredit, AlreadyAccredited, NotAccreditable, ExpiryInPast */
export async function sendAccredit(
  chain: Chain,
  signer: Signer,
  { account, role, until, profile }: { account: Address; role: Role; until: number; profile: Hex },
  options?: SendOptions,
): Promise<Receipt> {
  const data = abi.encodeFunctionData("accredit", [account, ROLES.indexOf(role), until, profile]);
  return sendCall(chain, signer, call(data), options);
}

/**
 * Accredits or renews the signer by what its parent signed.
 * @throws NotAddressee, StaleAccreditation, SignatureExpired, InvalidSignature, MayNotAccredit, AlreadyAccredited, ExpiryInPast
 */
export async function sendAccreditBySig(
  chain: Chain,
  signer: Signer,
  { parent, account, role, until, profile, held, nonce, deadline, signature }: SignedAccreditation,
  options?: SendOptions,
): Promise<Receipt> {
  const terms = { account, role: ROLES.indexOf(role), until, profile, held };
  const data = abi.encodeFunctionData("accreditBySig", [parent, terms, nonce, deadline, signature]);
  return sendCall(chain, signer, call(data), options);
}

/** What `parent` signs along to accredit `account`: any change until it is carried makes the signature worthless. In decimal. */
export async function heldBy(chain: Chain, account: Address, parent: Address): Promise<string> {
  return String(await guard(() => chain.participants.heldBy(account, parent)));
}

/** Revokes `account` and its branch. @throws NotAbove, NotAccredited */
export async function sendRevokeAccreditation(
  chain: Chain,
  signer: Signer,
  account: Address,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("revoke", [account])), options);
}

/** Gives the signer's own accreditation up. @throws NotAccredited */
export async function sendRenounce(chain: Chain, signer: Signer, options?: SendOptions): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("renounce")), options);
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
