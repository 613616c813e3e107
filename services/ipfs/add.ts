/** `add`: bytes in, a UnixFS file out, with the CID that Kubo gives it. */
import { BlackHoleBlockstore } from "blockstore-core/black-hole";
import { importFile, type ImportResult, type WritableStorage } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";

import { CommandError, FileTooLarge } from "./errors.js";
import type { FilePart } from "./multipart.js";
import type { Params } from "./params.js";
import type { Repo } from "./repo.js";

/** Links per node of Kubo's balanced layout. */
const WIDTH = 174;
/** Kubo's limit: a chunk and its wrapping must fit into the 2 MiB that peers exchange. */
const MAX_CHUNK = 2_096_896;
/** Kubo reports progress at every so many bytes. */
const PROGRESS_STEP = 262_144;
/** Options of Kubo that would change the CID or the outcome, and that this node doesn't have. */
const REFUSED = ["wrap-with-directory", "trickle", "nocopy", "fscache", "inline", "preserve-mode", "preserve-mtime"];
const REFUSED_VALUES = ["mode", "mtime", "mtime-nsecs", "to-files"];

export interface AddOptions {
  cidVersion: 0 | 1;
  rawLeaves: boolean;
  chunkSize: number;
  onlyHash: boolean;
  pin: boolean;
  pinName: string;
  progress: boolean;
  silent: boolean;
}

/** One line of the answer, in Kubo's form. `Size` is the DAG's, wrapping included. */
export interface AddEvent {
  Name: string;
  Hash?: string;
  Bytes?: number;
  Size?: string;
}

/** @throws RequestError, CommandError for options that this node can't honour. */
export function addOptions(params: Params): AddOptions {
  for (const name of REFUSED)
    if (params.flag(name)) throw new CommandError(`option "${name}" is not supported by this node`);
  for (const name of REFUSED_VALUES) {
    if (params.text(name)) throw new CommandError(`option "${name}" is not supported by this node`);
  }
  const hash = params.text("hash", "sha2-256");
  if (hash.toLowerCase() !== "sha2-256") throw new CommandError(`unrecognized hash function: ${JSON.stringify(hash)}`);
  const links = params.integer("max-file-links");
  if (links !== undefined && links !== WIDTH)
    throw new CommandError('option "max-file-links" is not supported by this node');
  const version = params.integer("cid-version") ?? 0;
  if (version !== 0 && version !== 1) throw new CommandError(`unknown CID version: ${version}`);
  return {
    cidVersion: version,
    rawLeaves: params.flag("raw-leaves", version === 1),
    chunkSize: chunkSize(params.text("chunker", "size-262144")),
    onlyHash: params.flag("only-hash"),
    pin: params.flag("pin", true),
    pinName: params.text("pin-name"),
    progress: params.flag("progress"),
    silent: params.flag("silent"),
  };
}

function chunkSize(chunker: string): number {
  if (chunker === "default" || chunker === "") return 262_144;
  const size = Number(/^size-(\d+)$/.exec(chunker)?.[1] ?? Number.NaN);
  if (Number.isNaN(size)) throw new CommandError(`unrecognized chunker option: ${chunker}`);
  if (size === 0) throw new CommandError("chunker size must be greater than 0");
  if (size > MAX_CHUNK)
    throw new CommandError(`chunker parameters may not exceed the maximum chunk size of ${MAX_CHUNK}`);
  return size;
}

/**
 * Stores one file and pins its root. Once this returns, file and pin are on the disk; if it throws, nothing of them is left.
 *
 * @param limit largest file, in bytes.
 * @throws FileTooLarge, ClientGone, or the disk's error.
 */
export async function addFile(
  repo: Repo,
  part: FilePart,
  options: AddOptions,
  limit: number,
  emit: (event: AddEvent) => void,
): Promise<void> {
  const onBytes = options.progress
    ? (bytes: number) => emit({ Name: part.name, ...(bytes > 0 && { Bytes: bytes }) })
    : undefined;
  const content = measured(part.content, limit, onBytes);
  if (options.onlyHash) {
    emit(described(await build(content, new BlackHoleBlockstore(), options), part));
    return;
  }

  const upload = repo.staging.begin();
  let result: ImportResult;
  try {
    result = await build(content, upload, options);
    await upload.commit(async () => {
      if (options.pin) await repo.pins.add(result.cid, "recursive", options.pinName);
    });
  } catch (error) {
    await upload.abort();
    throw error;
  }
  emit(described(result, part));
}

async function build(
  content: AsyncIterable<Uint8Array>,
  store: WritableStorage,
  options: AddOptions,
): Promise<ImportResult> {
  const { cidVersion, rawLeaves, chunkSize } = options;
  return importFile({ content }, store, {
    cidVersion,
    rawLeaves,
    chunker: fixedSize({ chunkSize }),
    layout: balanced({ maxChildrenPerNode: WIDTH }),
  });
}

function described({ cid, size }: ImportResult, part: FilePart): AddEvent {
  const hash = cid.toString();
  return { Name: part.name || hash, Hash: hash, Size: size.toString() };
}

async function* measured(
  content: AsyncIterable<Uint8Array>,
  limit: number,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let reported = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > limit) throw new FileTooLarge(limit);
    if (bytes - reported >= PROGRESS_STEP) onBytes?.((reported = bytes));
    yield chunk;
  }
  if (bytes > reported || bytes === 0) onBytes?.(bytes);
}
