/** The demo's money: a token without value, on the network of this machine only. */
import type { Signer } from "ethers";

import { deployDemoEuro, type Address } from "../../sdk/index.js";
import { knownPersona, LOCAL_CHAIN_ID } from "./personas.js";

/** 100 million dEUR, in cents. */
const SUPPLY = 10_000_000_000n;

/**
 * Deploys the token and hands all of it to the demo's insurer.
 * @param signer pays; connected to the chain
 * @throws RangeError on any network but the local one
 */
export async function deployEuro(signer: Signer): Promise<Address> {
  const network = await signer.provider?.getNetwork();
  if (Number(network?.chainId) !== LOCAL_CHAIN_ID) throw new RangeError("the demo euro is for the local network only");
  return deployDemoEuro(signer, { holder: knownPersona("insurer").address, supply: SUPPLY });
}
