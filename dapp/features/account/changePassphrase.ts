/** Stores the backup of the account root under a new passphrase. */
import type { Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** @returns whether it came through; the notice under "account/passphrase" says why not */
export async function changePassphrase(session: Session, passphrase: string): Promise<boolean> {
  const about = { topic: "account/passphrase", title: "Changing the passphrase", account: session.account };
  const done = await transact(about, async ({ onStatus }) => {
    const sdk = await loadSdk();
    await sdk.changePassphrase(session, sdk.rootOf(session), passphrase, { onStatus });
    return true;
  });
  return done ?? false;
}
