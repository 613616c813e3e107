/** What a flow works with: a chain and a store to read, and for more than that a wallet, a journal and the account root. */
import type { Signer } from "ethers";

import type { Chain } from "../adapters/chain.js";
import type { ContentStore } from "../adapters/ipfs.js";
import type { Journal } from "../adapters/journal.js";
import { keyOf } from "../adapters/keys.js";
import { fromHex } from "../core/bytes.js";
import { SalusError } from "../errors.js";
import type { Address } from "../types.js";

/** Enough to read what is public. */
export interface Reader {
  chain: Chain;
  store: ContentStore;
}

/** An account at work. */
export interface Session extends Reader {
  signer: Signer;
  account: Address;
  journal: Journal;
  /** The account root, 32 bytes, once unlocked. Lives in memory only. */
  root?: Uint8Array;
}

/** The unlocked root. @throws LOCKED */
export function rootOf({ root }: Pick<Session, "root">): Uint8Array {
  if (!root) throw new SalusError("LOCKED");
  return root;
}

/** The X25519 public key to encrypt to for an account. @throws NO_PUBLISHED_KEY */
export async function publicKeyOfAccount({ chain }: Reader, account: Address): Promise<Uint8Array> {
  const key = await keyOf(chain, account);
  if (!key) throw new SalusError("NO_PUBLISHED_KEY", { account });
  return fromHex(key.publicKey);
}
