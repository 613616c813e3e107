/** The node's name. Clients refuse an `id` that isn't a libp2p peer id, although this node speaks no libp2p. */
import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { base58btc } from "multiformats/bases/base58";
import { identity } from "multiformats/hashes/identity";

import { writeDurably } from "./durable.js";
import { systemCode } from "./errors.js";

const FILE = "public-key";
// libp2p's protobuf PublicKey { Type: Ed25519, Data: 32 bytes }
const PREFIX = Uint8Array.of(0x08, 0x01, 0x12, 0x20);
const LENGTH = PREFIX.length + 32;

export interface Identity {
  /** "12D3KooW…" */
  peerId: string;
  /** libp2p's encoding of the public key, base64. */
  publicKey: string;
}

/** The identity kept in `dir`, made at the first start. The private half is thrown away: nothing here ever signs. */
export async function openIdentity(dir: string): Promise<Identity> {
  const bytes = (await read(dir)) ?? (await make(dir));
  if (bytes.length !== LENGTH) throw new Error(`${join(dir, FILE)} is damaged. Delete it: the node takes a new name.`);
  const peerId = base58btc.encode(identity.digest(bytes).bytes).slice(1);
  return { peerId, publicKey: Buffer.from(bytes).toString("base64") };
}

async function read(dir: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(join(dir, FILE));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function make(dir: string): Promise<Uint8Array> {
  const { publicKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const bytes = Buffer.concat([PREFIX, key]);
  await writeDurably(dir, FILE, bytes);
  return bytes;
}
