/** Where codes and identifiers inside a FHIR resource come from, and the references that are made of them. */
import type { Identifier, Reference } from "fhir/r4";

import { SalusError } from "../../errors.js";
import type { Address, Hex } from "../../types.js";

/** Code systems that others keep. */
export const LOINC = "http://loinc.org";
export const UCUM = "http://unitsofmeasure.org";
export const RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";

/** Salus' own code systems: what is billed, why it is denied. */
export const CLAIM_ITEM_SYSTEM = "urn:salus:claim-item";
export const REASON_SYSTEM = "urn:salus:denial-reason";

/** `system` and code of HL7's own code systems. */
export const hl7 = (name: string) => `http://terminology.hl7.org/CodeSystem/${name}`;

/**
 * What an identifier names: pseudonyms and digests of the chain, so that a document which leaves its drawer tells no more
 * than the chain does. `urn:salus:claim` is the id of the visit that was billed: a visit is billed once.
 */
export type Kind = "patient" | "account" | "visit" | "order" | "record" | "policy" | "claim";

/** Somebody who acts: an account and, for people who read the document, the name that the accreditation gives. */
export interface Party {
  account: Address;
  name?: string | undefined;
}

/** The identifier of something on the chain. @throws INVALID_INPUT when `value` isn't an id, or not an account's address */
export function identifierOf(kind: Kind, value: Hex): Identifier {
  const pattern = kind === "account" ? /^0x[0-9a-fA-F]{40}$/ : /^0x[0-9a-f]{64}$/;
  if (!pattern.test(value)) throw new SalusError("INVALID_INPUT", { argument: kind, reason: "is no id" });
  return { system: `urn:salus:${kind}`, value };
}

/** A logical reference (FHIR R4, 2.3.0.3): no server holds what it names, the chain does. */
export function referenceTo(type: string, kind: Kind, value: Hex, display?: string): Reference {
  return { type, identifier: identifierOf(kind, value), ...(display ? { display } : {}) };
}

/** A reference to whoever acts, as a person or as an organisation. */
export function partyOf(type: "Practitioner" | "Organization", { account, name }: Party): Reference {
  return referenceTo(type, "account", account, name === undefined ? undefined : textOf(name, "name", 255));
}

/** What a reference or an identifier list names, or null: the reverse of `identifierOf`. */
export function idIn(kind: Kind, from: Identifier | readonly Identifier[] | undefined): Hex | null {
  const list = from === undefined ? [] : Array.isArray(from) ? (from as readonly Identifier[]) : [from as Identifier];
  const found = list.find(({ system }) => system === `urn:salus:${kind}`)?.value;
  return found !== undefined && /^0x[0-9a-fA-F]{40,64}$/.test(found) ? (found as Hex) : null;
}

/**
 * Words of a person, as FHIR's `string` holds them: trimmed, not empty, without control characters but tab and line ends.
 * @throws INVALID_INPUT with the argument's name, never with the words
 */
export function textOf(text: string, argument: string, most = 4_000): string {
  const trimmed = text.normalize("NFC").trim();
  if (
    trimmed === "" ||
    trimmed.length > most ||
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\p{Cs}]/u.test(trimmed)
  ) {
    throw new SalusError("INVALID_INPUT", { argument, reason: `must be 1 to ${most} letters` });
  }
  return trimmed;
}
