/** The audit: one row a question, before the answer, for ever; and the limits that are counted in it. */
import { expect } from "chai";
import { sql } from "kysely";

import { openDatabase, type AttestOptions } from "../../../services/attest/index.js";
import {
  ask,
  eachEngine,
  expectRefusal,
  fill,
  newDatabase,
  newPerson,
  random32,
  secret,
  startService,
  type Running,
} from "./support.js";

const CONTROLLER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
const HOUR = 3_600;

eachEngine("attest: audit and limits", (engine) => {
  const person = newPerson();
  const other = newPerson();
  const services: Running[] = [];
  afterEach(async () => {
    for (const service of services.splice(0)) await service.close();
  });

  async function start(limits: AttestOptions["limits"] = {}): Promise<Running> {
    const database = await newDatabase(engine);
    await fill(database, "registry", [person, other]);
    const service = await startService("registry", { database, limits });
    services.push(service);
    return service;
  }
  async function restart(service: Running): Promise<Running> {
    services.splice(services.indexOf(service), 1);
    const again = await service.restart();
    services.push(again);
    return again;
  }
  const attestation = (service: Running, { nationalId, birthDate } = person) =>
    ask(service, "POST", "/v1/attestations", {
      body: { controller: CONTROLLER, nationalId, birthDate, salt: random32() },
    });
  const wrong = { ...person, birthDate: secret("1888-08-08") };
  async function rows({ database }: Running) {
    const db = await openDatabase(database);
    try {
      return await db.selectFrom("audit").selectAll().orderBy("nonce").execute();
    } finally {
      await db.destroy();
    }
  }

  it("has a row for every answer and every refusal, numbered as the attestations are", async () => {
    const service = await start();
    const first = await attestation(service);
    await attestation(service, wrong);
    const second = await attestation(service);
    const all = await rows(service);
    expect(all.map(({ outcome }) => outcome)).to.deep.equal(["issued", "NOT_VERIFIED", "issued"]);
    const nonceOf = ({ body }: typeof first) => Number((body["attestation"] as { nonce: string }).nonce);
    expect([nonceOf(first), nonceOf(second)]).to.deep.equal([all[0]?.nonce, all[2]?.nonce]);
    expect(all[0]).to.include({ action: "attestation", account: CONTROLLER, guess: 0 });
  });

  it("names nobody: the same person has the same tag, which says nothing", async () => {
    const service = await start();
    await attestation(service);
    await attestation(service, other);
    await attestation(service, wrong);
    const all = await rows(service);
    const text = JSON.stringify(all);
    for (const fact of [...Object.values<string>({ ...person }), ...Object.values<string>({ ...other }), "127.0.0.1"])
      expect(text).not.to.contain(fact);
    const [first, second, third] = all.map(({ subject }) => subject);
    expect(first)
      .to.equal(third)
      .and.match(/^[0-9a-f]{64}$/);
    expect(first).not.to.equal(second);
  });

  it("can't be changed: the database itself refuses", async () => {
    const service = await start();
    await attestation(service);
    const db = await openDatabase(service.database);
    const attempts = [
      "update audit set outcome = 'issued'",
      "delete from audit",
      ...(engine === "sqlite"
        ? ["insert or replace into audit select * from audit", "update or replace audit set nonce = 7"]
        : [
            "truncate audit",
            "insert into audit (nonce, time, action, subject, caller, outcome, guess) values (1, 0, 'x', 'x', 'x', 'x', 0)",
          ]),
    ];
    const before = await rows(service);
    for (const attempt of attempts) {
      const refusal = await sql
        .raw(attempt)
        .execute(db)
        .then(() => null, String);
      expect(refusal, attempt).to.match(/append-only|non-DEFAULT value/);
    }
    await db.destroy();
    expect(await rows(service)).to.deep.equal(before);
  });

  it("gives numbers on from where it was after a restart", async () => {
    const service = await start();
    await attestation(service);
    const again = await restart(service);
    await attestation(again);
    const numbers = (await rows(again)).map(({ nonce }) => nonce);
    expect(new Set(numbers).size).to.equal(2);
  });

  it("lets nobody guess about a person for longer than the limit, known or not, across restarts, until the hour is over", async () => {
    let service = await start({ perSubject: 3 });
    const unknown = { ...person, nationalId: secret("5550005550") };
    for (const each of [wrong, unknown]) {
      for (let guess = 0; guess < 3; guess++) expectRefusal(await attestation(service, each), 403, "NOT_VERIFIED");
    }
    service = await restart(service);
    const known = await attestation(service, wrong);
    expect(known.status).to.equal(429);
    expect(known.body["code"]).to.equal("TOO_MANY_ATTEMPTS");
    const wait = Number(known.headers.get("retry-after"));
    expect(wait).to.be.within(HOUR - 60, HOUR);
    expect(known.body["details"]).to.deep.equal({ retryAfter: wait });
    expect((await attestation(service, unknown)).status).to.equal(429);
    expect((await attestation(service, person)).status, "the right date no longer helps").to.equal(429);
    expect((await attestation(service, other)).status, "others aren't concerned").to.equal(200);
    service.clock.ahead = HOUR + 1;
    expect((await attestation(service, person)).status).to.equal(200);
  });

  it("counts guesses that come at the same time one after another", async () => {
    const service = await start({ perSubject: 5 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => attestation(service, wrong)));
    expect(answers.filter(({ status }) => status === 403)).to.have.length(5);
    expect(answers.filter(({ status }) => status === 429)).to.have.length(35);
  });

  it("lets no caller guess about many persons, across restarts", async () => {
    let service = await start({ guessesPerCaller: 4 });
    for (let guess = 0; guess < 4; guess++) {
      expectRefusal(
        await attestation(service, { ...person, nationalId: secret(`66600066${guess}`) }),
        403,
        "NOT_VERIFIED",
      );
    }
    service = await restart(service);
    expect((await attestation(service, person)).status).to.equal(429);
  });

  it("doesn't hold guesses against an account that somebody else has named", async () => {
    const database = await newDatabase(engine);
    await fill(database, "registry", [person]);
    const service = await startService("registry", {
      database,
      limits: { guessesPerCaller: 2 },
      proxies: ["127.0.0.1"],
    });
    services.push(service);
    const from = (address: string, nationalId: string) =>
      ask(service, "POST", "/v1/attestations", {
        headers: { "x-forwarded-for": address },
        body: { controller: CONTROLLER, nationalId, birthDate: person.birthDate, salt: random32() },
      });
    for (const id of ["1", "2"]) expectRefusal(await from("192.0.2.1", secret(`31415926${id}`)), 403, "NOT_VERIFIED");
    expect((await from("192.0.2.1", person.nationalId)).status).to.equal(429);
    expect((await from("192.0.2.2", person.nationalId)).status).to.equal(200);
  });

  it("takes so many requests of a caller in a minute, and no more", async () => {
    const service = await start({ perCaller: 5 });
    const answers = [];
    for (let request = 0; request < 6; request++) answers.push(await ask(service, "GET", "/v1/service"));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 200, 429]);
    const last = answers[5]!;
    expect(last.body["code"]).to.equal("TOO_MANY_ATTEMPTS");
    expect(Number(last.headers.get("retry-after"))).to.be.within(1, 60);
    expect((await ask(service, "GET", "/healthz")).status, "monitors aren't counted").to.equal(200);
  });
});
