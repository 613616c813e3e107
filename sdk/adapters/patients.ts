/** `Patients`: pseudonyms and who controls them (IPatients.sol). */
import { type Signer, ZeroAddress } from "ethers";

import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId } from "../types.js";
import { receiptOf, send, type Chain, type Receipt, type SendOptions } from "./chain.js";
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

/**
 * Registers the signer's account.
 * @throws NotCivilRegistry, PersonAlreadyRegistered, SignatureExpired, InvalidSignature, PatientExists
 */
export async function sendRegister(
  chain: Chain,
  signer: Signer,
  { signature, ...attestation }: SignedAttestation,
  profile: Hex,
  options?: SendOptions,
): Promise<Registration> {
  const sender = (await signer.getAddress()) as Address;
  const contract = chain.patients.connect(signer);
  const receipt = await send(chain, sender, () => contract.register(attestation, profile, signature), options);
  for (const log of (await receiptOf(chain, receipt.hash)).logs) {
    if (log.address !== chain.deployment.contracts.patients) continue;
    const parsed = chain.patients.interface.parseLog(log);
    if (parsed?.name !== "PatientRegistered") continue;
    return { ...receipt, patientId: parsed.args.patientId as PatientId, patientHash: parsed.args.hash as Hex };
  }
  throw new SalusError("TRANSACTION_FAILED", { transaction: receipt.hash, reason: "no registration in it" });
}

/** Replaces the encrypted profile. @throws NotController */
export async function sendUpdateProfile(
  chain: Chain,
  signer: Signer,
  patientId: PatientId,
  profile: Hex,
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  return send(chain, sender, () => chain.patients.connect(signer).updateProfile(patientId, profile), options);
}

/** Hands the patient over to `to`, who signed for it. @throws NotController, SignatureExpired, InvalidSignature */
export async function sendRotateController(
  chain: Chain,
  signer: Signer,
  { patientId, to, deadline, signature }: { patientId: PatientId; to: Address; deadline: number; signature: Hex },
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const contract = chain.patients.connect(signer);
  return send(chain, sender, () => contract.rotateController(patientId, to, deadline, signature), options);
}

/** The patient, or null when the chain knows no such pseudonym. */
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
