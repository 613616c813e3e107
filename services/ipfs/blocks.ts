/**
 * The blocks on disk. blockstore-fs says where a block lies and lists them; reading and writing is done here, because the
 * library neither checks a hash nor flushes to the disk, and calls an unreadable file a missing one.
 */
import { readFile, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";

import { FsBlockstore } from "blockstore-fs";
import { NextToLast } from "blockstore-fs/sharding";
import { base32 } from "multiformats/bases/base32";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { sha256 } from "multiformats/hashes/sha2";

import { makeDirectory, sweep, syncDirectory, writeDurably } from "./durable.js";
import { BlockCorrupt, BlockNotFound, CommandError, systemCode } from "./errors.js";

/** A block's name on this disk: its multihash in base32. CIDs that differ in version or codec only share a block, as in Kubo. */
export type BlockKey = string;

export function keyOf(cid: CID): BlockKey {
  return base32.encode(cid.multihash.bytes);
}

/** Blocks by CID, verified on every read and durable before `put` returns. */
export class Blocks {
  readonly #layout = new NextToLast();
  readonly #store: FsBlockstore;
  readonly #writing = new Map<BlockKey, Promise<boolean>>();
  readonly #shards = new Map<string, Promise<void>>();

  private constructor(readonly dir: string) {
    this.#store = new FsBlockstore(dir, { shardingStrategy: this.#layout });
  }

  /** Opens the blocks in `dir`, and sweeps what a killed process left behind. */
  static async open(dir: string): Promise<Blocks> {
    await makeDirectory(dir);
    const blocks = new Blocks(dir);
    for (const shard of await sweep(dir)) {
      await sweep(join(dir, shard));
      // A process killed between renaming and flushing leaves names that only the memory knows.
      await syncDirectory(join(dir, shard));
      blocks.#shards.set(shard, Promise.resolve());
    }
    return blocks;
  }

  /** The block's bytes. @throws BlockNotFound, BlockCorrupt */
  async read(cid: CID): Promise<Uint8Array> {
    const bytes = await this.#load(cid);
    if (!bytes) throw new BlockNotFound(cid.toString());
    const digest = await sha256.digest(bytes);
    if (!equal(digest.bytes, cid.multihash.bytes)) throw new BlockCorrupt(cid.toString());
    return bytes;
  }

  /** The same for ipfs-unixfs-exporter. */
  async *get(cid: CID): AsyncGenerator<Uint8Array> {
    yield await this.read(cid);
  }

  /**
   * Keeps a block whose hash the caller has just computed. Writers of the same block share one write. A damaged copy is replaced.
   *
   * @returns whether the block is new here.
   */
  async put(cid: CID, bytes: Uint8Array): Promise<boolean> {
    const key = keyOf(cid);
    const running = this.#writing.get(key);
    if (running) {
      await running;
      return false;
    }
    const write = this.#write(cid, bytes).finally(() => this.#writing.delete(key));
    this.#writing.set(key, write);
    return write;
  }

  /** Removes a block; no error if it isn't there. Only for whoever holds the lock alone. */
  async delete(cid: CID): Promise<void> {
    const { dir, file } = this.#layout.encode(cid);
    await rm(join(this.dir, dir, file), { force: true });
  }

  /** All blocks, as CIDs of codec raw: the disk doesn't know the codec. */
  async *list(): AsyncGenerator<CID> {
    for await (const { cid } of this.#store.getAll()) yield CID.createV1(raw.code, cid.multihash);
  }

  /** Number of blocks, their bytes, and what the disk has left. */
  async stat(): Promise<{ count: number; size: number; free: number }> {
    let count = 0;
    let size = 0;
    for await (const cid of this.list()) {
      const { dir, file } = this.#layout.encode(cid);
      const entry = await stat(join(this.dir, dir, file)).catch(() => undefined);
      if (!entry) continue;
      count++;
      size += entry.size;
    }
    return { count, size, free: await this.free() };
  }

  /** Bytes that the disk has left. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.dir);
    return bavail * bsize;
  }

  async #write(cid: CID, bytes: Uint8Array): Promise<boolean> {
    const existing = await this.#load(cid);
    if (existing && equal(existing, bytes)) return false;
    const { dir, file } = this.#layout.encode(cid);
    await this.#shard(dir);
    await writeDurably(join(this.dir, dir), file, bytes);
    return !existing;
  }

  /** Makes a shard last. Whoever comes while it is made waits, or would acknowledge a block in a directory that a crash undoes. */
  #shard(dir: string): Promise<void> {
    const known = this.#shards.get(dir);
    if (known) return known;
    const made = makeDirectory(join(this.dir, dir));
    this.#shards.set(dir, made);
    made.catch(() => this.#shards.delete(dir));
    return made;
  }

  async #load(cid: CID): Promise<Uint8Array | undefined> {
    if (cid.multihash.code !== sha256.code) {
      throw new CommandError(
        `hash function 0x${cid.multihash.code.toString(16)} is not supported: this node keeps sha2-256 blocks`,
      );
    }
    const { dir, file } = this.#layout.encode(cid);
    try {
      return await readFile(join(this.dir, dir, file));
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
