/** Bytes, hex and UTF-8. Pure; the same in Node and in browsers. */

import { bytesToHex, concatBytes, hexToBytes, randomBytes as secureRandomBytes } from "@noble/hashes/utils.js";

import { SalusError } from "../errors.js";
import type { Hex } from "../types.js";

/** Lower-case hex with 0x. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/**
 * The bytes that `hex` writes, in either case.
 * @throws SalusError INVALID_INPUT without 0x, with an odd number of digits, or with anything that isn't a hex digit
 */
export function fromHex(hex: Hex): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(hex))
    throw new SalusError("INVALID_INPUT", { reason: "not bytes as hex with 0x" });
  return hexToBytes(hex.slice(2));
}

/** The parts one after another, in a new array. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  return concatBytes(...parts);
}

/** `text` in UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * The text that `bytes` hold in UTF-8. A byte order mark is kept, so that encoding the text again gives the same bytes.
 * @throws SalusError INVALID_INPUT if they aren't UTF-8
 */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SalusError("INVALID_INPUT", { reason: "not UTF-8" }, { cause });
  }
}

/** Whether both hold the same bytes. The time depends on their lengths only. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  return a.reduce((difference, byte, at) => difference | (byte ^ (b[at] ?? 0)), 0) === 0;
}

/** `length` bytes from the system's secure random generator. */
export function randomBytes(length: number): Uint8Array {
  return secureRandomBytes(length);
}

/**
 * Passes if `bytes` has exactly `length` bytes.
 * @throws SalusError INVALID_INPUT that names `argument`
 */
export function expectLength(bytes: Uint8Array, length: number, argument: string): void {
  if (bytes.length !== length) {
    throw new SalusError("INVALID_INPUT", { argument, reason: `must be ${length} bytes, not ${bytes.length}` });
  }
}

/** Whether `value` is 32 bytes as the SDK writes them: lower-case hex with 0x. */
export function isDigest(value: string): value is Hex {
  return /^0x[0-9a-f]{64}$/.test(value);
}
