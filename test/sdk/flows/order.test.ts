import { join } from "node:path";

import { expect } from "chai";

import {
  abandon,
  assignMember,
  cancelOrder,
  chooseFulfiller,
  closeDrawers,
  closeVisit,
  decodeCode,
  encodeCode,
  enterVisit,
  openOrder,
  orderById,
  ordersOf,
  pending,
  placeOrder,
  publish,
  readRecord,
  recordById,
  recordsOf,
  reportOnOrder,
  requestOrder,
  resume,
  visitRecords,
  type Hex,
  type Order,
  type OrderRequest,
  type RecordId,
  type Session,
  type VisitId,
} from "../../../sdk/index.js";
import { fileJournal } from "../../../sdk/node.js";
import { sendBatch } from "../../../sdk/adapters/chain.js";
import { backupOf } from "../../../sdk/adapters/keys.js";
import { encodePlace, sendAssignOrder } from "../../../sdk/adapters/orders.js";
import { encodeAppendInVisit } from "../../../sdk/adapters/records.js";
import { openedVisits } from "../../../sdk/adapters/visits.js";
import { randomBytes, toHex } from "../../../sdk/core/bytes.js";
import { open, openWith } from "../../../sdk/core/envelope.js";
import { accountKeys } from "../../../sdk/core/keys.js";
import { orderIdOf } from "../../../sdk/core/visit.js";
import { openOrderObject, sealOrder, type OrderObject } from "../../../sdk/flows/order-object.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { drawersOf, note, startCareTown, textOf, tomorrow, visitOf, type CareTown } from "./visit-world.js";

