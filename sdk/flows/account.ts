/** The account root: made here, backed up under a passphrase, unlocked again. It never leaves the device in the clear. */
import type { SendOptions } from "../adapters/chain.js";
import { backupOf, keyOf, sendPublishKey } from "../adapters/keys.js";
import { openBackup, sealBackup } from "../core/backup.js";
import { toHex } from "../core/bytes.js";
import { accountKeys, newRoot } from "../core/keys.js";
import { SalusError } from "../errors.js";
import type { Address, Hex } from "../types.js";
import type { Reader, Session } from "./session.js";
import { forget, storedFor } from "./stored.js";

/**
 * Makes an account root, stores its backup on IPFS and publishes the public key.
 * @param passphrase that will open the backup; at least 12 characters
 * @param options `workFactor` of the backup's scrypt, 18 unless the passphrase is public anyway
 * @returns the root, which the caller keeps in memory
 * @throws KEY_EXISTS, WEAK_PASSPHRASE, IPFS_UNREACHABLE, CHAIN_UNREACHABLE, SIGNATURE_REJECTED
 */
export async function createAccount(
  session: Session,
  passphrase: string,
  options: SendOptions & { workFactor?: number } = {},
): Promise<Uint8Array> {
  if (await keyOf(session.chain, session.account)) throw new SalusError("KEY_EXISTS", { account: session.account });
  const root = newRoot();
  await publishWithBackup(session, root, await sealBackup(root, passphrase, options.workFactor), options);
  return root;
}

/**
 * Stores the backup under a new passphrase. The old backup is unpinned; copies of it that others hold still open with the
 * old passphrase.
 * @throws WRONG_ROOT when the root isn't the account's, WEAK_PASSPHRASE
 */
export async function changePassphrase(
  session: Session,
  root: Uint8Array,
  passphrase: string,
  options: SendOptions & { workFactor?: number } = {},
): Promise<void> {
  await checkRoot(session, session.account, root);
  const previous = await backupOf(session.chain, session.account);
  await publishWithBackup(session, root, await sealBackup(root, passphrase, options.workFactor), options);
  if (previous) await forget(session.store, [{ digest: previous }]);
}

/**
 * Fetches the account's backup and opens it.
 * @throws NO_PUBLISHED_KEY, CONTENT_UNAVAILABLE (no backup), WRONG_PASSPHRASE, BACKUP_MALFORMED, WRONG_ROOT
 */
export async function unlock(reader: Reader, account: Address, passphrase: string): Promise<Uint8Array> {
  const backup = await backupOf(reader.chain, account);
  if (!backup) {
    const key = await keyOf(reader.chain, account);
    throw new SalusError(key ? "CONTENT_UNAVAILABLE" : "NO_PUBLISHED_KEY", { account });
  }
  const root = await openBackup(await reader.store.get(backup), passphrase);
  await checkRoot(reader, account, root);
  return root;
}

/** Passes if the root is the one whose public key the account has published. @throws NO_PUBLISHED_KEY, WRONG_ROOT */
export async function checkRoot({ chain }: Reader, account: Address, root: Uint8Array): Promise<void> {
  const key = await keyOf(chain, account);
  if (!key) throw new SalusError("NO_PUBLISHED_KEY", { account });
  if (key.publicKey !== toHex(accountKeys(root).publicKey)) throw new SalusError("WRONG_ROOT", { account });
}

async function publishWithBackup(
  session: Session,
  root: Uint8Array,
  backup: Uint8Array,
  options: SendOptions,
): Promise<void> {
  const publicKey: Hex = toHex(accountKeys(root).publicKey);
  await storedFor(
    session.store,
    [backup],
    ([digest]) => sendPublishKey(session.chain, session.signer, publicKey, digest, options),
    { isNew: true },
  );
}
