/**
 * A small country's worth of invented people, cards and licences: what civil registry, insurer and health authority take in
 * as NDJSON, one JSON object a line (services/attest/imports.ts). The personas come first; everybody else is made from a
 * number, so that a longer list begins like a shorter one.
 */
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { termsToJson, type Address } from "../../sdk/index.js";
import { seededRandom, type Random } from "../lib/random.js";
import { faceOf, isSitter } from "./faces.js";
import { claimTerms, schedule, wording, type InsurancePlan } from "./insurance.js";
import { CULTURES } from "./names.js";
import { PERSONAS, type PersonaIdentity } from "./personas.js";

/** How many people there are unless said otherwise, and at most: beyond it national ids would repeat. */
export const CITIZENS = { default: 10_000, most: 100_000 } as const;

/** Who is in the registry. Not everybody has a card. */
export interface Citizen extends Omit<PersonaIdentity, "insuranceCard"> {
  insuranceCard?: string;
  /** The persona's id, for those who are one. */
  persona?: string;
}

/** An organisation or a person with a licence of the health authority. */
export interface Licence {
  licence: string;
  /** Opens the licence to whoever shows it first. */
  code: string;
  role: "hospital" | "laboratory" | "pharmacy" | "doctor";
  name: string;
  department?: string;
  /** ISO date. */
  validUntil: string;
  status: "valid" | "suspended";
}

/** What `writeCitizens` wrote: paths of the files and how many lines each has. */
export interface Written {
  registry: string;
  cards: string;
  licences: string;
  wording: string;
  citizens: number;
  holders: number;
  licensees: number;
}

/** The personas who are in the registry. */
export const PEOPLE: readonly Citizen[] = PERSONAS.flatMap(({ id, identity }) =>
  identity ? [{ ...identity, persona: id }] : [],
);

/** The first `count` people of the country, personas included. @param count from the number of personas to CITIZENS.most */
export function* citizens(count: number = CITIZENS.default): Generator<Citizen> {
  if (!Number.isInteger(count) || count < PEOPLE.length || count > CITIZENS.most) {
    throw new RangeError(`there can be ${PEOPLE.length} to ${CITIZENS.most} citizens`);
  }
  yield* PEOPLE;
  for (let number = PEOPLE.length; number < count; number++) yield citizen(number);
}

/** Lines for a civil registry. Personas have a photo, unless `photos` is false; nobody else has. */
export async function* citizenLines(count?: number, { photos = true } = {}): AsyncGenerator<string> {
  for (const { persona, nationalId, name, birthDate } of citizens(count)) {
    const photo = photos && persona !== undefined && isSitter(persona) ? await faceOf(persona) : undefined;
    const line = { nationalId, name, birthDate, ...(photo && { photo: Buffer.from(photo).toString("base64") }) };
    yield `${JSON.stringify(line)}\n`;
  }
}

/** Lines for the insurer: a card for about nine people of ten. @param token what claims are settled in, if they are */
export async function* cardLines(count?: number, token?: Address): AsyncGenerator<string> {
  const { fileName } = await wording();
  for (const { persona, insuranceCard, ...person } of citizens(count)) {
    if (insuranceCard === undefined) continue;
    const plan: InsurancePlan = "Care Plus";
    const identity = { ...person, insuranceCard };
    const file = schedule({ id: persona ?? person.nationalId, identity }, plan);
    const sums: unknown = JSON.parse(new TextDecoder().decode(file.bytes));
    const terms = token && termsToJson(claimTerms(plan, token));
    yield `${JSON.stringify({ card: insuranceCard, ...person, plan, wording: fileName, schedule: sums, terms })}\n`;
  }
}

/** Lines for the health authority. */
export function* licenceLines(count?: number): Generator<string> {
  for (const licence of licences(count)) yield `${JSON.stringify(licence)}\n`;
}

/**
 * Writes registry.ndjson, cards.ndjson and licences.ndjson into a folder, and the wording that the cards name.
 * @param token what claims are settled in; without one, the cards' policies can't be billed
 * @throws RangeError for a count that can't be
 */
export async function writeCitizens(
  folder: string,
  count: number = CITIZENS.default,
  token?: Address,
): Promise<Written> {
  const terms = await wording();
  const path = (name: string): string => join(folder, name);
  await mkdir(folder, { recursive: true });
  const citizens = await writeLines(path("registry.ndjson"), citizenLines(count));
  const holders = await writeLines(path("cards.ndjson"), cardLines(count, token));
  const licensees = await writeLines(path("licences.ndjson"), licenceLines());
  await writeFile(path(terms.fileName), terms.bytes);
  const paths = { registry: path("registry.ndjson"), cards: path("cards.ndjson"), licences: path("licences.ndjson") };
  return { ...paths, wording: path(terms.fileName), citizens, holders, licensees };
}

