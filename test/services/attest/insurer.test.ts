/** The insurer: an offer for whom a civil registry has attested and who holds the card; nobody proves their identity twice. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { pseudonymOf } from "../../../sdk/core/attestation.js";
import { toHex, utf8 } from "../../../sdk/core/bytes.js";
import {
  accountKeys,
  attest,
  chainTime,
  checkOffer,
  readOfferFiles,
  register,
  requestRegistration,
  type RegistrationRequest,
  type SignedAttestation,
  type SignedOffer,
} from "../../../sdk/index.js";
import type { Unlocked } from "../../world.js";
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
  tokenOf,
  type Running,
} from "./support.js";

const WORDING = "Care Plus covers what it covers.\n";
const YEAR = 365 * 24 * 3_600;

eachEngine("attest: insurer", (engine) => {
  let service: Running;
  let patient: Unlocked;
  let token: string;
  let folder: string;
  const person = newPerson();
  const other = newPerson();
  const schedule = { plan: "Care Plus", insured: person.name, annualLimit: 250_000 };
  const terms = {
    token: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    deductible: "5000",
    coPayment: 1_000,
    limit: "1000000",
  };
  const cards = {
    valid: secret(`HM-${engine}-100200`),
    over: secret(`HM-${engine}-100201`),
    others: secret(`HM-${engine}-100202`),
  };
  let request: RegistrationRequest;
  let attestation: SignedAttestation;

  before(async () => {
    const { world, accounts } = await authorities();
    folder = await mkdtemp(join(tmpdir(), "salus-cards-"));
    await writeFile(join(folder, "wording.txt"), WORDING);
    const line = { ...person, plan: "Care Plus", wording: "wording.txt", schedule };
    const database = await newDatabase(engine);
    await fill(
      database,
      "insurer",
      [
        { ...line, card: cards.valid, terms, from: "2026-01-01", until: "2099-12-31" },
        { ...line, card: cards.over, until: "2020-12-31" },
        { ...line, ...other, card: cards.others },
      ],
      folder,
    );
    service = await startService("insurer", { database });
    patient = await world.account(engine === "sqlite" ? 18 : 19);
    token = await tokenOf(service, patient);
    request = requestRegistration(patient, person);
    attestation = await attest(accounts.registry, accounts.registry.signer, accounts.registry.root, request);
  });
  after(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  const offer = (changes: object = {}, as: string | undefined = token) =>
    ask(service, "POST", "/v1/offers", {
      token: as,
      body: {
        attestation,
        identity: person,
        salt: request.salt,
        card: cards.valid,
        publicKey: toHex(accountKeys(patient.root).publicKey),
        ...changes,
      },
    });
  const signedIn = (body: Record<string, unknown>) =>
    ({ insurer: body["insurer"], ...(body["offer"] as object) }) as SignedOffer;

  it("offers the policy of the card, with its files on IPFS, sealed to the holder's own key", async () => {
    const { status, body, text } = await offer();
    expect(status, text).to.equal(200);
    const signed = signedIn(body);
    await checkOffer(patient, signed);
    expect(signed.patientId).to.equal(pseudonymOf(patient.account, attestation.commitment));
    expect([signed.from, signed.until]).to.deep.equal([Date.UTC(2026, 0, 1) / 1_000, Date.UTC(2100, 0, 1) / 1_000]);
    const files = await readOfferFiles(patient, signed);
    expect(files.title).to.equal("Care Plus");
    expect(files.wording).to.deep.include({ bytes: utf8(WORDING), fileName: "wording.txt", mediaType: "text/plain" });
    expect(files.schedule.bytes).to.deep.equal(utf8(`${JSON.stringify(schedule, null, 2)}\n`));
    expect(files.terms).to.deep.equal({ ...terms, deductible: 5_000n, limit: 1_000_000n });
  });

  it("takes the card in any spelling", async () => {
    expect((await offer({ card: cards.valid.toLowerCase().replaceAll("-", " ") })).status).to.equal(200);
  });

  it("refuses without a sign-in", async () => {
    expectRefusal(await offer({}, ""), 401, "SIGN_IN_REQUIRED");
  });

  it("refuses an unknown card, somebody else's, and one that is over with the same bytes", async () => {
    const answers = [
      await offer({ card: secret("HM-unknown-1") }),
      await offer({ card: cards.others }),
      await offer({ card: cards.over }),
    ];
    for (const answer of answers) expectRefusal(answer, 403, "CARD_NOT_VERIFIED");
    expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
  });

  it("refuses attestations of another person, for another account, by nobody, and those that are over", async () => {
    const { accounts } = await authorities();
    const { registry, authority } = accounts;
    const refused = async (changes: object) => expectRefusal(await offer(changes), 403, "ATTESTATION_REFUSED");
    await refused({ identity: other });
    await refused({ identity: { ...person, name: secret("Somebody Else") } });
    await refused({ salt: random32() });
    await refused({ attestation: { ...attestation, nonce: "1" } });
    await refused({ attestation: { ...attestation, deadline: attestation.deadline + 1 } });
    await refused({ attestation: { ...attestation, registry: authority.account } });
    const elsewhere = await attest(registry, registry.signer, registry.root, {
      ...request,
      controller: authority.account,
    });
    await refused({ attestation: elsewhere });
    const byNobody = await attest(authority, authority.signer, authority.root, request);
    await refused({ attestation: byNobody });
    const over = await attest(registry, registry.signer, registry.root, request, { lifetime: -10 });
    await refused({ attestation: over });
    await refused({ attestation: undefined });
  });

  it("refuses a key that everybody can open", async () => {
    expectRefusal(await offer({ publicKey: `0x${"0".repeat(64)}` }), 400, "INVALID_INPUT");
  });

  it("asks a registered patient for no attestation: the chain's commitment must open", async () => {
    await register(patient, request, attestation);
    const { status, body, text } = await offer({ attestation: undefined });
    expect(status, text).to.equal(200);
    expect(signedIn(body).patientId).to.equal(pseudonymOf(patient.account, attestation.commitment));
    expectRefusal(await offer({ attestation: undefined, identity: other }), 403, "ATTESTATION_REFUSED");
    expectRefusal(await offer({ attestation: undefined, salt: random32() }), 403, "ATTESTATION_REFUSED");
  });

  it("names a year when the card names no end", async () => {
    const card = secret(`HM-${engine}-100203`);
    const line = { ...person, card, plan: "Care Plus", wording: "wording.txt", schedule };
    await fill(service.database, "insurer", [line]);
    const signed = signedIn((await offer({ card, attestation: undefined })).body);
    expect(signed.until - signed.from).to.equal(YEAR);
    expect(signed.until).to.be.greaterThan(await chainTime(patient.chain));
    // A year that began long ago is over, though the card doesn't say so.
    await fill(service.database, "insurer", [{ ...line, from: "2001-01-01" }]);
    expectRefusal(await offer({ card, attestation: undefined }), 403, "CARD_NOT_VERIFIED");
  });
});
