/** Signing in to a service: every field of the message counts, and a number counts once (002-42). */
import { expect } from "chai";
import { ContractFactory, Wallet, type InterfaceAbi } from "ethers";
import { artifacts } from "hardhat";

import {
  attest,
  patientOf,
  register,
  requestRegistration,
  type Hex,
  type PatientId,
  type Session,
} from "../../../sdk/index.js";
import { sendUpdateProfile } from "../../../sdk/adapters/patients.js";
import type { Unlocked } from "../../world.js";
import {
  ask,
  authorities,
  DOMAIN,
  eachEngine,
  expectRefusal,
  newDatabase,
  newPerson,
  random32,
  signIn,
  signInMessage,
  startService,
  tokenOf,
  type Running,
} from "./support.js";

eachEngine("attest: sign-in", (engine) => {
  let service: Running;
  let wallet: Unlocked;
  before(async () => {
    const { accounts } = await authorities();
    wallet = accounts.authority;
    service = await startService("insurer", { database: await newDatabase(engine) });
  });
  after(() => service.close());

  const post = async (message: string, signature: string) =>
    ask(service, "POST", "/v1/sign-in", { body: { message, signature } });
  const refused = async (changes: Parameters<typeof signIn>[2]) =>
    expectRefusal(await signIn(service, wallet, changes), 401, "SIGN_IN_REFUSED");

  it("gives a token that says who is signed in, until it is given back", async () => {
    const answer = await signIn(service, wallet);
    expect(answer.status, answer.text).to.equal(200);
    expect(answer.body).to.include({ account: wallet.account, patientId: null });
    const token = String(answer.body["token"]);

    const { body } = await ask(service, "GET", "/v1/sign-in", { token });
    expect(body).to.deep.equal({ account: wallet.account, patientId: null, expiresAt: answer.body["expiresAt"] });
    const out = await ask(service, "DELETE", "/v1/sign-in", { token });
    expect([out.status, out.text]).to.deep.equal([204, ""]);
    expectRefusal(await ask(service, "GET", "/v1/sign-in", { token }), 401, "SIGN_IN_REQUIRED");
  });

  it("keeps no token, only its hash", async () => {
    const token = await tokenOf(service, wallet);
    const restarted = await service.restart();
    service = restarted;
    expect((await ask(service, "GET", "/v1/sign-in", { token })).status).to.equal(200);
  });

  it("ends a session at the time that the message names", async () => {
    const token = await tokenOf(service, wallet);
    service.clock.ahead = 601;
    expectRefusal(await ask(service, "GET", "/v1/sign-in", { token }), 401, "SIGN_IN_REQUIRED");
    service.clock.ahead = 0;
  });

  it("takes a number once, even twice at the same time", async () => {
    const message = await signInMessage(service, wallet.account);
    const signature = await wallet.signer.signMessage(message);
    const answers = await Promise.all([post(message, signature), post(message, signature)]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 401]);
    expectRefusal(await post(message, signature), 401, "SIGN_IN_REFUSED");
  });

  it("refuses a number that it never gave out, and one that is over", async () => {
    await refused({ nonce: "0123456789abcdef0123456789abcdef" });
    const message = await signInMessage(service, wallet.account, {
      expirationTime: new Date(Date.now() + 1_700_000).toISOString(),
    });
    service.clock.ahead = 901;
    expectRefusal(await post(message, await wallet.signer.signMessage(message)), 401, "SIGN_IN_REFUSED");
    service.clock.ahead = 0;
  });

  it("refuses messages for another page, service or chain", async () => {
    await refused({ domain: "evil.example" });
    await refused({ domain: "localhost" });
    await refused({ uri: "http://127.0.0.1:1" });
    await refused({ uri: `${service.url}/elsewhere` });
    await refused({ chainId: 1 });
  });

  it("refuses messages that are over, ahead of their time, or good for longer than a quarter of an hour", async () => {
    const at = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
    await refused({ expirationTime: at(-1) });
    await refused({ expirationTime: at(3_600) });
    await refused({ expirationTime: undefined });
    await refused({ issuedAt: at(600) });
    await refused({ notBefore: at(600) });
  });

  it("refuses another's signature, what is none, and another spelling of the message", async () => {
    const message = await signInMessage(service, wallet.account);
    expectRefusal(await post(message, await Wallet.createRandom().signMessage(message)), 401, "SIGN_IN_REFUSED");
    for (const signature of [`0x${"11".repeat(65)}`, `0x${"ff".repeat(70)}`, "0x00"]) {
      const other = await signInMessage(service, wallet.account);
      expectRefusal(await post(other, signature), 401, "SIGN_IN_REFUSED");
    }
    const padded = `${await signInMessage(service, wallet.account)}\n`;
    expectRefusal(await post(padded, await wallet.signer.signMessage(padded)), 401, "SIGN_IN_REFUSED");
    expectRefusal(await post("Sign me in", `0x${"11".repeat(65)}`), 401, "SIGN_IN_REFUSED");
  });

  it("lets a program sign in from the service's own host, and answers without a token with SIGN_IN_REQUIRED", async () => {
    expect((await signIn(service, wallet, { domain: new URL(service.url).host })).status).to.equal(200);
    for (const token of [undefined, "x", "a".repeat(43)]) {
      expectRefusal(await ask(service, "GET", "/v1/sign-in", { token }), 401, "SIGN_IN_REQUIRED");
    }
  });
});

