/** What an insurer believes of a person without asking the registry again: identity is proved once (002-01). */
import { roleOf } from "../adapters/participants.js";
import { patientOf, patientsControlledBy, type SignedAttestation } from "../adapters/patients.js";
import { blockTime } from "../adapters/logs.js";
import { checkSignature } from "../adapters/signature.js";
import { commitmentOf, pseudonymOf, type Identity } from "../core/attestation.js";
import { fromHex } from "../core/bytes.js";
import { attestationTypedData } from "../core/typedData.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Address, Hex, PatientId } from "../types.js";
import type { Reader } from "./session.js";

/** Who an account says to be. */
export interface ClaimedPerson {
  account: Address;
  identity: Identity;
  /** 32 random bytes of the commitment. */
  salt: Hex;
}

/**
 * The pseudonym of an account that a civil registry has attested as this person: the one that it will have by
 * `attestation`, or without one the one that it has. Nothing is believed but the registry's signature and the chain.
 * @throws ATTESTATION_REFUSED with `reason`, CHAIN_UNREACHABLE
 */
export async function attestedPatient(
  reader: Pick<Reader, "chain">,
  person: ClaimedPerson,
  attestation?: SignedAttestation,
): Promise<PatientId> {
  const commitment = commitmentOf(person.identity, fromHex(person.salt));
  return attestation ? byAttestation(reader, person, commitment, attestation) : byChain(reader, person, commitment);
}

async function byAttestation(
  { chain }: Pick<Reader, "chain">,
  { account: controller }: ClaimedPerson,
  commitment: Hex,
  { registry, signature, ...attestation }: SignedAttestation,
): Promise<PatientId> {
  refuseUnless(attestation.commitment === commitment, "of another person");
  const [now, role] = await Promise.all([blockTime(chain), roleOf(chain, registry)]);
  refuseUnless(attestation.deadline >= now, "expired");
  refuseUnless(role === "civil registry", "not by a civil registry");
  const { chainId, contracts } = chain.deployment;
  const signed = attestationTypedData(chainId, contracts.patients, { controller, ...attestation });
  await checkSignature(chain, registry, signed, signature).catch((error: unknown) => {
    throw isSalusError(error, "InvalidSignature") ? refusal("for another account, chain or contract") : error;
  });
  return pseudonymOf(controller, commitment);
}

async function byChain(
  { chain }: Pick<Reader, "chain">,
  { account }: ClaimedPerson,
  commitment: Hex,
): Promise<PatientId> {
  for (const patientId of await patientsControlledBy(chain, account)) {
    if ((await patientOf(chain, patientId))?.commitment === commitment) return patientId;
  }
  throw refusal("none, and the chain knows no such patient");
}

function refuseUnless(holds: boolean, reason: string): void {
  if (!holds) throw refusal(reason);
}

function refusal(reason: string): SalusError {
  return new SalusError("ATTESTATION_REFUSED", { reason });
}
