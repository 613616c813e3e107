/** What the page and its worker say to each other, and errors in a form that can be said. */
import type { Address, ErrorCode, TxStatus } from "../../sdk/index.js";
import type { SalusConfig } from "./config.js";
import { isSalusFailure } from "./errors.js";

/** Where the worker works, and for whom. */
export interface Workplace extends Pick<SalusConfig, "rpcUrl" | "ipfsUrl" | "deployment"> {
  account: Address;
  /** Name of the journal's database. */
  journal: string;
  /** The account root once unlocked; the worker forgets it when the job is done. */
  root?: Uint8Array;
}

/** A job, by its name in heavy.worker.ts. The port that comes with it carries all that is said about it. */
export interface JobMessage {
  name: string;
  input: unknown;
  place: Workplace;
}

/** What the worker says about a job. "ask" is a question to the wallet, which only the page can reach. */
export type WorkerMessage =
  | { kind: "status"; status: TxStatus }
  | { kind: "progress"; done: number; total: number }
  | { kind: "ask"; id: number; request: { method: string; params?: readonly unknown[] } }
  | { kind: "done"; value: unknown }
  | { kind: "failed"; error: PlainError };

/** The wallet's answer to a question. */
export type WalletAnswer = { id: number; value: unknown } | { id: number; error: PlainError };

/** An error without its class, which doesn't survive the way. */
export type PlainError =
  | { kind: "salus"; code: ErrorCode; details: Readonly<Record<string, string | number | boolean>> }
  | { kind: "other"; message: string; code?: number | string; data?: unknown };

/** Takes the class off an error. */
export function plainError(error: unknown): PlainError {
  if (isSalusFailure(error)) return { kind: "salus", code: error.code, details: error.details };
  // Wallets throw plain objects too.
  const { message, code, data } = (error ?? {}) as { message?: unknown; code?: number | string; data?: unknown };
  return { kind: "other", message: typeof message === "string" ? message : String(error), code, data: plainData(data) };
}

/** A wallet's data may hold what can't be posted. */
function plainData(data: unknown): unknown {
  return data === undefined ? undefined : (JSON.parse(JSON.stringify(data)) as unknown);
}
