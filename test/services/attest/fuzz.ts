/** Malformed requests against all three faces: each must be refused within a second, in the form of refusals, and without repeating anything. */
import { Agent, request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SiweMessage } from "siwe";

import {
  describe,
  FACES,
  importInto,
  startAttest,
  type AttestService,
  type Face,
} from "../../../services/attest/index.js";
import { accountKeys, attest, requestRegistration } from "../../../sdk/index.js";
import { toHex } from "../../../sdk/core/bytes.js";
import { Chance } from "../../sdk/core/mutations.js";
import { startWorld, type Unlocked, type World } from "../../world.js";
import { bend, MARK, operationsOf, type Malformed, type Operation } from "./malformed.js";

/** What became of the requests to one operation. */
export interface RequestRow {
  operation: string;
  requests: number;
  /** Answers by status and code. */
  answers: Map<string, number>;
  /** Milliseconds of the slowest. */
  slowest: number;
}

/** Requests at a time. */
const CLIENTS = 8;
/** Milliseconds after which an answer counts as a hang, unless told otherwise. */
const HANG = 1_000;
/** Milliseconds after which nobody waits any longer. */
const PATIENCE = 20_000;

/** A face under fire. */
interface Target {
  face: Face;
  service: AttestService;
  operations: Operation[];
  /** By path: what would be accepted. */
  valid: Record<string, object>;
  token: string;
}

/**
 * Sends `runs` malformed requests. `seed` repeats every choice of what is bent; `hang` is the milliseconds that an answer may take.
 * @returns a row for each operation, and a line for each fault: a 5xx, no answer, a refusal that took too long three times, one that isn't
 * in the form of refusals, or one that repeats what was sent
 */
export async function fuzzServices(
  runs: number,
  seed: number,
  onProgress: (done: number) => void = () => undefined,
  hang = HANG,
): Promise<{ rows: RequestRow[]; faults: string[] }> {
  const chance = new Chance(seed);
  const world = await startWorld();
  const folder = await mkdtemp(join(tmpdir(), "salus-fuzz-"));
  const targets = await startTargets(world, folder);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const rows = new Map<string, RequestRow>();
  const faults: string[] = [];
  let started = 0;
  let done = 0;
  const client = async () => {
    while (started < runs) {
      const run = started++;
      const target = chance.pick(targets);
      const operation = chance.pick(target.operations);
      const sent = bend(operation, target.valid[operation.path] ?? {}, target.token, chance);
      const name = `${target.face} ${operation.method} ${operation.path}`;
      const row = rows.get(name) ?? { operation: name, requests: 0, answers: new Map<string, number>(), slowest: 0 };
      rows.set(name, row);
      let answer = await send(target.service, agent, sent);
      // The whole machine may have been busy: what hangs does so every time.
      for (let again = 0; again < 2 && isHang(answer, hang); again++) answer = await send(target.service, agent, sent);
      const fault = judge(row, answer, hang);
      if (fault) faults.push(`request ${run}, ${name}: ${fault}`);
      onProgress(++done);
    }
  };
  try {
    await Promise.all(Array.from({ length: CLIENTS }, client));
    for (const { face, service } of targets) {
      for (const text of NOT_HTTP)
        if (!(await endsWell(service, text))) faults.push(`${face}: hangs over ${JSON.stringify(text.slice(0, 40))}`);
    }
  } finally {
    agent.destroy();
    for (const { service } of targets) await service.close();
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return { rows: [...rows.values()].sort((a, b) => a.operation.localeCompare(b.operation)), faults };
}

interface Answer {
  status: number;
  text: string;
  milliseconds: number;
}

/** Counts an answer, and says what is wrong with it, if anything is. */
function judge(row: RequestRow, { status, text, milliseconds }: Answer, hang: number): string | undefined {
  row.requests++;
  row.slowest = Math.max(row.slowest, milliseconds);
  const code = /"code":"(\w+)"/.exec(text)?.[1] ?? "";
  const kind = code ? `${status} ${code}` : String(status);
  row.answers.set(kind, (row.answers.get(kind) ?? 0) + 1);
  if (status === 0) return `no answer (${text})`;
  if (status >= 500) return kind;
  if (isHang({ status, text, milliseconds }, hang)) return `took ${Math.round(milliseconds)} ms`;
  if (status >= 400 && text !== "" && code === "") return `${status} without a code: ${text.slice(0, 80)}`;
  return text.includes(MARK) ? `${kind} repeats what was sent` : undefined;
}

/** Whether a refusal was long in coming. What is accepted was well-formed after all, and is sealed, stored and signed first. */
function isHang({ status, milliseconds }: Answer, hang: number): boolean {
  return status >= 400 && milliseconds > hang;
}

function send({ url }: AttestService, agent: Agent, { method, path, headers, body }: Malformed): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (status: number, text: string) => resolve({ status, text, milliseconds: performance.now() - started });
    const options = { hostname, port, method, path, agent, timeout: PATIENCE };
    const sent = request({ ...options, headers: { ...headers, "content-length": String(body.length) } }, (response) => {
      void textOf(response).then(
        (text) => end(response.statusCode ?? 0, text),
        (error: unknown) => end(0, String(error)),
      );
    });
    sent.on("error", (error) => end(0, error.message)).on("timeout", () => sent.destroy(new Error("timeout")));
    sent.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}

