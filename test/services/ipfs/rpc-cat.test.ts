/**
 * Files come out, whole or in part. These tests run unchanged against a real Kubo: docs/decisions/0003 says how. All expected CIDs and
 * messages are those of Kubo 0.42.0.
 */
import { expect } from "chai";
import fc from "fast-check";

import { content, expectError, expectRefusal, MISSING, post, PROFILE, read, startTarget, type Target } from "./node.js";

describe("IPFS RPC: cat", () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.stop());

  const add = async (bytes: Uint8Array) => (await target.ipfs.add(bytes, PROFILE)).cid.toString();
  const command = (name: string, files?: Uint8Array[]) => post(target.url, name, files);

  describe("cat", () => {
    it("reads any range as slice does", async () => {
      const bytes = content(1_000_000);
      const cid = await add(bytes);
      const position = fc.integer({ min: 0, max: 1_100_000 });

      await fc.assert(
        fc.asyncProperty(position, position, async (offset, length) => {
          const range = await read(target.ipfs, cid, { offset, length });
          expect(Buffer.compare(range, bytes.subarray(offset, offset + length))).to.equal(0);
        }),
        { numRuns: 30 },
      );
    });

    it("reads ranges at the edges of chunks and windows", async () => {
      const bytes = content(60_000_000);
      const cid = await add(bytes);
      const edges = [
        0, 1, 262_143, 262_144, 262_145, 8_388_607, 8_388_608, 8_388_609, 45_613_056, 59_999_999, 60_000_000,
      ];

      for (const offset of edges) {
        const length = 600_000;
        const range = await read(target.ipfs, cid, { offset, length });
        expect(Buffer.compare(range, bytes.subarray(offset, offset + length)), `at ${offset}`).to.equal(0);
      }
    });

    it("tells beforehand how much comes", async () => {
      const cid = await add(content(1000));

      const response = await command(`cat?arg=${cid}&offset=10&length=20`);

      expect(response.headers.get("x-stream-output")).to.equal("1");
      expect(response.headers.get("x-content-length")).to.equal("20");
      expect(response.headers.get("content-type")).to.equal("text/plain");
      expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), content(1000).subarray(10, 30))).to.equal(0);
    });

    it("gives nothing behind the end, and nothing for length 0", async () => {
      const cid = await add(content(1000));

      expect(await (await command(`cat?arg=${cid}&offset=1001`)).text()).to.equal("");
      expect(await (await command(`cat?arg=${cid}&length=0`)).text()).to.equal("");
    });

    it("takes a path as well as a CID", async () => {
      expect(await (await command(`cat?arg=/ipfs/${await add(Buffer.from("hello"))}`)).text()).to.equal("hello");
    });

    it("refuses what it can't read, and never hangs", async () => {
      const cid = await add(content(1000));

      await expectError(await command("cat?arg=nonsense"), /^invalid path "nonsense"/);
      await expectError(
        await command(`cat?arg=${MISSING}`),
        `block was not found locally (offline): ipld: could not find ${MISSING}`,
      );
      await expectError(await command(`cat?arg=${cid}&offset=-1`), "cannot specify negative offset");
      await expectError(await command(`cat?arg=${cid}&length=-1`), "cannot specify negative length");
      await expectRefusal(await command(`cat?arg=${cid}&offset=x`), 400, /could not convert value "x" to type "int64"/);
      await expectRefusal(await command("cat"), 400, /argument "ipfs-path" is required/);
    });

    it("refuses a directory", async () => {
      // The empty UnixFS directory.
      const cid = await target.ipfs.block.put(Uint8Array.of(0x0a, 0x02, 0x08, 0x01), { format: "dag-pb" });

      await expectError(await command(`cat?arg=${cid.toString()}`), "this dag node is a directory");
    });
  });
});
