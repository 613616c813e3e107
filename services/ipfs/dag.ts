/** What a block points to. */
import * as dagPb from "@ipld/dag-pb";
import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";

import type { Blocks } from "./blocks.js";
import { CommandError } from "./errors.js";

/** The CIDs that a block links to; none for codec raw. @throws CommandError for another codec or a malformed node. */
export function linksOf(cid: CID, bytes: Uint8Array): CID[] {
  if (cid.code === raw.code) return [];
  if (cid.code !== dagPb.code) {
    throw new CommandError(`codec 0x${cid.code.toString(16)} is not supported: this node keeps raw and dag-pb`);
  }
  try {
    return dagPb.decode(bytes).Links.map((link) => link.Hash);
  } catch {
    throw new CommandError(`failed to decode Protocol Buffers: ${cid.toString()}`);
  }
}

/**
 * Every CID reachable from `root`, itself included, each once; `seen` (CIDs as text) carries over to a next root. Raw leaves
 * are named without being read.
 *
 * @throws BlockNotFound, BlockCorrupt if a node on the way can't be read.
 */
export async function* walk(blocks: Blocks, root: CID, seen = new Set<string>()): AsyncGenerator<CID> {
  const stack = [root];
  for (let cid = stack.pop(); cid; cid = stack.pop()) {
    const text = cid.toString();
    if (seen.has(text)) continue;
    seen.add(text);
    yield cid;
    if (cid.code !== raw.code) stack.push(...linksOf(cid, await blocks.read(cid)).reverse());
  }
}