describe("attest: sign-in of patients and contract wallets", () => {
  let service: Running;
  before(async () => {
    service = await startService("insurer");
  });
  after(() => service.close());

  it("takes the present H of a patient that the account controls, and no other", async () => {
    const { world, accounts } = await authorities();
    const patient = await world.account(14);
    const request = requestRegistration(patient, newPerson());
    const { registry } = accounts;
    const attestation = await attest(registry, registry.signer, registry.root, request);
    const { patientId } = await register(patient, request, attestation);
    const hashNow = async () => (await patientOf(patient.chain, patientId))!.hash;
    const named = (id: PatientId, h: Hex) => ({ resources: [`urn:salus:patient:${id}`, `urn:salus:h:${h}`] });
    const before = await hashNow();

    const answer = await signIn(service, patient, named(patientId, before));
    expect(answer.body).to.include({ account: patient.account, patientId });
    expectRefusal(await signIn(service, patient, named(patientId, random32())), 401, "H_UNKNOWN");
    expectRefusal(await signIn(service, patient, named(random32(), before)), 401, "H_UNKNOWN");
    expectRefusal(await signIn(service, accounts.authority, named(patientId, before)), 401, "H_UNKNOWN");
    const half = { resources: [`urn:salus:patient:${patientId}`] };
    expectRefusal(await signIn(service, patient, half), 401, "SIGN_IN_REFUSED");

    await sendUpdateProfile(patient.chain, patient.signer, patientId, random32());
    expectRefusal(await signIn(service, patient, named(patientId, before)), 401, "H_UNKNOWN");
    expect((await signIn(service, patient, named(patientId, await hashNow()))).status).to.equal(200);
  });

  it("asks a contract wallet whether it agrees (ERC-1271)", async () => {
    const { world } = await authorities();
    const owner = await world.session(15);
    const address = await deployWallet(owner);
    const message = await signInMessage(service, address, { domain: DOMAIN });
    const asked = (text: string, signature: string) =>
      ask(service, "POST", "/v1/sign-in", { body: { message: text, signature } });

    const answer = await asked(message, await owner.signer.signMessage(message));
    expect(answer.status, answer.text).to.equal(200);
    expect(answer.body["account"]).to.equal(address);
    const other = await signInMessage(service, address, { domain: DOMAIN });
    expectRefusal(await asked(other, await Wallet.createRandom().signMessage(other)), 401, "SIGN_IN_REFUSED");
  });
});

/** Deploys the contract wallet of an account. */
async function deployWallet({ signer, account }: Session): Promise<string> {
  const { abi, bytecode } = await artifacts.readArtifact("ContractWallet");
  const wallet = await new ContractFactory(abi as InterfaceAbi, bytecode, signer).deploy(account);
  await wallet.waitForDeployment();
  return wallet.getAddress();
}
