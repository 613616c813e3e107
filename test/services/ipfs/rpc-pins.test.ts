/**
 * What is kept, and what is collected. These tests run unchanged against a real Kubo: docs/decisions/0003 says how. All expected CIDs and
 * messages are those of Kubo 0.42.0.
 */
import { expect } from "chai";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";

import {
  all,
  content,
  expectError,
  expectRefusal,
  failure,
  freshContent,
  HELLO,
  lines,
  MISSING,
  post,
  PROFILE,
  read,
  startTarget,
  type Target,
} from "./node.js";

describe("IPFS RPC: pins and blocks", () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.stop());

  const add = async (bytes: Uint8Array) => (await target.ipfs.add(bytes, PROFILE)).cid.toString();
  const command = (name: string, files?: Uint8Array[]) => post(target.url, name, files);

  describe("pin", () => {
    it("pins and unpins", async () => {
      const { cid } = await target.ipfs.add(freshContent(300_000), { ...PROFILE, pin: false });

      expect((await target.ipfs.pin.add(cid)).toString()).to.equal(cid.toString());
      expect((await all(target.ipfs.pin.ls({ paths: cid })))[0]).to.include({ type: "recursive" });
      expect((await target.ipfs.pin.rm(cid)).toString()).to.equal(cid.toString());
      expect(await failure(all(target.ipfs.pin.ls({ paths: cid })))).to.contain(
        `path '${cid.toString()}' is not pinned`,
      );
    });

    it("pins twice without harm", async () => {
      const cid = await add(freshContent(10));

      await target.ipfs.pin.add(cid);

      expect(await all(target.ipfs.pin.ls({ paths: cid }))).to.have.length(1);
    });

    it("can't unpin what isn't pinned, with Kubo's words", async () => {
      await expectError(await command(`pin/rm?arg=${MISSING}`), "not pinned or pinned indirectly");
      expect(await failure(target.ipfs.pin.rm(MISSING))).to.contain("not pinned or pinned indirectly");
    });

    it("can't pin what isn't here", async () => {
      await expectError(await command(`pin/add?arg=${MISSING}`), /block was not found locally \(offline\)/);
      await expectError(await command("pin/add?arg=nonsense"), /invalid path "nonsense"/);
      await expectRefusal(await command("pin/add"), 400, /argument "ipfs-path" is required/);
      await expectRefusal(await command("pin/rm"), 400, /argument "ipfs-path" is required/);
    });

    it("keeps direct and recursive pins apart", async () => {
      const cid = await add(freshContent(10));

      await expectError(await command(`pin/add?arg=${cid}&recursive=false`), `pin: ${cid} already pinned recursively`);
      await expectError(await command(`pin/rm?arg=${cid}&recursive=false`), `${cid} is pinned recursively`);
      await target.ipfs.pin.rm(cid);
      await target.ipfs.pin.add(cid, { recursive: false });
      expect((await all(target.ipfs.pin.ls({ paths: cid })))[0]?.type).to.equal("direct");
      expect(await failure(all(target.ipfs.pin.ls({ paths: cid, type: "recursive" })))).to.contain("is not pinned");
      await target.ipfs.pin.rm(cid, { recursive: false });
    });

    it("knows what is pinned through something else", async () => {
      const bytes = freshContent(300_000);
      const root = await add(bytes);
      const leaf = (await target.ipfs.add(bytes.subarray(0, 262_144), { ...PROFILE, onlyHash: true })).cid.toString();

      const [answer] = await lines(await command(`pin/ls?arg=${leaf}`));

      expect(answer).to.deep.equal({ Keys: { [leaf]: { Type: `indirect through ${root}`, Name: "" } } });
      await expectError(await command(`pin/rm?arg=${leaf}`), "not pinned or pinned indirectly");
      await expectError(await command(`pin/ls?arg=${leaf}&type=recursive`), `path '${leaf}' is not pinned`);
      const listed = await all(target.ipfs.pin.ls({ type: "indirect" }));
      expect(listed.map((pin) => pin.cid.toString())).to.include(leaf);
    });

    it("lists all as lines and as one object", async () => {
      const cid = await add(freshContent(10));

      const streamed = await lines(await command("pin/ls?stream=true&type=recursive"));
      const whole = (await (await command("pin/ls?type=recursive")).json()) as { Keys: Record<string, unknown> };

      expect(streamed).to.deep.include({ Cid: cid, Type: "recursive" });
      expect(whole.Keys[cid]).to.deep.equal({ Type: "recursive", Name: "" });
      await expectError(await command("pin/ls?type=nonsense"), /invalid type 'nonsense'/);
    });
  });

  describe("block", () => {
    it("puts, tells and gets a block", async () => {
      const bytes = freshContent(1000);

      const cid = await target.ipfs.block.put(bytes);

      expect(cid.code).to.equal(raw.code);
      expect(await target.ipfs.block.stat(cid)).to.deep.equal({ cid, size: 1000 });
      expect(Buffer.compare(Buffer.from(await target.ipfs.block.get(cid)), bytes)).to.equal(0);
    });

    it("names blocks as Kubo does", async () => {
      const hello = Buffer.from("hello world\n");
      const key = async (options: string) => (await lines(await command(`block/put${options}`, [hello])))[0];

      expect(await key("")).to.deep.equal({ Key: HELLO, Size: 12 });
      expect(await key("?format=v0")).to.deep.equal({
        Key: "QmZjTnYw2TFhn9Nn7tjmPSoTBoY7YRkwPzwSrSbabY24Kp",
        Size: 12,
      });
      expect(await key("?cid-codec=dag-pb")).to.deep.equal({
        Key: "bafybeifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4",
        Size: 12,
      });
    });

    it("pins a block on demand", async () => {
      const [answer] = await lines(await command("block/put?pin=true", [freshContent(100)]));

      expect((await all(target.ipfs.pin.ls({ paths: String(answer?.["Key"]) })))[0]?.type).to.equal("recursive");
    });

    it("refuses what it can't keep or find", async () => {
      const missing = `block was not found locally (offline): ipld: could not find ${MISSING}`;
      await expectError(await command(`block/get?arg=${MISSING}`), missing);
      await expectError(await command(`block/stat?arg=${MISSING}`), missing);
      await expectError(await command("block/get?arg=nonsense"), /^invalid path "nonsense"/);
      await expectError(
        await command("block/put?mhtype=nonsense", [content(1)]),
        "unrecognized multihash function: nonsense",
      );
      await expectError(await command("block/put", [content(2_097_153)]), /^produced block is over 2MiB/);
      await expectRefusal(await command("block/put"), 400, /file argument 'data' is required/);
    });
  });

  describe("gc", () => {
    it("removes what isn't pinned and nothing else", async () => {
      const shared = freshContent(262_144);
      const kept = Buffer.concat([shared, freshContent(1000)]);
      const dropped = Buffer.concat([shared, freshContent(2000)]);
      const [keptCid, droppedCid] = [await add(kept), await add(dropped)];
      await all(target.ipfs.repo.gc());
      await target.ipfs.pin.rm(droppedCid);

      const removed = await all(target.ipfs.repo.gc());

      const gone = removed.map((entry) => entry.cid?.toString());
      expect(gone).to.include(CID.createV1(raw.code, CID.parse(droppedCid).multihash).toString());
      expect(gone).to.have.length(2, "the root and its own leaf, but not the leaf that the other file shares");
      expect(Buffer.compare(await read(target.ipfs, keptCid), kept)).to.equal(0);
      expect(await failure(read(target.ipfs, droppedCid))).to.contain("block was not found locally");
    });

    it("loses nothing to a race between adding and collecting", async () => {
      const files = Array.from({ length: 30 }, () => freshContent(300_000));
      const stop = new AbortController();
      const collecting = (async () => {
        while (!stop.signal.aborted) await all(target.ipfs.repo.gc());
      })();

      // Every file three times: the same blocks come, go and come again while the collector runs.
      const cids = await Promise.all(
        files.map(async (bytes) => {
          for (let round = 0; round < 2; round++) await target.ipfs.pin.rm(await add(bytes));
          return add(bytes);
        }),
      );
      stop.abort();
      await collecting;
      await all(target.ipfs.repo.gc());

      for (const [i, cid] of cids.entries()) {
        expect(Buffer.compare(await read(target.ipfs, cid), files[i] ?? Buffer.alloc(0))).to.equal(0);
      }
    });
  });
});
