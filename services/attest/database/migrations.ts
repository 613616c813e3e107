/** How the tables came to be. A migration that was released is never changed: the next change is another one. */
import { sql, type Kysely } from "kysely";
import { Migrator, type Migration } from "kysely/migration";

import type { Engine } from "./dialect.js";

/** A database whose tables aren't known yet, as migrations see it. */
type Bare = Kysely<unknown>;

/** Brings the tables up to date. @throws Error that says which migration failed */
export async function migrate(database: Kysely<never>, engine: Engine): Promise<void> {
  const migrations: Record<string, Migration> = {
    "0001-audit-and-sign-in": { up: (db: Bare) => auditAndSignIn(db, engine) },
    "0002-records-of-the-authorities": { up: recordsOfTheAuthorities },
    "0003-terms-of-cards": { up: termsOfCards },
  };
  const migrator = new Migrator({ db: database, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error, results } = await migrator.migrateToLatest();
  const failed = results?.find(({ status }) => status === "Error")?.migrationName;
  if (error !== undefined) throw new Error(`The database can't be migrated (${failed ?? "start"}).`, { cause: error });
}

async function auditAndSignIn(db: Bare, engine: Engine): Promise<void> {
  await db.schema
    .createTable("audit")
    .addColumn("nonce", engine === "sqlite" ? "integer" : "bigint", (column) =>
      // AUTOINCREMENT: without it SQLite would give the number of a lost last row again.
      engine === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn("time", "bigint", (column) => column.notNull())
    .addColumn("action", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("caller", "text", (column) => column.notNull())
    .addColumn("account", "text")
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("guess", "integer", (column) => column.notNull())
    .execute();
  for (const column of ["subject", "caller", "account"]) {
    await sql`create index ${sql.ref(`audit_guesses_by_${column}`)} on audit (${sql.ref(column)}, time) where guess = 1`.execute(
      db,
    );
  }
  await (engine === "sqlite" ? appendOnlySqlite(db) : appendOnlyPostgres(db));

  await db.schema
    .createTable("sessions")
    .addColumn("token", "text", (column) => column.primaryKey())
    .addColumn("account", "text", (column) => column.notNull())
    .addColumn("patient", "text")
    .addColumn("expires", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("sign_in_nonces")
    .addColumn("nonce", "text", (column) => column.primaryKey())
    .addColumn("expires", "bigint", (column) => column.notNull())
    .execute();
  for (const table of ["sessions", "sign_in_nonces"]) {
    await db.schema.createIndex(`${table}_by_end`).on(table).column("expires").execute();
  }
}

async function appendOnlySqlite(db: Bare): Promise<void> {
  for (const act of ["update", "delete"]) {
    await sql
      .raw(
        `create trigger audit_refuses_${act} before ${act} on audit begin select raise(abort, 'audit is append-only'); end`,
      )
      .execute(db);
  }
}

async function appendOnlyPostgres(db: Bare): Promise<void> {
  await sql
    .raw(
      `create function audit_is_append_only() returns trigger language plpgsql
       as $$ begin raise exception 'audit is append-only'; end $$`,
    )
    .execute(db);
  await sql
    .raw(
      `create trigger audit_refuses_change before update or delete on audit
       for each row execute function audit_is_append_only()`,
    )
    .execute(db);
  await sql
    .raw(`create trigger audit_refuses_truncate before truncate on audit execute function audit_is_append_only()`)
    .execute(db);
}

async function recordsOfTheAuthorities(db: Bare): Promise<void> {
  await db.schema
    .createTable("citizens")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("printed", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("birth_date", "text", (column) => column.notNull())
    .addColumn("photo", "text")
    .execute();
  await db.schema
    .createTable("wordings")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("media_type", "text", (column) => column.notNull())
    .addColumn("content", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("cards")
    .addColumn("card", "text", (column) => column.primaryKey())
    .addColumn("holder", "text", (column) => column.notNull())
    .addColumn("birth_date", "text", (column) => column.notNull())
    .addColumn("plan", "text", (column) => column.notNull())
    .addColumn("wording", "text", (column) => column.notNull().references("wordings.id"))
    .addColumn("schedule", "text", (column) => column.notNull())
    .addColumn("starts", "bigint")
    .addColumn("ends", "bigint")
    .execute();
  await db.schema
    .createTable("licences")
    .addColumn("licence", "text", (column) => column.primaryKey())
    .addColumn("salt", "text", (column) => column.notNull())
    .addColumn("code", "text", (column) => column.notNull())
    .addColumn("role", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("department", "text")
    .addColumn("ends", "bigint", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("account", "text")
    .execute();
}

async function termsOfCards(db: Bare): Promise<void> {
  await db.schema.alterTable("cards").addColumn("terms", "text").execute();
}
