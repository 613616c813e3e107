/** What needs the person: how many things wait in which place. */
import { needsRenewal, useBranchOf } from "./branch.js";
import { useIdentity } from "./identity.js";
import { useDrawersToClose, usePolicies } from "./queries.js";

/** Numbers by a place's address. */
export function useAttention(): Readonly<Record<string, number>> {
  const { data: identity } = useIdentity();
  const patientId = identity?.patientId ?? null;
  const { data: toClose } = useDrawersToClose(patientId);
  const { data: policies } = usePolicies(patientId ? { patientId } : null);
  const isInTree = identity?.isRoot === true || identity?.participant?.valid === true;
  const { data: branch } = useBranchOf(isInTree ? identity.account : null);
  return {
    "/organisations": branch?.mayAccredit.length ? branch.members.filter(needsRenewal).length : 0,
    "/access": toClose?.length ? 1 : 0,
    "/insurance": policies?.filter(({ status }) => status === "offered").length ?? 0,
  };
}
