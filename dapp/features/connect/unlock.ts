/** Opens the account with its passphrase. scrypt takes seconds on purpose, so the worker does it. */
import { inWorker, type OwnSession } from "../../lib/heavy.js";

/** The account root, opened on this device. @throws WRONG_PASSPHRASE, CONTENT_UNAVAILABLE, IPFS_UNREACHABLE */
export function unlockAccount(session: OwnSession, passphrase: string): Promise<Uint8Array> {
  return inWorker(session, "unlock", passphrase);
}
