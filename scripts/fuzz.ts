/**
 * `npm run fuzz`: mutated headers, payloads, chunks, manifests and backups against the SDK's readers, each of which must be
 * refused with a typed error; then malformed requests, derived from their OpenAPI descriptions, against the attestation
 * services, none of which may end in a 5xx, a hang over a second or an answer that repeats what was sent.
 * `-- --runs N` of each (100,000), `-- --seed N` repeats a run, `-- --only readers` or `services`. Fails on any fault.
 */
import { parseArgs } from "node:util";

import { SingleBar } from "cli-progress";
import Table from "cli-table3";

import { fuzz, type FuzzRow } from "../test/sdk/core/fuzz.js";
import { fuzzServices, type RequestRow } from "../test/services/attest/fuzz.js";

const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "100000" }, seed: { type: "string" }, only: { type: "string" } },
});
const runs = Number(options.runs);
const seed = options.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(options.seed);
const only = options.only ?? "all";
if (
  ![runs, seed].every((value) => Number.isInteger(value) && value >= 0) ||
  !["all", "readers", "services"].includes(only)
) {
  console.error("--runs and --seed take whole numbers, --only takes readers or services.");
  process.exit(2);
}

const figure = (count: number) => count.toLocaleString("en-US");

function print(rows: FuzzRow[]): void {
  const table = new Table({
    head: ["kind", "inputs", "refused with", "unchanged", "accepted", "untyped"],
    colAligns: ["left", "right", "left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  const total = (field: "inputs" | "unchanged" | "accepted" | "untyped") =>
    figure(rows.reduce((sum, row) => sum + row[field], 0));
  for (const { kind, inputs, refused, unchanged, accepted, untyped } of rows) {
    const codes = [...refused].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${figure(count)}`);
    table.push([kind, figure(inputs), codes.join("\n"), figure(unchanged), figure(accepted), figure(untyped)]);
  }
  table.push(["all", total("inputs"), "", total("unchanged"), total("accepted"), total("untyped")]);
  console.log(table.toString());
}

function printRequests(rows: RequestRow[]): void {
  const table = new Table({
    head: ["operation", "requests", "answers", "slowest, ms"],
    colAligns: ["left", "right", "left", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const { operation, requests, answers, slowest } of rows) {
    const kinds = [...answers].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${figure(count)}`);
    table.push([operation, figure(requests), kinds.join("\n"), figure(Math.round(slowest))]);
  }
  console.log(table.toString());
}

/** Runs one of the two with a bar, prints what came of it, and returns how many faults there were. */
async function fuzzed<Row>(
  what: string,
  run: (onProgress: (done: number) => void) => Promise<{ rows: Row[]; faults: string[] }>,
  show: (rows: Row[]) => void,
): Promise<number> {
  const bar = new SingleBar({ format: "{bar} {value}/{total} inputs, {eta_formatted} left", stream: process.stderr });
  if (process.stderr.isTTY) bar.start(runs, 0);
  const started = performance.now();
  const { rows, faults } = await run((done) => {
    if (done % 100 === 0) bar.update(done);
  });
  bar.stop();

  show(rows);
  console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  for (const fault of faults.slice(0, 20)) console.error(fault);
  if (faults.length > 0) console.error(`${figure(faults.length)} faults. Repeat with --seed ${seed} --runs ${runs}.`);
  return faults.length;
}

console.log(`seed ${seed}`);
let faults = 0;
if (only !== "services") faults += await fuzzed("readers", (onProgress) => fuzz(runs, seed, onProgress), print);
if (only !== "readers") {
  faults += await fuzzed("services", (onProgress) => fuzzServices(runs, seed, onProgress), printRequests);
}
process.exitCode = faults > 0 ? 1 : 0;
