/**
 * `npm run bench`: gas beside peers, sealing and opening, publishing and reading end to end on a local chain and the
 * embedded IPFS node, a civil registry under load, the photo match, the page of a record with ten thousand documents, and
 * Table I of seed 001 (001-11) beside the same functions here. `-- --json FILE` writes it all.
 */
import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

import Table from "cli-table3";
import { hexlify, randomBytes, Transaction } from "ethers";

import {
  accountKeys,
  deploySalus,
  drawerByLabel,
  newRoot,
  open,
  publish,
  publishBatch,
  readRecord,
  seal,
  type Document,
} from "../sdk/index.js";
import { startFaceMatcher } from "../services/attest/face/index.js";
import { BOUNDS, measureGas } from "../test/contracts/measure.js";
import { measureLoad } from "../test/services/attest/load.js";
import { startWorld } from "../test/world.js";
import { measureTimeline } from "./bench/timeline.js";
import { faceOf, liveOf } from "./seed/faces.js";

const { values: options } = parseArgs({ options: { json: { type: "string" } } });

const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;
/** Records of the end-to-end rows. */
const RECORDS = 100;

/** Seed 001's Table I: an i5 with 8 GB, functions of a Python list in memory. Seconds. */
const TABLE_I = { createChain: 1.13e-5, createTransaction: 8.3e-6, addBlock: 1.153e-4 };

/** The median seconds of one call over `runs` calls, after one that doesn't count. */
async function median(runs: number, call: () => Promise<unknown>): Promise<number> {
  await call();
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await call();
    seconds.push((performance.now() - start) / 1_000);
  }
  return seconds.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? NaN;
}

/** Seconds that one call takes. */
async function once(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return (performance.now() - start) / 1_000;
}

async function measureEnvelope() {
  const { publicKey, secretKey } = accountKeys(newRoot());
  const rows = [];
  for (const [name, size, runs] of [
    ["1 KB", KILOBYTE, 200],
    ["1 MB", MEGABYTE, 20],
    ["100 MB", 100 * MEGABYTE, 3],
  ] as const) {
    const plaintext = new Uint8Array(size);
    const { header, payload } = await seal(plaintext, [publicKey]);
    const sealing = await median(runs, () => seal(plaintext, [publicKey]));
    const opening = await median(runs, () => open(header, payload, secretKey));
    const speed = (seconds: number) => size / MEGABYTE / seconds;
    rows.push({ size: name, sealMBs: speed(sealing), openMBs: speed(opening) });
  }
  return rows;
}

const document = (): Document => ({
  content: randomBytes(KILOBYTE),
  fileName: "record.bin",
  mediaType: "application/octet-stream",
});

async function measureEndToEnd() {
  const world = await startWorld();
  try {
    const root = await world.account(0);
    const registry = await world.participant(1, root, "civil registry", "Civil Registry");
    const patient = await world.patient(7, registry, "Bench Patient");
    const drawer = await drawerByLabel(patient, patient.patientId, "documents");
    const documents = Array.from({ length: RECORDS }, document);

    await publish(patient, drawer, document());
    const ids: `0x${string}`[] = [];
    const publishing = await once(async () => {
      for (const each of documents) ids.push((await publish(patient, drawer, each)).recordId);
    });
    const batch = await once(() => publishBatch(patient, drawer, documents));
    const reading = await once(async () => {
      for (const id of ids) await readRecord(patient, id);
    });

    // The chain alone, as Table I counts it: no encryption, no storage.
    const { records } = world.reader.chain;
    const entry = () => ({
      nonce: BigInt(hexlify(randomBytes(8))),
      size: KILOBYTE,
      payload: hexlify(randomBytes(32)),
      header: hexlify(randomBytes(32)),
    });
    const place = [drawer.patientId, drawer.scope, drawer.publicKey] as const;
    const writable = records.connect(patient.signer);
    const unsigned = Transaction.from({
      ...(await writable.append.populateTransaction(...place, entry())),
      chainId: world.deployment.chainId,
      type: 2,
      nonce: 0,
      gasLimit: 100_000n,
      maxFeePerGas: 1n,
    });
    const signing = await median(200, () => patient.signer.signTransaction(unsigned));
    const appending = await median(50, async () => (await writable.append(...place, entry())).wait());
    const entries = () => Array.from({ length: RECORDS }, entry);
    const appendingBatch = await median(5, async () => (await writable.appendBatch(...place, entries())).wait());
    const deploying = await median(5, () => deploySalus(root.signer));
    return {
      publishPerSecond: RECORDS / publishing,
      publishBatchPerSecond: RECORDS / batch,
      readPerSecond: RECORDS / reading,
      tableI: {
        createChain: deploying,
        createTransaction: signing,
        addBlock: appending,
        addBlockInBatch: appendingBatch / RECORDS,
      },
    };
  } finally {
    await world.stop();
  }
}

