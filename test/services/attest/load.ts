/** How much a civil registry bears: parallel clients over HTTP, each answer signed, its audit row on the disk. */
import { Agent, request } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { toHex, randomBytes } from "../../../sdk/core/bytes.js";
import { importInto } from "../../../services/attest/index.js";
import { startWorld, type World } from "../../world.js";
import { postgresBinaries, startPostgres } from "./postgres.js";
import { startRegistryProcess } from "./process.js";

/** What was measured on one engine. */
export interface LoadRow {
  engine: "sqlite" | "postgres";
  requests: number;
  clients: number;
  /** Milliseconds that half of the answers took, and 99 of 100. */
  p50: number;
  p99: number;
  /** Answers a second. */
  perSecond: number;
  /** Answers that weren't attestations. */
  errors: number;
}

export interface LoadOptions {
  /** 10,000 unless given. */
  requests?: number;
  /** 64 unless given. */
  clients?: number;
}

const CITIZENS = 1_000;
const CONTROLLER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";

const citizen = (number: number) => ({
  nationalId: `8${String(number).padStart(9, "0")}`,
  name: `Citizen ${number}`,
  birthDate: `19${10 + (number % 80)}-0${1 + (number % 9)}-1${number % 10}`,
});

/**
 * Starts a chain and a registry process for each engine, and asks it for attestations without photos. PostgreSQL is left out
 * where there is none.
 */
export async function measureLoad({ requests = 10_000, clients = 64 }: LoadOptions = {}): Promise<LoadRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "salus-load-"));
  const binaries = postgresBinaries();
  const postgres = binaries === undefined ? undefined : await startPostgres(binaries);
  const world = await startWorld();
  try {
    const rows = [await measure(world, "sqlite", join(folder, "registry.sqlite"), { requests, clients })];
    if (postgres) rows.push(await measure(world, "postgres", await postgres.newDatabase(), { requests, clients }));
    return rows;
  } finally {
    await world.stop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  world: World,
  engine: LoadRow["engine"],
  database: string,
  { requests, clients }: Required<LoadOptions>,
): Promise<LoadRow> {
  const people = Array.from({ length: CITIZENS }, (_, number) => citizen(number));
  await importInto(
    database,
    "registry",
    people.map((person) => JSON.stringify(person)),
  );
  const registry = await startRegistryProcess(world, { root: randomBytes(32) }, 1, database);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const took: number[] = [];
  let errors = 0;
  let asked = 0;
  const client = async () => {
    for (let number = asked++; number < requests; number = asked++) {
      const { nationalId, birthDate } = citizen(number % CITIZENS);
      const body = { controller: CONTROLLER, nationalId, birthDate, salt: toHex(randomBytes(32)) };
      const started = performance.now();
      const status = await post(`${registry.url}/v1/attestations`, agent, JSON.stringify(body)).catch(() => 0);
      took.push(performance.now() - started);
      if (status !== 200) errors++;
    }
  };
  try {
    const started = performance.now();
    await Promise.all(Array.from({ length: clients }, client));
    const seconds = (performance.now() - started) / 1_000;
    took.sort((a, b) => a - b);
    const quantile = (share: number) => took[Math.ceil(share * took.length) - 1] ?? NaN;
    return {
      engine,
      requests,
      clients,
      p50: quantile(0.5),
      p99: quantile(0.99),
      perSecond: requests / seconds,
      errors,
    };
  } finally {
    agent.destroy();
    await registry.kill();
  }
}

/** The status of an answer, once all of it is here. */
function post(url: string, agent: Agent, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    request(url, { method: "POST", agent, headers }, (response) => {
      response.on("end", () => resolve(response.statusCode ?? 0)).on("error", reject);
      response.resume();
    })
      .on("error", reject)
      .end(body);
  });
}
