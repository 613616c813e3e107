/**
 * `npm run audit`: Slither over contracts/. Fails on every finding of high or medium impact that no comment answers; an
 * answer is a `slither-disable` with the reason in the comment above it. Left out, saying so, where Python is absent.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { copyApart, ENVIRONMENT, ROOT } from "./lib/apart.mjs";

const SLITHER = "slither-analyzer==0.11.6";

const runs = (command, args, options = {}) =>
  spawnSync(command, args, { env: ENVIRONMENT, stdio: "inherit", ...options }).status === 0;

function fail(line) {
  console.error(line);
  process.exit(1);
}

/** Comments that silence a finding without saying why. */
function unexplained() {
  const found = [];
  const files = readdirSync(join(ROOT, "contracts"), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".sol"))) {
    const lines = readFileSync(join(ROOT, "contracts", file), "utf8").split("\n");
    for (const [index, line] of lines.entries()) {
      const opens = /\/\/ slither-disable-(next-line|start)/.test(line);
      if (opens && !/^\s*\/\/ (?!slither)/.test(lines[index - 1] ?? "")) found.push(`contracts/${file}:${index + 1}`);
    }
  }
  return found;
}

/** The folder of programs of a Python environment that has Slither; made on first use. Undefined without Python. */
function slitherHome() {
  const python = ["python3", "python"].find((name) => runs(name, ["-m", "venv", "--help"], { stdio: "ignore" }));
  if (python === undefined) return undefined;
  const home = join(ROOT, ".salus", "slither");
  const programs = join(home, process.platform === "win32" ? "Scripts" : "bin");
  if (!runs(join(programs, "slither"), ["--version"], { stdio: "ignore" })) {
    console.log(`Installing ${SLITHER}, once ...`);
    if (!existsSync(programs) && !runs(python, ["-m", "venv", home])) fail("Python could not make an environment.");
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", SLITHER];
    if (!runs(join(programs, "python"), pip)) fail(`${SLITHER} could not be installed: see above.`);
  }
  return programs;
}

const silent = unexplained();
if (silent.length > 0) fail(`slither-disable without a reason in the comment above it: ${silent.join(", ")}`);

const programs = slitherHome();
if (programs === undefined) {
  console.log("Slither was left out: there is no Python 3 with venv on this machine.");
} else {
  const folder = copyApart("audit", ["contracts"]);
  const impact = ["--exclude-low", "--exclude-informational", "--exclude-optimization", "--fail-medium"];
  if (!runs(join(programs, "slither"), [".", "--filter-paths", "node_modules", ...impact], { cwd: folder })) {
    fail("Slither found something of high or medium impact: mend it, or answer it in a comment.");
  }
  console.log("Slither found nothing of high or medium impact that a comment doesn't answer.");
}
