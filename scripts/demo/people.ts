/** Who acts in a demonstration: personas of the small world, each with a session of its own. */
import { join } from "node:path";

import { keyOf, unlock, type Reader, type Session } from "../../sdk/index.js";
import { fileJournal } from "../../sdk/node.js";
import type { Unlocked } from "../seed/account.js";
import { knownPersona, personaWallet, type Persona } from "../seed/personas.js";

/** A persona and its session. */
export interface Player {
  persona: Persona;
  session: Unlocked;
}

/** A session that can sign, of a persona that needs no account of Salus yet. @param journals the folder of all journals */
export async function visitor(reader: Reader, id: string, journals: string): Promise<Session> {
  const persona = knownPersona(id);
  return {
    ...reader,
    signer: personaWallet(persona).connect(reader.chain.provider),
    account: persona.address,
    journal: await fileJournal(join(journals, persona.address)),
  };
}

/** A persona with an account of Salus. @throws NO_PUBLISHED_KEY, WRONG_PASSPHRASE, CONTENT_UNAVAILABLE */
export async function player(reader: Reader, id: string, journals: string): Promise<Player> {
  const persona = knownPersona(id);
  const session = await visitor(reader, id, journals);
  const root = await unlock(reader, session.account, persona.passphrase);
  return { persona, session: { ...session, root } };
}

/** Whether the persona has set an account up. */
export async function hasAccount(reader: Reader, id: string): Promise<boolean> {
  return (await keyOf(reader.chain, knownPersona(id).address)) !== null;
}
