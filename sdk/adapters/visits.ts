/** `Visits`: permits, and what a hospital does with them (IVisits.sol). */
import type { Signer } from "ethers";

import { Visits__factory } from "../../typechain-types/index.js";
import { visitIdOf, type VisitKey } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, VisitId } from "../types.js";
import { sendCall, type Call, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { eventsOf, logsAbout, positionOf, type LogPosition } from "./logs.js";
import { guard } from "./refusal.js";

/** `enum VisitStatus` of IVisits.sol, in its order. */
export const VISIT_STATUSES = ["none", "withdrawn", "open", "ended"] as const;
export type VisitStatus = (typeof VISIT_STATUSES)[number];

/** What a patient lets a hospital do, `Permit` in IVisits.sol. This object is shown before it is signed. */
export interface Permit extends VisitKey {
  /** Seed 002's H: a permit dies with the details that it was made for. */
  hash: Hex;
  /** The visit ends before this time, Unix seconds. */
  until: number;
  /** Digest of the CID of the visit's keys, sealed to the hospital. */
  sealedKey: Hex;
}

/** A permit that its patient signed. Only its hospital can use it, once. */
export interface SignedPermit extends Permit {
  /** Can be used up to this time, Unix seconds. */
  deadline: number;
  signature: Hex;
}

/** Who was assigned to a visit. */
export interface Assignment extends LogPosition {
  account: Address;
  /** Digest of the CID of what the account may know, sealed to it; null for nothing. */
  sealedKey: Hex | null;
  /** Whether the hospital took it back. */
  isRemoved: boolean;
}

/** A visit as its events tell it. Whether it is open says `visitStateOf`. */
export interface OpenedVisit extends LogPosition {
  visitId: VisitId;
  key: VisitKey;
  /** As the permit says, Unix seconds. */
  until: number;
  /** Digest of the CID of the visit's keys, sealed to the hospital. */
  sealedKey: Hex;
  /** The latest assignment of each account, in the order of the first. */
  assignments: Assignment[];
  /** Who closed it, or null. */
  closedBy: Address | null;
}

/** No sealed key. */
export const NO_KEY: Hex = `0x${"0".repeat(64)}`;

const abi = Visits__factory.createInterface();

const call = (data: string): Call => ({ contract: "visits", data: data as Hex });

/** A key as the contract takes it, without what else the object may hold. */
export const encodeVisitKey = ({ patientId, hospital, nonce }: VisitKey): VisitKey => ({ patientId, hospital, nonce });

const encodePermit = ({ patientId, hash, hospital, nonce, until, sealedKey }: Permit): Permit => ({
  patientId,
  hash,
  hospital,
  nonce,
  until,
  sealedKey,
});

// -------- calls --------

/** Opens a visit, as the hospital. */
export function encodeOpenVisit({ deadline, signature, ...permit }: SignedPermit): Call {
  return call(abi.encodeFunctionData("open", [encodePermit(permit), deadline, signature]));
}

/**
 * Opens a visit with a permit, as its hospital.
 * @throws NotPermitted, NotHospital, PermitUsed, SignatureExpired, InvalidSignature, StaleHash, VisitEndInPast,
 * UnknownPatient, Deregistered
 */
export async function sendOpenVisit(
  chain: Chain,
  signer: Signer,
  permit: SignedPermit,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, encodeOpenVisit(permit), options);
}

/** Tells a hospital where a sealed permit is. @param permit digest of its object's CID */
export async function sendAnnounce(
  chain: Chain,
  signer: Signer,
  hospital: Address,
  permit: Hex,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("announce", [hospital, permit])), options);
}

/** Withdraws a permit that wasn't used, as the patient. @throws NotController, PermitUsed */
export async function sendWithdraw(
  chain: Chain,
  signer: Signer,
  key: VisitKey,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("withdraw", [encodeVisitKey(key)])), options);
}

/** Assigns an account to a visit, as its hospital. @throws NotPartyOfVisit, VisitNotOpen, NotOfHospital */
export async function sendAssignMember(
  chain: Chain,
  signer: Signer,
  key: VisitKey,
  { account, sealedKey }: { account: Address; sealedKey: Hex },
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(
    chain,
    signer,
    call(abi.encodeFunctionData("assign", [encodeVisitKey(key), account, sealedKey])),
    options,
  );
}

/** Takes an assignment back, as the hospital. @throws NotPartyOfVisit, VisitNotOpen, NotAssigned */
export async function sendUnassign(
  chain: Chain,
  signer: Signer,
  key: VisitKey,
  account: Address,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("unassign", [encodeVisitKey(key), account])), options);
}

