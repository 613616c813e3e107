/**
 * Files that survive a power cut. A write is acknowledged only when bytes and name are on the disk; until then the file
 * carries a `.tmp` name, so a reader sees all of it or nothing.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

const TEMPORARY = ".tmp";

interface Flushes {
  running: Promise<void>;
  next?: Promise<void>;
}

const flushes = new Map<string, Flushes>();

/**
 * Brings a directory's entries to the disk. Callers share flushes: one that comes while a flush runs can't know whether that one
 * still sees its entry, and waits for the next, together with everybody else who came meanwhile.
 */
export function syncDirectory(dir: string): Promise<void> {
  const current = flushes.get(dir);
  if (current) return (current.next ??= current.running.catch(() => undefined).then(() => startFlush(dir)));
  return startFlush(dir);
}

function startFlush(dir: string): Promise<void> {
  const running = flushDirectory(dir).finally(() => {
    if (flushes.get(dir)?.running === running && !flushes.get(dir)?.next) flushes.delete(dir);
  });
  flushes.set(dir, { running });
  return running;
}

async function flushDirectory(dir: string): Promise<void> {
  // Windows opens no directories; NTFS journals names by itself.
  if (process.platform === "win32") return;
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes `dir`, and its parents, last. */
export async function makeDirectory(dir: string): Promise<void> {
  const first = await mkdir(dir, { recursive: true });
  if (first === undefined) return;
  for (let made = dir; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/**
 * Writes `dir/name` atomically and durably, over what may be there.
 *
 * @throws the file system's error, for instance ENOSPC; then nothing of the attempt is left.
 */
export async function writeDurably(dir: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dir, `.${randomUUID()}${TEMPORARY}`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(dir, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dir);
}

/** Removes `dir/name` for good; no error if it isn't there. */
export async function removeDurably(dir: string, name: string): Promise<void> {
  await rm(join(dir, name), { force: true });
  await syncDirectory(dir);
}

/** Removes what a killed process left half-written in `dir` itself; returns the other names. */
export async function sweep(dir: string): Promise<string[]> {
  const kept: string[] = [];
  for (const name of await readdir(dir)) {
    if (name.endsWith(TEMPORARY)) await rm(join(dir, name), { force: true });
    else kept.push(name);
  }
  return kept;
}
