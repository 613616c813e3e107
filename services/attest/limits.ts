/**
 * How often somebody may guess. Wrong guesses are counted in the audit, about a subject whoever asks and by a caller or
 * account whatever they ask about, so that neither a restart nor another wallet gives more of them. The price: who knows
 * an id can lock its owner out for an hour.
 */
import { SalusError } from "../../sdk/index.js";
import { limitingGuess, type Question } from "./audit.js";
import type { Database } from "./database/index.js";

/** What is allowed. */
export interface Limits {
  /** Requests of one caller in a minute, of any kind. */
  perCaller: number;
  /** Wrong guesses about one subject in an hour. */
  perSubject: number;
  /** Wrong guesses of one caller, or of one account, in an hour. */
  guessesPerCaller: number;
}

/** Several people share the address of a hospital's network, and nobody mistypes as often as a thief. */
export const DEFAULT_LIMITS: Limits = { perCaller: 120, perSubject: 5, guessesPerCaller: 30 };

/** Seconds that a wrong guess counts. */
export const WINDOW = 3_600;

/** Passes while there is a guess left. @param now Unix seconds @throws TOO_MANY_ATTEMPTS with the seconds to wait */
export async function checkGuesses(db: Database, limits: Limits, question: Question, now: number): Promise<void> {
  const { action, subject, caller } = question;
  // To a registry anybody may name any account; only where one has signed in do its guesses count against it.
  const account = action === "attestation" ? null : question.account;
  const since = now - WINDOW;
  const { perSubject, guessesPerCaller } = limits;
  const limiting = await Promise.all([
    limitingGuess(db, "subject", subject, { since, allowed: perSubject }),
    limitingGuess(db, "caller", caller, { since, allowed: guessesPerCaller }),
    account === null ? null : limitingGuess(db, "account", account, { since, allowed: guessesPerCaller }),
  ]);
  const latest = Math.max(...limiting.map((time) => time ?? -Infinity));
  if (latest > since) throw new SalusError("TOO_MANY_ATTEMPTS", { retryAfter: latest + WINDOW - now });
}

/** Lets work on the same key wait for each other: a hundred guesses at once are a hundred guesses, one after another. */
export class Turns {
  readonly #tails = new Map<string, Promise<unknown>>();

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    const tail = result.catch(() => undefined);
    this.#tails.set(key, tail);
    try {
      return await result;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}
