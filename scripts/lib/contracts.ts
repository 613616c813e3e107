/** Compiling the contracts, when their sources changed. */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { digestOf, filesUnder, isFresh, markFresh } from "./fresh.js";
import { ROOT } from "./paths.js";
import { runNode } from "./run.js";

const SOURCES = ["contracts", "hardhat.config.ts", "package-lock.json"];

/**
 * Compiles the contracts and brings typechain-types up to date, unless they were compiled from the same sources.
 * @returns whether they were compiled
 * @throws Error with the compiler's output if they can't be compiled
 */
export async function compileContracts(): Promise<boolean> {
  const digest = digestOf([...SOURCES, ...filesUnder("test").filter((path) => path.endsWith(".sol"))]);
  if (isFresh("contracts", digest) && existsSync(join(ROOT, "artifacts", "contracts"))) return false;
  const { code, output } = await runNode(join(ROOT, "scripts", "compile.ts"));
  if (code !== 0) throw new Error(`The contracts can't be compiled.\n${output.trim()}`);
  markFresh("contracts", digest);
  return true;
}
