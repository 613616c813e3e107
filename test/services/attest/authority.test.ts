/** The health authority: a licence and its code make an organisation, once. */
import { expect } from "chai";

import { roleOf, sendRevokeAccreditation, type Session } from "../../../sdk/index.js";
import { sendAccreditBySig, type SignedAccreditation } from "../../../sdk/adapters/participants.js";
import { expectSalusError } from "../../expectSalusError.js";
import {
  ask,
  authorities,
  eachEngine,
  expectRefusal,
  fill,
  newDatabase,
  secret,
  startService,
  tokenOf,
  type Running,
} from "./support.js";

eachEngine("attest: health authority", (engine) => {
  let service: Running;
  let hospital: Session;
  let stranger: Session;
  const number = (digits: number) => secret(`LIC-${engine}-${digits}`);
  const licence = {
    licence: number(1001),
    code: secret("correct-horse-battery-1"),
    role: "hospital",
    name: "City Hospital",
    validUntil: "2099-12-31",
    status: "valid",
  };
  const suspended = { ...licence, licence: number(1002), status: "suspended" };
  const over = { ...licence, licence: number(1003), validUntil: "2020-01-01" };
  const doctor = { ...licence, licence: number(1004), role: "doctor", name: "Dr Lee", department: "Cardiology" };

  before(async () => {
    const { world } = await authorities();
    const database = await newDatabase(engine);
    await fill(database, "authority", [licence, suspended, over, doctor]);
    service = await startService("authority", { database });
    hospital = await world.session(engine === "sqlite" ? 4 : 5);
    stranger = await world.session(6);
  });
  after(() => service.close());

  const accreditation = async (as: Session, body: object) =>
    ask(service, "POST", "/v1/accreditations", { token: await tokenOf(service, as), body });
  const show = ({ licence: shown, code }: { licence: string; code: string }) => ({ licence: shown, code });

  it("signs what the licence says, for the account that signed in, which carries it to the chain", async () => {
    const { accounts } = await authorities();
    const { status, body, text } = await accreditation(hospital, show(licence));
    expect(status, text).to.equal(200);
    const signed = body["accreditation"] as SignedAccreditation;
    expect(signed).to.include({ parent: accounts.authority.account, account: hospital.account, role: "hospital" });
    expect(signed.until).to.equal(Date.UTC(2100, 0, 1) / 1_000);
    await sendAccreditBySig(hospital.chain, hospital.signer, signed);
    expect(await roleOf(hospital.chain, hospital.account)).to.equal("hospital");
  });

  it("belongs to the first account that shows it, which may show it again", async () => {
    expect((await accreditation(hospital, show(licence))).status).to.equal(200);
    expectRefusal(await accreditation(stranger, show(licence)), 403, "LICENCE_IN_USE");
  });

  it("gives a licence to one of two accounts that show it at the same time", async () => {
    const answers = await Promise.all([accreditation(hospital, show(doctor)), accreditation(stranger, show(doctor))]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 403]);
  });

  it("refuses an unknown number, a wrong code, a suspended licence and one that is over with the same bytes", async () => {
    const answers = [
      await accreditation(stranger, { licence: secret("LIC-0"), code: licence.code }),
      await accreditation(stranger, { licence: licence.licence, code: secret("wrong-code-for-it") }),
      await accreditation(stranger, show(suspended)),
      await accreditation(stranger, show(over)),
    ];
    for (const answer of answers) expectRefusal(answer, 403, "LICENCE_NOT_VERIFIED");
    expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
  });

  it("is free again with a new code, and still bound after the same import", async () => {
    await fill(service.database, "authority", [licence]);
    expectRefusal(await accreditation(stranger, show(licence)), 403, "LICENCE_IN_USE");
    const renewed = { ...licence, code: secret("another-code-altogether") };
    await fill(service.database, "authority", [renewed]);
    expectRefusal(await accreditation(stranger, show(licence)), 403, "LICENCE_NOT_VERIFIED");
    expect((await accreditation(stranger, show(renewed))).status).to.equal(200);
  });

  it("undoes no revocation: whom the authority has revoked gets no accreditation by the same licence", async () => {
    const { world, accounts } = await authorities();
    const clinic = await world.session(engine === "sqlite" ? 7 : 8);
    const own = { ...licence, licence: number(1005) };
    await fill(service.database, "authority", [own]);
    const first = (await accreditation(clinic, show(own))).body["accreditation"] as SignedAccreditation;
    await sendAccreditBySig(clinic.chain, clinic.signer, first);
    const second = (await accreditation(clinic, show(own))).body["accreditation"] as SignedAccreditation;
    await sendRevokeAccreditation(clinic.chain, accounts.authority.signer, clinic.account);
    expectRefusal(await accreditation(clinic, show(own)), 403, "LICENCE_NOT_VERIFIED");
    await expectSalusError(sendAccreditBySig(clinic.chain, clinic.signer, second), "StaleAccreditation");
    expect(await roleOf(clinic.chain, clinic.account)).to.equal("none");
  });

  it("refuses without a sign-in", async () => {
    expectRefusal(await ask(service, "POST", "/v1/accreditations", { body: show(licence) }), 401, "SIGN_IN_REQUIRED");
  });
});
