/** Why an insurer acknowledges less than was billed (004-19). The code stands on the chain; 0 is "all is acknowledged". */
import { SalusError } from "../../../errors.js";

/** A reason, by its code. */
export interface Reason {
  code: number;
  text: string;
}

/** The reasons. Codes are never given a second meaning: the chain keeps them. */
export const REASONS: readonly Reason[] = [
  { code: 1, text: "The service isn't covered by the policy." },
  { code: 2, text: "The policy wasn't in force when the service was given." },
  { code: 3, text: "The service was billed before." },
  { code: 4, text: "Documents that show the service are missing." },
  { code: 5, text: "The documents don't show the service that was billed." },
  { code: 6, text: "The service wasn't medically necessary." },
  { code: 7, text: "It needed the insurer's consent beforehand, and there was none." },
  { code: 8, text: "The price is above what was agreed." },
  { code: 9, text: "The number of items is above what was agreed or shown." },
  { code: 10, text: "Another insurer or body pays for it." },
  { code: 11, text: "The patient disputes that the service was given." },
  { code: 12, text: "Another reason, told in the note." },
];

/** What a reason's code says. @throws INVALID_INPUT for a code that there isn't */
export function reasonText(code: number): string {
  const found = REASONS.find((each) => each.code === code);
  if (!found) throw new SalusError("INVALID_INPUT", { argument: "reason", reason: "is no code of the list" });
  return found.text;
}
