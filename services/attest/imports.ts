/**
 * Filling a service's database from the authority's own: one JSON object a line, for each citizen, card or licence. What is
 * there already is replaced, so an import that was cut off is simply run again.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, relative, resolve, sep } from "node:path";

import type { Insertable } from "kysely";
import { Type, type Static, type TSchema } from "typebox";
import { Compile } from "typebox/compile";

import { normalId, termsFromJson, termsToJson } from "../../sdk/index.js";
import { openDatabase, type Database } from "./database/index.js";
import type { CardsTable, CitizensTable, LicencesTable } from "./database/schema.js";
import type { Face } from "./faces.js";
import { normalNumber } from "./numbers.js";
import { addressIn } from "./registry.js";
import { Account, BirthDate, Decimal, line } from "./schemas.js";
import { sha256 } from "./tags.js";

/** How many lines were taken in. */
export interface Imported {
  lines: number;
}

export interface ImportOptions {
  /** Where the wordings lie that cards name; the folder of the file, as a rule. */
  folder?: string;
}

/** Lines that are written together; each lot is kept or left out as a whole. */
const LOT = 500;

/** A day, through its end in UTC, or a time with its zone; or Unix seconds. */
const When = Type.Union([
  Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}(T[0-9:.]+(Z|[+-]\\d{2}:\\d{2}))?$" }),
  Type.Integer({ minimum: 0, maximum: 2 ** 48 - 1 }),
]);

const Citizen = Type.Object({
  nationalId: line("", 64),
  name: line("", 120),
  birthDate: BirthDate,
  photo: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9+/]+={0,2}$" })),
});

const Card = Type.Object({
  card: line("", 64),
  nationalId: line("", 64),
  name: line("", 120),
  birthDate: BirthDate,
  plan: line("", 120),
  wording: line("", 255),
  schedule: Type.Object({}),
  from: Type.Optional(When),
  until: Type.Optional(When),
  // Amounts are in the token's smallest unit, the co-payment in basis points. A name that is misspelt must not be passed over.
  terms: Type.Optional(
    Type.Object(
      { token: Account, deductible: Decimal, coPayment: Type.Integer({ minimum: 0, maximum: 10_000 }), limit: Decimal },
      { additionalProperties: false },
    ),
  ),
});

const Licence = Type.Object({
  licence: line("", 64),
  code: line("", 128),
  role: Type.Union(["hospital", "laboratory", "pharmacy", "doctor"].map((role) => Type.Literal(role))),
  name: line("", 120),
  department: Type.Optional(line("", 120)),
  validUntil: When,
  status: Type.Union([Type.Literal("valid"), Type.Literal("suspended")]),
});

/**
 * Takes lines into a database, which may belong to a service that runs.
 *
 * @param database path of an SQLite file, or a postgres:// URL
 * @param lines NDJSON: citizens for a registry, cards for an insurer, licences for an authority; empty lines are passed over
 * @throws Error that names the line that isn't as it must be, and nothing of its content. What was taken in before stays.
 */
export async function importInto(
  database: string,
  face: Face,
  lines: Iterable<string> | AsyncIterable<string>,
  { folder = "." }: ImportOptions = {},
): Promise<Imported> {
  const db = await openDatabase(database);
  try {
    if (face === "registry") return await inLots(lines, Citizen, (lot) => putCitizens(db, lot));
    if (face === "authority") return await inLots(lines, Licence, (lot) => putLicences(db, lot));
    return await inLots(lines, Card, (lot) => putCards(db, lot, folder));
  } finally {
    await db.destroy();
  }
}

async function inLots<S extends TSchema>(
  lines: Iterable<string> | AsyncIterable<string>,
  schema: S,
  put: (lot: Static<S>[]) => Promise<void>,
): Promise<Imported> {
  const form = Compile(schema);
  let lot: Static<S>[] = [];
  let number = 0;
  let taken = 0;
  for await (const text of lines) {
    number++;
    if (text.trim() === "") continue;
    const value = parse(text);
    if (!form.Check(value)) throw new Error(`Line ${number} isn't as it must be.`);
    lot.push(value);
    taken++;
    if (lot.length < LOT) continue;
    await put(lot);
    lot = [];
  }
  if (lot.length > 0) await put(lot);
  return { lines: taken };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The last of several lines about the same is the one that counts. */
function byKey<Row>(rows: readonly Row[], key: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()];
}

async function putCitizens(db: Database, lot: readonly Static<typeof Citizen>[]): Promise<void> {
  const rows = lot.map(({ nationalId, name, birthDate, photo }): Insertable<CitizensTable> => {
    return { id: normalId(nationalId), printed: nationalId, name, birth_date: birthDate, photo: photo ?? null };
  });
  await db
    .insertInto("citizens")
    .values(byKey(rows, ({ id }) => id))
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({
        printed: eb.ref("excluded.printed"),
        name: eb.ref("excluded.name"),
        birth_date: eb.ref("excluded.birth_date"),
        photo: eb.ref("excluded.photo"),
      })),
    )
    .execute();
}

