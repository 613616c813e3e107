/**
 * What all tests of the attestation services share: one chain with accredited authorities, both database engines, and
 * everything that the services and the process print, which is searched for personal data at the very end.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { SiweMessage } from "siwe";

import { toHex, randomBytes } from "../../../sdk/core/bytes.js";
import type { Hex, Session } from "../../../sdk/index.js";
import {
  importInto,
  startAttest,
  type AttestOptions,
  type AttestService,
  type Face,
} from "../../../services/attest/index.js";
import { startWorld, type Unlocked, type World } from "../../world.js";
import { postgresBinaries, startPostgres, type Postgres } from "./postgres.js";

/** The page of all tests. */
export const ORIGIN = "http://localhost:5173";
export const DOMAIN = "localhost:5173";

/** A chain with the three authorities. */
export interface Authorities {
  world: World;
  accounts: Record<Face, Unlocked>;
}

let started: Promise<Authorities> | undefined;

/** The chain and the authorities, the same for all files. */
export function authorities(): Promise<Authorities> {
  return (started ??= start());
}

async function start(): Promise<Authorities> {
  const world = await startWorld();
  const root = await world.account(0);
  const registry = await world.participant(1, root, "civil registry", "Civil Registry");
  const authority = await world.participant(2, root, "health authority", "Health Authority");
  const insurer = await world.participant(3, root, "insurer", "Harbour Mutual");
  return { world, accounts: { registry, insurer, authority } };
}

// -------- databases --------

export const ENGINES = ["sqlite", "postgres"] as const;
export type Engine = (typeof ENGINES)[number];

const binaries = postgresBinaries();
let postgres: Promise<Postgres> | undefined;
let folder: Promise<string> | undefined;
let files = 0;

/** A new, empty database. */
export async function newDatabase(engine: Engine): Promise<string> {
  if (engine === "postgres") return (await (postgres ??= startPostgres(binaries!))).newDatabase();
  folder ??= mkdtemp(join(tmpdir(), "salus-attest-"));
  return join(await folder, `${++files}.sqlite`);
}

/** A suite for each engine; PostgreSQL's is left out, in words, where there is none. */
export function eachEngine(title: string, suite: (engine: Engine) => void): void {
  for (const engine of ENGINES) {
    if (engine === "sqlite" || binaries !== undefined) describe(`${title}, ${engine}`, () => suite(engine));
    else it.skip(`${title}, postgres: neither initdb nor postgres was found (Debian: apt-get install postgresql)`);
  }
}

// -------- services --------

const running = new Set<AttestService>();

/** A service under test, and what it takes to ask it. */
export interface Running extends AttestService {
  database: string;
  /** Seconds by which its clock is ahead of the system's. */
  clock: { ahead: number };
  /** Ends it and starts another over the same database. */
  restart(options?: Partial<AttestOptions>): Promise<Running>;
}

/** Enough for a test that asks a thousand times. */
const AMPLE = { perCaller: 1_000_000, perSubject: 1_000_000, guessesPerCaller: 1_000_000 };

/** Starts a service over `database`, or over a new SQLite file. */
export async function startService(face: Face, options: Partial<AttestOptions> = {}): Promise<Running> {
  const { accounts } = await authorities();
  const database = options.database ?? (await newDatabase("sqlite"));
  const clock = { ahead: 0 };
  const service = await startAttest({
    face,
    session: accounts[face],
    database,
    origins: [ORIGIN],
    name: `Test ${face}`,
    log: { write: (line) => void printed.push(line) },
    now: () => Math.floor(Date.now() / 1_000) + clock.ahead,
    ...options,
    limits: { ...AMPLE, ...options.limits },
  });
  running.add(service);
  const close = async () => {
    running.delete(service);
    await service.close();
  };
  const restart = async (other: Partial<AttestOptions> = {}) => {
    await close();
    return startService(face, { ...options, ...other, database });
  };
  return { ...service, close, restart, database, clock };
}

/** Takes records into a database, line by line. */
export async function fill(database: string, face: Face, records: readonly object[], folder?: string): Promise<void> {
  await importInto(
    database,
    face,
    records.map((record) => JSON.stringify(record)),
    { folder },
  );
}

// -------- asking --------

export interface Answer {
  status: number;
  headers: Headers;
  /** The very bytes, as text. */
  text: string;
  body: Record<string, unknown>;
}

