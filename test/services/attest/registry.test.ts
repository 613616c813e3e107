/** The civil registry: what it attests, and what it refuses without telling why. */
import { StatementSync } from "node:sqlite";

import { expect } from "chai";
import { verifyTypedData } from "ethers";
import pg from "pg";

import { commitmentOf } from "../../../sdk/core/attestation.js";
import { fromHex, utf8 } from "../../../sdk/core/bytes.js";
import { attestationTypedData } from "../../../sdk/core/typedData.js";
import { patientOf, register, type SignedAttestation } from "../../../sdk/index.js";
import { faceOf, liveOf, nobody as emptyRoom, two } from "../../../scripts/seed/faces.js";
import {
  ask,
  authorities,
  eachEngine,
  expectRefusal,
  fill,
  newDatabase,
  newPerson,
  random32,
  secret,
  startService,
  type Person,
  type Running,
} from "./support.js";

const CONTROLLER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

eachEngine("attest: civil registry", (engine) => {
  let service: Running;
  const person = newPerson();
  before(async () => {
    const database = await newDatabase(engine);
    await fill(database, "registry", [person]);
    service = await startService("registry", { database });
  });
  after(() => service.close());

  const attestation = (changes: object = {}) =>
    ask(service, "POST", "/v1/attestations", {
      body: {
        controller: CONTROLLER,
        nationalId: person.nationalId,
        birthDate: person.birthDate,
        salt: random32(),
        ...changes,
      },
    });

  it("signs for the account that the person is who the record says", async () => {
    const { world, accounts } = await authorities();
    const salt = random32();
    const { status, body, text, headers } = await attestation({ salt });
    expect(status, text).to.equal(200);
    expect(body["identity"]).to.deep.equal(person);
    expect(body["evidence"]).to.deep.equal(["database"]);
    const signed = body["attestation"] as SignedAttestation;
    expect(signed.registry).to.equal(accounts.registry.account);
    expect(signed.commitment).to.equal(commitmentOf(person, fromHex(salt)));
    const { chainId, contracts } = world.deployment;
    const { domain, types, message } = attestationTypedData(chainId, contracts.patients, {
      controller: CONTROLLER,
      ...signed,
    });
    expect(verifyTypedData(domain, types, message, signed.signature)).to.equal(signed.registry);
    expect(headers.get("cache-control")).to.equal("no-store");
  });

  it("gives the same person the same tag, however the id is written, and each attestation a number of its own", async () => {
    const spellings = [
      person.nationalId,
      person.nationalId.replaceAll("-", " "),
      person.nationalId.replaceAll("-", ""),
    ];
    const answers: SignedAttestation[] = [];
    for (const nationalId of spellings)
      answers.push((await attestation({ nationalId })).body["attestation"] as SignedAttestation);
    expect(new Set(answers.map(({ personTag }) => personTag)).size).to.equal(1);
    const numbers = answers.map(({ nonce }) => Number(nonce));
    expect([...numbers].sort((a, b) => a - b)).to.deep.equal(numbers);
    expect(new Set(numbers).size).to.equal(3);
  });

  it("answers an unknown id and a wrong birth date with the same bytes", async () => {
    const unknown = await attestation({ nationalId: secret("9999999999") });
    const wrong = await attestation({ birthDate: secret("1899-12-31") });
    expectRefusal(unknown, 403, "NOT_VERIFIED");
    expect(wrong.text).to.equal(unknown.text);
    expect(wrong.status).to.equal(unknown.status);
    const names = ({ headers }: typeof wrong) => [...headers].filter(([name]) => name !== "date");
    expect(names(wrong)).to.deep.equal(names(unknown));
  });

  it("asks the database the same for an unknown id and a wrong birth date", async () => {
    const unknown = await work(() => attestation({ nationalId: secret("8888888888") }));
    const wrong = await work(() => attestation({ birthDate: secret("1899-12-30") }));
    expect(wrong).to.deep.equal(unknown);
    expect(wrong.filter((sql) => sql.includes("citizens"))).to.have.length(1);
    expect(wrong.filter((sql) => sql.startsWith("insert into"))).to.have.length(1);
  });

  it("names the field that isn't valid, and repeats nothing of it", async () => {
    const cases: [object, string][] = [
      [{ controller: "0x12" }, "controller"],
      // A checksum that is wrong.
      [{ controller: "0x90f79bf6EB2c4f870365E785982E1f101E93b906" }, "controller"],
      [{ nationalId: "" }, "nationalId"],
      [{ nationalId: secret("12345\u0000678") }, "nationalId"],
      [{ nationalId: 1234567890 }, "nationalId"],
      [{ birthDate: "17.05.1990" }, "birthDate"],
      [{ salt: "0x00" }, "salt"],
      [{ salt: undefined }, "salt"],
      [{ photo: "not base64!" }, "photo"],
      [{ surplus: secret("a field too many") }, "body"],
    ];
    for (const [changes, field] of cases) {
      const answer = await attestation(changes);
      expectRefusal(answer, 400, "INVALID_INPUT", { field });
    }
  });

  it("takes no more than six megabytes, and no photo over four", async () => {
    expectRefusal(await attestation({ photo: "A".repeat(7 * 2 ** 20) }), 413, "REQUEST_TOO_LARGE");
    expectRefusal(await attestation({ photo: "A".repeat(5.5 * 2 ** 20) }), 422, "PHOTO_TOO_LARGE");
  });

  it("is what the contract accepts", async () => {
    const { world } = await authorities();
    const newcomer = await world.account(engine === "sqlite" ? 16 : 17);
    const salt = random32();
    const { body } = await attestation({ controller: newcomer.account, salt });
    const request = { controller: newcomer.account, identity: body["identity"] as Person, salt };
    const signed = body["attestation"] as SignedAttestation;
    const { patientId } = await register(newcomer, request, signed);
    expect((await patientOf(newcomer.chain, patientId))?.commitment).to.equal(signed.commitment);
  });
});

