/**
 * What happened that an account should hear of, found by indexed topics: in a few queries of several contracts each,
 * however many kinds of events there are and however long the chain is.
 */
import { zeroPadValue, type Interface, type Log, type LogDescription } from "ethers";

import type { Address, Hex, PatientId, RecordId, VisitId } from "../types.js";
import type { Chain, ContractName } from "./chain.js";
import { byPosition, inRange, positionOf, type LogPosition } from "./logs.js";

/** On whose behalf events are looked for. */
export interface Listener {
  account: Address;
  /** The patient that the account acts for, if it does. */
  patientId: PatientId | null;
}

/** An event as its contract's interface names it. */
export interface NoticeEvent extends LogPosition {
  name: string;
  args: LogDescription["args"];
}

/** What an account is in a visit or an order. */
export type Part = "hospital" | "member" | "payee" | "insurer" | "doctor" | "fulfiller";

/** The visits and orders, by id, that an account has a part in. */
export type Parts = Map<Hex, Part>;

/** Contracts and the events of theirs that are meant. */
type Wanted = Partial<Record<ContractName, readonly string[]>>;

/** Of which a patient hears, by the place of `patientId` among the topics. */
const OF_PATIENT: readonly [topic: 2 | 3, wanted: Wanted][] = [
  [
    2,
    {
      orders: ["OrderPlaced", "OrderRequested", "OrderCancelled"],
      fulfilments: ["OrderReported"],
      claims: ["ClaimWithdrawn"],
    },
  ],
  [
    3,
    {
      visits: ["VisitOpened", "MemberAssigned", "VisitClosed"],
      claims: ["ClaimSubmitted", "ClaimAsked", "ClaimDecided"],
      policies: ["PolicyIssued", "PolicyCancelled"],
    },
  ],
];

/** Which name the account itself: hospital, member, insurer; doctor, fulfiller, grantee. */
const OF_ACCOUNT: readonly [topic: 2 | 3, wanted: Wanted][] = [
  [
    2,
    {
      visits: ["VisitOpened", "VisitClosed", "MemberAssigned", "MemberRemoved"],
      claims: ["ClaimSubmitted"],
      policies: ["PolicyAccepted", "PolicyCancelled", "MismatchReported"],
    },
  ],
  [3, { orders: ["OrderPlaced", "OrderAssigned"], consents: ["Granted", "GrantRevoked"] }],
];

/** Of those, which give the account a part in a visit or an order, so that it hears of what becomes of it, or take it. */
const OF_PARTS: readonly [topic: 2 | 3, wanted: Wanted][] = [
  [2, { visits: ["VisitOpened", "MemberAssigned", "MemberRemoved"], claims: ["ClaimSubmitted"] }],
  [3, { orders: ["OrderPlaced", "OrderAssigned"] }],
];

/** What whoever is named there becomes by each of these. */
const PARTS: Readonly<Record<string, { part: Part; named: string }>> = {
  VisitOpened: { part: "hospital", named: "hospital" },
  MemberAssigned: { part: "member", named: "account" },
  ClaimSubmitted: { part: "insurer", named: "insurer" },
  OrderPlaced: { part: "doctor", named: "author" },
  OrderAssigned: { part: "fulfiller", named: "fulfiller" },
};

/** Of those, which name one instead of another: the next fulfiller, the insurer and the doctor of the next bill. */
const REPLACING: Wanted = { orders: ["OrderAssigned"], claims: ["ClaimSubmitted"] };

/** What becomes of a visit or an order; its id is the first topic. */
const OF_SUBJECT: Wanted = {
  visits: ["VisitClosed"],
  orders: ["OrderAssigned", "OrderRequested", "OrderCancelled"],
  fulfilments: ["OrderReported"],
  claims: [
    "ClaimSubmitted",
    "ClaimConfirmed",
    "ClaimDisputed",
    "ClaimAsked",
    "ClaimAnswered",
    "ClaimWithdrawn",
    "ClaimDecided",
  ],
};

/** How many ids a node is asked for at a time. */
const MAX_IDS = 200;

/**
 * What the account had a part in before a block.
 * @throws CHAIN_UNREACHABLE
 */
export async function partsBefore(chain: Chain, { account }: Listener, block: number): Promise<Parts> {
  const { blockNumber: from } = chain.deployment;
  if (block <= from) return new Map();
  const own = await Promise.all(
    OF_PARTS.map(([topic, wanted]) => eventsAt(chain, wanted, topic, [topicOf(account)], from, block - 1)),
  );
  const ids = [...new Set(own.flat().map(({ args }) => args[0] as Hex))];
  const replacing = await eventsAbout(chain, REPLACING, ids, from, block - 1);
  const parts: Parts = new Map();
  for (const event of inOrder([...own.flat(), ...replacing])) follow(parts, event, account);
  return parts;
}

