import { expect } from "chai";

import { bytes32, deployed, entry, networkHelpers, READ, Role, WRITE, YEAR, ZERO } from "./fixture.js";
import { hash, refused, registered, WAYS } from "./ways.js";

type Entry = ReturnType<typeof entry>;

const recordIdOf = (patientId: string, author: string, { nonce }: Entry) =>
  hash(["bytes32", "address", "uint64"], [patientId, author, nonce]);

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
const now = async () => BigInt(await networkHelpers.time.latest());

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
