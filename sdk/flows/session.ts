/** What a flow works with: a chain and a store to read, and for more than that a wallet, a journal and the account root. */
import type { Signer } from "ethers";

import type { Chain } from "../adapters/chain.js";
import type { ContentStore } from "../adapters/ipfs.js";
import type { Journal } from "../adapters/journal.js";
import { keyOf } from "../adapters/keys.js";
import { fromHex } from "../core/bytes.js";
import { isUsable } from "../core/keys.js";
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

/** The X25519 public key to encrypt to for an account. @throws NO_PUBLISHED_KEY when it has none, or an impossible one */
export async function publicKeyOfAccount(reader: Pick<Reader, "chain">, account: Address): Promise<Uint8Array> {
  const key = await usableKeyOf(reader, account);
  if (!key) throw new SalusError("NO_PUBLISHED_KEY", { account });
  return key;
}

/** The same, or null when nothing can be sealed to the account: one of many mustn't stop what is for the others. */
export async function usableKeyOf({ chain }: Pick<Reader, "chain">, account: Address): Promise<Uint8Array | null> {
  const published = await keyOf(chain, account);
  const key = published && fromHex(published.publicKey);
  return key && isUsable(key) ? key : null;
}
