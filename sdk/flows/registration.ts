/** Registration: identity proved once to a civil registry, then a pseudonym (002-01, 002-17 to 002-23). */
import type { Signer } from "ethers";
import * as v from "valibot";

import type { SendOptions } from "../adapters/chain.js";
import { blockTime } from "../adapters/logs.js";
import {
  patientOf,
  patientsControlledBy,
  sendRegister,
  type Registration,
  type SignedAttestation,
} from "../adapters/patients.js";
import { guard } from "../adapters/refusal.js";
import { attestationTypedData } from "../core/typedData.js";
import { commitmentOf, personTag, type Identity } from "../core/attestation.js";
import { fromHex, randomBytes, toHex } from "../core/bytes.js";
import { openWith, sealTo } from "../core/envelope.js";
import { Hex32, paddedJson, parseJson } from "../core/json.js";
import { accountKeys, registrySecret } from "../core/keys.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId } from "../types.js";
import { rootOf, type Reader, type Session } from "./session.js";
import { storedFor } from "./stored.js";

/** What a patient asks a civil registry to attest. It holds the identity: send it to the registry and nowhere else. */
export interface RegistrationRequest {
  controller: Address;
  identity: Identity;
  /** 32 random bytes that keep the commitment from being guessed. */
  salt: Hex;
}

/** A patient's profile, encrypted on IPFS. */
export interface Profile {
  v: 1;
  identity: Identity;
  salt: Hex;
}

const ProfileSchema = v.strictObject({
  v: v.literal(1),
  identity: v.strictObject({
    nationalId: v.string(),
    name: v.string(),
    birthDate: v.string(),
    insuranceCard: v.optional(v.string()),
  }),
  salt: Hex32,
});

const ATTESTATION_LIFETIME_S = 24 * 3600;

/** Makes a request for the session's account. */
export function requestRegistration(session: Pick<Session, "account">, identity: Identity): RegistrationRequest {
  return { controller: session.account, identity, salt: toHex(randomBytes(32)) };
}

/**
 * Signs an attestation, as the civil registry. The caller has checked the identity against its database.
 * @param root the registry's account root, from which the secret of its person tags derives
 * @throws SIGNATURE_REJECTED, CHAIN_UNREACHABLE
 */
export async function attest(
  reader: Reader,
  signer: Signer,
  root: Uint8Array,
  { controller, identity, salt }: RegistrationRequest,
): Promise<SignedAttestation> {
  const { chain } = reader;
  const registry = (await signer.getAddress()) as Address;
  const attestation = {
    personTag: personTag(registrySecret(root), identity.nationalId),
    commitment: commitmentOf(identity, fromHex(salt)),
    deadline: (await blockTime(chain)) + ATTESTATION_LIFETIME_S,
  };
  const { chainId, contracts } = chain.deployment;
  const { domain, types, message } = attestationTypedData(chainId, contracts.patients, { controller, ...attestation });
  const signature = (await guard(() => signer.signTypedData(domain, types, message))) as Hex;
  return { registry, ...attestation, signature };
}

/**
 * Registers the session's account with an attestation: the profile goes to IPFS, sealed to the account itself, and its
 * digest to the chain.
 * @throws LOCKED, InvalidSignature, SignatureExpired, PersonAlreadyRegistered, NotCivilRegistry, PatientExists
 */
export async function register(
  session: Session,
  request: RegistrationRequest,
  attestation: SignedAttestation,
  options?: SendOptions,
): Promise<Registration> {
  if (attestation.commitment !== commitmentOf(request.identity, fromHex(request.salt))) {
    throw new SalusError("INVALID_INPUT", { argument: "attestation", reason: "it attests another identity" });
  }
  const profile: Profile = { v: 1, identity: request.identity, salt: request.salt };
  const sealed = await sealTo(paddedJson(profile), [accountKeys(rootOf(session)).publicKey]);
  return storedFor(
    session.store,
    [sealed],
    ([digest]) => sendRegister(session.chain, session.signer, attestation, digest, options),
    { isNew: true },
  );
}

/** The pseudonym of the session's account. @throws NOT_REGISTERED */
export async function patientIdOf({ chain, account }: Pick<Session, "chain" | "account">): Promise<PatientId> {
  const [patientId] = await patientsControlledBy(chain, account);
  if (!patientId) throw new SalusError("NOT_REGISTERED", { account });
  return patientId;
}

/** The patient's own profile, opened and checked against the commitment. @throws LOCKED, UnknownPatient, MANIFEST_MISMATCH */
export async function readProfile(session: Session, patientId: PatientId): Promise<Profile> {
  const patient = await patientOf(session.chain, patientId);
  if (!patient) throw new SalusError("UnknownPatient", { patientId });
  const file = await session.store.get(patient.profile);
  const opened = await openWith(file, accountKeys(rootOf(session)).secretKey);
  const profile = parseJson(ProfileSchema, opened, "profile");
  if (commitmentOf(profile.identity, fromHex(profile.salt)) !== patient.commitment) {
    throw new SalusError("MANIFEST_MISMATCH", { field: "commitment" });
  }
  return profile;
}
