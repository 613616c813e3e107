/**
 * The EIP-712 data of every signed action, for `signer.signTypedData(domain, types, message)`. The names and types are
 * those of the contracts' interfaces; test/sdk/core/contracts.test.ts holds them against the contracts.
 */

import type { Address, Hex, PatientId } from "../types.js";

/** EIP-712 data of a contract of Salus, in the shape that ethers and wallets take. */
export interface TypedData<Message> {
  domain: { name: string; version: string; chainId: bigint; verifyingContract: Address };
  types: Record<string, { name: string; type: string }[]>;
  message: Message;
}

/** An unsigned integer; as decimal digits where it comes from JSON, which knows none beyond 2^53. */
export type Uint = bigint | number | string;

/** What a civil registry signs: `Attestation` of IPatients.sol. */
export interface AttestationMessage {
  /** The account that may use it. */
  controller: Address;
  personTag: Hex;
  commitment: Hex;
  /** The registry's own number of this attestation. */
  nonce: Uint;
  /** Valid up to this time, Unix seconds. */
  deadline: Uint;
}

/** What a parent signs to accredit: `Accreditation` of IParticipants.sol. */
export interface AccreditationMessage {
  /** The account that may use it. */
  account: Address;
  /** Index in `ROLES`. */
  role: Uint;
  /** Valid before this time, Unix seconds. */
  until: Uint;
  /** Digest of the CID of the public profile. */
  profile: Hex;
  /** `heldBy(account, parent)` of the Participants contract. */
  held: Uint;
  /** The parent's own number of this signature. */
  nonce: Uint;
  deadline: Uint;
}

/** What an insurer signs to offer a policy: `Offer` of IPolicies.sol. */
export interface OfferMessage {
  patientId: PatientId;
  ref: Hex;
  /** The `ref` of the version before; zero for a first version. */
  previousRef: Hex;
  /** sha2-256 of the wording. */
  wording: Hex;
  /** sha2-256 of salt and schedule. */
  schedule: Hex;
  /** Unix seconds. */
  from: Uint;
  /** Unix seconds. */
  until: Uint;
  /** Digest of the CID of the public object that says where the files are. */
  offer: Hex;
  /** The insurer's own number of this signature. */
  nonce: Uint;
  deadline: Uint;
}

/** What the next controller signs: `ControllerRotation` of IPatients.sol. */
export interface ControllerRotationMessage {
  patientId: PatientId;
  from: Address;
  to: Address;
  /** `nonces(to)` of the Patients contract. */
  nonce: Uint;
  deadline: Uint;
}

/** What a patient signs to grant: `Grant` of IConsents.sol. */
export interface GrantMessage {
  patientId: PatientId;
  /** A scope or a record. */
  subject: Hex;
  grantee: Address;
  /** Bits: 1 read, 2 write. */
  rights: Uint;
  /** Valid before this time, Unix seconds. */
  until: Uint;
  /** Digest of the CID of the key sealed to the grantee. */
  sealedKey: Hex;
  /** `nonces(controller)` of the Consents contract. */
  nonce: Uint;
  deadline: Uint;
}

/** What a patient signs to revoke: `Revocation` of IConsents.sol. */
export interface RevocationMessage {
  patientId: PatientId;
  subject: Hex;
  grantee: Address;
  /** `nonces(controller)` of the Consents contract. */
  nonce: Uint;
  deadline: Uint;
}

/** What a patient signs for a hospital to open a visit with: `Permit` of IVisits.sol, and a deadline (002-24, 002-41). */
export interface PermitMessage {
  patientId: PatientId;
  /** Seed 002's H of the patient. */
  hash: Hex;
  /** The only account that can use it. */
  hospital: Address;
  /** Chosen at random; used once. */
  nonce: Uint;
  /** The visit ends before this time, Unix seconds. */
  until: Uint;
  /** Digest of the CID of the visit's keys, sealed to the hospital. */
  sealedKey: Hex;
  /** Can be used up to this time, Unix seconds. */
  deadline: Uint;
}

/** A civil registry's attestation, for the Patients contract at `patients`. */
export function attestationTypedData(
  chainId: bigint | number,
  patients: Address,
  { controller, personTag, commitment, nonce, deadline }: AttestationMessage,
): TypedData<AttestationMessage> {
  return {
    domain: domainOf("Salus Patients", chainId, patients),
    types: {
      Attestation: fields("address controller,bytes32 personTag,bytes32 commitment,uint256 nonce,uint256 deadline"),
    },
    message: { controller, personTag, commitment, nonce, deadline },
  };
}

