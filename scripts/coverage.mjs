/** `npm run coverage`: fails unless the contracts' unit tests run every line of contracts/. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { copyApart, hardhat } from "./lib/apart.mjs";

const folder = copyApart("coverage", ["contracts", "test/contracts", "typechain-types"]);
const tests = readdirSync(join(folder, "test/contracts"), { recursive: true })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => `test/contracts/${name.replaceAll("\\", "/")}`);

const status = hardhat(folder, ["--coverage", "test", "mocha", ...tests]);
if (status !== 0) process.exit(status);

/** The lines of each file of contracts/ that no test ran, from the report in LCOV's format. */
const missed = {};
let total = 0;
let file = "";
for (const line of readFileSync(join(folder, "coverage", "lcov.info"), "utf8").split("\n")) {
  if (line.startsWith("SF:")) file = line.slice(3).replaceAll("\\", "/");
  if (!line.startsWith("DA:") || !file.startsWith("contracts/")) continue;
  const [number, hits] = line.slice(3).split(",");
  total++;
  if (hits === "0") (missed[file] ??= []).push(number);
}

if (total === 0) {
  console.error("The coverage report names no line of contracts/.");
  process.exit(1);
}
for (const [name, lines] of Object.entries(missed)) console.error(`${name}: no test runs line ${lines.join(", ")}.`);
if (Object.keys(missed).length > 0) process.exit(1);
console.log(`All ${total} lines of contracts/ are covered.`);
