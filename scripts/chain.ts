/**
 * The local chain as a process of its own: Hardhat's node without its chatter, `--port N` on 127.0.0.1, for programs and
 * for the web pages named by `--origin URL`. Prints one JSON line when it answers. It keeps no state: each start is a new
 * chain with a new genesis.
 */
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

import hre from "hardhat";

import { rpcServer } from "./lib/rpc-server.js";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8545" }, origin: { type: "string", multiple: true, default: [] } },
});

// Else the chain's clock would lag by the time since Hardhat read its configuration.
const { provider } = await hre.network.create({ network: "node", override: { initialDate: new Date() } });
const server = rpcServer(provider, values.origin);
server.once("error", (error) => {
  process.stderr.write(`Port ${values.port} can't be used: ${error.message}\n`);
  process.exit(1);
});
server.listen(Number(values.port), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}` }));
});

// Nothing here is worth saving.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(0));
