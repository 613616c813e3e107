/** The journal of a Node process, in a folder: one JSON file an intent beside its header and payload. */
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import type { RecordId } from "../types.js";
import type { Intent, Journal } from "./journal.js";

/** Opens the journal in `folder`, which is made when missing. */
export async function fileJournal(folder: string): Promise<Journal> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = (recordId: RecordId, kind: "json" | "header" | "payload") => join(folder, `${recordId}.${kind}`);
  const read = async (recordId: RecordId): Promise<Intent | null> => {
    const text = await readFile(path(recordId, "json"), "utf8").catch(absent);
    return text === null ? null : (JSON.parse(text) as Intent);
  };
  return {
    async put(intent, { header, payload }) {
      await writeDurably(path(intent.recordId, "header"), header);
      await writeDurably(path(intent.recordId, "payload"), payload);
      // Last: an intent counts once its JSON file is there.
      await writeDurably(path(intent.recordId, "json"), JSON.stringify(intent));
      await syncFolder(folder);
    },
    async noteTransaction(recordId, transaction) {
      const intent = await read(recordId);
      if (intent) await writeDurably(path(recordId, "json"), JSON.stringify({ ...intent, transaction }));
    },
    async list() {
      const ids = (await readdir(folder)).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));
      const intents = await Promise.all(ids.map((id) => read(id as RecordId)));
      return intents.filter((intent) => intent !== null).sort((a, b) => a.createdAt - b.createdAt);
    },
    async sealed(recordId) {
      const header = await readFile(path(recordId, "header")).catch(absent);
      const payload = await readFile(path(recordId, "payload")).catch(absent);
      return header && payload ? { header: new Uint8Array(header), payload: new Uint8Array(payload) } : null;
    },
    async remove(recordId) {
      for (const kind of ["json", "header", "payload"] as const) await rm(path(recordId, kind), { force: true });
    },
  };
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(`${path}.tmp`, "w", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}

async function syncFolder(folder: string): Promise<void> {
  // Windows can't open a folder; there a rename is durable by itself.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
