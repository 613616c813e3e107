/**
 * Orders (002-13, 002-26 to 002-29, 002-40): a doctor's test list or prescription, written in a visit, and who carries it out.
 * Its QR holds the order's id and nothing else; what it says goes sealed to whoever was chosen.
 */
import { base64 } from "@scure/base";

import { senderOf, type Receipt, type SendOptions } from "../adapters/chain.js";
import { reportsOn, type Report } from "../adapters/fulfilments.js";
import { blockTime } from "../adapters/logs.js";
import {
  placedOrders,
  sendAssignOrder,
  sendCancelOrder,
  sendRequestOrder,
  type FulfillerRole,
  type PlacedOrder,
} from "../adapters/orders.js";
import { roleOf } from "../adapters/participants.js";
import { visitsById, visitStateOf } from "../adapters/visits.js";
import { toHex } from "../core/bytes.js";
import { computeCid } from "../core/cid.js";
import { visitKeys } from "../core/keys.js";
import { orderIdOf, visitKeyToJson, type OrderKey } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, RecordId, VisitId } from "../types.js";
import { drawersFor, sealOrder, type NamedDrawer } from "./order-object.js";
import { publishUnder, type Document, type DocumentFor, type Published, type PublishOptions } from "./publish.js";
import { checkedHeader, recordById } from "./read.js";
import { readProfile } from "./registration.js";
import { isOwner, ownDrawers, scopeSecretOf } from "./scopes.js";
import { publicKeyOfAccount, rootOf, type Reader, type Session } from "./session.js";
import { forget, storedFor, type StoredName } from "./stored.js";
import { destinationIn, onceMore } from "./visit-documents.js";
import { epochOf } from "./visit-reading.js";
import { enterVisit, type VisitAccess } from "./visit.js";

/** What a doctor orders. */
export interface OrderRequest {
  /** Label of the drawer that the order is written into. */
  drawer: string;
  /** As it is, or written once the order's id is known. */
  document: Document | DocumentFor;
  role: FulfillerRole;
  /** 1 for a test list; once and as many times again as a prescription is repeated. At most 255. */
  fills: number;
  /** May be carried out before this time, Unix seconds. */
  until: number;
  /** Somebody of the visit's staff; without, the patient chooses. */
  fulfiller?: Address | undefined;
}

/** Where an order stands. */
export type OrderState = "waiting" | "assigned" | "partial" | "done" | "over" | "cancelled";

/** An order, who carries it out, and what became of it. */
export interface Order {
  /** The record that it is. */
  orderId: RecordId;
  key: OrderKey;
  patientId: PatientId;
  visitId: VisitId;
  author: Address;
  role: FulfillerRole;
  /** How often it may be filled, and how often it was. */
  fills: number;
  done: number;
  /** May be carried out before this time, Unix seconds. */
  until: number;
  fulfiller: Address | null;
  /** "waiting" for somebody to be chosen; "partial" once something was reported, but not all. */
  state: OrderState;
  /** Whoever was chosen so far, oldest first: who isn't the fulfiller now could open the order before. */
  chosen: Address[];
  /** Who asked to be chosen, oldest first; anybody accredited for the role can. */
  requests: Address[];
  /** Oldest first; each names the one before. */
  reports: Report[];
  /** Digest of the CID of the order sealed to the fulfiller. */
  sealedKey: Hex | null;
  /** Transaction of the latest choice; null without one. */
  chosenIn: Hex | null;
  /** Of the placing. */
  transactionHash: Hex;
  blockNumber: number;
}

/**
 * Orders, oldest first, by any of id, patient, visit and author, by who carries them out now, or by who asked to; all of
 * them when `by` is empty.
 * @throws CHAIN_UNREACHABLE, ANCHOR_MISMATCH when the node tells of an order that isn't the one of its id
 */
