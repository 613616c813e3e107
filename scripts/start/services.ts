/** The three attestation services of `npm start`, each over a small database of invented people. */
import { join } from "node:path";

import type { Address } from "../../sdk/index.js";
import { STATE } from "../lib/paths.js";
import { runNode } from "../lib/run.js";
import type { StartOptions } from "./options.js";
import { CannotStart } from "./preflight.js";
import type { Processes } from "./processes.js";
import { DEPLOYMENT_FILE, type Addresses } from "./world.js";

/** Databases and what they are filled from. It ends with its chain: numbers and sign-ins of one are none of another's. */
export const ATTEST_FOLDER = join(STATE, "attest");

/** What somebody who isn't registered holds in their hands; the web server has it under /papers/. */
export const PAPERS_FOLDER = join(ATTEST_FOLDER, "papers");

const SERVICES = [
  { part: "civil registry", face: "registry", lines: "registry.ndjson" },
  { part: "insurer", face: "insurer", lines: "cards.ndjson" },
  { part: "health authority", face: "authority", lines: "licences.ndjson" },
] as const;

/** Where the page finds them. */
export function servicesAt(at: (port: number) => string, { registryPort, insurerPort, authorityPort }: StartOptions) {
  return { registry: at(registryPort), insurers: [at(insurerPort)], authority: at(authorityPort) };
}

/** Writes the people, cards and licences, and the papers. @param euro what claims are settled in @throws CannotStart */
export async function preparePeople(euro: Address): Promise<void> {
  const folders = [ATTEST_FOLDER, PAPERS_FOLDER];
  const { code, output } = await runNode(join(import.meta.dirname, "people.ts"), [...folders, euro]);
  if (code !== 0) throw new CannotStart(`The people of the small world can't be made.\n${output.trim()}`);
}

/** Starts the three; resolves when all answer. One that crashes later is reported, and the rest goes on. @throws CannotStart */
export async function startServices(
  processes: Processes,
  { rpcUrl, ipfsUrl, origins }: Addresses,
  options: StartOptions,
): Promise<void> {
  const world = ["--rpc", rpcUrl, "--ipfs", ipfsUrl, "--deployment", DEPLOYMENT_FILE];
  const pages = origins.flatMap((origin) => ["--origin", origin]);
  const starting = SERVICES.map(({ part, face, lines }) => {
    const port = String(options[`${face}Port`]);
    const database = join(ATTEST_FOLDER, `${face}.sqlite`);
    const own = ["--port", port, "--database", database, "--import", join(ATTEST_FOLDER, lines)];
    const serve = [...world, "--as", face, "serve", face, ...own, ...pages];
    return processes.start(part, "scripts/salus.ts", serve, { isVital: false });
  });
  await Promise.all(starting);
}
