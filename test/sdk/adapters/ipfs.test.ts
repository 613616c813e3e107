import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { CHUNK_SIZE, cidOf } from "../../../sdk/core/cid.js";
import { computeCid, connectIpfs, type ContentStore, type StoredObject } from "../../../sdk/index.js";
import { startIpfsNode, type IpfsNode } from "../../../services/ipfs/index.js";
import { largeDocument } from "../../documents/index.js";
import { expectSalusError } from "../../expectSalusError.js";
import { flip, pattern } from "../core/support.js";

const MIB = 2 ** 20;
const SMALL = pattern(1_000);

describe("ipfs", function () {
  this.timeout(60_000);

  let folder: string;
  let node: IpfsNode;
  let store: ContentStore;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "salus-ipfs-"));
    node = await startIpfsNode({ dir: folder });
    store = connectIpfs(node.url);
  });
  after(async () => {
    await node.close();
    await rm(folder, { recursive: true, force: true });
  });

  describe("with a sound node", () => {
    it("adds, pins, gets, unpins; adding twice is harmless", async () => {
      const object = await store.add(SMALL);
      expect(object).to.deep.equal(await computeCid(SMALL));
      expect(await store.add(SMALL)).to.deep.equal(object);
      expect(await store.isPinned(object.digest, object.size)).to.equal(true);
      expect(await store.get(object.digest, object.size)).to.deep.equal(SMALL);
      expect(await store.get(object.digest)).to.deep.equal(SMALL);
      await store.unpin(object.digest, object.size);
      await store.unpin(object.digest, object.size);
      expect(await store.isPinned(object.digest, object.size)).to.equal(false);
      expect(await store.isReachable()).to.equal(true);
    });

    it("tells the progress in bytes, up to the size", async () => {
      const bytes = pattern(3 * MIB);
      const seen: number[] = [];
      const { digest } = await store.add(bytes, { onProgress: (done) => seen.push(done) });
      expect(seen.at(-1)).to.equal(bytes.length);
      const got: number[] = [];
      await store.get(digest, bytes.length, { onProgress: (done, total) => got.push(done / total) });
      expect(got.at(-1)).to.equal(1);
      expect(got).to.deep.equal([...got].sort((a, b) => a - b));
    });

    it("says that the content isn't there", async () => {
      const { digest } = await computeCid(pattern(777));
      await expectSalusError(store.get(digest), "CONTENT_UNAVAILABLE");
      await expectSalusError(store.get(digest, 5 * MIB), "CONTENT_UNAVAILABLE");
      await expectSalusError(store.getBeginning(digest, 5 * MIB), "CONTENT_UNAVAILABLE");
    });

    it("refuses a size that isn't the content's", async () => {
      const { digest } = await store.add(SMALL);
      await expectSalusError(store.get(digest, SMALL.length + 1), "CID_MISMATCH");
      await expectSalusError(store.get(digest, SMALL.length - 1), "CID_MISMATCH");
    });

    it("stops when the caller does", async () => {
      const abort = new AbortController();
      abort.abort();
      for (const stopped of [
        store.add(SMALL, { signal: abort.signal }),
        store.get((await computeCid(SMALL)).digest, SMALL.length, { signal: abort.signal }),
      ]) {
        const error: unknown = await stopped.catch((reason: unknown) => reason);
        expect((error as Error).name).to.equal("AbortError");
      }
    });

    it("needs the node's token where it asks for one", async () => {
      const dir = join(folder, "guarded");
      const guarded = await startIpfsNode({ dir, token: "sesame" });
      await expectSalusError(connectIpfs(guarded.url).add(SMALL), "IPFS_REFUSED");
      const known = connectIpfs(guarded.url, { token: "sesame" });
      const large = pattern(2 * CHUNK_SIZE);
      const { digest } = await known.add(large);
      expect(await known.getBeginning(digest, large.length)).to.deep.equal(large.subarray(0, CHUNK_SIZE));
      await guarded.close();
    });
  });

  describe("with a node that isn't there", () => {
    it("says so, whatever is asked", async () => {
      const gone = createServer().listen(0, "127.0.0.1");
      await once(gone, "listening");
      const away = connectIpfs(`http://127.0.0.1:${(gone.address() as AddressInfo).port}`);
      gone.close();
      const { digest } = await computeCid(SMALL);
      await expectSalusError(away.add(SMALL), "IPFS_UNREACHABLE");
      await expectSalusError(away.get(digest), "IPFS_UNREACHABLE");
      await expectSalusError(away.getBeginning(digest, MIB), "IPFS_UNREACHABLE");
      await expectSalusError(away.unpin(digest), "IPFS_UNREACHABLE");
      await expectSalusError(away.isPinned(digest), "IPFS_UNREACHABLE");
      expect(await away.isReachable()).to.equal(false);
    });
  });

  describe("with a hostile node", () => {
    type Answer = (request: IncomingMessage, response: ServerResponse) => void;
    let server: Server;
    let answer: Answer;
    let hostile: ContentStore;
    let sent = 0;
    let object: StoredObject;

    before(async () => {
      server = createServer((request, response) => {
        request.on("error", () => undefined);
        response.on("error", () => undefined);
        answer(request, response);
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      hostile = connectIpfs(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { patience: 300 });
      object = await computeCid(SMALL);
    });
    after(() => {
      server.closeAllConnections();
      server.close();
    });

    const bytes =
      (content: Uint8Array): Answer =>
      (request, response) => {
        request.resume();
        response.end(content);
      };
    const refuse =
      (status: number, message: string): Answer =>
      (request, response) => {
        request.resume();
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify({ Message: message, Code: 0, Type: "error" }));
      };
    const silent: Answer = (request) => void request.resume();
    /** Sends as much as anybody takes. */
    const endless: Answer = (request, response) => {
      request.resume();
      const chunk = Buffer.alloc(65_536, 1);
      sent = 0;
      const pump = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        sent += chunk.length;
      };
      response.on("drain", pump);
      pump();
    };
    /** All of it taken would be far above this: buffers of sockets and streams on both sides are not. */
    const BOUNDED = 16 * MIB;

    it("finds out every flipped bit of a small object", async () => {
      for (let bit = 0; bit < 8 * 64; bit++) {
        answer = bytes(flip(SMALL, bit * 15));
        await expectSalusError(hostile.get(object.digest, object.size), "CID_MISMATCH");
      }
    });

    it("finds out every truncation, something more, and something else", async () => {
      for (let size = 0; size < SMALL.length; size += 37) {
        answer = bytes(SMALL.subarray(0, size));
        await expectSalusError(hostile.get(object.digest, object.size), "CID_MISMATCH");
      }
      answer = bytes(new Uint8Array([...SMALL, 0]));
      await expectSalusError(hostile.get(object.digest, object.size), "CID_MISMATCH");
      await expectSalusError(hostile.get(object.digest), "CID_MISMATCH");
    });

    it("takes no more than was announced", async () => {
      answer = endless;
      await expectSalusError(hostile.get(object.digest, object.size), "CID_MISMATCH");
      await expectSalusError(hostile.get(object.digest), "CID_MISMATCH");
      await sleep(50);
      expect(sent).to.be.lessThan(BOUNDED);
      await expectSalusError(hostile.getBeginning(object.digest, 60 * MIB), "CID_MISMATCH");
      await sleep(50);
      expect(sent).to.be.lessThan(BOUNDED);
    });

    it("says that the connection broke in the middle", async () => {
      answer = (request, response) => {
        request.resume();
        response.writeHead(200, { "content-length": SMALL.length });
        response.write(SMALL.subarray(0, 10), () => response.destroy());
      };
      await expectSalusError(hostile.get(object.digest, object.size), "IPFS_UNREACHABLE");
    });

    it("refuses another CID than that of the bytes added", async () => {
      const { cid } = await computeCid(pattern(5));
      answer = bytes(Buffer.from(`${JSON.stringify({ Name: "x", Hash: cid, Size: "5" })}\n`));
      const error = await expectSalusError(hostile.add(SMALL), "CID_MISMATCH");
      expect(error.details).to.deep.equal({ expected: object.cid, found: cid });
    });

    it("refuses an answer that says nothing, and one that is no answer", async () => {
      answer = bytes(new Uint8Array());
      await expectSalusError(hostile.add(SMALL), "IPFS_UNREACHABLE");
      answer = bytes(Buffer.from("<!doctype html>"));
      await expectSalusError(hostile.add(SMALL), "IPFS_UNREACHABLE");
    });

    it("gives a silent node up, at the beginning and in the middle", async () => {
      answer = silent;
      await expectSalusError(hostile.get(object.digest, object.size), "IPFS_UNREACHABLE");
      await expectSalusError(hostile.add(SMALL), "IPFS_UNREACHABLE");
      await expectSalusError(hostile.getBeginning(object.digest, 60 * MIB), "IPFS_UNREACHABLE");
      await expectSalusError(hostile.unpin(object.digest), "IPFS_UNREACHABLE");
      await expectSalusError(hostile.isPinned(object.digest), "IPFS_UNREACHABLE");
      expect(await hostile.isReachable()).to.equal(false);
      answer = (request, response) => {
        request.resume();
        response.write(SMALL.subarray(0, 10));
      };
      await expectSalusError(hostile.get(object.digest, object.size), "IPFS_UNREACHABLE");
    });

    it("abuse: an object that nobody has, for which a node searches without end, is absent and no reason to give the node up", async () => {
      answer = (request, response) =>
        /version/.test(request.url ?? "")
          ? bytes(Buffer.from(JSON.stringify({ Version: "0.44.0", Commit: "", Repo: "18" })))(request, response)
          : silent(request, response);
      await expectSalusError(hostile.get(object.digest), "CONTENT_UNAVAILABLE");
      await expectSalusError(hostile.getBeginning(object.digest, 60 * MIB), "CONTENT_UNAVAILABLE");
      await expectSalusError(hostile.add(SMALL), "IPFS_UNREACHABLE");
    });

    it("waits for a slow node as long as it goes on", async () => {
      answer = (request, response) => {
        request.resume();
        void (async () => {
          for (let at = 0; at < SMALL.length; at += 200) {
            response.write(SMALL.subarray(at, at + 200));
            await sleep(120);
          }
          response.end();
        })();
      };
      expect(await hostile.get(object.digest, object.size)).to.deep.equal(SMALL);
    });

    it("tells a full disk, a refusal, absent content and a wrong address apart", async () => {
      answer = refuse(500, "put /blocks: no space left on device");
      await expectSalusError(hostile.add(SMALL), "STORAGE_FULL");
      answer = refuse(500, "storage: disk quota exceeded");
      await expectSalusError(hostile.add(SMALL), "STORAGE_FULL");
      answer = refuse(500, "something broke");
      expect((await expectSalusError(hostile.add(SMALL), "IPFS_REFUSED")).details.reason).to.equal("something broke");
      await expectSalusError(hostile.unpin(object.digest), "IPFS_REFUSED");
      await expectSalusError(hostile.isPinned(object.digest), "IPFS_REFUSED");
      answer = refuse(500, "block was not found locally (offline): ipld: could not find bafk");
      await expectSalusError(hostile.get(object.digest), "CONTENT_UNAVAILABLE");
      await expectSalusError(hostile.getBeginning(object.digest, 60 * MIB), "CONTENT_UNAVAILABLE");
      answer = refuse(404, "Not Found");
      await expectSalusError(hostile.get(object.digest), "IPFS_REFUSED");
      await expectSalusError(hostile.getBeginning(object.digest, 60 * MIB), "IPFS_REFUSED");
    });
  });

  describe("the beginning of a large file", () => {
    const large = largeDocument(60 * MIB);
    let stored: StoredObject;
    let proxy: Server;
    let through: ContentStore;
    let asked: string[] = [];
    let alter: (block: Uint8Array, index: number) => Uint8Array;

    before(async () => {
      stored = await store.add(large);
      proxy = createServer((request, response) => {
        void (async () => {
          asked.push(request.url ?? "");
          const reply = await fetch(`${node.url}${request.url}`, { method: "POST" });
          response.end(alter(new Uint8Array(await reply.arrayBuffer()), asked.length - 1));
        })();
      });
      proxy.listen(0, "127.0.0.1");
      await once(proxy, "listening");
      through = connectIpfs(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    });
    after(() => proxy.close());
    beforeEach(() => {
      asked = [];
      alter = (block) => block;
    });

    it("costs a few blocks, and is checked", async () => {
      const beginning = await through.getBeginning(stored.digest, stored.size);
      expect(Buffer.from(beginning).equals(large.subarray(0, CHUNK_SIZE))).to.equal(true);
      // 240 leaves of 256 KiB hang on two inner nodes below the root.
      expect(asked).to.have.length(3);
      expect(asked[0]).to.include(cidOf(stored.digest, stored.size));
    });

    it("is refused when any block on the way is altered", async () => {
      for (const altered of [0, 1, 2]) {
        for (const bit of [0, 77, 801]) {
          asked = [];
          alter = (block, index) => (index === altered ? flip(block, bit) : block);
          await expectSalusError(through.getBeginning(stored.digest, stored.size), "CID_MISMATCH");
        }
      }
    });

    it("is refused when a leaf stands where a file of several blocks should", async () => {
      const { digest } = await store.add(SMALL);
      await expectSalusError(store.getBeginning(digest, 60 * MIB), "CID_MISMATCH");
    });

    it("comes whole from a file of one block", async () => {
      const { digest, size } = await store.add(SMALL);
      expect(await store.getBeginning(digest, size)).to.deep.equal(SMALL);
    });
  });
});
