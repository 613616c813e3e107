/**
 * IPFS, by Kubo's RPC: the embedded node, a real Kubo, or a pinning service that speaks it. Nothing that comes back is
 * believed: every byte is checked against its CID before anyone sees it.
 */
import * as dagPb from "@ipld/dag-pb";
import { create, type KuboRPCClient } from "ipfs-http-client";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { sha256 } from "multiformats/hashes/sha2";

import { equal, fromUtf8 } from "../core/bytes.js";
import { CHUNK_SIZE, cidOf, computeCid } from "../core/cid.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Hex, OnProgress } from "../types.js";

/** A stored object: digest of its CID, the CID, and its bytes. */
export interface StoredObject {
  digest: Hex;
  cid: string;
  size: number;
}

/** Options of transfers. */
export interface TransferOptions {
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

/** Content-addressed storage of ciphertext and public files. */
export interface ContentStore {
  /** Adds and pins. Adding the same bytes twice is harmless. @throws CID_MISMATCH, IPFS_UNREACHABLE, IPFS_REFUSED, STORAGE_FULL */
  add(bytes: Uint8Array, options?: TransferOptions): Promise<StoredObject>;
  /**
   * Fetches and checks every byte. Without `size` at most 256 KiB are accepted.
   * @throws CID_MISMATCH, CONTENT_UNAVAILABLE, IPFS_UNREACHABLE, IPFS_REFUSED
   */
  get(digest: Hex, size?: number, options?: TransferOptions): Promise<Uint8Array>;
  /**
   * Fetches and checks the beginning only: all of it up to 256 KiB, else the first 256 KiB.
   * @throws as `get`
   */
  getBeginning(digest: Hex, size: number): Promise<Uint8Array>;
  /** Lets the node forget the object. Passes when it wasn't pinned. */
  unpin(digest: Hex, size?: number): Promise<void>;
  /** Whether the node promises to keep the object. */
  isPinned(digest: Hex, size?: number): Promise<boolean>;
  /** Whether the node answers. */
  isReachable(): Promise<boolean>;
}

/** Milliseconds that a node may neither send nor take anything before it counts as away. */
const PATIENCE = 60_000;

/** The most bytes of a block that IPFS nodes exchange, and of a refusal that is worth reading. */
const MAX_BLOCK_SIZE = 2 * 1024 * 1024;
const MAX_REFUSAL_SIZE = 16 * 1024;

/** A node, and how long it may be silent. */
interface Node {
  client: KuboRPCClient;
  /** Asks the RPC by plain HTTP, for what the client would take into memory unbounded. */
  post(call: string, signal: AbortSignal): Promise<Response>;
  patience: number;
}

/**
 * Connects to an IPFS node.
 * @param url of its RPC, for instance http://127.0.0.1:5001
 * @param options `token` is sent as bearer token; `patience` is the milliseconds of silence after which the node counts as
 * unreachable, 60,000 unless given
 */
export function connectIpfs(
  url: string,
  { token, patience = PATIENCE }: { token?: string; patience?: number } = {},
): ContentStore {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const { origin, pathname } = new URL(url);
  const base = `${origin}${pathname === "/" ? "/api/v0" : pathname}`;
  const node: Node = {
    client: create({ url, headers }),
    post: (call, signal) => fetch(`${base}/${call}`, { method: "POST", headers, signal }),
    patience,
  };
  return {
    add: (bytes, options) => add(node, bytes, options),
    get: (digest, size, options) => get(node, digest, size, options),
    getBeginning: (digest, size) => (size <= CHUNK_SIZE ? get(node, digest, size) : firstLeaf(node, digest, size)),
    unpin: (digest, size) => unpin(node, digest, size),
    isPinned: (digest, size) => isPinned(node, digest, size),
    isReachable: () => isReachable(node),
  };
}

function isReachable({ client, patience }: Node): Promise<boolean> {
  return client.version({ signal: AbortSignal.timeout(Math.min(patience, 3_000)) }).then(
    () => true,
    () => false,
  );
}

async function add(node: Node, bytes: Uint8Array, options: TransferOptions = {}): Promise<StoredObject> {
  const object = await computeCid(bytes);
  // Before a slow node says anything, the caller knows that it's the node who is at work.
  options.onProgress?.(0, bytes.length);
  const { cid } = await guard(node, options.signal, (signal, alive) =>
    node.client.add(bytes, {
      cidVersion: 1,
      rawLeaves: true,
      chunker: `size-${CHUNK_SIZE}`,
      pin: true,
      signal,
      progress: (done) => {
        alive();
        options.onProgress?.(Math.min(done, bytes.length), bytes.length);
      },
    }),
  );
  if (cid.toString() !== object.cid)
    throw new SalusError("CID_MISMATCH", { expected: object.cid, found: cid.toString() });
  return object;
}

async function get(
  node: Node,
  digest: Hex,
  size: number | undefined,
  options: TransferOptions = {},
): Promise<Uint8Array> {
  const cid = cidOf(digest, size);
  const limit = size ?? CHUNK_SIZE;
  const bytes = await guard(
    node,
    options.signal,
    (signal, alive) =>
      collect(node.client.cat(cid, { signal }), cid, limit, (done) => {
        alive();
        options.onProgress?.(done, limit);
      }),
    cid,
  );
  const { digest: found } = await computeCid(bytes);
  if (found !== digest || (size !== undefined && bytes.length !== size)) throw new SalusError("CID_MISMATCH", { cid });
  return bytes;
}

/** The first leaf of a file of several blocks: down the first links from the root, each block checked. */
async function firstLeaf(node: Node, digest: Hex, size: number): Promise<Uint8Array> {
  let cid = CID.parse(cidOf(digest, size));
  // A tree of 174 links a node and 256 KiB a leaf holds 256 GiB within four levels.
  for (let depth = 0; depth < 5; depth++) {
    const block = await getBlock(node, cid);
    const { digest: found } = await sha256.digest(block);
    if (!equal(found, cid.multihash.digest)) throw new SalusError("CID_MISMATCH", { cid: cid.toString() });
    if (cid.code === raw.code) return block;
    const link = cid.code === dagPb.code ? firstLink(block) : undefined;
    if (!link) break;
    cid = link;
  }
  throw new SalusError("CID_MISMATCH", { cid: cidOf(digest, size), reason: "not a file" });
}

/** One block, of which no more is taken than a block may hold. Not checked. */
async function getBlock(node: Node, cid: CID): Promise<Uint8Array> {
  const name = cid.toString();
  const call = async (signal: AbortSignal, alive: () => void) => {
    const response = await node.post(`block/get?arg=${name}`, signal);
    const limit = response.ok ? MAX_BLOCK_SIZE : MAX_REFUSAL_SIZE;
    const body = await collect(piecesOf(response), name, limit, alive);
    if (!response.ok) throw refusal(response.status, fromUtf8(body));
    return body;
  };
  return guard(node, undefined, call, name);
}

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

function firstLink(block: Uint8Array): CID | undefined {
  try {
    return dagPb.decode(block).Links[0]?.Hash;
  } catch {
    return undefined;
  }
}

/** Gathers at most `limit` bytes, so that a lying node can't fill the memory. */
async function collect(
  source: AsyncIterable<Uint8Array>,
  cid: string,
  limit: number,
  onProgress: (done: number) => void,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > limit) throw new SalusError("CID_MISMATCH", { cid, reason: "longer than announced" });
    chunks.push(chunk);
    onProgress(length);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

async function unpin(node: Node, digest: Hex, size?: number): Promise<void> {
  try {
    await guard(node, undefined, (signal) => node.client.pin.rm(cidOf(digest, size), { signal }));
  } catch (error) {
    if (!isSalusError(error, "IPFS_REFUSED") || !/not pinned/i.test(String(error.details.reason))) throw error;
  }
}

async function isPinned(node: Node, digest: Hex, size?: number): Promise<boolean> {
  try {
    return await guard(node, undefined, async (signal) => {
      for await (const { type } of node.client.pin.ls({ paths: cidOf(digest, size), type: "recursive", signal })) {
        if (type === "recursive") return true;
      }
      return false;
    });
  } catch (error) {
    if (isSalusError(error, "IPFS_REFUSED") && /not pinned/i.test(String(error.details.reason))) return false;
    throw error;
  }
}

/**
 * Runs `call` and turns what it throws into a `SalusError`; the caller's own abort passes unchanged. A node that is silent
 * for longer than its patience counts as away: `call` says by `alive` that it isn't. One that answers otherwise is only
 * looking for `wanted`, which nobody has: anybody can name what was never stored, and lists go on without it.
 */
async function guard<T>(
  node: Node,
  abort: AbortSignal | undefined,
  call: (signal: AbortSignal, alive: () => void) => Promise<T>,
  wanted?: string,
): Promise<T> {
  const { patience } = node;
  const silence = new AbortController();
  const away = () => silence.abort(new SalusError("IPFS_UNREACHABLE", { reason: `silent for ${patience} ms` }));
  let timer = setTimeout(away, patience);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(away, patience);
  };
  try {
    return await call(AbortSignal.any([silence.signal, ...(abort ? [abort] : [])]), alive);
  } catch (error) {
    if (abort?.aborted) throw error;
    if (!silence.signal.aborted) throw toSalusError(error);
    if (wanted === undefined || !(await isReachable(node))) throw silence.signal.reason;
    throw new SalusError("CONTENT_UNAVAILABLE", { cid: wanted }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function toSalusError(error: unknown): unknown {
  if (isSalusError(error) || !(error instanceof Error)) return error;
  const { name, message } = error;
  // The client's HTTPError carries the node's words as its message.
  if (name === "HTTPError") return refusal((error as { response?: Response }).response?.status ?? 0, message, error);
  return new SalusError("IPFS_UNREACHABLE", { reason: message.slice(0, 200) }, { cause: error });
}

function refusal(status: number, message: string, cause?: Error): SalusError {
  const reason = message.slice(0, 200);
  if (/no space left|quota exceeded|ENOSPC/i.test(reason)) return new SalusError("STORAGE_FULL", {}, { cause });
  // A browser's upload that reached nobody.
  if (status === 0) return new SalusError("IPFS_UNREACHABLE", { reason }, { cause });
  // A node says so with 500; 404 is said by whatever answers at an address that isn't a node's.
  if (status !== 404 && /not found|could not find/i.test(reason)) {
    return new SalusError("CONTENT_UNAVAILABLE", { reason }, { cause });
  }
  return new SalusError("IPFS_REFUSED", { reason, status }, { cause });
}
