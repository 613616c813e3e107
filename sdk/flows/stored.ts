/**
 * Objects on IPFS that a transaction names. They must be there before it, and mustn't stay when it never comes. In doubt
 * they stay: a pin too many costs some bytes, a pin too few costs a key.
 */
import { sendCall, type Call, type Receipt, type SendOptions } from "../adapters/chain.js";
import type { ContentStore } from "../adapters/ipfs.js";
import { computeCid } from "../core/cid.js";
import { isSalusError } from "../errors.js";
import type { Hex } from "../types.js";
import type { Session } from "./session.js";

/** What names an object. `size` tells the codec of its CID; without it the object is one raw block. */
export interface StoredName {
  digest: Hex;
  size?: number;
}

/**
 * Stores `objects`, then acts with their digests. If the act is refused, those that weren't there before are unpinned.
 * @param options `isNew` when nothing can name the objects yet, for they were sealed for this act alone: the store needn't
 * be asked, which answers "no" with an error that browsers log
 * @throws what `act` and `ContentStore.add` throw
 */
export async function storedFor<const Objects extends readonly Uint8Array[], T>(
  store: ContentStore,
  objects: Objects,
  act: (digests: { [Index in keyof Objects]: Hex }) => Promise<T>,
  options: { isNew?: boolean } = {},
): Promise<T> {
  const added: StoredName[] = [];
  try {
    const digests: Hex[] = [];
    for (const bytes of objects) {
      const { digest } = await computeCid(bytes);
      const name = { digest, size: bytes.length };
      // A wording or a profile may be the same as one that an earlier transaction names.
      if (options.isNew === true || !(await store.isPinned(digest, bytes.length))) added.push(name);
      await store.add(bytes);
      digests.push(digest);
    }
    return await act(digests as { [Index in keyof Objects]: Hex });
  } catch (error) {
    if (isCertain(error)) await forget(store, added);
    throw error;
  }
}

/**
 * Stores an object that was sealed for one call alone, and sends the call that names it.
 * @throws what the contract refuses with, SIGNATURE_REJECTED, IPFS_UNREACHABLE, CHAIN_UNREACHABLE
 */
export function sendNaming(
  { chain, store, signer }: Session,
  sealed: Uint8Array,
  encode: (digest: Hex) => Call,
  options?: SendOptions,
): Promise<Receipt> {
  return storedFor(store, [sealed], ([digest]) => sendCall(chain, signer, encode(digest), options), { isNew: true });
}

/** Unpins what nothing names any more. A node that is away keeps some bytes too many, which is no reason to fail. */
export async function forget(store: ContentStore, objects: readonly StoredName[]): Promise<void> {
  for (const { digest, size } of objects) await store.unpin(digest, size).catch(unlessSalusError);
}

/**
 * Whether no transaction names the objects nor will: a chain that fell silent may have taken it, and so may a node or a
 * wallet that answers with something else than a refusal, such as "already known".
 */
function isCertain(error: unknown): boolean {
  if (!isSalusError(error)) return false;
  // Refused in its block, it has a hash.
  if (error.code === "TRANSACTION_FAILED") return "transaction" in error.details;
  return error.code !== "CHAIN_UNREACHABLE" && error.code !== "UNKNOWN_TRANSACTION";
}

function unlessSalusError(error: unknown): void {
  if (!isSalusError(error)) throw error;
}
