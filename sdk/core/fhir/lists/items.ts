/** What a hospital bills for: Salus' own code system `urn:salus:claim-item`. National tariffs are for the `text` of an item. */
import { SalusError } from "../../../errors.js";

/** The kinds of items. */
export const CLAIM_ITEMS = [
  { code: "consultation", name: "Consultation" },
  { code: "emergency", name: "Emergency treatment" },
  { code: "laboratory", name: "Laboratory test" },
  { code: "imaging", name: "Imaging" },
  { code: "medicine", name: "Medicine" },
  { code: "procedure", name: "Procedure" },
  { code: "surgery", name: "Surgery" },
  { code: "anaesthesia", name: "Anaesthesia" },
  { code: "room", name: "Room and care, a day" },
  { code: "intensive-care", name: "Intensive care, a day" },
  { code: "therapy", name: "Therapy" },
  { code: "device", name: "Device or aid" },
  { code: "transport", name: "Transport" },
  { code: "other", name: "Other" },
] as const;

/** A kind's code. */
export type ClaimItemCode = (typeof CLAIM_ITEMS)[number]["code"];

/** A kind by its code. @throws INVALID_INPUT for a code that there isn't */
export function claimItemByCode(code: string): (typeof CLAIM_ITEMS)[number] {
  const found = CLAIM_ITEMS.find((each) => each.code === code);
  if (!found) throw new SalusError("INVALID_INPUT", { argument: "code", reason: "is no code of the list" });
  return found;
}
