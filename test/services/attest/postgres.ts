/** A PostgreSQL of the tests' own: Debian's, over a scratch folder, on a Unix socket that nobody else reaches. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import pg from "pg";

export interface Postgres {
  /** The URL of a new, empty database. */
  newDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const DEBIAN = "/usr/lib/postgresql";
const START_TIMEOUT = 20_000;

/** The folder of `initdb` and `postgres`; undefined when there is none. */
export function postgresBinaries(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, "bin")) : [];
  const folders = [...debian.reverse(), ...(process.env["PATH"] ?? "").split(delimiter)];
  return folders.find((folder) => ["initdb", "postgres"].every((name) => existsSync(join(folder, name))));
}

/** Starts a server with an empty cluster. @throws Error if it doesn't answer in time */
export async function startPostgres(binaries: string): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), "salus-postgres-"));
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  // The server refuses to run as root.
  const user = process.getuid?.() === 0 ? unprivileged() : undefined;
  if (user) for (const path of [folder, data]) await chown(path, user.uid, user.gid);
  const options = { ...user, cwd: folder, stdio: "ignore" as const };
  execFileSync(
    join(binaries, "initdb"),
    ["-D", data, "-U", "salus", "-A", "trust", "-E", "UTF8", "--locale=C"],
    options,
  );
  const server = spawn(join(binaries, "postgres"), ["-D", data, "-k", folder, "-c", "listen_addresses="], options);
  const url = (name: string) => `postgres://salus@localhost/${name}?host=${encodeURIComponent(folder)}`;
  await answering(url("postgres"), server);

  let made = 0;
  return {
    async newDatabase() {
      const name = `attest${++made}`;
      await query(url("postgres"), `create database ${name}`);
      return url(name);
    },
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function unprivileged(): { uid: number; gid: number } {
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string) => Number(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // The next one, then.
    }
  }
  throw new Error("there is no unprivileged user to run PostgreSQL as");
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  const end = Date.now() + START_TIMEOUT;
  for (;;) {
    try {
      await query(url, "select 1");
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
