import { expect } from "chai";

import { inVisit, now, type OrderKey, orderIdOf, recordIdIn, visitIdOf, withOrder } from "./clinic.js";
import { bytes32, entry, ethers, FOREVER, networkHelpers, Role, YEAR, ZERO } from "./fixture.js";
import { inOneBlock, refused, type Way, WAYS } from "./ways.js";

const NOBODY = ethers.ZeroAddress;

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Orders, ${name}`, () => {
    // Named, since a fixture is told from others by its function.
    const loadVisit = async () => networkHelpers.loadFixture(visitWorld);
    async function visitWorld() {
      const base = await inVisit(act);
      const { ways, visit } = base;
      const until = (await now()) + BigInt(YEAR);
      const order: OrderKey = { visit, author: ways.doctor.account, nonce: entry().nonce };
      return { ...base, order, orderId: orderIdOf(order), end: until };
    }
    const loadOrder = async () => networkHelpers.loadFixture(orderWorld);
    const orderWorld = () => withOrder(act);

    describe("places", () => {
      it("an order for somebody of the visit", async () => {
        const { orders, ways, visitId, patientId, order, orderId, end } = await loadVisit();
        const { doctor, laboratory } = ways;
        const sealedKey = bytes32();
        expect(await orders.orderOf(orderId)).to.deep.equal([NOBODY, 0n, BigInt(Role.None), 0n]);
        const args = [order, Role.Laboratory, 1, end, laboratory.account, sealedKey];
        const sent = await doctor.send(orders, "place", args);
        await expect(sent)
          .to.emit(orders, "OrderPlaced")
          .withArgs(orderId, patientId, doctor.account, visitId, order.nonce, Role.Laboratory, 1, end);
        await expect(sent).to.emit(orders, "OrderAssigned").withArgs(orderId, patientId, laboratory.account, sealedKey);
        expect(await orders.orderOf(orderId)).to.deep.equal([laboratory.account, end, BigInt(Role.Laboratory), 1n]);
        expect(await orders.isFulfiller(order, laboratory.account)).to.be.true;
        for (const { account } of [doctor, ways.hospital, ways.patient, ways.otherLaboratory]) {
          expect(await orders.isFulfiller(order, account)).to.be.false;
        }
      });

      it("an order that leaves the choice to the patient, up to the most repeats and the last second", async () => {
        const { orders, ways, visitId, patientId, order, orderId } = await loadVisit();
        const { doctor, pharmacy } = ways;
        const sent = await doctor.send(orders, "place", [order, Role.Pharmacy, 255, FOREVER, NOBODY, bytes32()]);
        await expect(sent)
          .to.emit(orders, "OrderPlaced")
          .withArgs(orderId, patientId, doctor.account, visitId, order.nonce, Role.Pharmacy, 255, FOREVER);
        await expect(sent).to.not.emit(orders, "OrderAssigned");
        expect(await orders.orderOf(orderId)).to.deep.equal([NOBODY, FOREVER, BigInt(Role.Pharmacy), 255n]);
        for (const account of [pharmacy.account, NOBODY]) expect(await orders.isFulfiller(order, account)).to.be.false;
      });

      it("nothing for anybody but a doctor of the open visit, in the own name", async () => {
        const { orders, visits, ways, visit, order, end, accredit } = await loadVisit();
        const { hospital, doctor, otherDoctor, laboratory, patient, stranger } = ways;
        await accredit(hospital, stranger.account, Role.Doctor);
        const place = (key: OrderKey) => [key, Role.Laboratory, 1, end, NOBODY, ZERO];
        // The hospital and its laboratory are members, but no doctors; the stranger is a doctor, but no member.
        for (const nobody of [hospital, laboratory, patient, otherDoctor, stranger]) {
          await refused(nobody, orders, "place", place(order), "NotOrderingDoctor", [nobody.account]);
          const own = { ...order, author: nobody.account };
          await refused(nobody, orders, "place", place(own), "NotOrderingDoctor", [nobody.account]);
        }
        const forAnother = { ...order, author: stranger.account };
        await refused(doctor, orders, "place", place(forAnother), "NotOrderingDoctor", [doctor.account]);
        const elsewhere = { ...order, visit: { ...visit, nonce: visit.nonce ^ 1n } };
        await refused(doctor, orders, "place", place(elsewhere), "NotOrderingDoctor", [doctor.account]);
        await hospital.send(visits, "close", [visit]);
        await refused(doctor, orders, "place", place(order), "NotOrderingDoctor", [doctor.account]);
      });

      it("nothing that nobody could carry out", async () => {
        const { orders, ways, order, end } = await loadVisit();
        const { doctor } = ways;
        const time = await now();
        const wrong: [number, number, bigint][] = [
          [Role.None, 1, end],
          [Role.Hospital, 1, end],
          [Role.Doctor, 1, end],
          [Role.Insurer, 1, end],
          [Role.Laboratory, 0, end],
          // A test list is done once.
          [Role.Laboratory, 2, end],
          [Role.Laboratory, 255, end],
          [Role.Pharmacy, 0, end],
          [Role.Pharmacy, 1, 0n],
          [Role.Pharmacy, 1, time],
        ];
        for (const [role, fills, until] of wrong) {
          const args = [order, role, fills, until, NOBODY, ZERO];
          await refused(doctor, orders, "place", args, "InvalidOrder", [role, fills, until]);
        }
      });

      it("a record once, whatever became of the order", async () => {
        const { orders, ways, order, orderId } = await loadOrder();
        const { doctor, patient } = ways;
        const end = (await now()) + 1_000n;
        const args = [order, Role.Pharmacy, 3, end, NOBODY, ZERO];
        await refused(doctor, orders, "place", args, "OrderExists", [orderId]);
        await patient.send(orders, "cancel", [order]);
        await refused(doctor, orders, "place", args, "OrderExists", [orderId]);
      });

      it("nothing for others than the visit's staff in the order's role", async () => {
        const { orders, visits, ways, visitId, order, end } = await loadVisit();
        const { doctor, otherLaboratory, pharmacy, laboratory } = ways;
        const isRefused = async (account: string, role: number, error: string, errorArgs: unknown[], source = orders) =>
          refused(doctor, orders, "place", [order, role, 1, end, account, ZERO], error, errorArgs, source);
        for (const { account } of [doctor, pharmacy, ways.patient]) {
          await isRefused(account, Role.Laboratory, "NotFulfiller", [account, Role.Laboratory]);
        }
        await isRefused(laboratory.account, Role.Pharmacy, "NotFulfiller", [laboratory.account, Role.Pharmacy]);
        for (const [{ account }, role] of [
          [otherLaboratory, Role.Laboratory],
          [pharmacy, Role.Pharmacy],
        ] as const) {
          const args = [order, role, 1, end, account, ZERO];
          await refused(doctor, orders, "place", args, "NotAssigned", [visitId, account], visits);
        }
      });
    });

    describe("assigns", () => {
      it("whom the patient chooses, also after the visit, and another one later", async () => {
        const { orders, visits, ways, visit, patientId, order, orderId } = await loadOrder();
        const { patient, hospital, laboratory, otherLaboratory } = ways;
        await hospital.send(visits, "close", [visit]);
        for (const { account } of [otherLaboratory, laboratory, otherLaboratory]) {
          const sealedKey = bytes32();
          await expect(patient.send(orders, "assign", [order, account, sealedKey]))
            .to.emit(orders, "OrderAssigned")
            .withArgs(orderId, patientId, account, sealedKey);
          expect(await orders.isFulfiller(order, account)).to.be.true;
        }
        expect(await orders.isFulfiller(order, laboratory.account)).to.be.false;
        const { until } = await orders.orderOf(orderId);
        const stored = [otherLaboratory.account, until, BigInt(Role.Laboratory), 1n];
        expect(await orders.orderOf(orderId)).to.deep.equal(stored);
      });

      it("for its doctor, somebody of the visit, while it is open", async () => {
        const { orders, visits, ways, visit, visitId, patientId, order, orderId, place } = await loadOrder();
        const { doctor, hospital, laboratory, otherLaboratory } = ways;
        const open = await place({ fulfiller: NOBODY });
        const sealedKey = bytes32();
        await expect(doctor.send(orders, "assign", [open, laboratory.account, sealedKey]))
          .to.emit(orders, "OrderAssigned")
          .withArgs(orderIdOf(open), patientId, laboratory.account, sealedKey);
        const outside = [order, otherLaboratory.account, ZERO];
        await refused(doctor, orders, "assign", outside, "NotAssigned", [visitId, otherLaboratory.account], visits);
        await hospital.send(visits, "close", [visit]);
        const args = [order, laboratory.account, ZERO];
        await refused(doctor, orders, "assign", args, "NotPartyOfOrder", [orderId, doctor.account]);
      });

      it("nobody in another role", async () => {
        const { orders, ways, order, place } = await loadOrder();
        const prescription = await place({ role: Role.Pharmacy, fills: 2, fulfiller: NOBODY });
        for (const [key, role, account] of [
          [order, Role.Laboratory, ways.pharmacy.account],
          [order, Role.Laboratory, ways.doctor.account],
          [order, Role.Laboratory, ways.patient.account],
          [order, Role.Laboratory, NOBODY],
          [prescription, Role.Pharmacy, ways.laboratory.account],
        ] as const) {
          for (const by of [ways.patient, ways.doctor]) {
            await refused(by, orders, "assign", [key, account, ZERO], "NotFulfiller", [account, role]);
          }
        }
      });

      it("for nobody else", async () => {
        const { orders, ways, order, orderId, laboratory } = await loadOrder();
        for (const nobody of [ways.hospital, ways.laboratory, ways.otherDoctor, ways.otherPatient]) {
          const args = [order, laboratory.address, ZERO];
          await refused(nobody, orders, "assign", args, "NotPartyOfOrder", [orderId, nobody.account]);
        }
      });
    });

    describe("is asked for", () => {
      it("by anybody with its role, who gets nothing by asking", async () => {
        const { orders, ways, patientId, order, orderId } = await loadOrder();
        const { otherLaboratory, laboratory } = ways;
        await expect(otherLaboratory.send(orders, "request", [order]))
          .to.emit(orders, "OrderRequested")
          .withArgs(orderId, patientId, otherLaboratory.account);
        expect(await orders.isFulfiller(order, otherLaboratory.account)).to.be.false;
        expect(await orders.isFulfiller(order, laboratory.account)).to.be.true;
      });

      it("by nobody else", async () => {
        const { orders, ways, order } = await loadOrder();
        for (const nobody of [ways.pharmacy, ways.doctor, ways.patient, ways.stranger]) {
          const errorArgs = [nobody.account, Role.Laboratory];
          await refused(nobody, orders, "request", [order], "NotFulfiller", errorArgs);
        }
      });
    });

    describe("is cancelled", () => {
      for (const by of ["patient", "doctor"] as const) {
        it(`by its ${by}, at once and for good`, async () => {
          const { orders, ways, patientId, order, orderId } = await loadOrder();
          const { [by]: cancelling, laboratory } = ways;
          await expect(cancelling.send(orders, "cancel", [order]))
            .to.emit(orders, "OrderCancelled")
            .withArgs(orderId, patientId, cancelling.account);
          const time = await now();
          const stored = [laboratory.account, time, BigInt(Role.Laboratory), 1n];
          expect(await orders.orderOf(orderId)).to.deep.equal(stored);
          expect(await orders.isFulfiller(order, laboratory.account)).to.be.false;
          const over = [orderId, time];
          await refused(cancelling, orders, "cancel", [order], "OrderOver", over);
          await refused(ways.patient, orders, "assign", [order, laboratory.account, ZERO], "OrderOver", over);
          await refused(laboratory, orders, "request", [order], "OrderOver", over);
        });
      }

      it("by nobody else, and by its doctor only during the visit", async () => {
        const { orders, visits, ways, visit, order, orderId } = await loadOrder();
        const { doctor, hospital, laboratory, otherPatient } = ways;
        const isRefused = (nobody: Way) =>
          refused(nobody, orders, "cancel", [order], "NotPartyOfOrder", [orderId, nobody.account]);
        for (const nobody of [hospital, laboratory, otherPatient]) await isRefused(nobody);
        await hospital.send(visits, "close", [visit]);
        await isRefused(doctor);
        await ways.patient.send(orders, "cancel", [order]);
      });
    });

    it("knows nothing of an order that wasn't placed", async () => {
      const { orders, ways, order } = await loadOrder();
      const unknown = { ...order, nonce: order.nonce ^ 1n };
      const { patient, laboratory, doctor } = ways;
      for (const [by, call, rest] of [
        [patient, "assign", [laboratory.account, ZERO]],
        [doctor, "assign", [laboratory.account, ZERO]],
        [laboratory, "request", []],
        [patient, "cancel", []],
      ] as const) {
        await refused(by, orders, call, [unknown, ...rest], "UnknownOrder", [orderIdOf(unknown)]);
      }
      expect(await orders.isFulfiller(unknown, laboratory.account)).to.be.false;
    });

    it("is over at its time, to the second", async () => {
      const { orders, records, ways, scope, scopeKey, place } = await loadOrder();
      const { patient, laboratory } = ways;
      const until = (await now()) + 1_000n;
      const order = await place({ until });
      const write = () => laboratory.prepare(records, "appendForOrder", [order, scope, scopeKey, entry()]);
      await networkHelpers.time.setNextBlockTimestamp(until - 1n);
      expect(await inOneBlock([await write()])).to.deep.equal([true]);
      await networkHelpers.time.setNextBlockTimestamp(until);
      expect(await inOneBlock([await write()])).to.deep.equal([false]);
      expect(await orders.isFulfiller(order, laboratory.account)).to.be.false;
      const over = [orderIdOf(order), until];
      await refused(patient, orders, "assign", [order, laboratory.account, ZERO], "OrderOver", over);
      await refused(laboratory, orders, "request", [order], "OrderOver", over);
      await refused(patient, orders, "cancel", [order], "OrderOver", over);
    });

    describe("abuse", () => {
      it("abuse: an order's QR scanned by a laboratory that wasn't chosen", async () => {
        const { orders, records, ways, order, orderId, scope, scopeKey } = await loadOrder();
        const { otherLaboratory, patient } = ways;
        const isRefused = () =>
          refused(otherLaboratory, records, "appendForOrder", [order, scope, scopeKey, entry()], "NotAuthorIn", [
            orderId,
            otherLaboratory.account,
          ]);
        await isRefused();
        const own = [order, otherLaboratory.account, ZERO];
        await refused(otherLaboratory, orders, "assign", own, "NotPartyOfOrder", [orderId, otherLaboratory.account]);
        await otherLaboratory.send(orders, "request", [order]);
        await isRefused();
        await patient.send(orders, "assign", own);
        await otherLaboratory.send(records, "appendForOrder", [order, scope, scopeKey, entry()]);
      });

      it("abuse: an order's QR scanned by a pharmacy", async () => {
        const { orders, records, ways, order, orderId, scope, scopeKey } = await loadOrder();
        const { pharmacy } = ways;
        await refused(pharmacy, orders, "request", [order], "NotFulfiller", [pharmacy.account, Role.Laboratory]);
        const args = [order, scope, scopeKey, entry()];
        await refused(pharmacy, records, "appendForOrder", args, "NotAuthorIn", [orderId, pharmacy.account]);
      });

      it("abuse: an order's QR scanned by a revoked laboratory, chosen or not", async () => {
        const { orders, records, ways, order, orderId, scope, scopeKey, revoke, place } = await loadOrder();
        const { hospital, laboratory, patient } = ways;
        const open = await place({ fulfiller: NOBODY });
        await revoke(hospital, laboratory.account);
        const errorArgs = [laboratory.account, Role.Laboratory];
        await refused(laboratory, orders, "request", [open], "NotFulfiller", errorArgs);
        await refused(patient, orders, "assign", [open, laboratory.account, ZERO], "NotFulfiller", errorArgs);
        expect(await orders.isFulfiller(order, laboratory.account)).to.be.false;
        const args = [order, scope, scopeKey, entry()];
        await refused(laboratory, records, "appendForOrder", args, "NotAuthorIn", [orderId, laboratory.account]);
      });

      it("abuse: a laboratory of a hospital that was revoked", async () => {
        const { orders, records, participants, authority, ways, order, orderId, scope, scopeKey } = await loadOrder();
        const { hospital, laboratory } = ways;
        await participants.connect(authority).revoke(hospital.account);
        expect(await orders.isFulfiller(order, laboratory.account)).to.be.false;
        const args = [order, scope, scopeKey, entry()];
        await refused(laboratory, records, "appendForOrder", args, "NotAuthorIn", [orderId, laboratory.account]);
      });

      it("abuse: a laboratory that became a pharmacy", async () => {
        const { orders, records, ways, order, orderId, scope, scopeKey, accredit } = await loadOrder();
        const { hospital, laboratory } = ways;
        await accredit(hospital, laboratory.account, Role.Pharmacy);
        expect(await orders.isFulfiller(order, laboratory.account)).to.be.false;
        const args = [order, scope, scopeKey, entry()];
        await refused(laboratory, records, "appendForOrder", args, "NotAuthorIn", [orderId, laboratory.account]);
      });

      it("abuse: a doctor who became a laboratory and would carry out the own order", async () => {
        const { orders, ways, visit, order, orderId, accredit } = await loadOrder();
        const { hospital, doctor, otherDoctor } = ways;
        await accredit(hospital, doctor.account, Role.Laboratory);
        const args = [order, doctor.account, ZERO];
        await refused(doctor, orders, "assign", args, "NotPartyOfOrder", [orderId, doctor.account]);
        await refused(doctor, orders, "cancel", [order], "NotPartyOfOrder", [orderId, doctor.account]);
        const own = { visit, author: otherDoctor.account, nonce: 1n };
        const placing = [own, Role.Laboratory, 1, FOREVER, NOBODY, ZERO];
        await refused(otherDoctor, orders, "place", placing, "NotOrderingDoctor", [otherDoctor.account]);
      });

      it("abuse: an order by a doctor of another branch, of another visit or without a visit", async () => {
        const { orders, ways, visit, order } = await loadOrder();
        const { otherDoctor, otherHospital, doctor } = ways;
        const place = (key: OrderKey) => [key, Role.Pharmacy, 1, FOREVER, NOBODY, ZERO];
        const foreign = { ...order, author: otherDoctor.account };
        await refused(otherDoctor, orders, "place", place(foreign), "NotOrderingDoctor", [otherDoctor.account]);
        const elsewhere = { visit: { ...visit, hospital: otherHospital.account }, author: doctor.account, nonce: 1n };
        await refused(doctor, orders, "place", place(elsewhere), "NotOrderingDoctor", [doctor.account]);
      });

      it("abuse: an order in the block in which the visit is closed", async () => {
        const { orders, visits, ways, visit, order } = await loadVisit();
        const { doctor, hospital } = ways;
        const place = await doctor.prepare(orders, "place", [order, Role.Pharmacy, 1, FOREVER, NOBODY, ZERO]);
        const close = await hospital.prepare(visits, "close", [visit]);
        expect(await inOneBlock([close, place])).to.deep.equal([true, false]);
      });

      it("abuse: a report in the block in which the order is cancelled, before and after", async () => {
        for (const first of ["report", "cancel"] as const) {
          const { orders, records, ways, order, scope, scopeKey } = await loadOrder();
          const report = await ways.laboratory.prepare(records, "appendForOrder", [order, scope, scopeKey, entry()]);
          const cancel = await ways.patient.prepare(orders, "cancel", [order]);
          const both = first === "report" ? [report, cancel] : [cancel, report];
          expect(await inOneBlock(both)).to.deep.equal(first === "report" ? [true, true] : [true, false]);
        }
      });

      it("abuse: the one who was chosen before, in the block of the new choice", async () => {
        const { orders, records, ways, order, scope, scopeKey } = await loadOrder();
        const { patient, laboratory, otherLaboratory } = ways;
        const choose = await patient.prepare(orders, "assign", [order, otherLaboratory.account, ZERO]);
        const write = (by: Way) => by.prepare(records, "appendForOrder", [order, scope, scopeKey, entry()]);
        const all = [choose, await write(laboratory), await write(otherLaboratory)];
        expect(await inOneBlock(all)).to.deep.equal([true, false, true]);
      });

      it("abuse: an order that was placed without its record, which is to be written afterwards", async () => {
        const { orders, records, ways, visit, visitId, order, orderId, end, scope, scopeKey } = await loadVisit();
        const { doctor, laboratory } = ways;
        await doctor.send(orders, "place", [order, Role.Laboratory, 1, end, laboratory.account, ZERO]);
        const args = [order, scope, scopeKey, entry()];
        await refused(laboratory, records, "appendForOrder", args, "NotAuthorIn", [orderId, laboratory.account]);
        await doctor.send(records, "appendInVisit", [visit, scope, scopeKey, { ...entry(), nonce: order.nonce }]);
        expect(orderId).to.equal(recordIdIn(visitId, doctor.account, order.nonce));
        await laboratory.send(records, "appendForOrder", args);
      });

      it("abuse: an order's key with another visit, patient or author isn't the order", async () => {
        const { orders, ways, visit, otherPatientId, order } = await loadOrder();
        const { laboratory, otherPatient, otherDoctor, otherHospital } = ways;
        const forged: OrderKey[] = [
          { ...order, visit: { ...visit, patientId: otherPatientId } },
          { ...order, visit: { ...visit, hospital: otherHospital.account } },
          { ...order, visit: { ...visit, nonce: visit.nonce ^ 1n } },
          { ...order, author: otherDoctor.account },
        ];
        for (const key of forged) {
          expect(await orders.isFulfiller(key, laboratory.account)).to.be.false;
          await refused(otherPatient, orders, "cancel", [key], "UnknownOrder", [orderIdOf(key)]);
        }
        expect(visitIdOf(visit)).to.not.equal(orderIdOf(order));
      });

      it("abuse: an order of a patient who deregistered", async () => {
        const { orders, patients, records, ways, patientId, order, orderId, scope, scopeKey } = await loadOrder();
        const { patient, doctor, laboratory } = ways;
        await patient.send(patients, "deregister", [patientId]);
        expect(await orders.isFulfiller(order, laboratory.account)).to.be.false;
        const args = [order, scope, scopeKey, entry()];
        await refused(laboratory, records, "appendForOrder", args, "NotAuthorIn", [orderId, laboratory.account]);
        for (const [by, call, rest] of [
          [patient, "assign", [laboratory.account, ZERO]],
          [doctor, "cancel", []],
          [laboratory, "request", []],
        ] as const) {
          await refused(by, orders, call, [order, ...rest], "Deregistered", [patientId], patients);
        }
        const next = { ...order, nonce: order.nonce ^ 1n };
        const placing = [next, Role.Pharmacy, 1, FOREVER, NOBODY, ZERO];
        await refused(doctor, orders, "place", placing, "NotOrderingDoctor", [doctor.account]);
      });
    });
  });
}
