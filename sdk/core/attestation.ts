/** What a civil registry checks and attests, in the only forms that may reach the chain (002-17 to 002-23, 001-02). */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { AbiCoder, keccak256 } from "ethers";

import type { Address, Hex, PatientId } from "../types.js";
import { concat, expectLength, toHex } from "./bytes.js";
import { canonicalJson } from "./canonical.js";

/** A person, as the registry's database has it. Never on chain, never in a log. */
export interface Identity {
  nationalId: string;
  name: string;
  /** YYYY-MM-DD. */
  birthDate: string;
}

/**
 * The commitment to an identity: sha2-256 of the 32-byte salt followed by the identity's canonical JSON (RFC 8785).
 * Without the salt a ten-digit number would be found in hours.
 * @throws SalusError INVALID_INPUT
 */
export function commitmentOf(identity: Identity, salt: Uint8Array): Hex {
  expectLength(salt, 32, "salt");
  const { nationalId, name, birthDate } = identity;
  return toHex(sha256(concat(salt, canonicalJson({ nationalId, name, birthDate }))));
}

/** The pseudonym that `controller` gets with this commitment: keccak256(abi.encode(controller, commitment)). */
export function pseudonymOf(controller: Address, commitment: Hex): PatientId {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [controller, commitment])) as PatientId;
}

/**
 * The person tag: HMAC-SHA256 under the registry's secret of the canonical JSON `[domain,nationalId]`. The same for one
 * person within a domain, unguessable to everyone but the registry, and not to be joined across domains.
 * Only the id's letters and digits count, and digits of all scripts alike.
 * @param registrySecret 32 bytes, `registrySecret(root)` of the registry's account
 * @throws SalusError INVALID_INPUT
 */
export function personTag(registrySecret: Uint8Array, nationalId: string, domain = "care"): Hex {
  expectLength(registrySecret, 32, "registrySecret");
  return toHex(hmac(sha256, registrySecret, canonicalJson([domain, normalId(nationalId)])));
}

/** One spelling of a national id, so that spaces, dashes, small letters or another script's digits don't make a second person. */
export function normalId(nationalId: string): string {
  return nationalId
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/\p{Nd}/gu, valueOfDigit)
    .toUpperCase();
}

/** A decimal digit of any script as 0 to 9: Unicode keeps the ten of each script together, in order, zero first. */
function valueOfDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((point - zero) % 10);
}
