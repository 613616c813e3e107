import { expect } from "chai";

import {
  beginEnrolment,
  comparePolicy,
  connectInsurer,
  connectIpfs,
  connectRegistry,
  createAccount,
  deregister,
  discardEnrolment,
  discloseEnrolment,
  enrol,
  enrolmentFiles,
  hasDraft,
  identify,
  insure,
  keyOf,
  openBackup,
  ownDrawers,
  patientIdOf,
  patientsControlledBy,
  policiesOf,
  readProfile,
  recoverySheet,
  renewAttestation,
  renewOffer,
  resumeEnrolment,
  SCOPE_LABELS,
  unlock,
  withoutInsurance,
  type Drafts,
  type Enrolment,
  type ErrorCode,
  type Session,
} from "../../../sdk/index.js";
import { fromHex, utf8 } from "../../../sdk/core/bytes.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { PASSPHRASE } from "../../world.js";
import {
  CITIZENS,
  memoryDrafts,
  refusing,
  scheduleOf,
  startOffices,
  watched,
  WORDING,
  type Citizen,
  type Offices,
} from "./offices.js";

describe("flows: registering alone, step by step", function () {
  this.timeout(120_000);

  let offices: Offices;
  before(async () => {
    offices = await startOffices();
  });
  after(() => offices.stop());

  let next = 5;
  /** An account that Salus doesn't know, and a citizen who isn't registered. */
  async function newcomer(): Promise<{ session: Session; citizen: Citizen; drafts: ReturnType<typeof memoryDrafts> }> {
    const index = next++;
    return { session: await offices.world.session(index), citizen: CITIZENS[index]!, drafts: memoryDrafts() };
  }
  const begin = (session: Session, drafts: Drafts) => beginEnrolment(session, drafts, PASSPHRASE, { workFactor: 4 });
  const showCard = (enrolment: Enrolment, { card }: { card: string }) =>
    insure(enrolment, offices.insurer, { card, domain: offices.domain });
  const own = (citizen: Citizen) => ({ wording: WORDING, schedule: scheduleOf(citizen) });
  const valuesOf = ({ nationalId, name, birthDate, card }: Citizen) => [nationalId, name, birthDate, card];
  const pins = () => pinsOf(offices.world.ipfsUrl);

  /** Someone at the step before sending. */
  async function ready() {
    const { session, citizen, drafts } = await newcomer();
    const begun = await begin(session, drafts);
    const identified = await identify(begun, offices.registry, citizen);
    const insured = await showCard(identified, citizen);
    return { session, citizen, drafts, enrolment: await comparePolicy(insured, own(citizen)) };
  }

  it("proves, insures, compares and registers with one transaction", async () => {
    const { session, citizen, drafts } = await newcomer();
    const { chain, account } = session;
    const sent: unknown[] = [];
    const begun = await begin(
      watched(session, (request) => sent.push(request)),
      drafts,
    );
    expect(begun.step).to.equal("identity");
    expect(await hasDraft(drafts)).to.equal(true);
    const identified = await identify(begun, offices.registry, citizen);
    expect(identified.step).to.equal("insurance");
    expect(identified.proof?.identity.name).to.equal(citizen.name);
    expect(identified.proof?.evidence).to.deep.equal(["database"]);
    const insured = await showCard(identified, citizen);
    expect(insured.step).to.equal("policy");
    expect(insured.cover).to.include({ insurerName: "Harbour Mutual", card: citizen.card, title: "Basic" });
    const files = await enrolmentFiles(insured);
    expect([files.wording.bytes, files.schedule.bytes]).to.deep.equal([WORDING, scheduleOf(citizen)]);
    const confirmed = await comparePolicy(insured, own(citizen));
    expect(confirmed.step).to.equal("confirm");
    expect(sent).to.deep.equal([]);
    expect(discloseEnrolment(confirmed).grantee.join(" ")).to.contain("Harbour Mutual");

    const enrolled = await enrol(confirmed);
    expect(sent).to.have.length(1);
    expect(await hasDraft(drafts)).to.equal(false);
    const root = await unlock(session, account, PASSPHRASE);
    const unlocked = { ...session, root };
    const patientId = await patientIdOf(session);
    expect(patientId).to.equal(enrolled.patientId);
    const { identity, insuranceCard } = await readProfile(unlocked, patientId);
    const { card, ...person } = citizen;
    expect([identity, insuranceCard]).to.deep.equal([person, card]);
    const drawers = await ownDrawers(unlocked, patientId);
    expect(drawers.map(({ label, state }) => `${label} ${state}`)).to.deep.equal(SCOPE_LABELS.map((l) => `${l} open`));
    const [policy] = await policiesOf(chain, { patientId });
    expect(policy).to.include({ policyId: enrolled.policyId, transactionHash: enrolled.transaction });
    // In force from the insurer's time on, which may be ahead of the chain's by a block.
    expect(policy?.status).to.be.oneOf(["accepted", "active"]);
    expect(await openBackup(enrolled.backup!.file, PASSPHRASE)).to.deep.equal(root);

    const { chainId, contracts } = chain.deployment;
    const sheet = recoverySheet({ ...enrolled, chainId, patients: contracts.patients });
    for (const fact of [account, patientId, enrolled.patientHash, enrolled.transaction, enrolled.backup!.cid]) {
      expect(sheet).to.contain(fact);
    }
    for (const secret of [...valuesOf(citizen), PASSPHRASE]) expect(sheet).not.to.contain(secret);
    expect(Math.max(...sheet.split("\n").map(({ length }) => length))).to.be.at.most(80);
  });

  it("goes on without insurance, and drops an offer that was fetched", async () => {
    const { session, citizen, drafts } = await newcomer();
    const insured = await showCard(await identify(await begin(session, drafts), offices.registry, citizen), citizen);
    const enrolled = await enrol(await withoutInsurance(insured));
    expect(enrolled.policyId).to.equal(null);
    expect(await policiesOf(session.chain, { patientId: enrolled.patientId })).to.deep.equal([]);
    const unlocked = { ...session, root: await unlock(session, session.account, PASSPHRASE) };
    expect(await readProfile(unlocked, enrolled.patientId)).not.to.have.property("insuranceCard");
  });

  it("takes the root of an account that has a key, and makes no other backup", async () => {
    const { session, citizen, drafts } = await newcomer();
    const root = await createAccount(session, PASSPHRASE, { workFactor: 4 });
    await expectSalusError(beginEnrolment(session, drafts, "another passphrase"), "WRONG_PASSPHRASE");
    expect(drafts.bytes).to.equal(null);
    const begun = await begin(session, drafts);
    expect(begun.session.root).to.deep.equal(root);
    const confirmed = await withoutInsurance(await identify(begun, offices.registry, citizen));
    await resumeEnrolment({ ...session, root }, drafts, "");
    expect((await enrol(confirmed)).backup).to.equal(null);
    expect((await keyOf(session.chain, session.account))?.version).to.equal(1);
  });

  it("compares to the bit: another copy keeps the step where it is, and says which", async () => {
    const { session, citizen, drafts } = await newcomer();
    const insured = await showCard(await identify(await begin(session, drafts), offices.registry, citizen), citizen);
    const before = drafts.bytes;
    for (const part of ["wording", "schedule"] as const) {
      const copies = own(citizen);
      const altered = copies[part].slice();
      altered[altered.length - 1]! ^= 1;
      const compared = await comparePolicy(insured, { ...copies, [part]: altered });
      expect(compared.step).to.equal("policy");
      const differing = compared.cover!.comparisons.filter(({ equal }) => !equal);
      expect(differing.map((each) => each.part)).to.deep.equal([part]);
      await expectSalusError(enrol(compared), "INVALID_INPUT");
    }
    expect(drafts.bytes).to.equal(before);
    expect((await comparePolicy(insured, { wording: WORDING })).step).to.equal("confirm");
    await discardEnrolment(session, drafts);
  });

  it("refuses a person who is registered already, before anything is stored or sent; after deregistering it doesn't", async () => {
    const first = await ready();
    const { patientId } = await enrol(first.enrolment);
    const { session, drafts } = await newcomer();
    const begun = await begin(session, drafts);
    const [draft, stored] = [drafts.bytes, await pins()];
    await expectSalusError(identify(begun, offices.registry, first.citizen), "PersonAlreadyRegistered");
    expect(drafts.bytes).to.equal(draft);
    expect(await pins()).to.deep.equal(stored);
    const root = await unlock(first.session, first.session.account, PASSPHRASE);
    await deregister({ ...first.session, root }, patientId);
    const again = await identify(begun, offices.registry, first.citizen);
    expect((await enrol(await withoutInsurance(again))).patientId).not.to.equal(patientId);
  });

  describe("a step that fails changes nothing", () => {
    it("when the registry, the insurer or the wallet says no", async () => {
      const { session, citizen, drafts } = await newcomer();
      await expectSalusError(beginEnrolment(session, drafts, "short"), "WEAK_PASSPHRASE");
      expect(drafts.bytes).to.equal(null);
      const begun = await begin(session, drafts);
      await expectSalusError(begin(session, drafts), "DRAFT_EXISTS");
      const [stored, draft] = [await pins(), drafts.bytes];
      const wrongDate = { ...citizen, birthDate: "1950-01-01" };
      await expectSalusError(identify(begun, offices.registry, wrongDate), "NOT_VERIFIED");
      await expectSalusError(identify(begun, offices.registry, { ...citizen, nationalId: "0" }), "NOT_VERIFIED");
      await expectSalusError(withoutInsurance(begun), "INVALID_INPUT");
      await expectSalusError(enrol(begun), "INVALID_INPUT");
      expect(drafts.bytes).to.equal(draft);

      const identified = await identify(begun, offices.registry, citizen);
      const kept = drafts.bytes;
      await expectSalusError(showCard(identified, { card: "HM-0" }), "CARD_NOT_VERIFIED");
      await expectSalusError(showCard(identified, CITIZENS[0]!), "CARD_NOT_VERIFIED");
      const unwilling = { ...identified, session: { ...refusing(session, "signMessage"), root: begun.session.root } };
      await expectSalusError(showCard(unwilling, citizen), "SIGNATURE_REJECTED");
      const request = { card: citizen.card, domain: "elsewhere.example" };
      await expectSalusError(insure(identified, offices.insurer, request), "SIGN_IN_REFUSED");
      expect(drafts.bytes).to.equal(kept);
      expect(await pins()).to.deep.equal(stored);
      await discardEnrolment(session, drafts);
    });

    it("when the wallet doesn't send: what was stored is unpinned, and the same can be sent later", async () => {
      const { enrolment, session, drafts } = await ready();
      const stored = await pins();
      const unwilling = {
        ...enrolment,
        session: { ...refusing(session, "sendTransaction"), root: enrolment.session.root },
      };
      await expectSalusError(enrol(unwilling), "SIGNATURE_REJECTED");
      expect(await pins()).to.deep.equal(stored);
      expect(await patientsControlledBy(session.chain, session.account)).to.deep.equal([]);
      const enrolled = await enrol(await resumeEnrolment(session, drafts, PASSPHRASE));
      expect(await pinsOf(offices.world.ipfsUrl)).to.include(enrolled.backup!.cid);
    });

    it("when a service, the storage or the chain is away, or the account is poor", async () => {
      const { session, citizen, drafts } = await newcomer();
      const nowhere = "http://127.0.0.1:1";
      const begun = await begin(session, drafts);
      const kept = () => drafts.bytes;
      const unchanged = async (work: () => Promise<unknown>, code: ErrorCode) => {
        const [draft, stored] = [kept(), await pins()];
        await expectSalusError(work(), code);
        expect(kept()).to.equal(draft);
        expect(await pins()).to.deep.equal(stored);
      };
      await unchanged(() => identify(begun, connectRegistry(nowhere), citizen), "SERVICE_UNREACHABLE");
      const identified = await identify(begun, offices.registry, citizen);
      const atNowhere = { card: citizen.card, domain: offices.domain };
      await unchanged(() => insure(identified, connectInsurer(nowhere), atNowhere), "SERVICE_UNREACHABLE");
      const storeless = { ...identified.session, store: connectIpfs(nowhere) };
      // The insurer has stored its files by then; the person has stored nothing.
      const draft = kept();
      await expectSalusError(showCard({ ...identified, session: storeless }, citizen), "IPFS_UNREACHABLE");
      expect(kept()).to.equal(draft);
      const ready = await comparePolicy(await showCard(identified, citizen), own(citizen));
      await expectSalusError(enrol({ ...ready, session: storeless }), "IPFS_UNREACHABLE");
      const stored = await pins();
      await offices.world.rpc("hardhat_setBalance", session.account, "0x1");
      await expectSalusError(enrol(await resumeEnrolment(session, drafts, PASSPHRASE)), "INSUFFICIENT_FUNDS");
      expect(await pins()).to.deep.equal(stored);
      const chainless = new Proxy(session.chain.provider, {
        get: (target, name) =>
          name === "call" || name === "getBlock"
            ? () => Promise.reject(Object.assign(new Error("gone"), { code: "NETWORK_ERROR" }))
            : (Reflect.get(target, name) as unknown),
      });
      const silent = { ...ready.session, chain: { ...session.chain, provider: chainless } };
      await expectSalusError(enrol({ ...ready, session: silent }), "CHAIN_UNREACHABLE");
      await offices.world.rpc("hardhat_setBalance", session.account, "0x56bc75e2d63100000");
      const enrolled = await enrol(await resumeEnrolment(session, drafts, PASSPHRASE));
      expect(await patientsControlledBy(session.chain, session.account)).to.deep.equal([enrolled.patientId]);
    });

    it("when the account got another key meanwhile", async () => {
      const { enrolment, session, drafts } = await ready();
      await createAccount(session, PASSPHRASE, { workFactor: 4 });
      await expectSalusError(enrol(enrolment), "KEY_EXISTS");
      await expectSalusError(resumeEnrolment(session, drafts, PASSPHRASE), "KEY_EXISTS");
      await discardEnrolment(session, drafts);
    });
  });

  it("renews what has expired without asking for anything again", async () => {
    const { enrolment, session, drafts } = await ready();
    await offices.world.advance(25 * 3_600);
    const attested = await expectSalusError(enrol(enrolment), "SignatureExpired");
    expect(attested.details["part"]).to.equal("attestation");
    await expectSalusError(renewOffer(enrolment, offices.insurer, offices), "SignatureExpired");
    const again = await renewAttestation(enrolment, offices.registry);
    expect([again.step, again.cover]).to.deep.equal(["confirm", enrolment.cover]);
    const offered = await expectSalusError(enrol(again), "SignatureExpired");
    expect(offered.details["part"]).to.equal("offer");
    const info = await offices.insurer.info();
    const other = { ...offices.insurer, info: () => Promise.resolve({ ...info, account: session.account }) };
    const asked = await expectSalusError(renewOffer(again, other, offices), "SERVICE_MISMATCH");
    expect(asked.details["field"]).to.equal("account");
    const renewed = await renewOffer(again, offices.insurer, offices);
    expect(renewed.step).to.equal("confirm");
    expect(renewed.cover?.policyId).not.to.equal(enrolment.cover?.policyId);
    const resumed = await resumeEnrolment(session, drafts, PASSPHRASE);
    expect((await enrol(resumed)).policyId).to.equal(renewed.cover?.policyId);
  });

  it("abuse: an insurer that exchanges the terms for claims when an offer is renewed", async () => {
    const { session, citizen, drafts } = await newcomer();
    const begun = await begin(session, drafts);
    const insured = await showCard(await identify(begun, offices.registry, citizen), citizen);
    expect(insured.cover?.terms).to.deep.equal(offices.terms);
    const compared = await comparePolicy(insured, own(citizen));
    expect(compared.step).to.equal("confirm");
    expect((await resumeEnrolment(session, drafts, PASSPHRASE)).cover?.terms).to.deep.equal(offices.terms);
    expect((await renewOffer(compared, offices.insurer, offices)).step).to.equal("confirm");
    await offices.changeTerms(citizen, { coPayment: 9_000 });
    // What was compared doesn't count for other terms: the person is asked again, and sees these.
    const renewed = await renewOffer(compared, offices.insurer, offices);
    expect([renewed.step, renewed.cover?.comparisons]).to.deep.equal(["policy", []]);
    expect(renewed.cover?.terms?.coPayment).to.equal(9_000);
    expect(discloseEnrolment(renewed).everyone.join(" ")).to.contain("What that policy pays of bills");
  });

  describe("a draft", () => {
    it("holds nothing that can be read: no secret, no personal value", async () => {
      const { session, citizen, drafts } = await newcomer();
      const states: Uint8Array[] = [];
      const watching: Drafts = {
        load: () => drafts.load(),
        remove: () => drafts.remove(),
        save(bytes) {
          states.push(bytes);
          return drafts.save(bytes);
        },
      };
      const begun = await begin(session, watching);
      const insured = await showCard(await identify(begun, offices.registry, citizen), citizen);
      const { session: unlocked, proof, cover, salt } = await comparePolicy(insured, own(citizen));
      await enrol(await resumeEnrolment(session, watching, PASSPHRASE));
      expect(states.length).to.be.at.least(6);
      const words = [
        ...valuesOf(citizen),
        ...citizen.name.split(" "),
        PASSPHRASE,
        "Harbour Mutual",
        "Basic",
        proof!.attestation.personTag.slice(2),
        proof!.attestation.commitment.slice(2),
        proof!.attestation.signature.slice(2),
        cover!.offer.ref.slice(2),
        salt.slice(2),
        Buffer.from(unlocked.root).toString("hex"),
        Buffer.from(unlocked.root).toString("base64").slice(0, 42),
      ].map((word) => Buffer.from(word));
      const secrets = [
        ...words,
        Buffer.from(unlocked.root),
        Buffer.from(fromHex(salt)),
        Buffer.from(scheduleOf(citizen)),
      ];
      for (const state of states) {
        const line = JSON.parse(Buffer.from(state).toString("latin1").split("\n")[0]!) as Record<string, string | null>;
        const inside = ["backup", "profile"].flatMap((name) => (line[name] ? [Buffer.from(line[name], "base64")] : []));
        for (const bytes of [Buffer.from(state), ...inside]) {
          for (const secret of secrets) expect(bytes.includes(secret)).to.equal(false);
        }
      }
    });

    it("is opened by its passphrase, account, chain and version only, and as it was written", async () => {
      const { session, citizen, drafts } = await newcomer();
      await expectSalusError(resumeEnrolment(session, drafts, PASSPHRASE), "NO_DRAFT");
      await identify(await begin(session, drafts), offices.registry, citizen);
      const draft = drafts.bytes!;
      await expectSalusError(resumeEnrolment(session, drafts, "not the passphrase"), "WRONG_PASSPHRASE");
      const other = await offices.world.session(1);
      await expectSalusError(resumeEnrolment(other, drafts, PASSPHRASE), "DRAFT_ELSEWHERE");
      for (const change of [
        { chainId: 1 },
        { genesisHash: `0x${"1".repeat(64)}` as const },
        { contracts: { ...session.chain.deployment.contracts, patients: session.account } },
      ]) {
        const chain = { ...session.chain, deployment: { ...session.chain.deployment, ...change } };
        await expectSalusError(resumeEnrolment({ ...session, chain }, drafts, PASSPHRASE), "DRAFT_ELSEWHERE");
      }
      const edited = (edit: (line: string) => string) => {
        const end = draft.indexOf(10);
        const line = edit(Buffer.from(draft.subarray(0, end)).toString());
        return memoryDrafts(Buffer.concat([utf8(line), draft.subarray(end)]));
      };
      const newer = edited((line) => line.replace('"v":2', '"v":3'));
      await expectSalusError(resumeEnrolment(session, newer, PASSPHRASE), "DRAFT_ELSEWHERE");
      const exchanged = edited((line) => line.replace('"transaction":null', `"transaction":"0x${"1".repeat(64)}"`));
      await expectSalusError(resumeEnrolment(session, exchanged, PASSPHRASE), "DRAFT_DAMAGED");
      for (const bytes of [new Uint8Array(), utf8("{}"), utf8("{}\n"), draft.subarray(0, draft.length - 1)]) {
        await expectSalusError(resumeEnrolment(session, memoryDrafts(bytes), PASSPHRASE), "DRAFT_DAMAGED");
      }
      for (let at = draft.indexOf(10); at < draft.length; at += 97) {
        const altered = draft.slice();
        altered[at]! ^= 1;
        await expectSalusError(resumeEnrolment(session, memoryDrafts(altered), PASSPHRASE), "DRAFT_DAMAGED");
      }
      expect((await resumeEnrolment(session, drafts, PASSPHRASE)).proof?.identity.name).to.equal(citizen.name);
      await discardEnrolment(session, newer);
      expect(newer.bytes).to.equal(null);
      await discardEnrolment(session, drafts);
    });
  });
});
