/** `Keys`: which public key to encrypt to for an account (IKeys.sol). */
import type { Signer } from "ethers";

import { Keys__factory } from "../../typechain-types/index.js";
import type { Address, Hex } from "../types.js";
import { sendCall, type Call, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { eventsOf } from "./logs.js";
import { guard } from "./refusal.js";

/** An account's published key. */
export interface PublishedKey {
  /** X25519 public key. */
  publicKey: Hex;
  version: number;
}

const ZERO = `0x${"0".repeat(64)}`;

const abi = Keys__factory.createInterface();

/** Publishes or replaces the caller's key. @param backup digest of the root's backup, or null */
export function encodePublishKey(publicKey: Hex, backup: Hex | null): Call {
  return { contract: "keys", data: abi.encodeFunctionData("publish", [publicKey, backup ?? ZERO]) as Hex };
}

/** Publishes or replaces the signer's key. @param backup digest of the root's backup, or null @throws ZeroKey */
export async function sendPublishKey(
  chain: Chain,
  signer: Signer,
  publicKey: Hex,
  backup: Hex | null,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, encodePublishKey(publicKey, backup), options);
}

/** The current key of `account`, or null when it has published none. */
export async function keyOf(chain: Chain, account: Address): Promise<PublishedKey | null> {
  const { publicKey, version } = await guard(() => chain.keys.keyOf(account));
  return version === 0n ? null : { publicKey: publicKey as Hex, version: Number(version) };
}

/** Digest of the CID of the backup that belongs to the account's current key, or null when there is none. */
export async function backupOf(chain: Chain, account: Address): Promise<Hex | null> {
  const events = await eventsOf(chain, chain.keys, chain.keys.filters.KeyPublished(account));
  const backup = events.at(-1)?.args.backup;
  return backup && backup !== ZERO ? (backup as Hex) : null;
}
