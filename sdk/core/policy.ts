/**
 * The hashes of an insurance policy (002-34, 002-35, 002-49). The wording is public; the schedule says who is insured,
 * so it is hashed with a random salt that only insurer and patient know.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { AbiCoder, keccak256 } from "ethers";

import type { Address, Hex, PatientId, PolicyId } from "../types.js";
import { concat, expectLength, toHex } from "./bytes.js";

/** `PolicyKey` of IPolicies.sol. */
export interface PolicyKey {
  insurer: Address;
  patientId: PatientId;
  /** 32 random bytes, the insurer's choice. */
  ref: Hex;
}

/** sha2-256 of the wording's bytes. */
export function wordingDigest(bytes: Uint8Array): Hex {
  return toHex(sha256(bytes));
}

/** sha2-256 of the 32-byte salt followed by the schedule's bytes. @throws SalusError INVALID_INPUT */
export function scheduleDigest(salt: Uint8Array, bytes: Uint8Array): Hex {
  expectLength(salt, 32, "salt");
  return toHex(sha256(concat(salt, bytes)));
}

/** The digest that the Policies contract stores: keccak256(abi.encode(wording, schedule)). */
export function policyDigest(wording: Hex, schedule: Hex): Hex {
  return hash(["bytes32", "bytes32"], [wording, schedule]);
}

/** keccak256(abi.encode(insurer, patientId, ref)). */
export function policyIdOf({ insurer, patientId, ref }: PolicyKey): PolicyId {
  return hash(["address", "bytes32", "bytes32"], [insurer, patientId, ref]);
}

function hash(types: string[], values: Hex[]): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}
