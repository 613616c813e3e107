/**
 * Sealing and opening: age v1 (c2sp.org/age) with the header detached from the payload. The one door to age-encryption;
 * nothing else imports it. `cat header payload | age -d -i identity` opens what `seal` makes.
 *
 * The header says who can open: a random file key, wrapped for each recipient (X25519, HKDF-SHA256, ChaCha20-Poly1305)
 * under a MAC. The payload is the content in chunks of 64 KiB, each authenticated, with its position and whether it is the last.
 */

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64nopad } from "@scure/base";
import { armor, Decrypter, Encrypter, type Identity } from "age-encryption";

import { SalusError } from "../errors.js";
import { concat, randomBytes, utf8 } from "./bytes.js";
import { encodeHeader, encodeStanzas, parseHeader, type Stanza } from "./header.js";
import { ageIdentity, ageRecipient, checkPublicKey } from "./keys.js";

/** The most keys that `seal` and `rewrap` take. At 98 bytes a key, MAX_HEADER_SIZE leaves room. */
export const MAX_RECIPIENTS = 1_000;

/** Bytes of a payload's nonce, which comes before its first chunk. */
const NONCE_SIZE = 16;
/** Bytes of plaintext in a chunk. */
const CHUNK = 65_536;
/** Bytes of a chunk's authentication tag. */
const TAG = 16;
/** Bytes handed to age at a time: enough to cost nothing, little enough to hold back. */
const PIECE = 1_048_576;

/** An age file in two parts: who can open it, and what is in it. */
export interface Sealed {
  header: Uint8Array;
  payload: Uint8Array;
}

/**
 * Seals `plaintext` to every one of `publicKeys` (X25519, 32 bytes each).
 * @returns header (about 170 bytes for one key) and payload (16 bytes, and 16 for each 64 KiB, more than the plaintext)
 * @throws SalusError INVALID_INPUT without a key, with an impossible one, or with more than a header can hold
 */
export async function seal(plaintext: Uint8Array, publicKeys: Uint8Array[]): Promise<Sealed> {
  checkRecipients(publicKeys);
  const encrypter = new Encrypter();
  for (const publicKey of publicKeys) encrypter.addRecipient(ageRecipient(publicKey));

  const file = await encrypter.encrypt(streamOf(plaintext));
  return split(await collect(file, file.size(plaintext.length)));
}

/**
 * Opens a document with one of the secret keys that its header is sealed to. Returns nothing before all of it is authenticated.
 * @throws SalusError HEADER_MALFORMED, NOT_A_RECIPIENT, HEADER_TAMPERED, PAYLOAD_TAMPERED, each for what it says;
 * INVALID_INPUT if `secretKey` isn't 32 bytes
 */
export async function open(header: Uint8Array, payload: Uint8Array, secretKey: Uint8Array): Promise<Uint8Array> {
  const fileKey = await unwrap(header, secretKey);
  try {
    return await openPayload(header, payload, fileKey);
  } finally {
    fileKey.fill(0);
  }
}

/**
 * The first 64 KiB of a document, from the beginning of its payload. Authenticated as the first chunk; what follows isn't.
 * @param beginning the payload, or at least its first 65,569 bytes
 * @throws SalusError as `open`
 */
export async function openFirstChunk(
  header: Uint8Array,
  beginning: Uint8Array,
  secretKey: Uint8Array,
): Promise<Uint8Array> {
  const fileKey = await unwrap(header, secretKey);
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  try {
    const reader = (await decrypter.decrypt(streamOf(header, beginning))).getReader();
    const { value } = await reader.read();
    // The rest is cut off somewhere: that it doesn't end well is expected.
    await reader.cancel().catch(() => undefined);
    return value ?? new Uint8Array();
  } catch (cause) {
    throw new SalusError("PAYLOAD_TAMPERED", {}, { cause });
  } finally {
    fileKey.fill(0);
  }
}

/**
 * A new header over the same payload, for other keys: a grant costs no encryption and keeps the payload's CID.
 * @param secretKey one that `header` is sealed to
 * @throws SalusError as `open` for the header, and INVALID_INPUT as `seal` for the keys
 */
export async function rewrap(header: Uint8Array, secretKey: Uint8Array, publicKeys: Uint8Array[]): Promise<Uint8Array> {
  checkRecipients(publicKeys);
  const fileKey = await unwrap(header, secretKey);
  try {
    const stanzas = publicKeys.map((publicKey) => wrap(fileKey, publicKey));
    const macKey = hkdf(sha256, fileKey, undefined, utf8("header"), 32);
    return encodeHeader(stanzas, hmac(sha256, macKey, encodeStanzas(stanzas)));
  } finally {
    fileKey.fill(0);
  }
}

/** Seals `bytes` into one whole age file, for small things. @throws SalusError INVALID_INPUT as `seal` */
export async function sealTo(bytes: Uint8Array, publicKeys: Uint8Array[]): Promise<Uint8Array> {
  const { header, payload } = await seal(bytes, publicKeys);
  return concat(header, payload);
}

/** Opens a whole age file. @throws SalusError as `open` */
export async function openWith(file: Uint8Array, secretKey: Uint8Array): Promise<Uint8Array> {
  const { header, payload } = split(file);
  return open(header, payload, secretKey);
}

