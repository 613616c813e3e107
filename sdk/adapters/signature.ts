/** Whose signature it is, told before anything is sent: of an account, or of a contract wallet (EIP-1271). */
import { Contract, TypedDataEncoder, verifyTypedData } from "ethers";

import { SalusError } from "../errors.js";
import type { TypedData } from "../core/typedData.js";
import type { Address, Hex } from "../types.js";
import type { Chain } from "./chain.js";
import { guard } from "./refusal.js";

const WALLET = ["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"];
/** What a contract wallet answers when it agrees, `isValidSignature.selector`. */
const AGREED = "0x1626ba7e";

/** Passes if `signer` signed `data`, as the contracts will check it. @throws InvalidSignature, CHAIN_UNREACHABLE */
export async function checkSignature<Message extends object>(
  { provider }: Pick<Chain, "provider">,
  signer: Address,
  { domain, types, message }: TypedData<Message>,
  signature: Hex,
): Promise<void> {
  if (signerOf(domain, types, message, signature) === signer) return;
  const code = await guard(() => provider.getCode(signer));
  if (code !== "0x") {
    const digest = digestOf(domain, types, message);
    const wallet = new Contract(signer, WALLET, provider);
    const answer: unknown =
      digest &&
      (await wallet
        .getFunction("isValidSignature")(digest, signature)
        .catch(() => null));
    if (answer === AGREED) return;
  }
  throw new SalusError("InvalidSignature", { signer });
}

/** What is signed, or null for values that don't fit their types: nobody has signed those. */
function digestOf(...data: Parameters<typeof TypedDataEncoder.hash>): string | null {
  try {
    return TypedDataEncoder.hash(...data);
  } catch {
    return null;
  }
}

/** The account that signed, or null for bytes that are no account's signature in the one form that contracts take. */
function signerOf(...data: Parameters<typeof verifyTypedData>): string | null {
  const signature = data[3];
  if (typeof signature !== "string" || !/^0x[0-9a-f]{128}(1b|1c)$/i.test(signature)) return null;
  try {
    return verifyTypedData(...data);
  } catch {
    return null;
  }
}
