/**
 * What was typed into a step that isn't finished, so that closing the tab loses nothing: sealed to the account's own new
 * key, and readable only with the passphrase. The photo is never among it.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

import type { Address } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";

/** What a person has typed. */
export interface Typed {
  nationalId: string;
  /** YYYY-MM-DD. */
  birthDate: string;
  card: string;
}

/** Nothing typed yet. */
export const NOTHING_TYPED: Typed = { nationalId: "", birthDate: "", card: "" };

interface TypedSchema extends DBSchema {
  typed: { key: Address; value: Uint8Array };
}

/** Everything typed takes this many bytes sealed, so that its length says nothing. */
const PADDED = 512;

let opening: Promise<IDBPDatabase<TypedSchema>> | undefined;

function database(): Promise<IDBPDatabase<TypedSchema>> {
  return (opening ??= openDB<TypedSchema>("salus-typed", 1, {
    upgrade: (db) => void db.createObjectStore("typed"),
  }));
}

/** Keeps what was typed, sealed. */
export async function keepTyped(account: Address, root: Uint8Array, typed: Typed): Promise<void> {
  const { accountKeys, seal } = await loadSdk();
  const text = new TextEncoder().encode(JSON.stringify(typed).padEnd(PADDED));
  const { header, payload } = await seal(text, [accountKeys(root).publicKey]);
  const file = new Uint8Array(header.length + payload.length);
  file.set(header);
  file.set(payload, header.length);
  await (await database()).put("typed", file, account);
}

/** What was typed before; nothing if there is none, or if it was sealed to another key. */
export async function typedBefore(account: Address, root: Uint8Array): Promise<Typed> {
  const file = await (await database()).get("typed", account);
  if (!file) return NOTHING_TYPED;
  const { accountKeys, open, split } = await loadSdk();
  try {
    const { header, payload } = split(file);
    const text = new TextDecoder().decode(await open(header, payload, accountKeys(root).secretKey));
    return { ...NOTHING_TYPED, ...(JSON.parse(text) as Partial<Typed>) };
  } catch {
    return NOTHING_TYPED;
  }
}

/** Forgets it: the registration is finished, or was given up. */
export async function forgetTyped(account: Address): Promise<void> {
  await (await database()).delete("typed", account);
}
