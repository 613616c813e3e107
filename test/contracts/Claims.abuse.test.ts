/** Bills, decisions and words about them that somebody gains from, each tried and refused, or shown to gain nothing. */
import { expect } from "chai";
import { concat } from "ethers";

import {
  type Bill,
  type BilledRecord,
  billable,
  billed,
  billHashOf,
  BILLING,
  ClaimStatus,
  confirmed,
  type Decision,
  decisionOn,
  NOBODY,
  policyIdOf,
  recordIdsOf,
  refOf,
  REVIEW,
} from "./billing.js";
import { now, visitIdOf } from "./clinic.js";
import { bytes32, entry, ethers, networkHelpers, ZERO } from "./fixture.js";
import { inOneBlock, refused, type Way, WAYS } from "./ways.js";

const worldOf = async () => billable(WAYS.directly);
const billedWorld = async () => billed(WAYS.directly);
const confirmedWorld = async () => confirmed(WAYS.directly);
const load = () => networkHelpers.loadFixture(worldOf);
const loadBilled = () => networkHelpers.loadFixture(billedWorld);
const loadConfirmed = () => networkHelpers.loadFixture(confirmedWorld);
type World = Awaited<ReturnType<typeof load>>;

const ALL = 2n ** 256n - 1n;

describe("Bills that must not be", () => {
  const isRefused = ({ ways, claims }: World, bill: Bill, error: string, errorArgs: unknown[], by = ways.hospital) =>
    refused(by, claims, "submit", [bill], error, errorArgs);
  const isNotCovered = (world: World, bill: Bill) => {
    const policyId = policyIdOf(bill.cover, bill.visit.patientId);
    return isRefused(world, bill, "NotCovered", [policyId, bill.from, bill.until]);
  };
  const isNotOfVisit = (world: World, bill: Bill, record: BilledRecord) => {
    // Behind a right one, so that every record is looked at.
    const wrong = { ...bill, records: [...bill.records, record] };
    return isRefused(world, wrong, "NotOfVisit", [visitIdOf(bill.visit), recordIdsOf(wrong).at(-1)]);
  };
  /** Another patient with a drawer, a policy and an attended visit. */
  const somebodyElse = async ({ ways, consents, otherPatientId, scope, scopeKey, insure, attended }: World) => {
    const who = { of: ways.otherPatient, patientId: otherPatientId };
    await ways.otherPatient.send(consents, "openScope", [otherPatientId, scope, scopeKey]);
    return { cover: await insure(who), ...(await attended(who)) };
  };

  it("abuse: the same visit billed twice, in one block", async () => {
    const { claims, ways, bill, visitId } = await load();
    const otherwise = { ...bill, amount: 1n, document: bytes32() };
    const first = await ways.hospital.prepare(claims, "submit", [bill]);
    const second = await ways.hospital.prepare(claims, "submit", [otherwise]);
    expect(await inOneBlock([first, second])).to.deep.equal([true, false]);
    expect((await claims.claimOf(visitId)).bill).to.equal(billHashOf(bill));
  });

  it("abuse: a visit billed again after it was paid, also for another amount or to another policy", async () => {
    const world = await loadConfirmed();
    const { claims, ways, bill, visitId, insure } = world;
    await ways.insurer.send(claims, "decide", [decisionOn(bill, { eligible: 1n })]);
    const errorArgs = [visitId, ClaimStatus.Approved];
    const second = await insure({ by: ways.otherInsurer });
    for (const change of [{}, { amount: 1n }, { cover: second }, { records: bill.records.slice(1) }]) {
      await isRefused(world, { ...bill, ...change }, "AlreadyBilled", errorArgs);
    }
  });

  it("abuse: a visit billed by another hospital, in its own name or under a visit that never was", async () => {
    const world = await load();
    const { ways, bill, visitId } = world;
    const { otherHospital } = ways;
    await isRefused(world, bill, "NotHospitalOfVisit", [visitId, otherHospital.account], otherHospital);
    const own = { ...bill, visit: { ...bill.visit, hospital: otherHospital.account } };
    await isRefused(world, own, "OutsideVisit", [0n, 0n], otherHospital);
  });

  it("abuse: a visit billed before it was, while it lasts, or from a permit that was withdrawn", async () => {
    const world = await load();
    const { ways, visits, bill, attended } = world;
    const unborn = { ...bill, visit: { ...bill.visit, nonce: 1n } };
    await isRefused(world, unborn, "OutsideVisit", [0n, 0n]);
    const { visit, from, record } = await attended({ closes: false });
    const open = { ...bill, visit, from, until: from, records: [record] };
    await isRefused(world, open, "VisitNotEnded", [visitIdOf(visit)]);
    await ways.patient.send(visits, "withdraw", [unborn.visit]);
    await isRefused(world, unborn, "OutsideVisit", [0n, 0n]);
    // A visit that nobody closed ends by itself.
    await networkHelpers.time.increaseTo((await visits.visitOf(visitIdOf(visit))).end);
    await ways.hospital.simulate(world.claims, "submit", [open]);
  });

  it("abuse: a visit billed a year and a second after its end", async () => {
    const world = await load();
    const { visits, bill, visitId } = world;
    const deadline = (await visits.visitOf(visitId)).end + BILLING;
    await networkHelpers.time.increaseTo(deadline + 1n);
    await isRefused(world, bill, "BilledTooLate", [visitId, deadline]);
  });

  it("abuse: a service before the visit's opening, after its closing, or backwards", async () => {
    const world = await load();
    const { visits, bill, visitId, openedAt } = world;
    const { end } = await visits.visitOf(visitId);
    for (const [from, until] of [
      [openedAt - 1n, end],
      [openedAt, end + 1n],
      [end, openedAt],
      [0n, 0n],
      [2n ** 48n - 1n, 2n ** 48n - 1n],
    ] as const) {
      await isRefused(world, { ...bill, from, until }, "OutsideVisit", [openedAt, end]);
    }
  });

  it("abuse: a service after the policy's end, be it the term's or a cancellation's", async () => {
    const world = await load();
    const { ways, policies, bill, insure, attended, patientId } = world;
    const begin = await now();
    const short = await insure({ until: begin + 100n });
    const { visit, from, until, record } = await attended();
    const late = { ...bill, visit, from, until, records: [record] };
    await isNotCovered(world, { ...late, cover: short });
    const cancelled = await insure();
    const key = { insurer: cancelled.insurer, patientId, ref: refOf(cancelled.terms, cancelled.salt) };
    await ways.patient.send(policies, "cancel", [key, 0n]);
    const after = await attended();
    const billedAfter = { ...bill, cover: cancelled, visit: after.visit, from: after.from, until: after.until };
    await isNotCovered(world, { ...billedAfter, records: [after.record] });
    // What was done before stays covered, though.
    await ways.hospital.simulate(world.claims, "submit", [late]);
  });

  it("abuse: a service before the policy was accepted, though its term began earlier", async () => {
    const world = await load();
    const { ways, claims, bill, insure, openedAt, until: forLong } = world;
    const late = await insure({ from: openedAt - 1_000n, until: forLong });
    await isNotCovered(world, { ...bill, cover: late });
    const offered = await insure({ from: openedAt - 1_000n, until: forLong, accepts: false });
    await isNotCovered(world, { ...bill, cover: offered });
    await ways.hospital.simulate(claims, "submit", [bill]);
  });

  it("abuse: a service put to the version that was superseded before it, or to the one that follows it", async () => {
    const world = await load();
    const { ways, claims, bill, terms, insure, attended } = world;
    const next = await insure({ terms: { ...terms, limit: 1n }, previousRef: refOf(terms, bill.cover.salt) });
    const { visit, from, until, record } = await attended();
    const later = { ...bill, visit, from, until, records: [record] };
    await isNotCovered(world, later);
    await ways.hospital.simulate(claims, "submit", [{ ...later, cover: next }]);
    await isNotCovered(world, { ...bill, cover: next });
    await ways.hospital.simulate(claims, "submit", [bill]);
  });

  it("abuse: a bill put to another patient's policy", async () => {
    const world = await load();
    const { bill } = world;
    const other = await somebodyElse(world);
    await isNotCovered(world, { ...bill, cover: other.cover });
    const { visit, from, until, record } = other;
    await isNotCovered(world, { ...bill, visit, from, until, records: [record] });
  });

  it("abuse: terms that nobody accepted: more, or another token, another salt, another insurer", async () => {
    const world = await load();
    const { ways, bill, terms } = world;
    for (const change of [
      { deductible: 0n },
      { coPayment: 0n },
      { limit: ALL },
      { token: ways.hospital.account },
    ] as const) {
      await isNotCovered(world, { ...bill, cover: { ...bill.cover, terms: { ...terms, ...change } } });
    }
    await isNotCovered(world, { ...bill, cover: { ...bill.cover, salt: bytes32() } });
    await isNotCovered(world, { ...bill, cover: { ...bill.cover, insurer: ways.otherInsurer.account } });
  });

  it("abuse: a policy without terms, whose reference is no hash of any", async () => {
    const world = await load();
    const { ways, policies, bill, patientId, terms } = world;
    const [ref, wording, schedule, from] = [bytes32(), bytes32(), bytes32(), await now()];
    const offer = { patientId, ref, previousRef: ZERO, wording, schedule, from, until: from + 1_000n, offer: ref };
    await ways.insurer.send(policies, "issue", [offer]);
    await ways.patient.send(policies, "accept", [{ insurer: ways.insurer.account, patientId, ref }, wording, schedule]);
    await isNotCovered(world, { ...bill, cover: { insurer: ways.insurer.account, terms, salt: ref } });
  });

  it("abuse: records of another visit, of another patient, of nobody, and a report on another order", async () => {
    const world = await load();
    const { ways, records, bill, patientId, scope, scopeKey, attended } = world;
    const [note, report] = bill.records as [BilledRecord, BilledRecord];
    const another = await attended();
    await isNotOfVisit(world, bill, another.record);
    await isNotOfVisit(world, bill, (await somebodyElse(world)).record);
    await isNotOfVisit(world, bill, { ...note, nonce: entry().nonce });
    await isNotOfVisit(world, bill, { ...note, author: ways.otherDoctor.account });
    // The patient's own, written under no visit, though its nonce is the same.
    const own = { ...entry(), nonce: 7n };
    await ways.patient.send(records, "append", [patientId, scope, scopeKey, own]);
    expect(await records.anchorOf(await records.recordIdOf(patientId, ways.patient.account, 7n))).to.not.equal(ZERO);
    await isNotOfVisit(world, bill, { ...note, author: ways.patient.account, nonce: 7n });
    // The report, named as one of the visit itself, under another order, or by another laboratory.
    await isNotOfVisit(world, bill, { ...report, orderAuthor: NOBODY });
    await isNotOfVisit(world, bill, { ...report, orderNonce: report.nonce });
    await isNotOfVisit(world, bill, { ...report, author: ways.otherLaboratory.account });
  });

  it("abuse: amounts of 0, 2^96 and 2^256 - 1; one of 1 pays nothing, one of 2^96 - 1 what the limit leaves", async () => {
    const world = await load();
    const { claims, ways, bill, insure, attended, terms, fund, patientId } = world;
    for (const amount of [0n, 2n ** 96n, ALL]) await isRefused(world, { ...bill, amount }, "InvalidAmount", [amount]);
    await fund(10n ** 29n);
    const cover = await insure({ terms: { ...terms, deductible: 0n, limit: ALL } });
    for (const [amount, paid] of [
      [1n, 0n],
      [2n ** 96n - 1n, ((2n ** 96n - 1n) * 9n) / 10n],
    ] as const) {
      const { visit, from, until, record } = await attended();
      const put = { ...bill, cover, amount, visit, from, until, records: [record] };
      await ways.hospital.send(claims, "submit", [put]);
      await ways.patient.send(claims, "confirm", [visit, billHashOf(put)]);
      await ways.insurer.send(claims, "decide", [decisionOn(put)]);
      expect((await claims.claimOf(visitIdOf(visit))).approved).to.equal(paid);
    }
    expect((await claims.spentOf(policyIdOf(cover, patientId))).paid).to.equal(((2n ** 96n - 1n) * 9n) / 10n);
  });

  it("abuse: a doctor's share of more than all, or of nobody", async () => {
    const world = await load();
    const { bill } = world;
    for (const doctorShare of [10_001n, 65_535n]) {
      await isRefused(world, { ...bill, doctorShare }, "InvalidShare", [doctorShare]);
    }
    await isRefused(world, { ...bill, doctor: NOBODY, doctorShare: 10_000n }, "InvalidShare", [10_000n]);
  });

  it("abuse: a thousand records, to have somebody pay for the gas", async () => {
    const world = await load();
    const { bill } = world;
    const records = Array.from({ length: 1_000 }, () => bill.records[0]!);
    await isRefused(world, { ...bill, records }, "InvalidRecords", [1_000n]);
  });

  it("bills a visit anew as often as it is withdrawn: no counter runs over", async () => {
    const { claims, ways, bill, visitId } = await load();
    for (let round = 0; round < 260; ++round) {
      await ways.hospital.send(claims, "submit", [bill]);
      await ways.hospital.send(claims, "withdrawClaim", [bill.visit]);
    }
    await ways.hospital.send(claims, "submit", [bill]);
    expect((await claims.claimOf(visitId)).status).to.equal(ClaimStatus.Submitted);
  });

  it("bills the visit of a patient who has deregistered since, who has no say in it any more", async () => {
    const { claims, patients, ways, bill, patientId, terms, fund } = await load();
    await fund(100_000n);
    await ways.patient.send(patients, "deregister", [patientId]);
    await ways.hospital.send(claims, "submit", [bill]);
    const seen = billHashOf(bill);
    await refused(ways.patient, claims, "confirm", [bill.visit, seen], "Deregistered", [patientId], patients);
    await refused(ways.patient, claims, "dispute", [bill.visit, seen, ZERO], "Deregistered", [patientId], patients);
    await networkHelpers.time.increase(REVIEW);
    await ways.insurer.send(claims, "decide", [decisionOn(bill)]);
    expect(await claims.balanceOf(terms.token, ways.hospital.account)).to.equal(10_800n);
  });
});

