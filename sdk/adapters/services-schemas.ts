/** The forms of what attestation services answer. Fields that Salus doesn't know are passed over: newer services may add some. */
import { getAddress, isAddress } from "ethers";
import * as v from "valibot";

import { Hex32 } from "../core/json.js";
import { ROLES, type Address, type Hex } from "../types.js";
import type { SignedOffer } from "./policies.js";

/** An account, in any spelling that its checksum allows. */
const Account = v.pipe(
  v.string(),
  v.check((value) => isAddress(value)),
  v.transform((value) => getAddress(value) as Address),
);
/** A signature of an account, or of a contract wallet (ERC-1271), which may be longer. */
const Signature = v.custom<Hex>((value) => typeof value === "string" && /^0x([0-9a-f]{2}){1,4096}$/i.test(value));
/** A number up to 2^256 in decimal. */
const Decimal = v.pipe(v.string(), v.regex(/^\d{1,78}$/));
/** Unix seconds. */
const Time = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 48 - 1));
const text = (length: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(length));

export const InfoSchema = v.object({
  face: v.picklist(["registry", "insurer", "authority"]),
  name: text(120),
  account: Account,
  chainId: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  contracts: v.object({ patients: Account, participants: Account, policies: Account }),
  photo: v.optional(v.picklist(["required", "when on file"])),
});

export const NonceSchema = v.object({ nonce: v.pipe(v.string(), v.regex(/^[a-zA-Z0-9]{8,128}$/)), expiresAt: Time });

const signedIn = { account: Account, patientId: v.nullable(Hex32), expiresAt: Time };
export const SignedInSchema = v.object(signedIn);
export const SignedInWithTokenSchema = v.object({
  token: v.pipe(v.string(), v.regex(/^[\w.~+/=-]{16,512}$/)),
  ...signedIn,
});

export const AttestationAnswerSchema = v.object({
  attestation: v.object({
    registry: Account,
    personTag: Hex32,
    commitment: Hex32,
    nonce: Decimal,
    deadline: Time,
    signature: Signature,
  }),
  identity: v.object({ nationalId: text(120), name: text(120), birthDate: v.pipe(v.string(), v.isoDate()) }),
  evidence: v.pipe(v.array(v.picklist(["database", "face"])), v.maxLength(2)),
});

/** The insurer stands beside the offer that it signed. */
export const OfferAnswerSchema = v.pipe(
  v.object({
    insurer: Account,
    offer: v.object({
      patientId: Hex32,
      ref: Hex32,
      previousRef: Hex32,
      wording: Hex32,
      schedule: Hex32,
      from: Time,
      until: Time,
      offer: Hex32,
      nonce: Decimal,
      deadline: Time,
      signature: Signature,
    }),
  }),
  v.transform(({ insurer, offer }): SignedOffer => ({ insurer, ...offer })),
);

export const AccreditationAnswerSchema = v.object({
  accreditation: v.object({
    parent: Account,
    account: Account,
    role: v.picklist(ROLES),
    until: Time,
    profile: Hex32,
    held: Decimal,
    nonce: Decimal,
    deadline: Time,
    signature: Signature,
  }),
});

/** The empty answer of a sign-out. */
export const NothingSchema = v.pipe(
  v.null(),
  v.transform(() => undefined),
);
