/** What monitors and clients ask first: is it alive, is it ready, who is it. */
import { checkChain } from "../../sdk/index.js";
import { ping } from "./database/index.js";
import type { Face } from "./faces.js";
import { route, type Route } from "./route.js";
import { HealthAnswer, ReadyAnswer, ServiceAnswer } from "./schemas.js";
import type { Service } from "./service.js";

/** Seconds that an answer about readiness holds: monitors mustn't be able to flood the chain. */
const FRESH = 1;

type State = "ok" | "failed";

export function healthRoutes(face: Face): readonly Route[] {
  let last: { at: number; ready: Promise<Ready> } | null = null;
  return [
    route({
      method: "GET",
      url: "/healthz",
      summary: "Whether the process lives",
      answer: HealthAnswer,
      refusals: [],
      unlimited: true,
      handle: () => Promise.resolve({ status: "ok" as const }),
    }),
    route({
      method: "GET",
      url: "/readyz",
      summary: "Whether database, chain and, at a registry, the photo match work",
      answer: ReadyAnswer,
      refusals: [],
      unlimited: true,
      async handle(service, { reply }) {
        if (!last || service.now() - last.at >= FRESH) last = { at: service.now(), ready: ready(service) };
        const answer = await last.ready;
        if (answer.status === "failed") reply(503);
        return answer;
      },
    }),
    route({
      method: "GET",
      url: "/v1/service",
      summary: "Which authority this is, and for which chain and contracts it works",
      answer: ServiceAnswer,
      refusals: [],
      handle: ({ name, session, photo }) => {
        const { chainId, contracts } = session.chain.deployment;
        const { patients, participants, policies } = contracts;
        return Promise.resolve({
          face,
          name,
          account: session.account,
          chainId,
          contracts: { patients, participants, policies },
          ...(face === "registry" && { photo }),
        });
      },
    }),
  ];
}

interface Ready {
  status: State;
  database: State;
  chain: State;
  faces?: State;
}

async function ready({ db, session, faces }: Service): Promise<Ready> {
  const [database, chain] = await Promise.all([state(ping(db)), state(checkChain(session.chain))]);
  const eyes: State | undefined = faces ? (faces.isReady() ? "ok" : "failed") : undefined;
  const status = [database, chain, eyes].includes("failed") ? "failed" : "ok";
  return { status, database, chain, ...(eyes && { faces: eyes }) };
}

function state(check: Promise<void>): Promise<State> {
  return check.then(
    () => "ok",
    () => "failed",
  );
}
