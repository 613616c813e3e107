/** History: all that the chain tells about a patient, in order. Anyone can read it; that is why it says so little. */
import { blockTimes, byPosition, eventsOf, positionOf, type LogPosition } from "../adapters/logs.js";
import type { Address, Hex, PatientId } from "../types.js";
import type { Reader } from "./session.js";

/** One event of a patient's history. */
export interface HistoryEvent extends LogPosition {
  kind:
    | "registered"
    | "profile updated"
    | "controller rotated"
    | "deregistered"
    | "drawer key changed"
    | "granted"
    | "grant revoked"
    | "record appended"
    | "policy issued"
    | "policy accepted"
    | "policy cancelled"
    | "policy mismatch reported"
    | "permit withdrawn"
    | "visit opened"
    | "visit member assigned"
    | "visit member removed"
    | "visit closed"
    | "order placed"
    | "order assigned"
    | "order requested"
    | "order cancelled"
    | "order reported"
    | "claim submitted"
    | "claim confirmed"
    | "claim disputed"
    | "claim asked"
    | "claim answered"
    | "claim withdrawn"
    | "claim decided";
  /** Unix seconds. */
  time: number;
  /**
   * Who acted or was acted upon: author, grantee, insurer, registry, hospital, member, fulfiller or the new controller;
   * null for the patient.
   */
  account: Address | null;
  /** The drawer, record, policy, visit (a claim's, too) or order; null when it is the patient. */
  subject: Hex | null;
}

