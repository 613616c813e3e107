import { hexlify, randomBytes } from "ethers";
import { network } from "hardhat";

import { signAttestation } from "./signing.js";

/** One in-process chain for all contract tests; `networkHelpers.loadFixture` rewinds it. */
export const { ethers, networkHelpers } = await network.create();

/** An account of the test chain. */
export type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

/** `enum Role` of IParticipants.sol. */
export const Role = {
  None: 0,
  CivilRegistry: 1,
  HealthAuthority: 2,
  Insurer: 3,
  Hospital: 4,
  Laboratory: 5,
  Pharmacy: 6,
  Doctor: 7,
} as const;

/** `enum PolicyStatus` of IPolicies.sol. */
export const PolicyStatus = {
  None: 0,
  Offered: 1,
  Lapsed: 2,
  Accepted: 3,
  Active: 4,
  Expired: 5,
  Cancelled: 6,
  Superseded: 7,
} as const;

/** `enum VisitStatus` of IVisits.sol. */
export const VisitStatus = { None: 0, Withdrawn: 1, Open: 2, Ended: 3 } as const;

/** `enum ReportStatus` of IFulfilments.sol. */
export const ReportStatus = { Partial: 0, Final: 1, Corrected: 2 } as const;

export const READ = 1;
export const WRITE = 2;
export const FOREVER = 2n ** 48n - 1n;
export const YEAR = 365 * 24 * 3600;
export const ZERO = `0x${"00".repeat(32)}`;

/** 32 random bytes as hex. */
export const bytes32 = (): string => hexlify(randomBytes(32));

/** What an author appends: a record of 5,000 bytes with random digests. */
export const entry = () => ({
  nonce: BigInt(hexlify(randomBytes(8))),
  size: 5_000n,
  payload: bytes32(),
  header: bytes32(),
});

/**
 * All contracts, and every kind of participant accredited for ten years: root -> authority -> hospital -> doctor. A second
 * hospital has a doctor and a laboratory of its own; the pharmacy is the authority's.
 */
export async function deployed() {
  const signers = await ethers.getSigners();
  const [root, registry, authority, insurer, hospital, doctor, laboratory, amina, bashir, stranger, relayer] =
    signers as [Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer];
  const [otherHospital, otherDoctor, otherLaboratory, pharmacy] = signers.slice(11) as [Signer, Signer, Signer, Signer];
  const forwarder = await ethers.deployContract("Forwarder");
  const participants = await ethers.deployContract("Participants", [root]);
  const keys = await ethers.deployContract("Keys", [forwarder]);
  const patients = await ethers.deployContract("Patients", [forwarder, participants]);
  const policies = await ethers.deployContract("Policies", [forwarder, participants, patients]);
  const consents = await ethers.deployContract("Consents", [forwarder, patients]);
  const visits = await ethers.deployContract("Visits", [forwarder, participants, patients]);
  const orders = await ethers.deployContract("Orders", [forwarder, participants, patients, visits]);
  const records = await ethers.deployContract("Records", [forwarder, participants, patients, consents, visits, orders]);
  const fulfilments = await ethers.deployContract("Fulfilments", [forwarder, orders, records]);
  const claims = await ethers.deployContract("Claims", [forwarder, patients, policies, visits, records]);

  const until = BigInt((await networkHelpers.time.latest()) + 10 * YEAR);
  const accredit = async (parent: Signer, account: Signer, role: number) => {
    await participants.connect(parent).accredit(account, role, until, bytes32());
  };
  await accredit(root, registry, Role.CivilRegistry);
  await accredit(root, authority, Role.HealthAuthority);
  await accredit(root, insurer, Role.Insurer);
  await accredit(authority, hospital, Role.Hospital);
  await accredit(hospital, doctor, Role.Doctor);
  await accredit(hospital, laboratory, Role.Laboratory);
  await accredit(authority, otherHospital, Role.Hospital);
  await accredit(otherHospital, otherDoctor, Role.Doctor);
  await accredit(otherHospital, otherLaboratory, Role.Laboratory);
  await accredit(authority, pharmacy, Role.Pharmacy);

  /** The civil registry's word for a person, and its signature over it for `controller`. */
  const attest = async (
    controller: string,
    { personTag = bytes32(), commitment = bytes32(), nonce = 1n, deadline = until } = {},
  ) => {
    const attestation = { registry: registry.address, personTag, commitment, nonce, deadline };
    return { attestation, signature: await signAttestation(patients, registry, controller, attestation) };
  };
  /** Registers `controller` as a new patient and returns the pseudonym. */
  const register = async (controller: Signer): Promise<string> => {
    const { attestation, signature } = await attest(controller.address);
    const call = patients.connect(controller).register;
    const patientId = await call.staticCall(attestation, bytes32(), signature);
    await call(attestation, bytes32(), signature);
    return patientId;
  };

  const accounts = {
    root,
    registry,
    authority,
    insurer,
    hospital,
    doctor,
    laboratory,
    amina,
    bashir,
    stranger,
    relayer,
    otherHospital,
    otherDoctor,
    otherLaboratory,
    pharmacy,
  };
  const contracts = {
    forwarder,
    participants,
    keys,
    patients,
    policies,
    consents,
    visits,
    orders,
    records,
    fulfilments,
    claims,
  };
  return { ...accounts, ...contracts, until, attest, register };
}

/** The world of `deployed`. */
export type World = Awaited<ReturnType<typeof deployed>>;
