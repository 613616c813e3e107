/** Who may speak to the embedded node, and under which name. */
import { rm } from "node:fs/promises";
import { request } from "node:http";

import { expect } from "chai";
import { create } from "ipfs-http-client";

import { startIpfsNode } from "../../../services/ipfs/index.js";
import { content, failure, lines, type Own, post, PROFILE, startOwn, temporaryDirectory } from "./node.js";

const ORIGIN = "http://localhost:5173";

describe("IPFS node: access", () => {
  let own: Own;
  before(async () => {
    own = await startOwn({ origins: [ORIGIN], hosts: ["ipfs.hospital.example"] });
  });
  after(() => own.remove());

  /** Sends what fetch doesn't let through: a Host header. */
  function statusUnder(host: string, path = "/api/v0/version", method = "POST"): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request({ port: own.port, host: "127.0.0.1", path, method, headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on("error", reject).end();
    });
  }

  it("lets an allowed page in and lets it read the headers it needs", async () => {
    const response = await post(own.url, "add?cid-version=1", [content(1)], { headers: { origin: ORIGIN } });

    expect(response.status).to.equal(200);
    expect(response.headers.get("access-control-allow-origin")).to.equal(ORIGIN);
    expect(response.headers.get("access-control-expose-headers")).to.equal(
      "X-Stream-Output, X-Chunked-Output, X-Content-Length",
    );
    expect(response.headers.get("access-control-allow-credentials")).to.equal(null);
    expect(response.headers.get("vary")).to.equal("Origin");
    expect(await lines(response)).to.have.length(1);
  });

  it("answers an allowed page's preflight", async () => {
    const ask = (path: string, method: string) =>
      fetch(own.url + path, {
        method: "OPTIONS",
        headers: { origin: ORIGIN, "access-control-request-method": method },
      });

    const add = await ask("/api/v0/add", "POST");
    expect(add.status).to.equal(204);
    expect(add.headers.get("access-control-allow-origin")).to.equal(ORIGIN);
    expect(add.headers.get("access-control-allow-methods")).to.equal("POST");
    expect(add.headers.get("access-control-allow-headers")).to.contain("Authorization");
    expect((await ask("/ipfs/x", "GET")).headers.get("access-control-allow-methods")).to.equal("GET, HEAD");
    expect((await ask("/api/v0/add", "DELETE")).headers.get("access-control-allow-origin")).to.equal(null);
  });

  it("lets an allowed page read why it is refused", async () => {
    const response = await post(own.url, "cat?arg=nonsense", [], { headers: { origin: ORIGIN } });

    expect(response.status).to.equal(500);
    expect(response.headers.get("access-control-allow-origin")).to.equal(ORIGIN);
  });

  it("refuses other origins, whatever they look like", async () => {
    const others = [
      "http://localhost:5174",
      "https://localhost:5173",
      "http://localhost:5173.evil.example",
      "null",
      ORIGIN + "/",
    ];
    for (const origin of others) {
      expect((await post(own.url, "version", [], { headers: { origin } })).status, origin).to.equal(403);
      expect((await fetch(`${own.url}/ipfs/x?format=raw`, { headers: { origin } })).status, origin).to.equal(403);
    }
  });

  it("takes no wildcard and no half origin", async () => {
    const dir = await temporaryDirectory();
    for (const origin of ["*", "localhost:5173", "http://localhost:5173/"]) {
      expect(await failure(startIpfsNode({ dir, origins: [origin] }))).to.contain("is not a web origin");
    }
    await rm(dir, { recursive: true });
  });

  it("refuses names that it doesn't go by, so that no name can be bent to it", async () => {
    for (const host of ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "a b"]) {
      expect(await statusUnder(host), host).to.equal(403);
    }
    expect(await statusUnder("evil.example", "/ipfs/x?format=raw", "GET")).to.equal(403);
  });

  it("answers under its own names", async () => {
    for (const host of ["localhost", `localhost:${own.port}`, "127.0.0.1", "[::1]:5001", "ipfs.hospital.example"]) {
      expect(await statusUnder(host), host).to.equal(200);
    }
  });

  it("listens on the loopback address only", () => {
    expect(own.url).to.equal(`http://127.0.0.1:${own.port}`);
  });

  it("has no header that Kubo doesn't have", async () => {
    // Connection and Keep-Alive belong to the transport: Node says aloud what Go leaves unsaid.
    const kubo = new Set(
      "access-control-allow-origin access-control-expose-headers cache-control connection content-disposition content-length content-type date etag keep-alive trailer transfer-encoding vary x-chunked-output x-content-length x-content-type-options x-ipfs-path x-ipfs-roots x-stream-output".split(
        " ",
      ),
    );
    const cid = (await own.ipfs.add(content(10), PROFILE)).cid.toString();
    const answers = await Promise.all([
      post(own.url, "version"),
      post(own.url, `cat?arg=${cid}`),
      post(own.url, "cat?arg=nonsense"),
      post(own.url, "nonsense"),
      fetch(`${own.url}/ipfs/${cid}?format=raw`),
    ]);
    for (const answer of answers) for (const [name] of answer.headers) expect(kubo.has(name), name).to.equal(true);
  });

  describe("with a token", () => {
    let guarded: Own;
    before(async () => {
      guarded = await startOwn({ token: "correct horse", origins: [ORIGIN] });
    });
    after(() => guarded.remove());

    it("refuses without it", async () => {
      for (const authorization of [undefined, "", "Bearer ", "Bearer wrong", "correct horse", "Basic correct horse"]) {
        const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
        expect((await post(guarded.url, "version", [], { headers })).status, authorization).to.equal(403);
        expect((await fetch(`${guarded.url}/ipfs/x?format=raw`, { headers })).status, authorization).to.equal(403);
      }
      expect(await failure(guarded.ipfs.version())).to.contain("needs an authorization token");
    });

    it("serves with it, and lets nobody in between keep blocks", async () => {
      const headers = { authorization: "Bearer correct horse" };
      const ipfs = create({ url: guarded.url, headers });
      const { cid } = await ipfs.add("hello", PROFILE);

      const block = await fetch(`${guarded.url}/ipfs/${cid.toString()}?format=raw`, { headers });

      expect(await block.text()).to.equal("hello");
      expect(block.headers.get("cache-control")).to.match(/^private/);
    });

    it("answers a preflight without it, as browsers send none", async () => {
      const headers = { origin: ORIGIN, "access-control-request-method": "POST" };
      expect((await fetch(`${guarded.url}/api/v0/add`, { method: "OPTIONS", headers })).status).to.equal(204);
    });
  });
});