/** The median seconds of comparing a portrait of 360 x 480 with a camera's 640 x 480, once the model is loaded. */
async function measureMatch(): Promise<number> {
  const matcher = await startFaceMatcher({ eager: true });
  try {
    const [live, onFile] = [await liveOf("dana"), await faceOf("dana")];
    return await median(20, () => matcher.match(live, onFile));
  } finally {
    await matcher.close();
  }
}

function table(head: string[], rows: string[][]): void {
  const drawn = new Table({ head, style: { head: [], border: [], compact: true } });
  drawn.push(...rows);
  console.log(`${drawn.toString()}\n`);
}

const speed = (value: number) => value.toFixed(value < 10 ? 1 : 0);
const scientific = (seconds: number) => `${seconds.toExponential(2)} s`;

const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(`${machine}\n`);

const gas = await measureGas();
table(
  ["act", "gas", "best peer"],
  Object.entries(gas).map(([sentence, used]) => {
    const peer = BOUNDS[sentence]?.peer;
    return [sentence, used.toLocaleString("en-US"), peer ? `${peer.gas.toLocaleString("en-US")} (${peer.what})` : ""];
  }),
);

const envelope = await measureEnvelope();
table(
  ["size", "seal MB/s", "open MB/s"],
  envelope.map(({ size, sealMBs, openMBs }) => [size, speed(sealMBs), speed(openMBs)]),
);

const endToEnd = await measureEndToEnd();
table(
  ["1 KB records, end to end", "a second"],
  [
    ["publish, one transaction each", speed(endToEnd.publishPerSecond)],
    [`publish, ${RECORDS} in one transaction`, speed(endToEnd.publishBatchPerSecond)],
    ["read and verify", speed(endToEnd.readPerSecond)],
  ],
);

const match = await measureMatch();
const loads = await measureLoad();
const milliseconds = (value: number) => `${Math.round(value)} ms`;
table(
  ["a civil registry under 64 clients, 10,000 attestations", "a second", "p50", "p99", "errors"],
  loads.map(({ engine, perSecond, p50, p99, errors }) => [
    engine === "sqlite" ? "SQLite" : "PostgreSQL",
    speed(perSecond),
    milliseconds(p50),
    milliseconds(p99),
    String(errors),
  ]),
);
console.log(`Two photos are compared in ${match.toFixed(2)} s.\n`);

const timeline = await measureTimeline();
table(
  [
    `the page of a record with ${timeline.records.toLocaleString("en-US")} documents`,
    "how often",
    "median",
    "p99",
    "slowest",
  ],
  [
    ["a filter, to the painted frame", timeline.filters] as const,
    ["a step of scrolling", timeline.scrolling] as const,
  ].map(([what, { count, ...times }]) => [
    what,
    String(count),
    ...[times.median, times.p99, times.slowest].map(milliseconds),
  ]),
);

const { tableI } = endToEnd;
table(
  ["Table I of seed 001", "there", "here", "what it is here"],
  [
    ["create chain", scientific(TABLE_I.createChain), scientific(tableI.createChain), "deploy all contracts"],
    [
      "create transaction",
      scientific(TABLE_I.createTransaction),
      scientific(tableI.createTransaction),
      "sign an append",
    ],
    ["add block", scientific(TABLE_I.addBlock), scientific(tableI.addBlock), "send it and wait for its block"],
    ["", "", scientific(tableI.addBlockInBatch), `the same, a record of ${RECORDS} in a batch`],
  ],
);
console.log(
  "There: a list in one process's memory, without signatures or consensus. Here: a signed transaction that a node checks.",
);

if (options.json) {
  const attest = { loads, matchSeconds: match };
  const result = { machine, gas, envelope, endToEnd, attest, timeline, tableI: { there: TABLE_I, here: tableI } };
  await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
}
