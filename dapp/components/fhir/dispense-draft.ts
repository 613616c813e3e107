/** What is handed over for a prescription while it is filled in, as plain JSON, and how it is read. Pure. */
import type { MedicationRequest } from "fhir/r4";

import type { fhir } from "../../../sdk/index.js";
import { DOSE_UNITS, found, numberIn, words, type Read } from "./drafts.js";

/** A dispensing. Numbers as they were typed. */
export interface DispenseDraft {
  medicine: string;
  rxnorm: string | null;
  quantity: string;
  /** UCUM. */
  unit: string;
  days: string;
  note: string;
}

/** What a dispensing says besides whose it is. */
export type DispenseWritten = Pick<fhir.Dispensing, "medicine" | "quantity" | "days" | "note">;

/** A dispensing as the prescription asks for it. */
export function dispenseOf({
  medicationCodeableConcept,
  dispenseRequest,
  dosageInstruction,
}: MedicationRequest): DispenseDraft {
  const { value, code } = dispenseRequest?.quantity ?? {};
  // Where it says only how to take it, one hands over what is taken.
  const taken = dosageInstruction?.[0]?.doseAndRate?.[0]?.doseQuantity?.code;
  return {
    medicine: medicationCodeableConcept?.text ?? "",
    rxnorm: medicationCodeableConcept?.coding?.[0]?.code ?? null,
    quantity: value === undefined ? "" : String(value),
    unit: code ?? taken ?? "{tablet}",
    days: "",
    note: "",
  };
}

/** A dispensing, read. */
export function readDispense({ medicine, rxnorm, unit, note, ...typed }: DispenseDraft): Read<DispenseWritten> {
  const quantity = numberIn(typed.quantity);
  const days = typed.days.trim() === "" ? undefined : numberIn(typed.days);
  const problems = {
    ...(medicine.trim() === "" ? { medicine: "Write which medicine is handed over." } : {}),
    ...(quantity === null || quantity <= 0 ? { quantity: "Write how much is handed over." } : {}),
    ...(days !== undefined && (days === null || days < 1 || !Number.isInteger(days))
      ? { days: "Write a whole number of days, or nothing." }
      : {}),
  };
  const label = DOSE_UNITS.find((each) => each.unit === unit)?.label ?? unit;
  return found(problems, {
    medicine: { name: medicine, ...(rxnorm === null ? {} : { rxnorm }) },
    quantity: { value: quantity ?? 0, unit, label },
    ...(days === undefined ? {} : { days: days ?? 0 }),
    ...words({ note }),
  });
}