async function putCards(db: Database, lot: readonly Static<typeof Card>[], folder: string): Promise<void> {
  const rows = lot.map(({ card, nationalId, birthDate, plan, wording, schedule, from, until, terms }) => ({
    card: normalNumber(card),
    holder: normalId(nationalId),
    birth_date: birthDate,
    plan,
    wording: wordingId(wording, folder),
    schedule: `${JSON.stringify(schedule, null, 2)}\n`,
    starts: from === undefined ? null : secondsOf(from, "start"),
    ends: until === undefined ? null : secondsOf(until, "end"),
    terms: terms === undefined ? null : termsText(terms),
  })) satisfies Insertable<CardsTable>[];
  await db.transaction().execute(async (work) => {
    for (const wording of new Set(lot.map((each) => each.wording))) await putWording(work, wording, folder);
    await work
      .insertInto("cards")
      .values(byKey(rows, ({ card }) => card))
      .onConflict((conflict) =>
        conflict.column("card").doUpdateSet((eb) => ({
          holder: eb.ref("excluded.holder"),
          birth_date: eb.ref("excluded.birth_date"),
          plan: eb.ref("excluded.plan"),
          wording: eb.ref("excluded.wording"),
          schedule: eb.ref("excluded.schedule"),
          starts: eb.ref("excluded.starts"),
          ends: eb.ref("excluded.ends"),
          terms: eb.ref("excluded.terms"),
        })),
      )
      .execute();
  });
}

/** Terms as they are kept. @throws SalusError INVALID_INPUT for an address that is misspelt, or amounts that can't be */
function termsText(terms: NonNullable<Static<typeof Card>["terms"]>): string {
  return JSON.stringify(termsToJson(termsFromJson({ ...terms, token: addressIn(terms.token, "terms.token") })));
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".txt": "text/plain",
  ".md": "text/markdown",
  ".html": "text/html",
  ".pdf": "application/pdf",
  ".json": "application/json",
};

/** What a wording is called: its path from the folder, for two folders may each have a terms.txt. @throws Error if it lies elsewhere */
function wordingId(name: string, folder: string): string {
  const root = resolve(folder);
  const path = resolve(root, name);
  if (!path.startsWith(root + sep)) throw new Error("A wording must lie beside the cards or below.");
  return relative(root, path).split(sep).join("/");
}

/** Takes a wording in from its file; one that is in the database already needs none. @throws Error if there is neither */
async function putWording(db: Database, name: string, folder: string): Promise<void> {
  const id = wordingId(name, folder);
  const file = await readFile(resolve(folder, id)).catch(() => null);
  if (!file) {
    const known = await db.selectFrom("wordings").select("id").where("id", "=", id).executeTakeFirst();
    if (known) return;
    throw new Error(`There is no wording ${id}, neither as a file nor in the database.`);
  }
  const media_type = MEDIA_TYPES[extname(id).toLowerCase()] ?? "application/octet-stream";
  const row = { id, media_type, content: file.toString("base64") };
  await db
    .insertInto("wordings")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ media_type, content: row.content }))
    .execute();
}

/** A licence whose code is another one than before is free again: so an authority takes it from an account. */
async function putLicences(db: Database, lot: readonly Static<typeof Licence>[]): Promise<void> {
  await db.transaction().execute(async (work) => {
    const numbers = lot.map(({ licence }) => normalNumber(licence));
    const known = await work
      .selectFrom("licences")
      .select(["licence", "salt", "code", "account"])
      .where("licence", "in", numbers)
      .execute();
    const before = new Map(known.map((row) => [row.licence, row]));
    const rows = lot.map(({ licence, code, role, name, department, validUntil, status }): Insertable<LicencesTable> => {
      const number = normalNumber(licence);
      const held = before.get(number);
      const kept = held && sha256(held.salt + code) === held.code ? held : undefined;
      const salt = kept?.salt ?? randomBytes(16).toString("hex");
      return {
        licence: number,
        salt,
        code: sha256(salt + code),
        role,
        name,
        department: department ?? null,
        ends: secondsOf(validUntil, "end"),
        status,
        account: kept?.account ?? null,
      };
    });
    await work
      .insertInto("licences")
      .values(byKey(rows, ({ licence }) => licence))
      .onConflict((conflict) =>
        conflict.column("licence").doUpdateSet((eb) => ({
          salt: eb.ref("excluded.salt"),
          code: eb.ref("excluded.code"),
          role: eb.ref("excluded.role"),
          name: eb.ref("excluded.name"),
          department: eb.ref("excluded.department"),
          ends: eb.ref("excluded.ends"),
          status: eb.ref("excluded.status"),
          // Not as it was read: an organisation may have activated it since.
          account: eb
            .case()
            .when(eb.ref("excluded.salt"), "=", eb.ref("licences.salt"))
            .then(eb.ref("licences.account"))
            .else(null)
            .end(),
        })),
      )
      .execute();
  });
}

const DAY = 24 * 3_600;

/** Unix seconds; of a day its beginning or its end. @throws Error for a day that no calendar has */
function secondsOf(when: string | number, edge: "start" | "end"): number {
  if (typeof when === "number") return when;
  const seconds = Math.floor(Date.parse(when) / 1_000);
  if (Number.isNaN(seconds)) throw new Error("There is a date that no calendar has.");
  return edge === "end" && when.length === "YYYY-MM-DD".length ? seconds + DAY : seconds;
}
