/** What is on the chain when a newcomer arrives: the contracts, and a small world to try them in. */
import { join } from "node:path";

import { JsonRpcProvider } from "ethers";

import type { Address, Deployment } from "../../sdk/index.js";
import { STATE } from "../lib/paths.js";
import type { Log } from "./log.js";

/** Where the parts that already run can be reached. */
export interface Addresses {
  rpcUrl: string;
  ipfsUrl: string;
  /** The page's, under both names of this machine: people write either into the address bar. */
  origins: string[];
}

/** Where `npm start` leaves the addresses of the contracts for the command line. */
export const DEPLOYMENT_FILE = join(STATE, "deployment.json");

/** Where seeding keeps what it has begun; the journals of the command line are beside it, one folder a deployment. */
export const SEED_JOURNAL = join(STATE, "seed");

/** What is deployed: Salus, and the token without value that the demo's claims are settled in. */
export interface Deployed {
  deployment: Deployment;
  euro: Address;
}

/** Deploys the contracts on the new chain. Imported late: compiling may just have rewritten the contracts' types. */
export async function deployContracts({ rpcUrl }: Addresses, log: Log): Promise<Deployed> {
  const [{ deploy }, { deployEuro }, { knownPersona, personaWallet }] = await Promise.all([
    import("../deploy.js"),
    import("../seed/euro.js"),
    import("../seed/personas.js"),
  ]);
  const provider = new JsonRpcProvider(rpcUrl, undefined, { polling: true, pollingInterval: 50, cacheTimeout: -1 });
  try {
    const signer = personaWallet(knownPersona("operator")).connect(provider);
    const deployment = await deploy({ signer, file: DEPLOYMENT_FILE });
    const euro = await deployEuro(signer);
    log("deploy", JSON.stringify({ ...deployment, euro }));
    return { deployment, euro };
  } finally {
    provider.destroy();
  }
}

/** What the page's persona switcher offers: dapp/lib/config.ts reads it. */
interface PagePersona {
  name: string;
  role: string;
  about: string;
  account: string;
  privateKey: string;
  passphrase: string;
}

/** The personas with their well-known development keys, for the page. */
export async function pagePersonas(): Promise<PagePersona[]> {
  const { PERSONAS, personaWallet } = await import("../seed/personas.js");
  return PERSONAS.map((persona) => {
    const { name, role, hint, address, passphrase } = persona;
    return { name, role, about: hint, account: address, privateKey: personaWallet(persona).privateKey, passphrase };
  });
}

/** The papers of personas who aren't registered yet, for the page: dapp/lib/config.ts reads them. */
export async function pagePapers() {
  const { papers } = await import("../seed/papers.js");
  return papers("papers/");
}

/**
 * Seeds the small world; says in one line what it made.
 * @param onParticipants told when the authorities are accredited
 */
export async function seedWorld(
  { rpcUrl, ipfsUrl }: Addresses,
  { deployment, euro }: Deployed,
  log: Log,
  onParticipants: () => void,
): Promise<string> {
  const [{ connectChain, connectIpfs }, { seed }] = await Promise.all([
    import("../../sdk/index.js"),
    import("../seed/index.js"),
  ]);
  const chain = await connectChain({ deployment, rpcUrl });
  try {
    const made = await seed({
      chain,
      store: connectIpfs(ipfsUrl),
      journals: SEED_JOURNAL,
      euro,
      onStep: (step) => log("seed", step),
      onParticipants,
    });
    const records = made?.patients.reduce((sum, patient) => sum + patient.records, 0) ?? 0;
    return `${made?.patients.length ?? 0} patients, ${records} documents, ${made?.policies.length ?? 0} policies, all invented`;
  } finally {
    chain.provider.destroy();
  }
}
