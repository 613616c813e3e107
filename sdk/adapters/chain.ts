/**
 * The chain: where Salus is deployed, how transactions are sent, and how a contract's refusal becomes a typed error.
 * The modules beside this one, one a contract, are the only others that talk to contracts.
 */
import {
  FetchRequest,
  getBytes,
  isError,
  JsonRpcProvider,
  Network,
  type AbstractProvider,
  type ContractTransactionResponse,
  type Interface,
  type Provider,
  type TransactionReceipt,
} from "ethers";

import {
  Consents__factory,
  Keys__factory,
  Participants__factory,
  Patients__factory,
  Policies__factory,
  Records__factory,
  type Consents,
  type Keys,
  type Participants,
  type Patients,
  type Policies,
  type Records,
} from "../../typechain-types/index.js";
import { ERROR_MESSAGES, isSalusError, SalusError, type ErrorCode } from "../errors.js";
import type { Address, Hex } from "../types.js";

/** The contracts' names, as a deployment lists them. */
export const CONTRACT_NAMES = [
  "forwarder",
  "participants",
  "keys",
  "patients",
  "policies",
  "consents",
  "records",
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
  participants: Participants;
  keys: Keys;
  patients: Patients;
  policies: Policies;
  consents: Consents;
  records: Records;
}

/** How far a transaction is. "wallet" waits for a signature, "final" has its block. */
export type TxStatus =
  | { state: "wallet" }
  | { state: "sent"; hash: Hex }
  | { state: "final"; hash: Hex; blockNumber: number };

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
    participants: Participants__factory.connect(contracts.participants, provider),
    keys: Keys__factory.connect(contracts.keys, provider),
    patients: Patients__factory.connect(contracts.patients, provider),
    policies: Policies__factory.connect(contracts.policies, provider),
    consents: Consents__factory.connect(contracts.consents, provider),
    records: Records__factory.connect(contracts.records, provider),
  };
  await checkChain(chain);
  return chain;
}

/**
 * Checks that the provider still serves the chain of the deployment.
 * @throws CHAIN_UNREACHABLE, WRONG_CHAIN, CHAIN_RESTARTED, NOT_DEPLOYED
 */
export async function checkChain({ provider, deployment }: Pick<Chain, "provider" | "deployment">): Promise<void> {
  const { genesisHash, code } = await guard(async () => {
    // Asked of the node itself: a provider with a static network answers getNetwork from memory.
    const [genesis, code] = await Promise.all([
      provider.getBlock(0),
      provider.getCode(deployment.contracts.records),
    ]);
    return { genesisHash: genesis?.hash, code };
  });
  if (genesisHash !== deployment.genesisHash) {
    throw new SalusError(deployment.chainId === LOCAL_CHAIN_ID ? "CHAIN_RESTARTED" : "WRONG_CHAIN", {
      expected: deployment.genesisHash,
      found: genesisHash ?? "none",
    });
  }
  if (code === "0x") throw new SalusError("NOT_DEPLOYED", { address: deployment.contracts.records });
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
  request: () => Promise<ContractTransactionResponse>,
  { onStatus }: SendOptions = {},
): Promise<Receipt> {
  const run = async (): Promise<Receipt> => {
    const startBlock = await guard(() => chain.provider.getBlockNumber());
    onStatus?.({ state: "wallet" });
    const { hash } = await guard(request);
    onStatus?.({ state: "sent", hash: hash as Hex });
    const receipt = await waitFor(chain, hash as Hex, startBlock);
    onStatus?.({ state: "final", hash: receipt.hash, blockNumber: receipt.blockNumber });
    return receipt;
  };
  const result = (queues.get(sender) ?? Promise.resolve()).then(run, run);
  queues.set(sender, result.catch(() => undefined));
  return result;
}

/**
 * Waits for a transaction that was sent earlier, for instance before a reload.
 * @throws TRANSACTION_REPLACED, TRANSACTION_FAILED, UNKNOWN_TRANSACTION, CHAIN_UNREACHABLE
 */
