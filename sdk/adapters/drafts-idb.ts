/** Drafts of registrations, and permits that were given, in a browser, in IndexedDB. */
import { openDB, type DBSchema } from "idb";

import type { Address } from "../types.js";
import type { Drafts } from "./drafts.js";

interface DraftSchema extends DBSchema {
  drafts: { key: Address; value: Uint8Array };
}

/** The draft of `account` in this browser. */
export function idbDrafts(account: Address): Promise<Drafts> {
  return idbFile("salus-drafts", account);
}

/** The permits that `account` has given on this device and that weren't used yet, see flows/permit.ts. */
export function idbPermits(account: Address): Promise<Drafts> {
  return idbFile("salus-permits", account);
}

async function idbFile(name: string, account: Address): Promise<Drafts> {
  const db = await openDB<DraftSchema>(name, 1, {
    upgrade(database) {
      database.createObjectStore("drafts");
    },
  });
  return {
    load: async () => (await db.get("drafts", account)) ?? null,
    async save(bytes) {
      const tx = db.transaction("drafts", "readwrite", { durability: "strict" });
      await Promise.all([tx.store.put(bytes, account), tx.done]);
    },
    async remove() {
      const tx = db.transaction("drafts", "readwrite", { durability: "strict" });
      await Promise.all([tx.store.delete(account), tx.done]);
    },
  };
}
