/** `cat`: the bytes of a file, or a range of them. */
import { exporter, type RawNode, type UnixFSFile } from "ipfs-unixfs-exporter";
import type { CID } from "multiformats/cid";

import type { Blocks } from "./blocks.js";
import { CommandError } from "./errors.js";

/** The exporter reads ahead without waiting for its reader; so it is asked for this much at a time. */
const WINDOW = 8 * 1024 * 1024;

export interface FileRange {
  /** Bytes that `content` gives: fewer than asked for at the end of the file. */
  size: number;
  content: AsyncIterable<Uint8Array>;
}

/**
 * Opens a range of a file.
 *
 * @param offset bytes to leave out; behind the end, nothing is left.
 * @param length most bytes to give; undefined for all.
 * @throws CommandError for a directory or a negative number, BlockNotFound, BlockCorrupt; so does reading `content`.
 */
export async function openFile(blocks: Blocks, cid: CID, offset = 0, length?: number): Promise<FileRange> {
  if (offset < 0) throw new CommandError("cannot specify negative offset");
  if (length !== undefined && length < 0) throw new CommandError("cannot specify negative length");
  const file = await open(blocks, cid);
  const available = Math.max(0, Number(file.size) - offset);
  const size = Math.min(available, length ?? available);
  return { size, content: read(file, offset, size) };
}

async function open(blocks: Blocks, cid: CID): Promise<UnixFSFile | RawNode> {
  const entry = await exporter(cid, blocks).catch((error: unknown) => {
    throw error instanceof Error && error.name === "NotUnixFSError"
      ? new CommandError(`not a UnixFS file: ${cid.toString()}`)
      : error;
  });
  if (entry.type === "directory") throw new CommandError("this dag node is a directory");
  if (entry.type !== "file" && entry.type !== "raw") throw new CommandError(`not a UnixFS file: ${cid.toString()}`);
  return entry;
}

async function* read(file: UnixFSFile | RawNode, offset: number, size: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < size; done += WINDOW) {
    yield* file.content({ offset: offset + done, length: Math.min(WINDOW, size - done), blockReadConcurrency: 4 });
  }
}
