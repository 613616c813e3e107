/** What is on the chain when a newcomer arrives: the contracts, and a small world to try them in. */
import { join } from "node:path";

import { JsonRpcProvider } from "ethers";

import { STATE } from "../lib/paths.js";
import type { Log } from "./log.js";

/** Where the parts that already run can be reached. */
export interface Addresses {
  rpcUrl: string;
  ipfsUrl: string;
  dappUrl: string;
}

/** Where `npm start` leaves the addresses of the contracts for the command line. */
export const DEPLOYMENT_FILE = join(STATE, "deployment.json");

/** Deploys the contracts on the new chain. Imported late: compiling may just have rewritten the contracts' types. */
export async function deployContracts({ rpcUrl }: Addresses, log: Log): Promise<object> {
  const [{ deploy }, { knownPersona, personaWallet }] = await Promise.all([
    import("../deploy.js"),
    import("../seed/personas.js"),
  ]);
  const provider = new JsonRpcProvider(rpcUrl, undefined, { polling: true, pollingInterval: 50, cacheTimeout: -1 });
  try {
    const signer = personaWallet(knownPersona("operator")).connect(provider);
    const deployment = await deploy({ signer, file: DEPLOYMENT_FILE });
    log("deploy", JSON.stringify(deployment));
    return deployment;
  } finally {
    provider.destroy();
  }
}
