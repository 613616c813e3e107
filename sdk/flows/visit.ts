/** Visits (002-24, 002-25, 003-07): who acts in one, what they may open, and its end. */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { blockTimes } from "../adapters/logs.js";
import { roleOf } from "../adapters/participants.js";
import {
  isMember,
  NO_KEY,
  openedVisits,
  sendAssignMember,
  sendCloseVisit,
  sendUnassign,
  visitStateOf,
  type OpenedVisit,
} from "../adapters/visits.js";
import { fromHex, toHex } from "../core/bytes.js";
import { publicKeyOf } from "../core/keys.js";
import type { VisitKey } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, VisitId } from "../types.js";
import { publicKeyOfAccount, rootOf, type Reader, type Session } from "./session.js";
import { storedFor } from "./stored.js";
import { checkedKeys, openKeys, sealKeys, type CheckedKeys, type VisitDrawer } from "./visit-keys.js";

/** Somebody whom the hospital assigned. */
export interface VisitMember {
  account: Address;
  /** Unix seconds. */
  since: number;
  /** Whether the hospital took it back. */
  removed: boolean;
}

/** A visit and where it stands. */
export interface Visit {
  visitId: VisitId;
  key: VisitKey;
  /** Unix seconds. */
  openedAt: number;
  /** As the permit says, Unix seconds. */
  until: number;
  /** Over from this time on, Unix seconds: `until`, or when it was closed. */
  end: number;
  status: "open" | "ended";
  /** Who closed it; null when nobody did. */
  closedBy: Address | null;
  members: VisitMember[];
  /** Of the opening. */
  transactionHash: Hex;
  blockNumber: number;
}

/** What a member of an open visit may do, and the keys for it. In memory only, like the account root. */
export interface VisitAccess {
  visitId: VisitId;
  visit: VisitKey;
  /** The name that the patient goes by. */
  name: string;
  /** The visit ends before this time, Unix seconds. */
  until: number;
  /** What documents in the visit are sealed to, beside the drawer's key. */
  publicKey: Hex;
  /** All drawers: every one can be written to. */
  drawers: VisitDrawer[];
  /** Secret: of the visit, and of the drawers that it may read, by their public keys. */
  secrets: { visit: Uint8Array; drawers: CheckedKeys["drawerSecrets"] };
}

/**
 * Visits, oldest first, by any of id, patient, hospital and member (assigned, now or once); all of them when `by` is empty.
 * @throws CHAIN_UNREACHABLE, ANCHOR_MISMATCH
 */
export async function visitsOf(
  { chain }: Pick<Reader, "chain">,
  by: { visitId?: VisitId; patientId?: PatientId; hospital?: Address; member?: Address },
): Promise<Visit[]> {
  const opened = await openedVisits(chain, by);
  const [times, ...states] = await Promise.all([
    blockTimes(
      chain,
      opened.flatMap(({ assignments }) => assignments),
    ),
    ...opened.map(({ visitId }) => visitStateOf(chain, visitId)),
  ]);
  return opened.flatMap((visit, at): Visit[] => {
    const state = states[at];
    if (state?.status !== "open" && state?.status !== "ended") return [];
    const { visitId, key, until, closedBy, assignments, transactionHash, blockNumber } = visit;
    const members = assignments.map(({ account, isRemoved, blockNumber: block }) => ({
      account,
      since: times.get(block) ?? 0,
      removed: isRemoved,
    }));
    const { status, openedAt, end } = state;
    return [{ visitId, key, openedAt, until, end, status, closedBy, members, transactionHash, blockNumber }];
  });
}

/** One visit. @throws VISIT_UNKNOWN, CHAIN_UNREACHABLE */
export async function visitById(reader: Pick<Reader, "chain">, visitId: VisitId): Promise<Visit> {
  const [visit] = await visitsOf(reader, { visitId });
  if (!visit) throw new SalusError("VISIT_UNKNOWN", { visitId });
  return visit;
}

/**
 * Assigns somebody of the hospital's own staff, as the hospital. A doctor gets the visit's keys, sealed; a laboratory or a
 * pharmacy gets none, for it needs orders only (002-25). Again, to hand the keys to a doctor who has changed theirs.
 * @throws VISIT_UNKNOWN, LOCKED, NotOfHospital, VisitNotOpen, NotPartyOfVisit, NO_PUBLISHED_KEY, and as `enterVisit`
 */
