import { expect } from "chai";
import fc from "fast-check";

import {
  answerClaim,
  askAboutClaim,
  billablePolicies,
  chainTime,
  claimOf,
  claimsOf,
  collectFunds,
  confirmClaim,
  coverageOf,
  decideClaim,
  depositFunds,
  discloseBill,
  discloseDecision,
  disputeClaim,
  fundsEventsOf,
  fundsOf,
  issuePolicy,
  prepareBill,
  previewDecision,
  readBill,
  readNotes,
  readResponse,
  refOf,
  submitBill,
  termsOf,
  tokenInfo,
  withdrawClaim,
  WHOLE,
  type Claim,
  type Terms,
  type TxStatus,
} from "../../../sdk/index.js";
import { policyById } from "../../../sdk/flows/policy.js";
import { expectSalusError } from "../../expectSalusError.js";
import {
  afterReview,
  AMOUNT,
  billedVisit,
  billFor,
  endedVisit,
  insured,
  ITEMS,
  startClaimTown,
  type ClaimTown,
} from "./claim-world.js";
import { draftFor } from "./policy-world.js";

const DAY = 24 * 3_600;

describe("flows: claim", function () {
  this.timeout(180_000);

  let town: ClaimTown;
  before(async () => {
    town = await startClaimTown();
  });
  after(() => town.stop());

  const again = ({ visitId }: Claim) => claimOf(town.reader, visitId);

  describe("a bill that everybody agrees to", () => {
    let claim: Claim;

    it("is told before it is sent: what the terms give, and who will know", async () => {
      const { hospital, doctor, insurer, policyId, terms, euro } = town;
      const visit = await endedVisit(town, { documents: 2 });
      expect((await billablePolicies(town.reader, visit.visitId)).map(({ policy }) => policy.policyId)).to.deep.equal([
        policyId,
      ]);
      const share = { doctor: doctor.account, doctorShare: 4_000 };
      const prepared = await prepareBill(hospital, { ...visit, policyId, items: ITEMS, ...share });
      expect(prepared.estimate).to.deep.equal({
        deductible: 5_000n,
        coPayment: 1_500n,
        aboveLimit: 0n,
        paid: 13_500n,
        fee: 5_400n,
      });
      expect(prepared.token).to.deep.equal({ token: euro, symbol: "dEUR", decimals: 2 });
      expect(prepared.terms).to.deep.equal(terms);
      const words = { hospitalName: "City Hospital", insurerName: "Harbour Mutual", token: prepared.token };
      const { everyone } = discloseBill(prepared.bill, words, "Dr Lee");
      expect(everyone[0]).to.contain("City Hospital billed Harbour Mutual 200.00 dEUR").and.contain("2 documents");
      expect(everyone.join(" ")).to.contain("Dr Lee gets 40 % of what is paid");

      await submitBill(hospital, prepared);
      claim = await claimOf(town.reader, visit.visitId);
      expect(claim).to.deep.include({
        visitId: visit.visitId,
        insurer: insurer.account,
        policyId,
        amount: AMOUNT,
        approved: 0n,
        eligible: null,
        status: "submitted",
        isOpen: true,
        isAsked: false,
        isOverdue: false,
        round: 1,
        records: visit.records,
        ...share,
      });
      expect(claim.reviewUntil).to.equal(claim.since + 3 * DAY);
      expect(claim.decideBy).to.equal(claim.since + 30 * DAY);
    });

    it("is found by its hospital, its insurer, its patient and its visit", async () => {
      const { hospital, otherHospital, insurer, amina, bashir } = town;
      for (const by of [
        { hospital: hospital.account },
        { insurer: insurer.account },
        { patientId: amina.patientId },
        { visitId: claim.visitId },
        {},
      ]) {
        expect(await claimsOf(town.reader, by)).to.deep.equal([claim]);
      }
      for (const by of [
        { hospital: otherHospital.account },
        { insurer: hospital.account },
        { patientId: bashir.patientId },
      ]) {
        expect(await claimsOf(town.reader, by)).to.deep.equal([]);
      }
      await expectSalusError(claimOf(town.reader, claim.document), "CLAIM_UNKNOWN");
    });

    it("is read by patient, insurer and hospital, item by item, and by nobody else", async () => {
      const { amina, insurer, hospital, doctor, bashir } = town;
      for (const party of [amina, insurer, hospital]) {
        const { items, resource } = await readBill(party, claim);
        expect(items.map(({ text, quantity, unitPrice }) => ({ text, quantity, unitPrice }))).to.deep.equal(
          ITEMS.map(({ text, quantity, unitPrice }) => ({ text, quantity, unitPrice })),
        );
        expect(resource.total).to.deep.equal({ value: 200, currency: "EUR" });
        expect(JSON.stringify(resource)).not.to.contain("Amina");
      }
      for (const other of [doctor, bashir]) await expectSalusError(readBill(other, claim), "NOT_A_RECIPIENT");
      await expectSalusError(readBill(await town.session(7), claim), "LOCKED");
    });

    it("isn't paid before the patient has confirmed it, nor without saying so", async () => {
      const { insurer, amina } = town;
      await expectSalusError(decideClaim(insurer, claim, { eligible: AMOUNT, reason: 0 }), "UnderReview");
      await confirmClaim(amina, claim);
      claim = await again(claim);
      expect([claim.status, claim.reviewUntil]).to.deep.equal(["confirmed", null]);
    });

    it("is paid by its terms: to the hospital, and to the doctor", async () => {
      const { insurer, hospital, doctor, amina, euro } = town;
      const preview = await previewDecision(town.reader, claim, AMOUNT);
      expect(preview).to.include({ paid: 13_500n, fee: 5_400n, available: 500_000n });
      const { everyone } = discloseDecision(
        { eligible: AMOUNT, amount: AMOUNT, paid: 13_500n, fee: 5_400n, reasonText: null },
        { hospitalName: "H", insurerName: "I", token: preview.token },
      );
      expect(everyone[0]).to.equal("That I acknowledged 200.00 dEUR of 200.00 dEUR and paid 135.00 dEUR.");

      await decideClaim(insurer, claim, { eligible: AMOUNT, reason: 0, note: "Get well soon." });
      claim = await again(claim);
      expect(claim).to.deep.include({
        status: "approved",
        isOpen: false,
        approved: 13_500n,
        eligible: AMOUNT,
        fee: 5_400n,
        reason: null,
        decideBy: null,
      });
      for (const party of [amina, insurer, hospital]) {
        expect((await readResponse(party, claim))?.note).to.equal("Get well soon.");
      }
      const deposited = async ({ account }: { account: Claim["insurer"] }) =>
        (await fundsOf(town.reader, euro, account)).deposited;
      expect(await deposited(insurer)).to.equal(486_500n);
      expect(await deposited(hospital)).to.equal(8_100n);
      expect(await deposited(doctor)).to.equal(5_400n);
      expect(claim.history.map(({ kind }) => kind)).to.deep.equal(["submitted", "confirmed", "decided"]);
    });

    it("is collected by whom it was paid to", async () => {
      const { hospital, doctor, euro } = town;
      await expectSalusError(collectFunds(doctor, { token: euro, amount: 5_401n }), "InsufficientBalance");
      expect((await collectFunds(doctor, { token: euro })).amount).to.equal(5_400n);
      await collectFunds(hospital, { token: euro, amount: 100n });
      expect(await fundsOf(town.reader, euro, doctor.account)).to.include({ deposited: 0n, held: 5_400n });
      expect(await fundsOf(town.reader, euro, hospital.account)).to.include({ deposited: 8_000n, held: 100n });
      await expectSalusError(collectFunds(doctor, { token: euro }), "INVALID_INPUT");
      expect((await fundsEventsOf(town.reader.chain, doctor.account)).map(({ kind, amount }) => [kind, amount]))
        .to.deep //
        .equal([["collected", 5_400n]]);
    });
  });

  describe("a bill that isn't simply paid", () => {
    it("is paid when the patient let the time pass", async () => {
      const claim = await billedVisit(town);
      await afterReview(town, claim);
      expect((await again(claim)).reviewUntil).to.equal(null);
      await decideClaim(town.insurer, claim, { eligible: AMOUNT, reason: 0 });
      // The deductible was paid with the first bill.
      expect((await again(claim)).approved).to.equal(18_000n);
    });

    it("is acknowledged in part, with a reason that everyone can count", async () => {
      const claim = await billedVisit(town);
      await confirmClaim(town.amina, claim);
      await expectSalusError(decideClaim(town.insurer, claim, { eligible: 12_000n, reason: 0 }), "InvalidReason");
      await decideClaim(town.insurer, claim, { eligible: 12_000n, reason: 4, note: "One blood count was enough." });
      const decided = await again(claim);
      expect(decided).to.include({ status: "approved", eligible: 12_000n, approved: 10_800n, reason: 4 });
      const response = await readResponse(town.amina, decided);
      expect(response?.note).to.equal("One blood count was enough.");
      expect(response?.resource.disposition).to.equal("Acknowledged in part");
    });

    it("is denied at once, and billed anew", async () => {
      const claim = await billedVisit(town);
      await decideClaim(town.insurer, claim, { eligible: 0n, reason: 1 });
      expect(await again(claim)).to.include({ status: "denied", approved: 0n, reason: 1, isOpen: false });
      const anew = await billFor(town, { ...claim, items: ITEMS.slice(0, 1) });
      expect(anew).to.include({ status: "submitted", amount: 12_000n, round: 2, reason: null, eligible: null });
      expect(await readResponse(town.amina, anew)).to.equal(null);
      expect(await claimsOf(town.reader, { visitId: claim.visitId })).to.have.length(1);
    });

    it("is asked about and answered in words that only its three parties read", async () => {
      const { insurer, hospital, amina, doctor } = town;
      const claim = await billedVisit(town);
      await askAboutClaim(insurer, claim, "Why two blood counts?");
      const asked = await again(claim);
      expect(asked).to.include({ isAsked: true, decideBy: null, isOverdue: false });
      await answerClaim(hospital, asked, "Before and after the infusion.");
      const answered = await again(asked);
      expect(answered.isAsked).to.equal(false);
      expect(answered.since).to.be.above(claim.since);
      for (const party of [amina, insurer, hospital]) {
        expect((await readNotes(party, answered)).map(({ event, text }) => [event.kind, text])).to.deep.equal([
          ["asked", "Why two blood counts?"],
          ["answered", "Before and after the infusion."],
        ]);
      }
      const [unread] = await readNotes(doctor, answered);
      expect([unread?.text, unread?.problem?.code]).to.deep.equal([null, "NOT_A_RECIPIENT"]);
      await expectSalusError(answerClaim(hospital, answered, "More."), "NothingAsked");
      await expectSalusError(askAboutClaim(insurer, answered, "  "), "INVALID_INPUT");
      await expectSalusError(askAboutClaim(insurer, answered, "x".repeat(4_001)), "INVALID_INPUT");
    });

    it("isn't paid while the patient disputes it, and the insurer isn't late meanwhile", async () => {
      const { insurer, amina } = town;
      const claim = await billedVisit(town);
      await disputeClaim(amina, claim, "There was one blood count only.");
      await town.advance(40 * DAY);
      const disputed = await again(claim);
      expect(disputed).to.include({ status: "disputed", isOverdue: false, decideBy: null });
      expect((await readNotes(insurer, disputed))[0]?.text).to.equal("There was one blood count only.");
      await expectSalusError(decideClaim(insurer, disputed, { eligible: AMOUNT, reason: 0 }), "WrongStatus");
      await confirmClaim(amina, disputed);
      await disputeClaim(amina, disputed, "");
      const silent = await readNotes(insurer, await again(claim));
      expect(silent.map(({ text, problem }) => [text, problem])).to.deep.equal([
        ["There was one blood count only.", null],
        [null, null],
      ]);
    });

    it("is overdue, for everyone to see, when the insurer's time is over", async () => {
      const claim = await billedVisit(town);
      await town.advance(31 * DAY);
      expect((await again(claim)).isOverdue).to.equal(true);
      expect(await town.reader.chain.claims.isOverdue(claim.visitId)).to.equal(true);
      await decideClaim(town.insurer, claim, { eligible: 0n, reason: 3 });
      expect((await again(claim)).isOverdue).to.equal(false);
    });

    it("is taken back by the hospital, and a right one follows", async () => {
      const claim = await billedVisit(town);
      await withdrawClaim(town.hospital, claim);
      expect(await again(claim)).to.include({ status: "withdrawn", isOpen: false });
      expect(await billFor(town, { ...claim })).to.include({ status: "submitted", round: 2 });
    });

    it("is paid up to the limit and no further, by every version for itself", async () => {
      const { amina, insurer, hospital } = town;
      const terms = { ...town.terms, deductible: 0n, coPayment: 0, limit: 15_000n };
      const policyId = await insured(town, amina, { terms, previous: town.policyId });
      const first = await endedVisit(town);
      await submitBill(hospital, await prepareBill(hospital, { ...first, policyId, items: ITEMS.slice(0, 1) }));
      const claim = await claimOf(town.reader, first.visitId);
      await confirmClaim(amina, claim);
      await decideClaim(insurer, claim, { eligible: 12_000n, reason: 0 });
      const second = await endedVisit(town);
      const prepared = await prepareBill(hospital, { ...second, policyId, items: ITEMS });
      expect(prepared.estimate).to.include({ paid: 3_000n, aboveLimit: 17_000n });
      town = { ...town, policyId: await insured(town, amina, { terms: town.terms, previous: policyId }) };
    });
  });

  describe("terms", () => {
    it("come to what the contract computes, and hash to what it hashes", async () => {
      const { claims } = town.reader.chain;
      const amount = fc.bigInt({ min: 0n, max: 2n ** 96n - 1n });
      const anyTerms = fc.record({
        token: fc.constant(town.euro),
        deductible: fc.oneof(amount, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })),
        coPayment: fc.integer({ min: 0, max: WHOLE }),
        limit: fc.oneof(amount, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })),
      });
      const salt = fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}` as const);
      const spent = fc.record({ deductible: amount, paid: amount });
      await fc.assert(
        fc.asyncProperty(anyTerms, salt, spent, amount, async (terms, salt, spent, eligible) => {
          const [ref, covered] = await Promise.all([
            claims.refOf(terms, salt),
            claims.coverageOf(terms, spent, eligible),
          ]);
          expect(refOf({ terms, salt })).to.equal(ref);
          const { deductible, paid } = coverageOf(terms, spent, eligible);
          expect([deductible, paid]).to.deep.equal([covered.deductible, covered.paid]);
        }),
        { numRuns: 200 },
      );
    });

    it("are those that both sides accepted, for everyone to read", async () => {
      const { amina, policyId, terms } = town;
      const salted = await termsOf(town.reader, await policyById(town.reader, policyId));
      expect(salted?.terms).to.deep.equal(terms);
      const { policyId: without } = await issuePolicy(town.insurer, await draftFor(amina, amina.patientId));
      expect(await termsOf(town.reader, await policyById(town.reader, without))).to.equal(null);
    });

    it("are refused when there can't be such", async () => {
      const { amina, insurer, terms } = town;
      const impossible: Partial<Terms>[] = [
        { coPayment: 10_001 },
        { limit: -1n },
        { deductible: 2n ** 256n },
        { token: `0x${"0".repeat(40)}` },
      ];
      for (const change of impossible) {
        const draft = await draftFor(amina, amina.patientId, { terms: { ...terms, ...change } });
        await expectSalusError(issuePolicy(insurer, draft), "INVALID_INPUT");
      }
    });
  });

  describe("funds", () => {
    it("are paid in from what the account holds, and no more is allowed than that", async () => {
      const { insurer, stranger, euro } = town;
      const before = await fundsOf(town.reader, euro, insurer.account);
      await depositFunds(insurer, { token: euro, amount: 1_234n });
      expect(await fundsOf(town.reader, euro, insurer.account)).to.deep.equal({
        ...before,
        deposited: before.deposited + 1_234n,
        held: before.held - 1_234n,
      });
      await expectSalusError(depositFunds(stranger, { token: euro, amount: 1n }), "NOT_ENOUGH_TOKENS");
      await expectSalusError(depositFunds(insurer, { token: euro, amount: 0n }), "INVALID_INPUT");
    });

    it("tells of the deposit's transaction only: an allowance that has its block is no deposit", async () => {
      const { insurer, euro } = town;
      const told: TxStatus[] = [];
      const { hash } = await depositFunds(
        insurer,
        { token: euro, amount: 10n },
        { onStatus: (status) => told.push(status) },
      );
      expect(told.map(({ state }) => state)).to.deep.equal(["wallet", "wallet", "sent", "final"]);
      for (const status of told) if (status.state !== "wallet") expect(status.hash).to.equal(hash);
    });

    it("are in tokens that say who they are", async () => {
      const { stranger, reader } = town;
      await expectSalusError(tokenInfo(reader.chain, stranger.account), "INVALID_INPUT");
      await expectSalusError(tokenInfo(reader.chain, reader.chain.deployment.contracts.claims), "INVALID_INPUT");
      expect(await chainTime(reader.chain)).to.be.above(0);
    });
  });
});
