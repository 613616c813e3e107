/** HTTP: validation, limits, refusals, logs, health and the OpenAPI description, the same for all faces. */
import type { Socket } from "node:net";

import cors from "@fastify/cors";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import fastify, { LogController, type FastifyInstance, type FastifyReply } from "fastify";

import { SalusError } from "../../sdk/index.js";
import { limitConnections } from "./connections.js";
import { refusalOf, type Refusal } from "./errors.js";
import type { Face } from "./faces.js";
import { healthRoutes } from "./health.js";
import { logDefect, loggerOptions, logRequests, type LogStream } from "./log.js";
import { callerOf, type Route } from "./route.js";
import { routesOf } from "./routes.js";
import type { Service } from "./service.js";
import { signInRoutes } from "./sign-in.js";

const VERSION = "1.0.0";

/** Milliseconds for the headers, for the whole request, and that a connection may be silent. */
const TIMEOUTS = { headers: 10_000, request: 30_000, silence: 60_000, check: 1_000 };
const MINUTE = 60_000;
/** Seconds that a browser may remember what it is allowed to ask. */
const PREFLIGHT_LIFETIME = 600;

export interface FrameOptions {
  face: Face;
  /** Null for a frame that is only described. */
  service: Service | null;
  origins: readonly string[];
  /** Addresses of proxies whose word about the caller's address counts. */
  proxies?: readonly string[];
  log?: LogStream;
}

/** A server with all routes of a face, not yet listening. */
export async function buildFrame({ face, service, origins, proxies, log }: FrameOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: loggerOptions(log),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: proxies && proxies.length > 0 ? [...proxies] : false,
    connectionTimeout: TIMEOUTS.silence,
    requestTimeout: TIMEOUTS.request,
    http: { headersTimeout: TIMEOUTS.headers, connectionsCheckingInterval: TIMEOUTS.check },
    // Nothing is repaired: a field too many or of another type is refused, and a person hears of it.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: false } },
    clientErrorHandler: (_error, socket) => refuseSocket(socket),
    frameworkErrors: (error, _request, reply: FastifyReply) => refuse(reply, refusalOf(error)),
  });
  limitConnections(app.server, proxies);
  // Bodies are JSON; anything else has no reader, and is refused with 415.
  app.removeContentTypeParser("text/plain");
  answerRefusals(app);
  logRequests(app, service);

  await app.register(swagger, { openapi: description(face) });
  await app.register(cors, {
    origin: [...origins],
    methods: ["GET", "POST", "DELETE"],
    allowedHeaders: ["Authorization", "Content-Type"],
    exposedHeaders: ["Retry-After"],
    maxAge: PREFLIGHT_LIFETIME,
    // What only looks like a preflight is a request for a route that there isn't.
    strictPreflight: false,
  });
  if (service) await limitCallers(app, service);
  const routes: readonly Route[] = [...healthRoutes(face), ...signInRoutes, ...routesOf(face)];
  for (const each of routes) each.register(app, service);
  let described = "";
  app.get("/openapi.json", { schema: { hide: true } }, (_request, reply) => {
    void reply.type("application/json; charset=utf-8").send((described ||= JSON.stringify(app.swagger())));
  });
  app.setNotFoundHandler(() => {
    throw Object.assign(new Error("no such path"), { statusCode: 404 });
  });
  await app.ready();
  return app;
}

/** The OpenAPI description of a face, as it serves it. */
export async function describe(face: Face): Promise<object> {
  const app = await buildFrame({ face, service: null, origins: [] });
  const described = app.swagger();
  await app.close();
  return described;
}

function answerRefusals(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    const refusal = refusalOf(error);
    logDefect(app, error, refusal);
    refuse(reply, refusal);
  });
  app.addHook("onSend", (_request, reply, payload, done) => {
    // What is answered is about one person: nobody on the way may keep it.
    void reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
    done(null, payload);
  });
}

function refuse(reply: FastifyReply, { status, body }: Refusal): void {
  const wait = body.details?.["retryAfter"];
  if (typeof wait === "number") void reply.header("retry-after", wait);
  void reply.status(status).send(body);
}

async function limitCallers(app: FastifyInstance, service: Service): Promise<void> {
  await app.register(rateLimit, {
    max: service.limits.perCaller,
    timeWindow: MINUTE,
    keyGenerator: (request) => callerOf(service, request),
    errorResponseBuilder: (_request, { ttl }) =>
      new SalusError("TOO_MANY_ATTEMPTS", { retryAfter: Math.max(1, Math.ceil(ttl / 1_000)) }),
    // How many are left is nobody's business, and would make two refusals differ.
    addHeaders: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
    addHeadersOnExceeding: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
  });
}

/** What isn't HTTP, or didn't come in time, never becomes a request. */
function refuseSocket(socket: Socket): void {
  if (!socket.writable) return;
  const body = JSON.stringify(refusalOf(new SalusError("INVALID_INPUT")).body);
  const head = ["HTTP/1.1 400 Bad Request", "Connection: close", "Content-Type: application/json; charset=utf-8"];
  socket.end([...head, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n"), () => socket.destroy());
}

function description(face: Face) {
  return {
    openapi: "3.1.0",
    info: {
      title: `Salus attestation service: ${face}`,
      description: "Any organisation may serve this description with a program of its own: docs/decisions/0010.",
      version: VERSION,
      license: { name: "MIT", identifier: "MIT" },
    },
    components: { securitySchemes: { token: { type: "http" as const, scheme: "bearer" } } },
  };
}
