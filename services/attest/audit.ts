/**
 * The audit: one row for every question, refused or answered, committed before the answer leaves. Its number is the
 * attestation's nonce, so an attestation on chain can be found here, and a row that has none was a refusal. Rows name
 * nobody: subject and caller are keyed hashes.
 */
import type { Address, ErrorCode } from "../../sdk/index.js";
import type { Database } from "./database/index.js";
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

/** Writes a row, and returns its number once it is on the disk. @param time Unix seconds */
export async function append(db: Database, question: Question, outcome: Outcome, time: number): Promise<bigint> {
  const { nonce } = await db
    .insertInto("audit")
    .values({ ...question, time, outcome, guess: GUESSES.includes(outcome) ? 1 : 0 })
    .returning("nonce")
    .executeTakeFirstOrThrow();
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
