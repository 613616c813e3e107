/** The two engines behind one query builder: SQLite in a file of its own, and PostgreSQL by a URL. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

import { PostgresDialect, SqliteDialect, type Dialect, type SqliteDatabase, type SqliteStatement } from "kysely";
import pg from "pg";

export type Engine = "sqlite" | "postgres";

/** Which engine a database is in. @param database file path, or postgres:// URL */
export function engineOf(database: string): Engine {
  return /^postgres(ql)?:\/\//.test(database) ? "postgres" : "sqlite";
}

/** Milliseconds that a writer waits for another process, for instance an import. */
const BUSY_TIMEOUT = 5_000;
const MAX_CONNECTIONS = 10;
/** More statements than the service has; those of an import come in sizes of their own. */
const MAX_STATEMENTS = 200;

/** @throws Error if the file can't be opened or isn't a database */
export function dialectOf(database: string): Dialect {
  if (engineOf(database) === "sqlite") return new SqliteDialect({ database: new SqliteFile(database) });
  // Numbers up to 2^53 as numbers: what is counted here are seconds and rows.
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: database,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: BUSY_TIMEOUT,
    query_timeout: 2 * BUSY_TIMEOUT,
    types,
  });
  // A server that goes away shows when it is asked next; without a listener it would end the process.
  pool.on("error", () => undefined);
  return new PostgresDialect({ pool });
}

/** `node:sqlite` in the shape that Kysely's SQLite dialect takes. */
class SqliteFile implements SqliteDatabase {
  readonly #file: DatabaseSync;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(path: string) {
    this.#file = new DatabaseSync(path);
    // A commit is on the disk before it is acknowledged: an audit row must outlive a power cut. Replacing a row counts as deleting it.
    this.#file.exec(
      `pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
       pragma recursive_triggers = on; pragma busy_timeout = ${BUSY_TIMEOUT}`,
    );
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    // Every transaction here writes. One that began by reading couldn't wait for another process that writes meanwhile.
    const statement = statementOf(this.#file.prepare(sql === "begin" ? "begin immediate" : sql));
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#file.close();
  }
}

function statementOf(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