/** Ends a visit, as its hospital or patient. @throws NotPartyOfVisit, VisitNotOpen */
export async function sendCloseVisit(
  chain: Chain,
  signer: Signer,
  key: VisitKey,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("close", [encodeVisitKey(key)])), options);
}

// -------- reading --------

/** Where a visit stands now, and its stored times, Unix seconds; zeroes when it was never opened. */
export async function visitStateOf(
  chain: Chain,
  visitId: VisitId,
): Promise<{ status: VisitStatus; openedAt: number; end: number }> {
  const [status, { openedAt, end }] = await Promise.all([
    guard(() => chain.visits.statusOf(visitId)),
    guard(() => chain.visits.visitOf(visitId)),
  ]);
  return { status: VISIT_STATUSES[Number(status)] ?? "none", openedAt: Number(openedAt), end: Number(end) };
}

/** Whether the contract lets `account` act in the visit now. */
export async function isMember(chain: Chain, key: VisitKey, account: Address): Promise<boolean> {
  return guard(() => chain.visits.isMember(encodeVisitKey(key), account));
}

/** Digests of the sealed permits that were announced to a hospital, oldest first. Anybody can announce anything. */
export async function announcedPermits(chain: Chain, hospital: Address): Promise<Hex[]> {
  const logs = await eventsOf(chain, chain.visits, chain.visits.filters.PermitAnnounced(hospital));
  return logs.map(({ args }) => args.permit as Hex);
}

/**
 * Visits in the order of their opening, by any of id, patient, hospital and who was ever assigned; all of them when `by`
 * is empty.
 * @throws ANCHOR_MISMATCH when the node tells of a visit that isn't the one of its id
 */
export async function openedVisits(
  chain: Chain,
  by: { visitId?: VisitId; patientId?: PatientId; hospital?: Address; member?: Address },
): Promise<OpenedVisit[]> {
  const { filters } = chain.visits;
  let ids: VisitId[];
  if (by.member) {
    const assigned = await eventsOf(chain, chain.visits, filters.MemberAssigned(by.visitId, by.member, by.patientId));
    ids = assigned.map(({ args }) => args.visitId as VisitId);
  } else {
    const opened = await eventsOf(chain, chain.visits, filters.VisitOpened(by.visitId, by.hospital, by.patientId));
    ids = opened.map(({ args }) => args.visitId as VisitId);
  }
  const visits = await visitsById(chain, [...new Set(ids)]);
  return visits.filter(({ key }) => by.hospital === undefined || key.hospital === by.hospital);
}

/** All that was said about these visits, put together, in the order of their opening. @throws ANCHOR_MISMATCH */
export async function visitsById(chain: Chain, ids: readonly VisitId[]): Promise<OpenedVisit[]> {
  const visits = new Map<VisitId, OpenedVisit>();
  for (const log of await logsAbout(chain, chain.visits, ids)) {
    const event = abi.parseLog(log);
    if (!event) continue;
    const { args } = event;
    const visitId = args["visitId"] as VisitId;
    const visit = visits.get(visitId);
    const account = args["account"] as Address;
    if (event.name === "VisitOpened") visits.set(visitId, openedIn(log, args));
    if (event.name === "MemberAssigned") {
      const sealedKey = args["sealedKey"] as Hex;
      const assignment = { account, sealedKey: sealedKey === NO_KEY ? null : sealedKey, isRemoved: false };
      assign(visit, { ...positionOf(log), ...assignment });
    }
    const assigned = visit?.assignments.find((each) => each.account === account);
    if (event.name === "MemberRemoved" && assigned) assigned.isRemoved = true;
    if (event.name === "VisitClosed" && visit) visit.closedBy = args["by"] as Address;
  }
  return [...visits.values()];
}

function openedIn(log: Parameters<typeof positionOf>[0], args: Record<string, unknown>): OpenedVisit {
  const key: VisitKey = {
    patientId: args["patientId"] as PatientId,
    hospital: args["hospital"] as Address,
    nonce: args["nonce"] as bigint,
  };
  const visitId = args["visitId"] as VisitId;
  if (visitIdOf(key) !== visitId) throw new SalusError("ANCHOR_MISMATCH", { visitId });
  return {
    ...positionOf(log),
    visitId,
    key,
    until: Number(args["until"]),
    sealedKey: args["sealedKey"] as Hex,
    assignments: [],
    closedBy: null,
  };
}

function assign(visit: OpenedVisit | undefined, assignment: Assignment): void {
  if (!visit) return;
  const at = visit.assignments.findIndex(({ account }) => account === assignment.account);
  if (at < 0) visit.assignments.push(assignment);
  else visit.assignments[at] = assignment;
}
