/**
 * How much JavaScript the DApp's first page loads before it shows anything: the entry and everything that it imports
 * statically, compressed as web servers do. Reads the manifest in dist/; fails above the limit.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { buildDapp } from "./lib/dapp.js";
import { ROOT } from "./lib/paths.js";

/** Bytes after gzip. */
const LIMIT = 180_000;

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}

await buildDapp();
const dist = join(ROOT, "dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8")) as Record<string, Chunk>;

const first = new Set<Chunk>();
/** Adds a chunk, and what it imports, to those that are loaded first. */
function follow(chunk: Chunk | undefined): void {
  if (chunk === undefined || first.has(chunk)) return;
  first.add(chunk);
  for (const name of chunk.imports ?? []) follow(manifest[name]);
}
Object.values(manifest)
  .filter(({ isEntry }) => isEntry)
  .forEach(follow);

const sizes = [...first].map(({ file }) => ({
  file,
  size: gzipSync(readFileSync(join(dist, file)), { level: 9 }).length,
}));
const total = sizes.reduce((sum, { size }) => sum + size, 0);
const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`First JavaScript: ${kB(total)} gz of ${kB(LIMIT)}`);
if (total > LIMIT || sizes.length === 0) {
  for (const { file, size } of sizes.sort((a, b) => b.size - a.size))
    console.error(`  ${kB(size).padStart(9)}  ${file}`);
  console.error("Load what the first page doesn't show by import(), when it is first needed.");
  process.exitCode = 1;
}
