/** Who may speak to the node: checked before anything else is looked at. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

import { RequestError } from "./errors.js";

export interface AccessRules {
  /** Web origins that may call from a browser, exactly as browsers send them. */
  origins: readonly string[];
  /** Names, beside localhost and plain addresses, under which the node may be addressed. */
  hosts: readonly string[];
  /** If set, every request must carry it as bearer token. */
  token?: string;
}

const EXPOSED = "X-Stream-Output, X-Chunked-Output, X-Content-Length";
const REQUEST_HEADERS = "Accept, Authorization, Content-Type, If-None-Match, X-Requested-With";

/** @throws Error if an origin isn't one; a wildcard isn't. */
export function checkRules(rules: AccessRules): void {
  for (const origin of rules.origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new Error(
        `${JSON.stringify(origin)} is not a web origin. Write it like http://localhost:5173, without a path.`,
      );
    }
  }
}

/**
 * Refuses what may not come in.
 *
 * @param methods what the path accepts.
 * @throws RequestError 403, 405
 */
export function checkAccess(request: IncomingMessage, rules: AccessRules, methods: readonly string[]): void {
  // A page of evil.example whose name is made to point here would be of the same origin as this node.
  if (!isOwnHost(request.headers.host, rules.hosts)) throw forbidden();
  if (!methods.includes(request.method ?? "")) {
    throw new RequestError(405, "405 - Method Not Allowed", { Allow: ["OPTIONS", ...methods].join(", ") });
  }
  const { origin, referer } = request.headers;
  if (origin !== undefined && !rules.origins.includes(origin)) throw forbidden();
  if (referer !== undefined && !(URL.canParse(referer) && rules.origins.includes(new URL(referer).origin)))
    throw forbidden();
  // Browsers send an origin with every POST, unless a page hides it; programs send neither, and are no danger.
  const browser = request.headers["user-agent"]?.startsWith("Mozilla") ?? false;
  if (browser && request.method === "POST" && origin === undefined && referer === undefined) throw forbidden();
  if (rules.token !== undefined && !sameSecret(request.headers.authorization ?? "", `Bearer ${rules.token}`)) {
    throw new RequestError(403, "403 - Forbidden: this node needs an authorization token");
  }
}

/** The headers by which a browser lets an allowed page read the answer. */
export function corsHeaders(request: IncomingMessage, rules: AccessRules): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined || !rules.origins.includes(origin)) return { Vary: "Origin" };
  return { Vary: "Origin", "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED };
}

/** The answer to a browser's question whether it may ask. */
export function preflightHeaders(
  request: IncomingMessage,
  rules: AccessRules,
  methods: readonly string[],
): Record<string, string> {
  const headers = { Vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers" };
  const { origin, "access-control-request-method": method = "" } = request.headers;
  if (origin === undefined || !rules.origins.includes(origin) || !methods.includes(method)) return headers;
  if (!isOwnHost(request.headers.host, rules.hosts)) return headers;
  return {
    ...headers,
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Methods": methods.join(", "),
    "Access-Control-Allow-Headers": REQUEST_HEADERS,
  };
}

/** An address can't be made to point elsewhere; a name can, so only known names pass. */
function isOwnHost(header: string | undefined, hosts: readonly string[]): boolean {
  if (!header || !URL.canParse(`http://${header}`)) return false;
  const name = new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, "");
  return name === "localhost" || isIP(name) !== 0 || hosts.includes(name);
}

function forbidden(): RequestError {
  return new RequestError(403, "403 - Forbidden");
}

function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
