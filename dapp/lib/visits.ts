/** Visits and orders as screens read them: see queries.ts for what the keys mean. */
import { useQueries, type UseQueryResult } from "@tanstack/react-query";

import type {
  Address,
  AnchoredRecord,
  GivenPermit,
  Order,
  PatientId,
  Visit,
  VisitAccess,
  VisitId,
} from "../../sdk/index.js";
import { limiter } from "./limit.js";
import { useReaderQuery, useSessionQuery } from "./queries.js";
import { loadSdk } from "./sdk.js";
import { useSession } from "./session.js";

/** Whose visits: a patient's, a hospital's, or those that an account is or was assigned to. */
type VisitsBy = { patientId: PatientId } | { hospital: Address } | { member: Address };

/** Visits, newest first. */
export function useVisits(by: VisitsBy | null): UseQueryResult<Visit[]> {
  return useReaderQuery(
    ["chain", "visits", by],
    async ({ visitsOf }, reader) => {
      const visits = await visitsOf(reader, by ?? {});
      return visits.toSorted((one, other) => other.openedAt - one.openedAt);
    },
    by !== null,
  );
}

/** The patient's permits that no hospital has used yet, newest first. They are kept on this device, sealed. */
export function usePendingPermits(patientId: PatientId | null | undefined): UseQueryResult<GivenPermit[]> {
  return useSessionQuery(
    ["chain", "permits", patientId],
    async ({ idbPermits, pendingPermits }, session) =>
      (await pendingPermits(session, await idbPermits(session.account))).toReversed(),
    Boolean(patientId),
  );
}

/** The documents that were written in a visit, oldest first. */
export function useVisitRecords(visitId: VisitId): UseQueryResult<AnchoredRecord[]> {
  return useReaderQuery(["chain", "visit records", visitId], ({ visitRecords }, reader) =>
    visitRecords(reader, visitId),
  );
}

/** What this account may do and read in a visit: its hospital, or who was assigned. @throws what `enterVisit` throws */
export function useVisitAccess(visitId: VisitId, isEnabled = true): UseQueryResult<VisitAccess> {
  const { session } = useSession();
  return useSessionQuery(
    ["chain", "visit access", visitId, session?.account],
    ({ enterVisit }, own) => enterVisit(own, visitId),
    isEnabled,
  );
}

/** Orders of a patient, a visit, a laboratory or pharmacy, or a doctor; newest first. */
export function useOrders(
  by: { patientId: PatientId } | { visitId: VisitId } | { fulfiller: Address } | { author: Address } | null,
): UseQueryResult<Order[]> {
  return useReaderQuery(
    ["chain", "orders", by],
    async ({ ordersOf }, reader) => (await ordersOf(reader, by ?? {})).toReversed(),
    by !== null,
  );
}

/** Each takes a dozen small requests. */
const entering = limiter(4);

/** The names of the patients in these open visits, as far as they are known by now. A name doesn't change in a visit. */
export function useVisitNames(visits: readonly Visit[]): ReadonlyMap<VisitId, string> {
  const { session, isUnlocked } = useSession();
  const results = useQueries({
    queries: visits.map(({ visitId }) => ({
      queryKey: ["opened", "visit name", visitId],
      enabled: session !== null && isUnlocked,
      staleTime: Infinity,
      queryFn: () =>
        entering(async () => {
          if (!session) throw new Error("locked");
          const { enterVisit } = await loadSdk();
          return (await enterVisit(session, visitId)).name;
        }),
    })),
  });
  return new Map(visits.flatMap(({ visitId }, i) => (results[i]?.data ? [[visitId, results[i].data]] : [])));
}
