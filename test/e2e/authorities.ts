/** The authorities of the small world at work: real services over real databases, which a test can stop and start again. */
import { join } from "node:path";

import { faceOf, isSitter } from "../../scripts/seed/faces.js";
import { claimTerms, schedule, wording } from "../../scripts/seed/insurance.js";
import { knownPersona, PERSONAS, type Persona } from "../../scripts/seed/personas.js";
import { termsToJson, unlock, type Address } from "../../sdk/index.js";
import { importInto, startAttest, type AttestService, type Face } from "../../services/attest/index.js";
import type { World } from "../world.js";

/** Which persona runs which service. */
const RUN_BY = { registry: "registry", insurer: "insurer", authority: "authority" } as const satisfies Record<
  Face,
  string
>;

/** Enough for all the wrong answers that tests give. */
const AMPLE = { perCaller: 100_000, perSubject: 100_000, guessesPerCaller: 100_000 };

/** The services, by their faces. */
export interface Authorities {
  urls: Record<Face, string>;
  /** Ends one: nothing listens at its address then. */
  stop(face: Face): Promise<void>;
  /** Starts it again at the same address, over the same database. */
  start(face: Face): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts all three with what they know about the personas.
 * @param origins web pages that may ask
 * @param euro the token that claims are settled in
 */
export async function startAuthorities(world: World, origins: readonly string[], euro: Address): Promise<Authorities> {
  const running = new Map<Face, AttestService>();
  const urls = { registry: "", insurer: "", authority: "" };
  const databaseOf = (face: Face) => join(world.folder, `${face}.sqlite`);
  const start = async (face: Face) => {
    const persona = knownPersona(RUN_BY[face]);
    const session = await world.session(persona.index);
    const service = await startAttest({
      face,
      session: { ...session, root: await unlock(world.reader, persona.address, persona.passphrase) },
      database: databaseOf(face),
      origins,
      name: persona.name,
      photo: "required",
      limits: AMPLE,
      port: urls[face] === "" ? 0 : Number(new URL(urls[face]).port),
    });
    running.set(face, service);
    urls[face] = service.url;
  };
  const stop = async (face: Face) => {
    await running.get(face)?.close();
    running.delete(face);
  };
  await Promise.all([start("registry"), start("insurer"), start("authority")]);
  await importInto(databaseOf("registry"), "registry", await citizens());
  const folder = new URL("../../scripts/seed/policy/", import.meta.url).pathname;
  await importInto(databaseOf("insurer"), "insurer", cards(euro), { folder });
  return { urls, start, stop, close: () => Promise.all([...running.keys()].map(stop)).then(() => undefined) };
}

/** Dana's sisters, who look like her and have registered nowhere: for tests that register more than one person. */
export const SISTERS = [
  { nationalId: "1993082755520", name: "Dela Osei", birthDate: "1993-08-27", insuranceCard: "HM-4471-6631" },
  { nationalId: "1993082755538", name: "Dzifa Osei", birthDate: "1993-08-27", insuranceCard: "HM-4471-6632" },
  { nationalId: "1993082755546", name: "Delali Osei", birthDate: "1993-08-27", insuranceCard: "HM-4471-6633" },
  { nationalId: "1993082755553", name: "Dufie Osei", birthDate: "1993-08-27", insuranceCard: "HM-4471-6634" },
  { nationalId: "1993082755561", name: "Dina Osei", birthDate: "1993-08-27", insuranceCard: "HM-4471-6635" },
] as const;

/** Everybody whom the authorities know. */
function people(): Required<Persona>[] {
  const personas = PERSONAS.filter((persona): persona is Required<Persona> => persona.identity !== undefined);
  const dana = personas.find(({ id }) => id === "dana");
  return [...personas, ...SISTERS.flatMap((identity) => (dana ? [{ ...dana, identity }] : []))];
}

async function citizens(): Promise<string[]> {
  return Promise.all(
    people().map(async ({ id, identity: { nationalId, name, birthDate } }) => {
      const photo = isSitter(id) ? { photo: Buffer.from(await faceOf(id)).toString("base64") } : {};
      return JSON.stringify({ nationalId, name, birthDate, ...photo });
    }),
  );
}

function cards(euro: Address): string[] {
  return people().map((persona) => {
    const { insuranceCard: card, ...holder } = persona.identity;
    const { bytes } = schedule(persona, "Care Plus");
    const plan = {
      plan: "Care Plus",
      wording: "wording.txt",
      schedule: JSON.parse(new TextDecoder().decode(bytes)) as object,
      terms: termsToJson(claimTerms("Care Plus", euro)),
    };
    return JSON.stringify({ card, ...holder, ...plan });
  });
}

/** Her own copies of what the insurer will offer to a persona. */
export async function ownCopies(persona: string): Promise<{ wording: Buffer; schedule: Buffer }> {
  return {
    wording: Buffer.from((await wording()).bytes),
    schedule: Buffer.from(schedule(knownPersona(persona), "Care Plus").bytes),
  };
}
