/** Compiling the contracts, when their sources changed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { digestOf, filesUnder, isFresh, markFresh } from "./fresh.js";
import { ROOT } from "./paths.js";
import { runNode } from "./run.js";

/** In typechain-types, and committed with them: the digest of the sources that they were made from. */
export const DIGEST_FILE = "sources.sha256";

/** What typechain-types depend on, in one digest: the contracts, and whatever compiles them. */
export function contractsDigest(): string {
  const tools = ["solc", "@openzeppelin/contracts", "typechain", "@nomicfoundation/hardhat-typechain"];
  const versions = tools.map((name) => readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
  return digestOf(
    ["contracts", "hardhat.config.ts"],
    versions.map((text) => (JSON.parse(text) as { version: string }).version),
  );
}

async function compile(): Promise<void> {
  const { code, output } = await runNode(join(ROOT, "scripts", "compile.ts"));
  if (code !== 0) throw new Error(`The contracts can't be compiled.\n${output.trim()}`);
}

/**
 * Compiles the contracts unless typechain-types, which hold their bytecode, were made from these very sources: enough
 * to deploy and to build the DApp, and in a fresh clone there at once.
 * @returns whether they were compiled
 * @throws Error with the compiler's output if they can't be compiled
 */
export async function bringTypesUpToDate(): Promise<boolean> {
  const file = join(ROOT, "typechain-types", DIGEST_FILE);
  if (existsSync(file) && readFileSync(file, "utf8").trim() === contractsDigest()) return false;
  await compile();
  return true;
}

/**
 * Compiles the contracts and their Solidity tests unless artifacts/ was made from the same sources.
 * @throws Error with the compiler's output if they can't be compiled
 */
export async function compileContracts(): Promise<void> {
  const tests = filesUnder("test").filter((path) => path.endsWith(".sol"));
  const digest = digestOf(tests, [contractsDigest()]);
  if (isFresh("contracts", digest) && existsSync(join(ROOT, "artifacts", "contracts"))) return;
  await compile();
  markFresh("contracts", digest);
}
