/**
 * Codes that people carry: the text of a QR, and a short code to type where no camera is at hand (002-24, 002-27, 002-41).
 * Both name something by 32 bytes and say nothing about it.
 *
 * A QR's text is "SALUS:V:" (a permit) or "SALUS:O:" (an order) and 52 characters of base32 (RFC 4648, section 6, without
 * padding): upper case only, so that QR's alphanumeric mode holds it (ISO/IEC 18004).
 * A short code is the first 40 bits in Crockford's base32 and one check character (Luhn mod 32, ISO/IEC 7812-1 annex B for
 * 32 digits), written XXXX-XXXX-X. Every change of one character is noticed, and most of two that changed places.
 */
import { base32crockford, base32nopad } from "@scure/base";

import { SalusError } from "../errors.js";
import type { Hex } from "../types.js";
import { expectLength, fromHex, toHex } from "./bytes.js";

/** What a code opens. */
export type CodeKind = "visit" | "order";

const PREFIXES: Readonly<Record<CodeKind, string>> = { visit: "SALUS:V:", order: "SALUS:O:" };
const DIGEST_SIZE = 32;

/** Crockford's digits: no I, L, O and U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Bytes of a digest that a short code has. */
const SHORT_SIZE = 5;

/** The text of a QR. @param digest 32 bytes: of a permit's object, or an order's id @throws SalusError INVALID_INPUT */
export function encodeCode(kind: CodeKind, digest: Hex): string {
  const bytes = fromHex(digest);
  expectLength(bytes, DIGEST_SIZE, "digest");
  return PREFIXES[kind] + base32nopad.encode(bytes);
}

/**
 * The 32 bytes that a code of this kind names. Case and white space don't count.
 * @throws SalusError CODE_OF_OTHER_KIND, CODE_MALFORMED
 */
export function decodeCode(text: string, kind: CodeKind): Hex {
  const code = text.replace(/\s/g, "").toUpperCase();
  if (!code.startsWith(PREFIXES[kind])) {
    const isOther = Object.values(PREFIXES).some((prefix) => code.startsWith(prefix));
    throw new SalusError(isOther ? "CODE_OF_OTHER_KIND" : "CODE_MALFORMED");
  }
  const bytes = decode(code.slice(PREFIXES[kind].length));
  if (bytes?.length !== DIGEST_SIZE) throw new SalusError("CODE_MALFORMED");
  return toHex(bytes);
}

/** The short code of a digest, "XXXX-XXXX-X". @throws SalusError INVALID_INPUT */
export function shortCodeOf(digest: Hex): string {
  const bytes = fromHex(digest);
  expectLength(bytes, DIGEST_SIZE, "digest");
  const digits = base32crockford.encode(bytes.subarray(0, SHORT_SIZE));
  return grouped(digits + checkCharacter(digits));
}

/**
 * A short code as it was typed, in the one way of writing it: O is 0, I and L are 1, case, hyphens and spaces don't count.
 * @throws SalusError CODE_MALFORMED when a character is missing, or one was mistyped
 */
export function normalShortCode(text: string): string {
  const code = text.replace(/[\s-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  if (!/^[0-9A-HJKMNP-TV-Z]{9}$/.test(code) || checkCharacter(code.slice(0, -1)) !== code.at(-1)) {
    throw new SalusError("CODE_MALFORMED");
  }
  return grouped(code);
}

function grouped(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}

/** Luhn's check digit with base 32: every second digit is doubled, beginning with the last. */
function checkCharacter(digits: string): string {
  const base = ALPHABET.length;
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, at) => {
      const value = ALPHABET.indexOf(digit) * (at % 2 === 0 ? 2 : 1);
      return total + Math.floor(value / base) + (value % base);
    }, 0);
  return ALPHABET.charAt((base - (sum % base)) % base);
}

function decode(text: string): Uint8Array | null {
  try {
    return base32nopad.decode(text);
  } catch {
    return null;
  }
}
