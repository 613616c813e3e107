/**
 * The trustless gateway (specs.ipfs.tech/http-gateways/trustless-gateway): single blocks, whose bytes the client checks against
 * the CID. Nothing is rendered: what people store must never run as a page of this node's origin.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

import { CommandError, BlockNotFound, RequestError } from "./errors.js";
import { parseCid } from "./params.js";
import type { Repo } from "./repo.js";

const RAW = "application/vnd.ipld.raw";

/** Serves GET and HEAD `/ipfs/<cid>?format=raw`. @throws RequestError 400, 404, 406, 500 */
export async function serveBlock(
  repo: Repo,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  shared: boolean,
): Promise<void> {
  const format = url.searchParams.get("format");
  if (format !== "raw" && !(format === null && request.headers.accept?.includes(RAW))) {
    throw new RequestError(406, "this gateway serves single blocks: ask with ?format=raw");
  }
  const { cid, bytes } = await readBlock(repo, url.pathname);
  const name = cid.toString();
  const etag = `"${name}.raw"`;

  response.setHeader("Etag", etag);
  // With a token, only the client that has it may keep the block.
  response.setHeader("Cache-Control", `${shared ? "public" : "private"}, max-age=29030400, immutable`);
  response.setHeader("X-Ipfs-Path", `/ipfs/${name}`);
  response.setHeader("X-Ipfs-Roots", name);
  response.setHeader("X-Content-Type-Options", "nosniff");
  if (request.headers["if-none-match"]?.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, "") === etag)) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    "Content-Type": RAW,
    "Content-Length": bytes.length,
    "Content-Disposition": `attachment; filename="${name}.bin"`,
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

async function readBlock(repo: Repo, path: string) {
  try {
    const cid = parseCid(decodeURIComponent(path));
    return { cid, bytes: await repo.blocks.read(cid) };
  } catch (error) {
    if (error instanceof BlockNotFound) throw new RequestError(404, `failed to resolve ${path}: ${error.message}`);
    if (error instanceof CommandError)
      throw new RequestError(error.message.startsWith("invalid path") ? 400 : 500, error.message);
    if (error instanceof URIError) throw new RequestError(400, `invalid path ${JSON.stringify(path)}`);
    throw error;
  }
}
