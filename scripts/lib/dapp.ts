/** Building the DApp, when its sources changed. */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { digestOf, isFresh, markFresh } from "./fresh.js";
import { ROOT, toolEntry } from "./paths.js";
import { runNode } from "./run.js";

const SOURCES = [
  "dapp",
  "sdk",
  "typechain-types",
  "vite.config.ts",
  "scripts/csp.ts",
  "tsconfig.json",
  "package-lock.json",
];

/** What a host sets for a build of its own: more in docs/cli.md. */
const VARIABLES = ["SALUS_BASE", "SALUS_CONNECT_SRC"];

/**
 * Builds the DApp into dist/ unless dist/ was built from the same sources.
 * @returns whether it was built
 * @throws Error with Vite's output if it can't be built
 */
export async function buildDapp({ force = false } = {}): Promise<boolean> {
  const digest = digestOf(
    SOURCES,
    VARIABLES.map((name) => process.env[name] ?? ""),
  );
  if (!force && isFresh("dapp", digest) && existsSync(join(ROOT, "dist", "index.html"))) return false;
  const { code, output } = await runNode(toolEntry("vite"), ["build", "--logLevel", "warn"], {
    // A caller's own, such as a test runner's, would bundle React's development build.
    env: { NODE_ENV: "production" },
  });
  if (code !== 0) throw new Error(`The DApp can't be built.\n${output.trim()}`);
  markFresh("dapp", digest);
  return true;
}
