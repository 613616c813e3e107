/**
 * `npm run check`: format, lint, types, import arrows, gas, generated files, size of the DApp. Each check is a line;
 * what fails prints its output. `-- --fix` lets the formatters and linters repair what they can first,
 * `-- --with-tests` runs `npm test` as well. The last line is `N passed, N failed`.
 */
import { join } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";

import { ROOT, toolEntry } from "./lib/paths.js";
import { runNode } from "./lib/run.js";

/** One check: a program, and what to run it with. */
interface Check {
  name: string;
  file: string;
  args?: string[];
}

const { values } = parseArgs({
  options: { fix: { type: "boolean", default: false }, "with-tests": { type: "boolean", default: false } },
});
const script = (name: string) => join(ROOT, "scripts", name);

const prettier = (flag: string): Check => ({
  name: "format",
  file: toolEntry("prettier"),
  args: [flag, "--log-level", "warn", "."],
});
const eslint: Check = { name: "lint", file: toolEntry("eslint"), args: [".", "--max-warnings", "0"] };

/** Two at a time, each lane in order: what needs the compiled contracts, and what doesn't. */
const LANES: Check[][] = [
  [
    { name: "typechain-types", file: script("compile.ts"), args: ["--check"] },
    { name: "gas snapshot", file: script("gas.ts") },
    {
      name: "lint (Solidity)",
      file: toolEntry("solhint"),
      args: ["--noPoster", "--disc", "--max-warnings", "0", "contracts/**/*.sol"],
    },
    { name: "errors.md", file: script("errors-doc.ts"), args: ["--check"] },
    { name: "FHIR's codes", file: script("fhir-codes.ts"), args: ["--check"] },
    { name: "first JavaScript", file: script("bundle-size.ts") },
  ],
  [prettier("--check"), { name: "types", file: toolEntry("typescript", "tsc"), args: ["--project", "."] }, eslint],
];

let passed = 0;
let failed = 0;

/** Runs one check and prints its line. */
async function runCheck({ name, file, args }: Check): Promise<void> {
  const { code, duration, ...ended } = await runNode(file, args, { env: { NO_COLOR: "1" } });
  const output = stripVTControlCharacters(ended.output).trim();
  const line = `${name.padEnd(18)} ${(duration / 1000).toFixed(1)} s`;
  if (code === 0) {
    passed += 1;
    // A check that measures says what it measured.
    const measured = output.split("\n").length === 1 && name === "first JavaScript" ? `  ${output}` : "";
    console.log(`  ✔ ${line}${measured}`);
  } else {
    failed += 1;
    console.log(`  ✘ ${line}\n${output.replace(/^/gm, "      ")}`);
  }
}

if (values.fix) {
  for (const { file, args } of [{ ...eslint, args: [".", "--fix"] }, prettier("--write")]) await runNode(file, args);
}
await Promise.all(
  LANES.map(async (lane) => {
    for (const check of lane) await runCheck(check);
  }),
);
if (values["with-tests"]) {
  const { code } = await runNode(script("test.ts"), [], { show: true });
  if (code === 0) passed += 1;
  else failed += 1;
}
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
