/** Sign-ins as the database keeps them: numbers that are good once, and hashes of tokens. */
import { randomBytes } from "node:crypto";

import type { Address, PatientId } from "../../sdk/index.js";
import type { Database } from "./database/index.js";
import type { SignedInAs } from "./route.js";
import { sha256 } from "./tags.js";

const TOKEN_BYTES = 32;

/** Keeps a number until it is used or over, and clears away those that are over. */
export async function storeNonce(
  db: Database,
  nonce: string,
  { now, expiresAt }: { now: number; expiresAt: number },
): Promise<void> {
  await db.deleteFrom("sign_in_nonces").where("expires", "<=", now).execute();
  await db.insertInto("sign_in_nonces").values({ nonce, expires: expiresAt }).execute();
}

/** Uses a number up. Returns false if it was never given out, is over, or was used: of two at once, one wins. */
export async function spendNonce(db: Database, nonce: string, now: number): Promise<boolean> {
  const spent = await db
    .deleteFrom("sign_in_nonces")
    .where("nonce", "=", nonce)
    .returning("expires")
    .executeTakeFirst();
  return spent !== undefined && spent.expires > now;
}

/** Opens a session and returns its token, of which only the hash is kept. */
export async function openSession(
  db: Database,
  { account, patientId, expiresAt }: SignedInAs,
  now: number,
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  await db.deleteFrom("sessions").where("expires", "<=", now).execute();
  await db
    .insertInto("sessions")
    .values({ token: sha256(token), account, patient: patientId, expires: expiresAt })
    .execute();
  return token;
}

/** The session of a token; null when there is none or it is over. */
export async function sessionOf(db: Database, token: string, now: number): Promise<SignedInAs | null> {
  const session = await db
    .selectFrom("sessions")
    .selectAll()
    .where("token", "=", sha256(token))
    .where("expires", ">", now)
    .executeTakeFirst();
  if (!session) return null;
  return {
    account: session.account as Address,
    patientId: session.patient as PatientId | null,
    expiresAt: session.expires,
  };
}

/** Ends the session of a token, if there is one. */
export async function dropSession(db: Database, token: string): Promise<void> {
  await db.deleteFrom("sessions").where("token", "=", sha256(token)).execute();
}
