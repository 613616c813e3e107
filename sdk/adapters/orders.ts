/** `Orders`: what a doctor asks of a laboratory or a pharmacy (IOrders.sol). */
import { type Signer, ZeroAddress } from "ethers";

import { Orders__factory } from "../../typechain-types/index.js";
import type { OrderKey } from "../core/visit.js";
import { ROLES, type Address, type Hex, type PatientId, type RecordId, type VisitId } from "../types.js";
import { sendCall, type Call, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { eventsOf, logsAbout, positionOf, type LogPosition } from "./logs.js";
import { guard } from "./refusal.js";
import { encodeVisitKey, NO_KEY } from "./visits.js";

/** Who can carry an order out. */
export type FulfillerRole = "laboratory" | "pharmacy";

/** What `place` says of an order beside its key. */
export interface Placement {
  role: FulfillerRole;
  /** How often: 1 for a test list; once and as many times again as a prescription is repeated. At most 255. */
  fills: number;
  /** May be carried out before this time, Unix seconds. */
  until: number;
  /** Somebody of the visit's staff; null leaves the choice to the patient. */
  fulfiller: Address | null;
  /** Digest of the CID of the order sealed to the fulfiller; null without one. */
  sealedKey: Hex | null;
}

/** An order as its events tell it. */
export interface PlacedOrder extends LogPosition {
  orderId: RecordId;
  patientId: PatientId;
  author: Address;
  visitId: VisitId;
  nonce: bigint;
  role: FulfillerRole;
  fills: number;
  /** As it was placed, Unix seconds. */
  until: number;
  /** The latest choice, or null. */
  assignment: ({ fulfiller: Address; sealedKey: Hex } & LogPosition) | null;
  /** Whoever was chosen so far, oldest first, each once: the latest choice, and those who could open the order before. */
  chosen: Address[];
  /** Who asked to be chosen, oldest first, each once. */
  requests: Address[];
  isCancelled: boolean;
}

const abi = Orders__factory.createInterface();

const call = (data: string): Call => ({ contract: "orders", data: data as Hex });

/** A key as the contracts take it. */
export const encodeOrderKey = ({ visit, author, nonce }: OrderKey): OrderKey => ({
  visit: encodeVisitKey(visit),
  author,
  nonce,
});

// -------- calls --------

/** Places a record of the visit as an order, as the doctor who wrote it. */
export function encodePlace(key: OrderKey, { role, fills, until, fulfiller, sealedKey }: Placement): Call {
  const terms = [ROLES.indexOf(role), fills, until, fulfiller ?? ZeroAddress, sealedKey ?? NO_KEY] as const;
  return call(abi.encodeFunctionData("place", [encodeOrderKey(key), ...terms]));
}

/**
 * Chooses who carries an order out, as its patient, or as its doctor among the visit's staff.
 * @throws UnknownOrder, OrderOver, NotPartyOfOrder, NotFulfiller, NotAssigned
 */
export async function sendAssignOrder(
  chain: Chain,
  signer: Signer,
  key: OrderKey,
  { fulfiller, sealedKey }: { fulfiller: Address; sealedKey: Hex },
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(
    chain,
    signer,
    call(abi.encodeFunctionData("assign", [encodeOrderKey(key), fulfiller, sealedKey])),
    options,
  );
}

/** Asks to be chosen for an order. @throws UnknownOrder, OrderOver, NotFulfiller */
export async function sendRequestOrder(
  chain: Chain,
  signer: Signer,
  key: OrderKey,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("request", [encodeOrderKey(key)])), options);
}

/** Cancels an order, as its patient, or as its doctor in the open visit. @throws UnknownOrder, OrderOver, NotPartyOfOrder */
export async function sendCancelOrder(
  chain: Chain,
  signer: Signer,
  key: OrderKey,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("cancel", [encodeOrderKey(key)])), options);
}

// -------- reading --------

/** Whether the contract lets `account` report on the order now. */
export async function isFulfiller(chain: Chain, key: OrderKey, account: Address): Promise<boolean> {
  return guard(() => chain.orders.isFulfiller(encodeOrderKey(key), account));
}

/**
 * Orders as they were placed, by any of id, patient and author, by who was ever chosen, or by who asked to be; all of
 * them when `by` is empty. Oldest first.
 */
export async function placedOrders(
  chain: Chain,
  by: { orderId?: RecordId; patientId?: PatientId; author?: Address; fulfiller?: Address; requester?: Address },
): Promise<PlacedOrder[]> {
  const { filters } = chain.orders;
  const { orderId, patientId } = by;
  const logs = by.fulfiller
    ? await eventsOf(chain, chain.orders, filters.OrderAssigned(orderId, patientId, by.fulfiller))
    : by.requester
      ? await eventsOf(chain, chain.orders, filters.OrderRequested(orderId, patientId, by.requester))
      : await eventsOf(chain, chain.orders, filters.OrderPlaced(orderId, patientId, by.author));
  const orders = await ordersById(chain, [...new Set(logs.map(({ args }) => args.orderId as RecordId))]);
  return orders.filter(({ author }) => by.author === undefined || author === by.author);
}

/** All that was said about these orders, put together. */
async function ordersById(chain: Chain, ids: readonly RecordId[]): Promise<PlacedOrder[]> {
  const orders = new Map<RecordId, PlacedOrder>();
  for (const log of await logsAbout(chain, chain.orders, ids)) {
    const event = abi.parseLog(log);
    if (!event) continue;
    const { args } = event;
    const orderId = args["orderId"] as RecordId;
    if (event.name === "OrderPlaced") {
      orders.set(orderId, {
        ...positionOf(log),
        orderId,
        patientId: args["patientId"] as PatientId,
        author: args["author"] as Address,
        visitId: args["visitId"] as VisitId,
        nonce: args["nonce"] as bigint,
        role: ROLES[Number(args["role"])] as FulfillerRole,
        fills: Number(args["fills"]),
        until: Number(args["until"]),
        assignment: null,
        chosen: [],
        requests: [],
        isCancelled: false,
      });
    }
    const order = orders.get(orderId);
    if (!order) continue;
    if (event.name === "OrderAssigned") {
      const [fulfiller, sealedKey] = [args["fulfiller"] as Address, args["sealedKey"] as Hex];
      order.assignment = { ...positionOf(log), fulfiller, sealedKey };
      if (!order.chosen.includes(fulfiller)) order.chosen.push(fulfiller);
    }
    const by = args["by"] as Address;
    if (event.name === "OrderRequested" && !order.requests.includes(by)) order.requests.push(by);
    if (event.name === "OrderCancelled") order.isCancelled = true;
  }
  return [...orders.values()];
}
