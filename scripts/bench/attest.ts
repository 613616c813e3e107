/** How the attestation services bear load: a civil registry under 64 clients on both engines, and the photo match. */
import { Agent, request } from "node:http";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

import { hexlify, randomBytes, Wallet } from "ethers";

import { startFaceMatcher } from "../../services/attest/face/index.js";
import { importInto } from "../../services/attest/index.js";
import { postgresBinaries, startPostgres } from "../../test/services/attest/postgres.js";
import { startRegistryProcess } from "../../test/services/attest/process.js";
import { startWorld, type Unlocked, type World } from "../../test/world.js";
import { citizenLines, citizens, type Citizen } from "../seed/citizens.js";
import { faceOf, liveOf } from "../seed/faces.js";

/** What issue 4 asks for. */
const CLIENTS = 64;
const REQUESTS = 10_000;
const CITIZENS = 10_000;
const MATCHES = 20;

/** What the clients of one registry saw. */
export interface Load {
  engine: "SQLite" | "PostgreSQL";
  /** Attestations a second. */
  perSecond: number;
  /** Milliseconds from asking to the whole answer. */
  p50: number;
  p99: number;
  /** Answers that weren't an attestation, and requests without an answer. */
  errors: number;
}

/** Lets the clients ask a registry over each engine that there is. Its process is its own; chain and clients share ours. */
export async function measureLoad(): Promise<Load[]> {
  const world = await startWorld();
  try {
    const registry = await world.participant(1, await world.account(0), "civil registry", "Civil Registry");
    const loads = [await loadOver("SQLite", world, registry, join(world.folder, "load.sqlite"))];
    const binaries = postgresBinaries();
    if (binaries === undefined) return loads;
    const postgres = await startPostgres(binaries);
    try {
      loads.push(await loadOver("PostgreSQL", world, registry, await postgres.newDatabase()));
    } finally {
      await postgres.stop();
    }
    return loads;
  } finally {
    await world.stop();
  }
}

/** The median seconds of comparing two photos of 360 x 480 and 640 x 480, once the model is loaded. */
export async function measureMatch(): Promise<number> {
  const matcher = await startFaceMatcher({ eager: true });
  try {
    const [live, onFile] = [await liveOf("dana"), await faceOf("dana")];
    await matcher.match(live, onFile);
    const seconds: number[] = [];
    for (let match = 0; match < MATCHES; match++) {
      const start = performance.now();
      await matcher.match(live, onFile);
      seconds.push((performance.now() - start) / 1_000);
    }
    return at(seconds, 0.5);
  } finally {
    await matcher.close();
  }
}

async function loadOver(engine: Load["engine"], world: World, registry: Unlocked, database: string): Promise<Load> {
  await importInto(database, "registry", citizenLines(CITIZENS, { photos: false }));
  const service = await startRegistryProcess(world, registry, 1, database);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  try {
    const people = [...citizens(CITIZENS)];
    const waited: number[] = [];
    let errors = 0;
    let next = 0;
    const client = async () => {
      for (let number = next++; number < REQUESTS; number = next++) {
        const start = performance.now();
        if (!(await isAttested(agent, service.url, people[number % CITIZENS]))) errors++;
        waited.push(performance.now() - start);
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: CLIENTS }, client));
    const perSecond = REQUESTS / ((performance.now() - start) / 1_000);
    return { engine, perSecond, p50: at(waited, 0.5), p99: at(waited, 0.99), errors };
  } finally {
    agent.destroy();
    await service.kill();
  }
}

/** Asks for an attestation of one person, for a wallet that nobody has. */
function isAttested(agent: Agent, url: string, person: Citizen | undefined): Promise<boolean> {
  const { nationalId, birthDate } = person ?? { nationalId: "", birthDate: "" };
  const salt = hexlify(randomBytes(32));
  const body = JSON.stringify({ controller: CONTROLLER, nationalId, birthDate, salt });
  const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const asking = request(`${url}/v1/attestations`, { agent, method: "POST", headers }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode === 200));
    });
    asking.once("error", () => resolve(false)).end(body);
  });
}

const CONTROLLER = Wallet.createRandom().address;

/** The value below which this part of the values lies. */
function at(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? NaN;
}
