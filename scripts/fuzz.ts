/**
 * `npm run fuzz`: mutated headers, payloads, chunks, manifests and backups against the SDK's readers. Every one must be
 * refused with a typed error. `-- --runs N` (100,000), `-- --seed N` repeats a run. Fails on any that is accepted.
 */
import { parseArgs } from "node:util";

import { SingleBar } from "cli-progress";
import Table from "cli-table3";

import { fuzz, type FuzzRow } from "../test/sdk/core/fuzz.js";

const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "100000" }, seed: { type: "string" } },
});
const runs = Number(options.runs);
const seed = options.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(options.seed);
if (![runs, seed].every((value) => Number.isInteger(value) && value >= 0)) {
  console.error("--runs and --seed take whole numbers.");
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

console.log(`seed ${seed}`);
const bar = new SingleBar({ format: "{bar} {value}/{total} inputs, {eta_formatted} left", stream: process.stderr });
if (process.stderr.isTTY) bar.start(runs, 0);
const started = performance.now();
const { rows, faults } = await fuzz(runs, seed, (done) => {
  if (done % 100 === 0) bar.update(done);
});
bar.stop();

print(rows);
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
for (const fault of faults.slice(0, 20)) console.error(fault);
if (faults.length > 0) console.error(`${figure(faults.length)} faults. Repeat with --seed ${seed} --runs ${runs}.`);
process.exitCode = faults.length > 0 ? 1 : 0;
