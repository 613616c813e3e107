/** Accrediting and renewing: what is shown and what is signed stand together. */
import type { Address, Disclosure, Role, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { untilWords } from "../../lib/text.js";
import { transact } from "../../lib/transactions.js";

/** What is signed. */
export interface Terms {
  account: Address;
  role: Role;
  /** Unix seconds. */
  until: number;
  name: string;
  department?: string;
}

/** What these terms tell whom. */
export async function discloseTerms(
  terms: Omit<Terms, "department"> & { department?: string | null | undefined },
  words: { parentName: string; isRenewal?: boolean },
): Promise<Disclosure> {
  const { discloseAccreditation } = await loadSdk();
  const { name, department } = terms;
  return discloseAccreditation(terms, { ...words, name, department, formatUntil: untilWords });
}

/** Stores the public profile and accredits, with one signature. */
export function accreditMember(session: Session, terms: Terms): Promise<unknown> {
  const topic = `organisations/${terms.account}`;
  return transact({ topic, title: "Accrediting", account: session.account }, async ({ onStatus }) => {
    const { accredit } = await loadSdk();
    return accredit(session, terms, { onStatus });
  });
}

/** Accredits until later, under the same name. */
export function renewMember(session: Session, account: Address, until: number): Promise<unknown> {
  const topic = `organisations/${account}`;
  return transact({ topic, title: "Renewing", account: session.account }, async ({ onStatus }) => {
    const { renewAccreditation } = await loadSdk();
    return renewAccreditation(session, account, { until }, { onStatus });
  });
}
