/**
 * The account root and the keys derived from it (002-16, 003-12).
 *
 * Root: 32 random bytes that never leave the device unsealed. Everything else is HKDF-SHA256 (RFC 5869) of it with an
 * empty salt and a label, so a backup of the root is a backup of all keys. Encryption keys are X25519 (RFC 7748), in
 * the encoding of age. The labels are frozen: test/vectors/keys.json.
 */

import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bech32 } from "@scure/base";

import { SalusError } from "../errors.js";
import type { ScopeId } from "../types.js";
import { expectLength, isDigest, randomBytes, toHex, utf8 } from "./bytes.js";

const ROOT_SIZE = 32;
const KEY_SIZE = 32;
/** 2^255 - 19, the field of X25519. */
const FIELD = 2n ** 255n - 19n;
/** The points whose product with any secret key is zero: anyone knows what is "shared" with them (cr.yp.to/ecdh.html). */
const LOW_ORDER = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  FIELD - 1n,
];

/** An X25519 key pair, 32 bytes each. */
export interface KeyPair {
  secretKey: Uint8Array;
  publicKey: Uint8Array;
}

/** A new account root: 32 random bytes. */
export function newRoot(): Uint8Array {
  return randomBytes(ROOT_SIZE);
}

/** The account's own key pair, whose public half the Keys contract publishes. @throws SalusError INVALID_INPUT */
export function accountKeys(root: Uint8Array): KeyPair {
  return keyPair(derive(root, "account"));
}

/**
 * The id of a drawer. Opaque: nobody without the root can tell what it holds, nor that two patients have the same one.
 * @throws SalusError INVALID_INPUT
 */
export function scopeIdOf(root: Uint8Array, label: string): ScopeId {
  if (label === "") throw new SalusError("INVALID_INPUT", { argument: "label", reason: "is empty" });
  return toHex(derive(root, `scope-id/${label}`));
}

/** The key pair of a drawer in one epoch. @throws SalusError INVALID_INPUT */
export function scopeKeys(root: Uint8Array, scope: ScopeId, epoch: number): KeyPair {
  if (!isDigest(scope)) throw new SalusError("INVALID_INPUT", { argument: "scope", reason: "not a scope id" });
  if (!Number.isSafeInteger(epoch) || epoch < 0) {
    throw new SalusError("INVALID_INPUT", { argument: "epoch", reason: "must be a whole number from 0" });
  }
  return keyPair(derive(root, `scope/${scope}/${epoch}`));
}

/** The key pair of a visit, by its permit's nonce (64 bits, 002-24). @throws SalusError INVALID_INPUT */
export function visitKeys(root: Uint8Array, nonce: bigint): KeyPair {
  if (nonce < 0n || nonce >= 2n ** 64n) {
    throw new SalusError("INVALID_INPUT", { argument: "nonce", reason: "must be a whole number below 2^64" });
  }
  return keyPair(derive(root, `visit/0x${nonce.toString(16).padStart(16, "0")}`));
}

/** The secret under which a civil registry makes person tags, 32 bytes. @throws SalusError INVALID_INPUT */
export function registrySecret(root: Uint8Array): Uint8Array {
  return derive(root, "registry");
}

/** The public half of an X25519 secret key. @throws SalusError INVALID_INPUT */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  expectLength(secretKey, KEY_SIZE, "secretKey");
  return x25519.getPublicKey(secretKey);
}

/**
 * Passes if `publicKey` is one that somebody can hold the secret of: 32 bytes, written as RFC 7748 writes them, and not
 * one of the low-order points, whose shared secret is zero for everyone.
 * @throws SalusError INVALID_INPUT
 */
export function checkPublicKey(publicKey: Uint8Array): void {
  expectLength(publicKey, KEY_SIZE, "publicKey");
  // age puts the bytes as given into the key derivation, so a second spelling of a key would open for nobody.
  if (decodePoint(publicKey) >= FIELD) {
    throw new SalusError("INVALID_INPUT", { argument: "publicKey", reason: "not an X25519 public key" });
  }
  if (isLowOrder(publicKey)) throw new SalusError("INVALID_INPUT", { argument: "publicKey", reason: "of low order" });
}

/** Whether `publicKey` passes `checkPublicKey`. Anybody can publish anything, and must not stop others by it. */
export function isUsable(publicKey: Uint8Array): boolean {
  try {
    checkPublicKey(publicKey);
    return true;
  } catch {
    return false;
  }
}

/** Whether `point` (32 bytes, in any spelling) shares zero with every secret key. */
export function isLowOrder(point: Uint8Array): boolean {
  return LOW_ORDER.includes((decodePoint(point) % 2n ** 255n) % FIELD);
}

/** The secret key as the `age` program reads it: "AGE-SECRET-KEY-1…". Secret. @throws SalusError INVALID_INPUT */
export function ageIdentity(secretKey: Uint8Array): string {
  expectLength(secretKey, KEY_SIZE, "secretKey");
  return bech32.encodeFromBytes("age-secret-key-", secretKey).toUpperCase();
}

/** The public key as the `age` program reads it: "age1…". @throws SalusError INVALID_INPUT */
export function ageRecipient(publicKey: Uint8Array): string {
  expectLength(publicKey, KEY_SIZE, "publicKey");
  return bech32.encodeFromBytes("age", publicKey);
}

function decodePoint(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function derive(root: Uint8Array, label: string): Uint8Array {
  expectLength(root, ROOT_SIZE, "root");
  return hkdf(sha256, root, undefined, utf8(`salus/v1/${label}`), KEY_SIZE);
}

function keyPair(secretKey: Uint8Array): KeyPair {
  return { secretKey, publicKey: publicKeyOf(secretKey) };
}
