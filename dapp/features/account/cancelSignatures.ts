/** Makes signed grants worthless that nobody has carried to the chain yet. */
import type { OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** One signature for all of them; the notice under "account/signatures" says how it went. */
export function cancelSignatures(session: OwnSession): Promise<unknown> {
  const about = {
    topic: "account/signatures",
    title: "Making signed grants worthless",
    account: session.account,
  };
  return transact(about, async ({ onStatus }) => {
    const { cancelSignedGrants } = await loadSdk();
    return cancelSignedGrants(session, { onStatus });
  });
}
