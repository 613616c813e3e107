import { sha256 } from "@noble/hashes/sha2.js";

import { toHex, utf8 } from "../../../sdk/core/bytes.js";
import { seal, type Sealed } from "../../../sdk/core/envelope.js";
import { accountKeys, type KeyPair } from "../../../sdk/core/keys.js";
import { encodeDocument, type Manifest } from "../../../sdk/core/manifest.js";
import { SalusError, type ErrorCode } from "../../../sdk/errors.js";
import type { Hex } from "../../../sdk/types.js";

/** 32 bytes that differ by `name`, always the same. */
export const seeded = (name: string): Uint8Array => sha256(utf8(name));
export const digest = (name: string): Hex => toHex(seeded(name));
export const keysOf = (name: string): KeyPair => accountKeys(seeded(name));

/** `size` bytes in which no two chunks are the same; byte i is the top byte of i * 2654435761 modulo 2^32. */
export function pattern(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = Math.imul(i, 2654435761) >>> 24;
  return bytes;
}

/** A copy with bit `bit` turned over. */
export function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

/** The code that `action` is refused with, or "accepted". An error that isn't a SalusError goes through. */
export async function codeOf(action: () => unknown): Promise<ErrorCode | "accepted"> {
  try {
    await action();
    return "accepted";
  } catch (error) {
    if (error instanceof SalusError) return error.code;
    throw error;
  }
}

/** A valid manifest for content of `size` bytes. */
export function manifestOf(size: number, changes: Partial<Manifest> = {}): Manifest {
  return {
    v: 1,
    record: digest("record"),
    patient: digest("patient"),
    author: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    scope: digest("scope"),
    epoch: 3,
    mediaType: "application/fhir+json",
    fileName: "observation.json",
    title: "Haemoglobin",
    size,
    time: "2026-11-21T09:00:00.000Z",
    ...changes,
  };
}

/** A small sealed record, with all that a reader knows of it. */
export async function smallRecord(): Promise<Sealed & { manifest: Manifest; document: Uint8Array; keys: KeyPair }> {
  const content = utf8('{"resourceType":"Observation","status":"final"}');
  const manifest = manifestOf(content.length);
  const document = encodeDocument(manifest, content);
  const keys = keysOf("scope");
  return { ...(await seal(document, [keys.publicKey])), manifest, document, keys };
}