export async function waitFor(chain: Chain, hash: Hex, startBlock?: number): Promise<Receipt> {
  const receipt = await guard(async () => {
    const found = await chain.provider.getTransactionReceipt(hash);
    if (found) return found;
    const response = await chain.provider.getTransaction(hash);
    if (!response) throw new SalusError("UNKNOWN_TRANSACTION", { transaction: hash });
    const from = startBlock ?? (await chain.provider.getBlockNumber());
    return await response.replaceableTransaction(from).wait();
  });
  if (!receipt || receipt.status !== 1) throw new SalusError("TRANSACTION_FAILED", { transaction: hash });
  return { hash: receipt.hash as Hex, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed };
}

/** A mined transaction's receipt with logs. @throws UNKNOWN_TRANSACTION, CHAIN_UNREACHABLE */
export async function receiptOf(chain: Chain, hash: Hex): Promise<TransactionReceipt> {
  const receipt = await guard(() => chain.provider.getTransactionReceipt(hash));
  if (!receipt) throw new SalusError("UNKNOWN_TRANSACTION", { transaction: hash });
  return receipt;
}

// -------- errors --------

const INTERFACES: readonly Interface[] = [
  Participants__factory,
  Keys__factory,
  Patients__factory,
  Policies__factory,
  Consents__factory,
  Records__factory,
].map((factory) => factory.createInterface());

/** Runs `call` and turns what it throws into a `SalusError`. */
export async function guard<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toSalusError(error);
  }
}

/** Turns an error of ethers, a wallet or a node into a `SalusError`; those that are one already pass unchanged. */
export function toSalusError(error: unknown): SalusError {
  if (isSalusError(error)) return error;
  const custom = customError(error);
  if (custom) return custom;
  if (isError(error, "TRANSACTION_REPLACED")) return new SalusError("TRANSACTION_REPLACED", { reason: error.reason });
  if (isError(error, "ACTION_REJECTED") || codeOf(error).includes(4001)) {
    return new SalusError("SIGNATURE_REJECTED", {}, { cause: error });
  }
  if (isError(error, "INSUFFICIENT_FUNDS")) return new SalusError("INSUFFICIENT_FUNDS", {}, { cause: error });
  if (isUnreachable(error)) return new SalusError("CHAIN_UNREACHABLE", {}, { cause: error });
  const reason = error instanceof Error ? ((error as { shortMessage?: string }).shortMessage ?? error.message) : "";
  return new SalusError("TRANSACTION_FAILED", { reason: reason.slice(0, 200) }, { cause: error });
}

function customError(error: unknown): SalusError | undefined {
  for (const data of revertData(error)) {
    for (const contract of INTERFACES) {
      const parsed = contract.parseError(data);
      if (!parsed || !(parsed.name in ERROR_MESSAGES)) continue;
      const details = Object.fromEntries(parsed.fragment.inputs.map(({ name }, i) => [name, String(parsed.args[i])]));
      return new SalusError(parsed.name as ErrorCode, details, { cause: error });
    }
  }
  return undefined;
}

/** All hex strings under `data` in an error and its causes: nodes and wallets nest it differently. */
function* revertData(error: unknown, depth = 0): Generator<Uint8Array> {
  if (typeof error !== "object" || error === null || depth > 6) return;
  const { data } = error as { data?: unknown };
  if (typeof data === "string" && /^0x([0-9a-f]{2}){4,}$/i.test(data)) yield getBytes(data);
  for (const key of ["data", "error", "info", "cause"] as const) {
    yield* revertData((error as Record<string, unknown>)[key], depth + 1);
  }
}

function codeOf(error: unknown, depth = 0): unknown[] {
  if (typeof error !== "object" || error === null || depth > 6) return [];
  const { code, info, error: inner, cause } = error as Record<string, unknown>;
  return [code, ...[info, inner, cause].flatMap((nested) => codeOf(nested, depth + 1))];
}

function isUnreachable(error: unknown): boolean {
  if (isError(error, "NETWORK_ERROR") || isError(error, "TIMEOUT") || isError(error, "SERVER_ERROR")) return true;
  const network = ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EHOSTUNREACH", "ETIMEDOUT", "EPIPE"];
  if (codeOf(error).some((code) => typeof code === "string" && network.includes(code))) return true;
  return error instanceof TypeError && /fetch/i.test(error.message);
}
