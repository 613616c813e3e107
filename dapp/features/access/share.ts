/** Sharing: the grant is prepared first, so that what is shown is what is signed. */
import type { Disclosure, GrantContext, PreparedGrant, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** What signing this tells whom; computed from the terms that are signed. */
export async function discloseShare(prepared: PreparedGrant, context: GrantContext): Promise<Disclosure> {
  const { discloseGrant } = await loadSdk();
  return discloseGrant(prepared.terms, context);
}

/** Stores the sealed keys and grants, with one signature. */
export function share(session: Session, prepared: PreparedGrant): Promise<unknown> {
  const topic = `access/${prepared.terms[0]?.grantee ?? ""}`;
  return transact({ topic, title: "Sharing", account: session.account }, async ({ onStatus }) => {
    const { grant } = await loadSdk();
    return grant(session, prepared, { onStatus });
  });
}
