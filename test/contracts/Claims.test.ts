import { expect } from "chai";

import {
  type Bill,
  billable,
  billed,
  billHashOf,
  BILLING,
  ClaimStatus,
  confirmed,
  DECISION,
  type Decision,
  decisionOn,
  NOBODY,
  policyIdOf,
  recordIdsOf,
  refOf,
  REVIEW,
} from "./billing.js";
import { now, visitIdOf } from "./clinic.js";
import { bytes32, networkHelpers, ZERO } from "./fixture.js";
import { refused, type Way, WAYS } from "./ways.js";

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Claims, ${name}`, () => {
    const worldOf = async () => billable(act);
    const billedWorld = async () => billed(act);
    const confirmedWorld = async () => confirmed(act);
    const load = () => networkHelpers.loadFixture(worldOf);
    const loadBilled = () => networkHelpers.loadFixture(billedWorld);
    const loadConfirmed = () => networkHelpers.loadFixture(confirmedWorld);

    describe("submits", () => {
      it("a bill, of which all that its event says is committed to, and pays nothing", async () => {
        const { claims, ways, bill, visitId, patientId, policyId, terms } = await load();
        expect(await claims.claimOf(visitId)).to.deep.equal([0n, 0n, 0n, BigInt(ClaimStatus.None), false, ZERO]);
        await expect(ways.hospital.send(claims, "submit", [bill]))
          .to.emit(claims, "ClaimSubmitted")
          .withArgs(
            visitId,
            ways.insurer.account,
            patientId,
            policyId,
            bill.amount,
            bill.from,
            bill.until,
            bill.doctor,
            bill.doctorShare,
            recordIdsOf(bill),
            bill.document,
          );
        const since = await now();
        const stored = [bill.amount, 0n, since, BigInt(ClaimStatus.Submitted), false, billHashOf(bill)];
        expect(await claims.claimOf(visitId)).to.deep.equal(stored);
        expect(await claims.spentOf(policyId)).to.deep.equal([0n, 0n]);
        expect(await claims.balanceOf(terms.token, ways.hospital.account)).to.equal(0n);
      });

      it("for the hospital of the visit only", async () => {
        const { claims, ways, bill, visitId } = await load();
        for (const nobody of [ways.patient, ways.doctor, ways.insurer, ways.otherHospital, ways.stranger]) {
          await refused(nobody, claims, "submit", [bill], "NotHospitalOfVisit", [visitId, nobody.account]);
        }
        const claimed = { ...bill, visit: { ...bill.visit, hospital: ways.otherHospital.account } };
        const unknown = visitIdOf(claimed.visit);
        await refused(ways.hospital, claims, "submit", [claimed], "NotHospitalOfVisit", [
          unknown,
          ways.hospital.account,
        ]);
      });

      it("from the visit's end on, for a year, to the second", async () => {
        const { claims, visits, ways, bill, attended } = await load();
        const { visit, from, until, record } = await attended({ closes: false });
        const visitId = visitIdOf(visit);
        const open = { ...bill, visit, from, until, records: [record] };
        await refused(ways.hospital, claims, "submit", [open], "VisitNotEnded", [visitId]);
        await ways.hospital.send(visits, "close", [visit]);
        await ways.hospital.simulate(claims, "submit", [open]);
        const { end } = await visits.visitOf(visitId);
        const deadline = end + BILLING;
        await networkHelpers.time.increaseTo(deadline);
        await ways.hospital.simulate(claims, "submit", [open]);
        await networkHelpers.time.increaseTo(deadline + 1n);
        await refused(ways.hospital, claims, "submit", [open], "BilledTooLate", [visitId, deadline]);
      });

      it("an amount of 1 to 2^96 - 1, in any smallest unit", async () => {
        const { claims, ways, bill } = await load();
        for (const amount of [0n, 2n ** 96n, 2n ** 256n - 1n]) {
          await refused(ways.hospital, claims, "submit", [{ ...bill, amount }], "InvalidAmount", [amount]);
        }
        for (const amount of [1n, 2n ** 96n - 1n]) {
          await ways.hospital.simulate(claims, "submit", [{ ...bill, amount }]);
        }
      });

      it("a doctor's share of all of it at most, and none for nobody", async () => {
        const { claims, ways, bill } = await load();
        for (const [doctor, doctorShare] of [
          [bill.doctor, 10_001n],
          [bill.doctor, 65_535n],
          [NOBODY, 1n],
          [NOBODY, 10_001n],
        ] as const) {
          const args = [{ ...bill, doctor, doctorShare }];
          await refused(ways.hospital, claims, "submit", args, "InvalidShare", [doctorShare]);
        }
        for (const [doctor, doctorShare] of [
          [bill.doctor, 0n],
          [bill.doctor, 10_000n],
          [NOBODY, 0n],
        ] as const) {
          await ways.hospital.simulate(claims, "submit", [{ ...bill, doctor, doctorShare }]);
        }
      });

      it("a service within the visit, that ends no earlier than it begins", async () => {
        const { claims, visits, ways, bill, visitId, openedAt } = await load();
        const { end } = await visits.visitOf(visitId);
        for (const [from, until] of [
          [openedAt - 1n, bill.until],
          [bill.from, end + 1n],
          [bill.until, bill.from],
          [0n, 2n ** 48n - 1n],
        ] as const) {
          await refused(ways.hospital, claims, "submit", [{ ...bill, from, until }], "OutsideVisit", [openedAt, end]);
        }
        await ways.hospital.simulate(claims, "submit", [{ ...bill, from: bill.until }]);
        const unknown = { ...bill, visit: { ...bill.visit, nonce: bill.visit.nonce ^ 1n } };
        await refused(ways.hospital, claims, "submit", [unknown], "OutsideVisit", [0n, 0n]);
      });

      it("to a policy that covered all of the service", async () => {
        const { claims, visits, ways, bill, policyId, patientId, insure, attended } = await load();
        const isRefused = (by: Way, put: Bill, id = policyId) =>
          refused(by, claims, "submit", [put], "NotCovered", [id, put.from, put.until]);
        // Within the visit, though before the policy.
        await isRefused(ways.hospital, { ...bill, from: bill.from - 1n });
        // The policy ends while the visit lasts.
        const begin = await now();
        const cover = await insure({ until: begin + 1_000n });
        const id = policyIdOf(cover, patientId);
        const { visit, from, record } = await attended();
        const last = { ...bill, cover, visit, from, until: begin + 999n, records: [record] };
        await isRefused(ways.hospital, { ...last, until: begin + 1_000n }, id);
        await isRefused(ways.hospital, { ...last, until: (await visits.visitOf(visitIdOf(visit))).end }, id);
        await ways.hospital.send(claims, "submit", [last]);
      });

      it("with 1 to 20 of the visit's records", async () => {
        const { claims, ways, bill, visitId } = await load();
        const [note] = bill.records as [Bill["records"][number]];
        for (const length of [0, 21]) {
          const records = Array.from({ length }, () => note);
          await refused(ways.hospital, claims, "submit", [{ ...bill, records }], "InvalidRecords", [BigInt(length)]);
        }
        await ways.hospital.simulate(claims, "submit", [{ ...bill, records: Array.from({ length: 20 }, () => note) }]);
        for (const change of [
          { author: ways.patient.account },
          { nonce: note.nonce ^ 1n },
          { orderAuthor: note.author },
        ]) {
          const wrong = { ...bill, records: [{ ...note, ...change }] };
          const args = [visitId, recordIdsOf(wrong)[0]];
          await refused(ways.hospital, claims, "submit", [wrong], "NotOfVisit", args);
        }
      });

      it("once, until it is denied or withdrawn", async () => {
        const { claims, ways, bill, visitId, hash } = await loadBilled();
        const { hospital, patient, insurer } = ways;
        const isBilled = (status: number) =>
          refused(hospital, claims, "submit", [bill], "AlreadyBilled", [visitId, status]);
        const again = async (amount: bigint) => {
          const next = { ...bill, amount, document: bytes32() };
          await hospital.send(claims, "submit", [next]);
          const claim = await claims.claimOf(visitId);
          const stored = [amount, 0n, await now(), BigInt(ClaimStatus.Submitted), false, billHashOf(next)];
          expect(claim).to.deep.equal(stored);
          return next;
        };
        await isBilled(ClaimStatus.Submitted);
        await patient.send(claims, "dispute", [bill.visit, hash, ZERO]);
        await isBilled(ClaimStatus.Disputed);
        await patient.send(claims, "confirm", [bill.visit, hash]);
        await isBilled(ClaimStatus.Confirmed);
        await insurer.send(claims, "decide", [decisionOn(bill, { eligible: 0n })]);
        const second = await again(300n);
        await hospital.send(claims, "withdrawClaim", [bill.visit]);
        expect((await claims.claimOf(visitId)).bill).to.equal(billHashOf(second));
        const third = await again(200n);
        await patient.send(claims, "confirm", [bill.visit, billHashOf(third)]);
        await insurer.send(claims, "decide", [decisionOn(third)]);
        await isBilled(ClaimStatus.Approved);
      });
    });

    describe("is reviewed", () => {
      it("by the patient, who says that it is right", async () => {
        const { claims, ways, bill, visitId, patientId, hash, since } = await loadBilled();
        await expect(ways.patient.send(claims, "confirm", [bill.visit, hash]))
          .to.emit(claims, "ClaimConfirmed")
          .withArgs(visitId, patientId);
        const stored = [bill.amount, 0n, since, BigInt(ClaimStatus.Confirmed), false, hash];
        expect(await claims.claimOf(visitId)).to.deep.equal(stored);
      });

      it("by the patient, who says that it is wrong, also after having confirmed it", async () => {
        const { claims, ways, bill, visitId, patientId, hash } = await loadConfirmed();
        const document = bytes32();
        await expect(ways.patient.send(claims, "dispute", [bill.visit, hash, document]))
          .to.emit(claims, "ClaimDisputed")
          .withArgs(visitId, patientId, document);
        expect((await claims.claimOf(visitId)).status).to.equal(ClaimStatus.Disputed);
        const args = [decisionOn(bill)];
        await refused(ways.insurer, claims, "decide", args, "WrongStatus", [visitId, ClaimStatus.Disputed]);
        await networkHelpers.time.increase(REVIEW);
        await refused(ways.insurer, claims, "decide", args, "WrongStatus", [visitId, ClaimStatus.Disputed]);
      });

      it("and right again when the patient takes the dispute back, which gives the insurer its time anew", async () => {
        const { claims, ways, bill, visitId, hash, since } = await loadBilled();
        await ways.patient.send(claims, "dispute", [bill.visit, hash, ZERO]);
        await networkHelpers.time.increase(2n * DECISION);
        expect(await claims.isOverdue(visitId)).to.be.false;
        expect((await claims.claimOf(visitId)).since).to.equal(since);
        await ways.patient.send(claims, "confirm", [bill.visit, hash]);
        expect((await claims.claimOf(visitId)).since).to.equal(await now());
        expect(await claims.isOverdue(visitId)).to.be.false;
        await ways.insurer.simulate(claims, "decide", [decisionOn(bill)]);
        // Saying it twice gives no more time.
        const first = (await claims.claimOf(visitId)).since;
        await ways.patient.send(claims, "confirm", [bill.visit, hash]);
        expect((await claims.claimOf(visitId)).since).to.equal(first);
      });

      for (const [action, words] of [
        ["confirm", []],
        ["dispute", [ZERO]],
      ] as const) {
        it(`for the patient only (${action})`, async () => {
          const { claims, patients, ways, bill, patientId, hash } = await loadBilled();
          const args = [bill.visit, hash, ...words];
          for (const nobody of [ways.otherPatient, ways.hospital, ways.doctor, ways.insurer]) {
            const errorArgs = [patientId, nobody.account];
            await refused(nobody, claims, action, args, "NotController", errorArgs, patients);
          }
        });

        it(`for the bill that the patient has seen (${action})`, async () => {
          const { claims, ways, bill, visitId, patientId } = await loadBilled();
          const changes: Partial<Bill>[] = [
            { amount: bill.amount + 1n },
            { from: bill.from + 1n },
            { until: bill.until - 1n },
            { doctor: patientId.slice(0, 42) },
            { doctorShare: bill.doctorShare + 1n },
            { records: bill.records.slice(1) },
            { document: bytes32() },
            { cover: { ...bill.cover, salt: bytes32() } },
          ];
          for (const change of changes) {
            const args = [bill.visit, billHashOf({ ...bill, ...change }), ...words];
            await refused(ways.patient, claims, action, args, "OtherClaim", [visitId]);
          }
          await refused(ways.patient, claims, action, [bill.visit, ZERO, ...words], "OtherClaim", [visitId]);
        });

        it(`while nothing is decided (${action})`, async () => {
          const { claims, ways, bill, visitId, hash, attended } = await loadConfirmed();
          const isRefused = (status: number) =>
            refused(ways.patient, claims, action, [bill.visit, hash, ...words], "WrongStatus", [visitId, status]);
          await ways.hospital.send(claims, "withdrawClaim", [bill.visit]);
          await isRefused(ClaimStatus.Withdrawn);
          await ways.hospital.send(claims, "submit", [bill]);
          await ways.insurer.send(claims, "decide", [decisionOn(bill, { eligible: 0n })]);
          await isRefused(ClaimStatus.Denied);
          await ways.hospital.send(claims, "submit", [bill]);
          await ways.patient.send(claims, "confirm", [bill.visit, hash]);
          await ways.insurer.send(claims, "decide", [decisionOn(bill)]);
          await isRefused(ClaimStatus.Approved);
          const { visit } = await attended();
          const args = [visit, ZERO, ...words];
          const errorArgs = [visitIdOf(visit), ClaimStatus.None];
          await refused(ways.patient, claims, action, args, "WrongStatus", errorArgs);
        });
      }
    });

    describe("is asked about", () => {
      it("by the insurer, which waits for the hospital's answer", async () => {
        const { claims, ways, bill, visitId, patientId, hash } = await loadBilled();
        const question = decisionOn(bill, { eligible: 2n ** 256n - 1n, reason: 255 });
        await expect(ways.insurer.send(claims, "ask", [question]))
          .to.emit(claims, "ClaimAsked")
          .withArgs(visitId, ways.insurer.account, patientId, question.document);
        expect((await claims.claimOf(visitId)).isAsked).to.be.true;
        const document = bytes32();
        await expect(ways.hospital.send(claims, "answer", [bill.visit, document]))
          .to.emit(claims, "ClaimAnswered")
          .withArgs(visitId, patientId, document);
        const stored = [bill.amount, 0n, await now(), BigInt(ClaimStatus.Submitted), false, hash];
        expect(await claims.claimOf(visitId)).to.deep.equal(stored);
      });

      it("and decided without waiting, or withdrawn, after which nothing is asked", async () => {
        const { claims, ways, bill, visitId } = await loadConfirmed();
        const question = [decisionOn(bill)];
        await ways.insurer.send(claims, "ask", question);
        await ways.insurer.send(claims, "decide", [decisionOn(bill, { eligible: 0n })]);
        expect((await claims.claimOf(visitId)).isAsked).to.be.false;
        await ways.hospital.send(claims, "submit", [bill]);
        await ways.insurer.send(claims, "ask", question);
        await ways.hospital.send(claims, "withdrawClaim", [bill.visit]);
        expect((await claims.claimOf(visitId)).isAsked).to.be.false;
      });

      it("is answered by the hospital only, when asked, while nothing is decided", async () => {
        const { claims, ways, bill, visitId, hash } = await loadBilled();
        const args = [bill.visit, bytes32()];
        await refused(ways.hospital, claims, "answer", args, "NothingAsked", [visitId]);
        await ways.insurer.send(claims, "ask", [decisionOn(bill)]);
        for (const nobody of [ways.patient, ways.doctor, ways.otherHospital]) {
          await refused(nobody, claims, "answer", args, "NotHospitalOfVisit", [visitId, nobody.account]);
        }
        await ways.hospital.simulate(claims, "answer", args);
        await ways.patient.send(claims, "confirm", [bill.visit, hash]);
        await ways.insurer.send(claims, "decide", [decisionOn(bill)]);
        await refused(ways.hospital, claims, "answer", args, "WrongStatus", [visitId, ClaimStatus.Approved]);
      });
    });

    describe("is withdrawn", () => {
      it("by its hospital, before the decision", async () => {
        const { claims, ways, bill, visitId, patientId, hash, since } = await loadBilled();
        for (const nobody of [ways.patient, ways.insurer, ways.otherHospital]) {
          const errorArgs = [visitId, nobody.account];
          await refused(nobody, claims, "withdrawClaim", [bill.visit], "NotHospitalOfVisit", errorArgs);
        }
        await expect(ways.hospital.send(claims, "withdrawClaim", [bill.visit]))
          .to.emit(claims, "ClaimWithdrawn")
          .withArgs(visitId, patientId);
        const stored = [bill.amount, 0n, since, BigInt(ClaimStatus.Withdrawn), false, hash];
        expect(await claims.claimOf(visitId)).to.deep.equal(stored);
        const errorArgs = [visitId, ClaimStatus.Withdrawn];
        await refused(ways.hospital, claims, "withdrawClaim", [bill.visit], "WrongStatus", errorArgs);
        await refused(ways.insurer, claims, "decide", [decisionOn(bill)], "WrongStatus", errorArgs);
        await refused(ways.insurer, claims, "ask", [decisionOn(bill)], "WrongStatus", errorArgs);
      });
    });

    describe("is decided", () => {
      const balances = async ({ claims, terms }: { claims: Claims; terms: Bill["cover"]["terms"] }, ...of: Way[]) =>
        Promise.all(of.map(({ account }) => claims.balanceOf(terms.token, account)));
      type Claims = Awaited<ReturnType<typeof load>>["claims"];

      it("and paid by the terms, in one transaction, to the hospital and its doctor", async () => {
        const world = await loadConfirmed();
        const { claims, ways, bill, visitId, patientId, policyId, hash, since } = world;
        const { insurer, hospital, doctor, patient } = ways;
        const decision = decisionOn(bill);
        // 20,000 less 5,000 of the deductible, less 10 % of the rest: 13,500, of which 20 % are the doctor's.
        await expect(insurer.send(claims, "decide", [decision]))
          .to.emit(claims, "ClaimDecided")
          .withArgs(visitId, insurer.account, patientId, 20_000n, 13_500n, 2_700n, 0, decision.document);
        const stored = [20_000n, 13_500n, since, BigInt(ClaimStatus.Approved), false, hash];
        expect(await claims.claimOf(visitId)).to.deep.equal(stored);
        expect(await claims.spentOf(policyId)).to.deep.equal([5_000n, 13_500n]);
        expect(await balances(world, insurer, hospital, doctor, patient)).to.deep.equal([86_500n, 10_800n, 2_700n, 0n]);
      });

      it("in part, with a reason", async () => {
        const world = await loadConfirmed();
        const { claims, ways, bill, visitId, patientId, policyId } = world;
        const decision = decisionOn(bill, { eligible: 5_001n, reason: 7 });
        // One unit above the deductible, and the co-payment of it is rounded up.
        await expect(ways.insurer.send(claims, "decide", [decision]))
          .to.emit(claims, "ClaimDecided")
          .withArgs(visitId, ways.insurer.account, patientId, 5_001n, 0n, 0n, 7, decision.document);
        expect((await claims.claimOf(visitId)).status).to.equal(ClaimStatus.Approved);
        expect(await claims.spentOf(policyId)).to.deep.equal([5_000n, 0n]);
        expect(await balances(world, ways.insurer, ways.hospital, ways.doctor)).to.deep.equal([100_000n, 0n, 0n]);
      });

      it("against it, at any time, with a reason, and nothing is spent", async () => {
        const world = await loadBilled();
        const { claims, ways, bill, visitId, patientId, policyId, hash, since } = world;
        await ways.patient.send(claims, "dispute", [bill.visit, hash, ZERO]);
        const decision = decisionOn(bill, { eligible: 0n, reason: 1 });
        await expect(ways.insurer.send(claims, "decide", [decision]))
          .to.emit(claims, "ClaimDecided")
          .withArgs(visitId, ways.insurer.account, patientId, 0n, 0n, 0n, 1, decision.document);
        const stored = [bill.amount, 0n, since, BigInt(ClaimStatus.Denied), false, hash];
        expect(await claims.claimOf(visitId)).to.deep.equal(stored);
        expect(await claims.spentOf(policyId)).to.deep.equal([0n, 0n]);
        expect(await balances(world, ways.insurer, ways.hospital)).to.deep.equal([100_000n, 0n]);
      });

      it("by the insurer that it was put to, as it was billed", async () => {
        const { claims, ways, bill, visitId, terms } = await loadConfirmed();
        const isRefused = (by: Way, change: Partial<Decision>, action = "decide") =>
          refused(by, claims, action, [decisionOn(bill, change)], "OtherClaim", [visitId]);
        for (const action of ["decide", "ask"]) {
          for (const nobody of [ways.otherInsurer, ways.hospital, ways.patient]) {
            await isRefused(nobody, {}, action);
            await isRefused(nobody, { cover: { ...bill.cover, insurer: nobody.account } }, action);
          }
          const changes: Partial<Decision>[] = [
            { cover: { ...bill.cover, terms: { ...terms, limit: terms.limit + 1n } } },
            { cover: { ...bill.cover, salt: bytes32() } },
            { doctor: ways.insurer.account },
            { doctorShare: 10_000n },
            { content: bytes32() },
          ];
          for (const change of changes) await isRefused(ways.insurer, change, action);
        }
      });

      it("up to what was billed, and with a reason for less only", async () => {
        const { claims, ways, bill } = await loadConfirmed();
        const isRefused = (change: Partial<Decision>, error: string, errorArgs: unknown[]) =>
          refused(ways.insurer, claims, "decide", [decisionOn(bill, change)], error, errorArgs);
        for (const eligible of [bill.amount + 1n, 2n ** 96n, 2n ** 256n - 1n]) {
          await isRefused({ eligible }, "AboveBill", [eligible, bill.amount]);
        }
        await isRefused({ eligible: bill.amount, reason: 1 }, "InvalidReason", [1]);
        for (const eligible of [0n, 1n, bill.amount - 1n])
          await isRefused({ eligible, reason: 0 }, "InvalidReason", [0]);
      });

      it("once the patient has confirmed it, or had three days, to the second", async () => {
        const { claims, ways, bill, visitId, since } = await loadBilled();
        const args = [decisionOn(bill)];
        await refused(ways.insurer, claims, "decide", args, "UnderReview", [visitId, since + REVIEW]);
        await networkHelpers.time.increaseTo(since + REVIEW - 2n);
        await refused(ways.insurer, claims, "decide", args, "UnderReview", [visitId, since + REVIEW]);
        await networkHelpers.time.increaseTo(since + REVIEW - 1n);
        await ways.insurer.send(claims, "decide", args);
        expect(await now()).to.equal(since + REVIEW);
      });

      it("once", async () => {
        const { claims, ways, bill, visitId } = await loadConfirmed();
        await ways.insurer.send(claims, "decide", [decisionOn(bill)]);
        for (const eligible of [bill.amount, 1n, 0n]) {
          const args = [decisionOn(bill, { eligible })];
          await refused(ways.insurer, claims, "decide", args, "WrongStatus", [visitId, ClaimStatus.Approved]);
        }
      });

      it("when the insurer has the money here, else nothing changes", async () => {
        const world = await loadConfirmed();
        const { claims, ways, bill, visitId, policyId, terms, fund } = world;
        await ways.insurer.send(claims, "withdraw", [terms.token, 100_000n - 13_499n]);
        const before = await claims.claimOf(visitId);
        const args = [decisionOn(bill)];
        const errorArgs = [terms.token, ways.insurer.account, 13_499n, 13_500n];
        await refused(ways.insurer, claims, "decide", args, "InsufficientBalance", errorArgs);
        expect(await claims.claimOf(visitId)).to.deep.equal(before);
        expect(await claims.spentOf(policyId)).to.deep.equal([0n, 0n]);
        await fund(1n);
        await ways.insurer.send(claims, "decide", args);
        expect(await balances(world, ways.insurer, ways.hospital, ways.doctor)).to.deep.equal([0n, 10_800n, 2_700n]);
      });
    });

    it("is overdue after 30 days, unless the hospital or the patient keeps it waiting", async () => {
      const { claims, ways, bill, visitId, since, hash } = await loadBilled();
      await networkHelpers.time.increaseTo(since + DECISION);
      expect(await claims.isOverdue(visitId)).to.be.false;
      await networkHelpers.time.increaseTo(since + DECISION + 1n);
      expect(await claims.isOverdue(visitId)).to.be.true;
      await ways.patient.send(claims, "confirm", [bill.visit, hash]);
      expect(await claims.isOverdue(visitId)).to.be.true;
      await ways.insurer.send(claims, "ask", [decisionOn(bill)]);
      expect(await claims.isOverdue(visitId)).to.be.false;
      await networkHelpers.time.increase(DECISION);
      await ways.hospital.send(claims, "answer", [bill.visit, bytes32()]);
      const answered = await now();
      await networkHelpers.time.increaseTo(answered + DECISION);
      expect(await claims.isOverdue(visitId)).to.be.false;
      await networkHelpers.time.increase(1n);
      expect(await claims.isOverdue(visitId)).to.be.true;
      await ways.patient.send(claims, "dispute", [bill.visit, hash, ZERO]);
      expect(await claims.isOverdue(visitId)).to.be.false;
      await ways.patient.send(claims, "confirm", [bill.visit, hash]);
      await networkHelpers.time.increase(DECISION + 1n);
      expect(await claims.isOverdue(visitId)).to.be.true;
      // It has no effect: the insurer still decides.
      await ways.insurer.send(claims, "decide", [decisionOn(bill)]);
      expect(await claims.isOverdue(visitId)).to.be.false;
      expect(await claims.isOverdue(bytes32())).to.be.false;
    });
  });
}

describe("Claims", () => {
  const worldOf = async () => billable(WAYS.directly);
  const load = () => networkHelpers.loadFixture(worldOf);

  it("says its periods, and the reference of terms", async () => {
    const { claims, terms } = await load();
    expect(await claims.BILLING_PERIOD()).to.equal(BILLING);
    expect(await claims.REVIEW_PERIOD()).to.equal(REVIEW);
    expect(await claims.DECISION_PERIOD()).to.equal(DECISION);
    expect(await claims.MAX_RECORDS()).to.equal(20n);
    const salt = bytes32();
    expect(await claims.refOf(terms, salt)).to.equal(refOf(terms, salt));
  });

  it("covers what is above the deductible, less the co-payment, up to the limit", async () => {
    const { claims, terms } = await load();
    const fresh = { deductible: 0n, paid: 0n };
    const most = 2n ** 96n - 1n;
    const all = 2n ** 256n - 1n;
    const cases = [
      [{}, fresh, 0n, [0n, 0n]],
      [{}, fresh, 4_999n, [4_999n, 0n]],
      [{}, fresh, 5_000n, [5_000n, 0n]],
      [{}, fresh, 5_001n, [5_000n, 0n]],
      [{}, fresh, 5_002n, [5_000n, 1n]],
      [{}, fresh, 5_010n, [5_000n, 9n]],
      [{}, fresh, 5_011n, [5_000n, 9n]],
      [{}, { deductible: 4_000n, paid: 0n }, 2_000n, [1_000n, 900n]],
      [{}, { deductible: 5_000n, paid: 29_999n }, 2_000n, [0n, 1n]],
      [{}, { deductible: 5_000n, paid: 30_000n }, 2_000n, [0n, 0n]],
      // More than there is to spend: can't come about, and gives nothing.
      [{}, { deductible: 6_000n, paid: 40_000n }, 2_000n, [0n, 0n]],
      [{ coPayment: 0n }, fresh, 6_000n, [5_000n, 1_000n]],
      [{ coPayment: 10_000n }, fresh, most, [5_000n, 0n]],
      // A share above all of it is all of it.
      [{ coPayment: 10_001n }, fresh, most, [5_000n, 0n]],
      [{ coPayment: all }, fresh, most, [5_000n, 0n]],
      [{ deductible: 0n, coPayment: 0n, limit: all }, fresh, most, [0n, most]],
      [{ deductible: 0n, coPayment: 0n, limit: all }, fresh, all, [0n, all]],
      [{ deductible: all, limit: all }, fresh, most, [most, 0n]],
      [{ limit: 0n }, fresh, most, [5_000n, 0n]],
    ] as const;
    for (const [change, spent, eligible, expected] of cases) {
      expect(await claims.coverageOf({ ...terms, ...change }, spent, eligible)).to.deep.equal(expected);
    }
  });
});
