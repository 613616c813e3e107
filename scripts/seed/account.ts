/** Sessions of personas, with their account set up. */
import { join } from "node:path";

import { accountKeys, newRoot, sealBackup, type Reader, type Session } from "../../sdk/index.js";
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
  const { chain, store } = reader;
  const signer = personaWallet(persona).connect(chain.provider);
  const root = newRoot();
  const { digest } = await store.add(await sealBackup(root, persona.passphrase, DEMO_WORK_FACTOR));
  const transaction = await chain.keys.connect(signer).publish(accountKeys(root).publicKey, digest);
  await transaction.wait();
  return {
    ...reader,
    signer,
    account: persona.address,
    journal: await fileJournal(join(journals, persona.address)),
    root,
  };
}
