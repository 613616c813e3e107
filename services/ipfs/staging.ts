/**
 * Uploads under way. Their blocks are on disk before anything pins them, so the garbage collector must leave them alone; and an
 * upload that fails takes along what it alone brought. The lock is taken per block, not per upload: a slow client holds up nobody.
 */
import type { CID } from "multiformats/cid";

import { type BlockKey, type Blocks, keyOf } from "./blocks.js";
import { ClientGone } from "./errors.js";
import type { ReadWriteLock } from "./lock.js";

export class Staging {
  readonly #holders = new Map<BlockKey, number>();
  readonly #bringers = new Map<BlockKey, Upload>();

  constructor(
    readonly blocks: Blocks,
    readonly lock: ReadWriteLock,
  ) {}

  /** Starts an upload, which must end in `commit` or `abort`. */
  begin(): Upload {
    return new Upload(this);
  }

  /** Whether an upload needs the block. */
  holds(key: BlockKey): boolean {
    return this.#holders.has(key);
  }

  /** Somebody pins the block: it no longer belongs to the upload that brought it. The caller holds the lock. */
  share(key: BlockKey): void {
    this.#bringers.delete(key);
  }

  /** @internal */
  hold(key: BlockKey, upload: Upload): void {
    const holders = this.#holders.get(key) ?? 0;
    if (holders === 0) this.#bringers.set(key, upload);
    else this.#bringers.delete(key);
    this.#holders.set(key, holders + 1);
  }

  /** @internal Lets go of the block; tells whether `upload` alone brought it. */
  release(key: BlockKey, upload: Upload): boolean {
    const holders = (this.#holders.get(key) ?? 1) - 1;
    if (holders === 0) this.#holders.delete(key);
    else this.#holders.set(key, holders);
    return this.#bringers.get(key) === upload && this.#bringers.delete(key);
  }
}

/** One file on its way in. Also a writable store for ipfs-unixfs-importer. */
export class Upload {
  readonly #held = new Map<BlockKey, CID>();
  #aborted = false;

  constructor(readonly staging: Staging) {}

  /** Keeps a block, durably, and out of the collector's reach until the upload ends. */
  async put(cid: CID, bytes: Uint8Array): Promise<CID> {
    const { blocks, lock } = this.staging;
    await lock.read(async () => {
      // The importer writes several blocks at once: when one fails, others may still be on their way here.
      if (this.#aborted) throw new ClientGone();
      const key = keyOf(cid);
      const first = !this.#held.has(key);
      if (first) {
        this.#held.set(key, cid);
        this.staging.hold(key, this);
      }
      const fresh = await blocks.put(cid, bytes);
      if (first && !fresh) this.staging.share(key);
    });
    return cid;
  }

  /** Ends well: `pin` runs while the collector is kept out, then the blocks are on their own. */
  async commit(pin?: () => Promise<void>): Promise<void> {
    await this.staging.lock.read(async () => {
      await pin?.();
      for (const key of this.#held.keys()) this.staging.release(key, this);
      this.#held.clear();
    });
  }

  /** Ends badly: removes the blocks that nobody else has wanted meanwhile. */
  async abort(): Promise<void> {
    this.#aborted = true;
    await this.staging.lock.write(async () => {
      for (const [key, cid] of this.#held) if (this.staging.release(key, this)) await this.staging.blocks.delete(cid);
      this.#held.clear();
    });
  }
}
