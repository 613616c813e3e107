/** `Fulfilments`: what became of an order (IFulfilments.sol). */
import { Fulfilments__factory } from "../../typechain-types/index.js";
import type { OrderKey } from "../core/visit.js";
import type { Address, Hex, RecordId } from "../types.js";
import type { Call, Chain } from "./chain.js";
import { logsAbout, positionOf, type LogPosition } from "./logs.js";
import { encodeOrderKey } from "./orders.js";
import { NO_KEY } from "./visits.js";

/** `enum ReportStatus` of IFulfilments.sol, in its order. */
export const REPORT_STATUSES = ["partial", "final", "corrected"] as const;
export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** A report on an order: what counts is that the contract took it, after the record was anchored. */
export interface Report extends LogPosition {
  recordId: RecordId;
  by: Address;
  status: ReportStatus;
  /** The report before; null for the first. */
  previous: RecordId | null;
  /** Final reports so far. */
  done: number;
}

const abi = Fulfilments__factory.createInterface();

/** Reports on an order with the record of this nonce, as whoever carries it out. */
export function encodeFulfil(order: OrderKey, record: bigint, status: ReportStatus): Call {
  const data = abi.encodeFunctionData("fulfil", [encodeOrderKey(order), record, REPORT_STATUSES.indexOf(status)]);
  return { contract: "fulfilments", data: data as Hex };
}

/** The reports on each of these orders, oldest first. */
export async function reportsOn(chain: Chain, orderIds: readonly RecordId[]): Promise<Map<RecordId, Report[]>> {
  const reports = new Map<RecordId, Report[]>();
  for (const log of await logsAbout(chain, chain.fulfilments, orderIds)) {
    const args = abi.parseLog(log)?.args;
    if (!args) continue;
    const orderId = args["orderId"] as RecordId;
    const previous = args["previous"] as RecordId;
    const report: Report = {
      ...positionOf(log),
      recordId: args["reportId"] as RecordId,
      by: args["by"] as Address,
      status: REPORT_STATUSES[Number(args["status"])] ?? "partial",
      previous: previous === NO_KEY ? null : previous,
      done: Number(args["done"]),
    };
    reports.set(orderId, [...(reports.get(orderId) ?? []), report]);
  }
  return reports;
}