/** Asks a service as a page does. */
export async function ask(
  { url }: { url: string },
  method: "GET" | "POST" | "DELETE",
  path: string,
  { body, token, headers }: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = {};
  }
  return { status: response.status, headers: response.headers, text, body: parsed as Record<string, unknown> };
}

/** Expects a refusal in the one form that there is. */
export function expectRefusal(answer: Answer, status: number, code: string, details?: object): void {
  expect(answer.body["code"], answer.text).to.equal(code);
  expect(answer.status).to.equal(status);
  expect(answer.body).to.have.all.keys("code", "why", "how", ...("details" in answer.body ? ["details"] : []));
  if (details) expect(answer.body["details"]).to.deep.equal(details);
}

/** What a sign-in message says, but for what a test changes. */
export async function signInMessage(
  service: { url: string },
  account: string,
  changes: Partial<SiweMessage> = {},
): Promise<string> {
  const nonce = String((await ask(service, "POST", "/v1/sign-in/nonce", { body: {} })).body["nonce"]);
  const { world } = await authorities();
  return new SiweMessage({
    domain: DOMAIN,
    address: account,
    statement: "Sign in.",
    uri: service.url,
    version: "1",
    chainId: world.deployment.chainId,
    nonce,
    issuedAt: new Date().toISOString(),
    expirationTime: new Date(Date.now() + 600_000).toISOString(),
    ...changes,
  }).prepareMessage();
}

/** Signs in with a wallet, and returns the whole answer. */
export async function signIn(
  service: { url: string },
  { signer, account }: Pick<Session, "signer" | "account">,
  changes: Partial<SiweMessage> = {},
): Promise<Answer> {
  const message = await signInMessage(service, account, changes);
  const answer = await ask(service, "POST", "/v1/sign-in", {
    body: { message, signature: await signer.signMessage(message) },
  });
  if (typeof answer.body["token"] === "string") secret(answer.body["token"]);
  return answer;
}

/** A token of a sign-in. */
export async function tokenOf(service: { url: string }, session: Pick<Session, "signer" | "account">): Promise<string> {
  const answer = await signIn(service, session);
  expect(answer.status, answer.text).to.equal(200);
  return String(answer.body["token"]);
}

/** 32 random bytes. */
export function random32(): Hex {
  return toHex(randomBytes(32));
}

// -------- people --------

/** A person in a registry's database. Each is noted as nothing that may be printed. */
export interface Person {
  nationalId: string;
  name: string;
  birthDate: string;
}

let born = 0;

/** A new person. */
export function newPerson(): Person {
  const number = String(++born).padStart(5, "0");
  const birthDate = `19${10 + (born % 80)}-0${1 + (born % 9)}-1${born % 10}`;
  const person = { nationalId: `7${number}-4-${number}90`, name: `Nomen${number} Privata`, birthDate };
  Object.values(person).forEach(secret);
  secret(person.nationalId.replaceAll("-", ""));
  return person;
}

// -------- nothing personal is printed --------

const printed: string[] = [];
const secrets = new Set<string>();

/** Notes what may never be printed. */
export function secret<T extends string>(text: T): T {
  secrets.add(text);
  return text;
}

/** All log lines so far, parsed. */
export function logged(): Record<string, unknown>[] {
  return printed.flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Record<string, unknown>] : []));
}

/** Keeps what the process itself prints, beside printing it. */
function listen(stream: NodeJS.WriteStream): () => void {
  const write = stream.write.bind(stream);
  stream.write = ((...args: Parameters<typeof write>) => {
    printed.push(String(args[0]));
    return write(...args);
  }) as typeof write;
  return () => (stream.write = write);
}

let silence: (() => void)[] = [];

before(() => {
  silence = [listen(process.stdout), listen(process.stderr)];
});

after("nothing personal was printed by any service", async function () {
  this.timeout(60_000);
  for (const stop of silence) stop();
  await Promise.all([...running].map((service) => service.close()));
  await (await postgres)?.stop();
  await (await started)?.world.stop();
  if (folder) await rm(await folder, { recursive: true, force: true });
  const all = printed.join("\n");
  const found = [...secrets].filter((text) => all.includes(text));
  expect(found, "personal data in the logs").to.have.length(0);
});
