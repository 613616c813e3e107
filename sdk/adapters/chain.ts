/**
 * The chain: where Salus is deployed, and how transactions are sent. The modules beside this one, one a contract, are the
 * only others that talk to contracts.
 */
import {
  FetchRequest,
  isError,
  JsonRpcApiProvider,
  JsonRpcProvider,
  Network,
  type AbstractProvider,
  type Provider,
  type Signer,
  type TransactionReceipt,
  type TransactionResponse,
} from "ethers";

import {
  Claims__factory,
  Consents__factory,
  Forwarder__factory,
  Fulfilments__factory,
  Keys__factory,
  Orders__factory,
  Participants__factory,
  Patients__factory,
  Policies__factory,
  Records__factory,
  Visits__factory,
  type Claims,
  type Consents,
  type Forwarder,
  type Fulfilments,
  type Keys,
  type Orders,
  type Participants,
  type Patients,
  type Policies,
  type Records,
  type Visits,
} from "../../typechain-types/index.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Address, Hex } from "../types.js";
import { guard, toSalusError } from "./refusal.js";

/** The contracts' names, as a deployment lists them. */
export const CONTRACT_NAMES = [
  "forwarder",
  "participants",
  "keys",
  "patients",
  "policies",
  "consents",
  "visits",
  "orders",
  "records",
  "fulfilments",
  "claims",
] as const;
export type ContractName = (typeof CONTRACT_NAMES)[number];

/** Where Salus is deployed: what `salus deploy` writes and every client reads. */
export interface Deployment {
  chainId: number;
  /** Hash of block 0, which tells one run of a local chain from the next. */
  genesisHash: Hex;
  /** The block before the first contract's; histories are read from here on. */
  blockNumber: number;
  contracts: Record<ContractName, Address>;
}

/** A connected chain with all contracts. */
export interface Chain {
  provider: Provider;
  deployment: Deployment;
  forwarder: Forwarder;
  participants: Participants;
  keys: Keys;
  patients: Patients;
  policies: Policies;
  consents: Consents;
  visits: Visits;
  orders: Orders;
  records: Records;
  fulfilments: Fulfilments;
  claims: Claims;
}

/** A call of a contract, not yet sent. The modules beside this one make them. */
export interface Call {
  contract: ContractName;
  /** Selector and arguments, ABI-encoded. */
  data: Hex;
}

/** How far a transaction is. "wallet" waits for a signature, "final" has its block. */
export type TxStatus =
  { state: "wallet" } | { state: "sent"; hash: Hex } | { state: "final"; hash: Hex; blockNumber: number };

/** Options of everything that sends a transaction. */
export interface SendOptions {
  onStatus?: (status: TxStatus) => void;
}

/** A transaction that has its block. */
export interface Receipt {
  hash: Hex;
  blockNumber: number;
  gasUsed: bigint;
}

const LOCAL_CHAIN_ID = 31337;
const REQUEST_TIMEOUT_MS = 15_000;