/** The history of a patient, oldest first. @throws CHAIN_UNREACHABLE */
export async function history({ chain }: Reader, patientId: PatientId): Promise<HistoryEvent[]> {
  const { patients, consents, records, policies, visits, orders, fulfilments, claims } = chain;
  type Found = Omit<HistoryEvent, "time">;
  const [registered, profiles, rotations, deregistered, scopes, granted, revoked, appended] = await Promise.all([
    eventsOf(chain, patients, patients.filters.PatientRegistered(patientId)),
    eventsOf(chain, patients, patients.filters.ProfileUpdated(patientId)),
    eventsOf(chain, patients, patients.filters.ControllerRotated(patientId)),
    eventsOf(chain, patients, patients.filters.PatientDeregistered(patientId)),
    eventsOf(chain, consents, consents.filters.ScopeKeyChanged(patientId)),
    eventsOf(chain, consents, consents.filters.Granted(patientId)),
    eventsOf(chain, consents, consents.filters.GrantRevoked(patientId)),
    eventsOf(chain, records, records.filters.RecordAppended(patientId)),
  ]);
  const [issued, accepted, ended, mismatches] = await Promise.all([
    eventsOf(chain, policies, policies.filters.PolicyIssued(undefined, undefined, patientId)),
    eventsOf(chain, policies, policies.filters.PolicyAccepted(undefined, undefined, patientId)),
    eventsOf(chain, policies, policies.filters.PolicyCancelled(undefined, undefined, patientId)),
    eventsOf(chain, policies, policies.filters.MismatchReported(undefined, undefined, patientId)),
  ]);
  const [withdrawn, opened, assigned, removed, closed] = await Promise.all([
    eventsOf(chain, visits, visits.filters.PermitWithdrawn(undefined, undefined, patientId)),
    eventsOf(chain, visits, visits.filters.VisitOpened(undefined, undefined, patientId)),
    eventsOf(chain, visits, visits.filters.MemberAssigned(undefined, undefined, patientId)),
    eventsOf(chain, visits, visits.filters.MemberRemoved(undefined, undefined, patientId)),
    eventsOf(chain, visits, visits.filters.VisitClosed(undefined, undefined, patientId)),
  ]);
  const [placed, chosen, requested, cancelled, reported] = await Promise.all([
    eventsOf(chain, orders, orders.filters.OrderPlaced(undefined, patientId)),
    eventsOf(chain, orders, orders.filters.OrderAssigned(undefined, patientId)),
    eventsOf(chain, orders, orders.filters.OrderRequested(undefined, patientId)),
    eventsOf(chain, orders, orders.filters.OrderCancelled(undefined, patientId)),
    eventsOf(chain, fulfilments, fulfilments.filters.OrderReported(undefined, patientId)),
  ]);
  const [billed, confirmed, disputed, asked, answered, takenBack, decided] = await Promise.all([
    eventsOf(chain, claims, claims.filters.ClaimSubmitted(undefined, undefined, patientId)),
    eventsOf(chain, claims, claims.filters.ClaimConfirmed(undefined, patientId)),
    eventsOf(chain, claims, claims.filters.ClaimDisputed(undefined, patientId)),
    eventsOf(chain, claims, claims.filters.ClaimAsked(undefined, undefined, patientId)),
    eventsOf(chain, claims, claims.filters.ClaimAnswered(undefined, patientId)),
    eventsOf(chain, claims, claims.filters.ClaimWithdrawn(undefined, patientId)),
    eventsOf(chain, claims, claims.filters.ClaimDecided(undefined, undefined, patientId)),
  ]);
  // A claim's events don't repeat whose it is: the hospital of the visit.
  const hospitals = new Map(opened.map(({ args }) => [args.visitId, args.hospital]));
  const hospitalOf = (visitId: string) => hospitals.get(visitId) ?? null;
  const found = [
    ...registered.map((log) => event(log, "registered", log.args.registry, null)),
    ...profiles.map((log) => event(log, "profile updated", null, null)),
    ...rotations.map((log) => event(log, "controller rotated", log.args.to, null)),
    ...deregistered.map((log) => event(log, "deregistered", null, null)),
    ...scopes.map((log) => event(log, "drawer key changed", null, log.args.scope)),
    ...granted.map((log) => event(log, "granted", log.args.grantee, log.args.subject)),
    ...revoked.map((log) => event(log, "grant revoked", log.args.grantee, log.args.subject)),
    ...appended.map((log) => event(log, "record appended", log.args.author, log.args.recordId)),
    ...issued.map((log) => event(log, "policy issued", log.args.insurer, log.args.policyId)),
    ...accepted.map((log) => event(log, "policy accepted", log.args.insurer, log.args.policyId)),
    ...ended.map((log) => event(log, "policy cancelled", log.args.by, log.args.policyId)),
    ...mismatches.map((log) => event(log, "policy mismatch reported", log.args.insurer, log.args.policyId)),
    ...withdrawn.map((log) => event(log, "permit withdrawn", log.args.hospital, log.args.visitId)),
    ...opened.map((log) => event(log, "visit opened", log.args.hospital, log.args.visitId)),
    ...assigned.map((log) => event(log, "visit member assigned", log.args.account, log.args.visitId)),
    ...removed.map((log) => event(log, "visit member removed", log.args.account, log.args.visitId)),
    ...closed.map((log) => event(log, "visit closed", log.args.by, log.args.visitId)),
    ...placed.map((log) => event(log, "order placed", log.args.author, log.args.orderId)),
    ...chosen.map((log) => event(log, "order assigned", log.args.fulfiller, log.args.orderId)),
    ...requested.map((log) => event(log, "order requested", log.args.by, log.args.orderId)),
    ...cancelled.map((log) => event(log, "order cancelled", log.args.by, log.args.orderId)),
    ...reported.map((log) => event(log, "order reported", log.args.by, log.args.reportId)),
    ...billed.map((log) => event(log, "claim submitted", hospitalOf(log.args.visitId), log.args.visitId)),
    ...confirmed.map((log) => event(log, "claim confirmed", null, log.args.visitId)),
    ...disputed.map((log) => event(log, "claim disputed", null, log.args.visitId)),
    ...asked.map((log) => event(log, "claim asked", log.args.insurer, log.args.visitId)),
    ...answered.map((log) => event(log, "claim answered", hospitalOf(log.args.visitId), log.args.visitId)),
    ...takenBack.map((log) => event(log, "claim withdrawn", hospitalOf(log.args.visitId), log.args.visitId)),
    ...decided.map((log) => event(log, "claim decided", log.args.insurer, log.args.visitId)),
  ].sort(byPosition);
  const times = await blockTimes(chain, found);
  return found.map((each) => ({ ...each, time: times.get(each.blockNumber) ?? 0 }));

  function event(
    log: Parameters<typeof positionOf>[0],
    kind: HistoryEvent["kind"],
    account: string | null,
    subject: string | null,
  ): Found {
    return { ...positionOf(log), kind, account: account as Address | null, subject: subject as Hex | null };
  }
}
