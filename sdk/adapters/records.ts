/** `Records`: the append-only, hash-chained list of a patient's documents (IRecords.sol). */
import type { Signer } from "ethers";

import { Records__factory } from "../../typechain-types/index.js";
import { anchorOf } from "../core/record.js";
import type { OrderKey, VisitKey } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, RecordId, ScopeId } from "../types.js";
import { send, type Call, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { scopeOf } from "./consents.js";
import { eventsOf, positionOf, type LogPosition } from "./logs.js";
import { encodeOrderKey } from "./orders.js";
import { guard } from "./refusal.js";
import { encodeVisitKey } from "./visits.js";

/** One document to append, `Entry` in IRecords.sol. */
export interface Entry {
  nonce: bigint;
  /** Bytes of the payload. */
  size: number;
  /** Digest of the CID of the payload. */
  payload: Hex;
  /** Digest of the CID of the header. */
  header: Hex;
}

/** An entry, and the drawer's key that it is sealed to. */
interface Placed {
  scope: ScopeId;
  scopeKey: Hex;
  entry: Entry;
}

/** An appended record as its event tells it. */
export interface AnchoredRecord extends LogPosition {
  recordId: RecordId;
  patientId: PatientId;
  author: Address;
  scope: ScopeId;
  scopeKey: Hex;
  payload: Hex;
  header: Hex;
  /** Bytes of the payload, as the author says. Rounded beyond 2^53: then nobody fetches it. */
  size: number;
  /** Unix seconds. */
  time: number;
  /** The anchor that these values give; the contract stores the true one. */
  anchor: Hex;
}

const abi = Records__factory.createInterface();

const call = (data: string): Call => ({ contract: "records", data: data as Hex });

/**
 * Appends one record. The contract doesn't hold a patient's own against the scope's key (IRecords.sol), so this does,
 * right before the wallet is asked.
 * @throws NotAuthor, StaleScopeKey, RecordExists
 */
export async function sendAppend(
  chain: Chain,
  signer: Signer,
  { patientId, scope, scopeKey, entry }: { patientId: PatientId; scope: ScopeId; scopeKey: Hex; entry: Entry },
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const contract = chain.records.connect(signer);
  const request = async () => {
    const current = await scopeOf(chain, patientId, scope);
    if (current?.publicKey !== scopeKey) {
      throw new SalusError("StaleScopeKey", { given: scopeKey, current: current?.publicKey ?? "none" });
    }
    return contract.append(patientId, scope, scopeKey, entry);
  };
  return send(chain, sender, request, options);
}

/** Appends 1 to 100 records of one scope, all or none. @throws NotAuthor, StaleScopeKey, RecordExists, InvalidBatch */
export async function sendAppendBatch(
  chain: Chain,
  signer: Signer,
  { patientId, scope, scopeKey, entries }: { patientId: PatientId; scope: ScopeId; scopeKey: Hex; entries: Entry[] },
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const contract = chain.records.connect(signer);
  return send(chain, sender, () => contract.appendBatch(patientId, scope, scopeKey, entries), options);
}

/** Appends one record of a visit, as one of its members. */
export function encodeAppendInVisit(visit: VisitKey, { scope, scopeKey, entry }: Placed): Call {
  return call(abi.encodeFunctionData("appendInVisit", [encodeVisitKey(visit), scope, scopeKey, entry]));
}

/** Appends one record under an order, as whoever carries it out. */
export function encodeAppendForOrder(order: OrderKey, { scope, scopeKey, entry }: Placed): Call {
  return call(abi.encodeFunctionData("appendForOrder", [encodeOrderKey(order), scope, scopeKey, entry]));
}

/** Which records were written under a visit or an order, and with which nonce, by either side; oldest first. */
export async function writtenUnder(
  chain: Chain,
  by: { context?: Hex; recordId?: RecordId },
): Promise<{ context: Hex; recordId: RecordId; nonce: bigint }[]> {
  const filter = chain.records.filters.RecordWrittenUnder(by.context, by.recordId);
  return (await eventsOf(chain, chain.records, filter)).map(({ args }) => ({
    context: args.context as Hex,
    recordId: args.recordId as RecordId,
    nonce: args.nonce,
  }));
}

/** Records in the order of the chain, by any of patient, author and id; all of them when `by` is empty. */
export async function recordsOf(
  chain: Chain,
  by: { patientId?: PatientId; author?: Address; recordId?: RecordId },
): Promise<AnchoredRecord[]> {
  const filter = chain.records.filters.RecordAppended(by.patientId, by.author, by.recordId);
  return (await eventsOf(chain, chain.records, filter)).map((log) => ({
    ...positionOf(log),
    recordId: log.args.recordId as RecordId,
    patientId: log.args.patientId as PatientId,
    author: log.args.author as Address,
    scope: log.args.scope as ScopeId,
    scopeKey: log.args.scopeKey as Hex,
    payload: log.args.payload as Hex,
    header: log.args.header as Hex,
    size: Number(log.args.size),
    time: Number(log.args.time),
    anchor: anchorOf({
      recordId: log.args.recordId as RecordId,
      author: log.args.author as Address,
      scope: log.args.scope as ScopeId,
      scopeKey: log.args.scopeKey as Hex,
      payload: log.args.payload as Hex,
      header: log.args.header as Hex,
      size: log.args.size,
      time: log.args.time,
    }),
  }));
}

/** The anchor that the contract stores for the record, or null when it knows no such record. */
export async function storedAnchorOf(chain: Chain, recordId: RecordId): Promise<Hex | null> {
  const anchor = await guard(() => chain.records.anchorOf(recordId));
  return /^0x0*$/.test(anchor) ? null : (anchor as Hex);
}

/** The head of the patient's chain of records; 32 zero bytes before the first. */
export async function headOf(chain: Chain, patientId: PatientId): Promise<Hex> {
  return (await guard(() => chain.records.headOf(patientId))) as Hex;
}
