/**
 * What an insurer pays of a bill, and how that is computed: `Terms` in IClaims.sol (002-33, 004-19). The terms are hashed
 * into a policy's reference, so whoever accepts the policy accepts them. Everything here gives what the contract gives.
 */
import { AbiCoder, getAddress, keccak256 } from "ethers";
import * as v from "valibot";

import { SalusError } from "../errors.js";
import type { Address, Hex } from "../types.js";
import { AccountAddress, Hex32 } from "./json.js";

/** What an insurer pays of a bill. Amounts are in the token's smallest unit. */
export interface Terms {
  /** The ERC-20 token that claims are settled in. */
  token: Address;
  /** What the patient pays first, once for the policy's term. */
  deductible: bigint;
  /** The patient's part of the rest, in basis points, 0 to 10,000: 1,000 is 10 %. */
  coPayment: number;
  /** What the policy pays at most, in all. */
  limit: bigint;
}

/** Terms, and the salt that makes them a policy's reference. */
export interface SaltedTerms {
  terms: Terms;
  /** 32 random bytes. */
  salt: Hex;
}

/** What was spent of a policy, `Spent` in IClaims.sol. */
export interface Spent {
  /** Of the deductible. */
  deductible: bigint;
  /** Paid. */
  paid: bigint;
}

/** How an amount is split. All of it is `deductible` + `coPayment` + `aboveLimit` + `paid`. */
export interface Coverage {
  /** What goes to the deductible. */
  deductible: bigint;
  /** The patient's part of the rest, rounded up. */
  coPayment: bigint;
  /** What isn't paid because the policy has paid its most. */
  aboveLimit: bigint;
  /** What the insurer pays. */
  paid: bigint;
}

/** A token's name and how its units are written. */
export interface TokenInfo {
  token: Address;
  symbol: string;
  decimals: number;
}

/** All, in basis points. */
export const WHOLE = 10_000;

/** The largest amount of a bill: uint96 in IClaims.sol. */
export const MAX_AMOUNT = 2n ** 96n - 1n;

const MAX_UINT256 = 2n ** 256n - 1n;

const NO_ADDRESS = `0x${"0".repeat(40)}`;

/** Nothing was spent yet. */
export const NOTHING_SPENT: Spent = { deductible: 0n, paid: 0n };

const Uint256 = v.pipe(
  v.string(),
  v.regex(/^(?:0|[1-9][0-9]{0,77})$/),
  v.transform((digits) => BigInt(digits)),
  v.maxValue(MAX_UINT256),
);

/** Terms as JSON carries them: amounts as decimal strings. */
const fields = {
  token: v.pipe(
    AccountAddress,
    v.check((token: Address) => isToken(token)),
  ),
  deductible: Uint256,
  coPayment: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(WHOLE)),
  limit: Uint256,
};

/** Terms in JSON. */
export const TermsSchema = v.strictObject(fields);

/** Terms and their salt in JSON, as the public object of an offer carries them. */
export const SaltedTermsSchema = v.strictObject({ ...fields, salt: Hex32 });

/** Terms for JSON. */
export function termsToJson({ token, deductible, coPayment, limit }: Terms): v.InferInput<typeof TermsSchema> {
  return { token, deductible: deductible.toString(), coPayment, limit: limit.toString() };
}

/** Terms from JSON that somebody else wrote. @throws SalusError INVALID_INPUT that names the field */
export function termsFromJson(json: unknown): Terms {
  const result = v.safeParse(TermsSchema, json);
  if (result.success) return result.output;
  throw new SalusError("INVALID_INPUT", { argument: v.getDotPath(result.issues[0]) ?? "terms", reason: "no terms" });
}

/** Passes if there can be such terms. @throws SalusError INVALID_INPUT that names the field */
export function checkTerms({ token, deductible, coPayment, limit }: Terms): void {
  const refuse = (argument: string, reason: string) => new SalusError("INVALID_INPUT", { argument, reason });
  if (!isToken(token)) throw refuse("token", "not a token's address");
  if (!Number.isInteger(coPayment) || coPayment < 0 || coPayment > WHOLE) {
    throw refuse("coPayment", "not 0 to 10,000 basis points");
  }
  if (deductible < 0n || deductible > MAX_UINT256) throw refuse("deductible", "not an amount");
  if (limit < 0n || limit > MAX_UINT256) throw refuse("limit", "not an amount");
}

