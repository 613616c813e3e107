/** Registering with a licence: what the authority answers, what it tells whom, and carrying it to the chain. */
import type { Disclosure, Licence, OfferedAccreditation, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { plain, untilWords } from "../../lib/text.js";
import { transact } from "../../lib/transactions.js";

/** Shows the licence to the authority's service, which learns it with this account. Its answer is checked here. */
export async function ask(session: Session, authorityUrl: string, licence: Licence): Promise<OfferedAccreditation> {
  const { askAccreditation, connectAuthority } = await loadSdk();
  return askAccreditation(session, connectAuthority(authorityUrl), { ...licence, domain: window.location.host });
}

/** What carrying the answer tells whom; computed from the terms that the authority signed. */
export async function discloseOffer({
  accreditation,
  name,
  department,
  parent,
}: OfferedAccreditation): Promise<Disclosure> {
  const { discloseAccreditation } = await loadSdk();
  const parentName = plain(parent.name ?? "The health authority");
  return discloseAccreditation(accreditation, { name, department, parentName, formatUntil: untilWords });
}

/** Carries it, with one signature. */
export function carry(session: Session, offered: OfferedAccreditation): Promise<unknown> {
  const topic = `organisations/${session.account}`;
  return transact({ topic, title: "Registering", account: session.account }, async ({ onStatus }) => {
    const { carryAccreditation } = await loadSdk();
    return carryAccreditation(session, offered, { onStatus });
  });
}
