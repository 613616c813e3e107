/** Errors in words: what happened, whether something was lost, what to do next. */
import type { ErrorCode, SalusError } from "../../sdk/index.js";

/** What a `SalusError` says of itself. */
type Thrown = Error & Pick<SalusError, "code" | "why" | "how" | "details">;

/** An error as it is shown. */
export interface Failure {
  /** The SDK's code; null for what the SDK didn't foresee. */
  code: ErrorCode | null;
  what: string;
  next: string;
  /** Safe to show: ids, digests, sizes, names of fields. */
  details: Readonly<Record<string, string | number | boolean>>;
}

/** Whether an error is a `SalusError`, of one of `codes` if any are given. Told by name: the class is loaded later. */
export function isSalusFailure(error: unknown, ...codes: ErrorCode[]): error is Thrown {
  if (!(error instanceof Error) || error.name !== "SalusError" || !("code" in error)) return false;
  return codes.length === 0 || codes.some((code) => code === error.code);
}

/**
 * What went wrong with a query, as far as its page should say it. That the chain doesn't answer is said above the page, as
 * long as there is something older to show.
 */
export function problemOf({ error, data }: { error: unknown; data: unknown }): unknown {
  return data !== undefined && isSalusFailure(error, "CHAIN_UNREACHABLE") ? null : error;
}

/** Puts any error into words. */
export function failureOf(error: unknown): Failure {
  if (isSalusFailure(error)) {
    return { code: error.code, what: error.why, next: error.how, details: error.details };
  }
  if (error instanceof TypeError && /dynamically imported module|import/i.test(error.message)) {
    return {
      code: null,
      what: "A part of the page couldn't be loaded.",
      next: "Check your connection and load the page anew.",
      details: {},
    };
  }
  return {
    code: null,
    what: "Something went wrong that Salus didn't foresee.",
    next: "Load the page anew and try again. If it persists, report it with the words under Details.",
    details: { message: error instanceof Error ? error.message.slice(0, 300) : String(error).slice(0, 300) },
  };
}

/** What to do next, with the assurance that nothing was lost, said once. */
export function reassuring(next: string): string {
  return /nothing (was|is) lost|nothing was (sent|changed)/i.test(next) ? next : `Nothing was lost. ${next}`;
}
