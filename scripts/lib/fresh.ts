/** Whether something that was built is still what its sources say, by digest: times lie after a `git checkout`. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT, STATE } from "./paths.js";

const stamps = join(STATE, "stamps");

/** All files under a path of the repository (a file is itself), sorted; none if there is no such path. */
export function filesUnder(path: string): string[] {
  const absolute = join(ROOT, path);
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [path];
  return readdirSync(absolute)
    .sort()
    .flatMap((name) => filesUnder(`${path}/${name}`));
}

/** One digest over the files under these paths, their names, and the given words. */
export function digestOf(paths: readonly string[], words: readonly string[] = []): string {
  const hash = createHash("sha256").update(JSON.stringify(words));
  for (const path of paths.flatMap(filesUnder)) {
    const content = readFileSync(join(ROOT, path));
    hash.update(`\n${path} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/** Whether `what` was last built from sources of this digest. */
export function isFresh(what: string, digest: string): boolean {
  try {
    return readFileSync(join(stamps, what), "utf8") === digest;
  } catch {
    return false;
  }
}

/** Remembers what `what` was built from. */
export function markFresh(what: string, digest: string): void {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, what), digest);
}
