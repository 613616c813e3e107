/** What needs the person: how many things wait in which place. */
import { useIdentity } from "./identity.js";
import { useDrawersToClose, usePolicies } from "./queries.js";

/** Numbers by a place's address. */
export function useAttention(): Readonly<Record<string, number>> {
  const { data: identity } = useIdentity();
  const patientId = identity?.patientId ?? null;
  const { data: toClose } = useDrawersToClose(patientId);
  const { data: policies } = usePolicies(patientId ? { patientId } : null);
  return {
    "/access": toClose?.length ? 1 : 0,
    "/insurance": policies?.filter(({ status }) => status === "offered").length ?? 0,
  };
}
