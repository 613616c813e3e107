/** The commands of Kubo's RPC that this node has. Each is one function from parameters to an answer. */
import type { IncomingMessage } from "node:http";

import * as dagPb from "@ipld/dag-pb";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { sha256 } from "multiformats/hashes/sha2";

import { addFile, addOptions } from "./add.js";
import { openFile } from "./cat.js";
import { CommandError, FileTooLarge, RequestError } from "./errors.js";
import type { Identity } from "./identity.js";
import { fileParts } from "./multipart.js";
import type { Params } from "./params.js";
import { listPins } from "./pin-list.js";
import type { Reply } from "./reply.js";
import type { Repo } from "./repo.js";

/** What a command may use. */
export interface Node {
  repo: Repo;
  identity: Identity;
  /** Version of this node, without a "v". */
  version: string;
  /** Largest file, in bytes. */
  maxAddSize: number;
}

export type Command = (node: Node, params: Params, reply: Reply) => Promise<void> | void;

/** Kubo's limit: what peers exchange. */
const MAX_BLOCK = 2 * 1024 * 1024;
/** Multipart headers and boundaries beside the file itself. */
export const ENVELOPE = 64 * 1024;
const REPO_VERSION = "1";

/** By path below /api/v0/. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["add", add],
  ["cat", cat],
  ["block/get", blockGet],
  ["block/put", blockPut],
  ["block/stat", blockStat],
  ["pin/add", pinAdd],
  ["pin/ls", listPins],
  ["pin/rm", pinRm],
  ["repo/gc", repoGc],
  ["repo/stat", repoStat],
  ["repo/version", (_node, _params, reply) => reply.json({ Version: REPO_VERSION })],
  ["id", id],
  ["version", version],
]);

async function add(node: Node, params: Params, reply: Reply): Promise<void> {
  const options = addOptions(params);
  const { request } = reply;
  if (!options.onlyHash) await checkRoom(node, request);
  let files = 0;
  for await (const part of fileParts(request, "path")) {
    files++;
    await addFile(node.repo, part, options, node.maxAddSize, (event) => {
      if (!options.silent) reply.line(event);
    });
  }
  if (files === 0) throw new CommandError("expected a file argument");
  reply.end();
}

/** Refuses what can't fit before it is sent, while the refusal can still be told. Chunked bodies are measured as they come. */
async function checkRoom({ repo, maxAddSize }: Node, request: IncomingMessage): Promise<void> {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > maxAddSize + ENVELOPE) throw new FileTooLarge(maxAddSize);
  if (length > (await repo.blocks.free())) throw new CommandError("storage: no space left on device");
}

async function cat({ repo }: Node, params: Params, reply: Reply): Promise<void> {
  const { size, content } = await openFile(
    repo.blocks,
    params.cid(),
    params.integer("offset"),
    params.integer("length"),
  );
  await reply.bytes(content, "text/plain", size);
}

async function blockGet({ repo }: Node, params: Params, reply: Reply): Promise<void> {
  await reply.bytes([await repo.blocks.read(params.cid())], "application/vnd.ipld.raw");
}

async function blockStat({ repo }: Node, params: Params, reply: Reply): Promise<void> {
  const cid = params.cid();
  reply.json({ Key: cid.toString(), Size: (await repo.blocks.read(cid)).length });
}

async function blockPut({ repo }: Node, params: Params, reply: Reply): Promise<void> {
  const { version, codec } = blockFormat(params);
  let files = 0;
  for await (const part of fileParts(reply.request, "data")) {
    files++;
    const bytes = await gather(part.content);
    const cid = CID.create(version, codec, await sha256.digest(bytes));
    const upload = repo.staging.begin();
    try {
      await upload.put(cid, bytes);
      await upload.commit();
    } catch (error) {
      await upload.abort();
      throw error;
    }
    if (params.flag("pin")) await repo.pin(cid, "recursive", "");
    reply.line({ Key: cid.toString(), Size: bytes.length });
  }
  if (files === 0) throw new RequestError(400, "file argument 'data' is required");
  reply.end();
}

function blockFormat(params: Params): { version: 0 | 1; codec: number } {
  const hash = params.text("mhtype", "sha2-256");
  if (hash !== "sha2-256") throw new CommandError(`unrecognized multihash function: ${hash}`);
  const format = params.text("format") || params.text("cid-codec") || "raw";
  if (format === "v0") return { version: 0, codec: dagPb.code };
  if (format === "raw") return { version: 1, codec: raw.code };
  if (format === "dag-pb" || format === "protobuf") return { version: 1, codec: dagPb.code };
  throw new CommandError(`unrecognized format: ${format}: this node keeps raw and dag-pb`);
}

async function gather(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > MAX_BLOCK) {
      throw new CommandError(
        "produced block is over 2MiB: big blocks can't be exchanged with other peers. consider using UnixFS instead",
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function pinAdd({ repo }: Node, params: Params, reply: Reply): Promise<void> {
  const cids = params.cids();
  const type = params.flag("recursive", true) ? "recursive" : "direct";
  for (const cid of cids) await repo.pin(cid, type, params.text("name"));
  reply.json({ Pins: cids.map(String) });
}

async function pinRm({ repo }: Node, params: Params, reply: Reply): Promise<void> {
  const cids = params.cids();
  for (const cid of cids) await repo.pins.remove(cid, params.flag("recursive", true));
  reply.json({ Pins: cids.map(String) });
}

async function repoGc({ repo }: Node, _params: Params, reply: Reply): Promise<void> {
  await repo.collect((cid) => reply.line({ Key: { "/": cid.toString() } }));
  reply.end();
}

async function repoStat({ repo }: Node, params: Params, reply: Reply): Promise<void> {
  const { count, size, free } = await repo.blocks.stat();
  const sizes = { RepoSize: size, StorageMax: size + free };
  reply.json(
    params.flag("size-only")
      ? sizes
      : { ...sizes, NumObjects: count, RepoPath: repo.dir, Version: `fs-repo@${REPO_VERSION}` },
  );
}

function id(node: Node, params: Params, reply: Reply): void {
  const { peerId, publicKey } = node.identity;
  if (params.args().some((arg) => arg !== peerId)) throw new CommandError("this node is offline and knows only itself");
  reply.json({
    ID: peerId,
    PublicKey: publicKey,
    Addresses: null,
    AgentVersion: `salus-ipfs/${node.version}`,
    Protocols: null,
  });
}

function version(node: Node, _params: Params, reply: Reply): void {
  const system = `${process.arch}/${process.platform}`;
  reply.json({ Version: node.version, Commit: "", Repo: REPO_VERSION, System: system, Golang: "" });
}
