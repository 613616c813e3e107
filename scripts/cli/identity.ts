/** Who acts: a demo persona on the local chain, or the owner of a keystore. */
import { resolve } from "node:path";

import type { HDNodeWallet, Wallet } from "ethers";

import { unlock, type Address, type Reader } from "../../sdk/index.js";
import { LOCAL_CHAIN_ID, personaOf, personaWallet } from "../seed/personas.js";
import { CliError } from "./errors.js";
import { isKeystore, openRoot, openWallet, walletFile } from "./keystore.js";
import type { Output } from "./output.js";
import { askPassword } from "./password.js";
import type { Settings } from "./settings.js";

/** An account that can sign. */
export interface Identity {
  /** How it was named. */
  label: string;
  wallet: Wallet | HDNodeWallet;
  address: Address;
  /** The keystore's folder; undefined for a persona. */
  keystore?: string;
  /** The password, for making and opening backups. */
  password: string;
}

/**
 * Opens the wallet that `--as` names.
 * @param chainId of the chain it will act on
 * @throws NO_IDENTITY, UNKNOWN_IDENTITY, PERSONA_ABROAD, NO_PASSWORD, WRONG_PASSWORD
 */
export async function openIdentity(settings: Settings, output: Output, chainId: number): Promise<Identity> {
  if (!settings.as) throw new CliError("NO_IDENTITY");
  const folder = resolve(settings.as);
  if (await isKeystore(folder)) {
    const password = await askPassword(`the keystore ${settings.as}`, settings, output);
    const wallet = await openWallet(walletFile(folder), password);
    return { label: settings.as, wallet, address: wallet.address as Address, keystore: folder, password };
  }
  const persona = personaOf(settings.as);
  if (!persona) throw new CliError("UNKNOWN_IDENTITY", { as: settings.as });
  if (chainId !== LOCAL_CHAIN_ID) throw new CliError("PERSONA_ABROAD", { persona: persona.name, chainId });
  return {
    label: persona.name,
    wallet: personaWallet(persona),
    address: persona.address,
    password: persona.passphrase,
  };
}

/**
 * The account root: from the keystore, else from the account's backup on IPFS.
 * @throws NO_PUBLISHED_KEY, CONTENT_UNAVAILABLE, WRONG_PASSPHRASE, BACKUP_MALFORMED, WRONG_ROOT
 */
export async function unlockRoot(reader: Reader, identity: Identity): Promise<Uint8Array> {
  const stored = identity.keystore ? await openRoot(identity.keystore, identity.password) : null;
  return stored ?? unlock(reader, identity.address, identity.password);
}
