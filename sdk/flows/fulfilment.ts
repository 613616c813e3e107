/**
 * Carrying out an order (002-27, 002-29 to 002-31, 002-40, 003-14): whoever was chosen opens the list and nothing else,
 * and reports. Each report is a record of its own that names the one before; nothing is overwritten.
 */
import { scopeKeysOf } from "../adapters/consents.js";
import type { ReportStatus } from "../adapters/fulfilments.js";
import { isFulfiller } from "../adapters/orders.js";
import { visitStateOf } from "../adapters/visits.js";
import { fromHex } from "../core/bytes.js";
import { accountKeys, isUsable } from "../core/keys.js";
import { orderKeyToJson } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Hex, RecordId, ScopeId } from "../types.js";
import { openOrderObject } from "./order-object.js";
import { orderById, type Order } from "./order.js";
import { publishUnder, type Document, type Published, type PublishOptions } from "./publish.js";
import { openRecord, recordById, type OpenedRecord } from "./read.js";
import type { Destination } from "./sealing.js";
import { rootOf, type Session } from "./session.js";
import { onceMore } from "./visit-documents.js";
import { latestOf } from "./visit-keys.js";
import { epochOf } from "./visit-reading.js";

/** An order as whoever carries it out sees it. */
export interface OpenedOrder extends OpenedRecord {
  orderId: RecordId;
  order: Order;
  /** The name that the patient goes by. */
  patientName: string;
  /** Where results may go, the usual one first. */
  drawers: { scope: ScopeId; label: string; publicKey: Hex; epoch: number }[];
  /** What results are sealed to beside the drawer; null when the visit was over. */
  visitPublicKey: Hex | null;
}

/**
 * Opens an order, as whoever was chosen for it.
 * @throws ORDER_UNKNOWN, OrderOver, ORDER_NOT_YOURS, LOCKED, MANIFEST_MISMATCH (what was sealed is of another order or
 * record), UnknownScope, and as `readRecord`
 */
export async function openOrder(session: Session, orderId: RecordId): Promise<OpenedOrder> {
  const { chain, account } = session;
  const secretKey = accountKeys(rootOf(session)).secretKey;
  const order = await orderById(session, orderId);
  const { key, patientId, fulfiller, sealedKey, state, until } = order;
  if (state === "over" || state === "cancelled") throw new SalusError("OrderOver", { orderId, until });
  // The events say so; the contract has the last word.
  if (fulfiller !== account || !sealedKey || !(await isFulfiller(chain, key, account))) {
    throw new SalusError("ORDER_NOT_YOURS", { orderId });
  }
  const [object, record, keys] = await Promise.all([
    openOrderObject(session, sealedKey, orderId),
    recordById(session, orderId),
    scopeKeysOf(chain, patientId),
  ]);
  const drawers = object.drawers.map(({ scope, label }) => {
    const { publicKey, epoch } = latestOf(keys, patientId, scope);
    return { scope, label, publicKey, epoch };
  });
  const epoch = await epochOf(session, record);
  const opened = await openRecord(session, record, { header: object.header, secretKey, epoch });
  const { name: patientName, visitPublicKey } = object;
  return { ...opened, orderId, order, patientName, drawers, visitPublicKey };
}

/**
 * Writes a report and lets it count, in one transaction, as whoever carries the order out.
 * @param status "partial" before the last word, "final" for it (one dispensing of a prescription), "corrected" in place of
 * what this account said finally
 * @param options `drawer`: a label of `opened.drawers`; the usual one of the role unless given
 * @throws UnknownScope, NotAuthorIn, NotFulfillerOf, AlreadyFulfilled, NothingToCorrect, and as `publish`
 */
export async function reportOnOrder(
  session: Session,
  opened: OpenedOrder,
  document: Document,
  status: ReportStatus,
  { drawer, ...options }: PublishOptions & { drawer?: string } = {},
): Promise<Published> {
  const order = orderKeyToJson(opened.order.key);
  return onceMore(async () =>
    publishUnder(
      session,
      await destinationOf(session, opened, drawer),
      document,
      () => Promise.resolve({ kind: "report", order, status }),
      options,
    ),
  );
}

/**
 * Writes a document beside the reports on an order, such as a picture or a curve, as whoever carries the order out. It
 * doesn't count as a report.
 * @param options `drawer` as for `reportOnOrder`
 * @throws UnknownScope, NotAuthorIn, and as `publish`
 */
export async function attachToOrder(
  session: Session,
  opened: OpenedOrder,
  document: Document,
  { drawer, ...options }: PublishOptions & { drawer?: string } = {},
): Promise<Published> {
  const order = orderKeyToJson(opened.order.key);
  return onceMore(async () =>
    publishUnder(
      session,
      await destinationOf(session, opened, drawer),
      document,
      () => Promise.resolve({ kind: "attachment", order }),
      options,
    ),
  );
}

/** The drawer as the chain has it now, sealed to the visit as well while that is open. */
async function destinationOf(
  { chain }: Session,
  { orderId, order, drawers, visitPublicKey }: OpenedOrder,
  label = drawers[0]?.label,
): Promise<Destination> {
  const { patientId, visitId } = order;
  const drawer = drawers.find((each) => each.label === label);
  if (!drawer) throw new SalusError("UnknownScope", { drawer: label ?? "" });
  const { scope } = drawer;
  const [keys, { status }] = await Promise.all([scopeKeysOf(chain, patientId, scope), visitStateOf(chain, visitId)]);
  const { publicKey, epoch } = latestOf(keys, patientId, scope);
  const visitKey = visitPublicKey && status === "open" ? fromHex(visitPublicKey) : null;
  // An impossible one is of whoever chose: it mustn't keep the report from the patient.
  const alsoTo = visitKey && isUsable(visitKey) ? [visitKey] : [];
  return { patientId, scope, publicKey, epoch, context: orderId, alsoTo };
}