/** A provider for an HTTP RPC address that fails with a timeout rather than retrying for ever. */
export function rpcProvider(rpcUrl: string, chainId: number): AbstractProvider {
  const request = new FetchRequest(rpcUrl);
  request.timeout = REQUEST_TIMEOUT_MS;
  const network = Network.from(chainId);
  return new JsonRpcProvider(request, network, {
    staticNetwork: network,
    pollingInterval: chainId === LOCAL_CHAIN_ID ? 100 : 1_000,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
}

/**
 * Connects to the contracts and checks that this is their chain.
 * @throws CHAIN_UNREACHABLE, WRONG_CHAIN, CHAIN_RESTARTED (a local chain that began anew), NOT_DEPLOYED
 */
export async function connectChain(options: {
  deployment: Deployment;
  rpcUrl?: string;
  provider?: Provider;
}): Promise<Chain> {
  const { deployment } = options;
  const provider = options.provider ?? rpcProvider(options.rpcUrl ?? "", deployment.chainId);
  const { contracts } = deployment;
  const chain: Chain = {
    provider,
    deployment,
    forwarder: Forwarder__factory.connect(contracts.forwarder, provider),
    participants: Participants__factory.connect(contracts.participants, provider),
    keys: Keys__factory.connect(contracts.keys, provider),
    patients: Patients__factory.connect(contracts.patients, provider),
    policies: Policies__factory.connect(contracts.policies, provider),
    consents: Consents__factory.connect(contracts.consents, provider),
    visits: Visits__factory.connect(contracts.visits, provider),
    orders: Orders__factory.connect(contracts.orders, provider),
    records: Records__factory.connect(contracts.records, provider),
    fulfilments: Fulfilments__factory.connect(contracts.fulfilments, provider),
    claims: Claims__factory.connect(contracts.claims, provider),
  };
  await checkChain(chain);
  return chain;
}

/**
 * Checks that the provider still serves the chain of the deployment.
 * @throws CHAIN_UNREACHABLE, WRONG_CHAIN, CHAIN_RESTARTED, NOT_DEPLOYED
 */
export async function checkChain({ provider, deployment }: Pick<Chain, "provider" | "deployment">): Promise<void> {
  const { chainId, genesisHash, code } = await guard(async () => {
    const [chainId, genesis, code] = await Promise.all([
      chainIdOf(provider),
      provider.getBlock(0),
      provider.getCode(deployment.contracts.records),
    ]);
    return { chainId, genesisHash: genesis?.hash, code };
  });
  if (chainId !== deployment.chainId)
    throw new SalusError("WRONG_CHAIN", { expected: deployment.chainId, found: chainId });
  if (genesisHash !== deployment.genesisHash) {
    throw new SalusError(deployment.chainId === LOCAL_CHAIN_ID ? "CHAIN_RESTARTED" : "WRONG_CHAIN", {
      expected: deployment.genesisHash,
      found: genesisHash ?? "none",
    });
  }
  if (code === "0x") throw new SalusError("NOT_DEPLOYED", { address: deployment.contracts.records });
}

/** Asked of the node itself: a provider with a static network answers `getNetwork` from memory. */
async function chainIdOf(provider: Provider): Promise<number> {
  if (provider instanceof JsonRpcApiProvider) return Number(await provider.send("eth_chainId", []));
  return Number((await provider.getNetwork()).chainId);
}

// -------- transactions --------

/** The tail of each sender's queue: wallets and automining nodes refuse parallel nonces of one sender. */
const queues = new Map<Address, Promise<unknown>>();

/**
 * Sends a transaction after the sender's earlier ones, and waits until it has its block.
 * @param sender the account that signs
 * @param request asks the wallet; called once
 * @throws the contract's custom error by name, SIGNATURE_REJECTED, INSUFFICIENT_FUNDS, TRANSACTION_REPLACED,
 * TRANSACTION_FAILED, CHAIN_UNREACHABLE
 */
export function send(
  chain: Chain,
  sender: Address,
  request: () => Promise<TransactionResponse>,
  { onStatus }: SendOptions = {},
): Promise<Receipt> {
  const run = async (): Promise<Receipt> => {
    const startBlock = await guard(() => chain.provider.getBlockNumber());
    onStatus?.({ state: "wallet" });
    const response = await guard(request);
    onStatus?.({ state: "sent", hash: response.hash as Hex });
    // The response itself, not its hash: some nodes answer a look-up of it too soon with nothing.
    const receipt = await mined(chain, response.replaceableTransaction(startBlock));
    onStatus?.({ state: "final", hash: receipt.hash, blockNumber: receipt.blockNumber });
    return receipt;
  };
  const result = (queues.get(sender) ?? Promise.resolve()).then(run, run);
  queues.set(
    sender,
    result.catch(() => undefined),
  );
  return result;
}

/** Sends one call in a transaction of the signer's. @throws as `send` */
export async function sendCall(chain: Chain, signer: Signer, call: Call, options?: SendOptions): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const request = { to: chain.deployment.contracts[call.contract], data: call.data };
  return send(chain, sender, () => signer.sendTransaction(request), options);
}

/**
 * Sends several calls in one transaction: all are taken, in this order, or none (IForwarder.sol). Each contract takes the
 * signer for the caller, but for `Participants`, which listens to nobody but its direct caller.
 * @throws as `send`, with the error of the first call that is refused
 */
export async function sendBatch(
  chain: Chain,
  signer: Signer,
  calls: readonly Call[],
  options?: SendOptions,
): Promise<Receipt> {
  const targeted = calls.map(({ contract, data }) => ({ target: chain.deployment.contracts[contract], data }));
  const data = Forwarder__factory.createInterface().encodeFunctionData("batch", [targeted]) as Hex;
  return sendCall(chain, signer, { contract: "forwarder", data }, options);
}

/**
 * Waits for a transaction that was sent earlier, for instance before a reload.
 * @throws TRANSACTION_REPLACED, TRANSACTION_FAILED, UNKNOWN_TRANSACTION, CHAIN_UNREACHABLE
 */
export async function waitFor(chain: Chain, hash: Hex, startBlock?: number): Promise<Receipt> {
  const [response, from] = await guard(() =>
    Promise.all([chain.provider.getTransaction(hash), startBlock ?? chain.provider.getBlockNumber()]),
  );
  if (!response) throw new SalusError("UNKNOWN_TRANSACTION", { transaction: hash });
  return mined(chain, response.replaceableTransaction(from));
}

async function mined(chain: Chain, response: TransactionResponse): Promise<Receipt> {
  let receipt: TransactionReceipt | null;
  try {
    receipt = await response.wait();
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION")) throw await refusalOf(chain, response);
    // Paying more for the same call is no other call: what was meant has happened.
    if (!isError(error, "TRANSACTION_REPLACED") || error.reason !== "repriced") throw toSalusError(error);
    receipt = error.receipt;
  }
  if (receipt?.status !== 1) throw await refusalOf(chain, response);
  return { hash: receipt.hash as Hex, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed };
}

/** Why a transaction in a block was reverted: nodes don't keep the reason, so the same call is made once more. */
async function refusalOf({ provider }: Chain, { hash, from, to, data }: TransactionResponse): Promise<SalusError> {
  try {
    await guard(() => provider.call({ from, to, data }));
  } catch (error) {
    if (isSalusError(error)) return error;
  }
  return new SalusError("TRANSACTION_FAILED", { transaction: hash });
}

/** Who sent a transaction; null when the node doesn't know it. @throws CHAIN_UNREACHABLE */
export async function senderOf({ provider }: Chain, hash: Hex): Promise<Address | null> {
  return ((await guard(() => provider.getTransaction(hash)))?.from ?? null) as Address | null;
}

/** A mined transaction's receipt with logs. @throws UNKNOWN_TRANSACTION, CHAIN_UNREACHABLE */
export async function receiptOf(chain: Chain, hash: Hex): Promise<TransactionReceipt> {
  const receipt = await guard(() => chain.provider.getTransactionReceipt(hash));
  if (!receipt) throw new SalusError("UNKNOWN_TRANSACTION", { transaction: hash });
  return receipt;
}
