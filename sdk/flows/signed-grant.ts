/** Grants that the patient signs and anyone carries to the chain, so that a patient needs no ether. */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import {
  consentNonceOf,
  encodeTerms,
  sendCancelSignatures,
  sendGrantBySig,
  type GrantTerms,
} from "../adapters/consents.js";
import { blockTime } from "../adapters/logs.js";
import { guard } from "../adapters/refusal.js";
import { grantTypedData } from "../core/typedData.js";
import type { Hex } from "../types.js";
import type { PreparedGrant } from "./share.js";
import type { Session } from "./session.js";
import { storedFor } from "./stored.js";

/** A grant with the signature of the patient's controller. Shows no more than the chain will. */
export interface SignedGrant {
  terms: GrantTerms;
  /** Unix seconds. */
  deadline: number;
  signature: Hex;
}

/**
 * Stores the sealed keys and signs the grants, one signature each. They count once carried, in this order.
 * @param lifetime seconds within which they must be carried
 * @throws SIGNATURE_REJECTED, IPFS_UNREACHABLE
 */
export async function signGrants(
  { chain, store, signer, account }: Session,
  { terms, sealedKeys }: PreparedGrant,
  lifetime: number,
): Promise<SignedGrant[]> {
  return storedFor(store, sealedKeys, async () => {
    const { chainId, contracts } = chain.deployment;
    const deadline = (await blockTime(chain)) + lifetime;
    const signed: SignedGrant[] = [];
    let nonce = await consentNonceOf(chain, account);
    for (const each of terms) {
      const data = grantTypedData(chainId, contracts.consents, { ...encodeTerms(each), nonce: nonce++, deadline });
      const signature = (await guard(() => signer.signTypedData(data.domain, data.types, data.message))) as Hex;
      signed.push({ terms: each, deadline, signature });
    }
    return signed;
  });
}

/** Carries signed grants to the chain, as anyone. @throws SignatureExpired, InvalidSignature, GrantExpiryInPast */
export async function carryGrants(
  { chain, signer }: Pick<Session, "chain" | "signer">,
  grants: readonly SignedGrant[],
  options?: SendOptions,
): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const { terms, deadline, signature } of grants) {
    receipts.push(await sendGrantBySig(chain, signer, terms, deadline, signature, options));
  }
  return receipts;
}

/** Makes signed grants that nobody has carried yet worthless. @throws SIGNATURE_REJECTED */
export async function cancelSignedGrants(session: Session, options?: SendOptions): Promise<Receipt> {
  return sendCancelSignatures(session.chain, session.signer, options);
}