/** @returns how many there were */
async function writeLines(path: string, lines: Iterable<string> | AsyncIterable<string>): Promise<number> {
  let count = 0;
  const counted = async function* () {
    let lot = "";
    for await (const line of lines) {
      count += 1;
      lot += line;
      if (lot.length < LOT) continue;
      yield lot;
      lot = "";
    }
    yield lot;
  };
  await pipeline(Readable.from(counted()), createWriteStream(path));
  return count;
}

/** Characters that are written at once: a write for each line would take longer than making it. */
const LOT = 64 * 1024;

// -------- people --------

const FIRST_DAY = Date.parse("1930-01-01");
const LAST_DAY = Date.parse("2010-12-31");
const DAY = 86_400_000;

/** Steps through all numbers of five and of eight digits before one comes again. */
const SERIAL = { step: 48_271, start: 11_213, of: 100_000 };
const CARD = { step: 7_368_787, start: 4_471_000, of: 100_000_000 };

function citizen(number: number): Citizen {
  const random = seededRandom(number);
  const birthDate = new Date(FIRST_DAY + random.integer((LAST_DAY - FIRST_DAY) / DAY + 1) * DAY)
    .toISOString()
    .slice(0, 10);
  const nationalId = birthDate.replaceAll("-", "") + digits(number, SERIAL);
  const card = digits(number, CARD);
  const isInsured = random.fraction() < 0.9;
  return {
    nationalId,
    name: nameOf(random),
    birthDate,
    ...(isInsured && { insuranceCard: `HM-${card.slice(0, 4)}-${card.slice(4)}` }),
  };
}

function digits(number: number, { step, start, of }: typeof SERIAL): string {
  return String((number * step + start) % of).padStart(String(of).length - 1, "0");
}

/** Most have one given name and one family name of the same place; some have two, some have parents from two places. */
function nameOf(random: Random): string {
  const culture = random.pick(CULTURES);
  const families = random.fraction() < 0.08 ? random.pick(CULTURES).family : culture.family;
  const given = [random.pick(culture.given)];
  if (random.fraction() < 0.15) given.push(random.pick(culture.given.filter((name) => name !== given[0])));
  const family = random.pick(families);
  return (culture.familyFirst ? [family, ...given] : [...given, family]).join(" ");
}

// -------- licences --------

const TOWNS = [
  "Riverside",
  "Northgate",
  "Hillcrest",
  "Old Harbour",
  "Lakeview",
  "Stonebridge",
  "Eastfield",
  "Summerhill",
];
const KINDS = { hospital: "Hospital", laboratory: "Laboratory", pharmacy: "Pharmacy" } as const;
const DEPARTMENTS = ["Internal Medicine", "Cardiology", "Paediatrics", "Surgery", "Radiology", "Neurology"];

/** In turn. */
const ROLES = ["hospital", "laboratory", "pharmacy", "doctor", "doctor"] as const;

/** How many licences there are unless said otherwise. */
const LICENCES = 40;

/** Licences of invented organisations and doctors; none is a persona's. One in twenty is suspended, one in twenty is over. */
export function* licences(count: number = LICENCES): Generator<Licence> {
  for (let number = 0; number < count; number++) {
    const random = seededRandom(1_000_003 + number);
    const role = ROLES[number % ROLES.length] ?? "doctor";
    const place = TOWNS[Math.floor(number / ROLES.length) % TOWNS.length] ?? "";
    yield {
      licence: `HA-${2020 + random.integer(6)}-${String(number + 1).padStart(5, "0")}`,
      code: Array.from({ length: 4 }, () => codePart(random)).join("-"),
      role,
      name: role === "doctor" ? `Dr ${nameOf(random)}` : `${place} ${KINDS[role]}`,
      ...(role === "doctor" && { department: random.pick(DEPARTMENTS) }),
      validUntil: number % 20 === 18 ? "2025-12-31" : `${2030 + random.integer(5)}-12-31`,
      status: number % 20 === 19 ? "suspended" : "valid",
    };
  }
}

/** Letters and digits that nobody mistakes for each other. */
const CODE_LETTERS = Array.from("ABCDEFGHJKLMNPQRSTUVWXYZ23456789");

/** Real codes come from a real source of chance. */
function codePart(random: Random): string {
  return Array.from({ length: 4 }, () => random.pick(CODE_LETTERS)).join("");
}
