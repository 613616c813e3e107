/** The EIP-712 signatures that the contracts take, made without the SDK so that each is checked against the other. */
import type { BaseContract, BigNumberish, Signer, TypedDataField } from "ethers";

const fields = (text: string): TypedDataField[] =>
  text.split(",").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { name, type };
  });

/** The typed data that the contracts know. */
export const TYPES = {
  Attestation: fields("address controller,bytes32 personTag,bytes32 commitment,uint256 nonce,uint256 deadline"),
  Accreditation: fields(
    "address account,uint8 role,uint48 until,bytes32 profile,uint256 held,uint256 nonce,uint256 deadline",
  ),
  Offer: fields(
    "bytes32 patientId,bytes32 ref,bytes32 previousRef,bytes32 wording,bytes32 schedule,uint48 from,uint48 until,bytes32 offer,uint256 nonce,uint256 deadline",
  ),
  Permit: fields(
    "bytes32 patientId,bytes32 hash,address hospital,uint64 nonce,uint48 until,bytes32 sealedKey,uint256 deadline",
  ),
  ControllerRotation: fields("bytes32 patientId,address from,address to,uint256 nonce,uint256 deadline"),
  Grant: fields(
    "bytes32 patientId,bytes32 subject,address grantee,uint8 rights,uint48 until,bytes32 sealedKey,uint256 nonce,uint256 deadline",
  ),
  Revocation: fields("bytes32 patientId,bytes32 subject,address grantee,uint256 nonce,uint256 deadline"),
  ForwardRequest: fields("address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data"),
};

/** Signs one of the types above for `contract`, whose domain is called `name`. */
export async function sign(
  contract: BaseContract,
  name: string,
  signer: Signer,
  type: keyof typeof TYPES,
  value: Record<string, BigNumberish>,
): Promise<string> {
  const { chainId } = (await contract.runner?.provider?.getNetwork()) ?? {};
  const domain = { name, version: "1", chainId, verifyingContract: await contract.getAddress() };
  return signer.signTypedData(domain, { [type]: TYPES[type] }, value);
}

/** What a civil registry says, as in IPatients.sol. */
export interface Attestation {
  registry: string;
  personTag: string;
  commitment: string;
  nonce: bigint;
  deadline: bigint;
}

/** A civil registry's signature that `controller` is the person behind the tag. */
export const signAttestation = (
  patients: BaseContract,
  registry: Signer,
  controller: string,
  { personTag, commitment, nonce, deadline }: Omit<Attestation, "registry">,
): Promise<string> =>
  sign(patients, "Salus Patients", registry, "Attestation", { controller, personTag, commitment, nonce, deadline });

/** What an accreditation by signature says, `Terms` of IParticipants.sol. */
export interface AccreditationTerms {
  account: string;
  role: number;
  until: bigint;
  profile: string;
  held: bigint;
}

/** A parent's signature under an accreditation. */
export const signAccreditation = (
  participants: BaseContract,
  parent: Signer,
  terms: AccreditationTerms,
  nonce: bigint,
  deadline: bigint,
): Promise<string> => sign(participants, "Salus Participants", parent, "Accreditation", { ...terms, nonce, deadline });

/** What an insurer offers, as in IPolicies.sol. */
export interface Offer {
  patientId: string;
  ref: string;
  previousRef: string;
  wording: string;
  schedule: string;
  from: bigint;
  until: bigint;
  offer: string;
}

/** An insurer's signature under an offer. */
export const signOffer = (
  policies: BaseContract,
  insurer: Signer,
  offer: Offer,
  nonce: bigint,
  deadline: bigint,
): Promise<string> => sign(policies, "Salus Policies", insurer, "Offer", { ...offer, nonce, deadline });

/** The next controller's signature that it takes the patient over. */
export const signRotation = (
  patients: BaseContract,
  signer: Signer,
  value: { patientId: string; from: string; to: string; nonce: bigint; deadline: bigint },
): Promise<string> => sign(patients, "Salus Patients", signer, "ControllerRotation", value);

/** What a grant says, as in IConsents.sol. */
export interface Terms {
  patientId: string;
  subject: string;
  grantee: string;
  rights: number;
  until: bigint;
  sealedKey: string;
}

/** The controller's signature under a grant. */
export const signGrant = (
  consents: BaseContract,
  signer: Signer,
  terms: Terms,
  nonce: bigint,
  deadline: bigint,
): Promise<string> => sign(consents, "Salus Consents", signer, "Grant", { ...terms, nonce, deadline });

/** The controller's signature under a revocation. */
export const signRevocation = (
  consents: BaseContract,
  signer: Signer,
  value: { patientId: string; subject: string; grantee: string },
  nonce: bigint,
  deadline: bigint,
): Promise<string> => sign(consents, "Salus Consents", signer, "Revocation", { ...value, nonce, deadline });

/** What a patient lets a hospital open, as in IVisits.sol. */
export interface Permit {
  patientId: string;
  hash: string;
  hospital: string;
  nonce: bigint;
  until: bigint;
  sealedKey: string;
}

/** The controller's signature under a permit. */
export const signPermit = (visits: BaseContract, signer: Signer, permit: Permit, deadline: bigint): Promise<string> =>
  sign(visits, "Salus Visits", signer, "Permit", { ...permit, deadline });
