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
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > 65_533) {
    throw new InvalidArgumentError("A port is a number from 1024 to 65533.");
  }
  return port;
}

/** Reads the flags; prints help or one line about a wrong flag, and ends, where that is the answer. */
export function readOptions(argv: readonly string[]): StartOptions {
  const flags = new Command("npm start --")
    .configureOutput({ outputError: (text, write) => write(text.trimStart()) })
    .description("Starts Salus on this machine: chain, IPFS node, DApp, and a small world to try it in.")
    .option("--reset", "forget all local state first", false)
    .option("--no-seed", "start with the contracts alone")
    .option("--dev", "serve the DApp from its sources", false)
    .option("--port <n>", "port of the DApp (5173); the chain and the IPFS node then take the next two", parsePort)
    .option("--chain-port <n>", "port of the chain (8545)", parsePort)
    .option("--ipfs-port <n>", "port of the IPFS node (5001)", parsePort)
    .parse(argv, { from: "user" })
    .opts<{ reset: boolean; seed: boolean; dev: boolean; port?: number; chainPort?: number; ipfsPort?: number }>();
  const { reset, seed, dev, port } = flags;
  return {
    reset,
    seed,
    dev,
    dappPort: port ?? 5173,
    chainPort: flags.chainPort ?? (port === undefined ? 8545 : port + 1),
    ipfsPort: flags.ipfsPort ?? (port === undefined ? 5001 : port + 2),
  };
}
