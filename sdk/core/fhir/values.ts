/** FHIR values: instants, quantities, money. */
import type { CodeableConcept, Money, Quantity } from "fhir/r4";

import { SalusError } from "../../errors.js";
import { hl7, UCUM } from "./systems.js";

/** What amounts are in: an ISO 4217 code, and digits behind the point of its smallest unit. */
export interface Currency {
  code: string;
  decimals: number;
}

/** The unit of the demonstration's token: cents. */
export const EURO: Currency = { code: "EUR", decimals: 2 };

/** A measured amount with its UCUM unit; `label` is how people write the unit. */
export interface Amount {
  value: number;
  unit: string;
  label?: string | undefined;
}

/** Seconds since 1970, as the chain counts them, as FHIR's `instant`. @throws INVALID_INPUT outside the years 1 to 9999 */
export function instantOf(seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds < -62_135_596_800 || seconds > 253_402_300_799) {
    throw new SalusError("INVALID_INPUT", { argument: "time", reason: "must be whole seconds of the years 1 to 9999" });
  }
  return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}

/** The reverse of `instantOf`, for `instant` and `dateTime` with a time. Null when it is none. */
export function secondsOf(instant: string | undefined): number | null {
  const time = instant === undefined || !/T.*(Z|[+-]\d\d:\d\d)$/.test(instant) ? NaN : Date.parse(instant);
  return Number.isNaN(time) ? null : Math.floor(time / 1_000);
}

/** A quantity in a UCUM unit. @throws INVALID_INPUT */
export function quantityOf({ value, unit, label }: Amount): Quantity {
  return { value: decimalOf(value), unit: label ?? unit, system: UCUM, code: unit };
}

/** A number that FHIR's `decimal` holds: finite, and written without an exponent. @throws INVALID_INPUT */
export function decimalOf(value: number, argument = "value"): number {
  if (!Number.isFinite(value) || /e/.test(String(value))) {
    throw new SalusError("INVALID_INPUT", { argument, reason: "must be a number with at most 17 digits" });
  }
  // JSON has no -0.
  return value === 0 ? 0 : value;
}

/** A quantity that something is given in: more than nothing. @throws INVALID_INPUT */
export function doseOf(amount: Amount, argument: string): Quantity {
  if (!(amount.value > 0)) throw new SalusError("INVALID_INPUT", { argument, reason: "must be more than 0" });
  return quantityOf(amount);
}

/** A count of at least `least`. @throws INVALID_INPUT */
export function countOf(value: number, argument: string, least = 1): number {
  if (!Number.isInteger(value) || value < least || value > 2_147_483_647) {
    throw new SalusError("INVALID_INPUT", { argument, reason: `must be a whole number, at least ${least}` });
  }
  return value;
}

/**
 * An amount in the smallest unit as FHIR's money, to the last digit.
 * @throws INVALID_INPUT when it is negative, or more than a JSON number holds exactly (2^53 - 1 smallest units)
 */
export function moneyOf(amount: bigint, { code, decimals }: Currency = EURO): Money {
  if (amount < 0n || amount > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new SalusError("INVALID_INPUT", { argument: "amount", reason: "must be 0 to 2^53 - 1 smallest units" });
  }
  if (!/^[A-Z]{3}$/.test(code) || !Number.isInteger(decimals) || decimals < 0 || decimals > 6) {
    throw new SalusError("INVALID_INPUT", {
      argument: "currency",
      reason: "must be an ISO 4217 code with 0 to 6 digits",
    });
  }
  const value = Number(pointed(amount, decimals));
  if (minorOf({ value }, { code, decimals }) !== amount) {
    throw new SalusError("INVALID_INPUT", { argument: "amount", reason: "has more digits than JSON holds" });
  }
  return { value, currency: code };
}

/** The reverse of `moneyOf`; null when it isn't a whole number of smallest units, or in another currency. */
export function minorOf(money: Money | undefined, { code, decimals }: Currency = EURO): bigint | null {
  if (money?.value === undefined || (money.currency !== undefined && money.currency !== code)) return null;
  const written = /^(\d+)(?:\.(\d+))?$/.exec(plainDigits(money.value));
  const [, whole = "", fraction = ""] = written ?? [];
  if (!written || fraction.length > decimals) return null;
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

/** Smallest units with their point: 1234 is "12.34". */
export function pointed(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, "0");
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A concept of one coding. */
export function conceptOf(system: string, code: string, display?: string, text = display): CodeableConcept {
  return { coding: [{ system, code, ...(display ? { display } : {}) }], ...(text ? { text } : {}) };
}

/** A concept of one of HL7's own code systems. */
export function hl7Concept(system: string, code: string, display?: string): CodeableConcept {
  return { coding: [{ system: hl7(system), code, ...(display ? { display } : {}) }] };
}

/** JavaScript writes what is below a millionth with an exponent. */
function plainDigits(value: number): string {
  return /e-/.test(String(value)) ? value.toFixed(12).replace(/0+$/, "") : String(value);
}