export async function ordersOf(
  { chain }: Pick<Reader, "chain">,
  by: {
    orderId?: RecordId;
    patientId?: PatientId;
    visitId?: VisitId;
    author?: Address;
    fulfiller?: Address;
    requester?: Address;
  },
): Promise<Order[]> {
  const [ofVisit] = by.visitId ? await visitsById(chain, [by.visitId]) : [];
  if (by.visitId && !ofVisit) return [];
  const patientId = ofVisit?.key.patientId ?? by.patientId;
  const placed = (await placedOrders(chain, { ...by, patientId })).filter(
    ({ visitId, assignment }) =>
      (by.visitId === undefined || visitId === by.visitId) &&
      (by.fulfiller === undefined || assignment?.fulfiller === by.fulfiller),
  );
  const [visits, reports, now] = await Promise.all([
    visitsById(chain, [...new Set(placed.map(({ visitId }) => visitId))]),
    reportsOn(
      chain,
      placed.map(({ orderId }) => orderId),
    ),
    blockTime(chain),
  ]);
  const keys = new Map(visits.map(({ visitId, key }) => [visitId, key]));
  return placed.map((order) => {
    const { orderId, author, nonce, visitId, assignment } = order;
    const visit = keys.get(visitId);
    const key = visit && { visit, author, nonce };
    if (!key || orderIdOf(key) !== orderId) throw new SalusError("ANCHOR_MISMATCH", { recordId: orderId });
    const ofOrder = reports.get(orderId) ?? [];
    const done = ofOrder.at(-1)?.done ?? 0;
    const { role, fills, until, chosen, requests, transactionHash, blockNumber } = order;
    const { fulfiller, sealedKey, transactionHash: chosenIn } = assignment ?? NOBODY_CHOSEN;
    const state = stateOf(order, done, ofOrder.length > 0, now);
    const facts = { orderId, key, patientId: order.patientId, visitId, author, role, fills, done, until };
    const people = { fulfiller, chosen, requests };
    return { ...facts, ...people, state, reports: ofOrder, sealedKey, chosenIn, transactionHash, blockNumber };
  });
}

/** One order. @throws ORDER_UNKNOWN, CHAIN_UNREACHABLE */
export async function orderById(reader: Pick<Reader, "chain">, orderId: RecordId): Promise<Order> {
  const [order] = await ordersOf(reader, { orderId });
  if (!order) throw new SalusError("ORDER_UNKNOWN", { orderId });
  return order;
}

/**
 * Writes an order in a visit and places it, in one transaction, as a doctor. With a fulfiller it goes sealed to them.
 * @returns the record's id, which is the order's
 * @throws UnknownScope, NotFulfiller, NO_PUBLISHED_KEY, NotAuthorIn, NotOrderingDoctor, InvalidOrder, NotAssigned, and as
 * `publish`
 */
export async function placeOrder(
  session: Session,
  access: VisitAccess,
  request: OrderRequest,
  options: PublishOptions = {},
): Promise<Published> {
  const { role, fills, until, document } = request;
  if (!isWhole(fills, 1, 255) || !isWhole(until, 1, 2 ** 48 - 1)) {
    throw new SalusError("InvalidOrder", { role, fills, until });
  }
  const fulfiller = request.fulfiller ?? null;
  const to = fulfiller && (await keyOfFulfiller(session, fulfiller, role));
  const visit = visitKeyToJson(access.visit);
  return onceMore(async () => {
    const destination = await destinationIn(session, access, request.drawer);
    const drawers = drawersFor(role, destination.scope, access.drawers);
    const underOf = async ({ nonce, header }: { nonce: bigint; header: Uint8Array }) => {
      const order: OrderKey = { visit: access.visit, author: session.account, nonce };
      const object = { order, name: access.name, header, drawers, visitPublicKey: access.publicKey };
      const sealed = to && (await sealOrder(object, access.secrets.visit, to));
      const sealedKey = sealed && (await computeCid(sealed)).digest;
      const sealedOrder = sealed && base64.encode(sealed);
      return { kind: "order" as const, visit, placement: { role, fills, until, fulfiller, sealedKey, sealedOrder } };
    };
    return publishUnder(session, destination, document, underOf, options);
  });
}

/**
 * Chooses who carries out an order and seals it to them: as the patient anybody of its role, as its doctor somebody of the
 * visit's staff. Takes the place of an earlier choice, who may have kept what they opened.
 * @throws ORDER_UNKNOWN, NotFulfiller, NO_PUBLISHED_KEY, NotPartyOfOrder, NOT_IN_VISIT, OrderOver, NotAssigned, LOCKED, and as
 * `checkedHeader` when the order's record isn't the order: then nothing is sealed to anybody
 */
