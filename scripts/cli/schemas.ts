/** The forms of the files that people hand to each other. */
import { getAddress, isAddress } from "ethers";
import * as v from "valibot";

import { ROLES, type Address, type Hex, type RegistrationRequest, type SignedAttestation } from "../../sdk/index.js";

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120));
const hex = (bytes: number) =>
  v.custom<Hex>((value) => typeof value === "string" && new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`).test(value));
const address = v.pipe(
  v.custom<Address>((value) => isAddress(value)),
  v.transform((value) => getAddress(value) as Address),
);

/** Who a patient is, as the civil registry knows it. */
export const IDENTITY_SCHEMA = v.strictObject({
  nationalId: text,
  name: text,
  birthDate: v.pipe(v.string(), v.isoDate()),
  insuranceCard: v.optional(text),
});

/** What a person tells the registry's service, and the insurer's. Whatever else the file holds is passed over. */
export const PERSON_SCHEMA = v.object({
  nationalId: text,
  birthDate: v.pipe(v.string(), v.isoDate()),
  insuranceCard: v.optional(text),
});

/** A patient's request for an attestation. */
export const REQUEST_SCHEMA: v.GenericSchema<unknown, RegistrationRequest> = v.strictObject({
  controller: address,
  identity: v.omit(IDENTITY_SCHEMA, ["insuranceCard"]),
  salt: hex(32),
});

/** What a civil registry returns. */
export const ATTESTATION_SCHEMA: v.GenericSchema<unknown, SignedAttestation> = v.strictObject({
  registry: address,
  personTag: hex(32),
  commitment: hex(32),
  nonce: v.pipe(v.string(), v.regex(/^\d{1,78}$/)),
  deadline: v.pipe(v.number(), v.integer(), v.minValue(0)),
  signature: v.custom<Hex>((value) => typeof value === "string" && /^0x([0-9a-f]{2}){1,4096}$/.test(value)),
});

/** An organisation's licence, with what it expects the authority to say. */
export const LICENCE_SCHEMA = v.strictObject({
  licence: text,
  code: text,
  name: v.optional(text),
  role: v.optional(v.picklist(ROLES)),
});
