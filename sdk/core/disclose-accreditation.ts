/** "Who will know what" of accreditations: a public register, and what falls with whom (000-01, 002-39). */
import type { Address, Role } from "../types.js";
import { shortId, type Disclosure } from "./disclosure.js";

/** What an accreditation allows, in words that follow "can". */
const ALLOWS: Readonly<Record<Role, string>> = {
  none: "do nothing more than before",
  "civil registry": "confirm who patients are, so that they can register",
  "health authority": "accredit hospitals, laboratories, pharmacies and doctors",
  insurer: "issue policies",
  hospital: "accredit its own doctors, laboratories and pharmacies, and add documents where a patient allows it",
  laboratory: "add documents where a patient allows it",
  pharmacy: "add documents where a patient allows it",
  doctor: "add documents where a patient allows it",
};

/** What accrediting or renewing tells whom. `terms` are what is signed; `parentName` who vouches. */
export function discloseAccreditation(
  terms: { account: Address; role: Role; until: number },
  words: {
    name: string;
    department?: string | null | undefined;
    parentName: string;
    formatUntil: (until: number) => string;
    /** A new end for an accreditation that there is. */
    isRenewal?: boolean;
    /** The account acts for a patient. */
    isPatient?: boolean;
  },
): Disclosure {
  const { account, role, until } = terms;
  const { name, department, parentName, formatUntil } = words;
  const what = department ? `${name}, ${department}` : name;
  return {
    grantee: [
      `Can ${ALLOWS[role]}, ${formatUntil(until)}.`,
      "Can open no document by this: only a patient gives that.",
    ],
    organisation: [
      `${parentName} vouches for ${name} before everyone, and can revoke it at any time.`,
      "Learns nothing about patients by it.",
    ],
    everyone: [
      `That account ${shortId(account)} is ${what}: ${role}, vouched for by ${parentName}, ${formatUntil(until)}.`,
      ...(words.isPatient
        ? ["Whose health record this account's pseudonym is: it acts for a patient, and the name would be beside it."]
        : []),
      words.isRenewal
        ? "The name and the end stay readable for good, the earlier ones too."
        : "The name stays readable for good, also after the accreditation has ended.",
    ],
  };
}

/** What revoking tells whom, and what it takes along: `fallen` others, all in one block. */
export function discloseAccreditationRevocation(revocation: {
  account: Address;
  name: string;
  parentName: string;
  fallen: number;
}): Disclosure {
  const { account, name, parentName, fallen } = revocation;
  const who = withPeople(name, fallen);
  return {
    grantee: [
      `${who} ${fallen > 0 ? "lose" : "loses"} every right in the same block: to add documents, to vouch for anyone, to issue or confirm anything.`,
      "What patients gave them to read stays readable until the patients stop it.",
    ],
    organisation: [
      fallen > 0
        ? `${parentName} can accredit ${name} again, but that brings back none of the others: each has to be accredited anew.`
        : `${parentName} can accredit ${name} again.`,
    ],
    everyone: [
      `That ${name}'s account ${shortId(account)} was revoked${fallen > 0 ? `, and so ${count(fallen)} below it` : ""}, when, and by whom. Not why.`,
      "What was added and signed before stays valid, and shows who vouched for it at the time.",
    ],
  };
}

/** "City Hospital and the 12 people it accredited". */
export function withPeople(name: string, fallen: number): string {
  return fallen > 0 ? `${name} and the ${count(fallen)} below it` : name;
}

function count(n: number): string {
  return `${n.toLocaleString("en")} ${n === 1 ? "account" : "accounts"}`;
}