/** What no HTTP client would send. */
const NOT_HTTP = [
  "\u0000\u0001\u0002\r\n\r\n",
  "GET / HTTP/9.9\r\n\r\n",
  "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
  "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
  "POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  `GET /healthz HTTP/1.1\r\nHost: x\r\n${"X-A: b\r\n".repeat(3_000)}\r\n`,
  `GET /healthz HTTP/1.1\r\nX: ${"a".repeat(40_000)}\r\n\r\n`,
  "POST /v1/sign-in HTTP/1.1\r\n\r\n",
];

/** Whether the other side answers, and ends the connection. */
function endsWell({ port }: AttestService, bytes: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const timer = setTimeout(() => resolve(false), PATIENCE);
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(true);
    };
    socket.on("error", end).on("close", end).on("data", end);
  });
}

// -------- targets --------

const PERSON = { nationalId: "4004004004", name: "Fuzz Person", birthDate: "1980-08-08" };
const CARD = "FUZZ-1";
const LICENCE = { licence: "FUZZ-LICENCE", code: "fuzz-activation-code" };
const UNLIMITED = { perCaller: 1e9, perSubject: 1e9, guessesPerCaller: 1e9 };

async function startTargets(world: World, folder: string): Promise<Target[]> {
  const root = await world.account(0);
  const accounts: Record<Face, Unlocked> = {
    registry: await world.participant(1, root, "civil registry", "Civil Registry"),
    authority: await world.participant(2, root, "health authority", "Health Authority"),
    insurer: await world.participant(3, root, "insurer", "Insurer"),
  };
  const wallet = await world.account(4);
  const registration = requestRegistration(wallet, PERSON);
  const { registry } = accounts;
  const attestation = await attest(registry, registry.signer, registry.root, registration);
  const { salt } = registration;
  const { nationalId, birthDate } = PERSON;
  const publicKey = toHex(accountKeys(wallet.root).publicKey);
  const signed = { message: "", signature: `0x${"11".repeat(65)}` };
  const valid: Record<string, object> = {
    "/v1/attestations": { controller: wallet.account, nationalId, birthDate, salt, photo: "AAAA" },
    "/v1/offers": { attestation, identity: PERSON, salt, card: CARD, publicKey },
    "/v1/accreditations": LICENCE,
  };
  return Promise.all(
    FACES.map(async (face) => {
      const database = join(folder, `${face}.sqlite`);
      await importInto(database, face, [JSON.stringify(recordOf(face))], { folder: import.meta.dirname });
      const service = await startAttest({
        face,
        session: accounts[face],
        database,
        origins: [],
        name: "Fuzz",
        limits: UNLIMITED,
      });
      const message = await messageFor(service, wallet, world.deployment.chainId);
      const token = await signIn(service, message, await wallet.signer.signMessage(message));
      const operations = operationsOf(await describe(face));
      return { face, service, operations, valid: { ...valid, "/v1/sign-in": { ...signed, message } }, token };
    }),
  );
}

function recordOf(face: Face): object {
  if (face === "registry") return PERSON;
  if (face === "insurer")
    return { ...PERSON, card: CARD, plan: "Plan", wording: "fuzz.ts", schedule: { plan: "Plan" } };
  return { ...LICENCE, role: "hospital", name: "Fuzz Hospital", validUntil: "2099-12-31", status: "valid" };
}

async function messageFor({ url }: AttestService, { account }: Unlocked, chainId: number): Promise<string> {
  const answer = await fetch(`${url}/v1/sign-in/nonce`, { method: "POST" });
  const { nonce } = (await answer.json()) as { nonce: string };
  const now = Date.now();
  return new SiweMessage({
    domain: new URL(url).host,
    address: account,
    uri: url,
    version: "1",
    chainId,
    nonce,
    issuedAt: new Date(now).toISOString(),
    expirationTime: new Date(now + 900_000).toISOString(),
  }).prepareMessage();
}

async function signIn({ url }: AttestService, message: string, signature: string): Promise<string> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/v1/sign-in`, {
    method: "POST",
    headers,
    body: JSON.stringify({ message, signature }),
  });
  return ((await answer.json()) as { token: string }).token;
}