export async function assignMember(
  session: Session,
  visitId: VisitId,
  account: Address,
  options?: SendOptions,
): Promise<Receipt> {
  const { chain, signer, store } = session;
  const { key, sealedKey } = await openedVisit(session, visitId);
  if (key.hospital !== session.account) throw new SalusError("NotPartyOfVisit", { visitId, account: session.account });
  if ((await roleOf(chain, account)) !== "doctor") {
    return sendAssignMember(chain, signer, key, { account, sealedKey: NO_KEY }, options);
  }
  const [keys, publicKey] = await Promise.all([
    openKeys(session, sealedKey, key),
    publicKeyOfAccount(session, account),
  ]);
  const send = ([digest]: readonly [Hex]) =>
    sendAssignMember(chain, signer, key, { account, sealedKey: digest }, options);
  return storedFor(store, [await sealKeys(keys, [publicKey])], send, { isNew: true });
}

/** Takes an assignment back, as the hospital. What was opened before may have been kept. @throws VISIT_UNKNOWN, NotPartyOfVisit, VisitNotOpen, NotAssigned */
export async function unassignMember(
  session: Session,
  visitId: VisitId,
  account: Address,
  options?: SendOptions,
): Promise<Receipt> {
  const { key } = await openedVisit(session, visitId);
  return sendUnassign(session.chain, session.signer, key, account, options);
}

/**
 * Ends a visit, as its hospital or its patient. From this block on nobody writes or, with an honest program, reads in it.
 * The patient should then close the drawers that it could read: see `drawersToClose`.
 * @throws VISIT_UNKNOWN, NotPartyOfVisit, VisitNotOpen
 */
export async function closeVisit(session: Session, visitId: VisitId, options?: SendOptions): Promise<Receipt> {
  const { key } = await openedVisit(session, visitId);
  return sendCloseVisit(session.chain, session.signer, key, options);
}

/**
 * What the session's account may do in a visit: as its hospital, or as a doctor whom it assigned.
 * @throws VISIT_UNKNOWN, NOT_IN_VISIT (over, removed, or never in it), VISIT_KEY_MISSING, LOCKED, and as `checkedKeys`
 */
export async function enterVisit(session: Session, visitId: VisitId): Promise<VisitAccess> {
  const { chain, account } = session;
  rootOf(session);
  const { key, until, sealedKey, assignments } = await openedVisit(session, visitId);
  // The events say so; the contract has the last word.
  if (!(await isMember(chain, key, account))) throw new SalusError("NOT_IN_VISIT", { visitId });
  const digest = key.hospital === account ? sealedKey : assignments.find((each) => each.account === account)?.sealedKey;
  if (!digest) throw new SalusError("VISIT_KEY_MISSING", { visitId });
  const { keys, drawers, drawerSecrets } = await checkedKeys(session, digest, key);
  const secretKey = fromHex(keys.visitSecret);
  return {
    visitId,
    visit: key,
    name: keys.name,
    until,
    publicKey: toHex(publicKeyOf(secretKey)),
    drawers,
    secrets: { visit: secretKey, drawers: drawerSecrets },
  };
}

/**
 * Labels of the drawers that a visit may read, as its patient or its hospital; also after its end.
 * @throws VISIT_UNKNOWN, LOCKED, CONTENT_UNAVAILABLE, NOT_A_RECIPIENT, MANIFEST_MALFORMED, MANIFEST_MISMATCH
 */
export async function readableIn(session: Session, visitId: VisitId): Promise<string[]> {
  const { key, sealedKey } = await openedVisit(session, visitId);
  const { drawers } = await openKeys(session, sealedKey, key);
  return drawers.filter(({ secrets }) => secrets.length > 0).map(({ label }) => label);
}

/** A visit's events. @throws VISIT_UNKNOWN */
export async function openedVisit({ chain }: Pick<Reader, "chain">, visitId: VisitId): Promise<OpenedVisit> {
  const [visit] = await openedVisits(chain, { visitId });
  if (!visit) throw new SalusError("VISIT_UNKNOWN", { visitId });
  return visit;
}
