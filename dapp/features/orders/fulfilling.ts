/** What a laboratory or pharmacy does on an order: what is shown and what is signed stand together. */
import type { Document, Hex, Intent, OpenedOrder, Order, RecordId, Session } from "../../../sdk/index.js";
import type { Draft } from "../../components/record/guess.js";
import { inWorker, type OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** Changes of one order; its page and its row show them. */
export const orderTopic = (orderId: string) => `orders/${orderId}`;

/**
 * The code of an order that was typed: its short code, its id, or the text of its QR.
 * @throws SalusError CODE_MALFORMED, CODE_UNKNOWN, CODE_AMBIGUOUS (several orders that stand have it)
 */
export async function findOrder(session: Session, role: Order["role"], typed: string): Promise<string> {
  const { encodeCode, normalShortCode, ordersOf, SalusError, shortCodeOf } = await loadSdk();
  const text = typed.trim();
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return encodeCode("order", text.toLowerCase() as Hex);
  const code = normalShortCode(text);
  const found = (await ordersOf(session, {})).filter(
    (order) => order.role === role && shortCodeOf(order.orderId) === code,
  );
  // 40 bits can be sought for: whoever places an order under another's code mustn't get it carried out instead.
  const standing = found.filter(({ state }) => state !== "over" && state !== "cancelled");
  if (standing.length > 1) throw new SalusError("CODE_AMBIGUOUS");
  const [one = found.at(-1)] = standing;
  if (!one) throw new SalusError("CODE_UNKNOWN");
  return encodeCode("order", one.orderId);
}

/** Tells the patient that this account would carry the order out. */
export function ask(session: OwnSession, orderId: RecordId): Promise<unknown> {
  const about = { topic: orderTopic(orderId), title: "Asking to be chosen", account: session.account };
  return transact(about, async ({ onStatus }) => (await loadSdk()).requestOrder(session, orderId, { onStatus }));
}

/** Stores a report and lets it count. What is cut off waits in the journal and is resumed from there. */
export function report(
  session: OwnSession,
  opened: OpenedOrder,
  status: "partial" | "final" | "corrected",
  write: () => Promise<Document>,
): Promise<unknown> {
  const title = opened.order.role === "pharmacy" ? "Dispensing" : "Reporting";
  return transact(
    { topic: orderTopic(opened.orderId), title, account: session.account, isRetriable: false },
    async (told) => (await loadSdk()).reportOnOrder(session, opened, await write(), status, told),
  );
}

/** Whether what is in the journal is a report on this order, or a dispensing. */
export function isReportOn({ key }: Order, { under }: Intent): boolean {
  if (under?.kind !== "report") return false;
  const { visit, author, nonce } = under.order;
  return (
    author === key.author &&
    nonce === String(key.nonce) &&
    visit.patientId === key.visit.patientId &&
    visit.hospital === key.visit.hospital &&
    visit.nonce === String(key.visit.nonce)
  );
}

/** Whether a report on this order, or a dispensing, is in the journal now: cut off, or under way in another tab. */
export async function isPending(session: Session, order: Order): Promise<boolean> {
  const { pending } = await loadSdk();
  return (await pending(session)).some((intent) => isReportOn(order, intent));
}

/** Stores a file beside the reports. */
export function attach(session: OwnSession, opened: OpenedOrder, draft: Draft): Promise<unknown> {
  const about = { topic: orderTopic(opened.orderId), title: "Adding a file", account: session.account };
  return transact({ ...about, isRetriable: false }, (told) =>
    inWorker(session, "attachToOrder", { opened, label: draft.label, draft }, told),
  );
}
