import { expect } from "chai";

import {
  accredit,
  accreditedBy,
  branchOf,
  candidateFor,
  chainTime,
  discloseAccreditation,
  discloseAccreditationRevocation,
  drawerByLabel,
  grant,
  listParticipants,
  participantOf,
  prepareGrant,
  renewAccreditation,
  renounceAccreditation,
  revocationEffect,
  revokeAccreditation,
  roleOf,
  type Address,
  type Drawer,
  type Member,
} from "../../../sdk/index.js";
import { entry } from "../../contracts/fixture.js";
import { expectSalusError } from "../../expectSalusError.js";
import { startWorld, TEN_YEARS, type PatientSession, type Unlocked, type World } from "../../world.js";

const DAY = 86_400;

/** What a gas estimate would find out is what these tests are about, so there is none. */
const GAS = { gasLimit: 500_000 };

describe("flows: organisations", function () {
  this.timeout(60_000);

  let world: World;
  let root: Unlocked;
  let authority: Unlocked;
  let hospital: Unlocked;
  let doctor: Unlocked;
  let colleague: Unlocked;
  let stranger: Unlocked;
  let amina: PatientSession;
  before(async () => {
    world = await startWorld();
    root = await world.account(0);
    const registry = await world.participant(1, root, "civil registry", "Civil Registry");
    authority = await world.participant(2, root, "health authority", "Health Authority");
    hospital = await world.participant(4, authority, "hospital", "City Hospital");
    doctor = await world.participant(5, hospital, "doctor", "Dr Sarah Lee");
    colleague = await world.participant(6, hospital, "doctor", "Dr Omar Haddad");
    stranger = await world.account(10);
    amina = await world.patient(7, registry, "Amina Rahman");
  });
  after(() => world.stop());

  const inYears = async (years: number) => (await chainTime(world.reader.chain)) + years * 365 * DAY;
  const names = (members: readonly Member[]) => members.map(({ name }) => name);
  const standing = async (account: Address) => (await branchOf(world.reader, account)).self?.standing;

  describe("a place in the tree", () => {
    it("shows who is above and below, and what may be accredited", async () => {
      const top = await branchOf(world.reader, root.account);
      expect(top).to.include({ isRoot: true, self: null });
      expect(names(top.members)).to.deep.equal(["Civil Registry", "Health Authority"]);
      expect(top.members.map(({ below }) => below)).to.deep.equal([0, 3]);
      expect(top.mayAccredit).to.deep.equal(["civil registry", "health authority", "insurer"]);

      const place = await branchOf(world.reader, hospital.account);
      expect(place.self).to.include({ name: "City Hospital", role: "hospital", below: 2 });
      expect(names(place.above)).to.deep.equal(["Health Authority"]);
      expect(names(place.members)).to.deep.equal(["Dr Sarah Lee", "Dr Omar Haddad"]);
      expect(place.mayAccredit).to.include("doctor").and.not.include("hospital");

      const leaf = await branchOf(world.reader, doctor.account);
      expect(names(leaf.above)).to.deep.equal(["City Hospital", "Health Authority"]);
      expect([leaf.members, leaf.mayAccredit]).to.deep.equal([[], []]);
      expect(await branchOf(world.reader, stranger.account)).to.include({ isRoot: false, self: null });
    });

    it("asks for each name once", async () => {
      let asked = 0;
      const { store } = world.reader;
      const counting = {
        ...store,
        get: (...args: Parameters<typeof store.get>) => {
          asked += 1;
          return store.get(...args);
        },
      };
      const reader = { ...world.reader, store: counting };
      await accreditedBy(reader, hospital.account);
      await accreditedBy(reader, hospital.account);
      await listParticipants(reader);
      expect(asked).to.equal(5);
    });
  });

  describe("an account that somebody wants to accredit", () => {
    const find = (parent: Unlocked, account: Address) => candidateFor(world.reader, parent.account, account);

    it("is refused when the chain would refuse it, and says who vouches for it", async () => {
      expect(await find(authority, root.account)).to.include({ refusal: "root" });
      expect(await find(authority, authority.account)).to.include({ refusal: "own account" });
      const taken = await find(authority, doctor.account);
      expect(taken).to.include({ refusal: "accredited elsewhere", hasKey: true });
      expect(taken.member).to.include({ name: "Dr Sarah Lee", parent: hospital.account });
      expect(await find(hospital, doctor.account)).to.include({ refusal: null });
    });

    it("is known as free, as without a key, as a patient's", async () => {
      const free = { refusal: null, member: null, hasKey: true, isPatient: false };
      expect(await find(hospital, stranger.account)).to.include(free);
      const { account } = await world.session(19);
      expect(await find(hospital, account)).to.include({ ...free, hasKey: false });
      expect(await find(hospital, amina.account)).to.include({ ...free, isPatient: true });
    });

    it("can leave a place that it never asked for", async () => {
      await accredit(authority, {
        account: stranger.account,
        role: "pharmacy",
        until: await inYears(1),
        name: "Squatted",
      });
      const terms = { account: stranger.account, role: "doctor", until: await inYears(1), name: "Dr Stray" } as const;
      const refused = await expectSalusError(accredit(hospital, terms), "AlreadyAccredited");
      expect(refused.details).to.include({ account: stranger.account, parent: authority.account });
      await renounceAccreditation(stranger);
      expect(await standing(stranger.account)).to.deep.equal({ state: "revoked", by: stranger.account });
      await accredit(hospital, terms);
      expect(await standing(stranger.account)).to.deep.equal({ state: "valid" });
      await revokeAccreditation(hospital, stranger.account);
      await expectSalusError(renounceAccreditation(stranger), "NotAccredited");
    });
  });

  describe("a revoked hospital", () => {
    let visits: Drawer;
    before(async () => {
      visits = await drawerByLabel(amina, amina.patientId, "visits");
      for (const grantee of [doctor.account, colleague.account]) {
        const until = await inYears(1);
        const request = { patientId: amina.patientId, grantee, drawers: [visits], records: [], rights: "write", until };
        await grant(amina, await prepareGrant(amina, { ...request, rights: "write" }));
      }
    });

    /** Sends a document's anchor without asking first whether it will be taken. @param tip gwei, which orders a block */
    const append = ({ chain, signer }: Unlocked, tip: number) =>
      chain.records
        .connect(signer)
        .append(amina.patientId, visits.scope, visits.publicKey, entry(), { ...GAS, ...paying(tip) });
    const paying = (tip: number) => ({
      maxPriorityFeePerGas: BigInt(tip) * 10n ** 9n,
      maxFeePerGas: 100n * 10n ** 9n,
    });
    const receiptOf = async (hash: string) => {
      const receipt = await world.reader.chain.provider.getTransactionReceipt(hash);
      if (!receipt) throw new Error("not mined");
      return receipt;
    };

    it("is shown with all who fall with it, before anything is signed", async () => {
      const effect = await revocationEffect(world.reader, hospital.account);
      expect(names([effect.account])).to.deep.equal(["City Hospital"]);
      expect(names(effect.fallen)).to.deep.equal(["Dr Sarah Lee", "Dr Omar Haddad"]);
      await expectSalusError(revocationEffect(world.reader, amina.account), "NotAccredited");
      expect(names((await revocationEffect(world.reader, authority.account)).fallen)).to.deep.equal([
        "City Hospital",
        "Dr Sarah Lee",
        "Dr Omar Haddad",
      ]);
    });

    it("takes every right of its doctors with it, in that very block", async () => {
      const { participants } = world.reader.chain;
      const until = await inYears(1);
      await world.rpc("evm_setAutomine", false);
      try {
        const before = await append(doctor, 9);
        const revocation = await participants
          .connect(authority.signer)
          .revoke(hospital.account, { ...GAS, ...paying(6) });
        const after = await append(colleague, 3);
        const accrediting = await participants
          .connect(hospital.signer)
          .accredit(stranger.account, 7, until, `0x${"11".repeat(32)}`, { ...GAS, ...paying(2) });
        await world.rpc("evm_mine");
        const receipts = await Promise.all([before, revocation, after, accrediting].map(({ hash }) => receiptOf(hash)));
        expect(new Set(receipts.map(({ blockNumber }) => blockNumber)).size, "blocks").to.equal(1);
        expect(receipts.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3]);
        expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 0, 0]);
      } finally {
        await world.rpc("evm_setAutomine", true);
      }
      for (const { account } of [hospital, doctor, colleague]) {
        expect(await roleOf(world.reader.chain, account)).to.equal("none");
      }
      const why = { state: "fallen", account: hospital.account, why: "revoked" };
      expect(await standing(doctor.account)).to.deep.equal(why);
      expect(await standing(hospital.account)).to.deep.equal({ state: "revoked", by: authority.account });
      expect((await branchOf(world.reader, hospital.account)).mayAccredit).to.deep.equal([]);
      await expectSalusError(revokeAccreditation(authority, hospital.account), "NotAccredited");
    });

    it("begins with an empty branch when it is accredited anew", async () => {
      await renewAccreditation(authority, hospital.account, { until: await inYears(1) });
      expect(await standing(hospital.account)).to.deep.equal({ state: "valid" });
      expect((await branchOf(world.reader, hospital.account)).self).to.include({ name: "City Hospital", below: 0 });
      const why = { state: "fallen", account: hospital.account, why: "accredited anew" };
      for (const { account } of [doctor, colleague]) expect(await standing(account)).to.deep.equal(why);
      expect(await roleOf(world.reader.chain, doctor.account)).to.equal("none");

      await renewAccreditation(hospital, doctor.account, { until: await inYears(1) });
      expect(await standing(doctor.account)).to.deep.equal({ state: "valid" });
      expect(await standing(colleague.account)).to.deep.equal(why);
      await (await append(doctor, 1)).wait();
    });
  });

  describe("a renewal", () => {
    it("is the parent's alone, and only towards the future", async () => {
      const until = await inYears(2);
      await expectSalusError(renewAccreditation(root, doctor.account, { until }), "NotAccredited");
      await expectSalusError(renewAccreditation(authority, amina.account, { until }), "NotAccredited");
      await expectSalusError(renewAccreditation(hospital, doctor.account, { until: 1 }), "ExpiryInPast");
    });

    it("may change the name and keeps the branch", async () => {
      const until = await inYears(2);
      await renewAccreditation(authority, hospital.account, {
        until,
        name: "City Hospital North",
        department: "North",
      });
      const { self } = await branchOf(world.reader, hospital.account);
      expect(self).to.include({ name: "City Hospital North", department: "North", until, below: 1 });
      expect(await participantOf(world.reader, doctor.account)).to.include({ valid: true });
    });

    it("brings the branch back when only the time had run out", async () => {
      await renewAccreditation(authority, hospital.account, { until: (await chainTime(world.reader.chain)) + DAY });
      await world.advance(2 * DAY);
      expect(await standing(hospital.account)).to.deep.equal({ state: "expired" });
      const why = { state: "fallen", account: hospital.account, why: "expired" };
      expect(await standing(doctor.account)).to.deep.equal(why);
      expect((await revocationEffect(world.reader, hospital.account)).fallen).to.deep.equal([]);
      await renewAccreditation(authority, hospital.account, { until: await inYears(1) });
      expect(await standing(doctor.account)).to.deep.equal({ state: "valid" });
    });
  });

  describe("who will know what", () => {
    const terms = {
      account: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
      role: "hospital",
      until: TEN_YEARS,
    } as const;
    const words = { name: "City Hospital", parentName: "Health Authority", formatUntil: () => "until then" };

    it("says that a name is public for good, and whose record it would give away", () => {
      const { everyone } = discloseAccreditation(terms, words);
      expect(everyone.join(" ")).to.contain("7099…79C8 is City Hospital: hospital").and.contain("for good");
      expect(everyone.join(" ")).not.to.contain("health record");
      expect(discloseAccreditation(terms, { ...words, isPatient: true }).everyone.join(" ")).to.contain(
        "health record",
      );
    });

    it("counts who falls, says what stays readable, and that nothing brings the branch back", () => {
      const { grantee, organisation } = discloseAccreditationRevocation({ ...terms, ...words, fallen: 12 });
      expect(grantee[0]).to.match(/^City Hospital and the 12 accounts below it lose every right in the same block/);
      expect(grantee[1]).to.contain("stays readable until the patients stop it");
      expect(organisation[0]).to.contain("brings back none of the others");
      const alone = discloseAccreditationRevocation({ ...terms, ...words, fallen: 0 });
      expect(alone.grantee[0]).to.match(/^City Hospital loses every right/);
    });
  });
});
