import { expect } from "chai";

import { inVisit, now, orderIdOf, recordIdIn, withOrder } from "./clinic.js";
import { bytes32, deployed, entry, networkHelpers, READ, Role, WRITE, YEAR, ZERO } from "./fixture.js";
import { hash, inOneBlock, refused, registered, type Way, WAYS } from "./ways.js";

type Entry = ReturnType<typeof entry>;

const recordIdOf = (patientId: string, author: string, { nonce }: Entry) => recordIdIn(patientId, author, nonce);

/** The anchor, as IRecords.sol defines it. */
const anchorOf = (
  recordId: string,
  author: string,
  scope: string,
  key: string,
  { payload, header, size }: Entry,
  time: bigint,
) =>
  hash(
    ["bytes32", "address", "bytes32", "bytes32", "bytes32", "bytes32", "uint64", "uint64"],
    [recordId, author, scope, key, payload, header, size, time],
  );

const chain = (head: string, anchor: string) => hash(["bytes32", "bytes32"], [head, anchor]);

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Records, ${name}`, () => {
    async function world() {
      const base = await deployed();
      const { amina, bashir, doctor, stranger, hospital, participants, consents, until } = base;
      const way = await act(base, amina);
      const author = await act(base, doctor);
      const reader = await act(base, stranger);
      const patientId = await registered(base, way);
      const otherId = await registered(base, await act(base, bashir));
      const [scope, key] = [bytes32(), bytes32()];
      await way.send(consents, "openScope", [patientId, scope, key]);
      for (const account of [author.account, reader.account]) {
        // The doctor who acts directly is accredited by the fixture already; this renews.
        await participants.connect(hospital).accredit(account, Role.Doctor, until, bytes32());
      }
      const grant = (grantee: string, rights: number, end = until, subject = scope) =>
        way.send(consents, "grant", [{ patientId, subject, grantee, rights, until: end, sealedKey: ZERO }]);
      await grant(author.account, READ | WRITE);
      await grant(reader.account, READ);
      return { ...base, way, author, reader, patientId, otherId, scope, key, grant };
    }
    const load = () => networkHelpers.loadFixture(world);

    for (const by of ["way", "author"] as const) {
      describe(by === "way" ? "the patient" : "a participant with a grant", () => {
        it("appends a record, and its anchor is the hash of all that the event says", async () => {
          const { records, patientId, scope, key, [by]: author } = await load();
          const record = entry();
          const recordId = recordIdOf(patientId, author.account, record);
          expect(await records.recordIdOf(patientId, author.account, record.nonce)).to.equal(recordId);
          expect(await records.anchorOf(recordId)).to.equal(ZERO);
          const sent = author.send(records, "append", [patientId, scope, key, record]);
          await sent;
          const time = await now();
          await expect(sent)
            .to.emit(records, "RecordAppended")
            .withArgs(
              patientId,
              author.account,
              recordId,
              scope,
              key,
              record.payload,
              record.header,
              record.size,
              time,
            );
          const anchor = anchorOf(recordId, author.account, scope, key, record, time);
          expect(await records.anchorOf(recordId)).to.equal(anchor);
          expect(await records.headOf(patientId)).to.equal(chain(ZERO, anchor));
        });

        it("appends a batch, chained in its order onto what was there", async () => {
          const { records, patientId, scope, key, [by]: author } = await load();
          const first = entry();
          await author.send(records, "append", [patientId, scope, key, first]);
          let head = await records.headOf(patientId);
          const batch = Array.from({ length: 7 }, entry);
          const sent = author.send(records, "appendBatch", [patientId, scope, key, batch]);
          await sent;
          const time = await now();
          for (const record of batch) {
            const recordId = recordIdOf(patientId, author.account, record);
            await expect(sent)
              .to.emit(records, "RecordAppended")
              .withArgs(
                patientId,
                author.account,
                recordId,
                scope,
                key,
                record.payload,
                record.header,
                record.size,
                time,
              );
            const anchor = anchorOf(recordId, author.account, scope, key, record, time);
            expect(await records.anchorOf(recordId)).to.equal(anchor);
            head = chain(head, anchor);
          }
          expect(await records.headOf(patientId)).to.equal(head);
        });

        it("can't append under a nonce twice, in one batch or in two acts", async () => {
          const { records, patientId, scope, key, [by]: author } = await load();
          const record = entry();
          const again = { ...entry(), nonce: record.nonce };
          const recordId = recordIdOf(patientId, author.account, record);
          const batch = [patientId, scope, key, [record, again]];
          await refused(author, records, "appendBatch", batch, "RecordExists", [recordId]);
          await author.send(records, "append", [patientId, scope, key, record]);
          await refused(author, records, "append", [patientId, scope, key, again], "RecordExists", [recordId]);
        });

        it("can't append an empty batch, nor more than MAX_BATCH", async () => {
          const { records, patientId, scope, key, [by]: author } = await load();
          expect(await records.MAX_BATCH()).to.equal(100n);
          for (const length of [0, 101]) {
            const args = [patientId, scope, key, Array.from({ length }, entry)];
            await refused(author, records, "appendBatch", args, "InvalidBatch", [length]);
          }
          const most = Array.from({ length: 100 }, entry);
          await author.simulate(records, "appendBatch", [patientId, scope, key, most]);
        });

        it("can't append a batch sealed to another key than the scope's present one", async () => {
          const { records, consents, way, patientId, scope, key, [by]: author } = await load();
          const next = bytes32();
          const batch = (id: string, sealedTo: string) => [patientId, id, sealedTo, [entry()]];
          const wrong = bytes32();
          await refused(author, records, "appendBatch", batch(scope, wrong), "StaleScopeKey", [wrong, key]);
          await way.send(consents, "rotateScope", [patientId, scope, next, ZERO]);
          await refused(author, records, "appendBatch", batch(scope, key), "StaleScopeKey", [key, next]);
          await author.send(records, "appendBatch", batch(scope, next));
        });

        it("keeps each patient's head to itself", async () => {
          const { records, patientId, otherId, scope, key, [by]: author } = await load();
          await author.send(records, "append", [patientId, scope, key, entry()]);
          expect(await records.headOf(otherId)).to.equal(ZERO);
          const args = [otherId, scope, key, entry()];
          await refused(author, records, "append", args, "NotAuthor", [otherId, scope, author.account]);
        });
      });
    }

    it("takes a participant's single record only when sealed to the scope's present key", async () => {
      const { records, consents, way, author, patientId, scope, key } = await load();
      const next = bytes32();
      await way.send(consents, "rotateScope", [patientId, scope, next, ZERO]);
      await refused(author, records, "append", [patientId, scope, key, entry()], "StaleScopeKey", [key, next]);
      await author.send(records, "append", [patientId, scope, next, entry()]);
    });

    it("takes nothing for a scope that isn't open, whatever was granted", async () => {
      const { records, way, author, grant, until, patientId, key } = await load();
      const closed = bytes32();
      await grant(author.account, READ | WRITE, until, closed);
      for (const given of [ZERO, key]) {
        await refused(author, records, "append", [patientId, closed, given, entry()], "StaleScopeKey", [given, ZERO]);
        const batch = [patientId, closed, given, [entry()]];
        for (const sender of [author, way]) {
          await refused(sender, records, "appendBatch", batch, "StaleScopeKey", [given, ZERO]);
        }
      }
    });

    it("leaves the patient's own single record to the patient, and anchors the key that it names", async () => {
      const { records, way, patientId, scope } = await load();
      const [record, given] = [entry(), bytes32()];
      await way.send(records, "append", [patientId, scope, given, record]);
      const recordId = recordIdOf(patientId, way.account, record);
      expect(await records.anchorOf(recordId)).to.equal(
        anchorOf(recordId, way.account, scope, given, record, await now()),
      );
    });

    describe("refuses", () => {
      const calls = (patientId: string, scope: string, key: string): [string, unknown[]][] => [
        ["append", [patientId, scope, key, entry()]],
        ["appendBatch", [patientId, scope, key, [entry(), entry()]]],
      ];

      it("a reader", async () => {
        const { records, reader, patientId, scope, key } = await load();
        for (const [call, args] of calls(patientId, scope, key)) {
          await refused(reader, records, call, args, "NotAuthor", [patientId, scope, reader.account]);
        }
      });

      it("a participant whose grant is revoked, over or for another scope", async () => {
        const { records, consents, way, author, grant, patientId, scope, key } = await load();
        const other = bytes32();
        await way.send(consents, "openScope", [patientId, other, key]);
        const isRefused = async (id = scope) => {
          for (const [call, args] of calls(patientId, id, key)) {
            await refused(author, records, call, args, "NotAuthor", [patientId, id, author.account]);
          }
        };
        await isRefused(other);
        await way.send(consents, "revoke", [patientId, scope, author.account]);
        await isRefused();
        const until = (await now()) + BigInt(YEAR);
        await grant(author.account, WRITE, until);
        await author.simulate(records, "append", [patientId, scope, key, entry()]);
        await networkHelpers.time.increaseTo(until);
        await isRefused();
      });

      it("a participant who is no longer accredited, or below somebody who isn't", async () => {
        const { records, participants, authority, hospital, author, until, patientId, scope, key } = await load();
        const isRefused = async () => {
          for (const [call, args] of calls(patientId, scope, key)) {
            await refused(author, records, call, args, "NotAuthor", [patientId, scope, author.account]);
          }
        };
        await participants.connect(hospital).revoke(author.account);
        await isRefused();
        await participants.connect(hospital).accredit(author.account, Role.Doctor, until, ZERO);
        await author.simulate(records, "append", [patientId, scope, key, entry()]);
        await participants.connect(authority).revoke(hospital);
        await isRefused();
      });

      it("everyone for a patient that there isn't", async () => {
        const { records, patients, way, author, scope, key } = await load();
        const unknown = bytes32();
        for (const sender of [way, author]) {
          for (const [call, args] of calls(unknown, scope, key)) {
            await refused(sender, records, call, args, "UnknownPatient", [unknown], patients);
          }
        }
      });
    });

    it("doesn't ask for more gas the longer a history is", async () => {
      const { records, way, patientId, scope, key } = await load();
      const record = entry();
      const cost = async () => {
        const sent = await way.send(records, "append", [
          patientId,
          scope,
          key,
          { ...record, nonce: record.nonce ^ next++ },
        ]);
        return (await sent.wait())!.gasUsed;
      };
      let next = 1n;
      await cost();
      const early = await cost();
      for (let batch = 0; batch < 5; batch++) {
        await way.send(records, "appendBatch", [patientId, scope, key, Array.from({ length: 100 }, entry)]);
      }
      // A byte of the nonce more or less that is zero, in calldata once or, relayed, twice.
      expect(Math.abs(Number((await cost()) - early))).to.be.below(100);
    });
  });
}

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Records of visits and orders, ${name}`, () => {
    // Named, since a fixture is told from others by its function.
    const loadVisit = async () => networkHelpers.loadFixture(visitWorld);
    const visitWorld = () => inVisit(act);
    const loadOrder = async () => networkHelpers.loadFixture(orderWorld);
    const orderWorld = () => withOrder(act);

    for (const by of ["hospital", "doctor", "laboratory"] as const) {
      it(`takes a record of a visit from its ${by}`, async () => {
        const { records, ways, visit, visitId, patientId, scope, scopeKey } = await loadVisit();
        const { [by]: author } = ways;
        let head = await records.headOf(patientId);
        for (const size of [0n, 2n ** 64n - 1n]) {
          const record = { ...entry(), size };
          const recordId = recordIdIn(visitId, author.account, record.nonce);
          const sent = await author.send(records, "appendInVisit", [visit, scope, scopeKey, record]);
          const time = await now();
          const { payload, header } = record;
          await expect(sent)
            .to.emit(records, "RecordAppended")
            .withArgs(patientId, author.account, recordId, scope, scopeKey, payload, header, size, time);
          await expect(sent).to.emit(records, "RecordWrittenUnder").withArgs(visitId, recordId, record.nonce);
          const anchor = anchorOf(recordId, author.account, scope, scopeKey, record, time);
          expect(await records.anchorOf(recordId)).to.equal(anchor);
          head = chain(head, anchor);
          expect(await records.headOf(patientId)).to.equal(head);
          const again = { ...entry(), nonce: record.nonce };
          const args = [visit, scope, scopeKey, again];
          await refused(author, records, "appendInVisit", args, "RecordExists", [recordId]);
        }
      });
    }

    it("takes a report under an order, also after the visit", async () => {
      const { records, visits, ways, visit, order, orderId, patientId, scope, scopeKey } = await loadOrder();
      const { laboratory, hospital } = ways;
      for (const close of [false, true]) {
        if (close) await hospital.send(visits, "close", [visit]);
        const record = entry();
        const recordId = recordIdIn(orderId, laboratory.account, record.nonce);
        const before = await records.headOf(patientId);
        const sent = await laboratory.send(records, "appendForOrder", [order, scope, scopeKey, record]);
        const time = await now();
        const { payload, header, size } = record;
        await expect(sent)
          .to.emit(records, "RecordAppended")
          .withArgs(patientId, laboratory.account, recordId, scope, scopeKey, payload, header, size, time);
        await expect(sent).to.emit(records, "RecordWrittenUnder").withArgs(orderId, recordId, record.nonce);
        const anchor = anchorOf(recordId, laboratory.account, scope, scopeKey, record, time);
        expect(await records.anchorOf(recordId)).to.equal(anchor);
        expect(await records.headOf(patientId)).to.equal(chain(before, anchor));
        const args = [order, scope, scopeKey, { ...entry(), nonce: record.nonce }];
        await refused(laboratory, records, "appendForOrder", args, "RecordExists", [recordId]);
      }
    });

    it("takes the order's own record once, as a record of the visit", async () => {
      const { records, ways, visit, order, orderId, scope, scopeKey } = await loadOrder();
      expect(await records.anchorOf(orderId)).to.not.equal(ZERO);
      const again = { ...entry(), nonce: order.nonce };
      const args = [visit, scope, scopeKey, again];
      await refused(ways.doctor, records, "appendInVisit", args, "RecordExists", [orderId]);
    });

    it("gives one nonce of one author a record of its own under a patient, a visit and an order", async () => {
      const { records, consents, ways, visit, visitId, order, orderId, patientId, until, scope, scopeKey } =
        await loadOrder();
      const { laboratory, patient } = ways;
      const terms = { patientId, subject: scope, grantee: laboratory.account, rights: WRITE, until, sealedKey: ZERO };
      await patient.send(consents, "grant", [terms]);
      const record = entry();
      for (const [call, first] of [
        ["append", patientId],
        ["appendInVisit", visit],
        ["appendForOrder", order],
      ] as const) {
        await laboratory.send(records, call, [first, scope, scopeKey, record]);
      }
      const ids = [patientId, visitId, orderId].map((id) => recordIdIn(id, laboratory.account, record.nonce));
      expect(new Set(ids).size).to.equal(3);
      for (const id of ids) expect(await records.anchorOf(id)).to.not.equal(ZERO);
    });

    it("holds members and laboratories to the scope's present key, of a scope that is open", async () => {
      const { records, consents, ways, visit, order, patientId, scope, scopeKey } = await loadOrder();
      const { patient, doctor, laboratory } = ways;
      const [next, closed] = [bytes32(), bytes32()];
      const isRefused = async (id: string, given: string, current: string) => {
        for (const [author, call, first] of [
          [doctor, "appendInVisit", visit],
          [laboratory, "appendForOrder", order],
        ] as const) {
          const args = [first, id, given, entry()];
          await refused(author, records, call, args, "StaleScopeKey", [given, current], records);
        }
      };
      for (const given of [ZERO, scopeKey]) await isRefused(closed, given, ZERO);
      await isRefused(scope, ZERO, scopeKey);
      await patient.send(consents, "rotateScope", [patientId, scope, next, ZERO]);
      await isRefused(scope, scopeKey, next);
      await doctor.send(records, "appendInVisit", [visit, scope, next, entry()]);
      await laboratory.send(records, "appendForOrder", [order, scope, next, entry()]);
    });

    it("takes nothing under a visit but from its members", async () => {
      const { records, ways, visit, visitId, scope, scopeKey } = await loadVisit();
      const others = [ways.patient, ways.otherPatient, ways.otherHospital, ways.otherDoctor, ways.pharmacy];
      for (const nobody of others) {
        const args = [visit, scope, scopeKey, entry()];
        await refused(nobody, records, "appendInVisit", args, "NotAuthorIn", [visitId, nobody.account]);
      }
    });

    it("takes nothing under an order but from whoever was chosen", async () => {
      const { records, ways, order, orderId, scope, scopeKey } = await loadOrder();
      for (const nobody of [ways.doctor, ways.hospital, ways.patient, ways.otherLaboratory, ways.pharmacy]) {
        const args = [order, scope, scopeKey, entry()];
        await refused(nobody, records, "appendForOrder", args, "NotAuthorIn", [orderId, nobody.account]);
      }
      const plain = { ...order, nonce: order.nonce ^ 1n };
      const args = [plain, scope, scopeKey, entry()];
      const errorArgs = [orderIdOf(plain), ways.laboratory.account];
      await refused(ways.laboratory, records, "appendForOrder", args, "NotAuthorIn", errorArgs);
    });

    describe("abuse", () => {
      it("abuse: another visit's key, another patient's, or one that was never opened", async () => {
        const { records, ways, visit, otherPatientId, scope, scopeKey } = await loadVisit();
        const { doctor, otherHospital } = ways;
        for (const forged of [
          { ...visit, nonce: visit.nonce ^ 1n },
          { ...visit, patientId: otherPatientId },
          { ...visit, patientId: bytes32() },
          { ...visit, hospital: otherHospital.account },
        ]) {
          const context = recordIdIn(forged.patientId, forged.hospital, forged.nonce);
          const args = [forged, scope, scopeKey, entry()];
          await refused(doctor, records, "appendInVisit", args, "NotAuthorIn", [context, doctor.account]);
        }
      });

      it("abuse: a visit gives no right to append as with a grant, nor in batches", async () => {
        const { records, ways, patientId, scope, scopeKey } = await loadVisit();
        for (const member of [ways.hospital, ways.doctor]) {
          const errorArgs = [patientId, scope, member.account];
          const single = [patientId, scope, scopeKey, entry()];
          await refused(member, records, "append", single, "NotAuthor", errorArgs);
          const batch = [patientId, scope, scopeKey, [entry()]];
          await refused(member, records, "appendBatch", batch, "NotAuthor", errorArgs);
        }
      });

      it("abuse: a grant gives no right under a visit or an order", async () => {
        const { records, consents, ways, visit, visitId, order, orderId, patientId, until, ...rest } =
          await loadOrder();
        const { scope, scopeKey } = rest;
        const { patient, otherLaboratory } = ways;
        const grantee = otherLaboratory.account;
        await patient.send(consents, "grant", [
          { patientId, subject: scope, grantee, rights: READ | WRITE, until, sealedKey: ZERO },
        ]);
        const inTheVisit = [visit, scope, scopeKey, entry()];
        await refused(otherLaboratory, records, "appendInVisit", inTheVisit, "NotAuthorIn", [visitId, grantee]);
        const forTheOrder = [order, scope, scopeKey, entry()];
        await refused(otherLaboratory, records, "appendForOrder", forTheOrder, "NotAuthorIn", [orderId, grantee]);
        await otherLaboratory.send(records, "append", [patientId, scope, scopeKey, entry()]);
      });

      it("abuse: a record of a visit after its time, in any block", async () => {
        const { records, ways, visit, visitId, permit, scope, scopeKey } = await loadVisit();
        await networkHelpers.time.increaseTo(permit.until);
        for (const member of [ways.hospital, ways.doctor]) {
          const args = [visit, scope, scopeKey, entry()];
          await refused(member, records, "appendInVisit", args, "NotAuthorIn", [visitId, member.account]);
        }
        await networkHelpers.time.increase(10 * YEAR);
        const args = [visit, scope, scopeKey, entry()];
        await refused(ways.doctor, records, "appendInVisit", args, "NotAuthorIn", [visitId, ways.doctor.account]);
      });

      it("abuse: two members under one nonce in one block are two records", async () => {
        const { records, ways, visit, visitId, scope, scopeKey } = await loadVisit();
        const record = entry();
        const write = (by: Way) => by.prepare(records, "appendInVisit", [visit, scope, scopeKey, record]);
        const { doctor, laboratory } = ways;
        expect(await inOneBlock([await write(doctor), await write(laboratory)])).to.deep.equal([true, true]);
        const ids = [doctor, laboratory].map(({ account }) => recordIdIn(visitId, account, record.nonce));
        for (const id of ids) expect(await records.anchorOf(id)).to.not.equal(ZERO);
      });
    });
  });
}
