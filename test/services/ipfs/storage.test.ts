/** What the embedded node does with its own disk: what it refuses, keeps, and leaves behind. */
import { execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { type LogEntry, startIpfsNode } from "../../../services/ipfs/index.js";
import {
  all,
  content,
  failure,
  filesBelow,
  freshContent,
  lines,
  type Own,
  post,
  PROFILE,
  read,
  startOwn,
  temporaryDirectory,
} from "./node.js";

const MIB = 1024 * 1024;
const LIMIT = 8 * MIB;
/** The node writes ten chunks at a time: after this many bytes, some are on the disk. */
const FIRST_PART = 4 * MIB;

describe("IPFS node: storage", () => {
  let own: Own;
  beforeEach(async () => {
    own = await startOwn({ maxAddSize: LIMIT, idleTimeout: 1500 });
  });
  afterEach(() => own.remove());

  const add = async (bytes: Uint8Array) => (await own.ipfs.add(bytes, PROFILE)).cid.toString();

  /** Waits until nothing is left of what was added and failed. */
  async function expectNothingLeft(): Promise<void> {
    let left: string[] = [];
    for (let i = 0; i < 100; i++) {
      left = (await filesBelow(own.dir)).filter((file) => !file.endsWith("public-key"));
      if (left.length === 0) return;
      await delay(20);
    }
    expect(left).to.deep.equal([]);
  }

  async function someBlocks(): Promise<void> {
    while ((await filesBelow(join(own.dir, "blocks"))).length < 4) await delay(10);
  }

  /** Starts an upload by hand: headers and part of the body. */
  function startUpload(bytes: Uint8Array, headers: Record<string, string> = {}) {
    const sent = request({
      port: own.port,
      host: "127.0.0.1",
      path: "/api/v0/add?cid-version=1",
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=edge", ...headers },
    });
    sent.on("error", () => undefined);
    sent.write(
      '--edge\r\nContent-Disposition: form-data; name="file"; filename="x"\r\nContent-Type: application/octet-stream\r\n\r\n',
    );
    sent.write(bytes);
    return sent;
  }

  describe("a file that is too large", () => {
    it("is refused before it is sent, if its size is known", async () => {
      const response = await post(own.url, "add?cid-version=1", [freshContent(9 * MIB)]);

      expect(response.status).to.equal(413);
      expect(await response.json()).to.deep.equal({
        Message: `file is larger than this node accepts (${LIMIT} bytes): split it, or raise the node's limit`,
        Code: 1,
        Type: "error",
      });
      await expectNothingLeft();
    });

    it("is refused while it comes, if it isn't, and leaves nothing", async () => {
      expect(await failure(own.ipfs.add(freshContent(20 * MIB), PROFILE))).to.contain(
        "file is larger than this node accepts",
      );
      await expectNothingLeft();
    });

    it("is no success with progress either", async () => {
      const progress = () => undefined;
      expect(await failure(own.ipfs.add(freshContent(20 * MIB), { ...PROFILE, progress }))).to.match(/Error/);
      await expectNothingLeft();
    });

    it("is one byte larger than the limit", async () => {
      const bytes = freshContent(LIMIT);
      expect(Buffer.compare(await read(own.ipfs, await add(bytes)), bytes)).to.equal(0);
      expect(await failure(add(freshContent(LIMIT + 1)))).to.contain("file is larger");
    });
  });

  describe("an upload that breaks off", () => {
    it("leaves nothing when the client goes away", async () => {
      const sent = startUpload(freshContent(FIRST_PART));
      await someBlocks();

      sent.destroy();

      await expectNothingLeft();
    });

    it("leaves nothing when the body ends too early", async () => {
      const sent = startUpload(freshContent(MIB));
      const status = new Promise((resolve) =>
        sent.once("response", (response) => resolve(response.resume().statusCode)),
      );
      sent.end();

      expect(await status).to.equal(500);
      await expectNothingLeft();
    });

    it("is cut off when the client falls silent", async () => {
      const sent = startUpload(freshContent(MIB));
      const closed = new Promise((resolve) => sent.once("close", resolve));

      await closed;

      await expectNothingLeft();
    });

    it("keeps what somebody else has added meanwhile", async () => {
      const bytes = freshContent(FIRST_PART);
      const sent = startUpload(bytes);
      await someBlocks();
      const cid = await add(bytes);

      sent.destroy();
      await delay(200);
      await all(own.ipfs.repo.gc());

      expect(Buffer.compare(await read(own.ipfs, cid), bytes)).to.equal(0);
    });

    it("keeps its blocks from the collector as long as it lasts", async () => {
      const bytes = freshContent(LIMIT);
      const sent = startUpload(bytes.subarray(0, FIRST_PART));
      const answer = new Promise<string>((resolve) => {
        sent.once("response", (response) => response.once("data", (data) => resolve(String(data))));
      });
      await someBlocks();

      expect(await all(own.ipfs.repo.gc())).to.deep.equal([]);
      sent.write(bytes.subarray(FIRST_PART));
      sent.end("\r\n--edge--\r\n");

      const { Hash } = JSON.parse(await answer) as { Hash: string };
      expect(Buffer.compare(await read(own.ipfs, Hash), bytes)).to.equal(0);
    });
  });

  describe("what it can't do", () => {
    it("is refused clearly: directories, links, times, other layouts and hashes", async () => {
      for (const option of [
        "wrap-with-directory=true",
        "trickle=true",
        "inline=true",
        "nocopy=true",
        "preserve-mode=true",
        "mtime=1",
        "to-files=/x",
        "max-file-links=10",
        "hash=sha2-512",
        "chunker=rabin",
      ]) {
        const response = await post(own.url, `add?${option}`, [content(10)]);
        expect(response.status, option).to.equal(500);
        expect(((await response.json()) as { Message: string }).Message, option).to.match(/not supported|unrecognized/);
      }
      expect(await failure(own.ipfs.add({ path: "folder/file.txt", content: "x" }))).to.contain(
        "directories are not supported",
      );
      expect(await failure(own.ipfs.add({ path: "folder" }))).to.contain("directories are not supported");
      expect(await failure(own.ipfs.add({ content: "x", mtime: { secs: 1n } }))).to.contain(
        "modes and times are not supported",
      );
      expect(await failure(all(own.ipfs.cat("/ipfs/QmZjTnYw2TFhn9Nn7tjmPSoTBoY7YRkwPzwSrSbabY24Kp/file")))).to.contain(
        "invalid path",
      );
      const sha512 =
        "bafkrgqg3hf2ks7zea634vynomn6aamdipiizcmtu2v4esjky4oobnqax32covtoiyyx6gtxe4evuwfbiqf7qtnvcoygd7ctgjtvostjegsszg";
      expect(await failure(read(own.ipfs, sha512))).to.contain("keeps sha2-256 blocks");
      await expectNothingLeft();
    });
  });

  describe("a damaged disk", () => {
    /** Flips one bit of the block that ends in these bytes. */
    async function flip(size: number): Promise<void> {
      for (const file of await filesBelow(join(own.dir, "blocks"))) {
        const bytes = await readFile(file);
        if (bytes.length !== size) continue;
        bytes[size >> 1] = (bytes[size >> 1] ?? 0) ^ 1;
        await writeFile(file, bytes);
        return;
      }
      throw new Error("no such block");
    }

    it("is noticed: a flipped bit is refused, not served", async () => {
      const cid = await add(freshContent(1000));
      await flip(1000);

      expect(await failure(read(own.ipfs, cid))).to.contain("different hash than requested");
      expect((await post(own.url, `block/get?arg=${cid}`)).status).to.equal(500);
      expect((await post(own.url, `block/stat?arg=${cid}`)).status).to.equal(500);
      expect((await fetch(`${own.url}/ipfs/${cid}?format=raw`)).status).to.equal(500);
      expect(await failure(own.ipfs.pin.add(cid))).to.contain("different hash than requested");
    });

    it("never makes half a file look whole", async () => {
      const cid = await add(freshContent(4 * MIB - 7));
      await flip(262_144 - 7);

      expect(await failure(read(own.ipfs, cid))).to.match(/Error/);
      const response = await post(own.url, `cat?arg=${cid}`);
      expect(await failure(response.arrayBuffer())).to.match(/Error/);
    });

    it("is healed by adding the same content again", async () => {
      const bytes = freshContent(1000);
      const cid = await add(bytes);
      await flip(1000);

      await add(bytes);

      expect(Buffer.compare(await read(own.ipfs, cid), bytes)).to.equal(0);
    });

    it("stops the collector, rather than letting it guess what a damaged root reaches", async () => {
      const bytes = freshContent(262_145);
      await add(bytes);
      const loose = (await own.ipfs.add(freshContent(10), { ...PROFILE, pin: false })).cid.toString();
      await flip(262_249 - 262_145);

      expect(await failure(all(own.ipfs.repo.gc()))).to.contain("different hash than requested");
      expect(await read(own.ipfs, loose)).to.have.length(10);
    });

    it("keeps a strange file among the pins from being taken for none", async () => {
      await own.close();
      await writeFile(join(own.dir, "pins", "strange"), "");

      expect(await failure(startIpfsNode({ dir: own.dir }))).to.contain("is not a pin");
    });
  });

  describe("a restart", () => {
    it("keeps files, pins, their names and the peer id", async () => {
      const bytes = freshContent(600_000);
      const cid = await add(bytes);
      const direct = (await own.ipfs.add("direct", { ...PROFILE, pin: false })).cid;
      await own.ipfs.pin.add(direct, { recursive: false, name: "a name / with ünïcode" });
      const dropped = await add(freshContent(10));
      await own.ipfs.pin.rm(dropped);

      own = await own
        .restart()
        .then((next) => ({ ...next, peerId: next.peerId === own.peerId ? own.peerId : "another" }));

      expect(own.peerId).not.to.equal("another");
      const pins = await all(own.ipfs.pin.ls({ names: true, type: "direct" }));
      expect(pins).to.have.length(1);
      expect(pins[0]).to.include({ type: "direct", name: "a name / with ünïcode" });
      await all(own.ipfs.repo.gc());
      expect(Buffer.compare(await read(own.ipfs, cid), bytes)).to.equal(0);
      expect(await read(own.ipfs, direct.toString())).to.have.length(6);
      expect(await failure(read(own.ipfs, dropped))).to.contain("not found");
    });

    it("sweeps what a killed process left half-written", async () => {
      await add(freshContent(10));
      await own.close();
      const [block = ""] = await filesBelow(join(own.dir, "blocks"));
      const left = [join(own.dir, "pins", ".1.tmp"), join(own.dir, "blocks", ".2.tmp"), join(block, "..", ".3.tmp")];
      for (const file of left) await writeFile(file, "half");

      own = await own.restart();

      expect((await filesBelow(own.dir)).filter((file) => file.endsWith(".tmp"))).to.deep.equal([]);
    });

    it("lets one node at a time over a directory", async () => {
      expect(await failure(startIpfsNode({ dir: own.dir }))).to.contain("Another IPFS node is using");
      own = await own.restart();
      expect(await own.ipfs.version()).to.include.keys("version");
    });

    it("lets requests under way finish", async () => {
      const bytes = freshContent(LIMIT);
      const sent = startUpload(bytes.subarray(0, FIRST_PART));
      const answer = new Promise<string>((resolve) => {
        sent.once("response", (response) => response.once("data", (data) => resolve(String(data))));
      });
      await someBlocks();

      const closed = own.close();
      sent.write(bytes.subarray(FIRST_PART));
      sent.end("\r\n--edge--\r\n");

      expect(await answer).to.contain('"Hash"');
      await closed;
    });
  });

  it("logs what happened, and never what, whose or which", async () => {
    const log: LogEntry[] = [];
    const logged = await startOwn({ log: (entry) => log.push(entry) });
    try {
      const cid = (
        await lines(await post(logged.url, "add?cid-version=1&pin-name=Jane", [Buffer.from("diagnosis")]))
      )[0]?.["Hash"];
      await post(logged.url, `cat?arg=${String(cid)}`).then((response) => response.text());
      await post(logged.url, "cat?arg=Jane").then((response) => response.text());
      await fetch(`${logged.url}/ipfs/${String(cid)}?format=raw`).then((response) => response.text());
      await fetch(`${logged.url}/Jane`).then((response) => response.text());

      expect(log.map(({ method, route, status, error }) => ({ method, route, status, error }))).to.deep.equal([
        { method: "POST", route: "/api/v0/add", status: 200, error: undefined },
        { method: "POST", route: "/api/v0/cat", status: 200, error: undefined },
        { method: "POST", route: "/api/v0/cat", status: 500, error: "CommandError" },
        { method: "GET", route: "/ipfs", status: 200, error: undefined },
        { method: "GET", route: "other", status: 404, error: "RequestError" },
      ]);
      expect(JSON.stringify(log)).not.to.match(new RegExp(`Jane|diagnosis|file-0|${String(cid)}`));
    } finally {
      await logged.remove();
    }
  });

  it("says that the disk is full, and leaves nothing half-written", async function () {
    const dir = await temporaryDirectory();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", dir], { stdio: "ignore" });
    } catch {
      // A small disk of one's own takes root on Linux.
      await rm(dir, { recursive: true });
      this.skip();
    }
    const small = await startOwn({ dir });
    try {
      const kept = freshContent(500_000);
      const cid = (await small.ipfs.add(kept, PROFILE)).cid.toString();
      const before = await filesBelow(dir);

      // Of unknown size, so that it fails on the way; then of known size, so that it is refused at once.
      expect(await failure(small.ipfs.add(freshContent(4 * MIB), PROFILE))).to.contain("no space left on device");
      const response = await post(small.url, "add?cid-version=1", [freshContent(4 * MIB)]);
      expect(await response.json()).to.deep.equal({
        Message: "storage: no space left on device",
        Code: 0,
        Type: "error",
      });

      expect(await filesBelow(dir)).to.have.members(before);
      expect(Buffer.compare(await read(small.ipfs, cid), kept)).to.equal(0);
      await small.ipfs.add(freshContent(500_000), PROFILE);
    } finally {
      await small.close();
      execFileSync("umount", [dir]);
      await rm(dir, { recursive: true });
    }
  });
});