export async function chooseFulfiller(
  session: Session,
  orderId: RecordId,
  account: Address,
  options?: SendOptions,
): Promise<Receipt> {
  const { chain, signer, store } = session;
  const order = await orderById(session, orderId);
  // Before anything is sealed: an account that nobody accredited gets nothing to open.
  const to = await keyOfFulfiller(session, account, order.role);
  const [record, isPatient, before] = await Promise.all([
    recordById(session, orderId),
    isOwner(session, order.patientId),
    sealedBefore(session, order),
  ]);
  const { secretKey, ...known } = isPatient
    ? { secretKey: (await scopeSecretOf(session, record)).secretKey, ...(await knownToPatient(session, order)) }
    : await knownToDoctor(session, order);
  const epoch = await epochOf(session, record);
  const object = {
    order: order.key,
    name: known.name,
    header: await checkedHeader(session, record, { secretKey, epoch }),
    drawers: drawersFor(order.role, record.scope, known.drawers),
    visitPublicKey: known.visitPublicKey,
  };
  const send = ([sealedKey]: readonly [Hex]) =>
    sendAssignOrder(chain, signer, order.key, { fulfiller: account, sealedKey }, options);
  const receipt = await storedFor(store, [await sealOrder(object, secretKey, to)], send, { isNew: true });
  await forget(store, before);
  return receipt;
}

/** Asks to be chosen, as somebody with the order's role who has its QR. @throws ORDER_UNKNOWN, OrderOver, NotFulfiller */
export async function requestOrder(session: Session, orderId: RecordId, options?: SendOptions): Promise<Receipt> {
  const { key } = await orderById(session, orderId);
  return sendRequestOrder(session.chain, session.signer, key, options);
}

/** Cancels an order, as its patient, or as its doctor in the open visit. @throws ORDER_UNKNOWN, OrderOver, NotPartyOfOrder */
export async function cancelOrder(session: Session, orderId: RecordId, options?: SendOptions): Promise<Receipt> {
  const { key } = await orderById(session, orderId);
  return sendCancelOrder(session.chain, session.signer, key, options);
}

// -------- steps --------

const NOBODY_CHOSEN = { fulfiller: null, sealedKey: null, transactionHash: null };

const isWhole = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most;

function stateOf({ fills, until, assignment, isCancelled }: PlacedOrder, done: number, reported: boolean, now: number) {
  if (done >= fills) return "done";
  if (isCancelled) return "cancelled";
  if (until <= now) return "over";
  if (reported) return "partial";
  return assignment ? "assigned" : "waiting";
}

/**
 * What the account itself has sealed to the one who was chosen before. Whoever else chose may have named any object at all,
 * such as the patient's backup, to have it forgotten.
 */
async function sealedBefore({ chain, account }: Session, { sealedKey, chosenIn }: Order): Promise<StoredName[]> {
  if (!sealedKey || !chosenIn || (await senderOf(chain, chosenIn)) !== account) return [];
  return [{ digest: sealedKey }];
}

/** The key to seal an order to. @throws NotFulfiller, NO_PUBLISHED_KEY */
async function keyOfFulfiller(session: Session, account: Address, role: FulfillerRole): Promise<Uint8Array> {
  if ((await roleOf(session.chain, account)) !== role) throw new SalusError("NotFulfiller", { account, role });
  return publicKeyOfAccount(session, account);
}

/** What an order's object says, beside the order itself. */
interface Known {
  name: string;
  drawers: readonly NamedDrawer[];
  visitPublicKey: Hex | null;
}

async function knownToPatient(session: Session, { patientId, visitId, key }: Order): Promise<Known> {
  const [{ identity }, drawers, { status }] = await Promise.all([
    readProfile(session, patientId),
    ownDrawers(session, patientId),
    visitStateOf(session.chain, visitId),
  ]);
  const { publicKey } = visitKeys(rootOf(session), key.visit.nonce);
  return { name: identity.name, drawers, visitPublicKey: status === "open" ? toHex(publicKey) : null };
}

async function knownToDoctor(session: Session, order: Order): Promise<Known & { secretKey: Uint8Array }> {
  const { orderId, author, visitId } = order;
  if (author !== session.account) throw new SalusError("NotPartyOfOrder", { orderId, account: session.account });
  const { name, drawers, publicKey, secrets } = await enterVisit(session, visitId);
  return { name, drawers, visitPublicKey: publicKey, secretKey: secrets.visit };
}
