/**
 * Notices: what happened that somebody should know of, or act on. They are read from the chain's events, so nobody has to
 * send them, nobody can hold one back who doesn't hold back the chain, and an inbox is complete after any absence.
 */
import { keccak256 } from "ethers";

import type { Chain } from "../adapters/chain.js";
import { watchHeads, type HeadOptions } from "../adapters/heads.js";
import { blockTime, byPosition, type LogPosition } from "../adapters/logs.js";
import {
  follow,
  noticeEvents,
  partsBefore,
  visitsOfOrders,
  type Listener,
  type NoticeEvent,
  type Part,
  type Parts,
} from "../adapters/notice-events.js";
import { NO_REF } from "../adapters/policies.js";
import { guard } from "../adapters/refusal.js";
import { utf8 } from "../core/bytes.js";
import type { Address, Hex, PatientId, PolicyId, RecordId, VisitId } from "../types.js";
import type { Reader } from "./session.js";

/** What happened. */
export type NoticeKind =
  | "visit opened"
  | "visit assigned"
  | "visit unassigned"
  | "visit closed"
  | "order placed"
  | "order assigned"
  | "order unassigned"
  | "order requested"
  | "order reported"
  | "order cancelled"
  | "access given"
  | "access ended"
  | "bill submitted"
  | "bill confirmed"
  | "bill disputed"
  | "bill asked"
  | "bill answered"
  | "bill withdrawn"
  | "bill decided"
  | "policy offered"
  | "policy amended"
  | "policy accepted"
  | "policy cancelled"
  | "policy mismatch";

/** As what somebody hears of it. */
export type NoticeSide = "patient" | "grantee" | Part;

/** Something that happened. It holds ids only: names and documents are looked up, and opened, where it leads. */
export interface Notice extends LogPosition {
  /** 32 bytes, the same wherever a reorganised chain puts the transaction. */
  id: Hex;
  kind: NoticeKind;
  as: NoticeSide;
  /** Whether it asks this account to act. It may have done so since. */
  isForMe: boolean;
  /** Block time, Unix seconds. */
  time: number;
  patientId: PatientId;
  /** The visit, or the one that the order was placed in. */
  visitId: VisitId | null;
  orderId: RecordId | null;
  policyId: PolicyId | null;
  /** Of a grant: a drawer's scope or a record. */
  subject: Hex | null;
  /** Who did it, as far as the event tells; of an assignment whom it is about. */
  by: Address | null;
}

/** What an event means to somebody; null for nothing. */
type Meaning = Pick<Notice, "kind" | "as" | "isForMe" | "by">;
type Reading = (args: NoticeEvent["args"], who: Who) => Meaning | null;

interface Who {
  account: Address;
  isPatient: boolean;
  part: Part | undefined;
}

/** A notice for some sides, by the sides that must act. */
function forSides(
  kind: NoticeKind,
  sides: Partial<Record<NoticeSide, "told" | "acts">>,
  byOf: (args: NoticeEvent["args"]) => Address | null = () => null,
): Reading {
  return (args, { account, isPatient, part }) => {
    const as = isPatient && sides.patient ? "patient" : part;
    const told = as && sides[as];
    const by = byOf(args);
    // Nobody needs to be told what they did themselves.
    if (!told || by === account) return null;
    return { kind, as, isForMe: told === "acts", by };
  };
}

const named =
  (name: string) =>
  (args: NoticeEvent["args"]): Address =>
    args.getValue(name) as Address;

