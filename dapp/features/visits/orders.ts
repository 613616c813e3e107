/** A patient's say in an order. */
import type { Address, Order } from "../../../sdk/index.js";
import type { OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** Changes of one order; its row shows them. */
export const orderTopic = (orderId: string) => `orders/${orderId}`;

/** Seals the order to whom the patient chose, and says so on the chain. */
export function choose(session: OwnSession, { orderId }: Order, account: Address): Promise<unknown> {
  const about = { topic: orderTopic(orderId), title: "Choosing", account: session.account };
  return transact(about, async ({ onStatus }) =>
    (await loadSdk()).chooseFulfiller(session, orderId, account, { onStatus }),
  );
}

/** Ends the order. */
export function cancel(session: OwnSession, { orderId }: Order): Promise<unknown> {
  const about = { topic: orderTopic(orderId), title: "Cancelling the order", account: session.account };
  return transact(about, async ({ onStatus }) => (await loadSdk()).cancelOrder(session, orderId, { onStatus }));
}
