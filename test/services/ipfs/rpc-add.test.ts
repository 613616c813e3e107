/**
 * Files go in under the CIDs that Kubo gives them. These tests run unchanged against a real Kubo: docs/decisions/0003 says how. All expected CIDs and
 * messages are those of Kubo 0.42.0.
 */
import { expect } from "chai";
import { CID } from "multiformats/cid";

import {
  all,
  content,
  expectError,
  expectRefusal,
  failure,
  freshContent,
  HELLO,
  lines,
  post,
  PROFILE,
  read,
  startTarget,
  type Target,
} from "./node.js";

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

describe("IPFS RPC: add", () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.stop());

  const add = async (bytes: Uint8Array) => (await target.ipfs.add(bytes, PROFILE)).cid.toString();
  const command = (name: string, files?: Uint8Array[]) => post(target.url, name, files);

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
});
