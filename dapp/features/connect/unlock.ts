/** Opens the account with its passphrase. */
import type { Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";

/** The account root, opened on this device. @throws WRONG_PASSPHRASE, CONTENT_UNAVAILABLE, IPFS_UNREACHABLE */
export async function unlockAccount(session: Session, passphrase: string): Promise<Uint8Array> {
  const { unlock } = await loadSdk();
  return unlock(session, session.account, passphrase);
}
