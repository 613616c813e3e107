/**
 * Work on the contracts in a folder apart: tools that instrument, clean or rebuild leave the artifacts, the cache and the
 * types of everybody else as they are.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The environment in which `npx hardhat` finds the project's own Node, whoever calls it. */
export const ENVIRONMENT = {
  ...process.env,
  PATH: [join(ROOT, "node_modules", ".bin"), process.env.PATH].join(delimiter),
};

/** Makes `.salus/<name>` anew from `paths` and what Hardhat needs, with node_modules linked. Returns the folder. */
export function copyApart(name, paths) {
  const folder = join(ROOT, ".salus", name);
  for (const path of paths) rmSync(join(folder, path), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const path of ["hardhat.config.ts", "package.json", "tsconfig.json", ...paths]) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  const modules = join(folder, "node_modules");
  // A junction needs no rights on Windows; elsewhere the type is ignored.
  if (!existsSync(modules)) symlinkSync(join(ROOT, "node_modules"), modules, "junction");
  return folder;
}

/** Runs Hardhat in `folder` and returns its exit code. */
export function hardhat(folder, args) {
  const home = join(ROOT, "node_modules", "hardhat");
  const { bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const entry = join(home, typeof bin === "string" ? bin : bin.hardhat);
  const node = join(ROOT, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  const run = spawnSync(node, [entry, ...args], { cwd: folder, env: ENVIRONMENT, stdio: "inherit" });
  return run.status ?? 1;
}
