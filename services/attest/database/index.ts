/** The database of an attestation service, opened and up to date. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { Kysely, sql } from "kysely";

import { dialectOf, engineOf } from "./dialect.js";
import { migrate } from "./migrations.js";
import type { Tables } from "./schema.js";

export type Database = Kysely<Tables>;

/**
 * Opens a database, makes it if it is a file that isn't there, and brings its tables up to date. `destroy()` closes it.
 * @param database path of an SQLite file, or postgres:// URL
 * @throws Error if it can't be opened or migrated
 */
export async function openDatabase(database: string): Promise<Database> {
  const engine = engineOf(database);
  if (engine === "sqlite") await mkdir(dirname(database), { recursive: true });
  const db = new Kysely<Tables>({ dialect: dialectOf(database) });
  try {
    await migrate(db as unknown as Kysely<never>, engine);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

/** Passes if the database answers. */
export async function ping(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
