/** Sets an account up: makes its root, stores the backup, publishes the public key. */
import type { Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** @returns the new root, or null when it didn't come through; the notice under "account/setup" says why */
export function setUpAccount(session: Session, passphrase: string): Promise<Uint8Array | null> {
  return transact({ topic: "account/setup", title: "Setting up", account: session.account }, async ({ onStatus }) => {
    const { createAccount } = await loadSdk();
    return createAccount(session, passphrase, { onStatus });
  });
}
