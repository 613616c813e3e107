/** What all faces have in common: forms, refusals, pages, health, logs, a graceful end. */
import { connect } from "node:net";

import { expect } from "chai";
import type { Signer } from "ethers";

import { connectChain, connectIpfs, rpcProvider } from "../../../sdk/index.js";
import { openDatabase, startAttest } from "../../../services/attest/index.js";
import {
  ask,
  authorities,
  expectRefusal,
  fill,
  logged,
  newDatabase,
  newPerson,
  ORIGIN,
  random32,
  secret,
  signIn,
  startService,
  type Running,
} from "./support.js";

const CONTROLLER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";

describe("attest: frame", () => {
  let service: Running;
  before(async () => {
    service = await startService("registry");
  });
  after(() => service.close());

  it("says who it is, and for which chain and contracts it works", async () => {
    const { world, accounts } = await authorities();
    const { chainId, contracts } = world.deployment;
    const { patients, participants, policies } = contracts;
    expect((await ask(service, "GET", "/v1/service")).body).to.deep.equal({
      face: "registry",
      name: "Test registry",
      account: accounts.registry.account,
      chainId,
      contracts: { patients, participants, policies },
      photo: "when on file",
    });
  });

  it("is alive and ready", async () => {
    expect((await ask(service, "GET", "/healthz")).body).to.deep.equal({ status: "ok" });
    const ready = await ask(service, "GET", "/readyz");
    expect(ready.status).to.equal(200);
    expect(ready.body).to.deep.equal({ status: "ok", database: "ok", chain: "ok", faces: "ok" });
  });

  it("isn't ready, and says CHAIN_UNREACHABLE, while the chain is away", async () => {
    const { world, accounts } = await authorities();
    const gone = rpcProvider("http://127.0.0.1:1", world.deployment.chainId);
    const chain = { ...(await connectChain({ deployment: world.deployment, rpcUrl: world.rpcUrl })), provider: gone };
    const person = newPerson();
    const database = await newDatabase("sqlite");
    await fill(database, "registry", [person]);
    const away = await startService("registry", { database, session: { ...accounts.registry, chain } });
    const ready = await ask(away, "GET", "/readyz");
    expect([ready.status, ready.body["chain"], ready.body["database"]]).to.deep.equal([503, "failed", "ok"]);
    const { nationalId, birthDate } = person;
    const body = { controller: CONTROLLER, nationalId, birthDate, salt: random32() };
    expectRefusal(await ask(away, "POST", "/v1/attestations", { body }), 503, "CHAIN_UNREACHABLE");
    await away.close();
    gone.destroy();
  });

  it("says IPFS_UNREACHABLE while the store is away", async () => {
    const { accounts, world } = await authorities();
    const licence = secret("LIC-store-away");
    const code = secret("code-of-store-away");
    const database = await newDatabase("sqlite");
    const line = { licence, code, role: "pharmacy", name: "P", validUntil: "2099-01-01", status: "valid" };
    await fill(database, "authority", [line]);
    const store = connectIpfs("http://127.0.0.1:1");
    const away = await startService("authority", { database, session: { ...accounts.authority, store } });
    const { body } = await signIn(away, await world.session(6));
    const answer = await ask(away, "POST", "/v1/accreditations", {
      token: String(body["token"]),
      body: { licence, code },
    });
    expectRefusal(answer, 503, "IPFS_UNREACHABLE");
    await away.close();
  });

  it("says SERVICE_BUSY when the database is gone, and not why", async () => {
    const own = await startService("insurer", { database: await newDatabase("sqlite") });
    const db = await openDatabase(own.database);
    await db.schema.dropTable("sign_in_nonces").execute();
    await db.destroy();
    expectRefusal(await ask(own, "POST", "/v1/sign-in/nonce", { body: {} }), 503, "SERVICE_BUSY");
    await own.close();
  });

  it("refuses what it doesn't have, in the form of all refusals", async () => {
    expectRefusal(await ask(service, "GET", "/v1/citizens"), 404, "INVALID_INPUT", { field: "path" });
    expectRefusal(await ask(service, "GET", `/${secret("7770007770")}`), 404, "INVALID_INPUT", { field: "path" });
    expectRefusal(await ask(service, "GET", "/%ff"), 400, "INVALID_INPUT");
    expectRefusal(await ask(service, "DELETE", "/v1/attestations"), 404, "INVALID_INPUT");
  });

  it("takes JSON, and nothing that isn't", async () => {
    const post = (body: string, type: string) =>
      ask(service, "POST", "/v1/attestations", { body, headers: { "content-type": type } });
    expectRefusal(await post("{", "application/json"), 400, "INVALID_INPUT", { field: "body" });
    expectRefusal(await post("", "application/json"), 400, "INVALID_INPUT", { field: "body" });
    expectRefusal(await post("[]", "application/json"), 400, "INVALID_INPUT", { field: "body" });
    expectRefusal(await post('{"__proto__":{}}', "application/json"), 400, "INVALID_INPUT", { field: "body" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      expectRefusal(await post("{}", type), 415, "INVALID_INPUT", { field: "content-type" });
    }
  });

  it("lets the pages that it knows read its answers, and no others", async () => {
    const ours = await ask(service, "GET", "/v1/service", { headers: { origin: ORIGIN } });
    expect(ours.headers.get("access-control-allow-origin")).to.equal(ORIGIN);
    expect(ours.headers.get("access-control-expose-headers")).to.equal("Retry-After");
    expect(ours.headers.get("access-control-allow-credentials")).to.equal(null);
    for (const origin of ["http://evil.example", "null", "http://localhost:5174", `${ORIGIN}.evil.example`]) {
      const theirs = await ask(service, "GET", "/v1/service", { headers: { origin } });
      expect(theirs.headers.get("access-control-allow-origin"), origin).to.equal(null);
    }
    const preflight = await fetch(`${service.url}/v1/attestations`, {
      method: "OPTIONS",
      headers: {
        origin: ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,authorization",
      },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("access-control-allow-origin")).to.equal(ORIGIN);
    expect(preflight.headers.get("access-control-allow-headers")).to.equal("Authorization, Content-Type");
  });

  it("wants origins to be origins", async () => {
    for (const origin of ["*", "localhost:5173", `${ORIGIN}/`]) {
      const refusal = await startService("insurer", { origins: [origin] }).then(() => "", String);
      expect(refusal).to.contain("is not a web origin");
    }
  });

  it("logs a line a request: the route, the status, and nobody", async () => {
    const token = secret("a".repeat(43));
    await ask(service, "GET", `/v1/sign-in?national=${secret("1212121212")}`, { token });
    const line = logged().findLast(({ route }) => route === "/v1/sign-in")!;
    expect(line).to.have.all.keys("level", "time", "reqId", "method", "route", "status", "milliseconds", "caller");
    expect(line).to.include({ method: "GET", status: 401 });
    expect(line["caller"]).to.match(/^[0-9a-f]{12}$/);
  });

  it("answers what isn't HTTP with a refusal, and goes on", async () => {
    const answer = await raw(service.port, "NOT HTTP AT ALL\r\n\r\n");
    expect(answer)
      .to.match(/^HTTP\/1\.1 400 /)
      .and.to.contain('"code":"INVALID_INPUT"');
    expect((await ask(service, "GET", "/healthz")).status).to.equal(200);
  });

  it("fails to start when the port is taken, and leaves nothing open", async () => {
    const refusal = await startService("insurer", { port: service.port }).then(() => "", String);
    expect(refusal).to.contain("EADDRINUSE");
  });

  it("finishes what is under way before it ends, and takes nothing new", async () => {
    const { accounts } = await authorities();
    const people = Array.from({ length: 8 }, newPerson);
    const database = await newDatabase("sqlite");
    await fill(database, "registry", people);
    const { signer, arrived, release } = slowSigner(accounts.registry.signer, people.length);
    const own = await startService("registry", { database, session: { ...accounts.registry, signer } });
    const asked = people.map(({ nationalId, birthDate }) =>
      ask(own, "POST", "/v1/attestations", {
        body: { controller: CONTROLLER, nationalId, birthDate, salt: random32() },
      }),
    );
    await arrived;
    const closed = own.close();
    release();
    const answers = await Promise.all(asked);
    await closed;
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(8).fill(200));
    const gone = await ask(own, "GET", "/healthz").then(() => "", String);
    expect(gone).to.contain("fetch failed");
    await own.close();
  });

  it("has the name that its public address gives it", async () => {
    const { world, accounts } = await authorities();
    const own = await startAttest({
      face: "insurer",
      session: accounts.insurer,
      database: await newDatabase("sqlite"),
      origins: [],
      name: "Behind a proxy",
      publicUrl: "https://insurer.example/attest/",
    });
    const wallet = await world.session(6);
    expect(
      (await signIn(own, wallet, { domain: "insurer.example", uri: "https://insurer.example/attest" })).status,
    ).to.equal(200);
    expectRefusal(await signIn(own, wallet, { domain: "insurer.example" }), 401, "SIGN_IN_REFUSED");
    await own.close();
  });
});

/** A signer that signs nothing until it is released; `arrived` when so many wait for it. */
function slowSigner(signer: Signer, expected: number) {
  const arrival = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  let waiting = 0;
  const slow = Object.create(signer, {
    signTypedData: {
      value: async (...args: Parameters<Signer["signTypedData"]>) => {
        if (++waiting === expected) arrival.resolve(undefined);
        await gate.promise;
        return signer.signTypedData(...args);
      },
    },
  }) as Signer;
  return { signer: slow, arrived: arrival.promise, release: () => gate.resolve(undefined) };
}

/** Sends bytes, and returns what comes back until the other side ends. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket
      .on("data", (data) => (answer += data.toString()))
      .on("end", () => resolve(answer))
      .on("error", reject);
  });
}
