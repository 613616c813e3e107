/**
 * The embedded IPFS node: a store for encrypted documents that speaks the part of Kubo's RPC that Salus uses. It is offline (it
 * finds nothing and tells nobody), and a real Kubo takes its place by URL alone: see docs/decisions/0003.
 */
import type { AddressInfo } from "node:net";

import { checkRules } from "./access.js";
import { claimDirectory } from "./claim.js";
import { makeDirectory } from "./durable.js";
import { openIdentity } from "./identity.js";
import { Repo } from "./repo.js";
import { buildServer, type LogEntry } from "./server.js";

export type { LogEntry } from "./server.js";

const VERSION = "0.1.0";
const MIB = 1024 * 1024;
/** A 256 MiB document, and what sealing and padding add: Padmé at most 12 %, age 0.03 %. */
export const DEFAULT_MAX_ADD_SIZE = 288 * MIB;
const DEFAULT_IDLE_TIMEOUT = 60_000;
/** Time that requests under way get when the node closes, in milliseconds. */
const GRACE = 5_000;

export interface IpfsNodeOptions {
  /** Where blocks and pins lie; made if it isn't there. */
  dir: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Address to listen on, "127.0.0.1" by default. */
  host?: string;
  /** Further names under which clients address the node, for instance behind a proxy. */
  hosts?: string[];
  /** Web origins that may call from a browser, for instance "http://localhost:5173". None by default; no wildcard. */
  origins?: string[];
  /** If set, every request must carry `Authorization: Bearer <token>`. */
  token?: string;
  /** Largest file that `add` takes, in bytes; 288 MiB by default. */
  maxAddSize?: number;
  /** Milliseconds that a client may neither send nor take anything; 60 000 by default. */
  idleTimeout?: number;
  /** Hears of every request. Entries hold no content, no names and no CIDs. */
  log?: (entry: LogEntry) => void;
}

export interface IpfsNode {
  /** "http://127.0.0.1:5001", for ipfs-http-client's `create`. */
  url: string;
  port: number;
  /** "12D3KooW…", the same at every start over the same directory. */
  peerId: string;
  /** Lets requests under way finish for up to five seconds, then ends the node. Calling it again is harmless. */
  close(): Promise<void>;
}

/**
 * Starts a node.
 *
 * @throws Error if the directory is in use by another node, holds something else, or isn't writable; if the port is taken
 *   (EADDRINUSE); if an origin isn't one.
 */
export async function startIpfsNode(options: IpfsNodeOptions): Promise<IpfsNode> {
  const { dir, port = 0, host = "127.0.0.1", origins = [], hosts = [], token } = options;
  const { maxAddSize = DEFAULT_MAX_ADD_SIZE, idleTimeout = DEFAULT_IDLE_TIMEOUT, log = () => {} } = options;
  const rules = { origins, hosts, token, idleTimeout, log };
  checkRules(rules);

  await makeDirectory(dir);
  const unclaim = await claimDirectory(dir);
  try {
    const repo = await Repo.open(dir);
    const identity = await openIdentity(dir);
    const { server, settled } = buildServer({ repo, identity, version: VERSION, maxAddSize }, rules);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    const address = server.address() as AddressInfo;

    const shutDown = async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Connections that fall idle only after this moment would be kept open for a next request.
      const tidy = setInterval(() => server.closeIdleConnections(), 50);
      const cut = setTimeout(() => server.closeAllConnections(), GRACE);
      await closed;
      clearInterval(tidy);
      clearTimeout(cut);
      await settled();
      await unclaim();
    };
    let closing: Promise<void> | undefined;
    return {
      url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
      port: address.port,
      peerId: identity.peerId,
      close: () => (closing ??= shutDown()),
    };
  } catch (error) {
    await unclaim();
    throw error;
  }
}