/** A parent's accreditation of an account, for the Participants contract at `participants`. */
export function accreditationTypedData(
  chainId: bigint | number,
  participants: Address,
  { account, role, until, profile, held, nonce, deadline }: AccreditationMessage,
): TypedData<AccreditationMessage> {
  return {
    domain: domainOf("Salus Participants", chainId, participants),
    types: {
      Accreditation: fields(
        "address account,uint8 role,uint48 until,bytes32 profile,uint256 held,uint256 nonce,uint256 deadline",
      ),
    },
    message: { account, role, until, profile, held, nonce, deadline },
  };
}

/** An insurer's offer, for the Policies contract at `policies`. */
export function offerTypedData(
  chainId: bigint | number,
  policies: Address,
  { patientId, ref, previousRef, wording, schedule, from, until, offer, nonce, deadline }: OfferMessage,
): TypedData<OfferMessage> {
  return {
    domain: domainOf("Salus Policies", chainId, policies),
    types: {
      Offer: fields(
        "bytes32 patientId,bytes32 ref,bytes32 previousRef,bytes32 wording,bytes32 schedule,uint48 from,uint48 until,bytes32 offer,uint256 nonce,uint256 deadline",
      ),
    },
    message: { patientId, ref, previousRef, wording, schedule, from, until, offer, nonce, deadline },
  };
}

/** The next controller's consent to take over a patient, for the Patients contract at `patients`. */
export function controllerRotationTypedData(
  chainId: bigint | number,
  patients: Address,
  { patientId, from, to, nonce, deadline }: ControllerRotationMessage,
): TypedData<ControllerRotationMessage> {
  return {
    domain: domainOf("Salus Patients", chainId, patients),
    types: { ControllerRotation: fields("bytes32 patientId,address from,address to,uint256 nonce,uint256 deadline") },
    message: { patientId, from, to, nonce, deadline },
  };
}

/** A patient's grant, for the Consents contract at `consents`. */
export function grantTypedData(
  chainId: bigint | number,
  consents: Address,
  { patientId, subject, grantee, rights, until, sealedKey, nonce, deadline }: GrantMessage,
): TypedData<GrantMessage> {
  return {
    domain: domainOf("Salus Consents", chainId, consents),
    types: {
      Grant: fields(
        "bytes32 patientId,bytes32 subject,address grantee,uint8 rights,uint48 until,bytes32 sealedKey,uint256 nonce,uint256 deadline",
      ),
    },
    message: { patientId, subject, grantee, rights, until, sealedKey, nonce, deadline },
  };
}

/** A patient's revocation, for the Consents contract at `consents`. */
export function revocationTypedData(
  chainId: bigint | number,
  consents: Address,
  { patientId, subject, grantee, nonce, deadline }: RevocationMessage,
): TypedData<RevocationMessage> {
  return {
    domain: domainOf("Salus Consents", chainId, consents),
    types: {
      Revocation: fields("bytes32 patientId,bytes32 subject,address grantee,uint256 nonce,uint256 deadline"),
    },
    message: { patientId, subject, grantee, nonce, deadline },
  };
}

/** A patient's permit, for the Visits contract at `visits`. */
export function permitTypedData(
  chainId: bigint | number,
  visits: Address,
  { patientId, hash, hospital, nonce, until, sealedKey, deadline }: PermitMessage,
): TypedData<PermitMessage> {
  return {
    domain: domainOf("Salus Visits", chainId, visits),
    types: {
      Permit: fields(
        "bytes32 patientId,bytes32 hash,address hospital,uint64 nonce,uint48 until,bytes32 sealedKey,uint256 deadline",
      ),
    },
    message: { patientId, hash, hospital, nonce, until, sealedKey, deadline },
  };
}

function domainOf(name: string, chainId: bigint | number, verifyingContract: Address): TypedData<never>["domain"] {
  return { name, version: "1", chainId: BigInt(chainId), verifyingContract };
}

/** Fields as Solidity writes them in the type hash, so that both can be compared at a glance. */
function fields(signature: string): { name: string; type: string }[] {
  return signature.split(",").map((field) => {
    const [type, name] = field.split(" ") as [string, string];
    return { name, type };
  });
}
