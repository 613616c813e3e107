/**
 * What somebody has written and not signed yet. It lives in memory, and sealed to the account's own key on this device, so
 * that leaving the page, a reload or a closed tab loses nothing and whoever finds the device reads nothing. Open tabs tell
 * each other, so that what was signed in one isn't offered in another.
 */
import { useQuery } from "@tanstack/react-query";
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { useCallback, useSyncExternalStore } from "react";

import type { Address } from "../../sdk/index.js";
import { loadSdk } from "./sdk.js";
import { useOpenSession } from "./session.js";
import { channelOf, type Channel } from "./tabs.js";

interface Schema extends DBSchema {
  drafts: { key: Address; value: Uint8Array };
}

/** All drafts of an account, by their names: one sealed file, so that not even how many there are shows. */
interface Drafts {
  /** As this tab knows it; the same object until it changes. */
  get: (name: string) => unknown;
  /** Seals and stores it soon. */
  keep: (name: string, value: unknown) => void;
  /** Forgets it at once: a reload, or another tab, mustn't offer what was signed. */
  drop: (name: string) => void;
  /** Follows what this tab and others change. @returns what ends it */
  subscribe: (listener: () => void) => () => void;
}

/** The sealed file's length is a multiple of this, so that it tells little of what is written. */
const PADDED = 8_192;
/** A pause in typing. */
const PAUSE_MS = 400;

let opening: Promise<IDBPDatabase<Schema>> | undefined;
let channel: Channel<Address> | undefined;

/** Says whose drafts were written down. */
function tabs(): Channel<Address> {
  return (channel ??= channelOf<Address>("salus-unsigned"));
}

function database(): Promise<IDBPDatabase<Schema>> {
  return (opening ??= openDB<Schema>("salus-unsigned", 1, {
    upgrade: (db) => void db.createObjectStore("drafts"),
  }));
}

async function openDrafts(account: Address, root: Uint8Array): Promise<Drafts> {
  const { accountKeys } = await loadSdk();
  const keys = accountKeys(root);
  const all = await read(account, keys.secretKey);
  /** What this tab did and hasn't written down yet. */
  const changed = new Set<string>();
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let deafen: (() => void) | undefined;
  // At most one reading or writing is under way.
  let working = Promise.resolve();
  const work = (act: () => Promise<void>) => {
    working = working.then(act).catch(() => undefined);
  };
  const notify = () => listeners.forEach((listener) => listener());
  const change = (name: string, pause: number) => {
    changed.add(name);
    clearTimeout(timer);
    timer = setTimeout(() => {
      work(async () => {
        await write(account, keys, all, changed);
        tabs().tell(account);
      });
    }, pause);
    notify();
  };
  /** Takes over what other tabs wrote down; what was typed here in the meantime stays. */
  const take = () =>
    work(async () => {
      const stored = await read(account, keys.secretKey);
      for (const name of new Set([...all.keys(), ...stored.keys()])) {
        if (changed.has(name)) continue;
        if (stored.has(name)) all.set(name, stored.get(name));
        else all.delete(name);
      }
      notify();
    });
  return {
    get: (name) => all.get(name),
    keep: (name, value) => {
      all.set(name, value);
      change(name, PAUSE_MS);
    },
    drop: (name) => {
      all.delete(name);
      change(name, 0);
    },
    subscribe: (listener) => {
      // Heard only while something is shown, so that the keys are forgotten with the screens that are locked.
      if (listeners.size === 0) {
        deafen = tabs().hear((whose) => {
          if (whose === account) take();
        });
        take();
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) deafen?.();
      };
    },
  };
}

async function read(account: Address, secretKey: Uint8Array): Promise<Map<string, unknown>> {
  const { open, split } = await loadSdk();
  const file = await (await database()).get("drafts", account);
  if (!file) return new Map();
  try {
    const { header, payload } = split(file);
    const text = new TextDecoder().decode(await open(header, payload, secretKey));
    return new Map(JSON.parse(text) as [string, unknown][]);
  } catch {
    // Sealed to a key that this account had before: nobody can read it any more.
    return new Map();
  }
}

/**
 * Writes down what this tab changed, and nothing else: another tab has drafts of its own in the same file, and may have
 * dropped some that this one still knows. One tab after another (Web Locks).
 * @param changed names; emptied of those that are stored
 */
function write(
  account: Address,
  keys: { publicKey: Uint8Array; secretKey: Uint8Array },
  all: ReadonlyMap<string, unknown>,
  changed: Set<string>,
): Promise<void> {
  return navigator.locks.request(`salus-unsigned/${account}`, async () => {
    const stored = await read(account, keys.secretKey);
    const taken = [...changed];
    changed.clear();
    for (const name of taken) {
      if (all.has(name)) stored.set(name, all.get(name));
      else stored.delete(name);
    }
    try {
      await put(account, keys.publicKey, stored);
    } catch (error) {
      for (const name of taken) changed.add(name);
      throw error;
    }
  });
}

async function put(account: Address, publicKey: Uint8Array, all: ReadonlyMap<string, unknown>): Promise<void> {
  const db = await database();
  if (all.size === 0) {
    await db.delete("drafts", account);
    return;
  }
  const { seal } = await loadSdk();
  const text = new TextEncoder().encode(JSON.stringify([...all]));
  const padded = new Uint8Array(Math.ceil(text.length / PADDED) * PADDED).fill(" ".charCodeAt(0));
  padded.set(text);
  const { header, payload } = await seal(padded, [publicKey]);
  const file = new Uint8Array(header.length + payload.length);
  file.set(header);
  file.set(payload, header.length);
  await db.put("drafts", file, account);
}

/**
 * A draft of the unlocked account. Only below a gate that asked for its key.
 * @param name tells one draft from another; sealed with it
 * @returns `value` is undefined until what was kept has been opened, null when there is none
 */
export function useDraft<T>(name: string): { value: T | null | undefined; keep: (value: T) => void; drop: () => void } {
  const { account, root } = useOpenSession();
  const { data: drafts } = useQuery({
    queryKey: ["opened", "drafts", account],
    enabled: root !== undefined,
    staleTime: Infinity,
    gcTime: Infinity,
    queryFn: () => openDrafts(account, root ?? new Uint8Array()),
  });
  const value = useSyncExternalStore(
    drafts?.subscribe ?? subscribeToNothing,
    () => drafts && ((drafts.get(name) as T | undefined) ?? null),
  );
  return {
    value,
    keep: useCallback((next: T) => drafts?.keep(name, next), [drafts, name]),
    drop: useCallback(() => drafts?.drop(name), [drafts, name]),
  };
}

const subscribeToNothing = () => () => undefined;
