/**
 * Why an insurer doesn't acknowledge all of a bill (004-19): what stands as a number in `Decision.reason` of IClaims.sol,
 * for everyone to count, and as a code in the sealed response. Numbers are never given a second meaning.
 */

/** A reason. */
export interface ClaimReason {
  /** 1 to 255, what the chain carries. */
  number: number;
  /** What the response carries (FHIR R4, ClaimResponse.error.code and adjudication.reason). */
  code: string;
  /** In plain words, to the patient and the hospital. */
  text: string;
}

/** All reasons, by their number. */
export const CLAIM_REASONS: readonly ClaimReason[] = [
  { number: 1, code: "not-covered", text: "The policy doesn't cover this service." },
  { number: 2, code: "not-necessary", text: "The documents don't show why the service was needed." },
  { number: 3, code: "documents-missing", text: "Documents that the insurer asked for didn't come." },
  { number: 4, code: "documents-differ", text: "The bill and the documents don't agree." },
  { number: 5, code: "price-too-high", text: "The price is above what was agreed for this service." },
  { number: 6, code: "billed-elsewhere", text: "The service was billed before, or to somebody else." },
  { number: 7, code: "not-delivered", text: "The patient says that the service wasn't delivered." },
  { number: 8, code: "waiting-period", text: "The policy covers this service only after a waiting period." },
  { number: 99, code: "other", text: "Another reason, which the insurer has written down." },
];

/** The reason with this number or code, or null when there is none. */
export function reasonOf(which: number | string): ClaimReason | null {
  return CLAIM_REASONS.find(({ number, code }) => number === which || code === which) ?? null;
}
