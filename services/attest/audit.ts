/**
 * The audit: one row for every question, refused or answered, committed before the answer leaves. Its number is the
 * attestation's nonce, so an attestation on chain can be found here, and a row that has none was a refusal. Rows name
 * nobody: subject and caller are keyed hashes.
 */
import type { Insertable } from "kysely";

import type { Address, ErrorCode } from "../../sdk/index.js";
import type { Engine } from "./database/dialect.js";
import type { Database } from "./database/index.js";
import type { AuditTable } from "./database/schema.js";
import type { Tag } from "./tags.js";

/** What was asked for. */
export type Action = "attestation" | "offer" | "accreditation" | "sign-in";

/** Who asks, and about whom or what. */
export interface Question {
  action: Action;
  subject: Tag;
  caller: Tag;
  account: Address | null;
}

/** "issued", or why not; "failed" when nobody refused and it still came to nothing. */
export type Outcome = "issued" | "failed" | ErrorCode;

/** Refusals by which somebody who guesses learns that a guess was wrong. */
const GUESSES: readonly Outcome[] = ["NOT_VERIFIED", "FACE_MISMATCH", "CARD_NOT_VERIFIED", "LICENCE_NOT_VERIFIED"];

/** A row that waits to be written, and who waits for its number. */
interface Waiting {
  row: Insertable<AuditTable>;
  resolve: (nonce: bigint) => void;
  reject: (error: unknown) => void;
}

/** Rows of one commit at most: nobody waits for more than these. */
const LOT = 256;

/**
 * Writes the audit. In SQLite, which commits one transaction after another and blocks meanwhile, rows that come at the same
 * time share a commit; PostgreSQL does the like by itself, over several connections.
 */
export class Audit {
  readonly #db: Database;
  readonly #shares: boolean;
  readonly #waiting: Waiting[] = [];
  #writing = false;

  constructor(db: Database, engine: Engine) {
    this.#db = db;
    this.#shares = engine === "sqlite";
  }

  /** Writes a row, and returns its number once it is on the disk. @param time Unix seconds */
  append(question: Question, outcome: Outcome, time: number): Promise<bigint> {
    const row = { ...question, time, outcome, guess: GUESSES.includes(outcome) ? 1 : 0 } as const;
    if (!this.#shares) return insert(this.#db, row);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      if (!this.#writing) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      // Whoever asks in the same turn comes along.
      await new Promise(setImmediate);
      const lot = this.#waiting.splice(0, LOT);
      try {
        const nonces = await this.#commit(lot);
        lot.forEach(({ resolve, reject }, at) => {
          const nonce = nonces[at];
          if (nonce === undefined) reject(new Error("the database gave a row no number"));
          else resolve(nonce);
        });
      } catch (error) {
        for (const { reject } of lot) reject(error);
      }
    }
    this.#writing = false;
  }

  /** All rows of a lot or none, one after another, so that each knows its own number. */
  #commit(lot: readonly Waiting[]): Promise<bigint[]> {
    return this.#db.transaction().execute(async (work) => {
      const nonces: bigint[] = [];
      for (const { row } of lot) nonces.push(await insert(work, row));
      return nonces;
    });
  }
}

async function insert(db: Database, row: Insertable<AuditTable>): Promise<bigint> {
  const { nonce } = await db.insertInto("audit").values(row).returning("nonce").executeTakeFirstOrThrow();
  return BigInt(nonce);
}

/**
 * When the guesses about `value` since `since` are as many as allowed: the time of the oldest that counts, from which on
 * the next one must wait. Null while there are fewer.
 */
export async function limitingGuess(
  db: Database,
  column: "subject" | "caller" | "account",
  value: string,
  { since, allowed }: { since: number; allowed: number },
): Promise<number | null> {
  const row = await db
    .selectFrom("audit")
    .select("time")
    .where("guess", "=", 1)
    .where(column, "=", value)
    .where("time", ">", since)
    .orderBy("time", "desc")
    .offset(allowed - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.time ?? null;
}
