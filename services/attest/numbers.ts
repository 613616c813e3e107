/** Numbers of cards and licences, as people write them. */

/** One spelling of a number: spaces, dashes and small letters make no other one. */
export function normalNumber(number: string): string {
  return number
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toUpperCase();
}
