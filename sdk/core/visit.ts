/**
 * What names a visit, an order and a record written under them (002-24, 002-26, 002-31). Each mirrors one line of
 * contracts/utils/Ids.sol, so whoever has the key can prove the id, and nobody can pass off one for another.
 */
import { AbiCoder, keccak256 } from "ethers";
import * as v from "valibot";

import type { Address, Hex, PatientId, RecordId, VisitId } from "../types.js";
import { AccountAddress, Hex32, Uint64 } from "./json.js";

/** What names a visit, `VisitKey` of IVisits.sol. */
export interface VisitKey {
  patientId: PatientId;
  /** The hospital that the patient's permit is for. */
  hospital: Address;
  /** The permit's, 64 random bits. */
  nonce: bigint;
}

/** What names an order, `OrderKey` of IOrders.sol. */
export interface OrderKey {
  visit: VisitKey;
  /** The doctor. */
  author: Address;
  /** The record's nonce. */
  nonce: bigint;
}

/** A visit's key as JSON holds it, which knows no integers of 64 bits. */
export const VisitKeySchema = v.strictObject({ patientId: Hex32, hospital: AccountAddress, nonce: Uint64 });

/** An order's key as JSON holds it. */
export const OrderKeySchema = v.strictObject({ visit: VisitKeySchema, author: AccountAddress, nonce: Uint64 });

/** A visit's key in JSON. */
export type VisitKeyJson = v.InferOutput<typeof VisitKeySchema>;

/** An order's key in JSON. */
export type OrderKeyJson = v.InferOutput<typeof OrderKeySchema>;

/** keccak256(abi.encode(patientId, hospital, nonce)). */
export function visitIdOf({ patientId, hospital, nonce }: VisitKey): VisitId {
  return hash(["bytes32", "address", "uint64"], [patientId, hospital, nonce]);
}

/** The record that the order is. */
export function orderIdOf({ visit, author, nonce }: OrderKey): RecordId {
  return recordIdIn(visitIdOf(visit), author, nonce);
}

/** The id of the record that `author` writes under a visit (its id) or an order (its record's id). */
export function recordIdIn(context: Hex, author: Address, nonce: bigint): RecordId {
  return hash(["bytes32", "address", "uint64"], [context, author, nonce]);
}

/** A visit's key for JSON. */
export function visitKeyToJson({ patientId, hospital, nonce }: VisitKey): VisitKeyJson {
  return { patientId, hospital, nonce: nonce.toString() };
}

/** A visit's key from JSON. */
export function visitKeyFromJson({ nonce, ...rest }: VisitKeyJson): VisitKey {
  return { ...rest, nonce: BigInt(nonce) };
}

/** An order's key for JSON. */
export function orderKeyToJson({ visit, author, nonce }: OrderKey): OrderKeyJson {
  return { visit: visitKeyToJson(visit), author, nonce: nonce.toString() };
}

/** An order's key from JSON. */
export function orderKeyFromJson({ visit, author, nonce }: OrderKeyJson): OrderKey {
  return { visit: visitKeyFromJson(visit), author, nonce: BigInt(nonce) };
}

function hash(types: string[], values: (Hex | bigint)[]): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}
