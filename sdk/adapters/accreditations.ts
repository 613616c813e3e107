/** The accreditation tree of a chain, read from the events of `Participants`. */
import { treeOf, type AccreditationEvent, type AccreditationTree } from "../core/accreditation.js";
import { ROLES, type Address, type Hex } from "../types.js";
import type { Chain } from "./chain.js";
import { byPosition, eventsOf, positionOf, type LogPosition } from "./logs.js";
import { guard } from "./refusal.js";

/** The top of the tree, which accredits registries, authorities and insurers. @throws CHAIN_UNREACHABLE */
export async function rootAccountOf(chain: Chain): Promise<Address> {
  return (await guard(() => chain.participants.ROOT())) as Address;
}

/** Everyone who was ever accredited. @throws CHAIN_UNREACHABLE */
export async function accreditationTree(chain: Chain): Promise<AccreditationTree> {
  const [root, events] = await Promise.all([rootAccountOf(chain), accreditationEvents(chain)]);
  return treeOf(root, events);
}

/** All that was ever accredited and revoked, oldest first. @throws CHAIN_UNREACHABLE */
export async function accreditationEvents(chain: Chain): Promise<AccreditationEvent[]> {
  const { filters } = chain.participants;
  const [accredited, revoked] = await Promise.all([
    eventsOf(chain, chain.participants, filters.Accredited()),
    eventsOf(chain, chain.participants, filters.AccreditationRevoked()),
  ]);
  const events: (AccreditationEvent & { at: LogPosition })[] = [
    ...accredited.map((log) => ({
      kind: "accredited" as const,
      at: positionOf(log),
      account: log.args.account as Address,
      parent: log.args.parent as Address,
      role: ROLES[Number(log.args.role)] ?? "none",
      until: Number(log.args.until),
      profile: log.args.profile as Hex,
    })),
    ...revoked.map((log) => ({
      kind: "revoked" as const,
      at: positionOf(log),
      account: log.args.account as Address,
      by: log.args.by as Address,
    })),
  ];
  return events.sort((a, b) => byPosition(a.at, b.at));
}
