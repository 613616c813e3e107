/**
 * An organisation's way into the tree (002-39, 000-14): it shows its licence to the health authority's service, which
 * checks it and signs an accreditation; the organisation carries that to the chain itself, with one transaction. So the
 * authority needs no ether, and nobody is accredited who didn't ask for it.
 */
import type { Chain, Receipt, SendOptions } from "../adapters/chain.js";
import { blockTime } from "../adapters/logs.js";
import { accreditationOf, heldBy, sendAccreditBySig, type SignedAccreditation } from "../adapters/participants.js";
import { guard } from "../adapters/refusal.js";
import { checkService, type AuthorityService } from "../adapters/services.js";
import { checkSignature } from "../adapters/signature.js";
import { rolesBelow } from "../core/accreditation.js";
import { accreditationTypedData } from "../core/typedData.js";
import { SalusError } from "../errors.js";
import { ROLES, type Address, type Hex, type Role } from "../types.js";
import { participantOf, profileBytes, profileOf, type AccreditationTerms, type Participant } from "./participants.js";
import type { Session } from "./session.js";
import { signIn, signOut } from "./sign-in.js";
import { storedFor } from "./stored.js";

/** What an organisation shows the authority. It goes there and nowhere else. */
export interface Licence {
  licence: string;
  /** The one-time activation code that came with it. */
  code: string;
}

/** What is asked of an authority. */
export interface AccreditationRequest extends Licence {
  /** Host, and port if any, of the page that asks; the service's own for a program. */
  domain: string;
  /** What the public profile must say; left out where a person reads it before it is carried. */
  expected?: { name?: string | undefined; role?: Role | undefined };
}

/** An accreditation that a service has signed, checked here, with the words that everyone will read. */
export interface OfferedAccreditation {
  accreditation: SignedAccreditation;
  name: string;
  department: string | null;
  /** Who signed it. */
  parent: Participant;
}

/** Seconds within which the organisation must have carried it: long enough for a slow wallet. */
const LIFETIME_S = 3_600;

/**
 * Stores the public profile and signs an accreditation, as the authority whose service has checked a licence. Nothing is
 * sent. It counts once its account has carried it, and not if anything about that account has changed by then.
 * @param request `nonce` is the authority's own number for it, the number of its audit row; `deadline` Unix seconds, an
 * hour from now unless given; `held` what `heldBy` said when the licence was checked, asked for here unless given
 * @throws SIGNATURE_REJECTED, CHAIN_UNREACHABLE, IPFS_UNREACHABLE, MANIFEST_MALFORMED
 */
export async function signAccreditation(
  { chain, store, signer, account: parent }: Pick<Session, "chain" | "store" | "signer" | "account">,
  request: AccreditationTerms & { nonce: bigint | number | string; held?: string; deadline?: number },
): Promise<SignedAccreditation> {
  const { account, role, until } = request;
  return storedFor(store, [profileBytes(request)], async ([profile]) => {
    const held = request.held ?? (await heldBy(chain, account, parent));
    const deadline = request.deadline ?? (await blockTime(chain)) + LIFETIME_S;
    const terms = { account, role, until, profile, held, nonce: String(request.nonce), deadline };
    const { domain, types, message } = typedData(chain, terms);
    const signature = (await guard(() => signer.signTypedData(domain, types, message))) as Hex;
    return { parent, ...terms, signature };
  });
}

/**
 * Shows a licence to a health authority's service and checks the answer against the chain, storage and what the
 * organisation expects. The wallet signs in for that; nothing is sent. `carryAccreditation` sends the answer.
 * @param request `domain` as `signIn` takes it; `expected` refuses any other name or role
 * @throws SERVICE_ANSWER_INVALID (for somebody else, or under another name), MayNotAccredit, AlreadyAccredited,
 * InvalidSignature, SignatureExpired, ExpiryInPast, StaleAccreditation, LICENCE_NOT_VERIFIED, LICENCE_IN_USE, and what `signIn` throws
 */
export async function askAccreditation(
  session: Asking,
  authority: AuthorityService,
  { licence, code, domain, expected }: AccreditationRequest,
): Promise<OfferedAccreditation> {
  const { account: parent } = await checkService(session.chain, authority);
  const signedIn = await signIn(session, authority, { domain });
  let accreditation: SignedAccreditation;
  try {
    accreditation = await authority.accredit(signedIn.token, { licence, code });
  } finally {
    // A service that fell silent forgets the sign-in by itself, within minutes.
    await signOut(signedIn).catch(() => undefined);
  }
  const offered = await checkAccreditation(session, accreditation, parent);
  refuseUnless(expected?.name === undefined || expected.name === offered.name, "name");
  refuseUnless(expected?.role === undefined || expected.role === accreditation.role, "role");
  return offered;
}

/** Sends an accreditation that was checked: from its block on the account counts. @throws as `askAccreditation`, SIGNATURE_REJECTED */
export async function carryAccreditation(
  { chain, signer }: Pick<Session, "chain" | "signer">,
  { accreditation }: OfferedAccreditation,
  options?: SendOptions,
): Promise<Receipt> {
  return sendAccreditBySig(chain, signer, accreditation, options);
}

/** Asks, checks and carries, for callers who have nothing to show in between. @throws as `askAccreditation` and `carryAccreditation` */
export async function requestAccreditation(
  session: Asking,
  authority: AuthorityService,
  request: AccreditationRequest,
  options?: SendOptions,
): Promise<OfferedAccreditation & { receipt: Receipt }> {
  const offered = await askAccreditation(session, authority, request);
  return { ...offered, receipt: await carryAccreditation(session, offered, options) };
}

// -------- steps --------

type Asking = Pick<Session, "chain" | "store" | "signer" | "account">;

/** All that the contract would refuse, and what it can't see: whom the service speaks for, and the words on IPFS. */
async function checkAccreditation(
  { chain, store, account }: Asking,
  accreditation: SignedAccreditation,
  parent: Address,
): Promise<OfferedAccreditation> {
  const { role, until, held, profile, deadline } = accreditation;
  refuseUnless(accreditation.account === account, "account");
  refuseUnless(accreditation.parent === parent, "parent");
  const [authority, own, now, current] = await Promise.all([
    participantOf({ chain, store }, parent),
    accreditationOf(chain, account),
    blockTime(chain),
    heldBy(chain, account, parent),
  ]);
  if (!authority?.valid || !rolesBelow(authority.role).includes(role)) {
    throw new SalusError("MayNotAccredit", { account: parent, role });
  }
  if (own?.valid && own.parent !== parent) throw new SalusError("AlreadyAccredited", { account, parent: own.parent });
  if (deadline <= now) throw new SalusError("SignatureExpired", { deadline });
  if (until <= now) throw new SalusError("ExpiryInPast", { until });
  if (held !== current) throw new SalusError("StaleAccreditation", { account, signed: held, current });
  await checkSignature(chain, parent, typedData(chain, accreditation), accreditation.signature);
  const { name, department } = await profileOf(store, profile);
  return { accreditation, name, department, parent: authority };
}

function typedData({ deployment }: Chain, terms: Omit<SignedAccreditation, "parent" | "signature">) {
  const role = ROLES.indexOf(terms.role);
  return accreditationTypedData(deployment.chainId, deployment.contracts.participants, { ...terms, role });
}

function refuseUnless(isAsExpected: boolean, field: string): void {
  if (!isAsExpected) throw new SalusError("SERVICE_ANSWER_INVALID", { field });
}
