/** `Patients`: pseudonyms and who controls them (IPatients.sol). */
import { type Signer, ZeroAddress } from "ethers";

import { Patients__factory } from "../../typechain-types/index.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId } from "../types.js";
import { receiptOf, sendCall, type Call, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { eventsOf } from "./logs.js";
import { guard } from "./refusal.js";

/** A registered patient. */
export interface Patient {
  patientId: PatientId;
  controller: Address;
  /** Unix seconds. */
  registeredAt: number;
  commitment: Hex;
  /** Digest of the CID of the encrypted profile. */
  profile: Hex;
  /** Seed 002's H. */
  hash: Hex;
}

/** What the registry signs, `Attestation` in IPatients.sol, and its signature. */
export interface SignedAttestation {
  registry: Address;
  personTag: Hex;
  commitment: Hex;
  /** The registry's own number of it, in decimal. */
  nonce: string;
  /** Unix seconds. */
  deadline: number;
  signature: Hex;
}

/** A registration's receipt: the transaction, the pseudonym and H. */
export interface Registration extends Receipt {
  patientId: PatientId;
  /** Seed 002's H: of what the chain stores for the patient. */
  patientHash: Hex;
}

const abi = Patients__factory.createInterface();

const call = (data: string): Call => ({ contract: "patients", data: data as Hex });

/** Registers the caller. @param profile digest of the CID of the encrypted profile */
export function encodeRegister({ signature, ...attestation }: SignedAttestation, profile: Hex): Call {
  return call(abi.encodeFunctionData("register", [attestation, profile, signature]));
}

/**
 * Registers the signer's account.
 * @throws NotCivilRegistry, PersonAlreadyRegistered, SignatureExpired, InvalidSignature, PatientExists
 */
export async function sendRegister(
  chain: Chain,
  signer: Signer,
  attestation: SignedAttestation,
  profile: Hex,
  options?: SendOptions,
): Promise<Registration> {
  const receipt = await sendCall(chain, signer, encodeRegister(attestation, profile), options);
  return { ...receipt, ...(await registrationIn(chain, receipt.hash)) };
}

/** Who was registered by a transaction, alone or among other acts. @throws UNKNOWN_TRANSACTION, TRANSACTION_FAILED (nobody) */
export async function registrationIn(
  chain: Chain,
  transaction: Hex,
): Promise<Pick<Registration, "patientId" | "patientHash">> {
  for (const log of (await receiptOf(chain, transaction)).logs) {
    if (log.address !== chain.deployment.contracts.patients) continue;
    const parsed = abi.parseLog(log);
    if (parsed?.name !== "PatientRegistered") continue;
    return { patientId: parsed.args.patientId as PatientId, patientHash: parsed.args.hash as Hex };
  }
  throw new SalusError("TRANSACTION_FAILED", { transaction, reason: "no registration in it" });
}

/** Replaces the encrypted profile. @throws NotController */
export async function sendUpdateProfile(
  chain: Chain,
  signer: Signer,
  patientId: PatientId,
  profile: Hex,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("updateProfile", [patientId, profile])), options);
}

/** What the next controller signed: `ControllerRotation` of IPatients.sol. */
export interface SignedRotation {
  patientId: PatientId;
  to: Address;
  /** Unix seconds. */
  deadline: number;
  signature: Hex;
}

/** Hands the patient over to `to`, who signed for it. @throws NotController, SignatureExpired, InvalidSignature */
export async function sendRotateController(
  chain: Chain,
  signer: Signer,
  { patientId, to, deadline, signature }: SignedRotation,
  options?: SendOptions,
): Promise<Receipt> {
  const data = abi.encodeFunctionData("rotateController", [patientId, to, deadline, signature]);
  return sendCall(chain, signer, call(data), options);
}

/** Gives the pseudonym up, for good. @throws NotController, UnknownPatient, Deregistered */
export async function sendDeregister(
  chain: Chain,
  signer: Signer,
  patientId: PatientId,
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, call(abi.encodeFunctionData("deregister", [patientId])), options);
}

/** The next nonce of a signer who takes a patient over. */
export async function rotationNonceOf(chain: Chain, signer: Address): Promise<bigint> {
  return guard(() => chain.patients.nonces(signer));
}

/** Whether the chain knows the pseudonym, and whether it was given up. */
export async function standingOf(
  chain: Chain,
  patientId: PatientId,
): Promise<"unknown" | "registered" | "deregistered"> {
  const { controller, registeredAt } = await guard(() => chain.patients.patientOf(patientId));
  if (controller !== ZeroAddress) return "registered";
  return registeredAt === 0n ? "unknown" : "deregistered";
}

/** Whether the person behind the tag is registered now. */
export async function isPersonRegistered(chain: Chain, personTag: Hex): Promise<boolean> {
  return guard(() => chain.patients.isRegistered(personTag));
}

/** The patient, or null when the chain knows no such pseudonym, or it was given up. */
export async function patientOf(chain: Chain, patientId: PatientId): Promise<Patient | null> {
  const stored = await guard(() => chain.patients.patientOf(patientId));
  if (stored.controller === ZeroAddress) return null;
  return {
    patientId,
    controller: stored.controller as Address,
    registeredAt: Number(stored.registeredAt),
    commitment: stored.commitment as Hex,
    profile: stored.profile as Hex,
    hash: (await guard(() => chain.patients.hashOf(patientId))) as Hex,
  };
}

/** The pseudonyms that `account` controls now, oldest first. */
export async function patientsControlledBy(chain: Chain, account: Address): Promise<PatientId[]> {
  const { filters } = chain.patients;
  const [registered, received] = await Promise.all([
    eventsOf(chain, chain.patients, filters.PatientRegistered(undefined, account)),
    eventsOf(chain, chain.patients, filters.ControllerRotated(undefined, undefined, account)),
  ]);
  const candidates = [...new Set([...registered, ...received].map(({ args }) => args.patientId as PatientId))];
  const patients = await Promise.all(candidates.map((patientId) => patientOf(chain, patientId)));
  return patients.flatMap((patient) => (patient?.controller === account ? [patient.patientId] : []));
}
