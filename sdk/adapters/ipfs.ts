/**
 * IPFS, by Kubo's RPC: the embedded node, a real Kubo, or a pinning service that speaks it. Nothing that comes back is
 * believed: every byte is checked against its CID before anyone sees it.
 */
import * as dagPb from "@ipld/dag-pb";
import { create, type KuboRPCClient } from "ipfs-http-client";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { sha256 } from "multiformats/hashes/sha2";

import { equal } from "../core/bytes.js";
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

/**
 * Connects to an IPFS node.
 * @param url of its RPC, for instance http://127.0.0.1:5001
 * @param token sent as bearer token when given
 */
export function connectIpfs(url: string, { token }: { token?: string } = {}): ContentStore {
  const client = create({ url, ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) });
  return {
    add: (bytes, options) => add(client, bytes, options),
    get: (digest, size, options) => get(client, digest, size, options),
    getBeginning: (digest, size) => (size <= CHUNK_SIZE ? get(client, digest, size) : firstLeaf(client, digest, size)),
    unpin: (digest, size) => unpin(client, digest, size),
    isPinned: (digest, size) => isPinned(client, digest, size),
    isReachable: () =>
      client.version({ timeout: 3_000 }).then(
        () => true,
        () => false,
      ),
  };
}

async function add(client: KuboRPCClient, bytes: Uint8Array, options: TransferOptions = {}): Promise<StoredObject> {
  const object = await computeCid(bytes);
  const { cid } = await guard(() =>
    client.add(bytes, {
      cidVersion: 1,
      rawLeaves: true,
      chunker: `size-${CHUNK_SIZE}`,
      pin: true,
      signal: options.signal,
      progress: (done) => options.onProgress?.(Math.min(done, bytes.length), bytes.length),
    }),
  );
  if (cid.toString() !== object.cid) throw new SalusError("CID_MISMATCH", { expected: object.cid, found: cid.toString() });
  return object;
}

async function get(
  client: KuboRPCClient,
  digest: Hex,
  size: number | undefined,
  options: TransferOptions = {},
): Promise<Uint8Array> {
  const cid = cidOf(digest, size);
  const limit = size ?? CHUNK_SIZE;
  const bytes = await guard(() => collect(client.cat(cid, { signal: options.signal }), cid, limit, options));
  const { digest: found } = await computeCid(bytes);
  if (found !== digest || (size !== undefined && bytes.length !== size)) throw new SalusError("CID_MISMATCH", { cid });
  return bytes;
}

/** The first leaf of a file of several blocks: down the first links from the root, each block checked. */
async function firstLeaf(client: KuboRPCClient, digest: Hex, size: number): Promise<Uint8Array> {
  let cid = CID.parse(cidOf(digest, size));
  // A tree of 174 links a node and 256 KiB a leaf holds 256 GiB within four levels.
  for (let depth = 0; depth < 5; depth++) {
    const block = await guard(() => client.block.get(cid));
    const { digest: found } = await sha256.digest(block);
    if (!equal(found, cid.multihash.digest)) throw new SalusError("CID_MISMATCH", { cid: cid.toString() });
    if (cid.code === raw.code) return block;
    const link = cid.code === dagPb.code ? firstLink(block) : undefined;
    if (!link) break;
    cid = link;
  }
  throw new SalusError("CID_MISMATCH", { cid: cidOf(digest, size), reason: "not a file" });
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
  { onProgress }: TransferOptions,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > limit) throw new SalusError("CID_MISMATCH", { cid, reason: "longer than announced" });
    chunks.push(chunk);
    onProgress?.(length, limit);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

async function unpin(client: KuboRPCClient, digest: Hex, size?: number): Promise<void> {
  try {
    await guard(() => client.pin.rm(cidOf(digest, size)));
  } catch (error) {
    if (!isSalusError(error, "IPFS_REFUSED") || !/not pinned/i.test(String(error.details.reason))) throw error;
  }
}

async function isPinned(client: KuboRPCClient, digest: Hex, size?: number): Promise<boolean> {
  try {
    return await guard(async () => {
      for await (const { type } of client.pin.ls({ paths: cidOf(digest, size), type: "recursive" })) {
        if (type === "recursive") return true;
      }
      return false;
    });
  } catch (error) {
    if (isSalusError(error, "IPFS_REFUSED") && /not pinned/i.test(String(error.details.reason))) return false;
    throw error;
  }
}

async function guard<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toSalusError(error);
  }
}

function toSalusError(error: unknown): unknown {
  if (isSalusError(error) || !(error instanceof Error) || error.name === "AbortError") return error;
  const reason = error.message.slice(0, 200);
  if (error.name === "HTTPError") {
    if (/no space left|ENOSPC/i.test(reason)) return new SalusError("STORAGE_FULL", {}, { cause: error });
    if (/not found|could not find/i.test(reason)) return new SalusError("CONTENT_UNAVAILABLE", { reason }, { cause: error });
    return new SalusError("IPFS_REFUSED", { reason }, { cause: error });
  }
  return new SalusError("IPFS_UNREACHABLE", { reason }, { cause: error });
}
