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
export type Part = "hospital" | "member" | "insurer" | "doctor" | "fulfiller";

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

/** Of those, which give the account a part in a visit or an order, so that it hears of what becomes of it. */
const TAKES_PART: readonly [topic: 2 | 3, wanted: Wanted][] = [
  [2, { visits: ["VisitOpened", "MemberAssigned"], claims: ["ClaimSubmitted"] }],
  [3, { orders: ["OrderPlaced", "OrderAssigned"] }],
];

/** What the account is by each of these. */
const PARTS: Readonly<Record<string, Part>> = {
  VisitOpened: "hospital",
  MemberAssigned: "member",
  ClaimSubmitted: "insurer",
  OrderPlaced: "doctor",
  OrderAssigned: "fulfiller",
};

/** What becomes of a visit or an order; its id is the first topic. */
const OF_SUBJECT: Wanted = {
  visits: ["VisitClosed"],
  orders: ["OrderRequested", "OrderCancelled"],
  fulfilments: ["OrderReported"],
  claims: ["ClaimConfirmed", "ClaimDisputed", "ClaimAsked", "ClaimAnswered", "ClaimWithdrawn", "ClaimDecided"],
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
  const events = await Promise.all(
    TAKES_PART.map(([topic, wanted]) => eventsAt(chain, wanted, topic, [topicOf(account)], from, block - 1)),
  );
  return new Map(events.flat().sort(byPosition).map(partIn));
}

/**
 * All that the listener should hear of from one block to another, in the chain's order, each once.
 * @param parts what the account has a part in; what it gets a part in is added
 * @throws CHAIN_UNREACHABLE
 */
export async function noticeEvents(
  chain: Chain,
  { account, patientId }: Listener,
  parts: Parts,
  from: number,
  to: number,
): Promise<NoticeEvent[]> {
  const at = (wanted: Wanted, topic: 1 | 2 | 3, values: readonly string[]) =>
    eventsAt(chain, wanted, topic, values, from, to);
  const [ofAccount, ofPatient] = await Promise.all([
    Promise.all(OF_ACCOUNT.map(([topic, wanted]) => at(wanted, topic, [topicOf(account)]))),
    Promise.all(patientId === null ? [] : OF_PATIENT.map(([topic, wanted]) => at(wanted, topic, [patientId]))),
  ]);
  for (const event of ofAccount.flat()) if (event.name in PARTS) parts.set(...partIn(event));
  const ids = [...parts.keys()];
  const ofSubjects: Promise<NoticeEvent[]>[] = [];
  for (let i = 0; i < ids.length; i += MAX_IDS) ofSubjects.push(at(OF_SUBJECT, 1, ids.slice(i, i + MAX_IDS)));
  const all = [...ofAccount, ...ofPatient, ...(await Promise.all(ofSubjects))].flat();
  const once = new Map(all.map((event) => [`${event.blockNumber}/${event.logIndex}`, event]));
  return [...once.values()].sort(byPosition);
}

/** The visits that these orders were placed in. @throws CHAIN_UNREACHABLE */
export async function visitsOfOrders(
  chain: Chain,
  orders: readonly RecordId[],
  to: number,
): Promise<Map<Hex, VisitId>> {
  if (orders.length === 0) return new Map();
  const { blockNumber: from } = chain.deployment;
  const placed = await eventsAt(chain, { orders: ["OrderPlaced"] }, 1, orders, from, to);
  return new Map(placed.map(({ args }) => [args[0] as Hex, args.getValue("visitId") as VisitId]));
}

const topicOf = (account: Address) => zeroPadValue(account, 32);

/** Its visit or order, always the first topic, and what the account is there. */
function partIn({ name, args }: NoticeEvent): [id: Hex, part: Part] {
  return [args[0] as Hex, PARTS[name] ?? "member"];
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
