/** Canonical JSON (RFC 8785): one value, one sequence of bytes. */

import canonicalize from "canonicalize";

import { SalusError } from "../errors.js";
import { utf8 } from "./bytes.js";

/**
 * `value` as canonical JSON in UTF-8. Fields that are undefined are left out.
 * @throws SalusError INVALID_INPUT if JSON can't hold it (a number that isn't finite, half a surrogate pair)
 */
export function canonicalJson(value: unknown): Uint8Array {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return utf8(text);
  } catch (cause) {
    throw new SalusError("INVALID_INPUT", { reason: "has no canonical JSON" }, { cause });
  }
  throw new SalusError("INVALID_INPUT", { reason: "has no canonical JSON" });
}
