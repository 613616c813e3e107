/** `salus serve`: runs an authority's attestation service until it is asked to end (docs/operations.md). */
import { createReadStream } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { Argument, Command, InvalidArgumentError, Option } from "commander";

import { participantOf, type Role } from "../../../sdk/index.js";
import { FACES, type Face, type PhotoRule } from "../../../services/attest/faces.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import { readBytes } from "../files.js";
import type { Run } from "../main.js";

/** The role in which the contracts take a face's signatures. */
const ROLES: Readonly<Record<Face, Role>> = {
  registry: "civil registry",
  insurer: "insurer",
  authority: "health authority",
};

interface Flags {
  host: string;
  port: number;
  database?: string;
  import?: string;
  origin: string[];
  publicUrl?: string;
  proxy: string[];
  name?: string;
  photo: "required" | "when-on-file";
}

export function serveCommand(run: Run): Command {
  return new Command("serve")
    .description("Run an authority's attestation service until Ctrl-C. It signs with the acting account.")
    .addArgument(new Argument("<face>", "which authority's").choices(FACES))
    .option("--host <address>", "where to listen", "127.0.0.1")
    .option("--port <n>", "port to listen on; 0 takes a free one", parsePort, 0)
    .option(
      "--database <where>",
      "an SQLite file, or a postgres:// URL without a password (SALUS_DATABASE may have one)",
    )
    .option("--import <file>", "take in citizens, cards or licences first, one JSON object a line")
    .option("--origin <url>", "a web page that may ask; repeat for more", collect, [])
    .option("--public-url <url>", "where clients reach it, when not at its own address")
    .option("--proxy <address>", "a reverse proxy before it, whose X-Forwarded-For is believed; repeat", collect, [])
    .option("--name <name>", "what the authority is called, when not as in its accreditation")
    .addOption(
      new Option("--photo <rule>", "of whom a registry wants a photo")
        .choices(["required", "when-on-file"])
        .default("when-on-file"),
    )
    .action((face: Face, flags: Flags) => run((context) => serve(context, face, flags)));
}

async function serve(context: Context, face: Face, flags: Flags): Promise<undefined> {
  const { host, port, origin, publicUrl, proxy } = flags;
  const database = databaseOf(context, face, flags.database);
  const session = await context.unlocked();
  const participant = await participantOf(session, session.account);
  if (participant?.role !== ROLES[face]) {
    context.output.note(
      `${session.account} isn't accredited as ${ROLES[face]}: the contracts refuse what it signs until it is.`,
    );
  }
  // Late: no other command needs HTTP servers and databases.
  const { importInto, openDatabase, startAttest } = await import("../../../services/attest/index.js");
  await openDatabase(database).then(
    (db) => db.destroy(),
    (cause: unknown) => {
      throw new CliError("DATABASE_UNAVAILABLE", { database: withoutSecrets(database) }, { cause });
    },
  );
  if (flags.import !== undefined) {
    const path = resolve(flags.import);
    await readBytes(path);
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
    const { lines: taken } = await importInto(database, face, lines, { folder: dirname(path) }).catch(
      (error: unknown) => {
        throw new CliError("FILE_INVALID", { file: path, reason: messageOf(error) }, { cause: error });
      },
    );
    context.output.note(`${taken} lines taken in.`);
  }
  const photo: PhotoRule = flags.photo === "required" ? "required" : "when on file";
  const name = flags.name ?? participant?.name ?? ROLES[face];
  const started = startAttest({
    ...{ face, session, database, host, port, photo, name, origins: origin, proxies: proxy, log: process.stderr },
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  const service = await started.catch((error: unknown) => {
    const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    throw isTaken ? new CliError("USAGE", { option: "--port", reason: `port ${port} is taken` }) : error;
  });
  const asked = askedToEnd();
  process.stdout.write(`${JSON.stringify({ url: service.url, face, account: session.account })}\n`);
  await asked;
  await service.close();
  return undefined;
}

/** The service ends by a signal, and with it nothing was interrupted; a second signal ends it at once. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.removeAllListeners(signal).once(signal, () => resolve());
    }
  });
}

/** @throws USAGE if a password is on the command line, which everybody on this machine can read */
function databaseOf({ settings }: Context, face: Face, flag: string | undefined): string {
  if (flag !== undefined && URL.parse(flag)?.password) {
    const reason = "others can read a password there: put the URL into SALUS_DATABASE";
    throw new CliError("USAGE", { option: "--database", reason });
  }
  const database = flag ?? process.env.SALUS_DATABASE;
  if (!database) return join(dirname(settings.deployment), "attest", `${face}.sqlite`);
  return isUrl(database) ? database : resolve(database);
}

function isUrl(database: string): boolean {
  return /^postgres(ql)?:\/\//.test(database);
}

function withoutSecrets(database: string): string {
  return isUrl(database) ? (URL.parse(database)?.host ?? "postgres") : database;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  }
  return port;
}
