/**
 * `npm run gas`: what each act on chain costs, beside its limit, the last snapshot and the best peer's figure.
 * `-- --json` prints one object from sentence to gas; `-- --update` writes the snapshot. Fails when an act costs more than
 * in the snapshot or than its limit, or when appending costs more the longer a history is.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import Table from "cli-table3";

import { BOUNDS, DRIFT, measureGas, STEADY } from "../test/contracts/measure.js";

const SNAPSHOT = new URL("../test/contracts/gas-snapshot.json", import.meta.url);

const { values: options } = parseArgs({
  options: { json: { type: "boolean", default: false }, update: { type: "boolean", default: false } },
});

const figure = (gas: number | undefined) => gas?.toLocaleString("en-US") ?? "";

async function readSnapshot(): Promise<Record<string, number>> {
  try {
    return JSON.parse(await readFile(SNAPSHOT, "utf8")) as Record<string, number>;
  } catch (error) {
    if (options.update && error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}

/** What is wrong with the figures, one sentence each. */
function faults(gas: Record<string, number>, snapshot: Record<string, number>): string[] {
  const found: string[] = [];
  for (const [sentence, used] of Object.entries(gas)) {
    const limit = BOUNDS[sentence]?.limit;
    if (limit !== undefined && used > limit)
      found.push(`${sentence}: ${figure(used)} exceeds the limit of ${figure(limit)}.`);
    if (options.update) continue;
    const before = snapshot[sentence];
    if (before === undefined) found.push(`${sentence}: not in the snapshot. Run npm run gas -- --update.`);
    else if (used > before)
      found.push(`${sentence}: ${figure(used)}, ${figure(used - before)} more than the snapshot.`);
  }
  for (const sentence of [...Object.keys(BOUNDS), ...Object.keys(snapshot)]) {
    if (!(sentence in gas)) found.push(`${sentence}: not measured any more.`);
  }
  for (const [early, late] of STEADY) {
    const drift = Math.abs((gas[late] ?? NaN) - (gas[early] ?? NaN));
    if (!(drift <= DRIFT)) found.push(`${late}: ${figure(drift)} away from the second record; ${DRIFT} are allowed.`);
  }
  return found;
}

function print(gas: Record<string, number>, snapshot: Record<string, number>): void {
  const table = new Table({
    head: ["act", "gas", "limit", "snapshot", "peer"],
    colAligns: ["left", "right", "right", "right", "left"],
    style: { head: [], border: [], compact: true },
  });
  for (const [sentence, used] of Object.entries(gas)) {
    const { limit, peer } = BOUNDS[sentence] ?? {};
    const compared = peer ? `${figure(peer.gas)} (${peer.what})` : "";
    table.push([sentence, figure(used), figure(limit), figure(snapshot[sentence]), compared]);
  }
  console.log(table.toString());
}

const snapshot = await readSnapshot();
const gas = await measureGas();
if (options.json) console.log(JSON.stringify(gas, null, 2));
else print(gas, snapshot);

const found = faults(gas, options.update ? {} : snapshot);
for (const fault of found) console.error(fault);
if (options.update) await writeFile(SNAPSHOT, `${JSON.stringify(gas, null, 2)}\n`);
process.exitCode = found.length > 0 ? 1 : 0;
