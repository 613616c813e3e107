/** Clients that dawdle: headers that never end, bodies that never come, answers that nobody takes. Others don't notice. */
import { connect, type Socket } from "node:net";
import { request } from "node:http";

import { expect } from "chai";

import { fill, newDatabase, newPerson, random32, startService, type Running } from "./support.js";

const CONTROLLER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
/** An address of this machine that is another caller's. */
const OTHER = "127.0.0.2";

describe("attest: slow clients", function () {
  this.timeout(60_000);
  let service: Running;
  const person = newPerson();
  const sockets = new Set<Socket>();
  before(async () => {
    const database = await newDatabase("sqlite");
    await fill(database, "registry", [person]);
    service = await startService("registry", { database });
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  });
  after(() => service.close());

  /** Opens a connection that says `bytes` and never reads. */
  function dawdle(bytes: string): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(service.port, "127.0.0.1", () => socket.write(bytes, () => resolve(socket)));
      sockets.add(socket);
      socket.on("error", reject).pause();
    });
  }

  /** The status of an attestation that is asked for from `localAddress`. */
  function attestation(localAddress: string): Promise<number | undefined> {
    const { nationalId, birthDate } = person;
    const body = JSON.stringify({ controller: CONTROLLER, nationalId, birthDate, salt: random32() });
    return new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const options = { port: service.port, host: "127.0.0.1", path: "/v1/attestations", method: "POST", headers };
      request({ ...options, localAddress, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end(body);
    });
  }

  const HEADERS = "POST /v1/attestations HTTP/1.1\r\nHost: x\r\nX-Slow: ";
  const BODY = `POST /v1/attestations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"controller":`;
  const READER = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(30);

  for (const [what, bytes] of Object.entries({
    "headers that never end": HEADERS,
    "bodies that never come": BODY,
    "answers that nobody takes": READER,
  })) {
    it(`serves others beside 200 connections with ${what}`, async () => {
      await Promise.all(Array.from({ length: 200 }, () => dawdle(bytes)));
      const statuses = await Promise.all(Array.from({ length: 20 }, () => attestation(OTHER)));
      expect(statuses).to.deep.equal(Array(20).fill(200));
    });
  }

  it("lets one address hold so many connections, and no more, and others in all the same", async () => {
    const held = Array.from({ length: 300 }, () => connect(service.port, "127.0.0.1"));
    for (const socket of held) sockets.add(socket.on("error", () => undefined).resume());
    await Promise.race(held.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
    expect(await attestation(OTHER)).to.equal(200);
    const refused = await attestation("127.0.0.1").then(() => "", String);
    expect(refused).to.match(/ECONNRESET|socket hang up/);
  });

  it("cuts off whoever doesn't finish the headers in ten seconds", async () => {
    const socket = await dawdle(HEADERS);
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      socket.on("data", (data) => (text += data.toString())).on("close", () => resolve(text));
      socket.resume();
    });
    expect(answer).to.match(/^HTTP\/1\.1 4\d\d /);
  });
});
