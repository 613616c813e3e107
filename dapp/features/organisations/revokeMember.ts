/** Revoking and giving up: what is shown and what is signed stand together. */
import type { Address, Disclosure, Member, RevocationEffect, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";
import { nameOf } from "./members.js";

/** What revoking tells whom; computed from who falls with it now. */
export async function discloseRevocation(
  { account, fallen }: RevocationEffect,
  parentName: string,
): Promise<Disclosure> {
  const { discloseAccreditationRevocation } = await loadSdk();
  const name = nameOf(account);
  return discloseAccreditationRevocation({ account: account.account, name, parentName, fallen: fallen.length });
}

/** Revokes an account and its branch, with one signature. */
export function revokeMember(session: Session, account: Address): Promise<unknown> {
  const topic = `organisations/${account}`;
  return transact({ topic, title: "Revoking", account: session.account }, async ({ onStatus }) => {
    const { revokeAccreditation } = await loadSdk();
    return revokeAccreditation(session, account, { onStatus });
  });
}

/** Gives the own accreditation up. */
export function giveUp(session: Session, own: Member): Promise<unknown> {
  const topic = `organisations/${own.account}`;
  return transact({ topic, title: "Giving it up", account: session.account }, async ({ onStatus }) => {
    const { renounceAccreditation } = await loadSdk();
    return renounceAccreditation(session, { onStatus });
  });
}
