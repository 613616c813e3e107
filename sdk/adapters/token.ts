/** ERC-20 tokens that claims are settled in, and what accounts have of them in `Claims` (ILedger.sol). */
import { isError, type Signer } from "ethers";

import { DemoEuro__factory } from "../../typechain-types/index.js";
import type { TokenInfo } from "../core/terms.js";
import { SalusError } from "../errors.js";
import type { Address, Hex } from "../types.js";
import { send, sendCall, type Call, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { eventsOf, positionOf, type LogPosition } from "./logs.js";
import { guard } from "./refusal.js";

/** A payment into or out of `Claims`. */
export interface FundsEvent extends LogPosition {
  kind: "deposited" | "collected";
  token: Address;
  account: Address;
  amount: bigint;
}

/** More digits than this make no readable amount. */
const MAX_DECIMALS = 36;

/** DemoEuro is an ERC-20 with the metadata extension (EIP-20) and nothing else, so its interface is every token's. */
const tokenAt = ({ provider }: Pick<Chain, "provider">, token: Address) => DemoEuro__factory.connect(token, provider);

const claimsCall = (data: string): Call => ({ contract: "claims", data: data as Hex });

/**
 * A token's symbol and decimals, as it says itself: anybody can give a token any name, so the address decides.
 * @throws INVALID_INPUT (no token with a readable name there), CHAIN_UNREACHABLE
 */
export async function tokenInfo(chain: Pick<Chain, "provider">, token: Address): Promise<TokenInfo> {
  const contract = tokenAt(chain, token);
  const [symbol, digits] = await asked(token, () => Promise.all([contract.symbol(), contract.decimals()]));
  const decimals = Number(digits);
  if (!/^[\p{L}\p{N}$€£¥.+-]{1,12}$/u.test(symbol) || decimals > MAX_DECIMALS) throw noToken(token);
  return { token, symbol, decimals };
}

/** What an account holds of a token outside of `Claims`. @throws INVALID_INPUT (no token there), CHAIN_UNREACHABLE */
export async function tokensOf(chain: Pick<Chain, "provider">, token: Address, account: Address): Promise<bigint> {
  return asked(token, () => tokenAt(chain, token).balanceOf(account));
}

/** What `Claims` may take of an account's tokens. @throws INVALID_INPUT (no token there), CHAIN_UNREACHABLE */
export async function allowanceOf(chain: Chain, token: Address, account: Address): Promise<bigint> {
  return asked(token, () => tokenAt(chain, token).allowance(account, chain.deployment.contracts.claims));
}

/** What an account has in `Claims`: paid in, or owed. */
export async function depositOf(chain: Chain, token: Address, account: Address): Promise<bigint> {
  return guard(() => chain.claims.balanceOf(token, account));
}

/** Lets `Claims` take this much of the signer's tokens, and no more. @throws as `send` */
export async function sendApprove(
  chain: Chain,
  signer: Signer,
  token: Address,
  amount: bigint,
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const contract = tokenAt(chain, token).connect(signer);
  return send(chain, sender, () => contract.approve(chain.deployment.contracts.claims, amount), options);
}

/** Pays into `Claims`, from what `sendApprove` has allowed. @throws as `sendCall` */
export async function sendDeposit(
  chain: Chain,
  signer: Signer,
  token: Address,
  amount: bigint,
  options?: SendOptions,
): Promise<Receipt> {
  const data = chain.claims.interface.encodeFunctionData("deposit", [token, amount]);
  return sendCall(chain, signer, claimsCall(data), options);
}

/** Takes out of `Claims` what is the signer's own. @throws InsufficientBalance */
export async function sendCollect(
  chain: Chain,
  signer: Signer,
  token: Address,
  amount: bigint,
  options?: SendOptions,
): Promise<Receipt> {
  const data = chain.claims.interface.encodeFunctionData("withdraw", [token, amount]);
  return sendCall(chain, signer, claimsCall(data), options);
}

/** What an account paid in and took out, of one token or all; oldest first within each kind. @throws CHAIN_UNREACHABLE */
export async function fundsEventsOf(chain: Chain, account: Address, token?: Address): Promise<FundsEvent[]> {
  const { claims } = chain;
  const [deposited, withdrawn] = await Promise.all([
    eventsOf(chain, claims, claims.filters.Deposited(token, account)),
    eventsOf(chain, claims, claims.filters.Withdrawn(token, account)),
  ]);
  const facts = (args: { token: string; account: string; amount: bigint }) => ({
    token: args.token as Address,
    account: args.account as Address,
    amount: args.amount,
  });
  return [
    ...deposited.map((log) => ({ kind: "deposited" as const, ...positionOf(log), ...facts(log.args) })),
    ...withdrawn.map((log) => ({ kind: "collected" as const, ...positionOf(log), ...facts(log.args) })),
  ];
}

/** An address without a token answers nothing, or nonsense. */
async function asked<T>(token: Address, ask: () => Promise<T>): Promise<T> {
  return guard(async () => {
    try {
      return await ask();
    } catch (error) {
      if (isError(error, "BAD_DATA") || isError(error, "CALL_EXCEPTION")) throw noToken(token);
      throw error;
    }
  });
}

function noToken(token: Address): SalusError {
  return new SalusError("INVALID_INPUT", { argument: "token", reason: "no readable ERC-20 token", token });
}
