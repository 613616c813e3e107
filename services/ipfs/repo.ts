/** The node's store: blocks, pins, and what keeps the two consistent. */
import { join } from "node:path";

import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";

import { Blocks, keyOf, type BlockKey } from "./blocks.js";
import { walk } from "./dag.js";
import { makeDirectory } from "./durable.js";
import { ReadWriteLock } from "./lock.js";
import { type PinType, Pins } from "./pins.js";
import { Staging } from "./staging.js";

export class Repo {
  readonly #lock = new ReadWriteLock();
  readonly staging: Staging;

  private constructor(
    readonly dir: string,
    readonly blocks: Blocks,
    readonly pins: Pins,
  ) {
    this.staging = new Staging(blocks, this.#lock);
  }

  /** Opens or makes the store in `dir`. The caller has claimed the directory. */
  static async open(dir: string): Promise<Repo> {
    await makeDirectory(dir);
    const blocks = await Blocks.open(join(dir, "blocks"));
    const pins = await Pins.open(join(dir, "pins"));
    return new Repo(dir, blocks, pins);
  }

  /** Pins what is here already. Every block is read and checked first: a pin is a promise. @throws BlockNotFound, BlockCorrupt */
  async pin(cid: CID, type: PinType, name: string): Promise<void> {
    await this.#lock.read(async () => {
      for await (const node of type === "recursive" ? walk(this.blocks, cid) : [cid]) {
        // Told before reading, so that an upload that fails meanwhile leaves the block.
        this.staging.share(keyOf(node));
        if (node.code === raw.code || type === "direct") await this.blocks.read(node);
      }
      await this.pins.add(cid, type, name);
    });
  }

  /** The recursive pin that `cid` lies under, if any. */
  async rootAbove(cid: CID): Promise<CID | undefined> {
    const text = cid.toString();
    for (const pin of this.pins.list()) {
      if (pin.type !== "recursive") continue;
      for await (const node of walk(this.blocks, pin.cid))
        if (node.toString() === text && !node.equals(pin.cid)) return pin.cid;
    }
    return undefined;
  }

  /** Everything below recursive pins that isn't pinned itself. */
  async *indirect(): AsyncGenerator<CID> {
    const seen = new Set<string>();
    for (const { cid, type } of this.pins.list()) {
      if (type !== "recursive") continue;
      for await (const node of walk(this.blocks, cid, seen)) if (!this.pins.get(node)) yield node;
    }
  }

  /**
   * Removes every block that no pin reaches and no upload holds, with nobody else adding or pinning.
   *
   * @param onRemoved hears each CID (codec raw: the disk doesn't know the codec) once its block is gone.
   * @throws BlockNotFound, BlockCorrupt if a pinned node can't be read: then what it reaches is unknown, and nothing is removed.
   */
  async collect(onRemoved: (cid: CID) => void): Promise<void> {
    await this.#lock.write(async () => {
      const marked = await this.#mark();
      for await (const cid of this.blocks.list()) {
        const key = keyOf(cid);
        if (marked.has(key) || this.staging.holds(key)) continue;
        await this.blocks.delete(cid);
        onRemoved(cid);
      }
    });
  }

  async #mark(): Promise<Set<BlockKey>> {
    const marked = new Set<BlockKey>();
    const seen = new Set<string>();
    for (const { cid, type } of this.pins.list()) {
      if (type === "direct") marked.add(keyOf(cid));
      else for await (const node of walk(this.blocks, cid, seen)) marked.add(keyOf(node));
    }
    return marked;
  }
}
