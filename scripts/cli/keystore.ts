/**
 * A keystore: a folder with a wallet (ethers' encrypted JSON, the Web3 Secret Storage format) and, once the account is
 * set up, its account root (an age file under a passphrase). One password opens both. Files are readable by their owner
 * only and written in one step.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { isError, Wallet, type HDNodeWallet } from "ethers";

import { openBackup, sealBackup } from "../../sdk/index.js";
import { CliError } from "./errors.js";
import { writeWhole } from "./files.js";

const WALLET = "wallet.json";
const ROOT = "root.age";

/** Whether the folder holds a keystore. */
export async function isKeystore(folder: string): Promise<boolean> {
  return stat(join(folder, WALLET)).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Writes a wallet into a new keystore. @throws FILE_EXISTS */
export async function createKeystore(folder: string, wallet: Wallet | HDNodeWallet, password: string): Promise<void> {
  await writeWhole(join(folder, WALLET), await wallet.encrypt(password), { isPrivate: true });
}

/** Opens the wallet. @throws FILE_UNREADABLE, FILE_INVALID, WRONG_PASSWORD */
export async function openWallet(folder: string, password: string): Promise<Wallet | HDNodeWallet> {
  const path = join(folder, WALLET);
  const json = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CliError("FILE_UNREADABLE", { file: path }, { cause });
  });
  try {
    return await Wallet.fromEncryptedJson(json, password);
  } catch (error) {
    // ethers says either that the password is wrong or that this is no wallet; its message may quote the file.
    const isWrong = isError(error, "INVALID_ARGUMENT") && error.argument === "password";
    throw isWrong ? new CliError("WRONG_PASSWORD", { keystore: folder }) : new CliError("FILE_INVALID", { file: path });
  }
}

/** Writes the account root beside the wallet, replacing an older one. */
export async function saveRoot(folder: string, root: Uint8Array, password: string): Promise<void> {
  await writeWhole(join(folder, ROOT), await sealBackup(root, password), { isPrivate: true, replace: true });
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
