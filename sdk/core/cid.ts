/**
 * CIDs under the one profile of Salus: what `ipfs add --cid-version=1 --raw-leaves` gives (CIDv1, sha2-256, chunks of
 * 256 KiB, balanced tree of at most 174 children a node). The chain stores their 32-byte digests; size says the codec.
 */

import { BlackHoleBlockstore } from "blockstore-core/black-hole";
import { importBytes } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";

import { SalusError } from "../errors.js";
import type { Hex } from "../types.js";
import { expectLength, fromHex, toHex } from "./bytes.js";

/** Content up to this many bytes is one raw block; the chain names all but payloads by digest alone, so they must fit. */
export const CHUNK_SIZE = 262_144;

const RAW = 0x55;
const DAG_PB = 0x70;
const SHA2_256 = 0x12;
const DIGEST_SIZE = 32;

/** The profile, for `ipfs-unixfs-importer`. Every value is written out: the library's defaults change with profiles. */
const PROFILE = {
  cidVersion: 1,
  rawLeaves: true,
  reduceSingleLeafToSelf: true,
  chunker: fixedSize({ chunkSize: CHUNK_SIZE }),
  layout: balanced({ maxChildrenPerNode: 174 }),
} as const;

/**
 * The 32-byte digest within a CID, as the chain stores it.
 * @throws SalusError INVALID_INPUT if it isn't a CIDv1 of the profile
 */
export function digestOfCid(cid: string | CID): Hex {
  const { version, code, multihash } = parse(cid);
  const fits = version === 1 && (code === RAW || code === DAG_PB) && multihash.code === SHA2_256;
  if (!fits || multihash.digest.length !== DIGEST_SIZE) {
    throw new SalusError("INVALID_INPUT", { argument: "cid", reason: "not CIDv1, raw or dag-pb, sha2-256" });
  }
  return toHex(multihash.digest);
}

/**
 * The CID of the content with this digest, in base32.
 * @param size of the content in bytes; without it the content is one raw block
 * @throws SalusError INVALID_INPUT if `digest` isn't 32 bytes
 */
export function cidOf(digest: Hex, size = 0): string {
  const bytes = fromHex(digest);
  expectLength(bytes, DIGEST_SIZE, "digest");
  return CID.createV1(size <= CHUNK_SIZE ? RAW : DAG_PB, Digest.create(SHA2_256, bytes)).toString();
}

/** The CID that any IPFS node gives `bytes` under the profile. Nothing is stored. */
export async function computeCid(bytes: Uint8Array): Promise<{ digest: Hex; cid: string; size: number }> {
  const { cid } = await importBytes(bytes, new BlackHoleBlockstore(), PROFILE);
  return { digest: digestOfCid(cid), cid: cid.toString(), size: bytes.length };
}

function parse(cid: string | CID): CID {
  if (typeof cid !== "string") return cid;
  try {
    return CID.parse(cid);
  } catch (cause) {
    throw new SalusError("INVALID_INPUT", { argument: "cid", reason: "not a CID" }, { cause });
  }
}
