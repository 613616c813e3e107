/**
 * The node as a web server: what it tells about itself, whom it refuses, and its gateway. These tests run unchanged against a real Kubo: docs/decisions/0003 says how. All expected CIDs and
 * messages are those of Kubo 0.42.0.
 */
import { expect } from "chai";
import { CID } from "multiformats/cid";

import {
  content,
  freshContent,
  expectRefusal,
  HELLO,
  MISSING,
  post,
  PROFILE,
  startTarget,
  type Target,
} from "./node.js";

describe("IPFS RPC: HTTP", () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.stop());

  const add = async (bytes: Uint8Array) => (await target.ipfs.add(bytes, PROFILE)).cid.toString();
  const command = (name: string, files?: Uint8Array[]) => post(target.url, name, files);

  describe("about itself", () => {
    it("has a peer id that clients accept", async () => {
      const { id, agentVersion, publicKey } = await target.ipfs.id();

      expect(id.toString()).to.match(/^12D3KooW/);
      expect(agentVersion).to.be.a("string");
      expect(publicKey).to.be.a("string");
    });

    it("tells version and size", async () => {
      expect(await target.ipfs.version()).to.include.keys("version", "commit", "repo", "system", "golang");
      await add(freshContent(10));
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
