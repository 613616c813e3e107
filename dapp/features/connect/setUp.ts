/** Sets an account up: makes its root, stores the backup, publishes the public key. */
import { inWorker, type OwnSession } from "../../lib/heavy.js";
import { transact } from "../../lib/transactions.js";

/** @returns the new root, or null when it didn't come through; the notice under "account/setup" says why */
export function setUpAccount(session: OwnSession, passphrase: string): Promise<Uint8Array | null> {
  return transact({ topic: "account/setup", title: "Setting up", account: session.account }, (report) =>
    inWorker(session, "createAccount", passphrase, report),
  );
}