/**
 * The policy reference that has these terms: keccak256(abi.encode(token, deductible, coPayment, limit, salt)).
 * @throws SalusError INVALID_INPUT
 */
export function refOf({ terms, salt }: SaltedTerms): Hex {
  checkTerms(terms);
  const { token, deductible, coPayment, limit } = terms;
  const types = ["address", "uint256", "uint256", "uint256", "bytes32"];
  const values = [token, deductible, coPayment, limit, salt];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}

/** What the terms give for an amount after what was spent: `coverageOf` of IClaims.sol, with each part named. */
export function coverageOf(terms: Terms, spent: Spent, eligible: bigint): Coverage {
  const deductible = least(eligible, rest(terms.deductible, spent.deductible));
  const shared = eligible - deductible;
  const whole = BigInt(WHOLE);
  // Rounded up, so that never one unit more is paid than is covered.
  const coPayment = (shared * BigInt(terms.coPayment) + whole - 1n) / whole;
  const paid = least(shared - coPayment, rest(terms.limit, spent.paid));
  return { deductible, coPayment, aboveLimit: shared - coPayment - paid, paid };
}

/** The doctor's part of what is paid, rounded down. @param share basis points */
export function feeOf(paid: bigint, share: number): bigint {
  return (paid * BigInt(share)) / BigInt(WHOLE);
}

/** Whether both say the same. */
export function sameTerms(a: Terms | null, b: Terms | null): boolean {
  if (a === null || b === null) return a === b;
  return a.token === b.token && a.deductible === b.deductible && a.coPayment === b.coPayment && a.limit === b.limit;
}

// -------- in words --------

/** An amount with its currency: 1,234.50 dEUR. Exact, however large. */
export function formatAmount(amount: bigint, { symbol, decimals }: Pick<TokenInfo, "symbol" | "decimals">): string {
  const unit = 10n ** BigInt(decimals);
  const whole = (amount / unit).toString().replace(/\B(?=(?:\d{3})+$)/g, ",");
  const digits = (amount % unit).toString().padStart(decimals, "0");
  // Cents stay; of the many digits of other tokens only those that say something.
  const shown = decimals > 2 ? digits.replace(/0+$/, "").padEnd(2, "0") : digits;
  return `${whole}${decimals > 0 ? `.${shown}` : ""} ${symbol}`;
}

/**
 * The units that a person's amount means: "1,234.5" or "1234.50" with two decimals is 123450.
 * @throws SalusError INVALID_INPUT for anything else, and for more digits than the token has
 */
export function parseAmount(text: string, { decimals }: Pick<TokenInfo, "decimals">): bigint {
  const match = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(text.trim());
  const [, whole = "", fraction = ""] = match ?? [];
  if (!match || whole.length > 100 || fraction.length > decimals) {
    throw new SalusError("INVALID_INPUT", { argument: "amount", reason: `not a number with ${decimals} decimals` });
  }
  return BigInt(whole.replaceAll(",", "") + fraction.padEnd(decimals, "0"));
}

/** Basis points as a percentage: 1,050 is 10.5 %. */
export function formatShare(share: number): string {
  return `${share / 100} %`;
}

/** The terms in one sentence, said to the patient, or of the patient to somebody else. */
export function describeTerms(terms: Terms, token: TokenInfo, to: "patient" | "other" = "patient"): string {
  const { deductible, coPayment, limit } = terms;
  const who = to === "patient" ? "You pay" : "The patient pays";
  const first = deductible > 0n ? `the first ${formatAmount(deductible, token)} of the policy's term` : "";
  const part = coPayment > 0 ? `${formatShare(coPayment)} of ${first ? "the rest" : "every bill"}` : "";
  const own = [first, part].filter(Boolean).join(", then ") || "nothing of what is covered";
  return `${who} ${own}; at most ${formatAmount(limit, token)} are paid in all.`;
}

function isToken(token: string): boolean {
  try {
    return getAddress(token) === token && token !== NO_ADDRESS;
  } catch {
    return false;
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** `all` less what was used of it, never below zero. */
function rest(all: bigint, used: bigint): bigint {
  return used < all ? all - used : 0n;
}
