/** Reading histories: events by indexed topic, from the deployment's block on. */
import type { Log } from "ethers";

import type { TypedContractEvent, TypedDeferredTopicFilter, TypedEventLog } from "../../typechain-types/common.js";
import { isSalusError } from "../errors.js";
import type { Hex } from "../types.js";
import type { Chain } from "./chain.js";
import { guard } from "./refusal.js";

/** Where an event stands on chain. */
export interface LogPosition {
  blockNumber: number;
  logIndex: number;
  transactionHash: Hex;
}

/** The part of a typechain contract that reads events. */
interface EventSource<E extends TypedContractEvent> {
  queryFilter(filter: TypedDeferredTopicFilter<E>, fromBlock?: number, toBlock?: number): Promise<TypedEventLog<E>[]>;
}

/** The part of a contract that says where it is. */
interface LogSource {
  getAddress(): Promise<string>;
}

/**
 * All events that fit the filter, oldest first. A node that limits the range of a query is asked in halves.
 * @throws CHAIN_UNREACHABLE
 */
export async function eventsOf<E extends TypedContractEvent>(
  chain: Chain,
  contract: EventSource<E>,
  filter: TypedDeferredTopicFilter<E>,
): Promise<TypedEventLog<E>[]> {
  return inRange(chain, (from, to) => contract.queryFilter(filter, from, to));
}

/** How many topics a node is asked for at a time. */
const MAX_TOPICS = 200;

/**
 * All logs of a contract, of whatever event, whose first indexed value is one of `ids`: what happened to these, oldest
 * first. Parse them with the contract's interface.
 * @throws CHAIN_UNREACHABLE
 */
export async function logsAbout(chain: Chain, contract: LogSource, ids: readonly Hex[]): Promise<Log[]> {
  const address = await contract.getAddress();
  const logs: Log[] = [];
  for (let at = 0; at < ids.length; at += MAX_TOPICS) {
    const topics = [null, ids.slice(at, at + MAX_TOPICS)];
    logs.push(
      ...(await inRange(chain, (fromBlock, toBlock) =>
        chain.provider.getLogs({ address, topics, fromBlock, toBlock: toBlock ?? "latest" }),
      )),
    );
  }
  return logs.sort((a, b) => byPosition(positionOf(a), positionOf(b)));
}

/**
 * Asks for a range of blocks, the deployment's whole one unless told otherwise; in halves if the node limits it.
 * @throws CHAIN_UNREACHABLE
 */
export async function inRange<T>(
  chain: Chain,
  query: (from: number, to?: number) => Promise<T[]>,
  from = chain.deployment.blockNumber,
  to?: number,
): Promise<T[]> {
  try {
    return await guard(() => query(from, to));
  } catch (error) {
    if (isSalusError(error, "CHAIN_UNREACHABLE")) throw error;
    return inHalves(query, from, to ?? (await guard(() => chain.provider.getBlockNumber())), error);
  }
}

/** The smallest range that a node is asked for before its refusal is believed, in blocks. */
const SMALLEST_RANGE = 1_000;

async function inHalves<T>(
  query: (from: number, to: number) => Promise<T[]>,
  from: number,
  to: number,
  refusal: unknown,
): Promise<T[]> {
  if (to - from < SMALLEST_RANGE) throw refusal;
  const middle = Math.floor((from + to) / 2);
  const half = async (start: number, end: number) => {
    try {
      return await guard(() => query(start, end));
    } catch (error) {
      return inHalves(query, start, end, error);
    }
  };
  return [...(await half(from, middle)), ...(await half(middle + 1, to))];
}

/** Where a log stands. */
export function positionOf(log: { blockNumber: number; index: number; transactionHash: string }): LogPosition {
  return { blockNumber: log.blockNumber, logIndex: log.index, transactionHash: log.transactionHash as Hex };
}

/** Orders positions as the chain does. */
export function byPosition(a: LogPosition, b: LogPosition): number {
  return a.blockNumber - b.blockNumber || a.logIndex - b.logIndex;
}

/** A block's time, Unix seconds. The latest one's is what contracts compare expiries with. */
export async function blockTime(chain: Chain, blockNumber: number | "latest" = "latest"): Promise<number> {
  const block = await guard(() => chain.provider.getBlock(blockNumber));
  return block?.timestamp ?? 0;
}

/** The times of the blocks of `positions`, Unix seconds, by block number; each block is asked for once. */
export async function blockTimes(
  chain: Chain,
  positions: readonly Pick<LogPosition, "blockNumber">[],
): Promise<Map<number, number>> {
  const numbers = [...new Set(positions.map(({ blockNumber }) => blockNumber))];
  return new Map(await Promise.all(numbers.map(async (number) => [number, await blockTime(chain, number)] as const)));
}