/** Notes what part an event gives the account, or takes from it. */
export function follow(parts: Parts, { name, args }: NoticeEvent, account: Address): void {
  const subject = args[0] as Hex;
  const had = parts.get(subject);
  const gives = PARTS[name];
  if (gives && args.getValue(gives.named) === account) parts.set(subject, gives.part);
  else if (name === "MemberRemoved" || (gives && gives.part === had)) parts.delete(subject);
  else if (name === "ClaimSubmitted" && args.getValue("doctor") === account) parts.set(subject, "payee");
  else if (name === "ClaimSubmitted" && had === "payee") parts.set(subject, "member");
}

/**
 * All that the listener may have to hear of from one block to another, in the chain's order, each once.
 * @param parts what the account had a part in before
 * @throws CHAIN_UNREACHABLE
 */
export async function noticeEvents(
  chain: Chain,
  { account, patientId }: Listener,
  parts: ReadonlyMap<Hex, Part>,
  from: number,
  to: number,
): Promise<NoticeEvent[]> {
  const at = (wanted: Wanted, topic: 1 | 2 | 3, values: readonly string[]) =>
    eventsAt(chain, wanted, topic, values, from, to);
  const [ofAccount, ofPatient] = await Promise.all([
    Promise.all(OF_ACCOUNT.map(([topic, wanted]) => at(wanted, topic, [topicOf(account)]))),
    Promise.all(patientId === null ? [] : OF_PATIENT.map(([topic, wanted]) => at(wanted, topic, [patientId]))),
  ]);
  const got = ofAccount.flat().flatMap(({ name, args }) => (name in PARTS ? [args[0] as Hex] : []));
  const ofSubjects = await eventsAbout(chain, OF_SUBJECT, [...new Set([...parts.keys(), ...got])], from, to);
  return inOrder([...ofAccount.flat(), ...ofPatient.flat(), ...ofSubjects]);
}

/** In the chain's order, each once. */
function inOrder(events: readonly NoticeEvent[]): NoticeEvent[] {
  const once = new Map(events.map((event) => [`${event.blockNumber}/${event.logIndex}`, event]));
  return [...once.values()].sort(byPosition);
}

/** The visits that these orders were placed in. @throws CHAIN_UNREACHABLE */
export async function visitsOfOrders(
  chain: Chain,
  orders: readonly RecordId[],
  to: number,
): Promise<Map<Hex, VisitId>> {
  const placed = await eventsAbout(chain, { orders: ["OrderPlaced"] }, orders, chain.deployment.blockNumber, to);
  return new Map(placed.map(({ args }) => [args[0] as Hex, args.getValue("visitId") as VisitId]));
}

const topicOf = (account: Address) => zeroPadValue(account, 32);

/** Events about these visits or orders, whose id is the first topic. */
async function eventsAbout(
  chain: Chain,
  wanted: Wanted,
  ids: readonly Hex[],
  from: number,
  to: number,
): Promise<NoticeEvent[]> {
  const chunks: Promise<NoticeEvent[]>[] = [];
  for (let i = 0; i < ids.length; i += MAX_IDS) {
    chunks.push(eventsAt(chain, wanted, 1, ids.slice(i, i + MAX_IDS), from, to));
  }
  return (await Promise.all(chunks)).flat();
}

/** Events with one of `values` as the given topic. */
async function eventsAt(
  chain: Chain,
  wanted: Wanted,
  topic: 1 | 2 | 3,
  values: readonly string[],
  from: number,
  to: number,
): Promise<NoticeEvent[]> {
  const names = Object.keys(wanted) as ContractName[];
  const address = names.map((name) => chain.deployment.contracts[name]);
  const signatures = names.flatMap((name) =>
    (wanted[name] ?? []).map((event) => abiOf(chain, name).getEvent(event)?.topicHash ?? event),
  );
  const topics: (string[] | null)[] = [signatures, null, null, null].slice(0, topic);
  topics.push([...values]);
  const logs = await inRange(
    chain,
    (fromBlock, toBlock = to) => chain.provider.getLogs({ address, topics, fromBlock, toBlock }),
    from,
    to,
  );
  return logs.flatMap((log) => {
    const event = parsed(chain, names, log);
    return event && isAsked(log, topic, values, from, to) ? [event] : [];
  });
}

/** A node that answers with something else than was asked is not listened to. */
function isAsked(log: Log, topic: number, values: readonly string[], from: number, to: number): boolean {
  const value = log.topics[topic]?.toLowerCase();
  return (
    !log.removed &&
    log.blockNumber >= from &&
    log.blockNumber <= to &&
    values.some((each) => each.toLowerCase() === value)
  );
}

function parsed(chain: Chain, names: readonly ContractName[], log: Log): NoticeEvent | null {
  const name = names.find((each) => chain.deployment.contracts[each].toLowerCase() === log.address.toLowerCase());
  const description = name && abiOf(chain, name).parseLog(log);
  return description ? { ...positionOf(log), name: description.name, args: description.args } : null;
}

function abiOf(chain: Chain, name: ContractName): Interface {
  return chain[name].interface;
}
