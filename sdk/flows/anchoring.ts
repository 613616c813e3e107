/** Sending what the journal notes: which transaction anchors an intent's record, and what else that transaction says. */
import { sendBatch, sendCall, type Call, type Receipt, type SendOptions } from "../adapters/chain.js";
import { encodeFulfil } from "../adapters/fulfilments.js";
import type { Intent, Under } from "../adapters/journal.js";
import { encodePlace } from "../adapters/orders.js";
import {
  encodeAppendForOrder,
  encodeAppendInVisit,
  sendAppend,
  sendAppendBatch,
  type Entry,
} from "../adapters/records.js";
import { orderKeyFromJson, visitKeyFromJson } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Session } from "./session.js";

/**
 * Sends the transaction of one intent, or of several of one drawer. The journal learns its hash.
 * @throws what the contracts refuse, InvalidBatch, SIGNATURE_REJECTED, CHAIN_UNREACHABLE
 */
export async function sendIntents(
  session: Session,
  intents: readonly Intent[],
  options: SendOptions,
): Promise<Receipt> {
  let noted: Promise<unknown> | undefined;
  const noting: SendOptions = {
    onStatus: (status) => {
      if (status.state === "sent") {
        // The note spares a later run a second transaction. The chain refuses that anyway, so a failing note is no failure.
        noted = Promise.allSettled(
          intents.map(({ recordId }) => session.journal.noteTransaction(recordId, status.hash)),
        );
      }
      options.onStatus?.(status);
    },
  };
  try {
    return await request(session, intents, noting);
  } finally {
    // Nobody may remove the intent while it's being written.
    await noted;
  }
}

async function request({ chain, signer }: Session, intents: readonly Intent[], options: SendOptions): Promise<Receipt> {
  const [first] = intents;
  if (!first) throw new SalusError("InvalidBatch", { length: 0 });
  const { patientId, scope, scopeKey, under } = first;
  const [entry, ...more] = intents.map(entryOf) as [Entry, ...Entry[]];
  if (under) {
    const calls = callsOf(first, under, entry);
    const [only, ...others] = calls;
    return only && others.length === 0
      ? sendCall(chain, signer, only, options)
      : sendBatch(chain, signer, calls, options);
  }
  return more.length === 0
    ? sendAppend(chain, signer, { patientId, scope, scopeKey, entry }, options)
    : sendAppendBatch(chain, signer, { patientId, scope, scopeKey, entries: [entry, ...more] }, options);
}

/** The record, and with it what it is: an order that is placed, a report that counts. All or none. */
function callsOf({ author, nonce, scope, scopeKey }: Intent, under: Under, entry: Entry): Call[] {
  const placed = { scope, scopeKey, entry };
  if (under.kind === "report" || under.kind === "attachment") {
    const order = orderKeyFromJson(under.order);
    const append = encodeAppendForOrder(order, placed);
    return under.kind === "report" ? [append, encodeFulfil(order, BigInt(nonce), under.status)] : [append];
  }
  const visit = visitKeyFromJson(under.visit);
  const append = encodeAppendInVisit(visit, placed);
  return under.kind === "visit"
    ? [append]
    : [append, encodePlace({ visit, author, nonce: BigInt(nonce) }, under.placement)];
}

function entryOf({ nonce, size, payload, header }: Intent): Entry {
  return { nonce: BigInt(nonce), size, payload, header };
}
