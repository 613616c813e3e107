/**
 * Changes on their way to the chain. They live outside the components, so leaving a page is safe; those that were sent
 * are also written to IndexedDB, so a reload is safe too. Open tabs tell each other what is under way, so that nothing is
 * begun in one that another is at.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { useSyncExternalStore } from "react";

import type { Chain, Hex, OnProgress, TxStatus } from "../../sdk/index.js";
import { failureOf, isSalusFailure, type Failure } from "./errors.js";
import { loadSdk } from "./sdk.js";
import { useSession } from "./session.js";
import { channelOf, ownTab, whenGone, type Channel } from "./tabs.js";

/** How far a change is. */
export type TransactionStatus =
  | { state: "preparing"; done?: number; total?: number }
  | { state: "wallet" }
  | { state: "rejected" }
  | { state: "sent"; hash: Hex }
  | { state: "slow"; hash: Hex }
  | { state: "replaced"; failure: Failure }
  | { state: "failed"; failure: Failure }
  | { state: "final"; hash: Hex | null; blockNumber: number | null };

/** A change on its way. */
export interface Transaction {
  id: string;
  /** What it changes, for instance "access/<grantee>": the row that shows it finds it by this. */
  topic: string;
  /** In general words, for it is kept on disk: no name, no document. */
  title: string;
  account: string;
  startedAt: number;
  status: TransactionStatus;
  /** Does it again, after a refusal or failure. Gone after a reload. */
  retry?: () => void;
  /** The other tab that is at it; absent for this one. */
  tab?: string;
}

/** What the work is given to tell how far it is. */
export interface Report {
  onStatus: (status: TxStatus) => void;
  onProgress: OnProgress;
}

interface Schema extends DBSchema {
  sent: { key: string; value: Omit<Transaction, "retry" | "status" | "tab"> & { hash: Hex } };
}

/** What tabs tell each other: that a change is under way, that it came to its end, and that a tab was opened. */
type News =
  | { kind: "under way"; tab: string; transaction: Omit<Transaction, "retry" | "tab"> }
  | { kind: "over"; id: string }
  | { kind: "opened" };

/** A block that takes longer than this is worth a word. */
const SLOW_MS = 15_000;

let transactions: readonly Transaction[] = [];
let database: Promise<IDBPDatabase<Schema>> | undefined;
let onSettled: () => void = () => undefined;
let tabs: Channel<News> | undefined;
/** The other tabs that told of something. */
const known = new Set<string>();
const listeners = new Set<() => void>();

/**
 * Takes up the transactions that were sent before a reload, and follows what other tabs have under way.
 * @param network tells one deployment's from another's
 * @param whenSettled is called after each one that came to its end, one way or the other
 */
export async function restoreTransactions(network: string, chain: Chain, whenSettled: () => void): Promise<void> {
  onSettled = whenSettled;
  if (database) return;
  database = openDB<Schema>(`salus-transactions-${network}`, 1, {
    upgrade: (db) => void db.createObjectStore("sent", { keyPath: "id" }),
  });
  await takeUp(chain);
  tabs = channelOf<News>(`salus-transactions-${network}`);
  tabs.hear((news) => hear(chain, news));
  tabs.tell({ kind: "opened" });
}

/** Waits for what was sent, and what no tab that is still open waits for. */
async function takeUp(chain: Chain): Promise<void> {
  const { waitFor } = await loadSdk();
  for (const { hash, ...transaction } of (await (await database)?.getAll("sent")) ?? []) {
    if (transactions.some(({ id }) => id === transaction.id)) continue;
    set({ ...transaction, status: { state: "sent", hash } });
    const slow = setTimeout(() => update(transaction.id, { state: "slow", hash }), SLOW_MS);
    waitFor(chain, hash)
      .then(
        ({ blockNumber }) => finish(transaction.id, { state: "final", hash, blockNumber }),
        (error: unknown) => finish(transaction.id, statusOf(error)),
      )
      .finally(() => clearTimeout(slow));
  }
}

function hear(chain: Chain, news: News): void {
  if (news.kind === "opened") {
    for (const transaction of transactions) if (isUnderWay(transaction)) tell(transaction.id);
    return;
  }
  const id = news.kind === "over" ? news.id : news.transaction.id;
  const before = transactions.find((each) => each.id === id);
  // What this tab waits for itself it needn't be told of.
  if (before && before.tab === undefined) return;
  if (news.kind === "over") {
    dismiss(id);
    onSettled();
    return;
  }
  const { tab, transaction } = news;
  set({ ...transaction, tab });
  if (known.has(tab)) return;
  known.add(tab);
  whenGone(tab, () => {
    known.delete(tab);
    for (const each of transactions) if (each.tab === tab) dismiss(each.id);
    onSettled();
    void takeUp(chain);
  });
}

