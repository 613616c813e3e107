/** What a doctor does in a visit: what is shown and what is signed stand together. */
import type {
  Address,
  Document,
  DocumentFor,
  Intent,
  Order,
  OrderRequest,
  PatientId,
  VisitAccess,
} from "../../../sdk/index.js";
import type { Draft } from "../../components/record/guess.js";
import { recordTopic } from "../../components/record/publishDocument.js";
import { isSalusFailure } from "../../lib/errors.js";
import { inWorker, type OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact, type Report } from "../../lib/transactions.js";

/** Changes of one order; its row shows them. */
export const orderTopic = (orderId: string) => `orders/${orderId}`;

/** What is being written of one kind in one visit: its button waits for it, so that nothing is signed twice. */
export const writingTopic = ({ visit, visitId }: VisitAccess, kind: string) =>
  `${recordTopic(visit.patientId)}/${visitId}/${kind}`;

/** The draft that is signed. */
export interface Signed {
  drop: () => void;
  /** Writes it down again: nothing was signed after all. */
  putBack: () => void;
}

// What is cut off waits in the journal and is resumed from there.
const about = (session: OwnSession, access: VisitAccess, kind: string, title: string) => ({
  topic: writingTopic(access, kind),
  title,
  account: session.account,
  isRetriable: false,
});

/**
 * Runs a change of what is written. Its draft goes as soon as the wallet is asked, for then the journal has it: a reload
 * before the block mustn't offer it to be signed once more.
 */
async function sign(
  session: OwnSession,
  change: ReturnType<typeof about> & { patientId: PatientId },
  draft: Signed,
  work: (report: Report) => Promise<unknown>,
): Promise<void> {
  const { patientId, ...told } = change;
  const since = Date.now();
  const done = await transact(told, ({ onStatus, onProgress }) =>
    work({
      onProgress,
      onStatus: (status) => {
        if (status.state === "wallet") draft.drop();
        onStatus(status);
      },
    }).catch(async (error: unknown) => {
      if (isSalusFailure(error, "SIGNATURE_REJECTED")) await giveUp(session, patientId, since).catch(() => undefined);
      throw error;
    }),
  );
  if (done !== null || (await madeSince(session, patientId, since)).length > 0) draft.drop();
  else draft.putBack();
}

/** Whoever declines in the wallet wants to change something: it is taken out of the journal, and its draft comes back. */
async function giveUp(session: OwnSession, patientId: PatientId, since: number): Promise<void> {
  const { abandon } = await loadSdk();
  const [own, ...others] = await madeSince(session, patientId, since);
  // With a file on its way beside it, which of them was declined can't be told: both wait to be gone on with.
  if (own && others.length === 0) await abandon(session, own);
}

/** What the journal holds of a patient since a time, milliseconds. */
async function madeSince(session: OwnSession, patientId: PatientId, since: number): Promise<Intent[]> {
  const { pending } = await loadSdk();
  return (await pending(session)).filter((intent) => intent.patientId === patientId && intent.createdAt >= since);
}

/** Writes a note of the visit into the drawer for what happened in visits. */
export function write(
  session: OwnSession,
  access: VisitAccess,
  draft: Signed,
  make: () => Promise<Document>,
): Promise<void> {
  const { patientId } = access.visit;
  return sign(session, { ...about(session, access, "note", "Adding a note"), patientId }, draft, async (report) => {
    const { publishInVisit } = await loadSdk();
    return publishInVisit(session, access, drawerFor(access, "visits"), await make(), report);
  });
}

/** Adds a file to the visit. */
export function attach(session: OwnSession, access: VisitAccess, draft: Draft): Promise<unknown> {
  return transact(about(session, access, "file", "Adding a file"), (report) =>
    inWorker(session, "publishInVisit", { access, label: draft.label, draft }, report),
  );
}

/** Writes an order and places it, in one transaction. @param kind as `writingTopic` knows it */
export function order(
  session: OwnSession,
  access: VisitAccess,
  kind: string,
  draft: Signed,
  request: Omit<OrderRequest, "drawer" | "document"> & { document: DocumentFor },
): Promise<void> {
  const isPrescription = request.role === "pharmacy";
  const { patientId } = access.visit;
  const change = about(session, access, kind, isPrescription ? "Prescribing" : "Ordering tests");
  return sign(session, { ...change, patientId }, draft, async (report) => {
    const { placeOrder } = await loadSdk();
    const drawer = drawerFor(access, isPrescription ? "medication" : "laboratory");
    return placeOrder(session, access, { ...request, drawer }, report);
  });
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
