/**
 * The account root's backup: its 32 bytes in a small age file under a passphrase (scrypt), which `age -d` opens too. It
 * may lie on IPFS for everyone to copy, so the passphrase is all that guards it.
 */

import { isSalusError, SalusError } from "../errors.js";
import { expectLength } from "./bytes.js";
import { openWithPassphrase, sealWithPassphrase } from "./envelope.js";

/** The fewest characters of a passphrase. */
export const MIN_PASSPHRASE_LENGTH = 12;

/** scrypt with 2^20 rounds takes 1 GiB; a forged backup must not take more. */
const MAX_WORK_FACTOR = 20;
const ROOT_SIZE = 32;

/**
 * Seals the account root with a passphrase.
 * @param workFactor log2 of scrypt's rounds, 1 to 20; 18 takes about a second and 256 MiB
 * @throws SalusError WEAK_PASSPHRASE under 12 characters; INVALID_INPUT
 */
export async function sealBackup(root: Uint8Array, passphrase: string, workFactor = 18): Promise<Uint8Array> {
  expectLength(root, ROOT_SIZE, "root");
  if (!Number.isInteger(workFactor) || workFactor < 1 || workFactor > MAX_WORK_FACTOR) {
    throw new SalusError("INVALID_INPUT", { argument: "workFactor", reason: "must be 1 to 20" });
  }
  const normal = normalise(passphrase);
  if (Array.from(normal).length < MIN_PASSPHRASE_LENGTH) throw new SalusError("WEAK_PASSPHRASE");
  return sealWithPassphrase(root, normal, workFactor);
}

/**
 * The account root of a backup. Whether it is the right account's only the Keys contract can say.
 * @throws SalusError WRONG_PASSPHRASE, BACKUP_MALFORMED
 */
export async function openBackup(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const root = await openWithPassphrase(file, normalise(passphrase), MAX_WORK_FACTOR).catch((cause: unknown) => {
    const wrong = isSalusError(cause, "NOT_A_RECIPIENT");
    throw new SalusError(wrong ? "WRONG_PASSPHRASE" : "BACKUP_MALFORMED", {}, { cause });
  });
  if (root.length !== ROOT_SIZE) throw new SalusError("BACKUP_MALFORMED", { size: root.length });
  return root;
}

/** The same letters typed on two keyboards may come as other code points (é, or e and an accent): NFC makes them one. */
function normalise(passphrase: string): string {
  return passphrase.normalize("NFC");
}
