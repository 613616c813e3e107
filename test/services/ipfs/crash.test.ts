/** The node as a process: `main.ts`, its signals, and its sudden death. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";

import { expect } from "chai";
import { create, type KuboRPCClient } from "ipfs-http-client";

import { all, filesBelow, freshContent, PROFILE, read, temporaryDirectory } from "./node.js";

const ADDERS = 6;

interface Started {
  child: ChildProcess;
  ipfs: KuboRPCClient;
  url: string;
}

describe("IPFS node: process", function () {
  this.timeout(90_000);
  let dir: string;
  const children = new Set<ChildProcess>();
  beforeEach(async () => {
    dir = await temporaryDirectory();
  });
  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    children.clear();
    await rm(dir, { recursive: true, force: true });
  });

  function run(...options: string[]): ChildProcess {
    const child = spawn(process.execPath, ["--import", "tsx", "services/ipfs/main.ts", ...options], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    return child;
  }

  async function start(): Promise<Started> {
    const child = run("--dir", dir, "--port", "0", "--origin", "http://localhost:5173", "--quiet");
    if (!child.stdout) throw new Error("no stdout");
    for await (const line of createInterface(child.stdout)) {
      const { url } = JSON.parse(line) as { url: string };
      return { child, url, ipfs: create({ url }) };
    }
    throw new Error("the node ended before it was ready");
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    const exit = once(child, "exit");
    child.kill(signal);
    const [code] = (await exit) as [number | null];
    children.delete(child);
    return code;
  }

  it("starts with one line, and ends gracefully by SIGINT and SIGTERM", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const { child, ipfs } = await start();
      await ipfs.add(freshContent(10), PROFILE);
      expect(await end(child, signal), signal).to.equal(0);
    }
  });

  it("says in one line why it can't start", async () => {
    const said = async (...options: string[]) => {
      const child = run(...options);
      let text = "";
      child.stderr?.on("data", (data) => (text += String(data)));
      await once(child, "close");
      expect(child.exitCode).to.equal(1);
      return text;
    };
    const { url, child } = await start();

    expect(await said()).to.equal("Name the directory to keep blocks and pins in: --dir DIRECTORY\n");
    expect(await said("--dir", dir, "--port", "0")).to.match(/^Another IPFS node is using .*\n$/);
    const port = new URL(url).port;
    const other = await temporaryDirectory();
    expect(await said("--dir", other, "--port", port)).to.equal(
      `Port ${port} is taken. Choose another with --port, or 0 for a free one.\n`,
    );
    await rm(other, { recursive: true, force: true });
    await end(child, "SIGTERM");
  });

  it("keeps every acknowledged file through kill -9 while adding", async () => {
    const acknowledged = new Map<string, Buffer>();

    for (let round = 0; round < 4; round++) {
      const { child, ipfs } = await start();
      const adders = Array.from({ length: ADDERS }, async () => {
        for (;;) {
          // Some of one block, some of several.
          const bytes = freshContent(Math.random() < 0.7 ? 1000 : 700_000);
          const { cid } = await ipfs.add(bytes, PROFILE);
          acknowledged.set(cid.toString(), bytes);
        }
      }).map((adding) => adding.catch(() => undefined));
      await new Promise((resolve) => setTimeout(resolve, 400 + round * 150));

      await end(child, "SIGKILL");
      await Promise.all(adders);
    }

    const { child, ipfs } = await start();
    await all(ipfs.repo.gc());
    const pins = await all(ipfs.pin.ls({ type: "recursive" }));
    const pinned = new Set(pins.map((pin) => pin.cid.toString()));
    expect(acknowledged.size).to.be.greaterThan(40);
    for (const [cid, bytes] of acknowledged) {
      expect(pinned.has(cid), cid).to.equal(true);
      expect(Buffer.compare(await read(ipfs, cid), bytes)).to.equal(0);
    }
    // What was pinned but not acknowledged any more is whole as well.
    for (const cid of pinned) expect((await read(ipfs, cid)).length).to.be.oneOf([1000, 700_000]);
    expect((await filesBelow(dir)).filter((file) => file.endsWith(".tmp"))).to.deep.equal([]);
    await end(child, "SIGTERM");
  });
});
