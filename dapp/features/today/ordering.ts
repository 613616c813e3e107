/** What a doctor does in a visit: what is shown and what is signed stand together. */
import type { Address, Document, DocumentFor, Order, OrderRequest, VisitAccess } from "../../../sdk/index.js";
import type { Draft } from "../../components/record/guess.js";
import { recordTopic } from "../../components/record/publishDocument.js";
import { inWorker, type OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** Changes of one order; its row shows them. */
export const orderTopic = (orderId: string) => `orders/${orderId}`;

// What is cut off waits in the journal and is resumed from there.
const about = (session: OwnSession, access: VisitAccess, title: string) => ({
  topic: recordTopic(access.visit.patientId),
  title,
  account: session.account,
  isRetriable: false,
});

/**
 * Runs a change of what is written.
 * @returns whether it is safe: on the chain, or sealed in the journal to be gone on with
 */
async function safely(session: OwnSession, access: VisitAccess, act: () => Promise<unknown>): Promise<boolean> {
  const since = Date.now();
  if ((await act()) !== null) return true;
  const { pending } = await loadSdk();
  const { patientId } = access.visit;
  return (await pending(session)).some((intent) => intent.patientId === patientId && intent.createdAt >= since);
}

/** Writes a document of the visit into the drawer for what happened in visits. @returns see `safely` */
export function write(session: OwnSession, access: VisitAccess, make: () => Promise<Document>): Promise<boolean> {
  return safely(session, access, () =>
    transact(about(session, access, "Adding a note"), async (report) => {
      const { publishInVisit } = await loadSdk();
      return publishInVisit(session, access, drawerFor(access, "visits"), await make(), report);
    }),
  );
}

/** Adds a file to the visit. */
export function attach(session: OwnSession, access: VisitAccess, draft: Draft): Promise<unknown> {
  return transact(about(session, access, "Adding a file"), (report) =>
    inWorker(session, "publishInVisit", { access, label: draft.label, draft }, report),
  );
}

/** Writes an order and places it, in one transaction. @returns see `safely` */
export function order(
  session: OwnSession,
  access: VisitAccess,
  request: Omit<OrderRequest, "drawer" | "document"> & { document: DocumentFor },
): Promise<boolean> {
  const isPrescription = request.role === "pharmacy";
  return safely(session, access, () =>
    transact(about(session, access, isPrescription ? "Prescribing" : "Ordering tests"), async (report) => {
      const { placeOrder } = await loadSdk();
      const drawer = drawerFor(access, isPrescription ? "medication" : "laboratory");
      return placeOrder(session, access, { ...request, drawer }, report);
    }),
  );
}

/** Chooses who carries an order out, of the visit's own staff. */
export function choose(session: OwnSession, { orderId }: Order, account: Address): Promise<unknown> {
  const change = { topic: orderTopic(orderId), title: "Choosing", account: session.account };
  return transact(change, async ({ onStatus }) =>
    (await loadSdk()).chooseFulfiller(session, orderId, account, { onStatus }),
  );
}

/** Ends an order. */
export function cancel(session: OwnSession, { orderId }: Order): Promise<unknown> {
  const change = { topic: orderTopic(orderId), title: "Cancelling the order", account: session.account };
  return transact(change, async ({ onStatus }) => (await loadSdk()).cancelOrder(session, orderId, { onStatus }));
}

/** The drawer of this name, or the first there is: a patient may have opened few. */
export function drawerFor({ drawers }: VisitAccess, label: string): string {
  return drawers.find((drawer) => drawer.label === label)?.label ?? drawers[0]?.label ?? label;
}
