/** The draft of a registration in a file. Node only. */
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";

import type { Drafts } from "./drafts.js";
import { absent, syncFolder, writeDurably } from "./durable-file.js";

/** The draft in the file `path`, whose folder is made when missing. Only its owner can read it. */
export function fileDrafts(path: string): Drafts {
  return {
    load: () => readFile(path).then((bytes) => new Uint8Array(bytes), absent),
    async save(bytes) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeDurably(path, bytes);
      await syncFolder(dirname(path));
    },
    async remove() {
      await rm(`${path}.tmp`, { force: true });
      await rm(path, { force: true });
    },
  };
}
