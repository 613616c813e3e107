/** The papers of personas who aren't registered yet: what registering asks for, as they would hold it in their hands. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Address } from "../../sdk/index.js";
import { schedule, wording } from "./insurance.js";
import { PERSONAS } from "./personas.js";

/** Somebody's papers. Files are named by their path from the folder that has everybody's. */
export interface Papers {
  account: Address;
  nationalId: string;
  birthDate: string;
  /** Number of the insurance card. */
  card: string;
  /** A photo as a camera would take it now; another one than the registry's. */
  photo: string;
  /** The wording and the schedule of the policy, to the bit what the insurer has. */
  wording: string;
  schedule: string;
}

const PHOTO = "photo.jpg";
const WORDING = "wording.txt";
const SCHEDULE = "schedule.json";
/** For the command line's `--id-file`. */
const ID = "id.json";

const NEWCOMERS = PERSONAS.flatMap((persona) => {
  const { role, identity } = persona;
  return role === "newcomer" && identity ? [{ persona, identity }] : [];
});

/** Everybody's papers. @param base what comes before the files' paths */
export function papers(base = ""): Papers[] {
  return NEWCOMERS.map(({ persona: { id, address }, identity: { nationalId, birthDate, insuranceCard } }) => {
    const file = (name: string) => `${base}${id}/${name}`;
    const files = { photo: file(PHOTO), wording: file(WORDING), schedule: file(SCHEDULE) };
    return { account: address, nationalId, birthDate, card: insuranceCard, ...files };
  });
}

/** Writes the files of everybody's papers into a folder. */
export async function writePapers(folder: string): Promise<void> {
  // Late: who wants the list alone needs no face model.
  const { isSitter, liveOf } = await import("./faces.js");
  for (const { persona, identity } of NEWCOMERS) {
    if (!isSitter(persona.id)) throw new RangeError(`${persona.id} has no face`);
    const own = join(folder, persona.id);
    await mkdir(own, { recursive: true });
    const { nationalId, birthDate, insuranceCard } = identity;
    await writeFile(join(own, ID), `${JSON.stringify({ nationalId, birthDate, insuranceCard }, null, 2)}\n`);
    await writeFile(join(own, PHOTO), await liveOf(persona.id));
    await writeFile(join(own, WORDING), (await wording()).bytes);
    await writeFile(join(own, SCHEDULE), schedule(persona, "Care Plus").bytes);
  }
}
