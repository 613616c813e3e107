/** Structured logs, one line a request: what was asked for in general, never by whom, about whom, or with what. */
import type { FastifyInstance, FastifyServerOptions } from "fastify";

import { framesOf, kindOf, type Refusal } from "./errors.js";
import { callerOf } from "./route.js";
import type { Service } from "./service.js";

/** Takes log lines, each JSON with its newline: `process.stderr` is one. */
export interface LogStream {
  write(line: string): void;
}

/** Digits of a caller's tag: enough to tell a flood of one from a flood of many. */
const SHORT = 12;

/** Fastify's own lines, such as that it listens, keep to this as well: serializers that let nothing through. */
export function loggerOptions(stream: LogStream | undefined): FastifyServerOptions["logger"] {
  if (!stream) return false;
  return {
    level: "info",
    stream,
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: {
      req: () => ({}),
      res: () => ({ statusCode: 0 }),
      err: (error) => ({ type: kindOf(error), message: "", stack: "" }),
    },
  };
}

/** Notes every request once it is answered, or given up. */
export function logRequests(app: FastifyInstance, service: Pick<Service, "tag"> | null): void {
  app.addHook("onResponse", (request, reply, done) => {
    request.log.info({
      method: request.method,
      // The route, not the address: what isn't ours may hold anything.
      route: request.routeOptions.url ?? "other",
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
      ...(service && { caller: callerOf(service, request).slice(0, SHORT) }),
    });
    done();
  });
}

/** Notes a refusal that somebody should look into: its kind and where it came from, without its words. */
export function logDefect(app: FastifyInstance, error: unknown, { body, isDefect }: Refusal): void {
  if (isDefect) app.log.error({ code: body.code, error: kindOf(error), at: framesOf(error).slice(0, 8) });
}
