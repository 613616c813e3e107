/**
 * The local chain as a process of its own: Hardhat's node without its chatter, `--port N` on 127.0.0.1.
 * Prints one JSON line when it answers. It keeps no state: each start is a new chain with a new genesis.
 */
import { parseArgs } from "node:util";

import hre from "hardhat";

const { values } = parseArgs({ options: { port: { type: "string", default: "8545" } } });

const server = await hre.network.createServer("node", "127.0.0.1", Number(values.port));
const { address, port } = await server.listen();
console.log(JSON.stringify({ ready: true, url: `http://${address}:${String(port)}` }));

// Open WebSockets would hold a graceful close for ever, and nothing here is worth saving.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(0));
