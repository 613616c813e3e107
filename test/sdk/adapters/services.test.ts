import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { connectAuthority, connectInsurer, connectRegistry } from "../../../sdk/adapters/services.js";
import { utf8 } from "../../../sdk/core/bytes.js";
import { ERROR_MESSAGES, type ErrorCode } from "../../../sdk/errors.js";
import { expectSalusError } from "../../expectSalusError.js";

const HEX = `0x${"a1".repeat(32)}` as const;
const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const SIGNATURE = `0x${"b2".repeat(65)}` as const;
const ATTESTATION = {
  registry: ACCOUNT,
  personTag: HEX,
  commitment: HEX,
  nonce: "18446744073709551616",
  deadline: 1_800_000_000,
  signature: SIGNATURE,
} as const;
const IDENTITY = { nationalId: "1991-4455667", name: "Nomen Privata", birthDate: "1991-02-10" };
const ANSWER = { attestation: ATTESTATION, identity: IDENTITY, evidence: ["database"] };
const PERSON = {
  controller: ACCOUNT,
  nationalId: IDENTITY.nationalId,
  birthDate: IDENTITY.birthDate,
  salt: HEX,
} as const;

describe("adapters: attestation services over HTTP", function () {
  let server: Server;
  let url: string;
  let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  let asked: {
    method?: string | undefined;
    path?: string | undefined;
    headers: IncomingMessage["headers"];
    body: string;
  }[];
  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        asked.push({ method: request.method, path: request.url, headers: request.headers, body });
        answer(request, response, body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const json = (value: unknown, status = 200, headers: Record<string, string> = {}) => {
    answer = (_, response) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(value));
    };
  };
  const attest = () => connectRegistry(url).attest(PERSON);

  it("asks by POST, with what is personal in the body and nowhere else", async () => {
    json(ANSWER);
    expect(await connectRegistry(`${url}/`).attest({ ...PERSON, photo: utf8("a photo") })).to.deep.equal(ANSWER);
    const [{ method, path, headers, body }] = asked as [(typeof asked)[number]];
    expect([method, path, headers["content-type"]]).to.deep.equal(["POST", "/v1/attestations", "application/json"]);
    expect(JSON.parse(body)).to.deep.equal({ ...PERSON, photo: Buffer.from("a photo").toString("base64") });
    expect(JSON.stringify(headers)).not.to.contain(IDENTITY.nationalId);
    expect(headers.cookie).to.equal(undefined);
    expect(headers.referer).to.equal(undefined);
  });

  it("puts the insurer beside what it signed into one offer, and passes the token", async () => {
    const terms = {
      patientId: HEX,
      ref: HEX,
      previousRef: HEX,
      wording: HEX,
      schedule: HEX,
      from: 1,
      until: 2,
      offer: HEX,
    };
    const offer = { ...terms, nonce: "7", deadline: 3, signature: SIGNATURE };
    json({ insurer: ACCOUNT.toLowerCase(), offer, somethingNew: true });
    const request = { identity: IDENTITY, salt: HEX, card: "HM-1", publicKey: HEX };
    const signed = await connectInsurer(url).offer("0123456789abcdef", request);
    expect(signed).to.deep.equal({ insurer: ACCOUNT, ...offer });
    expect(asked[0]?.headers.authorization).to.equal("Bearer 0123456789abcdef");
  });

  it("takes an empty answer for what has none, and only there", async () => {
    answer = (_, response) => response.writeHead(204).end();
    await connectAuthority(url).signOut("0123456789abcdef");
    expect([asked[0]?.method, asked[0]?.path]).to.deep.equal(["DELETE", "/v1/sign-in"]);
    await expectSalusError(attest(), "SERVICE_ANSWER_INVALID");
  });

  it("takes no answer with another form, and says in which field", async () => {
    const cases: [unknown, string][] = [
      [{ ...ANSWER, identity: { ...IDENTITY, birthDate: "yesterday" } }, "identity.birthDate"],
      [{ ...ANSWER, identity: { ...IDENTITY, name: "N".repeat(200) } }, "identity.name"],
      [{ ...ANSWER, attestation: { ...ATTESTATION, nonce: 7 } }, "attestation.nonce"],
      [{ ...ANSWER, attestation: { ...ATTESTATION, deadline: "soon" } }, "attestation.deadline"],
      [{ ...ANSWER, attestation: { ...ATTESTATION, deadline: 1e300 } }, "attestation.deadline"],
      [{ ...ANSWER, attestation: { ...ATTESTATION, signature: "0x1" } }, "attestation.signature"],
      [{ ...ANSWER, attestation: { ...ATTESTATION, registry: ACCOUNT.replace("C5", "c5") } }, "attestation.registry"],
      [{ ...ANSWER, evidence: ["a feeling"] }, "evidence.0"],
      [null, "answer"],
      ["attested", "answer"],
    ];
    for (const [value, field] of cases) {
      json(value);
      const error = await expectSalusError(attest(), "SERVICE_ANSWER_INVALID");
      expect(error.details["field"]).to.equal(field);
      expect(error.message).not.to.contain(IDENTITY.nationalId);
    }
  });

  it("takes no page for an answer, whatever its status", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Please log in</title>");
    };
    await expectSalusError(attest(), "SERVICE_ANSWER_INVALID");
    for (const [status, code] of [
      [404, "SERVICE_REFUSED"],
      [403, "SERVICE_REFUSED"],
      [500, "SERVICE_REFUSED"],
      [502, "SERVICE_UNREACHABLE"],
      [503, "SERVICE_UNREACHABLE"],
      [413, "REQUEST_TOO_LARGE"],
      [429, "TOO_MANY_ATTEMPTS"],
    ] as const) {
      answer = (_, response) => response.writeHead(status, { "content-type": "text/html" }).end("<h1>no</h1>");
      await expectSalusError(attest(), code);
    }
  });

  it("follows no redirect: the person's data goes where it was meant to go", async () => {
    answer = (_, response) => response.writeHead(307, { location: `${url}/elsewhere` }).end();
    await expectSalusError(attest(), "SERVICE_UNREACHABLE");
    expect(asked).to.have.length(1);
  });

  it("reads no more than an answer can be, said in advance or not", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = " ".repeat(16 * 1024);
      const write = () => {
        if (response.writable) response.write(chunk, () => setImmediate(write));
      };
      write();
    };
    const error = await expectSalusError(attest(), "SERVICE_ANSWER_INVALID");
    expect(error.details["reason"]).to.equal("it is too large");
  });

  it("waits no longer than its patience, for the first byte or the last", async () => {
    answer = () => undefined;
    await expectSalusError(connectRegistry(url, { patience: 100 }).attest(PERSON), "SERVICE_UNREACHABLE");
    answer = (_, response) => void response.writeHead(200).write("{");
    await expectSalusError(connectRegistry(url, { patience: 100 }).attest(PERSON), "SERVICE_UNREACHABLE");
  });

  it("says when nobody is there", async () => {
    await expectSalusError(connectRegistry("http://127.0.0.1:1").attest(PERSON), "SERVICE_UNREACHABLE");
    answer = (request) => request.socket.destroy();
    await expectSalusError(attest(), "SERVICE_UNREACHABLE");
  });

  describe("a refusal", () => {
    it("has the service's code, and the time to wait", async () => {
      for (const code of ["NOT_VERIFIED", "FACE_MISMATCH", "CARD_NOT_VERIFIED", "SERVICE_BUSY", "H_UNKNOWN"] as const) {
        json({ code, why: "because", how: "somehow" }, 403);
        const error = await expectSalusError(attest(), code);
        // The words are our own: a service can't put any into our mouth.
        expect([error.why, error.how]).to.deep.equal([...ERROR_MESSAGES[code]]);
      }
      json({ code: "TOO_MANY_ATTEMPTS" }, 429, { "retry-after": "120" });
      expect((await expectSalusError(attest(), "TOO_MANY_ATTEMPTS")).details["retryAfter"]).to.equal(120);
    });

    it("stands for itself only, with a code that isn't a service's", async () => {
      for (const code of ["WRONG_PASSPHRASE", "PersonAlreadyRegistered", "toString", "NOBODY_KNOWS", 7]) {
        json({ code }, 403);
        await expectSalusError(attest(), "SERVICE_REFUSED");
      }
    });

    it("shows details that are short and plain, and no others", async () => {
      const details = {
        field: "birthDate",
        retryAfter: 30,
        html: "<script>alert(1)</script>",
        long: "x".repeat(1_000),
        nested: { nationalId: IDENTITY.nationalId },
        "odd name": "value",
        __proto__: { polluted: true },
      };
      json({ code: "INVALID_INPUT", details }, 400);
      const error = await expectSalusError(attest(), "INVALID_INPUT");
      expect(error.details).to.deep.equal({ service: new URL(url).host, field: "birthDate", retryAfter: 30 });
    });
  });

  it("asks at http and https addresses only", () => {
    for (const address of [
      "ftp://x",
      "javascript:alert(1)",
      "127.0.0.1:1",
      "",
      "http://u:p@x",
      "http://x/?a=1",
      "http://x",
    ]) {
      let code: ErrorCode | undefined;
      try {
        connectRegistry(address);
      } catch (error) {
        ({ code } = error as { code: ErrorCode });
      }
      expect(code, address).to.equal("INVALID_INPUT");
    }
    expect(connectRegistry("https://registry.example/base/").url).to.equal("https://registry.example/base");
  });
});
