import { expect } from "chai";

import {
  acceptPolicy,
  cancelPolicy,
  chainTime,
  checkOffer,
  compareSchedule,
  compareWording,
  earliestEnd,
  findPolicies,
  insurerRecord,
  issuePolicy,
  policyById,
  readOfferFiles,
  readSchedule,
  readTitle,
  readWording,
  reportMismatch,
  SalusError,
  sendRevokeAccreditation,
  signOffer,
  titleOrNull,
  verifyPolicy,
  versionChains,
  versionsOf,
  type PatientId,
  type PolicyDraft,
  type PolicyId,
  type Session,
  type SignedOffer,
} from "../../../sdk/index.js";
import { sendAcceptPolicy, sendIssueBySig, sendIssuePolicy } from "../../../sdk/adapters/policies.js";
import { randomBytes, toHex, utf8 } from "../../../sdk/core/bytes.js";
import { accountKeys } from "../../../sdk/core/keys.js";
import { policyDigest, policyIdOf } from "../../../sdk/core/policy.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { startTown, type PatientSession, type Town, type Unlocked } from "../../world.js";
import { flip } from "../core/support.js";
import { coverages, draftFor, file, NOTICE, pdfWording, YEAR } from "./policy-world.js";

describe("flows: policies in full", function () {
  this.timeout(120_000);

  let town: Town;
  let amina: PatientSession;
  let bashir: PatientSession;
  let insurer: Unlocked;
  let rival: Unlocked;
  before(async () => {
    town = await startTown();
    ({ amina, insurer } = town);
    bashir = await town.patient(9, town.registry, "Bashir Khan");
    rival = await town.participant(11, town.root, "insurer", "Rival Mutual");
  });
  after(() => town.stop());

  const issue = async (changes: Partial<PolicyDraft> = {}, by: Session = insurer, whose: PatientId = amina.patientId) =>
    (await issuePolicy(by, await draftFor(town.reader, whose, changes))).policyId;
  const wordingOf = async (policyId: PolicyId) =>
    (await readWording(town.reader, await policyById(town.reader, policyId))).bytes;
  const accept = async (policyId: PolicyId, as: Session = amina) =>
    acceptPolicy(as, policyId, { wording: await wordingOf(policyId) });
  const accepted = async (changes: Partial<PolicyDraft> = {}) => {
    const policyId = await issue(changes);
    await accept(policyId);
    return policyId;
  };
  const status = async (policyId: PolicyId) => (await policyById(town.reader, policyId)).status;

  describe("versions", () => {
    it("count only when the patient accepts them; until then, and if never, the one before stands", async () => {
      const first = await accepted();
      const change = await issue({ previous: first, wording: file("Clause 1. We pay for nothing.") });
      expect([await status(first), await status(change)]).to.deep.equal(["active", "offered"]);
      const versions = await versionsOf(town.reader, change);
      expect(versions.map(({ policyId }) => policyId)).to.deep.equal([first, change]);
      expect(versions.map(({ previous }) => previous)).to.deep.equal([null, first]);
      await cancelPolicy(amina, change);
      expect([await status(first), await status(change)]).to.deep.equal(["active", "cancelled"]);
    });

    it("take the place of the one before when they are accepted, and leave its bits as they were", async () => {
      const first = await accepted();
      const before = await policyById(town.reader, first);
      const now = await chainTime(town.reader.chain);
      const change = await issue({ previous: first, wording: file("Clause 1, second version."), from: now });
      await accept(change);
      const after = await policyById(town.reader, first);
      expect([after.status, await status(change)]).to.deep.equal(["superseded", "active"]);
      expect(after.end).to.be.lessThan(before.until);
      expect({ ...after, end: before.end, status: before.status }).to.deep.equal(before);
      expect(new TextDecoder().decode(await wordingOf(first))).to.include("hospital stays");
    });

    it("renew a policy when their term follows it: both stand, one after the other", async () => {
      const first = await accepted();
      const { until } = await policyById(town.reader, first);
      const renewal = await issue({ previous: first, from: until, until: until + YEAR });
      await accept(renewal);
      expect([await status(first), await status(renewal)]).to.deep.equal(["active", "accepted"]);
      expect((await policyById(town.reader, first)).end).to.equal(until);
    });

    it("follow only what was accepted, once, of the same insurer and patient", async () => {
      const first = await accepted();
      await expectSalusError(issue({ previous: await issue() }), "NotAmendable");
      await expectSalusError(issue({ previous: toHex(randomBytes(32)) }), "UnknownPolicy");
      const foreign = await expectSalusError(issue({ previous: first }, rival), "INVALID_INPUT");
      expect(foreign.details.argument).to.equal("previous");
      await expectSalusError(issue({ previous: first }, insurer, bashir.patientId), "INVALID_INPUT");
      const [one, other] = [await issue({ previous: first }), await issue({ previous: first })];
      await accept(one);
      await expectSalusError(accept(other), "NotAmendable");
      await expectSalusError(issue({ previous: first }), "NotAmendable");
      expect((await versionsOf(town.reader, other)).map(({ policyId }) => policyId)).to.deep.equal([first, one, other]);
    });

    it("of somebody else can't be linked, neither on chain nor by who lies about the chain", async () => {
      const first = await accepted();
      const { ref } = await policyById(town.reader, first);
      const terms = { ...(await policyById(town.reader, first)), ref: toHex(randomBytes(32)), previousRef: ref };
      // The id of the version before is made of the insurer's own account: a foreign reference leads nowhere.
      await expectSalusError(sendIssuePolicy(town.reader.chain, rival.signer, terms), "NotAmendable");
      const mine = { ...terms, patientId: bashir.patientId };
      await expectSalusError(sendIssuePolicy(town.reader.chain, insurer.signer, mine), "NotAmendable");

      const [own, foreign] = [
        await policyById(town.reader, first),
        await policyById(town.reader, await issue({}, rival)),
      ];
      const linked = { ...foreign, previous: own.policyId };
      const cyclic = { ...own, previous: linked.policyId };
      const ids = (chains: { policyId: PolicyId }[][]) => chains.map((chain) => chain.map(({ policyId }) => policyId));
      expect(ids(versionChains([own, linked]))).to.deep.equal([[own.policyId], [linked.policyId]]);
      expect(ids(versionChains([linked, cyclic]))).to.deep.equal([[own.policyId], [linked.policyId]]);
      expect(ids(versionChains([{ ...own, previous: own.policyId }]))).to.deep.equal([[own.policyId]]);
    });
  });

  describe("ending", () => {
    it("is the patient's at once, and nobody else's", async () => {
      const policyId = await accepted();
      await expectSalusError(cancelPolicy(bashir, policyId), "NotParty");
      await expectSalusError(cancelPolicy(rival, policyId), "NotParty");
      await cancelPolicy(amina, policyId);
      expect(await status(policyId)).to.equal("cancelled");
      await expectSalusError(cancelPolicy(amina, policyId), "AlreadyOver");
    });

    it("is the insurer's with notice, and can only come earlier", async () => {
      const policyId = await accepted();
      const now = await chainTime(town.reader.chain);
      const tooSoon = await expectSalusError(cancelPolicy(insurer, policyId, { from: now + 60 }), "NoticeTooShort");
      expect(Number(tooSoon.details.earliest)).to.be.at.least(now + NOTICE);
      await cancelPolicy(insurer, policyId);
      const { end, status: standing, until } = await policyById(town.reader, policyId);
      expect(standing).to.equal("active");
      expect(end).to.be.within(now + NOTICE, now + NOTICE + 2 * 3_600);
      await expectSalusError(cancelPolicy(amina, policyId, { from: until }), "EndsEarlier");
      await cancelPolicy(amina, policyId, { from: end - 60 });
      expect((await policyById(town.reader, policyId)).end).to.equal(end - 60);
    });

    it("of an offer is a refusal by the patient or a withdrawal by the insurer", async () => {
      const [declined, withdrawn] = [await issue(), await issue()];
      await cancelPolicy(amina, declined);
      await cancelPolicy(insurer, withdrawn);
      for (const policyId of [declined, withdrawn]) {
        expect(await status(policyId)).to.equal("cancelled");
        await expectSalusError(accept(policyId), "NotOffered");
      }
      const policy = await policyById(town.reader, withdrawn);
      const now = await chainTime(town.reader.chain);
      expect(await earliestEnd(town.reader, policy, amina.account)).to.equal(now);
      expect(await earliestEnd(town.reader, policy, insurer.account)).to.be.at.least(now + NOTICE);
    });
  });

  describe("a mismatch", () => {
    it("is reported by the patient with both digests, and changes nothing", async () => {
      const policyId = await issue();
      const policy = await policyById(town.reader, policyId);
      const { salt, bytes } = await readSchedule(amina, policy);
      const altered = flip(await wordingOf(policyId), 9);
      await expectSalusError(reportMismatch(bashir, policyId, { wording: altered }), "NotController");
      await expectSalusError(reportMismatch(amina, policyId, { wording: await wordingOf(policyId) }), "CopiesEqual");
      await expectSalusError(reportMismatch(amina, policyId, {}), "CopiesEqual");
      await reportMismatch(amina, policyId, { wording: altered });
      await reportMismatch(amina, policyId, { schedule: flip(bytes, 1) });
      const { mismatches } = await insurerRecord(town.reader, insurer.account);
      const own = mismatches.reports.filter((each) => each.policyId === policyId);
      const other = compareWording(policy, altered).copy;
      expect(own.map(({ insurers }) => insurers)).to.deep.equal([policy.digest, policy.digest]);
      expect(own.map(({ patients }) => patients)).to.deep.equal([
        policyDigest(other, policy.schedule),
        policyDigest(policy.wording, compareSchedule(policy, flip(bytes, 1), salt).copy),
      ]);
      expect(await status(policyId)).to.equal("offered");
      expect(await policyById(town.reader, policyId)).to.deep.equal(policy);
    });

    it("isn't reported because the storage fails: the insurer's salt is needed to compare a schedule", async () => {
      const policyId = await issue();
      const { bytes } = await readSchedule(amina, await policyById(town.reader, policyId));
      const get = () => Promise.reject(new SalusError("IPFS_REFUSED"));
      const failing = { ...amina, store: { ...amina.store, get } };
      await expectSalusError(reportMismatch(failing, policyId, { schedule: bytes }), "IPFS_REFUSED");
      await expectSalusError(reportMismatch(amina, policyId, { schedule: bytes }), "CopiesEqual");
    });

    it("can be reported when it is the insurer's own stored file that isn't what it anchored", async () => {
      const good = await policyById(town.reader, await issue());
      for (const part of ["wording", "schedule"] as const) {
        const terms = { ...good, ref: toHex(randomBytes(32)), previousRef: toHex(new Uint8Array(32)) };
        await sendIssuePolicy(town.reader.chain, insurer.signer, { ...terms, [part]: toHex(randomBytes(32)) });
        const policyId = policyIdOf(terms);
        await expectSalusError(acceptPolicy(amina, policyId, { wording: utf8("Clause 1.") }), "INSURER_COPY_DIFFERS");
        await reportMismatch(amina, policyId, {});
        const { mismatches } = await insurerRecord(town.reader, insurer.account);
        expect(mismatches.reports.at(-1)).to.include({ policyId, patients: good.digest });
      }
    });
  });

  it("an insurer's record counts what became of its policies, not how often something was said", async () => {
    const fresh = await town.participant(12, town.root, "insurer", "Fresh Mutual");
    const by = async (changes: Partial<PolicyDraft> = {}, whose = amina) => issue(changes, fresh, whose.patientId);
    expect(await insurerRecord(town.reader, fresh.account)).to.deep.include({ issued: 0, accepted: 0 });
    const [kept, ended, left, refused, withdrawn] = [await by(), await by(), await by(), await by(), await by()];
    for (const policyId of [kept, ended, left]) await accept(policyId);
    await cancelPolicy(fresh, ended);
    await cancelPolicy(amina, ended);
    await cancelPolicy(amina, left, { from: (await policyById(town.reader, left)).until - 60 });
    await cancelPolicy(amina, left);
    await cancelPolicy(amina, refused);
    await cancelPolicy(fresh, withdrawn);
    const change = await by({ previous: kept });
    await by({ previous: kept });
    await accept(change);
    const altered = { wording: utf8("something else") };
    for (const policyId of [kept, kept, change]) await reportMismatch(amina, policyId, altered);
    const { mismatches, ...counts } = await insurerRecord(town.reader, fresh.account);
    expect(counts).to.deep.equal({
      insurer: fresh.account,
      issued: 5,
      accepted: 3,
      amended: { proposed: 2, accepted: 1 },
      cancelled: { byInsurer: 1, byPatient: 1 },
      offers: { withdrawn: 1, declined: 1 },
    });
    expect([mismatches.policies, mismatches.reports.length]).to.deep.equal([2, 3]);
  });

  describe("finding and verifying", () => {
    it("finds a policy by its id and by every transaction that was about it", async () => {
      const { policyId, receipt } = await issuePolicy(insurer, await draftFor(town.reader, amina.patientId));
      const acceptance = await acceptPolicy(amina, policyId, { wording: await wordingOf(policyId) });
      expect((await findPolicies(town.reader, policyId)).by).to.equal("policy");
      for (const { hash } of [receipt, acceptance]) {
        const { by, policies } = await findPolicies(town.reader, hash);
        expect([by, policies.map((each) => each.policyId)]).to.deep.equal(["transaction", [policyId]]);
      }
      await expectSalusError(findPolicies(town.reader, toHex(randomBytes(32))), "UnknownPolicy");
    });

    it("checks what anyone can, and says what fails", async () => {
      const policyId = await issue();
      const { checks } = await verifyPolicy(town.reader, policyId);
      expect(checks.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect(checks).to.have.length(5);
      await expectSalusError(verifyPolicy(town.reader, toHex(randomBytes(32))), "UnknownPolicy");
    });

    it("tells two policies of one insurer apart by the plan's name", async () => {
      const named = await policyById(town.reader, await issue({ title: "Care Plus Dental" }));
      const nameless = await policyById(town.reader, await issue({ title: " " }));
      expect(await readTitle(town.reader, named)).to.equal("Care Plus Dental");
      expect(await titleOrNull(town.reader, nameless)).to.equal("wording.txt");
      expect(await titleOrNull(town.reader, { offer: toHex(randomBytes(32)) })).to.equal(null);
      await expectSalusError(issue({ title: "t".repeat(121) }), "INVALID_INPUT");
    });
  });

  describe("an offer that is signed", () => {
    const offered = async (changes: Partial<PolicyDraft> = {}, options = {}) => {
      const publicKey = toHex(accountKeys(amina.root).publicKey);
      const draft = { ...(await draftFor(town.reader, amina.patientId, changes)), publicKey };
      return signOffer(insurer, draft, { nonce: 7, ...options });
    };

    it("is checked, carried by anyone and accepted by the patient", async () => {
      const offer = await offered();
      await checkOffer(town.reader, offer);
      const { title, wording, schedule } = await readOfferFiles(amina, offer);
      expect([title, wording.fileName, schedule.fileName]).to.deep.equal(["Care Plus", "wording.txt", "schedule.txt"]);
      await sendIssueBySig(town.reader.chain, town.stranger.signer, offer);
      const policyId = policyIdOf(offer);
      await acceptPolicy(amina, policyId, { wording: wording.bytes, schedule: schedule.bytes });
      expect(await status(policyId)).to.equal("active");
      await expectSalusError(sendIssueBySig(town.reader.chain, town.stranger.signer, offer), "PolicyExists");
    });

    it("can be made for somebody who isn't registered, and for a next version", async () => {
      const nobody = await offered({ patientId: toHex(randomBytes(32)) });
      await checkOffer(town.reader, nobody);
      await expectSalusError(sendIssueBySig(town.reader.chain, amina.signer, nobody), "UnknownPatient");
      const first = await accepted();
      const next = await offered({ previous: first });
      expect(next.previousRef).to.equal((await policyById(town.reader, first)).ref);
      await sendIssueBySig(town.reader.chain, amina.signer, next);
      expect((await policyById(town.reader, policyIdOf(next))).previous).to.equal(first);
    });

    it("is refused before it is sent when anything in it was changed", async () => {
      const offer = await offered();
      const other = toHex(randomBytes(32));
      const changes: Partial<SignedOffer>[] = [
        { patientId: other },
        { ref: other },
        { previousRef: other },
        { wording: other },
        { schedule: other },
        { offer: other },
        { from: offer.from + 1 },
        { until: offer.until + 1 },
        { nonce: "8" },
        { deadline: offer.deadline + 1 },
        { insurer: rival.account },
        { signature: `0x${"12".repeat(65)}` },
      ];
      for (const change of changes) {
        await expectSalusError(checkOffer(town.reader, { ...offer, ...change }), "InvalidSignature");
      }
      const { chain } = town.reader;
      const elsewhere = { ...chain, deployment: { ...chain.deployment, chainId: 1 } };
      await expectSalusError(checkOffer({ chain: elsewhere }, offer), "InvalidSignature");
    });

    it("is refused when its time is over, or its signer is no insurer", async () => {
      await expectSalusError(checkOffer(town.reader, await offered({}, { lifetime: -1 })), "SignatureExpired");
      const now = await chainTime(town.reader.chain);
      await expectSalusError(checkOffer(town.reader, await offered({ from: now - 9, until: now })), "InvalidTerm");
      const publicKey = toHex(accountKeys(amina.root).publicKey);
      const draft = { ...(await draftFor(town.reader, amina.patientId)), publicKey };
      await expectSalusError(checkOffer(town.reader, await signOffer(town.doctor, draft, { nonce: 1 })), "NotInsurer");
      await expectSalusError(signOffer(insurer, { ...draft, publicKey: "0x12" }, { nonce: 1 }), "INVALID_INPUT");
    });

    it("leaves no file behind when the wallet doesn't sign", async () => {
      const before = await pinsOf(town.ipfsUrl);
      const signer = new Proxy(insurer.signer, {
        get: (target, name) =>
          name === "signTypedData"
            ? () => Promise.reject(Object.assign(new Error("no"), { code: "ACTION_REJECTED" }))
            : (Reflect.get(target, name) as unknown),
      });
      const publicKey = toHex(accountKeys(amina.root).publicKey);
      const wording = file("Clause 1, never signed.");
      const draft = { ...(await draftFor(town.reader, amina.patientId, { wording })), publicKey };
      await expectSalusError(signOffer({ ...insurer, signer }, draft, { nonce: 1 }), "SIGNATURE_REJECTED");
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
    });
  });

  it("takes FHIR Coverage resources as schedules and printed wordings, to the bit", async () => {
    const wording = await pdfWording();
    const schedules = await coverages();
    expect(schedules.map(({ fileName }) => fileName)).to.deep.equal(["Coverage-7546D.json", "Coverage-9876B1.json"]);
    for (const schedule of schedules) {
      expect(JSON.parse(new TextDecoder().decode(schedule.bytes))).to.include({ resourceType: "Coverage" });
      const policyId = await issue({ wording, schedule });
      const policy = await policyById(town.reader, policyId);
      const read = await readSchedule(amina, policy);
      expect(read.bytes).to.deep.equal(schedule.bytes);
      expect(read.mediaType).to.equal("application/fhir+json");
      await acceptPolicy(amina, policyId, { wording: wording.bytes, schedule: schedule.bytes });
    }
  });

  it("isn't accepted any more once the insurer has lost the accreditation, by the SDK nor by the contract", async () => {
    const fallen = await town.participant(13, town.root, "insurer", "Fallen Mutual");
    const policyId = await issue({}, fallen);
    const policy = await policyById(town.reader, policyId);
    await sendRevokeAccreditation(town.reader.chain, town.root.signer, fallen.account);
    await expectSalusError(accept(policyId), "NotInsurer");
    await expectSalusError(sendAcceptPolicy(town.reader.chain, amina.signer, policy, policy), "NotInsurer");
    const { checks } = await verifyPolicy(town.reader, policyId);
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).to.deep.equal(["insurer accredited"]);
    await cancelPolicy(amina, policyId);
  });
});
