/**
 * Compiles the contracts and brings typechain-types up to date, touching only what changed; with `--check`, changes
 * nothing and fails if a committed file isn't what the contracts yield. The types are made in a folder of their own
 * first, so a build that runs at the same time never reads a half-written file.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import hre from "hardhat";

import { contractsDigest, DIGEST_FILE } from "./lib/contracts.js";
import { filesUnder } from "./lib/fresh.js";
import { ROOT, STATE } from "./lib/paths.js";

const committed = "typechain-types";
const made = relative(ROOT, join(STATE, `types-${String(process.pid)}`)).replaceAll("\\", "/");
const check = process.argv.includes("--check");

/** Files that one folder has and the other lacks, or has with other content. Paths are relative to both. */
function differences(): string[] {
  const list = (folder: string) => filesUnder(folder).map((path) => path.slice(folder.length + 1));
  const read = (folder: string, path: string) => readFileSync(join(ROOT, folder, path), "utf8");
  const before = new Set(list(committed));
  const after = new Set(list(made));
  return [...new Set([...before, ...after])].filter(
    (path) => !before.has(path) || !after.has(path) || read(committed, path) !== read(made, path),
  );
}

// Typed as read-only, for nobody but plugins is meant to; there is no other way to name a folder per run.
Object.assign(hre.config.typechain, { outDir: made });
try {
  // Compiling everything: what is made from a part depends on what was compiled before.
  await hre.tasks.getTask("build").run({ force: check, quiet: true });
  writeFileSync(join(ROOT, made, DIGEST_FILE), `${contractsDigest()}\n`);
  const changed = differences();
  if (check && changed.length > 0) {
    console.error(`Not what the contracts yield: ${changed.map((path) => `${committed}/${path}`).join(", ")}`);
    console.error("Run npm run compile, and commit typechain-types.");
    process.exitCode = 1;
  }
  if (!check) {
    for (const path of changed) {
      rmSync(join(ROOT, committed, path), { force: true });
      if (filesUnder(`${made}/${path}`).length > 0) {
        mkdirSync(join(ROOT, committed, path, ".."), { recursive: true });
        cpSync(join(ROOT, made, path), join(ROOT, committed, path));
      }
    }
    if (changed.length > 0) console.log(`typechain-types: ${String(changed.length)} files brought up to date`);
  }
} finally {
  rmSync(join(ROOT, made), { recursive: true, force: true });
}
