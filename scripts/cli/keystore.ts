/**
 * A keystore: a folder with a wallet (ethers' encrypted JSON, the Web3 Secret Storage format) and, once the account is
 * set up, the backup of its account root (an age file under a passphrase). One password opens both. Files are readable by their owner
 * only and written in one step.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { isError, Wallet, type HDNodeWallet } from "ethers";

import { backupOf, newRoot, openBackup, SalusError, sealBackup, type Address, type Reader } from "../../sdk/index.js";
import { CliError } from "./errors.js";
import { writeWhole } from "./files.js";

const WALLET = "wallet.json";
const ROOT = "root.age";

/** Whether the folder holds a keystore. */
export async function isKeystore(folder: string): Promise<boolean> {
  return stat(walletFile(folder)).then(
    (found) => found.isFile(),
    () => false,
  );
}

/**
 * Writes an encrypted wallet into a new keystore.
 * @param password the wallet's, which will open the account root as well: one that is too weak for that is refused here
 * @throws FILE_EXISTS, WEAK_PASSPHRASE
 */
export async function createKeystore(folder: string, encryptedWallet: string, password: string): Promise<void> {
  await sealBackup(newRoot(), password, 1);
  await writeWhole(walletFile(folder), encryptedWallet, { isPrivate: true });
}

/** The file of a keystore's wallet. */
export function walletFile(folder: string): string {
  return join(folder, WALLET);
}

/** Opens an encrypted wallet. @throws FILE_UNREADABLE, FILE_INVALID, WRONG_PASSWORD */
export async function openWallet(path: string, password: string): Promise<Wallet | HDNodeWallet> {
  const json = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CliError("FILE_UNREADABLE", { file: path }, { cause });
  });
  try {
    return await Wallet.fromEncryptedJson(json, password);
  } catch (error) {
    // ethers says either that the password is wrong or that this is no wallet; its message may quote the file.
    const isWrong = isError(error, "INVALID_ARGUMENT") && error.argument === "password";
    throw isWrong ? new CliError("WRONG_PASSWORD", { file: path }) : new CliError("FILE_INVALID", { file: path });
  }
}

/**
 * Puts a copy of the account's backup on IPFS beside the wallet, replacing an older one.
 * @throws NO_PUBLISHED_KEY, CONTENT_UNAVAILABLE, CID_MISMATCH
 */
export async function keepBackup({ chain, store }: Reader, account: Address, folder: string): Promise<void> {
  const digest = await backupOf(chain, account);
  if (!digest) throw new SalusError("NO_PUBLISHED_KEY", { account });
  await writeWhole(join(folder, ROOT), await store.get(digest), { isPrivate: true, replace: true });
}

/** Opens the account root, or returns null when the account isn't set up. @throws WRONG_PASSPHRASE, BACKUP_MALFORMED */
export async function openRoot(folder: string, password: string): Promise<Uint8Array | null> {
  const path = join(folder, ROOT);
  const file = await readFile(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new CliError("FILE_UNREADABLE", { file: path }, { cause });
  });
  return file && openBackup(new Uint8Array(file), password);
}
