/**
 * The node under test: an embedded one over a directory of its own, or, with SALUS_TEST_IPFS_URL, any other that speaks Kubo's
 * RPC (then SALUS_TEST_IPFS_GATEWAY_URL names its gateway, which Kubo serves on a port of its own).
 */
import { createCipheriv } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { create, type KuboRPCClient } from "ipfs-http-client";

import { type IpfsNode, type IpfsNodeOptions, startIpfsNode } from "../../../services/ipfs/index.js";

export const FOREIGN_URL = process.env["SALUS_TEST_IPFS_URL"];
const FOREIGN_GATEWAY = process.env["SALUS_TEST_IPFS_GATEWAY_URL"];

/** The one profile that Salus uses. */
export const PROFILE = { cidVersion: 1, rawLeaves: true, chunker: "size-262144" } as const;

/** The CID of "hello world\n". */
export const HELLO = "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4";

/** A CID that nobody has ever added here. */
export const MISSING = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

export interface Target {
  url: string;
  /** Base URL of the gateway; undefined for a foreign node that has named none. */
  gateway: string | undefined;
  ipfs: KuboRPCClient;
  stop: () => Promise<void>;
}

/** Starts what the shared tests run against. */
export async function startTarget(): Promise<Target> {
  if (FOREIGN_URL) {
    return { url: FOREIGN_URL, gateway: FOREIGN_GATEWAY, ipfs: create({ url: FOREIGN_URL }), stop: async () => {} };
  }
  const own = await startOwn();
  return { url: own.url, gateway: own.url, ipfs: own.ipfs, stop: own.remove };
}

export interface Own extends IpfsNode {
  dir: string;
  ipfs: KuboRPCClient;
  /** Ends the node and starts another over the same directory. */
  restart: (options?: Partial<IpfsNodeOptions>) => Promise<Own>;
  /** Ends the node and removes its directory. */
  remove: () => Promise<void>;
}

/** Starts an embedded node; `dir` defaults to a new directory. */
export async function startOwn(options: Partial<IpfsNodeOptions> = {}): Promise<Own> {
  const dir = options.dir ?? (await temporaryDirectory());
  const node = await startIpfsNode({ ...options, dir });
  return {
    ...node,
    dir,
    ipfs: create({ url: node.url }),
    restart: async (changed = {}) => {
      await node.close();
      return startOwn({ ...options, ...changed, dir });
    },
    remove: async () => {
      await node.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), "salus-ipfs-test-"));
}

/** `size` bytes that are the same at every run and look random; another `seed`, other bytes. */
export function content(size: number, seed = 0): Buffer {
  return createCipheriv("aes-256-ctr", Buffer.alloc(32, seed), Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** `content` that no run has used before, for nodes that keep what earlier tests added. */
export function freshContent(size: number): Buffer {
  return createCipheriv("aes-256-ctr", crypto.getRandomValues(Buffer.alloc(32)), Buffer.alloc(16)).update(
    Buffer.alloc(size),
  );
}

/** Adds over plain fetch, as a browser does. */
export function post(
  url: string,
  command: string,
  files: Uint8Array[] = [],
  init: RequestInit = {},
): Promise<Response> {
  const body = files.length > 0 ? new FormData() : undefined;
  for (const [i, bytes] of files.entries()) body?.append("file", new Blob([new Uint8Array(bytes)]), `file-${i}`);
  return fetch(`${url}/api/v0/${command}`, { method: "POST", body, ...init });
}

/** The lines of an answer. */
export async function lines(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Everything that `source` yields. */
export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** The bytes of a file. */
export async function read(
  ipfs: KuboRPCClient,
  cid: string,
  range: { offset?: number; length?: number } = {},
): Promise<Buffer> {
  return Buffer.concat(await all(ipfs.cat(cid, range)));
}

/** What a promise is rejected with, as text. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return String(error);
  }
  throw new Error("It was expected to fail.");
}

/** Every file below `dir`, relative to it. */
export async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Asserts Kubo's form of a failed command. */
export async function expectError(response: Response, message: string | RegExp, status = 500): Promise<void> {
  expect(response.status).to.equal(status);
  expect(response.headers.get("content-type")).to.match(/^application\/json/);
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).to.have.all.keys("Message", "Code", "Type");
  expect(body["Type"]).to.equal("error");
  if (typeof message === "string") expect(body["Message"]).to.equal(message);
  else expect(body["Message"]).to.match(message);
}

/** Asserts Kubo's form of a request that never became a command. */
export async function expectRefusal(response: Response, status: number, text: RegExp): Promise<void> {
  expect(response.status).to.equal(status);
  expect(response.headers.get("content-type")).to.match(/^text\/plain/);
  expect(response.headers.get("x-content-type-options")).to.equal("nosniff");
  expect(await response.text()).to.match(text);
}
