/** One operation of the API: its forms for validation and OpenAPI, what it may refuse, and what it does. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type, type Static, type TSchema } from "typebox";

import { SalusError, type Address, type PatientId } from "../../sdk/index.js";
import { networkOf } from "./connections.js";
import { STATUSES, type RefusalCode } from "./errors.js";
import { RefusalAnswer } from "./schemas.js";
import type { Service } from "./service.js";
import type { Tag } from "./tags.js";

/** Who is signed in. */
export interface SignedInAs {
  account: Address;
  patientId: PatientId | null;
  /** Unix seconds. */
  expiresAt: number;
}

/** What was asked, checked against the route's form. */
export interface Asked<Body> {
  body: Body;
  /** HMAC of the address that asks. */
  caller: Tag;
  /** The bearer token, if any was sent. */
  token: string | null;
  /** Answers with another status than the route's own. */
  reply: (status: number) => void;
}

/** A route as it is written. */
interface Definition<Body extends TSchema, Answer extends TSchema> {
  method: "GET" | "POST" | "DELETE";
  url: string;
  summary: string;
  /** Without one, whatever body comes is passed over. */
  body?: Body;
  answer: Answer;
  /** 200 unless told otherwise. */
  status?: number;
  refusals: readonly RefusalCode[];
  /** Whether a token is needed. */
  secured?: boolean;
  /** Whether callers are counted: not where a monitor asks. */
  unlimited?: boolean;
  /** The largest body, in bytes. */
  bodyLimit?: number;
  handle: (service: Service, asked: Asked<Static<Body>>) => Promise<Static<Answer>>;
}

/** A route as the frame takes it, whatever its forms. */
export interface Route {
  /** Adds the route to `app`. Without a service the route is only described. */
  register(app: FastifyInstance, service: Service | null): void;
}

/** Every route may refuse these. */
const ALWAYS: readonly RefusalCode[] = ["INVALID_INPUT", "TOO_MANY_ATTEMPTS", "SERVICE_REFUSED", "SERVICE_BUSY"];
/** No body but a registry's photo comes near this. */
const BODY_LIMIT = 64 * 1024;

export function route<Answer extends TSchema, Body extends TSchema = TSchema>(
  definition: Definition<Body, Answer>,
): Route {
  const { method, url, summary, body, answer, status = 200, refusals, secured, unlimited } = definition;
  const { bodyLimit = BODY_LIMIT, handle } = definition;
  const schema = {
    summary,
    ...(body && { body }),
    ...(secured && { security: [{ token: [] }] }),
    response: { [status]: answer, ...refusalsByStatus(refusals, unlimited === true, body !== undefined) },
  };
  return {
    register(app, service) {
      app.route({
        method,
        url,
        schema,
        bodyLimit,
        ...(unlimited && { config: { rateLimit: false } }),
        async handler(request, reply) {
          if (!service) throw new SalusError("SERVICE_BUSY");
          void reply.status(status);
          return handle(service, {
            body: request.body as Static<Body>,
            caller: callerOf(service, request),
            token: tokenOf(request),
            reply: (other) => void reply.status(other),
          });
        },
      });
    },
  };
}

/** The network that the caller's address is in, as nobody but this service could recognise it. */
export function callerOf({ tag }: Pick<Service, "tag">, { ip }: Pick<FastifyRequest, "ip">): Tag {
  return tag("caller", networkOf(ip));
}

function tokenOf({ headers }: FastifyRequest): string | null {
  return /^Bearer ([\w-]{43})$/.exec(headers.authorization ?? "")?.[1] ?? null;
}

function refusalsByStatus(refusals: readonly RefusalCode[], unlimited: boolean, hasBody: boolean) {
  const codes = [...(unlimited ? [] : ALWAYS), ...(hasBody ? (["REQUEST_TOO_LARGE"] as const) : []), ...refusals];
  const statuses = [...new Set(codes.map((code) => STATUSES[code]))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const description = codes.filter((code) => STATUSES[code] === status).join(", ");
      return [status, Type.Object(RefusalAnswer.properties, { description })];
    }),
  );
}
