/** The journal of a browser, in IndexedDB. */
import { openDB, type DBSchema } from "idb";

import type { Intent, Journal, SealedDocument } from "./journal.js";

interface JournalSchema extends DBSchema {
  intents: { key: string; value: Intent };
  sealed: { key: string; value: SealedDocument };
}

/** Opens the journal of this browser. @param name of the database; one for each deployment */
export async function idbJournal(name: string): Promise<Journal> {
  const db = await openDB<JournalSchema>(name, 1, {
    upgrade(database) {
      database.createObjectStore("intents", { keyPath: "recordId" });
      database.createObjectStore("sealed");
    },
  });
  return {
    async put(intent, sealed) {
      const tx = db.transaction(["intents", "sealed"], "readwrite", { durability: "strict" });
      await Promise.all([
        tx.objectStore("intents").put(intent),
        tx.objectStore("sealed").put(sealed, intent.recordId),
        tx.done,
      ]);
    },
    async noteTransaction(recordId, transaction) {
      const tx = db.transaction("intents", "readwrite", { durability: "strict" });
      const intent = await tx.store.get(recordId);
      if (intent) await tx.store.put({ ...intent, transaction });
      await tx.done;
    },
    async list() {
      return (await db.getAll("intents")).sort((a, b) => a.createdAt - b.createdAt);
    },
    async sealed(recordId) {
      return (await db.get("sealed", recordId)) ?? null;
    },
    async remove(recordId) {
      const tx = db.transaction(["intents", "sealed"], "readwrite", { durability: "strict" });
      await Promise.all([
        tx.objectStore("intents").delete(recordId),
        tx.objectStore("sealed").delete(recordId),
        tx.done,
      ]);
    },
  };
}
