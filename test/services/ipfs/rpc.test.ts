/**
 * Kubo's RPC as Salus uses it. These tests run unchanged against a real Kubo: SALUS_TEST_IPFS_URL=http://127.0.0.1:5001 (and
 * SALUS_TEST_IPFS_GATEWAY_URL=http://127.0.0.1:8080). All expected CIDs and messages are those of Kubo 0.42.0.
 */
import { expect } from "chai";
import fc from "fast-check";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";

import {
  all,
  content,
  failure,
  freshContent,
  lines,
  MISSING,
  post,
  PROFILE,
  read,
  startTarget,
  type Target,
} from "./node.js";

const HELLO = "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4";

/** Size, CID, and size of the DAG. */
const VECTORS: [number, string, number][] = [
  [0, "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", 0],
  [1, "bafkreih3swvjrvxgywbhuv7mc64xrvsh7tab3ggdk636msmjv5lthhu2ym", 1],
  [262_144, "bafkreicrtk72fc7wopohko736g5gk44qmiyrq3zt225a5x4fl26nv5nape", 262_144],
  [262_145, "bafybeigiwqo3gami5vi4gwpsnqexap72qlqcq4lxzb7oq3gwrfjpb375mu", 262_249],
  [174 * 262_144, "bafybeiagebnznlc4mdphicbrcq6mtyhctsyxxfouifnqs7hxjfbzxof4i4", 45_621_766],
  [174 * 262_144 + 1, "bafybeigcxazdyn243b6havezebpj2m3axls5ev4gw4ziu6qjwneycs5kre", 45_621_926],
  [60_000_000, "bafybeibhf6r2ire6els5z6xbdiwffkphu7inuayuorr5pvgnni2ei66izq", 60_011_583],
];

/** Options, CID of 600,000 bytes, CID of 100 bytes. */
const OPTION_VECTORS: [string, string, string][] = [
  ["cid-version=0", "QmYCjC7mcvTGGLEdr1gkViJfawPfyeuKWjB9gdoZ4XYg7m", "QmeY2Qw8eLFDgxkowdVRnqA8wp9T4rCnHT8ayqpn2FJSdy"],
  [
    "cid-version=1",
    "bafybeigfnw2ff7ladamcb7ebjkadgepj2rpkqmpmcpwa62yfuo3wln4vza",
    "bafkreic2csnho3o3l6qac7zo7eck7fw6on6az6p6y6bqxde7egzw5ncnhe",
  ],
  [
    "raw-leaves=true",
    "QmbdL3oUtUjs7PCJG6AKrRK5LtiZpBUwfEaHdGFUywe6Pq",
    "bafkreic2csnho3o3l6qac7zo7eck7fw6on6az6p6y6bqxde7egzw5ncnhe",
  ],
  [
    "cid-version=1&raw-leaves=false",
    "bafybeify4lqupyjbncixhwughecyqdri7ksebapuayg67jhw5jcrq5b44a",
    "bafybeihqutv2b343ih75tsq3ghrjrbsy7exst4pe2slb56pegfbzuri4zq",
  ],
  [
    "cid-version=1&chunker=size-1000",
    "bafybeieciu7pnghnjmw5i4c3wdackifqepx34up2ee5jmj754qtfqpamo4",
    "bafkreic2csnho3o3l6qac7zo7eck7fw6on6az6p6y6bqxde7egzw5ncnhe",
  ],
  [
    "cid-version=1&chunker=size-1048576",
    "bafkreiaiwhm7yjvfqrh2x2nnyztu2fxgna5rcxi2dzvanaqtachytuxoe4",
    "bafkreic2csnho3o3l6qac7zo7eck7fw6on6az6p6y6bqxde7egzw5ncnhe",
  ],
];

