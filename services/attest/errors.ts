/** Refusals over HTTP: a status, and `{ code, why, how, details? }` with a code of sdk/errors.ts. Nothing that was sent comes back. */
import type { FastifyError } from "fastify";

import { isSalusError, SalusError, type ErrorCode } from "../../sdk/index.js";
import type { Outcome } from "./audit.js";

/** The status of every refusal that a service may answer. */
export const STATUSES = {
  INVALID_INPUT: 400,
  SIGN_IN_REQUIRED: 401,
  SIGN_IN_REFUSED: 401,
  H_UNKNOWN: 401,
  NOT_VERIFIED: 403,
  FACE_MISMATCH: 403,
  CARD_NOT_VERIFIED: 403,
  ATTESTATION_REFUSED: 403,
  LICENCE_NOT_VERIFIED: 403,
  LICENCE_IN_USE: 403,
  NO_PHOTO_ON_FILE: 403,
  REQUEST_TOO_LARGE: 413,
  PHOTO_REQUIRED: 422,
  PHOTO_UNREADABLE: 422,
  PHOTO_TOO_LARGE: 422,
  NO_FACE: 422,
  SEVERAL_FACES: 422,
  FACE_TOO_SMALL: 422,
  TOO_MANY_ATTEMPTS: 429,
  SERVICE_REFUSED: 500,
  CHAIN_UNREACHABLE: 503,
  IPFS_UNREACHABLE: 503,
  SERVICE_BUSY: 503,
} as const satisfies Partial<Record<ErrorCode, number>>;

/** A code that a service may answer with. */
export type RefusalCode = keyof typeof STATUSES;

/** What the chain and the store are called from outside, whatever is the matter with them. */
const BEHIND: Partial<Record<ErrorCode, RefusalCode>> = {
  WRONG_CHAIN: "CHAIN_UNREACHABLE",
  CHAIN_RESTARTED: "CHAIN_UNREACHABLE",
  NOT_DEPLOYED: "CHAIN_UNREACHABLE",
  TRANSACTION_FAILED: "CHAIN_UNREACHABLE",
  IPFS_REFUSED: "IPFS_UNREACHABLE",
  STORAGE_FULL: "IPFS_UNREACHABLE",
  CID_MISMATCH: "IPFS_UNREACHABLE",
  CONTENT_UNAVAILABLE: "IPFS_UNREACHABLE",
};

/** The only details that leave: names of our own fields, and seconds. */
const TELLABLE = ["field", "retryAfter"];

/** A refusal as it leaves. */
export interface Refusal {
  status: number;
  body: { code: RefusalCode; why: string; how: string; details?: Record<string, string | number | boolean> };
  /** Whether somebody should look at the service. */
  isDefect: boolean;
}

/** Whatever was thrown, as a refusal. */
export function refusalOf(error: unknown): Refusal {
  const { code, details, isDefect } = classify(error);
  const { why, how } = new SalusError(code);
  const told = Object.fromEntries(Object.entries(details).filter(([name]) => TELLABLE.includes(name)));
  const body = { code, why, how, ...(Object.keys(told).length > 0 && { details: told }) };
  return { status: statusOf(error, code), body, isDefect };
}

/** How the audit calls a refusal. */
export function outcomeOf(error: unknown): Outcome {
  return isSalusError(error) ? error.code : "failed";
}

/** What a log may say of an error: its code or name, never its message. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

/** Where a defect happened: the stack without the message, which may quote what was sent. */
export function framesOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack.split("\n").filter((line) => /^\s+at /.test(line));
}

interface Kind {
  code: RefusalCode;
  details: SalusError["details"];
  isDefect: boolean;
}

function classify(error: unknown): Kind {
  if (isSalusError(error)) {
    const code = error.code in STATUSES ? (error.code as RefusalCode) : BEHIND[error.code];
    if (code) return { code, details: error.details, isDefect: false };
  } else if (isHttpError(error)) {
    if (error.statusCode === 413) return { code: "REQUEST_TOO_LARGE", details: {}, isDefect: false };
    if (error.statusCode < 500) return { code: "INVALID_INPUT", details: { field: fieldOf(error) }, isDefect: false };
    if (error.statusCode === 503) return { code: "SERVICE_BUSY", details: {}, isDefect: false };
  } else if (isDatabaseError(error)) {
    return { code: "SERVICE_BUSY", details: {}, isDefect: true };
  }
  return { code: "SERVICE_REFUSED", details: {}, isDefect: true };
}

/** HTTP's own words where it has some: no such path, another media type, a body that didn't come. */
function statusOf(error: unknown, code: RefusalCode): number {
  const own = code === "INVALID_INPUT" && isHttpError(error) ? error.statusCode : 0;
  return own >= 400 && own < 500 ? own : STATUSES[code];
}

function isHttpError(error: unknown): error is FastifyError & { statusCode: number } {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number";
}

/** SQLite is locked or its disk full; PostgreSQL is away, or gave its SQLSTATE. */
function isDatabaseError(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return /timeout|terminated/i.test(String(error));
  return error.code === "ERR_SQLITE_ERROR" || /^([0-9A-Z]{5}|E[A-Z]+)$/.test(String(error.code));
}

/** Names a field of ours: the schema's path to it, never a name that was sent. */
function fieldOf(error: FastifyError): string {
  const [issue] = error.validation ?? [];
  if (!issue) return error.statusCode === 404 ? "path" : error.statusCode === 415 ? "content-type" : "body";
  const path = issue.instancePath.slice(1).replaceAll("/", ".");
  const missing = issue.keyword === "required" ? String(issue.params["missingProperty"]) : "";
  return [path, missing].filter(Boolean).join(".") || "body";
}
