/** Size buckets, so that a payload's size says little about what it holds. */

import { SalusError } from "../errors.js";

/**
 * The Padmé bucket of `size`: the next size whose last bits are zero, at most 12 % above and less the larger it is
 * (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PETS 2019, section 4).
 * @param size bytes, 0 to 2^31 - 1
 * @throws SalusError INVALID_INPUT
 */
export function padme(size: number): number {
  if (!Number.isInteger(size) || size < 0 || size >= 2 ** 31) {
    throw new SalusError("INVALID_INPUT", { argument: "size", reason: "must be 0 to 2^31 - 1" });
  }
  if (size < 2) return size;
  const exponent = floorLog2(size);
  const bucket = 2 ** (exponent - floorLog2(exponent) - 1);
  return Math.ceil(size / bucket) * bucket;
}

function floorLog2(value: number): number {
  return 31 - Math.clz32(value);
}
