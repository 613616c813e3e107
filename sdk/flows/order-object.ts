/**
 * What whoever carries out an order gets, as one sealed object (002-27, 002-29): the order's own header sealed anew, so that
 * the list opens and nothing else does; the patient's name; the drawers that results go into, by name and id, without any
 * secret; and the public key of the visit, while that is open.
 */
import { base64 } from "@scure/base";
import * as v from "valibot";

import type { FulfillerRole } from "../adapters/orders.js";
import { openWith, rewrap, sealTo } from "../core/envelope.js";
import { Hex32, paddedJson, parseJson } from "../core/json.js";
import { accountKeys } from "../core/keys.js";
import { orderIdOf, orderKeyFromJson, OrderKeySchema, orderKeyToJson, type OrderKey } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Hex, RecordId, ScopeId, ScopeLabel } from "../types.js";
import { rootOf, type Session } from "./session.js";

const OrderSchema = v.strictObject({
  v: v.literal(1),
  order: OrderKeySchema,
  name: v.pipe(v.string(), v.maxLength(120)),
  header: v.pipe(v.string(), v.maxLength(4_096), v.base64()),
  drawers: v.pipe(
    v.array(v.strictObject({ scope: Hex32, label: v.pipe(v.string(), v.minLength(1), v.maxLength(60)) })),
    v.minLength(1),
    v.maxLength(10),
  ),
  visitPublicKey: v.nullable(Hex32),
});

/** A drawer by its name. */
export interface NamedDrawer {
  scope: ScopeId;
  label: string;
}

/** What an order's object says. */
export interface OrderObject {
  order: OrderKey;
  /** The name that the patient goes by. */
  name: string;
  /** Opens the order's payload for the account that the object is sealed to. */
  header: Uint8Array;
  /** Where results go, the usual one first. */
  drawers: NamedDrawer[];
  /** What results are sealed to beside the drawer, while the visit is open; null when it was over. */
  visitPublicKey: Hex | null;
}

/** Where results of each role usually go. */
const USUAL: Readonly<Record<FulfillerRole, readonly ScopeLabel[]>> = {
  laboratory: ["laboratory", "imaging"],
  pharmacy: ["medication"],
};

/** The drawers that whoever carries out the order may put results into: those of the role, and the order's own. */
export function drawersFor(role: FulfillerRole, ownScope: ScopeId, drawers: readonly NamedDrawer[]): NamedDrawer[] {
  const usual = USUAL[role].flatMap((label) => drawers.filter((drawer) => drawer.label === label));
  const own = drawers.filter(({ scope }) => scope === ownScope && !usual.some((drawer) => drawer.scope === scope));
  return [...usual, ...own].map(({ scope, label }) => ({ scope, label }));
}

/**
 * Seals an order for `publicKey`.
 * @param object `header` is the order's own, and `secretKey` one that it is sealed to
 * @throws NOT_A_RECIPIENT, HEADER_MALFORMED, HEADER_TAMPERED
 */
export async function sealOrder(
  { order, name, header, drawers, visitPublicKey }: OrderObject,
  secretKey: Uint8Array,
  publicKey: Uint8Array,
): Promise<Uint8Array> {
  const object: v.InferInput<typeof OrderSchema> = {
    v: 1,
    order: orderKeyToJson(order),
    name,
    header: base64.encode(await rewrap(header, secretKey, [publicKey])),
    drawers: drawers.map(({ scope, label }) => ({ scope, label })),
    visitPublicKey,
  };
  return sealTo(paddedJson(object), [publicKey]);
}

/**
 * Opens the object of this order, as whoever it is sealed to.
 * @throws LOCKED, CONTENT_UNAVAILABLE, CID_MISMATCH, NOT_A_RECIPIENT, MANIFEST_MALFORMED, MANIFEST_MISMATCH (of another
 * order), and the header's and the payload's errors
 */
export async function openOrderObject(session: Session, digest: Hex, orderId: RecordId): Promise<OrderObject> {
  const file = await session.store.get(digest);
  const opened = parseJson(OrderSchema, await openWith(file, accountKeys(rootOf(session)).secretKey), "order");
  const order = orderKeyFromJson(opened.order);
  const found = orderIdOf(order);
  if (found !== orderId) throw new SalusError("MANIFEST_MISMATCH", { field: "order", document: found, chain: orderId });
  const labels = new Set(opened.drawers.map(({ label }) => label));
  if (labels.size !== opened.drawers.length) throw new SalusError("MANIFEST_MALFORMED", { object: "order" });
  return { ...opened, order, header: base64.decode(opened.header) };
}