describe("flows: order", function () {
  this.timeout(180_000);

  let town: CareTown;
  let visitId: VisitId;
  before(async () => {
    town = await startCareTown();
    const { amina, hospital, doctor, laboratory } = town;
    await publish(amina, (await drawersOf(amina, "laboratory"))[0]!, note("from before"));
    visitId = await visitOf(amina, hospital, { members: [doctor, laboratory] });
  });
  after(() => town.stop());

  async function place(request: Partial<OrderRequest> = {}, doctor: Session = town.doctor): Promise<RecordId> {
    const access = await enterVisit(doctor, visitId);
    const { recordId } = await placeOrder(doctor, access, {
      drawer: "visits",
      document: note("HbA1c, lipids"),
      role: "laboratory",
      fills: 1,
      until: await tomorrow(doctor),
      ...request,
    });
    return recordId;
  }

  describe("a test list", () => {
    it("is placed with the house's laboratory, which gets the list and reports", async () => {
      const { amina, hospital, doctor, laboratory } = town;
      const orderId = await place({ fulfiller: laboratory.account });
      const order = await orderById(town.reader, orderId);
      expect(order).to.include({ state: "assigned", fulfiller: laboratory.account, fills: 1, done: 0, visitId });
      expect(await ordersOf(town.reader, { fulfiller: laboratory.account })).to.deep.equal([order]);
      expect(await ordersOf(town.reader, { visitId })).to.deep.equal([order]);
      expect(await ordersOf(town.reader, { author: doctor.account })).to.deep.equal([order]);

      const opened = await openOrder(laboratory, orderId);
      expect(textOf(opened)).to.equal("HbA1c, lipids");
      expect(opened.patientName).to.equal("Amina Rahman");
      expect(opened.drawers.map(({ label }) => label)).to.deep.equal(["laboratory", "imaging", "visits"]);

      const partial = await reportOnOrder(laboratory, opened, note("HbA1c 6.1 %"), "partial");
      expect((await orderById(town.reader, orderId)).state).to.equal("partial");
      const final = await reportOnOrder(laboratory, opened, note("HbA1c 6.1 %, LDL 2.4"), "final");
      const corrected = await reportOnOrder(laboratory, opened, note("HbA1c 6.1 %, LDL 2.6"), "corrected");
      const { reports, state, done } = await orderById(town.reader, orderId);
      expect({ state, done }).to.deep.equal({ state: "done", done: 1 });
      expect(reports.map(({ recordId, previous, status, by }) => ({ recordId, previous, status, by }))).to.deep.equal([
        { recordId: partial.recordId, previous: null, status: "partial", by: laboratory.account },
        { recordId: final.recordId, previous: partial.recordId, status: "final", by: laboratory.account },
        { recordId: corrected.recordId, previous: final.recordId, status: "corrected", by: laboratory.account },
      ]);
      for (const reader of [amina, doctor, hospital]) {
        expect(textOf(await readRecord(reader, corrected.recordId))).to.equal("HbA1c 6.1 %, LDL 2.6");
      }
      const { scope } = await recordById(town.reader, final.recordId);
      expect(scope).to.equal((await drawersOf(amina, "laboratory"))[0]!.scope);
      expect((await visitRecords(town.reader, visitId)).map(({ recordId }) => recordId)).to.deep.equal([orderId]);
    });

    it("waits for the patient's choice; a laboratory outside that was shown the QR asks, is chosen, and reports", async () => {
      const { amina, otherLaboratory } = town;
      const orderId = await place();
      expect((await orderById(town.reader, orderId)).state).to.equal("waiting");
      const scanned = decodeCode(encodeCode("order", orderId), "order");
      await requestOrder(otherLaboratory, scanned);
      const [asked] = await ordersOf(town.reader, { requester: otherLaboratory.account });
      expect(asked).to.deep.include({ orderId, requests: [otherLaboratory.account] });
      expect(asked?.chosen).to.deep.equal([]);
      // Who was chosen first could open it before: that is told of them, also when they ask again.
      for (const { account } of [town.laboratory, otherLaboratory]) await chooseFulfiller(amina, orderId, account);
      expect(await orderById(town.reader, orderId)).to.deep.include({
        fulfiller: otherLaboratory.account,
        chosen: [town.laboratory.account, otherLaboratory.account],
      });
      const opened = await openOrder(otherLaboratory, orderId);
      const { recordId } = await reportOnOrder(otherLaboratory, opened, note("scan"), "final", { drawer: "imaging" });
      expect(textOf(await readRecord(town.doctor, recordId))).to.equal("scan");
      expect((await recordById(town.reader, recordId)).scope).to.equal((await drawersOf(amina, "imaging"))[0]!.scope);
    });
  });

  describe("a prescription", () => {
    it("is dispensed as often as it says, each dispensing chained to the one before", async () => {
      const { amina, pharmacy } = town;
      const orderId = await place({ role: "pharmacy", fills: 2, document: note("metformin 500 mg, once repeated") });
      await chooseFulfiller(amina, orderId, pharmacy.account);
      const opened = await openOrder(pharmacy, orderId);
      expect(opened.drawers.map(({ label }) => label)).to.deep.equal(["medication", "visits"]);
      await reportOnOrder(pharmacy, opened, note("30 tablets"), "final");
      expect(await orderById(town.reader, orderId)).to.include({ state: "partial", done: 1 });
      const second = await reportOnOrder(pharmacy, opened, note("30 tablets more"), "final");
      expect(await orderById(town.reader, orderId)).to.include({ state: "done", done: 2 });
      expect(textOf(await readRecord(amina, second.recordId))).to.equal("30 tablets more");
    });
  });

  describe("cut off", () => {
    it("places an order once, and seals it to its laboratory, however the journal ended", async () => {
      const { doctor, laboratory } = town;
      const access = await enterVisit(doctor, visitId);
      const request = {
        drawer: "visits",
        document: note("ferritin"),
        role: "laboratory" as const,
        fills: 1,
        until: await tomorrow(doctor),
        fulfiller: laboratory.account,
      };
      const refusing = { ...doctor, signer: refusingSigner(doctor) };
      await expectSalusError(placeOrder(refusing, access, request), "SIGNATURE_REJECTED");
      const [intent] = await pending(doctor);
      expect(intent?.under?.kind).to.equal("order");
      // Another process, with the same folder.
      const journal = await fileJournal(join(town.folder, "journal", doctor.account));
      const { recordId, receipt } = await resume({ ...doctor, journal }, intent!);
      expect(receipt).not.to.equal(null);
      expect(textOf(await openOrder(laboratory, recordId))).to.equal("ferritin");
      expect(await pending(doctor)).to.deep.equal([]);

      // The transaction came through; crossing out didn't.
      const forgetful = { ...doctor, journal: { ...doctor.journal, remove: () => Promise.reject(new Error("crash")) } };
      const crashed = await placeOrder(forgetful, access, request).catch((error: unknown) => (error as Error).message);
      expect(crashed).to.equal("crash");
      const before = (await ordersOf(town.reader, { visitId })).length;
      const [left] = await pending(doctor);
      expect((await resume(doctor, left!)).receipt).to.equal(null);
      expect(await ordersOf(town.reader, { visitId })).to.have.length(before);
    });

    it("leaves no pin of an order that is given up", async () => {
      const { doctor, laboratory } = town;
      const access = await enterVisit(doctor, visitId);
      const before = await pinsOf(town.ipfsUrl);
      const refusing = { ...doctor, signer: refusingSigner(doctor) };
      const request = {
        drawer: "visits",
        document: note("ferritin"),
        role: "laboratory" as const,
        fills: 1,
        until: await tomorrow(doctor),
        fulfiller: laboratory.account,
      };
      await expectSalusError(placeOrder(refusing, access, request), "SIGNATURE_REJECTED");
      const [intent] = await pending(doctor);
      await abandon(doctor, intent!);
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
    });

    it("counts a report once, however the journal ended", async () => {
      const { doctor, laboratory } = town;
      const orderId = await place({ fulfiller: laboratory.account });
      const opened = await openOrder(laboratory, orderId);
      const refusing = { ...laboratory, signer: refusingSigner(laboratory) };
      await expectSalusError(reportOnOrder(refusing, opened, note("result"), "final"), "SIGNATURE_REJECTED");
      const [intent] = await pending(laboratory);
      const { recordId } = await resume(laboratory, intent!);
      expect((await orderById(town.reader, orderId)).reports.map((report) => report.recordId)).to.deep.equal([
        recordId,
      ]);
      expect(textOf(await readRecord(doctor, recordId))).to.equal("result");
    });

    it("seals a report anew when the drawer has moved meanwhile", async () => {
      const { amina, laboratory } = town;
      const orderId = await place({ fulfiller: laboratory.account });
      const opened = await openOrder(laboratory, orderId);
      const [drawer] = await drawersOf(amina, "laboratory");
      let isFirst = true;
      const store = {
        ...laboratory.store,
        add: async (...args: Parameters<typeof laboratory.store.add>) => {
          if (isFirst) {
            isFirst = false;
            await closeDrawers(amina, amina.patientId, [drawer!]);
          }
          return laboratory.store.add(...args);
        },
      };
      const { recordId } = await reportOnOrder({ ...laboratory, store }, opened, note("late result"), "final");
      const { manifest, content } = await readRecord(amina, recordId);
      expect({ epoch: manifest.epoch, text: textOf({ content }) }).to.deep.equal({
        epoch: drawer!.epoch + 1,
        text: "late result",
      });
      expect(await pending(laboratory)).to.deep.equal([]);
    });
  });

  describe("abuse", () => {
    it("abuse: a photographed order QR at another laboratory opens nothing, and can only ask", async () => {
      const { laboratory, otherLaboratory } = town;
      const orderId = await place({ fulfiller: laboratory.account });
      await expectSalusError(openOrder(otherLaboratory, orderId), "ORDER_NOT_YOURS");
      await expectSalusError(readRecord(otherLaboratory, orderId), "NO_ACCESS");
      const { sealedKey } = await orderById(town.reader, orderId);
      const record = await recordById(town.reader, orderId);
      const { secretKey } = accountKeys(otherLaboratory.root);
      const [object, header] = await Promise.all([
        town.reader.store.get(sealedKey!),
        town.reader.store.get(record.header),
      ]);
      await expectSalusError(openWith(object, secretKey), "NOT_A_RECIPIENT");
      const payload = await town.reader.store.get(record.payload, record.size);
      await expectSalusError(open(header, payload, secretKey), "NOT_A_RECIPIENT");
      const opened = await openOrder(laboratory, orderId);
      await expectSalusError(reportOnOrder(otherLaboratory, opened, note("invented"), "final"), "NotAuthorIn");
      expect(await pending(otherLaboratory)).to.deep.equal([]);
      await requestOrder(otherLaboratory, orderId);
      await expectSalusError(openOrder(otherLaboratory, orderId), "ORDER_NOT_YOURS");
    });

    it("abuse: a doctor orders with the patient's other document in the order's place: nobody seals it on", async () => {
      const { amina, doctor, otherLaboratory } = town;
      const published = await publish(amina, (await drawersOf(amina, "imaging"))[0]!, note("nobody else's"));
      const other = await recordById(town.reader, published.recordId);
      const { visit } = await enterVisit(doctor, visitId);
      const nonce = BigInt(toHex(randomBytes(8)));
      const key = { visit, author: doctor.account, nonce };
      const { scope, scopeKey, payload, header, size } = other;
      const until = await tomorrow(doctor);
      await sendBatch(town.reader.chain, doctor.signer, [
        encodeAppendInVisit(visit, { scope, scopeKey, entry: { nonce, payload, header, size } }),
        encodePlace(key, { role: "laboratory", fills: 1, until, fulfiller: null, sealedKey: null }),
      ]);
      const orderId = orderIdOf(key);
      await requestOrder(otherLaboratory, orderId);
      const pinned = await pinsOf(town.ipfsUrl);
      await expectSalusError(chooseFulfiller(amina, orderId, otherLaboratory.account), "MANIFEST_MISMATCH");
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(pinned);
      expect((await orderById(town.reader, orderId)).state).to.equal("waiting");
    });

    it("abuse: a laboratory that was given the list opens nothing else with all that it got", async () => {
      const { amina, laboratory } = town;
      const orderId = await place({ fulfiller: laboratory.account });
      const opened = await openOrder(laboratory, orderId);
      const object = await openOrderObject(laboratory, opened.order.sealedKey!, orderId);
      const { secretKey } = accountKeys(laboratory.root);
      const others = (await recordsOf(town.reader.chain, { patientId: amina.patientId })).filter(
        ({ recordId }) => recordId !== orderId,
      );
      expect(others.length).to.be.greaterThan(2);
      for (const { recordId, header, payload, size } of others) {
        await expectSalusError(readRecord(laboratory, recordId), "NOT_IN_VISIT");
        const bytes = await town.reader.store.get(payload, size);
        await expectSalusError(open(object.header, bytes, secretKey), "PAYLOAD_TAMPERED");
        await expectSalusError(open(await town.reader.store.get(header), bytes, secretKey), "NOT_A_RECIPIENT");
      }
      for (const { sealedKey } of await openedVisits(town.reader.chain, { patientId: amina.patientId })) {
        await expectSalusError(openWith(await town.reader.store.get(sealedKey), secretKey), "NOT_A_RECIPIENT");
      }
      await expectSalusError(enterVisit(laboratory, visitId), "VISIT_KEY_MISSING");
      await expectSalusError(
        publish(laboratory, { ...opened.drawers[0]!, patientId: amina.patientId, state: "open" }, note("x")),
        "NotAuthor",
      );
    });

    it("abuse: an account that nobody accredited for it is neither asked nor told", async () => {
      const { amina, pharmacy, stranger, doctor } = town;
      const orderId = await place();
      const before = await pinsOf(town.ipfsUrl);
      for (const account of [pharmacy, stranger, doctor]) {
        await expectSalusError(requestOrder(account, orderId), "NotFulfiller");
        await expectSalusError(chooseFulfiller(amina, orderId, account.account), "NotFulfiller");
      }
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
      await expectSalusError(place({ fulfiller: pharmacy.account }), "NotFulfiller");
    });

    it("abuse: a doctor gives an order to a laboratory outside the house", async () => {
      const { doctor, otherLaboratory } = town;
      const orderId = await place();
      const before = await pinsOf(town.ipfsUrl);
      await expectSalusError(chooseFulfiller(doctor, orderId, otherLaboratory.account), "NotAssigned");
      await expectSalusError(place({ fulfiller: otherLaboratory.account }), "NotAssigned");
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
      expect(await pending(doctor)).to.deep.equal([]);
    });

    it("abuse: who was replaced can neither open nor report any more", async () => {
      const { amina, laboratory, otherLaboratory } = town;
      const orderId = await place({ fulfiller: laboratory.account });
      const opened = await openOrder(laboratory, orderId);
      await chooseFulfiller(amina, orderId, otherLaboratory.account);
      await expectSalusError(openOrder(laboratory, orderId), "ORDER_NOT_YOURS");
      await expectSalusError(reportOnOrder(laboratory, opened, note("late"), "final"), "NotAuthorIn");
      expect(textOf(await openOrder(otherLaboratory, orderId))).to.equal("HbA1c, lipids");
      expect(await ordersOf(town.reader, { fulfiller: laboratory.account })).to.satisfy((orders: Order[]) =>
        orders.every((order) => order.orderId !== orderId),
      );
    });

    it("abuse: a doctor names what the patient needs as an order's sealed key: choosing anew deletes none of it", async () => {
      const { amina, doctor, laboratory, otherLaboratory, reader } = town;
      const { recordId } = await publish(amina, (await drawersOf(amina, "imaging"))[0]!, note("the only copy"));
      const { header } = await recordById(reader, recordId);
      for (const needed of [header, (await backupOf(reader.chain, amina.account))!]) {
        const orderId = await place();
        const { key } = await orderById(reader, orderId);
        const choice = { fulfiller: laboratory.account, sealedKey: needed };
        await sendAssignOrder(reader.chain, doctor.signer, key, choice);
        await chooseFulfiller(amina, orderId, otherLaboratory.account);
        expect(await reader.store.isPinned(needed)).to.equal(true);
      }
    });

    it("lets go what the same account has sealed to somebody before", async () => {
      const { amina, laboratory, otherLaboratory, reader } = town;
      const orderId = await place();
      await chooseFulfiller(amina, orderId, laboratory.account);
      const { sealedKey } = await orderById(reader, orderId);
      await chooseFulfiller(amina, orderId, otherLaboratory.account);
      expect(await reader.store.isPinned(sealedKey!)).to.equal(false);
    });

    it("abuse: a visit's key that nothing can be sealed to doesn't keep the laboratory from reporting", async () => {
      const { amina, laboratory, reader } = town;
      const orderId = await place();
      await chooseFulfiller(amina, orderId, laboratory.account);
      const visitPublicKey: Hex = `0x01${"00".repeat(31)}`;
      const opened = { ...(await openOrder(laboratory, orderId)), visitPublicKey };
      const { recordId } = await reportOnOrder(laboratory, opened, note("HbA1c 6.1 %"), "final");
      expect((await orderById(reader, orderId)).state).to.equal("done");
      expect(textOf(await readRecord(amina, recordId))).to.equal("HbA1c 6.1 %");
    });

    it("abuse: double fulfilment, and a correction by who didn't report", async () => {
      const { amina, laboratory, otherLaboratory } = town;
      const orderId = await place({ fulfiller: laboratory.account });
      const opened = await openOrder(laboratory, orderId);
      await expectSalusError(reportOnOrder(laboratory, opened, note("nothing yet"), "corrected"), "NothingToCorrect");
      await reportOnOrder(laboratory, opened, note("result"), "final");
      const before = await pinsOf(town.ipfsUrl);
      await expectSalusError(reportOnOrder(laboratory, opened, note("again"), "final"), "AlreadyFulfilled");
      await expectSalusError(reportOnOrder(laboratory, opened, note("more"), "partial"), "AlreadyFulfilled");
      await chooseFulfiller(amina, orderId, otherLaboratory.account);
      const theirs = await openOrder(otherLaboratory, orderId);
      await expectSalusError(reportOnOrder(otherLaboratory, theirs, note("no"), "corrected"), "NothingToCorrect");
      expect((await orderById(town.reader, orderId)).reports).to.have.length(1);
      // The new choice's object is there, and the earlier one's, which isn't the patient's to let go; of what was refused nothing stays.
      expect(await pinsOf(town.ipfsUrl)).to.have.length(before.length + 1);
    });

    it("abuse: a cancelled order, and one whose time is over", async () => {
      const { amina, laboratory } = town;
      const cancelled = await place({ fulfiller: laboratory.account });
      const opened = await openOrder(laboratory, cancelled);
      await cancelOrder(amina, cancelled);
      expect((await orderById(town.reader, cancelled)).state).to.equal("cancelled");
      await expectSalusError(openOrder(laboratory, cancelled), "OrderOver");
      await expectSalusError(reportOnOrder(laboratory, opened, note("late"), "final"), "NotAuthorIn");
      await expectSalusError(chooseFulfiller(amina, cancelled, laboratory.account), "OrderOver");
      await expectSalusError(requestOrder(laboratory, cancelled), "OrderOver");
      await expectSalusError(cancelOrder(laboratory, cancelled), "OrderOver");

      const short = await place({ fulfiller: laboratory.account, until: (await tomorrow(amina)) - 86_400 + 60 });
      await town.advance(61);
      expect((await orderById(town.reader, short)).state).to.equal("over");
      await expectSalusError(openOrder(laboratory, short), "OrderOver");
    });

    it("abuse: what was sealed is another order, of another record, or for another patient's drawers", async () => {
      const { amina, bashir, doctor, laboratory } = town;
      const access = await enterVisit(doctor, visitId);
      const [first, second] = [await place(), await place({ document: note("another list") })];
      const order = await orderById(town.reader, first);
      const headerOf = async (recordId: RecordId) =>
        town.reader.store.get((await recordById(town.reader, recordId)).header);
      const object: OrderObject = {
        order: order.key,
        name: "Amina Rahman",
        header: await headerOf(first),
        drawers: access.drawers.slice(0, 1).map(({ scope, label }) => ({ scope, label })),
        visitPublicKey: access.publicKey,
      };
      const handOver = async (changed: Partial<OrderObject>) => {
        const to = accountKeys(laboratory.root).publicKey;
        const sealed = await sealOrder({ ...object, ...changed }, access.secrets.visit, to);
        const { digest: sealedKey } = await doctor.store.add(sealed);
        await sendAssignOrder(doctor.chain, doctor.signer, order.key, { fulfiller: laboratory.account, sealedKey });
        return openOrder(laboratory, first);
      };
      expect(textOf(await handOver({}))).to.equal("HbA1c, lipids");
      await expectSalusError(handOver({ order: (await orderById(town.reader, second)).key }), "MANIFEST_MISMATCH");
      await expectSalusError(handOver({ header: await headerOf(second) }), "PAYLOAD_TAMPERED");
      const [theirs] = await drawersOf(bashir, "laboratory");
      await expectSalusError(handOver({ drawers: [{ scope: theirs!.scope, label: "laboratory" }] }), "UnknownScope");
      const twice = [object.drawers[0]!, object.drawers[0]!];
      await expectSalusError(handOver({ drawers: twice }), "MANIFEST_MALFORMED");
      expect(amina.patientId).not.to.equal(bashir.patientId);
    });

    it("abuse: another doctor of the visit cancels or gives away an order", async () => {
      const { hospital, colleague, laboratory } = town;
      await assignMember(hospital, visitId, colleague.account);
      const orderId = await place();
      await expectSalusError(chooseFulfiller(colleague, orderId, laboratory.account), "NotPartyOfOrder");
      await expectSalusError(cancelOrder(colleague, orderId), "NotPartyOfOrder");
      await expectSalusError(chooseFulfiller(hospital, orderId, laboratory.account), "NotPartyOfOrder");
    });

    it("abuse: a laboratory or the hospital itself orders", async () => {
      const { hospital, laboratory } = town;
      const access = await enterVisit(hospital, visitId);
      const request = { drawer: "visits", document: note("x"), role: "laboratory" as const, fills: 1 };
      const until = await tomorrow(hospital);
      await expectSalusError(placeOrder(hospital, access, { ...request, until }), "NotOrderingDoctor");
      await expectSalusError(placeOrder(laboratory, access, { ...request, until }), "NotOrderingDoctor");
      for (const wrong of [{ fills: 0 }, { fills: 256 }, { fills: 1.5 }, { until: Number.NaN }]) {
        await expectSalusError(placeOrder(town.doctor, access, { ...request, until, ...wrong }), "InvalidOrder");
      }
      await expectSalusError(placeOrder(town.doctor, access, { ...request, until: 1 }), "InvalidOrder");
    });
  });

  describe("after the visit", () => {
    it("an order stands: the patient chooses, the report is the patient's, and no longer the doctor's", async () => {
      const { amina, hospital, doctor, laboratory, otherLaboratory } = town;
      const [mine, open] = [await place({ fulfiller: laboratory.account }), await place()];
      await closeVisit(hospital, visitId);
      await expectSalusError(chooseFulfiller(doctor, open, otherLaboratory.account), "NOT_IN_VISIT");
      await expectSalusError(cancelOrder(doctor, open), "NotPartyOfOrder");
      const early = await reportOnOrder(laboratory, await openOrder(laboratory, mine), note("still counts"), "final");
      expect(textOf(await readRecord(amina, early.recordId))).to.equal("still counts");

      await chooseFulfiller(amina, open, otherLaboratory.account);
      const opened = await openOrder(otherLaboratory, open);
      expect(opened.visitPublicKey).to.equal(null);
      const { recordId } = await reportOnOrder(otherLaboratory, opened, note("weeks later"), "final");
      expect(textOf(await readRecord(amina, recordId))).to.equal("weeks later");
      for (const reader of [doctor, hospital]) {
        await expectSalusError(readRecord(reader, recordId), "NOT_IN_VISIT");
        await expectSalusError(readRecord(reader, early.recordId), "NOT_IN_VISIT");
      }
    });
  });
});

/** A wallet whose owner says no. */
function refusingSigner({ signer }: Session): Session["signer"] {
  return Object.assign(Object.create(signer) as Session["signer"], {
    sendTransaction: () => Promise.reject(Object.assign(new Error("user rejected"), { code: 4001 })),
  });
}
