/** What a command works with, opened when first needed and closed at the end. */
import { dirname, join } from "node:path";

import { FetchRequest, getAddress, isHexString } from "ethers";

import {
  connectChain,
  connectIpfs,
  patientIdOf,
  patientsControlledBy,
  SalusError,
  type Address,
  type Chain,
  type Drafts,
  type Hex,
  type PatientId,
  type Reader,
  type Session,
} from "../../sdk/index.js";
import { fileDrafts, fileJournal } from "../../sdk/node.js";
import { readDeployment } from "../deploy.js";
import { LOCAL_CHAIN_ID, personaOf } from "../seed/personas.js";
import { CliError } from "./errors.js";
import { openIdentity, unlockRoot, type Identity } from "./identity.js";
import type { Output } from "./output.js";
import type { Settings } from "./settings.js";

/** The surroundings of one call. */
export class Context {
  #chain?: Promise<Chain>;
  #identity?: Promise<Identity>;

  constructor(
    readonly settings: Settings,
    readonly output: Output,
  ) {}

  /** The chain of the deployment file. @throws NO_DEPLOYMENT, FILE_INVALID, CHAIN_UNREACHABLE, WRONG_CHAIN, CHAIN_RESTARTED */
  chain(): Promise<Chain> {
    this.#chain ??= readDeployment(this.settings.deployment).then((deployment) =>
      connectChain({ deployment, rpcUrl: this.settings.rpc }),
    );
    return this.#chain;
  }

  /** Enough to read what is public. */
  async reader(): Promise<Reader> {
    return { chain: await this.chain(), store: connectIpfs(this.settings.ipfs) };
  }

  /** The account that acts. */
  async identity(): Promise<Identity> {
    const { deployment } = await this.chain();
    this.#identity ??= openIdentity(this.settings, this.output, deployment.chainId);
    return this.#identity;
  }

  /** The folder of the journals, beside the deployment file; each deployment has its own, each account one in it. */
  async journals(): Promise<string> {
    const { genesisHash, contracts } = (await this.chain()).deployment;
    const name = `${genesisHash.slice(2, 10)}-${contracts.records.slice(2, 10)}`;
    return join(dirname(this.settings.deployment), "journal", name);
  }

  /** Where the acting account's permits are kept that weren't used yet, sealed, beside its journal. */
  async permits(): Promise<Drafts> {
    return fileDrafts(join(await this.journals(), `${(await this.identity()).address}.permits`));
  }

  /** A session that can sign and not decrypt. */
  async session(): Promise<Session> {
    const [reader, identity] = [await this.reader(), await this.identity()];
    return {
      ...reader,
      signer: identity.wallet.connect(reader.chain.provider),
      account: identity.address,
      journal: await fileJournal(join(await this.journals(), identity.address)),
    };
  }

  /** A session that can sign and decrypt. */
  async unlocked(): Promise<Session & { root: Uint8Array }> {
    const session = await this.session();
    return { ...session, root: await unlockRoot(session, await this.identity()) };
  }

  /** An account named by its address, or by a persona on the local chain. @param chainId when not the deployment's @throws USAGE */
  async account(name: string, chainId?: number): Promise<Address> {
    if (isHexString(name, 20)) {
      try {
        return getAddress(name) as Address;
      } catch {
        throw new CliError("USAGE", { account: name, reason: "its checksum is wrong: a character may be mistyped" });
      }
    }
    const id = chainId ?? (await this.chain()).deployment.chainId;
    const persona = id === LOCAL_CHAIN_ID ? personaOf(name) : undefined;
    if (!persona) throw new CliError("USAGE", { account: name, reason: "it must be an address of 20 bytes" });
    return persona.address;
  }

  /** A patient named by pseudonym, account or persona; the acting account's own when nobody is named. */
  async patient(name: string | undefined, session?: Session): Promise<PatientId> {
    if (name === undefined) return patientIdOf(session ?? (await this.session()));
    if (isHexString(name, 32)) return name.toLowerCase() as PatientId;
    const account = await this.account(name);
    const [patientId] = await patientsControlledBy(await this.chain(), account);
    if (!patientId) throw new SalusError("NOT_REGISTERED", { account });
    return patientId;
  }

  /** Lets the process end: an open connection would keep it alive. */
  async close(): Promise<void> {
    const chain = await this.#chain?.catch(() => undefined);
    chain?.provider.destroy();
  }
}

/** A digest or id of 32 bytes. @throws USAGE */
export function hex32(what: string, value: string): Hex {
  if (!isHexString(value, 32)) throw new CliError("USAGE", { [what]: value, reason: "it must be 32 bytes in hex" });
  return value.toLowerCase() as Hex;
}

/** Asks a node which chain it serves. @throws CHAIN_UNREACHABLE */
export async function chainIdAt(rpcUrl: string): Promise<number> {
  const request = new FetchRequest(rpcUrl);
  request.timeout = 10_000;
  request.body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  request.setHeader("content-type", "application/json");
  try {
    const { result } = (await request.send()).bodyJson as { result: string };
    return Number(BigInt(result));
  } catch (error) {
    throw new SalusError("CHAIN_UNREACHABLE", { rpc: new URL(rpcUrl).host }, { cause: error });
  }
}