/** An age file's two parts, as views of it. @throws SalusError HEADER_MALFORMED */
export function split(file: Uint8Array): Sealed {
  const { size } = parseHeader(file);
  return { header: file.subarray(0, size), payload: file.subarray(size) };
}

/** A whole age file as text for paper and mail: base64 between two lines, which `age -d` reads as well. */
export function armored(file: Uint8Array): string {
  return armor.encode(file);
}

/** Seals `bytes` with a passphrase: an age file with one scrypt recipient of 2^`workFactor` rounds. */
export async function sealWithPassphrase(
  bytes: Uint8Array,
  passphrase: string,
  workFactor: number,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(bytes);
}

/**
 * Opens an age file that was sealed with a passphrase.
 * @throws SalusError HEADER_MALFORMED, NOT_A_RECIPIENT (another passphrase), HEADER_TAMPERED, PAYLOAD_TAMPERED
 */
export async function openWithPassphrase(
  file: Uint8Array,
  passphrase: string,
  maxWorkFactor: number,
): Promise<Uint8Array> {
  const { header, payload } = split(file);
  const [stanza] = parseHeader(header).stanzas;
  const [type, , workFactor] = stanza?.args ?? [];
  if (type !== "scrypt" || Number(workFactor) > maxWorkFactor) {
    throw new SalusError("HEADER_MALFORMED", { reason: "no scrypt, or too much of it" });
  }

  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const fileKey = await decryptHeader(decrypter, header);
  try {
    return await openPayload(header, payload, fileKey);
  } finally {
    fileKey.fill(0);
  }
}

function checkRecipients(publicKeys: Uint8Array[]): void {
  if (publicKeys.length === 0 || publicKeys.length > MAX_RECIPIENTS) {
    throw new SalusError("INVALID_INPUT", { argument: "publicKeys", reason: `needs 1 to ${MAX_RECIPIENTS} keys` });
  }
  publicKeys.forEach(checkPublicKey);
}

async function unwrap(header: Uint8Array, secretKey: Uint8Array): Promise<Uint8Array> {
  const identity = ageIdentity(secretKey);
  const { size } = parseHeader(header);
  if (size !== header.length) throw new SalusError("HEADER_MALFORMED", { reason: "something follows it" });

  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decryptHeader(decrypter, header);
}

/** Is asked last, so it learns whether the identities before it found nothing. */
class Witness implements Identity {
  missed = false;

  unwrapFileKey(): null {
    this.missed = true;
    return null;
  }
}

/** The file key of a header that `parseHeader` accepts. age tells its two refusals apart in words only; the witness knows. */
async function decryptHeader(decrypter: Decrypter, header: Uint8Array): Promise<Uint8Array> {
  const witness = new Witness();
  decrypter.addIdentity(witness);
  try {
    return await decrypter.decryptHeader(header);
  } catch (cause) {
    throw new SalusError(witness.missed ? "NOT_A_RECIPIENT" : "HEADER_TAMPERED", {}, { cause });
  }
}

async function openPayload(header: Uint8Array, payload: Uint8Array, fileKey: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  try {
    const plaintext = await decrypter.decrypt(streamOf(header, payload));
    return await collect(plaintext, plaintextSize(payload.length));
  } catch (cause) {
    throw new SalusError("PAYLOAD_TAMPERED", {}, { cause });
  }
}

/** The X25519 recipient stanza of age; the library makes them only for file keys of its own. */
function wrap(fileKey: Uint8Array, publicKey: Uint8Array): Stanza {
  const ephemeral = randomBytes(32);
  const share = x25519.getPublicKey(ephemeral);
  const secret = x25519.getSharedSecret(ephemeral, publicKey);
  const key = hkdf(sha256, secret, concat(share, publicKey), utf8("age-encryption.org/v1/X25519"), 32);
  // The key is used once, so age's nonce is zero.
  const body = chacha20poly1305(key, new Uint8Array(12)).encrypt(fileKey);
  for (const used of [ephemeral, secret, key]) used.fill(0);
  return { args: ["X25519", base64nopad.encode(share)], body };
}

/** Bytes of plaintext in a payload of `size` bytes. Throws if there is no such payload. */
function plaintextSize(size: number): number {
  const chunks = Math.max(1, Math.ceil((size - NONCE_SIZE) / (CHUNK + TAG)));
  const plaintext = size - NONCE_SIZE - chunks * TAG;
  if (plaintext < 0) throw new RangeError("too short");
  return plaintext;
}

/** `parts` as a stream that yields no more than is asked for. */
function streamOf(...parts: Uint8Array[]): ReadableStream<Uint8Array> {
  function* pieces() {
    for (const part of parts) {
      for (let at = 0; at < part.length; at += PIECE) yield part.subarray(at, at + PIECE);
    }
  }
  const source = pieces();
  return new ReadableStream({
    pull(controller) {
      const { value, done } = source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** All of a stream whose `size` is known. Throws if it is another. */
async function collect(stream: ReadableStream<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let used = 0;
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    bytes.set(value, used);
    used += value.length;
  }
  if (used !== size) throw new RangeError("another size than expected");
  return bytes;
}
