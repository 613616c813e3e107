/** How two files differ, in words that help to find out why. */
import { bytes, count } from "../../lib/text.js";

/** Says how `own` differs from `theirs`: in length, or in how many bytes and where first. */
export function differenceWords(own: Uint8Array, theirs: Uint8Array): string {
  if (own.length !== theirs.length) {
    return `Yours has ${own.length.toLocaleString()} bytes (${bytes(own.length)}), the insurer's ${theirs.length.toLocaleString()} (${bytes(theirs.length)}).`;
  }
  let differing = 0;
  let first = -1;
  for (let i = 0; i < own.length; i++) {
    if (own[i] === theirs[i]) continue;
    differing += 1;
    if (first < 0) first = i;
  }
  if (first < 0) return "The two files are the same.";
  return `Both have ${own.length.toLocaleString()} bytes; ${count(differing, "byte")} differ${differing === 1 ? "s" : ""}, the first at position ${(first + 1).toLocaleString()}.`;
}
