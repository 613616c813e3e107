/**
 * `npm start`: chain, IPFS node, DApp, attestation services and a small world on this machine, until Ctrl-C.
 *
 * Steps, each a line on the terminal: check (disk, ports) -> chain, IPFS node, DApp build and compiler side by side ->
 * web server -> deploy -> seed -> services -> table. The page has its personas when the seed is done, and needn't wait for
 * the services. Everything else is in .salus/start.log.
 */
import { rmSync } from "node:fs";

import { bringTypesUpToDate } from "./lib/contracts.js";
import { buildDapp } from "./lib/dapp.js";
import { STATE } from "./lib/paths.js";
import { openLog } from "./start/log.js";
import { readOptions } from "./start/options.js";
import { CannotStart, checkDisk, checkPorts } from "./start/preflight.js";
import { Processes } from "./start/processes.js";
import { personaTable } from "./start/table.js";
import { ATTEST_FOLDER, PAPERS_FOLDER, preparePeople, servicesAt, startServices } from "./start/services.js";
import { serveBuild, serveSources } from "./start/web.js";
import {
  DEPLOYMENT_FILE,
  deployContracts,
  pagePapers,
  pagePersonas,
  SEED_JOURNAL,
  seedWorld,
  type Addresses,
} from "./start/world.js";

const options = readOptions(process.argv.slice(2));
const { dappPort, chainPort, ipfsPort } = options;
const at = (port: number) => `http://127.0.0.1:${port}`;
const dappUrl = at(dappPort);
const origins = [dappUrl, dappUrl.replace("127.0.0.1", "localhost")];
const addresses: Addresses = { rpcUrl: at(chainPort), ipfsUrl: at(ipfsPort), origins };

/** Says one line and gives up before anything was started. */
function refuse(error: unknown): never {
  if (!(error instanceof CannotStart)) throw error;
  console.error(error.message);
  process.exit(1);
}

try {
  checkDisk();
  const services = {
    "civil registry": options.registryPort,
    insurer: options.insurerPort,
    "health authority": options.authorityPort,
  };
  await checkPorts({ DApp: dappPort, chain: chainPort, "IPFS node": ipfsPort, ...(options.seed && services) });
} catch (error) {
  refuse(error);
}
// What was begun on the last chain can't be finished on this one; documents stay until --reset.
const stale = options.reset ? [STATE] : [DEPLOYMENT_FILE, SEED_JOURNAL, ATTEST_FOLDER];
for (const path of stale) rmSync(path, { recursive: true, force: true });
const { log } = openLog();

let ending = false;
/** Ends everything that was started, once, whoever asks how often. */
async function end(code: number, line: string): Promise<void> {
  if (ending) return;
  ending = true;
  console.log(line);
  await processes.end();
  process.exit(code);
}
const processes = new Processes(log, (line, isVital) => {
  if (isVital) void end(1, line);
  else if (!ending) console.log(`${line} The rest goes on without it.`);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void end(0, "\nEnding: nothing stays behind."));
}
process.on("disconnect", () => void end(0, ""));

/** Runs one step and prints a line about it. */
async function step<T>(name: string, work: Promise<T>, detail: (result: T) => string): Promise<T> {
  const result = await work;
  if (!ending) console.log(`  ✔ ${name.padEnd(11)} ${detail(result)}`);
  log("start", `${name}: ${detail(result)}`);
  return result;
}

/** What the page reads at /salus.json, from the moment when the contracts are there. */
let settings: object | undefined;

/** Builds the DApp and serves it; with --dev, Vite serves its sources. */
async function startDapp(): Promise<string> {
  if (options.dev) {
    await serveSources(dappPort, () => settings, PAPERS_FOLDER);
    return "from its sources";
  }
  const built = await buildDapp();
  await serveBuild(dappPort, () => settings, PAPERS_FOLDER);
  return built ? "built" : "up to date";
}

try {
  console.log("\nSalus is starting.");
  const pages = origins.flatMap((origin) => ["--origin", origin]);
  const chainArguments = ["--port", String(chainPort), ...pages];
  const ipfsArguments = ["--dir", `${STATE}/ipfs`, "--port", String(ipfsPort), ...pages];
  const [, , , compiled] = await Promise.all([
    step("chain", processes.start("chain", "scripts/chain.ts", chainArguments), () => addresses.rpcUrl),
    step("IPFS node", processes.start("IPFS node", "services/ipfs/main.ts", ipfsArguments), () => addresses.ipfsUrl),
    step("DApp", startDapp(), (how) => `${dappUrl} (${how})`),
    step("contracts", bringTypesUpToDate(), (compiled) => (compiled ? "compiled" : "up to date")),
  ]);
  // Changed contracts change the types that the DApp was just built with.
  if (compiled && !options.dev) await buildDapp();

  const deployed = await step("deployment", deployContracts(addresses, log), () => "fresh contracts on a fresh chain");
  const own = { rpcUrl: addresses.rpcUrl, ipfsUrl: addresses.ipfsUrl, deployment: deployed.deployment };
  if (options.seed) {
    const people = preparePeople(deployed.euro);
    const accredited = Promise.withResolvers<null>();
    const services = Promise.all([people, accredited.promise]).then(() => startServices(processes, addresses, options));
    // Who fails first is reported; the others' failures are consequences.
    for (const each of [people, services]) each.catch(() => undefined);
    const seeding = seedWorld(addresses, deployed, log, () => accredited.resolve(null));
    await step("small world", seeding, (made) => made);
    const papers = await pagePapers();
    settings = { ...own, services: servicesAt(at, options), personas: await pagePersonas(), papers };
    await step("services", services, () => "civil registry, insurer and health authority");
  } else {
    settings = { ...own, personas: await pagePersonas() };
  }

  console.log(`\n${personaTable()}\n`);
  console.log(`Open  ${dappUrl}   (chain ${addresses.rpcUrl}, IPFS ${addresses.ipfsUrl})`);
  console.log("Log   .salus/start.log   Ctrl-C ends everything.");
} catch (error) {
  if (!(error instanceof CannotStart))
    log("start", error instanceof Error ? (error.stack ?? error.message) : String(error));
  await end(1, error instanceof Error ? error.message : String(error));
}
