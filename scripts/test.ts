/**
 * `npm test`: compiles, and runs every test there is; `npm test -- sdk services` runs some groups only. Each group has a
 * process of its own. The last line is `N passed, N failed`; the exit code is 1 if a test failed or none ran.
 */
import { join } from "node:path";

import { CHROMIUM_REMEDY, findChromium } from "./lib/chromium.js";
import { compileContracts } from "./lib/contracts.js";
import { filesUnder } from "./lib/fresh.js";
import { ROOT } from "./lib/paths.js";
import { runNode } from "./lib/run.js";
import { isSummary, type Summary } from "./test/summary.js";

/** The folders of test/ in the order in which they run: what others stand on comes first, the slowest last. */
const GROUPS = ["solidity", "contracts", "sdk", "services", "scripts", "dapp", "journey", "e2e"];

const solidityFiles = filesUnder("test").filter((path) => path.endsWith(".t.sol"));
const mochaFiles = (group: string) => filesUnder(`test/${group}`).filter((path) => path.endsWith(".test.ts"));

/** Runs one group and says what became of it; undefined if there is nothing to run. */
async function runGroup(group: string): Promise<Summary | undefined> {
  const isSolidity = group === "solidity";
  const files = isSolidity ? solidityFiles : mochaFiles(group);
  if (files.length === 0) return undefined;

  const env: NodeJS.ProcessEnv = {};
  if (group === "e2e") {
    const chromium = findChromium();
    if (chromium === undefined) {
      console.log(`\nBrowser tests left out, no Chromium was found: ${CHROMIUM_REMEDY}.`);
      return undefined;
    }
    env.SALUS_CHROMIUM = chromium;
  }

  console.log(`\n== ${group}`);
  const runner = join(ROOT, "scripts", "test", isSolidity ? "solidity.ts" : "mocha.ts");
  const { code, messages, duration } = await runNode(runner, isSolidity ? [] : files, { show: true, env });
  const summary = messages.find(isSummary);
  console.log(`== ${group}: ${(duration / 1000).toFixed(1)} s`);
  if (summary !== undefined) return summary;
  console.log(`The ${group} tests ended before they were done (exit code ${code}).`);
  return { passed: 0, failed: 1, skipped: 0 };
}

const asked = process.argv.slice(2);
const unknown = asked.filter((group) => !GROUPS.includes(group));
if (unknown.length > 0) {
  console.error(`There are no tests called ${unknown.join(", ")}. Choose from ${GROUPS.join(", ")}.`);
  process.exit(1);
}

const total: Summary = { passed: 0, failed: 0, skipped: 0 };
try {
  await compileContracts();
  for (const group of GROUPS.filter((name) => asked.length === 0 || asked.includes(name))) {
    const summary = await runGroup(group);
    if (summary === undefined) continue;
    total.passed += summary.passed;
    total.failed += summary.failed;
    total.skipped += summary.skipped;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed += 1;
}
if (total.passed + total.failed === 0) console.log("\nNo tests ran.");
if (total.passed + total.failed === 0 || total.failed > 0) process.exitCode = 1;
console.log(total.skipped > 0 ? `\n${total.skipped} skipped, each with its reason above.` : "");
console.log(`${total.passed} passed, ${total.failed} failed`);
