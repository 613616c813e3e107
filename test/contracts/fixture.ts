import { hexlify, randomBytes } from "ethers";
import { network } from "hardhat";

/** One in-process chain for all contract tests; `networkHelpers.loadFixture` rewinds it. */
export const { ethers, networkHelpers } = await network.create();

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

export const READ = 1;
export const WRITE = 2;
export const FOREVER = 2n ** 48n - 1n;
export const YEAR = 365 * 24 * 3600;

/** 32 random bytes as hex. */
export const bytes32 = (): string => hexlify(randomBytes(32));

/** All contracts, and every kind of participant accredited for ten years: root -> authority -> hospital -> doctor. */
export async function deployed() {
  const [root, registry, authority, insurer, hospital, doctor, laboratory, amina, bashir, stranger, relayer] =
    await ethers.getSigners();
  const forwarder = await ethers.deployContract("ERC2771Forwarder", ["Salus"]);
  const participants = await ethers.deployContract("Participants", [root]);
  const keys = await ethers.deployContract("Keys", [forwarder]);
  const patients = await ethers.deployContract("Patients", [forwarder, participants]);
  const policies = await ethers.deployContract("Policies", [forwarder, participants, patients]);
  const consents = await ethers.deployContract("Consents", [forwarder, patients]);
  const records = await ethers.deployContract("Records", [forwarder, participants, patients, consents]);

  const until = (await networkHelpers.time.latest()) + 10 * YEAR;
  const accredit = async (parent: typeof root, account: typeof root, role: number) => {
    await participants.connect(parent).accredit(account, role, until, bytes32());
  };
  await accredit(root, registry, Role.CivilRegistry);
  await accredit(root, authority, Role.HealthAuthority);
  await accredit(root, insurer, Role.Insurer);
  await accredit(authority, hospital, Role.Hospital);
  await accredit(hospital, doctor, Role.Doctor);
  await accredit(hospital, laboratory, Role.Laboratory);

  const accounts = { root, registry, authority, insurer, hospital, doctor, laboratory, amina, bashir, stranger, relayer };
  return { ...accounts, forwarder, participants, keys, patients, policies, consents, records, until };
}
