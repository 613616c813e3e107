/**
 * JSON-RPC over HTTP and WebSocket for the local chain. Hardhat's own server answers every web page that is open on this machine, and
 * Hardhat's node lets whoever may ask act as every account; this one answers programs, our page, and wallets.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { isIP } from "node:net";
import { json } from "node:stream/consumers";

import { WebSocketServer, type WebSocket } from "ws";

/** What answers: an EIP-1193 provider. */
export interface Provider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
  on(event: "message", listener: (message: Message) => void): unknown;
  removeListener(event: "message", listener: (message: Message) => void): unknown;
}

/** News of a subscription, as EIP-1193 has it. */
interface Message {
  readonly type: string;
  readonly data: unknown;
}

/** JSON-RPC 2.0's and EIP-1474's numbers. */
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const INTERNAL_ERROR = -32_603;
/** A call that a contract refused; clients read what it said in `data`. */
const REVERTED = 3;

/** The longest message over a socket: enough to deploy the largest contract several times over. */
const MAX_MESSAGE = 8 * 1_024 * 1_024;

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
      void answerTo(provider, () => json(request)).then((answer) => {
        response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
      });
    } else {
      response.writeHead(405, { Allow: "OPTIONS, POST" }).end();
    }
  };
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE });
  const server = createServer(listener);
  server.on("upgrade", (request, socket, head) => {
    if (mayAsk(request, origins)) {
      sockets.handleUpgrade(request, socket, head, (opened) => serveSocket(provider, opened));
    } else {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
    }
  });
  return server;
}

/** Answers over a socket, and passes on what was subscribed to over it, until it closes. */
function serveSocket(provider: Provider, socket: WebSocket): void {
  const subscriptions = new Set<unknown>();
  const own: Pick<Provider, "request"> = {
    async request(call) {
      const result = await provider.request(call);
      if (call.method === "eth_subscribe") subscriptions.add(result);
      return result;
    },
  };
  const onMessage = ({ type, data }: Message) => {
    if (type !== "eth_subscription" || !subscriptions.has((data as { subscription: unknown }).subscription)) return;
    socket.send(JSON.stringify({ jsonrpc: "2.0", method: type, params: data }));
  };
  provider.on("message", onMessage);
  socket.on("message", (text) => {
    void answerTo(own, () => JSON.parse((text as Buffer).toString())).then((answer) =>
      socket.send(JSON.stringify(answer)),
    );
  });
  // "close" follows.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    provider.removeListener("message", onMessage);
    // A chain that has ended itself has no subscriptions left.
    for (const id of subscriptions) {
      provider.request({ method: "eth_unsubscribe", params: [id] }).catch(() => undefined);
    }
  });
}

/** Browsers name the page with every POST; a page whose name was made to point here would name itself as the host. */
function mayAsk({ headers: { origin, host } }: IncomingMessage, origins: readonly string[]): boolean {
  const name = URL.parse(`http://${host ?? ""}`)?.hostname.replace(/^\[|\]$/g, "") ?? "";
  if (name !== "localhost" && isIP(name) === 0) return false;
  return origin === undefined || origins.includes(origin) || EXTENSION.test(origin);
}

async function answerTo(provider: Pick<Provider, "request">, read: () => unknown): Promise<unknown> {
  let asked: unknown;
  try {
    asked = await read();
  } catch {
    return { jsonrpc: "2.0", id: null, error: { code: PARSE_ERROR, message: "This is no JSON." } };
  }
  return Array.isArray(asked)
    ? Promise.all(asked.map((each) => answerOne(provider, each)))
    : answerOne(provider, asked);
}

async function answerOne(provider: Pick<Provider, "request">, asked: unknown): Promise<unknown> {
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
