/**
 * Offers that an insurer signs and anyone carries to the chain: what an insurer's service answers to somebody who isn't
 * registered yet, so that registering and accepting the policy are one transaction (002-01, 002-34).
 */
import { blockTime } from "../adapters/logs.js";
import { roleOf } from "../adapters/participants.js";
import type { SignedOffer } from "../adapters/policies.js";
import { guard } from "../adapters/refusal.js";
import { checkSignature } from "../adapters/signature.js";
import { expectLength, fromHex } from "../core/bytes.js";
import { offerTypedData } from "../core/typedData.js";
import { SalusError } from "../errors.js";
import type { Hex } from "../types.js";
import { filesStoredFor, packFiles } from "./policy-files.js";
import { previousRefOf, titleOf, type PolicyDraft } from "./policy.js";
import type { Reader, Session } from "./session.js";

/** How long an offer may be carried unless said otherwise, in seconds: as long as a registry's attestation. */
const LIFETIME_S = 24 * 3_600;

/**
 * Stores the files of an offer and signs it, as the insurer whose service has checked the card. Nothing is sent. The
 * patient needn't be registered: the pseudonym is known from the attestation before that.
 * @param draft `publicKey` is the X25519 public key that the schedule is sealed to, 32 bytes
 * @param request `nonce` is the insurer's own number of the offer, the number of its audit row; `lifetime` in seconds
 * @throws SIGNATURE_REJECTED, EMPTY_DOCUMENT, INVALID_INPUT, IPFS_UNREACHABLE, CHAIN_UNREACHABLE
 */
export async function signOffer(
  session: Pick<Session, "chain" | "store" | "signer" | "account">,
  draft: PolicyDraft & { publicKey: Hex },
  { nonce, lifetime = LIFETIME_S }: { nonce: bigint | number | string; lifetime?: number },
): Promise<SignedOffer> {
  const { chain, store, signer, account: insurer } = session;
  const { patientId, wording, schedule, from, until, terms } = draft;
  const publicKey = fromHex(draft.publicKey);
  expectLength(publicKey, 32, "publicKey");
  const previousRef = await previousRefOf(session, { ...draft, insurer });
  const files = { title: titleOf(draft), wording, schedule, terms };
  const { objects, digests, ref } = await packFiles(files, publicKey);
  return filesStoredFor(store, objects, async () => {
    const deadline = (await blockTime(chain)) + lifetime;
    const offer = { patientId, ref, previousRef, ...digests, from, until };
    const signed = { ...offer, nonce: BigInt(nonce).toString(), deadline };
    const { chainId, contracts } = chain.deployment;
    const { domain, types, message } = offerTypedData(chainId, contracts.policies, signed);
    const signature = (await guard(() => signer.signTypedData(domain, types, message))) as Hex;
    return { insurer, ...signed, signature };
  });
}

/**
 * Passes if the offer would count on the chain now, but for the patient, who may not be registered yet: signed by an
 * accredited insurer for this contract and chain, not expired, its term not over. `readOfferFiles` checks its files.
 * @throws SignatureExpired, InvalidSignature, NotInsurer, InvalidTerm, CHAIN_UNREACHABLE
 */
export async function checkOffer({ chain }: Pick<Reader, "chain">, signed: SignedOffer): Promise<void> {
  const { insurer, deadline, from, until, signature } = signed;
  const [now, role] = await Promise.all([blockTime(chain), roleOf(chain, insurer)]);
  if (deadline < now) throw new SalusError("SignatureExpired", { deadline, part: "offer" });
  const { chainId, contracts } = chain.deployment;
  await checkSignature(chain, insurer, offerTypedData(chainId, contracts.policies, signed), signature);
  if (role !== "insurer") throw new SalusError("NotInsurer", { account: insurer });
  if (until <= from || until <= now) throw new SalusError("InvalidTerm", { from, until });
}
