/** Writing small sealed JSON, and reading JSON that somebody else wrote. */
import { getAddress, isAddress } from "ethers";
import * as v from "valibot";

import { SalusError } from "../errors.js";
import type { Address, Hex } from "../types.js";
import { fromUtf8, utf8 } from "./bytes.js";

/** 32 bytes as lower-case hex with 0x. */
export const Hex32 = v.custom<Hex>(
  (value) => typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value),
  "not 32 bytes as hex",
);

/** A checksummed account address (EIP-55), and no other spelling of it. */
export const AccountAddress = v.custom<Address>(
  (value) => typeof value === "string" && isAddress(value) && getAddress(value) === value,
  "not an account",
);

/** 64 bits in decimal. */
export const Uint64 = v.pipe(
  v.string(),
  v.regex(/^(0|[1-9]\d{0,19})$/),
  v.check((text) => BigInt(text) < 2n ** 64n),
);

/** A time in Unix seconds, of 48 bits. */
export const UnixTime = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 48 - 1));

/** Bytes of the bucket that `paddedJson` fills. */
const BUCKET = 1_024;

/**
 * JSON with spaces behind it, up to a whole number of KiB: for what is sealed and small, whose size would otherwise tell
 * a drawer's name by its length.
 */
export function paddedJson(value: object): Uint8Array {
  const json = utf8(JSON.stringify(value));
  const padded = new Uint8Array(Math.ceil(json.length / BUCKET) * BUCKET).fill(0x20);
  padded.set(json);
  return padded;
}

/** Parses UTF-8 JSON and checks its shape. @param object what it is, for the error @throws MANIFEST_MALFORMED */
export function parseJson<S extends v.GenericSchema>(schema: S, bytes: Uint8Array, object: string): v.InferOutput<S> {
  try {
    return v.parse(schema, JSON.parse(fromUtf8(bytes)));
  } catch (error) {
    throw new SalusError("MANIFEST_MALFORMED", { object }, { cause: error });
  }
}
