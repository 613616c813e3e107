/** What a demonstration tells, step by step. */
import type { Hex, Published } from "../../sdk/index.js";

/** One thing that happened. */
export interface Event {
  /** The step of seed 002, "1" to "15". */
  step: string;
  /** Whoever acted. */
  who: string;
  what: string;
  /** What went onto the chain; nothing when nothing did. */
  transactions?: readonly Hex[];
  /** Ids and digests, never what a document says. */
  facts?: Readonly<Record<string, string | undefined>>;
}

/** Takes what happened, as it happens. */
export type Tell = (event: Event) => void;

/** An event as lines for a terminal. */
export function lines({ step, who, what, transactions = [], facts = {} }: Event): string {
  const known = Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined);
  const details = [...transactions.map((hash) => ["transaction", hash] as const), ...known];
  return [
    `${step.padStart(4)}  ${who}: ${what}`,
    ...details.map(([name, value]) => `        ${name.padEnd(12)} ${value}`),
  ].join("\n");
}

/** The transactions of what was published. */
export function hashes(...published: readonly Published[]): Hex[] {
  return published.flatMap(({ receipt }) => (receipt ? [receipt.hash] : []));
}
