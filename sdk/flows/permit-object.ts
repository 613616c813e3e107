/** The object that a permit's code names: what the patient signed, and the signature, sealed to the hospital (002-24). */
import * as v from "valibot";

import type { SignedPermit } from "../adapters/visits.js";
import { AccountAddress, Hex32, paddedJson, parseJson, Uint64, UnixTime } from "../core/json.js";
import type { Hex } from "../types.js";

const PermitSchema = v.strictObject({
  v: v.literal(1),
  permit: v.strictObject({
    patientId: Hex32,
    hash: Hex32,
    hospital: AccountAddress,
    nonce: Uint64,
    until: UnixTime,
    sealedKey: Hex32,
  }),
  deadline: UnixTime,
  /** Of an account (65 bytes) or a contract wallet. */
  signature: v.custom<Hex>((value) => typeof value === "string" && /^0x([0-9a-f]{2}){1,4096}$/i.test(value)),
});

/** The object before it is sealed. */
export function encodePermitObject({ deadline, signature, ...permit }: SignedPermit): Uint8Array {
  const { patientId, hash, hospital, nonce, until, sealedKey } = permit;
  const object: v.InferInput<typeof PermitSchema> = {
    v: 1,
    permit: { patientId, hash, hospital, nonce: nonce.toString(), until, sealedKey },
    deadline,
    signature,
  };
  return paddedJson(object);
}

/** The reverse. @throws MANIFEST_MALFORMED */
export function decodePermitObject(bytes: Uint8Array): SignedPermit {
  const { permit, deadline, signature } = parseJson(PermitSchema, bytes, "permit");
  return { ...permit, nonce: BigInt(permit.nonce), deadline, signature };
}