/** Of an event that names the account itself. */
const READINGS: Readonly<Record<string, Reading>> = {
  VisitOpened: forSides("visit opened", { patient: "told" }, named("hospital")),
  MemberAssigned: (args, { account, isPatient }) => {
    const by = named("account")(args);
    if (by === account) return { kind: "visit assigned", as: "member", isForMe: true, by };
    return isPatient ? { kind: "visit assigned", as: "patient", isForMe: false, by } : null;
  },
  MemberRemoved: (args, { account }) =>
    named("account")(args) === account ? { kind: "visit unassigned", as: "member", isForMe: false, by: null } : null,
  VisitClosed: forSides("visit closed", { patient: "told", hospital: "told", member: "told" }, named("by")),
  OrderPlaced: forSides("order placed", { patient: "told" }, named("author")),
  OrderAssigned: (args, { account, part }) => {
    const isMine = named("fulfiller")(args) === account;
    if (isMine) return { kind: "order assigned", as: "fulfiller", isForMe: true, by: null };
    return part === "fulfiller" ? { kind: "order unassigned", as: "fulfiller", isForMe: false, by: null } : null;
  },
  OrderRequested: forSides("order requested", { patient: "acts", doctor: "acts" }, named("by")),
  OrderReported: forSides("order reported", { patient: "told", doctor: "told" }, named("by")),
  OrderCancelled: forSides("order cancelled", { patient: "told", doctor: "told", fulfiller: "told" }, named("by")),
  Granted: () => ({ kind: "access given", as: "grantee", isForMe: false, by: null }),
  GrantRevoked: () => ({ kind: "access ended", as: "grantee", isForMe: false, by: null }),
  ClaimSubmitted: (args, who) =>
    who.isPatient
      ? { kind: "bill submitted", as: "patient", isForMe: true, by: null }
      : insurers("bill submitted", "acts")(args, who),
  ClaimConfirmed: forSides("bill confirmed", { hospital: "told", insurer: "acts" }),
  ClaimDisputed: forSides("bill disputed", { hospital: "acts", insurer: "told" }),
  ClaimAsked: forSides("bill asked", { patient: "told", hospital: "acts" }, named("insurer")),
  ClaimAnswered: forSides("bill answered", { insurer: "acts" }),
  ClaimWithdrawn: forSides("bill withdrawn", { patient: "told", insurer: "told" }),
  ClaimDecided: (args, who) => {
    if (who.part === "payee" && !who.isPatient && args.getValue("fee") === 0n) return null;
    return forSides("bill decided", { patient: "told", hospital: "told", payee: "told" }, named("insurer"))(args, who);
  },
  PolicyIssued: (args, { isPatient }) => {
    if (!isPatient) return null;
    const isFirst = args.getValue("previous") === NO_REF;
    return {
      kind: isFirst ? "policy offered" : "policy amended",
      as: "patient",
      isForMe: true,
      by: named("insurer")(args),
    };
  },
  PolicyAccepted: insurers("policy accepted", "told"),
  PolicyCancelled: (args, who) => {
    const by = named("by")(args);
    if (by === who.account) return null;
    if (who.isPatient) return { kind: "policy cancelled", as: "patient", isForMe: false, by };
    return insurers("policy cancelled", "told")(args, who);
  },
  MismatchReported: insurers("policy mismatch", "acts"),
};

/** Of a policy, for the insurer that it names. */
function insurers(kind: NoticeKind, told: "told" | "acts"): Reading {
  return (args, { account }) =>
    named("insurer")(args) === account ? { kind, as: "insurer", isForMe: told === "acts", by: null } : null;
}

/** Blocks that are read again, in case another node, or a reorganised chain, has put something into them since. */
const OVERLAP = 12;

/** Reads an account's notices as the chain grows. */
export interface NoticeReader {
  /**
   * What is new since the last time, oldest first; all of it since `sinceBlock` at first. None is ever told twice.
   * @throws CHAIN_UNREACHABLE; the next call reads what this one didn't
   */
  read(): Promise<Notice[]>;
}

