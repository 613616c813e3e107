/**
 * Runs the node: `node --import tsx services/ipfs/main.ts --dir D [--port P] [--host H] [--origin O]... [--name N]... [--max-size BYTES]`.
 * The token, if any, comes from the environment (SALUS_IPFS_TOKEN), never from the command line, which others can see.
 * One JSON line on stdout when ready, one on stderr per request. SIGINT and SIGTERM end it gracefully.
 */
import { parseArgs } from "node:util";

import { startIpfsNode } from "./index.js";

const { values } = parseArgs({
  options: {
    dir: { type: "string" },
    port: { type: "string", default: "5001" },
    host: { type: "string", default: "127.0.0.1" },
    origin: { type: "string", multiple: true, default: [] },
    name: { type: "string", multiple: true, default: [] },
    "max-size": { type: "string" },
    quiet: { type: "boolean", default: false },
  },
});

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function bytes(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : fail("--max-size takes a number of bytes.");
}

if (!values.dir) fail("Name the directory to keep blocks and pins in: --dir DIRECTORY");
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail("--port takes a number from 0 to 65535.");

const node = await startIpfsNode({
  dir: values.dir,
  port,
  host: values.host,
  hosts: values.name,
  origins: values.origin,
  token: process.env["SALUS_IPFS_TOKEN"] || undefined,
  maxAddSize: values["max-size"] === undefined ? undefined : bytes(values["max-size"]),
  log: values.quiet
    ? undefined
    : (entry) => process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`),
}).catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  fail(code === "EADDRINUSE" ? `Port ${port} is taken. Choose another with --port, or 0 for a free one.` : message);
});

const stop = () => void node.close().then(() => process.exit(0));
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
process.stdout.write(`${JSON.stringify({ url: node.url, port: node.port, peerId: node.peerId })}\n`);
