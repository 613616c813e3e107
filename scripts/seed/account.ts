/** Sessions of personas, with their account set up. */
import { join } from "node:path";

import { createAccount, type Reader, type Session } from "../../sdk/index.js";
import { fileJournal } from "../../sdk/node.js";
import { personaWallet, type Persona } from "./personas.js";

/** A session that can decrypt. */
export type Unlocked = Session & { root: Uint8Array };

/**
 * log2 of scrypt's rounds for personas. Everybody knows their passphrases, so a second of work an account would guard
 * nothing and cost every newcomer a quarter of a minute; anyone else's account takes the SDK's default.
 */
const DEMO_WORK_FACTOR = 12;

/** Makes the persona's account root, backs it up on IPFS and publishes its key, as anyone's account is set up. */
export async function setUpAccount(reader: Reader, persona: Persona, journals: string): Promise<Unlocked> {
  const session: Session = {
    ...reader,
    signer: personaWallet(persona).connect(reader.chain.provider),
    account: persona.address,
    journal: await fileJournal(join(journals, persona.address)),
  };
  return { ...session, root: await createAccount(session, persona.passphrase, { workFactor: DEMO_WORK_FACTOR }) };
}
