/**
 * What somebody has written and not signed yet. It lives in memory, and sealed to the account's own key on this device, so
 * that leaving the page, a reload or a closed tab loses nothing and whoever finds the device reads nothing.
 */
import { useQuery } from "@tanstack/react-query";
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { useCallback, useState } from "react";

import type { Address } from "../../sdk/index.js";
import { loadSdk } from "./sdk.js";
import { useOpenSession } from "./session.js";

interface Schema extends DBSchema {
  drafts: { key: Address; value: Uint8Array };
}

/** All drafts of an account, by their names: one sealed file, so that not even how many there are shows. */
interface Drafts {
  /** As this tab knows them. */
  all: Map<string, unknown>;
  /** Seals and stores soon what was done to this one: at most one write is under way. */
  save: (name: string) => void;
}

/** The sealed file's length is a multiple of this, so that it tells little of what is written. */
const PADDED = 8_192;
/** A pause in typing. */
const PAUSE_MS = 400;

let opening: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  return (opening ??= openDB<Schema>("salus-unsigned", 1, {
    upgrade: (db) => void db.createObjectStore("drafts"),
  }));
}

async function openDrafts(account: Address, root: Uint8Array): Promise<Drafts> {
  const { accountKeys } = await loadSdk();
  const keys = accountKeys(root);
  const all = await read(account, keys.secretKey);
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving = Promise.resolve();
  const save = (name: string) => {
    changed.add(name);
    clearTimeout(timer);
    timer = setTimeout(() => {
      saving = saving.then(() => write(account, keys, all, changed)).catch(() => undefined);
    }, PAUSE_MS);
  };
  return { all, save };
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
  const [, setChanges] = useState(0);
  const change = useCallback(
    (act: (all: Map<string, unknown>) => void) => {
      if (!drafts) return;
      act(drafts.all);
      drafts.save(name);
      setChanges((changes) => changes + 1);
    },
    [drafts, name],
  );
  return {
    value: drafts && ((drafts.all.get(name) as T | undefined) ?? null),
    keep: useCallback((value: T) => change((all) => all.set(name, value)), [change, name]),
    drop: useCallback(() => change((all) => all.delete(name)), [change, name]),
  };
}
