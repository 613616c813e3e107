/** The flags of `npm start`. */
import { Command, InvalidArgumentError } from "commander";

/** What to start, and where. Ports are on 127.0.0.1. */
export interface StartOptions {
  /** Forget all local state first: documents, keystores, what was built. */
  reset: boolean;
  /** Seed the demo's personas, policies and documents. */
  seed: boolean;
  /** Serve the DApp from its sources and reload it as they change. */
  dev: boolean;
  dappPort: number;
  chainPort: number;
  ipfsPort: number;
  registryPort: number;
  insurerPort: number;
  authorityPort: number;
}

/** Where the parts listen unless told otherwise. With `--port` they follow the DApp, in this order. */
const PORTS = {
  dappPort: 5173,
  chainPort: 8545,
  ipfsPort: 5001,
  registryPort: 4101,
  insurerPort: 4102,
  authorityPort: 4103,
} as const;

/** Room for the others behind the DApp's. */
const LAST_PORT = 65_535 - Object.keys(PORTS).length + 1;

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > LAST_PORT) {
    throw new InvalidArgumentError(`A port is a number from 1024 to ${LAST_PORT}.`);
  }
  return port;
}

/** Reads the flags; prints help or one line about a wrong flag, and ends, where that is the answer. */
export function readOptions(argv: readonly string[]): StartOptions {
  const flags = new Command("npm start --")
    .configureOutput({ outputError: (text, write) => write(text.trimStart()) })
    .description(
      "Starts Salus on this machine: chain, IPFS node, DApp, attestation services, and a small world to try it in.",
    )
    .option("--reset", "forget all local state first", false)
    .option("--no-seed", "start with the contracts alone")
    .option("--dev", "serve the DApp from its sources", false)
    .option("--port <n>", "port of the DApp (5173); the others then take the next five, in this order", parsePort)
    .option("--chain-port <n>", "port of the chain (8545)", parsePort)
    .option("--ipfs-port <n>", "port of the IPFS node (5001)", parsePort)
    .option("--registry-port <n>", "port of the civil registry (4101)", parsePort)
    .option("--insurer-port <n>", "port of the insurer (4102)", parsePort)
    .option("--authority-port <n>", "port of the health authority (4103)", parsePort)
    .parse(argv, { from: "user" })
    .opts<Partial<StartOptions> & { port?: number }>();
  const { port, reset = false, seed = true, dev = false } = flags;
  const ports = Object.entries(PORTS).map(([name, usual], nth) => {
    const followed = port === undefined ? usual : port + nth;
    return [name, flags[name as keyof typeof PORTS] ?? followed];
  });
  return { reset, seed, dev, ...(Object.fromEntries(ports) as Record<keyof typeof PORTS, number>) };
}