/** @param sinceBlock the first block to be read; the deployment's unless given */
export function noticeReader({ chain }: Pick<Reader, "chain">, listener: Listener, sinceBlock = 0): NoticeReader {
  const first = Math.max(sinceBlock, chain.deployment.blockNumber);
  const told = new Set<Hex>();
  let next = first;
  let parts: Parts | undefined;
  const readOnce = async (): Promise<Notice[]> => {
    const head = await headOf(chain);
    const from = Math.max(first, Math.min(next, head + 1) - OVERLAP);
    if (head < from) return [];
    parts ??= await partsBefore(chain, listener, from);
    const known = parts;
    const events = await noticeEvents(chain, listener, known, from, head);
    const drafts = events.flatMap((event) => {
      const meaning = meaningOf(event, listener, known);
      follow(known, event, listener.account);
      return meaning ?? [];
    });
    const fresh = drafts.filter(({ id }, i) => !told.has(id) && drafts.findIndex((each) => each.id === id) === i);
    const orders = [...new Set(fresh.flatMap(({ orderId }) => orderId ?? []))];
    const [times, visits] = await Promise.all([timesOf(chain, fresh), visitsOfOrders(chain, orders, head)]);
    for (const { id } of fresh) told.add(id);
    next = head + 1;
    return fresh
      .map((notice) => ({
        ...notice,
        time: times.get(notice.blockNumber) ?? 0,
        visitId: notice.visitId ?? (notice.orderId && (visits.get(notice.orderId) ?? null)),
      }))
      .sort(byPosition);
  };
  // One after the other: two at a time would both tell the same.
  let last: Promise<unknown> = Promise.resolve();
  return {
    read() {
      const reading = last.then(readOnce, readOnce);
      last = reading.catch(() => undefined);
      return reading;
    },
  };
}

/**
 * What an account should know of, oldest first, from `sinceBlock` on.
 * @throws CHAIN_UNREACHABLE
 */
export async function inbox(reader: Pick<Reader, "chain">, listener: Listener, sinceBlock?: number): Promise<Notice[]> {
  return noticeReader(reader, listener, sinceBlock).read();
}

/** How notices are waited for. */
export interface WatchOptions extends Omit<HeadOptions, "onHead"> {
  /** The first block that is read; only what comes unless given. */
  sinceBlock?: number;
}

/**
 * Tells an account's notices as they come, in the chain's order, each once, whatever the connection goes through.
 * @returns ends it
 * @throws CHAIN_UNREACHABLE at first; later troubles are `onState`'s
 */
export async function watchNotices(
  reader: Pick<Reader, "chain">,
  listener: Listener,
  onNotice: (notice: Notice) => void,
  { sinceBlock, ...options }: WatchOptions = {},
): Promise<() => void> {
  const notices = noticeReader(reader, listener, sinceBlock ?? (await headOf(reader.chain)) + 1);
  let isStopped = false;
  const onHead = async () => {
    const fresh = await notices.read();
    if (!isStopped) fresh.forEach(onNotice);
  };
  const stop = watchHeads(reader.chain, { ...options, onHead });
  return () => {
    isStopped = true;
    stop();
  };
}

// -------- steps --------

type Draft = Omit<Notice, "time">;

/** What an event means to the listener, if anything. */
function meaningOf(event: NoticeEvent, { account, patientId }: Listener, parts: Parts): Draft | null {
  const { name, args, blockNumber, logIndex, transactionHash } = event;
  const subject = args[0] as Hex;
  const ofPatient = args.getValue("patientId") as PatientId;
  const who = { account, isPatient: ofPatient === patientId, part: parts.get(subject) };
  const meaning = READINGS[name]?.(args, who);
  if (!meaning) return null;
  const isOrder = meaning.kind.startsWith("order");
  const isPolicy = meaning.kind.startsWith("policy");
  const isGrant = meaning.kind.startsWith("access");
  return {
    ...meaning,
    id: keccak256(utf8(`${transactionHash}/${name}/${args.join("/")}`)) as Hex,
    blockNumber,
    logIndex,
    transactionHash,
    patientId: ofPatient,
    visitId: isOrder || isPolicy || isGrant ? null : subject,
    orderId: isOrder ? subject : null,
    policyId: isPolicy ? subject : null,
    subject: isGrant ? (args.getValue("subject") as Hex) : null,
  };
}

async function headOf({ provider }: Chain): Promise<number> {
  return guard(() => provider.getBlockNumber());
}

/** The times of the notices' blocks. */
async function timesOf(chain: Chain, notices: readonly Draft[]): Promise<Map<number, number>> {
  const blocks = [...new Set(notices.map(({ blockNumber }) => blockNumber))];
  return new Map(await Promise.all(blocks.map(async (block) => [block, await blockTime(chain, block)] as const)));
}