describe("attest: civil registry with photos", function () {
  this.timeout(120_000);
  let service: Running;
  let strict: Running;
  const amina = newPerson();
  const nobody = newPerson();
  const broken = newPerson();
  before(async () => {
    const database = await newDatabase("sqlite");
    await fill(database, "registry", [
      { ...amina, photo: base64(await faceOf("amina")) },
      nobody,
      { ...broken, photo: base64(await emptyRoom()) },
    ]);
    service = await startService("registry", { database });
    strict = await startService("registry", { database, photo: "required" });
  });
  after(async () => {
    await service.close();
    await strict.close();
  });

  const attestation = (to: Running, { nationalId, birthDate }: Person, photo?: Uint8Array | string) =>
    ask(to, "POST", "/v1/attestations", {
      body: {
        controller: CONTROLLER,
        nationalId,
        birthDate,
        salt: random32(),
        ...(photo !== undefined && { photo: typeof photo === "string" ? photo : base64(photo) }),
      },
    });

  it("attests a face that is the one on file", async () => {
    const { status, body, text } = await attestation(service, amina, await liveOf("amina"));
    expect(status, text).to.equal(200);
    expect(body["evidence"]).to.deep.equal(["database", "face"]);
  });

  it("refuses another's face, and says no distance", async () => {
    const answer = await attestation(service, amina, await liveOf("other"));
    expectRefusal(answer, 403, "FACE_MISMATCH");
    expect(answer.body).not.to.have.property("details");
  });

  it("wants a photo of whoever has one on file", async () => {
    expectRefusal(await attestation(service, amina), 422, "PHOTO_REQUIRED");
    expect((await attestation(service, nobody)).body["evidence"]).to.deep.equal(["database"]);
  });

  it("tells what is wrong with a photo", async () => {
    expectRefusal(await attestation(service, amina, await emptyRoom()), 422, "NO_FACE");
    expectRefusal(await attestation(service, amina, await two()), 422, "SEVERAL_FACES");
    expectRefusal(await attestation(service, amina, utf8("no picture at all")), 422, "PHOTO_UNREADABLE");
  });

  it("doesn't blame the caller for a photo on file that can't be compared with", async () => {
    expectRefusal(await attestation(service, broken, await faceOf("amina")), 403, "NO_PHOTO_ON_FILE");
  });

  it("tells nothing of a person by a photo: who has a wrong birth date is refused before it is looked at", async () => {
    const wrong = { ...amina, birthDate: secret("1901-01-01") };
    const unknown = { ...amina, nationalId: secret("4040404040") };
    const face = await faceOf("amina");
    for (const each of [wrong, unknown]) {
      expectRefusal(await attestation(service, each, face), 403, "NOT_VERIFIED");
      expectRefusal(await attestation(service, each), 403, "NOT_VERIFIED");
    }
  });

  it("asks everyone for a photo where that is the rule, before anything is looked up", async () => {
    expectRefusal(await attestation(strict, amina), 422, "PHOTO_REQUIRED");
    expectRefusal(await attestation(strict, { ...amina, nationalId: secret("4141414141") }), 422, "PHOTO_REQUIRED");
    expectRefusal(await attestation(strict, nobody, await faceOf("amina")), 403, "NO_PHOTO_ON_FILE");
  });

  it("says what its rule is", async () => {
    expect((await ask(service, "GET", "/v1/service")).body["photo"]).to.equal("when on file");
    expect((await ask(strict, "GET", "/v1/service")).body["photo"]).to.equal("required");
  });
});

/** The statements that a question costs the database, in their order. */
async function work(question: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const restore = [
    watch(StatementSync.prototype, "all", (statement) => statements.push((statement as StatementSync).sourceSQL)),
    watch(pg.Client.prototype, "query", (_client, [sql]) => statements.push(String(sql))),
  ];
  try {
    await question();
  } finally {
    for (const each of restore) each();
  }
  return statements;
}

/** Hears of every call of a method; returns what ends that. */
function watch(target: object, method: string, hear: (self: unknown, args: unknown[]) => void): () => void {
  const original = Reflect.get(target, method) as (...args: unknown[]) => unknown;
  Reflect.set(target, method, function (this: unknown, ...args: unknown[]) {
    hear(this, args);
    return Reflect.apply(original, this, args);
  });
  return () => void Reflect.set(target, method, original);
}
