/**
 * JSON-RPC over HTTP for the local chain. Hardhat's own server answers every web page that is open on this machine, and
 * Hardhat's node lets whoever may ask act as every account; this one answers programs, our page, and wallets.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { isIP } from "node:net";
import { json } from "node:stream/consumers";

/** What answers: an EIP-1193 provider. */
export interface Provider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** JSON-RPC 2.0's and EIP-1474's numbers. */
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const INTERNAL_ERROR = -32_603;
/** A call that a contract refused; clients read what it said in `data`. */
const REVERTED = 3;

/** Wallets that are browser extensions ask from origins of their own, which no web page can have. */
const EXTENSION = /^(chrome|moz|safari-web)-extension:\/\//;

/** A server that isn't listening yet. @param origins web pages that may ask, as browsers name them */
export function rpcServer(provider: Provider, origins: readonly string[]): Server {
  const listener: RequestListener = (request, response) => {
    const { origin } = request.headers;
    if (!mayAsk(request, origins)) {
      response.writeHead(403, { Vary: "Origin" }).end();
      return;
    }
    if (origin !== undefined) {
      response.setHeader("Access-Control-Allow-Origin", origin);
      response.setHeader("Access-Control-Allow-Headers", "Content-Type");
      response.setHeader("Access-Control-Max-Age", "600");
    }
    response.setHeader("Vary", "Origin");
    if (request.method === "OPTIONS") {
      response.writeHead(204, { "Access-Control-Allow-Methods": "POST" }).end();
    } else if (request.method === "POST") {
      void answerTo(provider, request).then((answer) => {
        response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
      });
    } else {
      response.writeHead(405, { Allow: "OPTIONS, POST" }).end();
    }
  };
  return createServer(listener);
}

/** Browsers name the page with every POST; a page whose name was made to point here would name itself as the host. */
function mayAsk({ headers: { origin, host } }: IncomingMessage, origins: readonly string[]): boolean {
  const name = URL.parse(`http://${host ?? ""}`)?.hostname.replace(/^\[|\]$/g, "") ?? "";
  if (name !== "localhost" && isIP(name) === 0) return false;
  return origin === undefined || origins.includes(origin) || EXTENSION.test(origin);
}

async function answerTo(provider: Provider, request: IncomingMessage): Promise<unknown> {
  let asked: unknown;
  try {
    asked = await json(request);
  } catch {
    return { jsonrpc: "2.0", id: null, error: { code: PARSE_ERROR, message: "This is no JSON." } };
  }
  return Array.isArray(asked)
    ? Promise.all(asked.map((each) => answerOne(provider, each)))
    : answerOne(provider, asked);
}

async function answerOne(provider: Provider, asked: unknown): Promise<unknown> {
  const { id = null, method, params } = (asked ?? {}) as { id?: unknown; method?: unknown; params?: unknown };
  if (typeof method !== "string" || (params !== undefined && !Array.isArray(params))) {
    return { jsonrpc: "2.0", id, error: { code: INVALID_REQUEST, message: "This is no request." } };
  }
  try {
    return { jsonrpc: "2.0", id, result: await provider.request({ method, params: params ?? [] }) };
  } catch (error) {
    return { jsonrpc: "2.0", id, error: errorOf(error) };
  }
}

/** An error as geth words it: of a refused call `data` is what the contract said, which Hardhat may wrap. */
function errorOf(error: unknown): { code: number; message: string; data?: unknown } {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  const said = typeof data === "object" && data !== null && "data" in data ? data.data : data;
  return {
    code: typeof code === "number" ? code : INTERNAL_ERROR,
    message: typeof message === "string" ? message : String(error),
    ...(code === REVERTED && { data: said }),
  };
}
