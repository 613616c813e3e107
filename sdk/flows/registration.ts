/** Registration: identity proved once to a civil registry, then a pseudonym (002-01, 002-17 to 002-23). */
import type { Signer } from "ethers";
import * as v from "valibot";

import type { SendOptions } from "../adapters/chain.js";
import { tryCalls } from "../adapters/dry-run.js";
import { blockTime } from "../adapters/logs.js";
import {
  encodeRegister,
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
  /** Number of the insurance card, if any was shown. */
  insuranceCard?: string | undefined;
}

const ProfileSchema = v.strictObject({
  v: v.literal(1),
  identity: v.strictObject({ nationalId: v.string(), name: v.string(), birthDate: v.string() }),
  salt: Hex32,
  insuranceCard: v.optional(v.string()),
});

const ATTESTATION_LIFETIME_S = 24 * 3600;
/** Stands for a digest while nothing is stored: what the contracts check doesn't depend on it. */
export const UNSTORED: Hex = `0x${"0".repeat(63)}1`;

/** Makes a request for the session's account. */
export function requestRegistration(session: Pick<Session, "account">, identity: Identity): RegistrationRequest {
  return { controller: session.account, identity: bare(identity), salt: toHex(randomBytes(32)) };
}

/** No more than a registry attests, whatever else the object holds. */
function bare({ nationalId, name, birthDate }: Identity): Identity {
  return { nationalId, name, birthDate };
}

/**
 * Signs an attestation, as the civil registry. The caller has checked the identity against its database.
 * @param root the registry's account root, from which the secret of its person tags derives
 * @param options `nonce`: the registry's own number of the attestation, in decimal; random where it keeps no audit.
 * `lifetime`: seconds for which it counts, a day unless given
 * @throws SIGNATURE_REJECTED, CHAIN_UNREACHABLE
 */
export async function attest(
  reader: Reader,
  signer: Signer,
  root: Uint8Array,
  { controller, identity, salt }: RegistrationRequest,
  { nonce = newNonce(), lifetime = ATTESTATION_LIFETIME_S }: { nonce?: string; lifetime?: number } = {},
): Promise<SignedAttestation> {
  const { chain } = reader;
  const registry = (await signer.getAddress()) as Address;
  const attestation = {
    personTag: personTag(registrySecret(root), identity.nationalId),
    commitment: commitmentOf(identity, fromHex(salt)),
    nonce,
    deadline: (await blockTime(chain)) + lifetime,
  };
  const { chainId, contracts } = chain.deployment;
  const { domain, types, message } = attestationTypedData(chainId, contracts.patients, { controller, ...attestation });
  const signature = (await guard(() => signer.signTypedData(domain, types, message))) as Hex;
  return { registry, ...attestation, signature };
}

/** 64 random bits in decimal. */
function newNonce(): string {
  return String(BigInt(toHex(randomBytes(8))));
}

/**
 * Registers the session's account with an attestation, and nothing else: sdk/flows/enrol.ts does all of it in one
 * transaction. The profile goes to IPFS, sealed to the account itself, and its digest to the chain.
 * @throws LOCKED, InvalidSignature, SignatureExpired, PersonAlreadyRegistered, NotCivilRegistry, PatientExists
 */
export async function register(
  session: Session,
  request: RegistrationRequest,
  attestation: SignedAttestation,
  options: SendOptions & { insuranceCard?: string | undefined } = {},
): Promise<Registration> {
  if (attestation.commitment !== commitmentOf(request.identity, fromHex(request.salt))) {
    throw new SalusError("INVALID_INPUT", { argument: "attestation", reason: "it attests another identity" });
  }
  const { chain, signer, store, account } = session;
  const sealed = await sealProfile(rootOf(session), request, options.insuranceCard);
  const send = ([digest]: readonly [Hex]) => sendRegister(chain, signer, attestation, digest, options);
  // Before anything leaves the device.
  await tryCalls(chain, account, [encodeRegister(attestation, UNSTORED)]);
  return storedFor(store, [sealed], send, { isNew: true });
}

/** A profile as it is stored, sealed to the account with this root. */
export async function sealProfile(
  root: Uint8Array,
  { identity, salt }: Pick<RegistrationRequest, "identity" | "salt">,
  insuranceCard?: string,
): Promise<Uint8Array> {
  const profile: Profile = { v: 1, identity: bare(identity), salt, insuranceCard };
  return sealTo(paddedJson(profile), [accountKeys(root).publicKey]);
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
  const profile = profileIn(opened);
  if (commitmentOf(profile.identity, fromHex(profile.salt)) !== patient.commitment) {
    throw new SalusError("MANIFEST_MISMATCH", { field: "commitment" });
  }
  return profile;
}

/** The profile in its opened bytes. @throws MANIFEST_MALFORMED */
export function profileIn(opened: Uint8Array): Profile {
  return parseJson(ProfileSchema, opened, "profile");
}
