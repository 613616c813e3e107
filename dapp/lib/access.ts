/** Grants as people: who has access now, grouped by grantee. */
import type { Access, Address, Participant } from "../../sdk/index.js";
import { short } from "./text.js";

/** One grantee and all that was granted to them. */
export interface Granted {
  grantee: Address;
  /** Null when nobody vouches for the account. */
  participant: Participant | null;
  accesses: Access[];
}

/** Whether access lets its grantee open documents now. */
export function canOpen({ grant }: Access): boolean {
  return grant.state === "active" && grant.rights !== "write";
}

/** Present access by grantee, in the order given. */
export function byGrantee(accesses: readonly Access[]): Granted[] {
  const groups = new Map<Address, Granted>();
  for (const access of accesses) {
    if (access.grant.state !== "active") continue;
    const { grantee } = access.grant;
    const group = groups.get(grantee) ?? { grantee, participant: access.grantee, accesses: [] };
    groups.set(grantee, { ...group, accesses: [...group.accesses, access] });
  }
  return [...groups.values()];
}

/** What to call an account: the accredited name, or the account in short. */
export function nameOf(participant: Participant | null, account: Address): string {
  return participant?.name ?? short(account);
}
