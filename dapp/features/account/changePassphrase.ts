/** Stores the backup of the account root under a new passphrase. */
import { inWorker, type OwnSession } from "../../lib/heavy.js";
import { transact } from "../../lib/transactions.js";

/** @returns whether it came through; the notice under "account/passphrase" says why not */
export async function changePassphrase(session: OwnSession, passphrase: string): Promise<boolean> {
  const about = { topic: "account/passphrase", title: "Changing the passphrase", account: session.account };
  const done = await transact(about, async (report) => {
    await inWorker(session, "changePassphrase", passphrase, report);
    return true;
  });
  return done ?? false;
}
