/** Asking a node what calls would come to, without sending anything. */
import { Forwarder__factory } from "../../typechain-types/index.js";
import type { Address, Hex } from "../types.js";
import type { Call, Chain } from "./chain.js";
import { guard } from "./refusal.js";

const abi = Forwarder__factory.createInterface();

/**
 * Passes if `account` could send these calls in one batch now. Costs nothing and shows the node alone what was asked.
 * @throws the error of the first call that would be refused, CHAIN_UNREACHABLE
 */
export async function tryCalls(chain: Chain, account: Address, calls: readonly Call[]): Promise<void> {
  const { contracts } = chain.deployment;
  const targeted = calls.map(({ contract, data }) => ({ target: contracts[contract], data }));
  const data = abi.encodeFunctionData("batch", [targeted]) as Hex;
  await guard(() => chain.provider.call({ from: account, to: contracts.forwarder, data }));
}
