/**
 * The demo's personas. Their wallets are the development accounts that every Ethereum tool knows, so they own nothing
 * and protect nothing: clients refuse them on any chain but the local one.
 */
import { HDNodeWallet } from "ethers";

import type { Address, Role } from "../../sdk/index.js";

/** The phrase that Hardhat, Anvil and others derive their development accounts from. */
const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

/** The chain id of a local development chain, the only one on which personas act. */
export const LOCAL_CHAIN_ID = 31337;

/** What authorities know about a person. All of it is invented. */
export interface PersonaIdentity {
  nationalId: string;
  name: string;
  /** ISO date. */
  birthDate: string;
  insuranceCard: string;
}

/** Somebody to act as. */
export interface Persona {
  /** What `--as` takes. */
  id: string;
  name: string;
  /** Number of the development account. */
  index: number;
  address: Address;
  /** What the account is accredited as; the last four aren't accreditations. A newcomer has no account of Salus yet. */
  role: Exclude<Role, "none"> | "operator" | "patient" | "newcomer" | "stranger";
  department?: string;
  /** Opens the backup of the persona's account root. */
  passphrase: string;
  /** What a newcomer can try with it. */
  hint: string;
  identity?: PersonaIdentity;
}

function persona(index: number, fields: Omit<Persona, "index" | "address">): Persona {
  return { ...fields, index, address: walletAt(index).address as Address };
}

function walletAt(index: number): HDNodeWallet {
  return HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, undefined, `m/44'/60'/0'/0/${index}`);
}

/** Everybody in the demo, in the order of the table that `npm start` prints. */
export const PERSONAS: readonly Persona[] = [
  persona(0, {
    id: "operator",
    name: "Salus operator",
    role: "operator",
    passphrase: "operator demo passphrase",
    hint: "deploys, and accredits registries, authorities and insurers",
  }),
  persona(1, {
    id: "registry",
    name: "Civil Registry",
    role: "civil registry",
    passphrase: "registry demo passphrase",
    hint: "attests who a patient is",
  }),
  persona(2, {
    id: "authority",
    name: "Health Authority",
    role: "health authority",
    passphrase: "authority demo passphrase",
    hint: "accredits hospitals, laboratories and pharmacies",
  }),
  persona(3, {
    id: "insurer",
    name: "Harbour Mutual",
    role: "insurer",
    passphrase: "insurer demo passphrase",
    hint: "issues policies; verify one by dropping its file",
  }),
  persona(4, {
    id: "hospital",
    name: "City Hospital",
    role: "hospital",
    passphrase: "hospital demo passphrase",
    hint: "opens visits, assigns its doctors, bills",
  }),
  persona(5, {
    id: "lee",
    name: "Dr Sarah Lee",
    role: "doctor",
    department: "Internal Medicine",
    passphrase: "sarah lee demo passphrase",
    hint: "reads and writes what Amina has granted",
  }),
  persona(6, {
    id: "laboratory",
    name: "Central Laboratory",
    role: "laboratory",
    passphrase: "laboratory demo passphrase",
    hint: "writes results into one drawer of Amina's",
  }),
  persona(13, {
    id: "pharmacy",
    name: "Harbour Pharmacy",
    role: "pharmacy",
    passphrase: "pharmacy demo passphrase",
    hint: "dispenses what a doctor has prescribed",
  }),
  persona(7, {
    id: "amina",
    name: "Amina Rahman",
    role: "patient",
    passphrase: "amina demo passphrase",
    hint: "uploads, grants, revokes, accepts an offered policy",
    identity: {
      nationalId: "1988031412345",
      name: "Amina Rahman",
      birthDate: "1988-03-14",
      insuranceCard: "HM-4471-2093",
    },
  }),
  persona(8, {
    id: "bashir",
    name: "Bashir Khan",
    role: "patient",
    passphrase: "bashir demo passphrase",
    hint: "a second patient: sees nothing of Amina's",
    identity: {
      nationalId: "1961090267890",
      name: "Bashir Khan",
      birthDate: "1961-09-02",
      insuranceCard: "HM-4471-5518",
    },
  }),
  persona(9, {
    id: "chen",
    name: "Chen Wei",
    role: "patient",
    passphrase: "chen wei demo passphrase",
    hint: "a third patient, who has granted nobody anything",
    identity: { nationalId: "1995062324680", name: "Chen Wei", birthDate: "1995-06-23", insuranceCard: "HM-4471-8842" },
  }),
  persona(12, {
    id: "dana",
    name: "Dana Osei",
    role: "newcomer",
    passphrase: "dana osei demo passphrase",
    hint: "registers from nothing: try it",
    identity: {
      nationalId: "1993082755512",
      name: "Dana Osei",
      birthDate: "1993-08-27",
      insuranceCard: "HM-4471-6630",
    },
  }),
  persona(10, {
    id: "stranger",
    name: "A stranger",
    role: "stranger",
    passphrase: "stranger demo passphrase",
    hint: "reads nothing, whatever it tries",
  }),
  persona(11, {
    id: "haddad",
    name: "Dr Omar Haddad",
    role: "doctor",
    department: "Cardiology",
    passphrase: "omar haddad demo passphrase",
    hint: "accredited, and refused until a patient grants",
  }),
];

/** The persona of that id or name, in any case; undefined when there is none. */
export function personaOf(idOrName: string): Persona | undefined {
  const wanted = idOrName.trim().toLowerCase();
  return PERSONAS.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
}

/** The persona that is known to exist under this id. */
export function knownPersona(id: string): Persona {
  const found = personaOf(id);
  if (!found) throw new RangeError(`no persona ${id}`);
  return found;
}

/** A persona's wallet, not connected to any chain. */
export function personaWallet({ index }: Persona): HDNodeWallet {
  return walletAt(index);
}
