/**
 * Refusals: how an error of a contract, a wallet or a node becomes a `SalusError`. Wallets and nodes word and nest the
 * same refusal differently, so everything that they are known to do is looked for here, and nowhere else.
 */
import { getBytes, isError, type ErrorDescription, type Interface } from "ethers";

import {
  Claims__factory,
  Consents__factory,
  Fulfilments__factory,
  Keys__factory,
  Orders__factory,
  Participants__factory,
  Patients__factory,
  Policies__factory,
  Records__factory,
  Visits__factory,
} from "../../typechain-types/index.js";
import { ERROR_MESSAGES, isSalusError, SalusError, type ErrorCode } from "../errors.js";

const INTERFACES: readonly Interface[] = [
  Participants__factory,
  Keys__factory,
  Patients__factory,
  Policies__factory,
  Consents__factory,
  Visits__factory,
  Orders__factory,
  Records__factory,
  Fulfilments__factory,
  Claims__factory,
].map((factory) => factory.createInterface());

/** Runs `call` and turns what it throws into a `SalusError`. */
export async function guard<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toSalusError(error);
  }
}

/** Turns an error of ethers, a wallet or a node into a `SalusError`; those that are one already pass unchanged. */
export function toSalusError(error: unknown): SalusError {
  if (isSalusError(error)) return error;
  const custom = customError(error);
  if (custom) return custom;
  if (isError(error, "TRANSACTION_REPLACED")) return new SalusError("TRANSACTION_REPLACED", { reason: error.reason });
  if (isError(error, "ACTION_REJECTED") || codesOf(error).includes(4001)) {
    return new SalusError("SIGNATURE_REJECTED", {}, { cause: error });
  }
  if (
    isError(error, "INSUFFICIENT_FUNDS") ||
    messagesOf(error).some((text) => /(insufficient|enough) funds/i.test(text))
  ) {
    return new SalusError("INSUFFICIENT_FUNDS", {}, { cause: error });
  }
  if (isError(error, "NETWORK_ERROR") && error.message.startsWith("network changed")) {
    return new SalusError("WRONG_CHAIN", {}, { cause: error });
  }
  if (isUnreachable(error)) return new SalusError("CHAIN_UNREACHABLE", {}, { cause: error });
  const reason = error instanceof Error ? ((error as { shortMessage?: string }).shortMessage ?? error.message) : "";
  return new SalusError("TRANSACTION_FAILED", { reason: reason.slice(0, 200) }, { cause: error });
}

function customError(error: unknown): SalusError | undefined {
  for (const data of revertData(error)) {
    for (const contract of INTERFACES) {
      const parsed = parsedBy(contract, data);
      if (!parsed || !(parsed.name in ERROR_MESSAGES)) continue;
      const details = Object.fromEntries(parsed.fragment.inputs.map(({ name }, i) => [name, String(parsed.args[i])]));
      return new SalusError(parsed.name as ErrorCode, details, { cause: error });
    }
  }
  return undefined;
}

/** What a contract's interface makes of it. A token, or a node, may give an error's selector without its arguments. */
function parsedBy(contract: Interface, data: Uint8Array): ErrorDescription | null {
  try {
    return contract.parseError(data);
  } catch {
    return null;
  }
}

/** All hex strings under `data` in an error and its causes: nodes and wallets nest it differently. */
function* revertData(error: unknown, depth = 0): Generator<Uint8Array> {
  if (typeof error !== "object" || error === null || depth > 6) return;
  const { data } = error as { data?: unknown };
  if (typeof data === "string" && /^0x([0-9a-f]{2}){4,}$/i.test(data)) yield getBytes(data);
  for (const key of ["data", "error", "info", "cause"] as const) {
    yield* revertData((error as Record<string, unknown>)[key], depth + 1);
  }
}

/** `pick` of an error and of all that it nests. */
function everyLevel<T>(error: unknown, pick: (level: Record<string, unknown>) => T, depth = 0): T[] {
  if (typeof error !== "object" || error === null || depth > 6) return [];
  const level = error as Record<string, unknown>;
  return [
    pick(level),
    ...[level.info, level.error, level.cause].flatMap((nested) => everyLevel(nested, pick, depth + 1)),
  ];
}

const codesOf = (error: unknown) => everyLevel(error, ({ code }) => code);

const messagesOf = (error: unknown) => everyLevel(error, ({ message }) => (typeof message === "string" ? message : ""));

function isUnreachable(error: unknown): boolean {
  if (isError(error, "NETWORK_ERROR") || isError(error, "TIMEOUT")) return true;
  // A node that answers 400 or 413 is there: it refuses this request, for instance as too wide.
  if (isError(error, "SERVER_ERROR")) return ![400, 413].includes(error.response?.statusCode ?? 0);
  const network = ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EHOSTUNREACH", "ETIMEDOUT", "EPIPE"];
  if (codesOf(error).some((code) => typeof code === "string" && network.includes(code))) return true;
  return error instanceof TypeError && /fetch/i.test(error.message);
}