describe("IPFS RPC", () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.stop());

  const add = async (bytes: Uint8Array) => (await target.ipfs.add(bytes, PROFILE)).cid.toString();
  const command = (name: string, files?: Uint8Array[]) => post(target.url, name, files);

  /** Asserts Kubo's form of a failed command. */
  async function expectError(response: Response, message: string | RegExp, status = 500): Promise<void> {
    expect(response.status).to.equal(status);
    expect(response.headers.get("content-type")).to.match(/^application\/json/);
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).to.have.all.keys("Message", "Code", "Type");
    expect(body["Type"]).to.equal("error");
    if (typeof message === "string") expect(body["Message"]).to.equal(message);
    else expect(body["Message"]).to.match(message);
  }

  /** Asserts Kubo's form of a request that never became a command. */
  async function expectRefusal(response: Response, status: number, text: RegExp): Promise<void> {
    expect(response.status).to.equal(status);
    expect(response.headers.get("content-type")).to.match(/^text\/plain/);
    expect(response.headers.get("x-content-type-options")).to.equal("nosniff");
    expect(await response.text()).to.match(text);
  }

  describe("add", () => {
    it("gives Kubo's CID to the text that everyone knows", async () => {
      const { cid, size } = await target.ipfs.add("hello world\n", PROFILE);

      expect(cid.toString()).to.equal(HELLO);
      expect(size).to.equal(12);
      expect((await read(target.ipfs, HELLO)).toString()).to.equal("hello world\n");
    });

    for (const [size, cid, dagSize] of VECTORS) {
      it(`keeps ${size} bytes under Kubo's CID and gives them back`, async () => {
        const bytes = content(size);

        const added = await target.ipfs.add(bytes, PROFILE);

        expect(added.cid.toString()).to.equal(cid);
        expect(added.size).to.equal(dagSize);
        expect(Buffer.compare(await read(target.ipfs, cid), bytes)).to.equal(0);
      });
    }

    for (const [options, large, small] of OPTION_VECTORS) {
      it(`gives Kubo's CIDs with ${options}`, async () => {
        const answers = [];
        for (const size of [600_000, 100])
          answers.push(...(await lines(await command(`add?${options}`, [content(size)]))));

        expect(answers.map((answer) => answer["Hash"])).to.deep.equal([large, small]);
        expect(Buffer.compare(await read(target.ipfs, large), content(600_000))).to.equal(0);
        expect(Buffer.compare(await read(target.ipfs, small), content(100))).to.equal(0);
      });
    }

    it("pins what it adds, unless it is told not to", async () => {
      const pinned = await add(freshContent(300_000));
      const { cid } = await target.ipfs.add(freshContent(300_000), { ...PROFILE, pin: false });

      expect(await all(target.ipfs.pin.ls({ paths: pinned, type: "recursive" }))).to.have.length(1);
      expect(await failure(all(target.ipfs.pin.ls({ paths: cid })))).to.contain("is not pinned");
    });

    it("tells a pin's name to those who ask for names", async () => {
      const answer = await lines(await command("add?cid-version=1&pin-name=salus", [freshContent(10)]));
      const cid = CID.parse(String(answer[0]?.["Hash"]));

      expect((await all(target.ipfs.pin.ls({ paths: cid, names: true })))[0]).to.include({ name: "salus" });
      expect((await all(target.ipfs.pin.ls({ paths: cid })))[0]).not.to.include({ name: "salus" });
    });

    it("computes a CID without keeping anything", async () => {
      const bytes = freshContent(300_000);

      const { cid } = await target.ipfs.add(bytes, { ...PROFILE, onlyHash: true });

      expect(await failure(read(target.ipfs, cid.toString()))).to.contain("block was not found locally");
      expect(await add(bytes)).to.equal(cid.toString());
    });

    it("reports progress by ipfs-http-client", async () => {
      const reports: number[] = [];

      await target.ipfs.add(freshContent(3_000_000), { ...PROFILE, progress: (bytes) => reports.push(bytes) });

      expect(reports.length).to.be.at.least(3);
      expect(reports).to.deep.equal(reports.toSorted((a, b) => a - b));
      expect(reports.at(-1)).to.equal(3_000_000);
    });

    it("streams progress and result as lines", async () => {
      const response = await command("add?cid-version=1&progress=true", [content(262_145)]);

      expect(response.status).to.equal(200);
      expect(response.headers.get("x-chunked-output")).to.equal("1");
      expect(response.headers.get("content-type")).to.equal("application/json");
      const answer = await lines(response);
      expect(answer.at(-2)).to.deep.equal({ Name: "file-0", Bytes: 262_145 });
      expect(answer.at(-1)).to.deep.equal({ Name: "file-0", Hash: VECTORS[3]?.[1], Size: "262249" });
    });

    it("adds several files of one request, each for itself", async () => {
      const answer = await lines(await command("add?cid-version=1", [content(1), content(262_145)]));

      expect(answer.map((line) => line["Hash"])).to.deep.equal([VECTORS[1]?.[1], VECTORS[3]?.[1]]);
      expect(answer.map((line) => line["Name"])).to.deep.equal(["file-0", "file-1"]);
    });

    it("calls a file without a name by its CID", async () => {
      const { path } = await target.ipfs.add(content(1), PROFILE);

      expect(path).to.equal(VECTORS[1]?.[1]);
    });

    it("takes the same content from many clients at once", async () => {
      const bytes = freshContent(2_000_000);

      const cids = await Promise.all(Array.from({ length: 12 }, () => add(bytes)));

      expect(new Set(cids).size).to.equal(1);
      expect(Buffer.compare(await read(target.ipfs, cids[0] ?? ""), bytes)).to.equal(0);
    });

    it("says which options it can't honour", async () => {
      const refuse = async (options: string, message: RegExp) =>
        expectError(await command(`add?${options}`, [content(10)]), message);

      await refuse("cid-version=7", /unknown CID version: 7/);
      await refuse("hash=nonsense", /unrecognized hash function: "nonsense"/);
      await refuse("chunker=nonsense", /unrecognized chunker option: nonsense/);
      await refuse("chunker=size-0", /chunker size must be greater than 0/);
      await refuse("chunker=size-2096897", /chunker parameters may not exceed the maximum chunk size of 2096896/);
    });

    it("refuses a request without a file", async () => {
      await expectRefusal(await command("add"), 400, /file argument 'path' is required/);
      await expectRefusal(
        await command("add?pin=maybe", [content(1)]),
        400,
        /could not convert value "maybe" to type "bool"/,
      );
      const headers = { "content-type": "multipart/form-data" };
      await expectRefusal(await post(target.url, "add", [], { headers, body: "x" }), 400, /no multipart boundary/);
    });

    it("refuses a malformed body", async () => {
      const headers = { "content-type": "multipart/form-data; boundary=edge" };
      const send = (body: string) => post(target.url, "add", [], { headers, body });

      await expectError(await send("nonsense"), /^multipart: /);
    });
  });

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
      const cid = VECTORS[6]?.[1] ?? "";
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

  describe("about itself", () => {
    it("has a peer id that clients accept", async () => {
      const { id, agentVersion, publicKey } = await target.ipfs.id();

      expect(id.toString()).to.match(/^12D3KooW/);
      expect(agentVersion).to.be.a("string");
      expect(publicKey).to.be.a("string");
    });

    it("tells version and size", async () => {
      expect(await target.ipfs.version()).to.include.keys("version", "commit", "repo", "system", "golang");
      const stat = await target.ipfs.repo.stat();
      expect(stat.numObjects > 0n).to.equal(true);
      expect(stat.repoSize > 0n).to.equal(true);
      expect(stat.storageMax > stat.repoSize).to.equal(true);
      expect(await target.ipfs.repo.version()).to.be.a("string");
    });

    it("answers commands by POST only", async () => {
      for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
        const response = await fetch(`${target.url}/api/v0/version`, { method });
        expect(response.status, method).to.equal(405);
        expect(response.headers.get("allow")).to.equal("OPTIONS, POST");
      }
      await expectRefusal(await fetch(`${target.url}/api/v0/version`), 405, /405 - Method Not Allowed/);
    });

    it("knows no other commands and no other paths", async () => {
      await expectRefusal(await command("nonsense"), 404, /404 page not found/);
      await expectRefusal(await fetch(`${target.url}/`), 404, /404 page not found/);
    });

    it("lets no foreign page in", async () => {
      await expectRefusal(
        await post(target.url, "version", [], { headers: { origin: "http://evil.example" } }),
        403,
        /403 - Forbidden/,
      );
      await expectRefusal(
        await post(target.url, "version", [], { headers: { origin: "null" } }),
        403,
        /403 - Forbidden/,
      );
      const referer = { referer: "http://evil.example/page" };
      await expectRefusal(await post(target.url, "version", [], { headers: referer }), 403, /403 - Forbidden/);
      const browser = { "user-agent": "Mozilla/5.0" };
      await expectRefusal(await post(target.url, "version", [], { headers: browser }), 403, /403 - Forbidden/);
    });

    it("says nothing to a foreign page's preflight", async () => {
      const headers = { origin: "http://evil.example", "access-control-request-method": "POST" };
      const response = await fetch(`${target.url}/api/v0/add`, { method: "OPTIONS", headers });

      expect(response.status).to.equal(204);
      expect(response.headers.get("access-control-allow-origin")).to.equal(null);
    });
  });

  describe("gateway", () => {
    let base: string;
    before(function () {
      if (target.gateway === undefined) this.skip();
      base = target.gateway;
    });

    it("gives the bytes of a block, to be kept for ever and never run", async () => {
      const cid = await add(Buffer.from("<script>alert(1)</script>"));

      const response = await fetch(`${base}/ipfs/${cid}?format=raw`);

      expect(response.status).to.equal(200);
      expect(await response.text()).to.equal("<script>alert(1)</script>");
      expect(response.headers.get("content-type")).to.equal("application/vnd.ipld.raw");
      expect(response.headers.get("x-content-type-options")).to.equal("nosniff");
      expect(response.headers.get("content-disposition")).to.match(new RegExp(`^attachment; filename="${cid}\\.bin"`));
      expect(response.headers.get("cache-control")).to.equal("public, max-age=29030400, immutable");
      expect(response.headers.get("etag")).to.equal(`"${cid}.raw"`);
      expect(response.headers.get("content-length")).to.equal("25");
      expect(response.headers.get("x-ipfs-path")).to.equal(`/ipfs/${cid}`);
    });

    it("answers HEAD, a conditional request, and the Accept header", async () => {
      const cid = await add(Buffer.from("hello"));
      const url = `${base}/ipfs/${cid}?format=raw`;

      const head = await fetch(url, { method: "HEAD" });
      expect([head.status, head.headers.get("content-length"), await head.text()]).to.deep.equal([200, "5", ""]);
      const same = await fetch(url, { headers: { "if-none-match": `"${cid}.raw"` } });
      expect([same.status, await same.text()]).to.deep.equal([304, ""]);
      const accepted = await fetch(`${base}/ipfs/${cid}`, { headers: { accept: "application/vnd.ipld.raw" } });
      expect(await accepted.text()).to.equal("hello");
    });

    it("gives a node of a larger file as it is", async () => {
      const cid = await add(content(262_145));

      const block = Buffer.from(await (await fetch(`${base}/ipfs/${cid}?format=raw`)).arrayBuffer());

      expect(block.length).to.equal(262_249 - 262_145);
      expect(Buffer.compare(block, Buffer.from(await target.ipfs.block.get(CID.parse(cid))))).to.equal(0);
    });

    it("refuses what isn't here, isn't a CID, or writes", async () => {
      expect((await fetch(`${base}/ipfs/${MISSING}?format=raw`)).status).to.equal(404);
      expect((await fetch(`${base}/ipfs/nonsense?format=raw`)).status).to.equal(400);
      expect((await fetch(`${base}/ipfs/${HELLO}?format=raw`, { method: "POST" })).status).to.equal(405);
    });
  });
});
