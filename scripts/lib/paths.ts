/** Where things are, whatever folder a command was called from. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The repository's folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** State of this machine: logs, the IPFS node's blocks, what was built from what. Never committed. */
export const STATE = join(ROOT, ".salus");

/** What makes Node understand TypeScript: the value of `--import`. */
export const TSX = pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href;

/**
 * The JavaScript file behind a package's command, to be run by Node itself: the shims in node_modules/.bin are shell
 * scripts on some systems and .cmd files on others.
 */
export function toolEntry(packageName: string, command = packageName): string {
  const folder = join(ROOT, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    bin: string | Record<string, string | undefined>;
  };
  const path = typeof bin === "string" ? bin : bin[command];
  if (path === undefined) throw new RangeError(`${packageName} has no command ${command}`);
  return join(folder, path);
}
