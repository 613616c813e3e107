/** HTTP: access, routing, timeouts, and one log line per request. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { type AccessRules, checkAccess, corsHeaders, preflightHeaders } from "./access.js";
import { CommandError, RequestError } from "./errors.js";
import { serveBlock } from "./gateway.js";
import { Params } from "./params.js";
import { Reply } from "./reply.js";
import { COMMANDS, type Command, type Node } from "./rpc.js";

/** One request, as it may be logged: no query, no body, no file name, no address. */
export interface LogEntry {
  method: string;
  /** The route: "/api/v0/add", "/ipfs"; "other" for what this node doesn't have. */
  route: string;
  status: number;
  milliseconds: number;
  /** The kind of error, if the request failed: its class, never its message. */
  error?: string;
}

export interface ServerRules extends AccessRules {
  /** Milliseconds that a client may send or take nothing before it is cut off. */
  idleTimeout: number;
  log: (entry: LogEntry) => void;
}

const API = "/api/v0/";
const GATEWAY = "/ipfs/";
/** Receiving headers and body altogether: a 256 MiB file at 75 KB/s. */
const REQUEST_TIMEOUT = 3_600_000;
const HEADERS_TIMEOUT = 30_000;
const MAX_CONNECTIONS = 512;

interface Route {
  name: string;
  methods: readonly string[];
  run: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** @returns the server, not yet listening, and `settled`, which waits for the requests under way. */
export function buildServer(node: Node, rules: ServerRules): { server: Server; settled: () => Promise<void> } {
  const running = new Set<Promise<void>>();
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT },
    (request, response) => {
      const work = handle(node, rules, request, response).finally(() => running.delete(work));
      running.add(work);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = rules.idleTimeout;
  const settled = async () => {
    while (running.size > 0) await Promise.allSettled(running);
  };
  return { server, settled };
}

async function handle(
  node: Node,
  rules: ServerRules,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now();
  const reply = new Reply(request, response);
  const url = parseUrl(request.url);
  const route = url && findRoute(node, rules, url);
  let failure: unknown;
  // A client that goes away shows as an aborted upload or a closed response, which the commands handle.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  try {
    if (route && request.method === "OPTIONS") {
      response.writeHead(204, preflightHeaders(request, rules, route.methods)).end();
    } else {
      for (const [name, value] of Object.entries(corsHeaders(request, rules))) response.setHeader(name, value);
      if (!route) throw new RequestError(404, "404 page not found");
      checkAccess(request, rules, route.methods);
      await route.run(request, response);
    }
  } catch (error) {
    failure = error;
    reply.fail(error);
  }
  request.resume();
  rules.log({
    method: request.method ?? "",
    route: route?.name ?? "other",
    status: response.statusCode,
    milliseconds: Math.round(performance.now() - started),
    ...(failure !== undefined && { error: kindOf(failure) }),
  });
}

function findRoute(node: Node, rules: ServerRules, url: URL): Route | undefined {
  if (url.pathname.startsWith(GATEWAY)) {
    const run: Route["run"] = (request, response) =>
      serveBlock(node.repo, url, request, response, rules.token === undefined);
    return { name: "/ipfs", methods: ["GET", "HEAD"], run };
  }
  const name = url.pathname.startsWith(API) ? url.pathname.slice(API.length).replace(/\/$/, "") : "";
  const command: Command | undefined = COMMANDS.get(name);
  if (!command) return undefined;
  const run: Route["run"] = async (request, response) => {
    const reply = new Reply(request, response);
    // Between a command that works on and a client that waits nothing passes; only while one sends or takes is silence a fault.
    if (name === "repo/gc" || name.startsWith("pin/")) request.socket.setTimeout(0);
    await command(node, new Params(url.searchParams), reply);
  };
  return { name: `${API}${name}`, methods: ["POST"], run };
}

function parseUrl(path: string | undefined): URL | undefined {
  const url = `http://node${path ?? ""}`;
  return path?.startsWith("/") && URL.canParse(url) ? new URL(url) : undefined;
}

function kindOf(error: unknown): string {
  if (error instanceof CommandError || error instanceof RequestError) return error.constructor.name;
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
