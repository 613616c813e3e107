/** Files that survive a crash: each is written to a temporary name, flushed, and renamed. Node only. */
import { open, rename } from "node:fs/promises";

/** Writes a file, readable by its owner only, that is whole or as it was before. */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(`${path}.tmp`, "w", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}

/** Makes sure that the names in a folder survive a crash. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows can't open a folder; there a rename is durable by itself.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Passes over a file that isn't there. */
export function absent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