describe("Words and decisions that must not count", () => {
  type Claims = World["claims"];
  const isRefused = (claims: Claims, by: Way, decision: Decision, error: string, errorArgs: unknown[]) =>
    refused(by, claims, "decide", [decision], error, errorArgs);

  it("abuse: another bill, put in place while the patient's confirmation of the first is on its way", async () => {
    const { claims, ways, bill, visitId, hash } = await loadBilled();
    const dearer = { ...bill, amount: 2n ** 90n };
    const swapped = await inOneBlock([
      await ways.hospital.prepare(claims, "withdrawClaim", [bill.visit]),
      await ways.hospital.prepare(claims, "submit", [dearer]),
      await ways.patient.prepare(claims, "confirm", [bill.visit, hash]),
    ]);
    expect(swapped).to.deep.equal([true, true, false]);
    const { status, bill: stands } = await claims.claimOf(visitId);
    expect([Number(status), stands]).to.deep.equal([ClaimStatus.Submitted, billHashOf(dearer)]);
  });

  it("abuse: other records or papers, put in place while the insurer's decision is on its way", async () => {
    for (const change of [{ document: bytes32() }, { amount: 19_999n }, { doctorShare: 10_000n }]) {
      const { claims, ways, bill, policyId } = await loadConfirmed();
      const other = { ...bill, ...change };
      const swapped = await inOneBlock([
        await ways.hospital.prepare(claims, "withdrawClaim", [bill.visit]),
        await ways.hospital.prepare(claims, "submit", [other]),
        await ways.patient.prepare(claims, "confirm", [bill.visit, billHashOf(other)]),
        await ways.insurer.prepare(claims, "decide", [decisionOn(bill, { eligible: 10_000n })]),
      ]);
      expect(swapped).to.deep.equal([true, true, true, false]);
      expect(await claims.spentOf(policyId)).to.deep.equal([0n, 0n]);
    }
  });

  it("abuse: a decision in the block of the dispute, behind it", async () => {
    const { claims, ways, bill, visitId, hash } = await loadConfirmed();
    const taken = await inOneBlock([
      await ways.patient.prepare(claims, "dispute", [bill.visit, hash, ZERO]),
      await ways.insurer.prepare(claims, "decide", [decisionOn(bill)]),
    ]);
    expect(taken).to.deep.equal([true, false]);
    expect((await claims.claimOf(visitId)).status).to.equal(ClaimStatus.Disputed);
  });

  it("abuse: a decision by another insurer, with its own money or the right one's", async () => {
    const { claims, ways, bill, visitId, fund } = await loadConfirmed();
    await fund(100_000n, ways.otherInsurer);
    await isRefused(claims, ways.otherInsurer, decisionOn(bill), "OtherClaim", [visitId]);
    const own = { cover: { ...bill.cover, insurer: ways.otherInsurer.account } };
    await isRefused(claims, ways.otherInsurer, decisionOn(bill, own), "OtherClaim", [visitId]);
    await isRefused(claims, ways.insurer, decisionOn(bill, own), "OtherClaim", [visitId]);
  });

  it("abuse: a decision with another doctor, another share, or terms that pay more", async () => {
    const { claims, ways, bill, visitId, terms } = await loadConfirmed();
    for (const change of [
      { doctor: ways.insurer.account },
      { doctor: NOBODY, doctorShare: 0n },
      { doctorShare: 0n },
      { doctorShare: 10_000n },
      { cover: { ...bill.cover, terms: { ...terms, limit: ALL } } },
    ]) {
      await isRefused(claims, ways.insurer, decisionOn(bill, change), "OtherClaim", [visitId]);
    }
  });

  it("abuse: a decision on another visit's claim, which would be paid in its place", async () => {
    const { claims, ways, bill, attended } = await loadConfirmed();
    const { visit, from, until, record } = await attended();
    const second = { ...bill, visit, from, until, records: [record] };
    await ways.hospital.send(claims, "submit", [second]);
    await isRefused(claims, ways.insurer, decisionOn(bill, { visit }), "OtherClaim", [visitIdOf(visit)]);
  });

  it("abuse: a second decision, in the block of the first", async () => {
    const { claims, ways, bill, terms } = await loadConfirmed();
    const taken = await inOneBlock([
      await ways.insurer.prepare(claims, "decide", [decisionOn(bill)]),
      await ways.insurer.prepare(claims, "decide", [decisionOn(bill)]),
    ]);
    expect(taken).to.deep.equal([true, false]);
    expect(await claims.balanceOf(terms.token, ways.hospital.account)).to.equal(10_800n);
  });

  it("abuse: an approval before the patient has had three days, also when an answer has begun them anew", async () => {
    const { claims, ways, bill, visitId, since } = await loadBilled();
    await networkHelpers.time.increaseTo(since + REVIEW - 10n);
    await ways.insurer.send(claims, "ask", [decisionOn(bill)]);
    await ways.hospital.send(claims, "answer", [bill.visit, bytes32()]);
    const answered = await now();
    await isRefused(claims, ways.insurer, decisionOn(bill), "UnderReview", [visitId, answered + REVIEW]);
    await networkHelpers.time.increaseTo(answered + REVIEW);
    await ways.insurer.simulate(claims, "decide", [decisionOn(bill)]);
  });

  it("abuse: an approval of a bill that the patient disputes, however long ago", async () => {
    const { claims, ways, bill, visitId, hash } = await loadBilled();
    await ways.patient.send(claims, "dispute", [bill.visit, hash, ZERO]);
    await networkHelpers.time.increase(10n * BILLING);
    await isRefused(claims, ways.insurer, decisionOn(bill), "WrongStatus", [visitId, ClaimStatus.Disputed]);
    await isRefused(claims, ways.insurer, decisionOn(bill, { eligible: 1n }), "WrongStatus", [
      visitId,
      ClaimStatus.Disputed,
    ]);
    await ways.insurer.simulate(claims, "decide", [decisionOn(bill, { eligible: 0n })]);
  });

  it("abuse: more acknowledged than billed", async () => {
    const { claims, ways, bill } = await loadConfirmed();
    for (const eligible of [20_001n, 2n ** 96n - 1n, ALL]) {
      await isRefused(claims, ways.insurer, decisionOn(bill, { eligible }), "AboveBill", [eligible, 20_000n]);
    }
  });

  it("abuse: a denial without a reason, or a reason for everything", async () => {
    const { claims, ways, bill } = await loadConfirmed();
    await isRefused(claims, ways.insurer, decisionOn(bill, { eligible: 0n, reason: 0 }), "InvalidReason", [0]);
    await isRefused(claims, ways.insurer, decisionOn(bill, { eligible: 19_999n, reason: 0 }), "InvalidReason", [0]);
    await isRefused(claims, ways.insurer, decisionOn(bill, { reason: 99 }), "InvalidReason", [99]);
  });

  it("abuse: an insurer without money, which changes nothing and can be made up for", async () => {
    const { claims, ways, bill, visitId, policyId, terms, fund } = await loadConfirmed();
    await ways.insurer.send(claims, "withdraw", [terms.token, 100_000n]);
    const lack = [terms.token, ways.insurer.account, 0n, 13_500n];
    await isRefused(claims, ways.insurer, decisionOn(bill), "InsufficientBalance", lack);
    expect((await claims.claimOf(visitId)).status).to.equal(ClaimStatus.Confirmed);
    expect(await claims.spentOf(policyId)).to.deep.equal([0n, 0n]);
    await fund(13_500n);
    await ways.insurer.send(claims, "decide", [decisionOn(bill)]);
    expect(await claims.balanceOf(terms.token, ways.insurer.account)).to.equal(0n);
  });

  it("abuse: several claims that would each have the whole limit, or none the deductible", async () => {
    const { claims, ways, bill, attended, policyId } = await loadConfirmed();
    const paid: bigint[] = [];
    const pay = async (put: Bill) => {
      await ways.insurer.send(claims, "decide", [decisionOn(put)]);
      paid.push((await claims.claimOf(visitIdOf(put.visit))).approved);
    };
    await ways.hospital.send(claims, "withdrawClaim", [bill.visit]);
    for (const amount of [3_000n, 4_000n, 20_000n, 20_000n]) {
      const { visit, from, until, record } = await attended();
      const put = { ...bill, amount, visit, from, until, records: [record] };
      await ways.hospital.send(claims, "submit", [put]);
      await ways.patient.send(claims, "confirm", [visit, billHashOf(put)]);
      await pay(put);
    }
    // 50.00 once; 10 % of what is above; 300.00 in all.
    expect(paid).to.deep.equal([0n, 1_800n, 18_000n, 10_200n]);
    expect(await claims.spentOf(policyId)).to.deep.equal([5_000n, 30_000n]);
  });

  it("abuse: rounding, billed in many small pieces, that would pay one unit more than is covered", async () => {
    const { claims, ways, bill, insure, attended, terms, patientId } = await loadBilled();
    for (const coPayment of [1n, 3_333n, 5_000n, 9_999n]) {
      const cover = await insure({ terms: { ...terms, deductible: 0n, coPayment } });
      for (const amount of [1n, 1n, 3n, 7n]) {
        const { visit, from, until, record } = await attended();
        const put = { ...bill, cover, amount, visit, from, until, records: [record] };
        await ways.hospital.send(claims, "submit", [put]);
        await ways.patient.send(claims, "confirm", [visit, billHashOf(put)]);
        await ways.insurer.send(claims, "decide", [decisionOn(put)]);
        const { approved } = await claims.claimOf(visitIdOf(visit));
        expect(approved * 10_000n <= amount * (10_000n - coPayment)).to.equal(true);
      }
      const { paid } = await claims.spentOf(policyIdOf(cover, patientId));
      expect(paid * 10_000n <= 12n * (10_000n - coPayment)).to.equal(true);
    }
  });

  it("abuse: somebody else's address behind the calldata, sent by whoever is no forwarder", async () => {
    const { claims, patients, ways, bill, visitId, patientId, hash, terms } = await loadConfirmed();
    const { signer } = ways.stranger;
    const disguised = async (as: Way, name: string, args: readonly unknown[]) => {
      const encoded = claims.interface.encodeFunctionData(name as "withdraw", args as never);
      return ethers.provider.call({
        from: signer.address,
        to: await claims.getAddress(),
        data: concat([encoded, as.account]),
      });
    };
    const by = [visitId, signer.address];
    await expect(disguised(ways.hospital, "submit", [bill]))
      .to.be.revertedWithCustomError(claims, "NotHospitalOfVisit")
      .withArgs(...by);
    await expect(disguised(ways.hospital, "withdrawClaim", [bill.visit]))
      .to.be.revertedWithCustomError(claims, "NotHospitalOfVisit")
      .withArgs(...by);
    await expect(disguised(ways.patient, "confirm", [bill.visit, hash]))
      .to.be.revertedWithCustomError(patients, "NotController")
      .withArgs(patientId, signer.address);
    await expect(disguised(ways.insurer, "decide", [decisionOn(bill)]))
      .to.be.revertedWithCustomError(claims, "OtherClaim")
      .withArgs(visitId);
    await expect(disguised(ways.insurer, "withdraw", [terms.token, 1n]))
      .to.be.revertedWithCustomError(claims, "InsufficientBalance")
      .withArgs(terms.token, signer.address, 0n, 1n);
  });
});