/** Tells the other tabs how far a change of this one is. */
function tell(id: string): void {
  if (!tabs || transactions.find((each) => each.id === id)?.tab !== undefined) return;
  void ownTab().then((tab) => {
    const found = transactions.find((each) => each.id === id);
    if (!found || !isUnderWay(found)) {
      tabs?.tell({ kind: "over", id });
      return;
    }
    const { topic, title, account, startedAt, status } = found;
    tabs?.tell({ kind: "under way", tab, transaction: { id, topic, title, account, startedAt, status } });
  });
}

/**
 * Runs a change and shows how far it is. What goes wrong is shown too, so this doesn't reject. A change that leaves
 * something to resume isn't retriable: doing it again would do it twice.
 * @returns what the work returned, or null when it didn't come through
 */
export async function transact<T>(
  about: Pick<Transaction, "topic" | "title" | "account"> & { isRetriable?: boolean },
  work: (report: Report) => Promise<T>,
): Promise<T | null> {
  const { isRetriable = true, ...transaction } = about;
  const id = crypto.randomUUID();
  // What was done before has been told; only the last of a row is news.
  for (const each of transactions) if (each.topic === about.topic && each.status.state === "final") dismiss(each.id);
  const retry = () => {
    dismiss(id);
    void transact(about, work);
  };
  set({ ...transaction, id, startedAt: Date.now(), status: { state: "preparing" }, ...(isRetriable ? { retry } : {}) });
  let slow: ReturnType<typeof setTimeout> | undefined;
  let final: Extract<TransactionStatus, { state: "final" }> = { state: "final", hash: null, blockNumber: null };
  const report: Report = {
    onProgress: (done, total) => update(id, { state: "preparing", done, total }),
    onStatus: (status) => {
      if (status.state === "wallet") update(id, { state: "wallet" });
      if (status.state === "final") final = status;
      if (status.state !== "sent") return;
      const { hash } = status;
      update(id, status);
      void keep(id, hash);
      slow = setTimeout(() => update(id, { state: "slow", hash }), SLOW_MS);
    },
  };
  try {
    const result = await work(report);
    finish(id, final);
    return result;
  } catch (error) {
    finish(id, statusOf(error));
    return null;
  } finally {
    clearTimeout(slow);
  }
}

/** Takes a change that came to its end off the screen. */
export function dismiss(id: string): void {
  transactions = transactions.filter((each) => each.id !== id);
  notify();
}

/** The changes of the account at the screen whose topic begins with `topic`, oldest first. */
export function useTransactions(topic: string): Transaction[] {
  const { connected } = useSession();
  const all = useSyncExternalStore(subscribe, () => transactions);
  // Another tab, or this one before, may be another account's.
  return all.filter((each) => each.topic.startsWith(topic) && each.account === connected?.account);
}

/** Whether a change is still under way. */
export function isUnderWay({ status }: Transaction): boolean {
  return ["preparing", "wallet", "sent", "slow"].includes(status.state);
}

function statusOf(error: unknown): TransactionStatus {
  if (isSalusFailure(error, "SIGNATURE_REJECTED")) return { state: "rejected" };
  const state = isSalusFailure(error, "TRANSACTION_REPLACED") ? "replaced" : "failed";
  return { state, failure: failureOf(error) };
}

function finish(id: string, status: TransactionStatus): void {
  update(id, status);
  void database?.then((db) => db.delete("sent", id));
  onSettled();
}

async function keep(id: string, hash: Hex): Promise<void> {
  const transaction = transactions.find((each) => each.id === id);
  if (!transaction || !database) return;
  const { topic, title, account, startedAt } = transaction;
  await (await database).put("sent", { id, topic, title, account, startedAt, hash });
}

function set(transaction: Transaction): void {
  transactions = [...transactions.filter(({ id }) => id !== transaction.id), transaction];
  notify();
  tell(transaction.id);
}

function update(id: string, status: TransactionStatus): void {
  transactions = transactions.map((each) => (each.id === id ? { ...each, status } : each));
  notify();
  tell(id);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function notify(): void {
  for (const listener of listeners) listener();
}
