/**
 * Asking a service over HTTP: bounded in time and in bytes, nothing but JSON understood, and a refusal turned into the
 * `SalusError` of the same code. What is asked holds personal data, so it is never in an address, a cache or an error.
 */
import * as v from "valibot";

import { concat, fromUtf8 } from "../core/bytes.js";
import { SalusError, type ErrorCode } from "../errors.js";

/** What a service may refuse with. Any other code stands for itself only, and says nothing here. */
const REFUSALS: readonly ErrorCode[] = [
  "INVALID_INPUT",
  "SIGN_IN_REQUIRED",
  "SIGN_IN_REFUSED",
  "H_UNKNOWN",
  "NOT_VERIFIED",
  "FACE_MISMATCH",
  "NO_PHOTO_ON_FILE",
  "PHOTO_REQUIRED",
  "PHOTO_UNREADABLE",
  "PHOTO_TOO_LARGE",
  "NO_FACE",
  "SEVERAL_FACES",
  "FACE_TOO_SMALL",
  "CARD_NOT_VERIFIED",
  "ATTESTATION_REFUSED",
  "LICENCE_NOT_VERIFIED",
  "LICENCE_IN_USE",
  "REQUEST_TOO_LARGE",
  "TOO_MANY_ATTEMPTS",
  "CHAIN_UNREACHABLE",
  "IPFS_UNREACHABLE",
  "SERVICE_BUSY",
];

/** Milliseconds that an answer may take: a face is looked at in a queue. */
const PATIENCE = 30_000;
/** The most bytes of an answer. The largest, an offer with the signature of a contract wallet, has some 10 KiB. */
const MAX_ANSWER_SIZE = 64 * 1024;

export type Method = "GET" | "POST" | "DELETE";

/** What a request carries. */
export interface Content {
  body?: object;
  /** Bearer token of a sign-in. */
  token?: string;
}

/** Asks one service. `path` begins with a slash. */
export type Call = <S extends v.GenericSchema>(
  method: Method,
  path: string,
  schema: S,
  content?: Content,
) => Promise<v.InferOutput<S>>;

/**
 * Asks, and returns the answer if it has the form of `schema`.
 * @throws the service's refusal by its code; SERVICE_UNREACHABLE, SERVICE_ANSWER_INVALID, SERVICE_REFUSED
 */
export async function request<S extends v.GenericSchema>(
  method: Method,
  url: string,
  schema: S,
  { body, token }: Content = {},
  { patience = PATIENCE }: { patience?: number } = {},
): Promise<v.InferOutput<S>> {
  const host = new URL(url).host;
  const { status, retryAfter, bytes } = await ask(host, url, patience, {
    method,
    headers: {
      accept: "application/json",
      ...(body ? { "content-type": "application/json" } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const value = bytes.length === 0 ? null : jsonIn(bytes);
  if (status < 200 || status > 299) throw refusalIn(host, status, retryAfter, value);
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new SalusError("SERVICE_ANSWER_INVALID", { service: host, field: v.getDotPath(result.issues[0]) ?? "answer" });
}

interface Answer {
  status: number;
  /** Seconds, when the service names them. */
  retryAfter: number | null;
  bytes: Uint8Array;
}

async function ask(host: string, url: string, patience: number, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...init,
      signal: AbortSignal.timeout(patience),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    const retryAfter = Number(response.headers.get("retry-after") ?? "none");
    return {
      status: response.status,
      retryAfter: Number.isSafeInteger(retryAfter) && retryAfter >= 0 ? retryAfter : null,
      bytes: await bounded(host, response),
    };
  } catch (cause) {
    if (cause instanceof SalusError) throw cause;
    throw new SalusError("SERVICE_UNREACHABLE", { service: host }, { cause });
  }
}

async function bounded(host: string, response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    parts.push(part.value);
    size += part.value.length;
    if (size <= MAX_ANSWER_SIZE) continue;
    await reader?.cancel().catch(() => undefined);
    throw new SalusError("SERVICE_ANSWER_INVALID", { service: host, reason: "it is too large" });
  }
  return concat(...parts);
}

/** The JSON in an answer; undefined for anything else, such as the page of a proxy. */
function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch {
    return undefined;
  }
}

const RefusalSchema = v.object({ code: v.string(), details: v.optional(v.record(v.string(), v.unknown()), {}) });

function refusalIn(host: string, status: number, retryAfter: number | null, value: unknown): SalusError {
  const { success, output } = v.safeParse(RefusalSchema, value);
  const code = success ? REFUSALS.find((each) => each === output.code) : undefined;
  const wait: Record<string, number> = retryAfter === null ? {} : { retryAfter };
  if (code && success) return new SalusError(code, { ...safeDetails(output.details), ...wait, service: host });
  // A proxy in front of it answers for a service that is down.
  if (status === 502 || status === 503 || status === 504)
    return new SalusError("SERVICE_UNREACHABLE", { service: host, status });
  if (status === 429) return new SalusError("TOO_MANY_ATTEMPTS", { service: host, ...wait });
  if (status === 413) return new SalusError("REQUEST_TOO_LARGE", { service: host });
  return new SalusError("SERVICE_REFUSED", { service: host, status });
}

/** Details are shown: few, short, of plain characters. */
function safeDetails(details: Record<string, unknown>): Record<string, string | number> {
  const safe = Object.entries(details).flatMap(([name, value]): [string, string | number][] => {
    if (!/^[a-zA-Z]{1,30}$/.test(name)) return [];
    if (typeof value === "number") return [[name, value]];
    return typeof value === "string" && /^[\w ./:,-]{1,120}$/.test(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(safe.slice(0, 8));
}
