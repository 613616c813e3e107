/** The hashes by which the Records contract chains a patient's documents (003-15). Each mirrors one line of Records.sol. */

import { AbiCoder, keccak256 } from "ethers";

import type { Address, Hex, PatientId, RecordId, ScopeId } from "../types.js";

/** What the event `RecordAppended` says of a record and its anchor covers. */
export interface AnchoredFields {
  recordId: RecordId;
  author: Address;
  scope: ScopeId;
  /** X25519 public key that the header is sealed to. */
  scopeKey: Hex;
  /** Digest of the payload's CID. */
  payload: Hex;
  /** Digest of the header's CID. */
  header: Hex;
  /** Bytes of the payload. */
  size: bigint | number;
  /** Block time, Unix seconds. */
  time: bigint | number;
}

/** The id of the record that `author` appends under `nonce` (64 bits): known before the document is sealed. */
export function recordIdOf(patientId: PatientId, author: Address, nonce: bigint): RecordId {
  return hash(["bytes32", "address", "uint64"], [patientId, author, nonce]);
}

/** The anchor, the one slot that a record costs. */
export function anchorOf(record: AnchoredFields): Hex {
  const { recordId, author, scope, scopeKey, payload, header, size, time } = record;
  return hash(
    ["bytes32", "address", "bytes32", "bytes32", "bytes32", "bytes32", "uint64", "uint64"],
    [recordId, author, scope, scopeKey, payload, header, size, time],
  );
}

/** The patient's head after a record with `anchor`; the first head is 32 zero bytes. */
export function nextHead(head: Hex, anchor: Hex): Hex {
  return hash(["bytes32", "bytes32"], [head, anchor]);
}

function hash(types: string[], values: (Hex | bigint | number)[]): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}
