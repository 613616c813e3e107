/** Reading histories: events by indexed topic, from the deployment's block on. */
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

/**
 * All events that fit the filter, oldest first. A node that limits the range of a query is asked in halves.
 * @throws CHAIN_UNREACHABLE
 */
export async function eventsOf<E extends TypedContractEvent>(
  chain: Chain,
  contract: EventSource<E>,
  filter: TypedDeferredTopicFilter<E>,
): Promise<TypedEventLog<E>[]> {
  const from = chain.deployment.blockNumber;
  try {
    return await guard(() => contract.queryFilter(filter, from));
  } catch (error) {
    if (isSalusError(error, "CHAIN_UNREACHABLE")) throw error;
    return inHalves(contract, filter, from, await guard(() => chain.provider.getBlockNumber()), error);
  }
}

/** The smallest range that a node is asked for before its refusal is believed, in blocks. */
const SMALLEST_RANGE = 1_000;

async function inHalves<E extends TypedContractEvent>(
  contract: EventSource<E>,
  filter: TypedDeferredTopicFilter<E>,
  from: number,
  to: number,
  refusal: unknown,
): Promise<TypedEventLog<E>[]> {
  if (to - from < SMALLEST_RANGE) throw refusal;
  const middle = Math.floor((from + to) / 2);
  const half = async (start: number, end: number) => {
    try {
      return await guard(() => contract.queryFilter(filter, start, end));
    } catch (error) {
      return inHalves(contract, filter, start, end, error);
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
