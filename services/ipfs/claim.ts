/**
 * One process per directory: a second node's garbage collector would delete what the first is just adding. The claim is a local
 * socket, which the system takes back however the process ends; a lock file would outlive a kill and need guessing.
 */
import { createHash } from "node:crypto";
import { realpath, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Claims `dir` for this process.
 *
 * @returns gives the claim back.
 * @throws Error if another node runs over the same directory.
 */
export async function claimDirectory(dir: string): Promise<() => Promise<void>> {
  const id = createHash("sha256")
    .update(await realpath(dir))
    .digest("hex")
    .slice(0, 32);
  const windows = process.platform === "win32";
  const path = windows ? `\\\\.\\pipe\\salus-ipfs-${id}` : join(tmpdir(), `salus-ipfs-${id}.sock`);

  let server = await listen(path);
  if (!server && !windows && !(await answers(path))) {
    await rm(path, { force: true });
    server = await listen(path);
  }
  if (!server) throw new Error(`Another IPFS node is using ${dir}. Stop it first, or choose another directory.`);
  const claimed = server;
  return () => new Promise((resolve) => claimed.close(() => resolve()));
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => resolve(server.unref()));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
