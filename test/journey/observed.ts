/** What everyone can have: all of the chain and all of the storage, and a way to look whether something is in it. */
import { create } from "ipfs-http-client";

import type { World } from "../world.js";

/** All of the chain: every input, topic, datum and code, and the storage as far as traces tell it; in hex without 0x. @param from the first block */
export async function wholeChain(world: World, from = 0): Promise<string[]> {
  const { provider } = world.reader.chain;
  const found: string[] = [];
  const last = await provider.getBlockNumber();
  for (let number = from; number <= last; number++) {
    const block = (await world.rpc("eth_getBlockByNumber", `0x${number.toString(16)}`, true)) as {
      transactions: { hash: string; input: string; from: string; to: string | null }[];
    };
    for (const { hash, input, from: sender, to } of block.transactions) {
      found.push(hash, input, sender, to ?? "", ...(await storageTouched(world, hash)));
    }
  }
  for (const { topics, data } of await provider.getLogs({ fromBlock: from })) found.push(...topics, data);
  for (const address of Object.values(world.deployment.contracts)) found.push(address, await provider.getCode(address));
  return found.map((hex) => hex.replace(/^0x/, "").toLowerCase());
}

/** The words that a transaction wrote or read. */
async function storageTouched(world: World, hash: string): Promise<string[]> {
  const options = { disableMemory: true, disableStack: true };
  const trace = (await world.rpc("debug_traceTransaction", hash, options)) as {
    structLogs: { storage?: Record<string, string> }[];
  };
  const words = trace.structLogs.flatMap(({ storage }) => Object.entries(storage ?? {}).flat());
  return [...new Set(words)];
}

/** Every block that the node holds for a pin, as it lies there, with its CID. */
export async function wholeStorage({ ipfsUrl }: World): Promise<{ cid: string; bytes: Uint8Array }[]> {
  const client = create({ url: ipfsUrl });
  const blocks: { cid: string; bytes: Uint8Array }[] = [];
  for await (const { cid } of client.pin.ls()) blocks.push({ cid: cid.toString(), bytes: await client.block.get(cid) });
  return blocks;
}

/**
 * The different words of 32 bytes that may be a salt or a key: those that look like chance. Inputs are cut at both places
 * where words can begin, at the start and behind a selector; code isn't cut.
 */
export function secretsAmong(chain: readonly string[]): Buffer[] {
  const words = new Set<string>();
  for (const hex of chain.filter((each) => each.length <= 20_000)) {
    for (const start of new Set([0, hex.length % 64])) {
      for (let at = start; at + 64 <= hex.length; at += 64) words.add(hex.slice(at, at + 64));
    }
  }
  // 32 bytes of chance hold 30 different ones; fewer than 24 are less likely than once in a million words.
  return [...words].map((word) => Buffer.from(word, "hex")).filter((word) => new Set(word).size >= 24);
}

/** Something to look in for digests, at any offset. */
export class Haystack {
  /** The first six bytes at each offset, as numbers: nearly all questions end there. */
  readonly #starts = new Set<number>();
  readonly #bytes: Buffer;

  constructor(parts: readonly Uint8Array[]) {
    this.#bytes = Buffer.concat(parts);
    for (let at = 0; at + 6 <= this.#bytes.length; at++) this.#starts.add(this.#bytes.readUIntBE(at, 6));
  }

  /** How many bytes there are. */
  get size(): number {
    return this.#bytes.length;
  }

  has(needle: Buffer): boolean {
    if (needle.length < 6) throw new RangeError("too short: it would be found by chance");
    return this.#starts.has(needle.readUIntBE(0, 6)) && this.#bytes.includes(needle);
  }
}
