import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { HDNodeWallet, type AbstractSigner, type JsonRpcProvider } from "ethers";
import { network } from "hardhat";

import { rpcServer } from "../scripts/lib/rpc-server.js";
import {
  accredit,
  attest,
  chainTime,
  connectChain,
  connectIpfs,
  createAccount,
  deploySalus,
  openDrawers,
  register,
  requestRegistration,
  rpcProvider,
  SCOPE_LABELS,
  type Address,
  type Deployment,
  type PatientId,
  type Reader,
  type Role,
  type Session,
} from "../sdk/index.js";
import { fileJournal } from "../sdk/node.js";
import { startIpfsNode } from "../services/ipfs/index.js";

/** The phrase of the development accounts. */
export const MNEMONIC = "test test test test test test test test test test test junk";
const CHAIN_ID = 31337;

/** Ten years in seconds. */
export const TEN_YEARS = 10 * 365 * 24 * 3600;

/** The passphrase of every account in a test world. */
export const PASSPHRASE = "correct horse battery staple";

/** A real chain behind HTTP and WebSocket, a real IPFS node, and Salus deployed on them. */
export interface World {
  rpcUrl: string;
  ipfsUrl: string;
  /** A scratch folder that `stop` removes. */
  folder: string;
  deployment: Deployment;
  reader: Reader;
  /** A session of the development account with this number, locked. */
  session(index: number): Promise<Session>;
  /** The same with a fresh account root whose key is published. */
  account(index: number): Promise<Unlocked>;
  /** An accredited account with a root. */
  participant(index: number, parent: Session, role: Role, name: string): Promise<Unlocked>;
  /** A registered patient with all drawers open. */
  patient(index: number, registry: Unlocked, name: string): Promise<PatientSession>;
  /** A call to the chain's node, for what no client may do: time, mining, the state. */
  rpc(method: string, ...params: unknown[]): Promise<unknown>;
  /** Lets `seconds` pass on chain. */
  advance(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** A session with an account root. */
export type Unlocked = Session & { root: Uint8Array };

/** Who a small town needs. */
export interface Town extends World {
  root: Unlocked;
  registry: Unlocked;
  insurer: Unlocked;
  hospital: Unlocked;
  doctor: Unlocked;
  colleague: Unlocked;
  laboratory: Unlocked;
  stranger: Unlocked;
  amina: PatientSession;
}

/** A patient's session. */
export type PatientSession = Unlocked & { patientId: PatientId };

/** Starts a world. @param origins web pages that may use the chain and the IPFS node */
export async function startWorld(origins: string[] = []): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "salus-world-"));
  // Else the chain's clock would lag by the age of this process, behind the clock that services make their offers by.
  const connection = await network.create({ override: { initialDate: new Date() } });
  const server = rpcServer(connection.provider, origins).listen(0, "127.0.0.1");
  await once(server, "listening");
  const rpcUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // With SALUS_TEST_IPFS_URL another node that speaks Kubo's RPC takes its place.
  const foreign = process.env["SALUS_TEST_IPFS_URL"];
  const ipfs = foreign
    ? { url: foreign, close: () => Promise.resolve() }
    : await startIpfsNode({ dir: join(folder, "ipfs"), origins });
  const provider = rpcProvider(rpcUrl, CHAIN_ID) as JsonRpcProvider;
  const deployment = await deploySalus(signerOf(0).connect(provider));
  const chain = await connectChain({ deployment, provider });
  const store = connectIpfs(ipfs.url);

  const rpc = async (method: string, ...params: unknown[]): Promise<unknown> => provider.send(method, params);
  const session = async (index: number): Promise<Session> => {
    const signer: AbstractSigner = signerOf(index).connect(provider);
    const account = (await signer.getAddress()) as Address;
    return { chain, store, signer, account, journal: await fileJournal(join(folder, "journal", account)) };
  };
  const account = async (index: number) => {
    const locked = await session(index);
    return { ...locked, root: await createAccount(locked, PASSPHRASE, { workFactor: 10 }) };
  };
  return {
    rpcUrl,
    ipfsUrl: ipfs.url,
    folder,
    deployment,
    reader: { chain, store },
    session,
    account,
    async participant(index, parent, role, name) {
      const participant = await account(index);
      const until = (await chainTime(chain)) + TEN_YEARS;
      await accredit(parent, { account: participant.account, role, until, name });
      return participant;
    },
    async patient(index, registry, name) {
      const patient = await account(index);
      const identity = { nationalId: `1990${index}12345678`, name, birthDate: "1990-05-17" };
      const request = requestRegistration(patient, identity);
      const attestation = await attest(registry, registry.signer, registry.root, request);
      const { patientId } = await register(patient, request, attestation, { insuranceCard: `HM-${index}` });
      await openDrawers(patient, patientId, SCOPE_LABELS);
      return { ...patient, patientId };
    },
    rpc,
    async advance(seconds) {
      await rpc("evm_increaseTime", seconds);
      await rpc("evm_mine");
    },
    async stop() {
      provider.destroy();
      server.close();
      server.closeAllConnections();
      await connection.close();
      await ipfs.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a world with participants and one patient. */
export async function startTown(): Promise<Town> {
  const world = await startWorld();
  const root = await world.account(0);
  const registry = await world.participant(1, root, "civil registry", "Civil Registry");
  const authority = await world.participant(2, root, "health authority", "Health Authority");
  const insurer = await world.participant(3, root, "insurer", "Harbour Mutual");
  const hospital = await world.participant(4, authority, "hospital", "City Hospital");
  const doctor = await world.participant(5, hospital, "doctor", "Dr Sarah Lee");
  const colleague = await world.participant(6, hospital, "doctor", "Dr Omar Haddad");
  const laboratory = await world.participant(8, hospital, "laboratory", "Harbour Laboratory");
  const stranger = await world.account(10);
  const amina = await world.patient(7, registry, "Amina Rahman");
  return { ...world, root, registry, insurer, hospital, doctor, colleague, laboratory, stranger, amina };
}

function signerOf(index: number): HDNodeWallet {
  return HDNodeWallet.fromPhrase(MNEMONIC, undefined, pathOf(index));
}

/** The derivation path of the development account with this number. */
export function pathOf(index: number): string {
  return `m/44'/60'/0'/0/${index}`;
}
