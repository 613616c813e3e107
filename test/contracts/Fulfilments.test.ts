import { expect } from "chai";

import { now, type OrderKey, orderIdOf, recordIdIn, withOrder } from "./clinic.js";
import { entry, ethers, networkHelpers, ReportStatus, Role, ZERO } from "./fixture.js";
import { inOneBlock, refused, type Way, WAYS } from "./ways.js";

const { Partial, Final, Corrected } = ReportStatus;
const NOTHING = [ZERO, ethers.ZeroAddress, 0n, 0n];

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Fulfilments, ${name}`, () => {
    async function orderWorld() {
      const base = await withOrder(act);
      const { fulfilments, ways, order, patientId, report } = base;
      const { laboratory, pharmacy, patient } = ways;
      const prescription = await base.place({ role: Role.Pharmacy, fills: 3, fulfiller: ethers.ZeroAddress });
      await patient.send(base.orders, "assign", [prescription, pharmacy.account, ZERO]);

      /** Writes a report and lets it count; checks the event and that the report before is named. */
      const fulfil = async (by: Way, key: OrderKey, status: number, previous: string, done: number) => {
        const nonce = await report(by, key);
        const reportId = recordIdIn(orderIdOf(key), by.account, nonce);
        expect(await fulfilments.previousOf(reportId)).to.equal(ZERO);
        await expect(by.send(fulfilments, "fulfil", [key, nonce, status]))
          .to.emit(fulfilments, "OrderReported")
          .withArgs(orderIdOf(key), patientId, by.account, reportId, previous, status, done);
        expect(await fulfilments.previousOf(reportId)).to.equal(previous === ZERO ? orderIdOf(key) : previous);
        return { reportId, nonce };
      };
      /** That a report which is anchored doesn't count. */
      const doesNotCount = async (by: Way, key: OrderKey, status: number, error: string, errorArgs: unknown[]) => {
        const args = [key, await report(by, key), status];
        await refused(by, fulfilments, "fulfil", args, error, errorArgs);
      };
      return { ...base, laboratory, pharmacy, order, prescription, fulfil, doesNotCount };
    }
    const load = () => networkHelpers.loadFixture(orderWorld);

    it("fulfils a test list once", async () => {
      const { fulfilments, laboratory, order, orderId, fulfil, doesNotCount } = await load();
      expect(await fulfilments.fulfilmentOf(orderId)).to.deep.equal(NOTHING);
      const { reportId } = await fulfil(laboratory, order, Final, ZERO, 1);
      const stored = [reportId, laboratory.account, 1n, await now()];
      expect(await fulfilments.fulfilmentOf(orderId)).to.deep.equal(stored);
      for (const status of [Final, Partial]) {
        await doesNotCount(laboratory, order, status, "AlreadyFulfilled", [orderId, 1]);
      }
      expect(await fulfilments.fulfilmentOf(orderId)).to.deep.equal(stored);
    });

    it("chains partial, final and corrected reports, and overwrites none", async () => {
      const { fulfilments, laboratory, order, orderId, fulfil } = await load();
      const first = await fulfil(laboratory, order, Partial, ZERO, 0);
      expect(await fulfilments.fulfilmentOf(orderId)).to.deep.equal([first.reportId, ethers.ZeroAddress, 0n, 0n]);
      const second = await fulfil(laboratory, order, Partial, first.reportId, 0);
      const third = await fulfil(laboratory, order, Final, second.reportId, 1);
      const doneAt = await now();
      let { reportId: latest } = third;
      for (let times = 0; times < 3; times++) {
        latest = (await fulfil(laboratory, order, Corrected, latest, 1)).reportId;
      }
      expect(await fulfilments.fulfilmentOf(orderId)).to.deep.equal([latest, laboratory.account, 1n, doneAt]);
      expect(await fulfilments.previousOf(third.reportId)).to.equal(second.reportId);
      expect(await fulfilments.previousOf(first.reportId)).to.equal(orderId);
    });

    it("counts the dispensings of a prescription, by whoever is chosen at the time", async () => {
      const { fulfilments, orders, participants, authority, ways, until, prescription, fulfil, doesNotCount } =
        await load();
      const { pharmacy, patient, stranger } = ways;
      await participants.connect(authority).accredit(stranger.account, Role.Pharmacy, until, ZERO);
      const first = await fulfil(pharmacy, prescription, Final, ZERO, 1);
      await patient.send(orders, "assign", [prescription, stranger.account, ZERO]);
      const second = await fulfil(stranger, prescription, Final, first.reportId, 2);
      const third = await fulfil(stranger, prescription, Final, second.reportId, 3);
      const errorArgs = [orderIdOf(prescription), 3];
      await doesNotCount(stranger, prescription, Final, "AlreadyFulfilled", errorArgs);
      const stored = await fulfilments.fulfilmentOf(orderIdOf(prescription));
      expect([...stored].slice(0, 3)).to.deep.equal([third.reportId, stranger.account, 3n]);
    });

    it("counts up to 255", async () => {
      const { fulfilments, records, orders, ways, place, scope, scopeKey } = await load();
      const { pharmacy, patient } = ways;
      const order = await place({ role: Role.Pharmacy, fills: 255, fulfiller: ethers.ZeroAddress });
      await patient.send(orders, "assign", [order, pharmacy.account, ZERO]);
      for (let done = 1; done <= 256; done++) {
        const written = entry();
        await pharmacy.send(records, "appendForOrder", [order, scope, scopeKey, written]);
        const args = [order, written.nonce, Final];
        if (done < 256) await pharmacy.send(fulfilments, "fulfil", args);
        else await refused(pharmacy, fulfilments, "fulfil", args, "AlreadyFulfilled", [orderIdOf(order), 255]);
      }
      expect((await fulfilments.fulfilmentOf(orderIdOf(order))).done).to.equal(255n);
    });

    describe("abuse", () => {
      it("abuse: a double fulfilment, also in one block", async () => {
        const { fulfilments, ways, orders, order, report } = await load();
        const { laboratory, otherLaboratory, patient } = ways;
        const mine = await report(laboratory, order);
        await patient.send(orders, "assign", [order, otherLaboratory.account, ZERO]);
        const theirs = await report(otherLaboratory, order);
        const count = (by: Way, nonce: bigint) => by.prepare(fulfilments, "fulfil", [order, nonce, Final]);
        const back = await patient.prepare(orders, "assign", [order, laboratory.account, ZERO]);
        const all = [await count(otherLaboratory, theirs), back, await count(laboratory, mine)];
        expect(await inOneBlock(all)).to.deep.equal([true, true, false]);
        expect((await fulfilments.fulfilmentOf(orderIdOf(order))).done).to.equal(1n);
      });

      it("abuse: the same report counted twice, in whatever status", async () => {
        const { fulfilments, ways, prescription, fulfil } = await load();
        const { pharmacy } = ways;
        const { reportId, nonce } = await fulfil(pharmacy, prescription, Final, ZERO, 1);
        for (const status of [Partial, Final, Corrected]) {
          const args = [prescription, nonce, status];
          await refused(pharmacy, fulfilments, "fulfil", args, "ReportCounted", [reportId]);
        }
        const partial = await fulfil(pharmacy, prescription, Partial, reportId, 1);
        const args = [prescription, partial.nonce, Final];
        await refused(pharmacy, fulfilments, "fulfil", args, "ReportCounted", [partial.reportId]);
      });

      it("abuse: a report that isn't anchored, or is another laboratory's", async () => {
        const { fulfilments, orders, ways, order, orderId, report } = await load();
        const { laboratory, otherLaboratory, patient } = ways;
        const unwritten = entry().nonce;
        const isUnknown = (nonce: bigint) =>
          refused(laboratory, fulfilments, "fulfil", [order, nonce, Final], "UnknownReport", [
            recordIdIn(orderId, laboratory.account, nonce),
          ]);
        for (const nonce of [unwritten, 0n, 2n ** 64n - 1n]) await isUnknown(nonce);
        await patient.send(orders, "assign", [order, otherLaboratory.account, ZERO]);
        const theirs = await report(otherLaboratory, order);
        await patient.send(orders, "assign", [order, laboratory.account, ZERO]);
        await isUnknown(theirs);
      });

      it("abuse: a report of another order", async () => {
        const { fulfilments, ways, order, place, report } = await load();
        const { laboratory } = ways;
        const other = await place();
        const nonce = await report(laboratory, order);
        const reportId = recordIdIn(orderIdOf(other), laboratory.account, nonce);
        await refused(laboratory, fulfilments, "fulfil", [other, nonce, Final], "UnknownReport", [reportId]);
      });

      it("abuse: a record of the visit, or of another, for a report", async () => {
        const { fulfilments, records, visits, ways, visit, permitOf, signed, order, orderId, ...rest } = await load();
        const { scope, scopeKey } = rest;
        const { hospital, laboratory } = ways;
        const permit = await permitOf();
        await hospital.send(visits, "open", await signed(permit));
        const other = { ...visit, nonce: permit.nonce };
        await hospital.send(visits, "assign", [other, laboratory.account, ZERO]);
        for (const key of [visit, other]) {
          const written = entry();
          await laboratory.send(records, "appendInVisit", [key, scope, scopeKey, written]);
          const reportId = recordIdIn(orderId, laboratory.account, written.nonce);
          const args = [order, written.nonce, Final];
          await refused(laboratory, fulfilments, "fulfil", args, "UnknownReport", [reportId]);
        }
        // The order's key in the other visit is an order that nobody placed.
        const moved = { ...order, visit: other };
        const errorArgs = [orderIdOf(moved), laboratory.account];
        await refused(laboratory, fulfilments, "fulfil", [moved, 0n, Final], "NotFulfillerOf", errorArgs);
      });

      it("abuse: a record that a grant let the laboratory write, for a report", async () => {
        const { fulfilments, records, consents, ways, patientId, order, orderId, scope, scopeKey, until } =
          await load();
        const { laboratory, patient } = ways;
        const terms = { patientId, subject: scope, grantee: laboratory.account, rights: 2, until, sealedKey: ZERO };
        await patient.send(consents, "grant", [terms]);
        const written = entry();
        await laboratory.send(records, "append", [patientId, scope, scopeKey, written]);
        const reportId = recordIdIn(orderId, laboratory.account, written.nonce);
        const args = [order, written.nonce, Final];
        await refused(laboratory, fulfilments, "fulfil", args, "UnknownReport", [reportId]);
      });

      for (const [by, what] of [
        ["patient", "a cancellation by the patient"],
        ["doctor", "a cancellation by the doctor"],
      ] as const) {
        it(`abuse: a fulfilment after ${what}`, async () => {
          const { fulfilments, orders, ways, order, orderId, report } = await load();
          const { laboratory, [by]: cancelling } = ways;
          const nonce = await report(laboratory, order);
          await cancelling.send(orders, "cancel", [order]);
          const errorArgs = [orderId, laboratory.account];
          await refused(laboratory, fulfilments, "fulfil", [order, nonce, Final], "NotFulfillerOf", errorArgs);
        });
      }

      it("abuse: a fulfilment at the order's time, to the second", async () => {
        const { fulfilments, ways, place, report } = await load();
        const { laboratory } = ways;
        const until = (await now()) + 1_000n;
        const [early, late] = [await place({ until }), await place({ until })];
        const count = async (order: OrderKey, nonce: bigint) =>
          inOneBlock([await laboratory.prepare(fulfilments, "fulfil", [order, nonce, Final])]);
        const [one, two] = [await report(laboratory, early), await report(laboratory, late)];
        await networkHelpers.time.setNextBlockTimestamp(until - 1n);
        expect(await count(early, one)).to.deep.equal([true]);
        await networkHelpers.time.setNextBlockTimestamp(until);
        expect(await count(late, two)).to.deep.equal([false]);
        const errorArgs = [orderIdOf(late), laboratory.account];
        await refused(laboratory, fulfilments, "fulfil", [late, two, Final], "NotFulfillerOf", errorArgs);
      });

      it("abuse: more dispensings than repeats, of two pharmacies in turn", async () => {
        const { orders, participants, authority, ways, until, prescription, fulfil, doesNotCount } = await load();
        const { pharmacy, patient, stranger } = ways;
        await participants.connect(authority).accredit(stranger.account, Role.Pharmacy, until, ZERO);
        let previous = ZERO;
        for (const [done, by] of [pharmacy, stranger, pharmacy].entries()) {
          await patient.send(orders, "assign", [prescription, by.account, ZERO]);
          previous = (await fulfil(by, prescription, Final, previous, done + 1)).reportId;
        }
        for (const by of [pharmacy, stranger]) {
          await patient.send(orders, "assign", [prescription, by.account, ZERO]);
          for (const status of [Final, Partial]) {
            await doesNotCount(by, prescription, status, "AlreadyFulfilled", [orderIdOf(prescription), 3]);
          }
        }
      });

      it("abuse: a correction before there is anything to correct", async () => {
        const { laboratory, order, orderId, fulfil, doesNotCount } = await load();
        const isRefused = () =>
          doesNotCount(laboratory, order, Corrected, "NothingToCorrect", [orderId, laboratory.account]);
        await isRefused();
        await fulfil(laboratory, order, Partial, ZERO, 0);
        await isRefused();
      });

      it("abuse: a correction by somebody else, chosen or not", async () => {
        const { fulfilments, orders, ways, order, orderId, report, fulfil, doesNotCount } = await load();
        const { laboratory, otherLaboratory, patient } = ways;
        const { reportId } = await fulfil(laboratory, order, Final, ZERO, 1);
        const nonce = await report(laboratory, order);
        const stolen = [order, nonce, Corrected];
        const errorArgs = [orderId, otherLaboratory.account];
        await refused(otherLaboratory, fulfilments, "fulfil", stolen, "NotFulfillerOf", errorArgs);
        await patient.send(orders, "assign", [order, otherLaboratory.account, ZERO]);
        await doesNotCount(otherLaboratory, order, Corrected, "NothingToCorrect", errorArgs);
        // Nor by the one who gave it, once another is chosen.
        const before = [orderId, laboratory.account];
        await refused(laboratory, fulfilments, "fulfil", stolen, "NotFulfillerOf", before);
        await patient.send(orders, "assign", [order, laboratory.account, ZERO]);
        await fulfil(laboratory, order, Corrected, reportId, 1);
      });

      it("abuse: a fulfilment by whoever only holds the QR, wrote the order or is the patient", async () => {
        const { fulfilments, ways, order, orderId, report } = await load();
        const nonce = await report(ways.laboratory, order);
        for (const nobody of [ways.otherLaboratory, ways.pharmacy, ways.doctor, ways.hospital, ways.patient]) {
          const errorArgs = [orderId, nobody.account];
          await refused(nobody, fulfilments, "fulfil", [order, nonce, Final], "NotFulfillerOf", errorArgs);
        }
      });

      it("abuse: a fulfilment by a revoked laboratory, of a report from before", async () => {
        const { fulfilments, ways, order, orderId, report, revoke } = await load();
        const { hospital, laboratory } = ways;
        const nonce = await report(laboratory, order);
        await revoke(hospital, laboratory.account);
        const errorArgs = [orderId, laboratory.account];
        await refused(laboratory, fulfilments, "fulfil", [order, nonce, Final], "NotFulfillerOf", errorArgs);
      });

      it("abuse: a fulfilment for a patient who deregistered", async () => {
        const { fulfilments, patients, ways, patientId, order, orderId, report } = await load();
        const { laboratory, patient } = ways;
        const nonce = await report(laboratory, order);
        await patient.send(patients, "deregister", [patientId]);
        const errorArgs = [orderId, laboratory.account];
        await refused(laboratory, fulfilments, "fulfil", [order, nonce, Final], "NotFulfillerOf", errorArgs);
      });

      it("abuse: a fulfilment goes on after the visit, and ends with the order", async () => {
        const { fulfilments, visits, orders, ways, visit, order, orderId, report, fulfil } = await load();
        const { hospital, laboratory, patient } = ways;
        await hospital.send(visits, "close", [visit]);
        await fulfil(laboratory, order, Final, ZERO, 1);
        const nonce = await report(laboratory, order);
        await patient.send(orders, "cancel", [order]);
        const errorArgs = [orderId, laboratory.account];
        await refused(laboratory, fulfilments, "fulfil", [order, nonce, Corrected], "NotFulfillerOf", errorArgs);
      });
    });
  });
}
