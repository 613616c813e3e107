/**
 * What must not be collected: the roots, one small file each. A pin is there or it isn't, whatever happens to the process, and
 * damage to one never touches another. The file's name tells CID and type, its content the pin's name (mostly none).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { CID } from "multiformats/cid";

import { makeDirectory, removeDurably, sweep, syncDirectory, writeDurably } from "./durable.js";
import { CommandError } from "./errors.js";

/** `recursive` keeps everything below the root as well, `direct` only the block itself. */
export type PinType = "recursive" | "direct";

export interface Pin {
  cid: CID;
  type: PinType;
}

export class Pins {
  readonly #pins = new Map<string, Pin>();
  readonly #tails = new Map<string, Promise<unknown>>();

  private constructor(readonly dir: string) {}

  /** @throws Error if the directory holds something that can't be told from a damaged pin. */
  static async open(dir: string): Promise<Pins> {
    await makeDirectory(dir);
    const pins = new Pins(dir);
    for (const file of await sweep(dir)) {
      if (file.startsWith(".")) continue;
      const pin = parse(file);
      // Ignoring it could mean to collect what it pins.
      if (!pin) throw new Error(`${join(dir, file)} is not a pin. Move it away, then start again.`);
      const other = pins.get(pin.cid);
      // A process killed while a direct pin became a recursive one: the stronger stays, or the weaker would come back at its removal.
      if (other) await removeDurably(dir, fileOf({ cid: pin.cid, type: "direct" }));
      pins.#pins.set(pin.cid.toString(), other ? { cid: pin.cid, type: "recursive" } : pin);
    }
    await syncDirectory(dir);
    return pins;
  }

  get(cid: CID): Pin | undefined {
    return this.#pins.get(cid.toString());
  }

  /** All pins, as of now. */
  list(): Pin[] {
    return [...this.#pins.values()];
  }

  /** The name given at `pin/add`, or "". */
  async nameOf(pin: Pin): Promise<string> {
    return readFile(join(this.dir, fileOf(pin)), "utf8").catch(() => "");
  }

  /** Pins durably. The caller holds the lock and has seen the blocks. @throws CommandError if it is pinned recursively already. */
  async add(cid: CID, type: PinType, name = ""): Promise<void> {
    await this.#inTurn(cid, async () => {
      const existing = this.get(cid);
      if (existing?.type === "recursive" && type === "direct") {
        throw new CommandError(`pin: ${cid.toString()} already pinned recursively`);
      }
      if (existing?.type === type && name === (await this.nameOf(existing))) return;
      const pin = { cid, type };
      await writeDurably(this.dir, fileOf(pin), Buffer.from(name));
      this.#pins.set(cid.toString(), pin);
      if (existing && existing.type !== type) await removeDurably(this.dir, fileOf(existing));
    });
  }

  /** Unpins durably. @throws CommandError "not pinned or pinned indirectly", or if it is pinned recursively and `recursive` is false. */
  async remove(cid: CID, recursive: boolean): Promise<void> {
    await this.#inTurn(cid, async () => {
      const existing = this.get(cid);
      if (!existing) throw new CommandError("not pinned or pinned indirectly");
      if (existing.type === "recursive" && !recursive)
        throw new CommandError(`${cid.toString()} is pinned recursively`);
      await removeDurably(this.dir, fileOf(existing));
      this.#pins.delete(cid.toString());
    });
  }

  /** Changes of one pin come one after the other; those of different pins don't wait for each other. */
  async #inTurn(cid: CID, work: () => Promise<void>): Promise<void> {
    const key = cid.toString();
    const turn = (this.#tails.get(key) ?? Promise.resolve()).then(work);
    const tail = turn.catch(() => undefined);
    this.#tails.set(key, tail);
    try {
      await turn;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}

function fileOf(pin: Pin): string {
  return `${pin.cid.toString()}.${pin.type}`;
}

function parse(file: string): Pin | undefined {
  const [text = "", type = "", ...rest] = file.split(".");
  if (rest.length > 0 || (type !== "recursive" && type !== "direct")) return undefined;
  try {
    return { cid: CID.parse(text), type };
  } catch {
    return undefined;
  }
}
