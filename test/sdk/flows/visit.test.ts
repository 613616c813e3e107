import { expect } from "chai";

import {
  assignMember,
  closeDrawers,
  closeVisit,
  deregister,
  drawersToClose,
  enterVisit,
  FOREVER,
  grant,
  history,
  pending,
  prepareGrant,
  publish,
  publishInVisit,
  readableRecords,
  readInVisit,
  readManifest,
  readRecord,
  recordById,
  recordIdIn,
  recordsOf,
  resume,
  SalusError,
  sendRevokeAccreditation,
  unassignMember,
  visitById,
  visitIdOf,
  visitRecords,
  visitsOf,
  visitTimeline,
  type Hex,
  type Session,
  type VisitId,
  type VisitKey,
} from "../../../sdk/index.js";
import { sendCall } from "../../../sdk/adapters/chain.js";
import { backupOf } from "../../../sdk/adapters/keys.js";
import { encodeAppendInVisit } from "../../../sdk/adapters/records.js";
import { openedVisits, sendAssignMember, type OpenedVisit } from "../../../sdk/adapters/visits.js";
import { randomBytes, toHex } from "../../../sdk/core/bytes.js";
import { open } from "../../../sdk/core/envelope.js";
import { accountKeys } from "../../../sdk/core/keys.js";
import { openKeys, sealKeys } from "../../../sdk/flows/visit-keys.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { drawersOf, HOUR, note, startCareTown, textOf, visitOf, type CareTown } from "./visit-world.js";

describe("flows: visit", function () {
  this.timeout(120_000);

  let town: CareTown;
  before(async () => {
    town = await startCareTown();
  });
  after(() => town.stop());

  describe("a visit that may read the laboratory drawer", () => {
    let visitId: VisitId;

    it("is opened by the hospital and entered by its doctor", async () => {
      const { amina, hospital, doctor, laboratory } = town;
      const [drawer] = await drawersOf(amina, "laboratory");
      await publish(amina, drawer!, note("blood count of last year"));
      await publish(amina, (await drawersOf(amina, "mental health"))[0]!, note("private"));

      visitId = await visitOf(amina, hospital, { readable: ["laboratory"], members: [doctor, laboratory] });
      const visit = await visitById(town.reader, visitId);
      expect(visit.status).to.equal("open");
      expect(visit.members.map(({ account }) => account)).to.deep.equal([doctor.account, laboratory.account]);
      expect(await visitsOf(town.reader, { member: doctor.account })).to.deep.equal([visit]);
      expect(await visitsOf(town.reader, { hospital: hospital.account })).to.deep.equal([visit]);
      expect(await visitsOf(town.reader, { patientId: amina.patientId })).to.deep.equal([visit]);

      const access = await enterVisit(doctor, visitId);
      expect(access.name).to.equal("Amina Rahman");
      expect(access.drawers.filter(({ canRead }) => canRead).map(({ label }) => label)).to.deep.equal(["laboratory"]);
      expect(access.drawers).to.have.length(7);
      await expectSalusError(enterVisit(laboratory, visitId), "VISIT_KEY_MISSING");
    });

    it("lets a doctor write into any drawer, and everyone of the visit and the patient read it", async () => {
      const { amina, hospital, doctor } = town;
      const access = await enterVisit(doctor, visitId);
      const { recordId } = await publishInVisit(doctor, access, "visits", note("looks well"));
      expect((await visitRecords(town.reader, visitId)).map((record) => record.recordId)).to.deep.equal([recordId]);
      for (const reader of [amina, hospital, doctor]) {
        expect(textOf(await readRecord(reader, recordId))).to.equal("looks well");
        expect((await readManifest(reader, recordId)).title).to.equal("Note");
      }
      const timeline = await visitTimeline(doctor, access);
      expect(
        await Promise.all(timeline.map(async (record) => textOf(await readInVisit(doctor, access, record)))),
      ).to.deep.equal(["blood count of last year", "looks well"]);
      expect(await readableRecords(doctor, amina.patientId)).to.deep.equal(timeline);
    });

    it("ends with its closing: nothing more is read or written", async () => {
      const { amina, hospital, doctor } = town;
      const access = await enterVisit(doctor, visitId);
      const [record] = await visitRecords(town.reader, visitId);
      await closeVisit(hospital, visitId);
      expect((await visitById(town.reader, visitId)).status).to.equal("ended");
      await expectSalusError(publishInVisit(doctor, access, "visits", note("one more")), "NotAuthorIn");
      expect(await doctor.journal.list()).to.deep.equal([]);
      await expectSalusError(readInVisit(doctor, access, record!), "NOT_IN_VISIT");
      await expectSalusError(readRecord(doctor, record!.recordId), "NOT_IN_VISIT");
      await expectSalusError(enterVisit(doctor, visitId), "NOT_IN_VISIT");
      expect(await readableRecords(doctor, amina.patientId)).to.deep.equal([]);
      expect(textOf(await readRecord(amina, record!.recordId))).to.equal("looks well");
    });
  });

  describe("when it is over", () => {
    it("names the drawers that it could read, until the patient has closed them", async () => {
      const { amina, hospital, doctor } = town;
      const labels = async () => (await drawersToClose(amina, amina.patientId)).map(({ label }) => label);
      await closeDrawers(amina, amina.patientId, await drawersToClose(amina, amina.patientId));
      const visitId = await visitOf(amina, hospital, { readable: ["laboratory", "imaging"], members: [doctor] });
      const { secrets } = await enterVisit(doctor, visitId);
      expect(await labels()).to.deep.equal([]);
      await closeVisit(amina, visitId);
      expect(await labels()).to.deep.equal(["laboratory", "imaging"]);
      await closeDrawers(amina, amina.patientId, await drawersToClose(amina, amina.patientId));
      expect(await labels()).to.deep.equal([]);

      // The doctor kept every key that there was.
      const { recordId } = await publish(amina, (await drawersOf(amina, "laboratory"))[0]!, note("after"));
      const record = await recordById(town.reader, recordId);
      const header = await town.reader.store.get(record.header);
      const payload = await town.reader.store.get(record.payload, record.size);
      const kept = [secrets.visit, ...[...secrets.drawers.values()].map(({ secretKey }) => secretKey)];
      for (const secretKey of kept) await expectSalusError(open(header, payload, secretKey), "NOT_A_RECIPIENT");
    });

    it("names all drawers when what was given can't be looked up any more", async () => {
      const { bashir, hospital } = town;
      const visitId = await visitOf(bashir, hospital, { readable: ["laboratory"] });
      await closeVisit(hospital, visitId);
      const get = (digest: Hex, ...rest: [number?, object?]) =>
        digest === sealedKey
          ? Promise.reject(new SalusError("CONTENT_UNAVAILABLE"))
          : town.reader.store.get(digest, ...rest);
      const [{ sealedKey }] = (await openedVisits(town.reader.chain, { visitId })) as [OpenedVisit];
      const without = { ...bashir, store: { ...bashir.store, get } };
      expect(await drawersToClose(without, bashir.patientId)).to.have.length(7);
      expect(await drawersToClose(bashir, bashir.patientId)).to.have.length(1);
    });

    it("ends by itself at the permit's time", async () => {
      const { amina, hospital, doctor } = town;
      const visitId = await visitOf(amina, hospital, { lasts: HOUR, members: [doctor] });
      const access = await enterVisit(doctor, visitId);
      await town.advance(HOUR + 1);
      expect((await visitById(town.reader, visitId)).status).to.equal("ended");
      await expectSalusError(publishInVisit(doctor, access, "visits", note("late")), "NotAuthorIn");
      await expectSalusError(enterVisit(hospital, visitId), "NOT_IN_VISIT");
      await expectSalusError(closeVisit(hospital, visitId), "VisitNotOpen");
    });
  });

  describe("cut off", () => {
    it("loses nothing and anchors once what was written in a visit", async () => {
      const { amina, hospital, doctor } = town;
      const visitId = await visitOf(amina, hospital, { members: [doctor] });
      const access = await enterVisit(doctor, visitId);
      const add = () => Promise.reject(new SalusError("IPFS_UNREACHABLE"));
      const offline = { ...doctor, store: { ...doctor.store, add } };
      await expectSalusError(publishInVisit(offline, access, "visits", note("offline")), "IPFS_UNREACHABLE");
      const [intent] = await pending(doctor);
      const { recordId } = await resume(doctor, intent!);
      expect((await visitRecords(town.reader, visitId)).map((record) => record.recordId)).to.deep.equal([recordId]);
      expect(textOf(await readRecord(amina, recordId))).to.equal("offline");
    });

    it("gives up, with its pins, what can't be written any more", async () => {
      const { amina, hospital, doctor } = town;
      const visitId = await visitOf(amina, hospital, { members: [doctor] });
      const access = await enterVisit(doctor, visitId);
      const before = await pinsOf(town.ipfsUrl);
      const add = () => Promise.reject(new SalusError("IPFS_UNREACHABLE"));
      await expectSalusError(
        publishInVisit({ ...doctor, store: { ...doctor.store, add } }, access, "visits", note("offline")),
        "IPFS_UNREACHABLE",
      );
      await closeVisit(hospital, visitId);
      const [intent] = await pending(doctor);
      await expectSalusError(resume(doctor, intent!), "NotAuthorIn");
      expect(await pending(doctor)).to.deep.equal([]);
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
    });

    it("seals anew what a drawer's move has overtaken", async () => {
      const { amina, hospital, doctor } = town;
      const visitId = await visitOf(amina, hospital, { members: [doctor] });
      const access = await enterVisit(doctor, visitId);
      const [drawer] = await drawersOf(amina, "documents");
      let hasMoved = false;
      const add = async (...args: Parameters<typeof doctor.store.add>) => {
        if (!hasMoved) await closeDrawers(amina, amina.patientId, [drawer!]);
        hasMoved = true;
        return doctor.store.add(...args);
      };
      const slow = { ...doctor, store: { ...doctor.store, add } };
      const { recordId } = await publishInVisit(slow, access, "documents", note("overtaken"));
      expect((await readRecord(amina, recordId)).manifest.epoch).to.equal(drawer!.epoch + 1);
    });
  });

  describe("in the patient's history", () => {
    it("stands with all that the chain tells, and its keys go when the record is given up", async () => {
      const { bashir, hospital, doctor, reader } = town;
      const visitId = await visitOf(bashir, hospital, { members: [doctor] });
      await unassignMember(hospital, visitId, doctor.account);
      await closeVisit(bashir, visitId);
      const told = (await history(reader, bashir.patientId)).filter(({ subject }) => subject === visitId);
      expect(told.map(({ kind, account }) => [kind, account])).to.deep.equal([
        ["visit opened", hospital.account],
        ["visit member assigned", doctor.account],
        ["visit member removed", doctor.account],
        ["visit closed", bashir.account],
      ]);
      const [{ sealedKey, assignments }] = (await openedVisits(reader.chain, { visitId })) as [OpenedVisit];
      const digests = [sealedKey, assignments[0]!.sealedKey!];
      const pinned = () => Promise.all(digests.map((digest) => reader.store.isPinned(digest)));
      expect(await pinned()).to.deep.equal([true, true]);
      await deregister(bashir, bashir.patientId);
      expect(await pinned()).to.deep.equal([false, false]);
    });
  });

  describe("abuse", () => {
    it("abuse: a hospital names a patient's backup as a doctor's key: giving the record up keeps what is needed", async () => {
      const { amina, hospital, doctor, registry, reader } = town;
      const carla = await town.patient(18, registry, "Carla Ndour");
      const visitId = await visitOf(carla, hospital);
      const { key } = await visitById(reader, visitId);
      const sealedKey = (await backupOf(reader.chain, carla.account))!;
      await sendAssignMember(reader.chain, hospital.signer, key, { account: doctor.account, sealedKey });
      // Somebody shares with her, so her account goes on being needed.
      const shared = { patientId: amina.patientId, grantee: carla.account, rights: "read", until: FOREVER } as const;
      await grant(
        amina,
        await prepareGrant(amina, { ...shared, drawers: await drawersOf(amina, "imaging"), records: [] }),
      );
      expect((await deregister(carla, carla.patientId)).keepsBackup).to.equal(true);
      expect(await reader.store.isPinned(sealedKey)).to.equal(true);
    });

    let visitId: VisitId;
    before(async () => {
      visitId = await visitOf(town.amina, town.hospital, { readable: ["laboratory"], members: [town.doctor] });
    });

    it("abuse: a doctor of the house who wasn't assigned, and one of another hospital", async () => {
      const { amina, hospital, doctor, colleague, otherDoctor, otherHospital } = town;
      const access = await enterVisit(doctor, visitId);
      const [record] = await recordsOf(town.reader.chain, { patientId: amina.patientId });
      for (const outsider of [colleague, otherDoctor, otherHospital]) {
        await expectSalusError(enterVisit(outsider, visitId), "NOT_IN_VISIT");
        await expectSalusError(publishInVisit(outsider, access, "visits", note("x")), "NotAuthorIn");
        // Not even with the access of somebody else in hand.
        await expectSalusError(readInVisit(outsider, access, record!), "NOT_IN_VISIT");
      }
      await expectSalusError(assignMember(hospital, visitId, otherDoctor.account), "NotOfHospital");
      await expectSalusError(assignMember(otherHospital, visitId, otherDoctor.account), "NotPartyOfVisit");
      await expectSalusError(assignMember(doctor, visitId, colleague.account), "NotPartyOfVisit");
      await expectSalusError(closeVisit(doctor, visitId), "NotPartyOfVisit");
    });

    it("abuse: a doctor who was taken off the visit", async () => {
      const { hospital, colleague } = town;
      await assignMember(hospital, visitId, colleague.account);
      const access = await enterVisit(colleague, visitId);
      await unassignMember(hospital, visitId, colleague.account);
      await expectSalusError(enterVisit(colleague, visitId), "NOT_IN_VISIT");
      await expectSalusError(publishInVisit(colleague, access, "visits", note("x")), "NotAuthorIn");
      // What the threat model says of them: the visit's secret that they kept opens what is written in it afterwards.
      const { recordId } = await publishInVisit(
        town.doctor,
        await enterVisit(town.doctor, visitId),
        "visits",
        note("y"),
      );
      const { header, payload, size } = await recordById(town.reader, recordId);
      await expectSalusError(readRecord(colleague, recordId), "NOT_IN_VISIT");
      const [sealed, bytes] = await Promise.all([town.reader.store.get(header), town.reader.store.get(payload, size)]);
      expect((await open(sealed, bytes, access.secrets.visit)).length).to.be.greaterThan(0);
      const { members } = await visitById(town.reader, visitId);
      expect(members.find(({ account }) => account === colleague.account)?.removed).to.equal(true);
    });

    it("abuse: a doctor opens what the visit may not read", async () => {
      const { amina, doctor } = town;
      const access = await enterVisit(doctor, visitId);
      const { recordId } = await publish(amina, (await drawersOf(amina, "mental health"))[0]!, note("private"));
      const record = await recordById(town.reader, recordId);
      await expectSalusError(readInVisit(doctor, access, record), "NO_ACCESS");
      await expectSalusError(readRecord(doctor, recordId), "NO_ACCESS");
      const file = [
        await town.reader.store.get(record.header),
        await town.reader.store.get(record.payload, record.size),
      ];
      for (const { secretKey } of access.secrets.drawers.values()) {
        await expectSalusError(open(file[0]!, file[1]!, secretKey), "NOT_A_RECIPIENT");
      }
    });

    it("abuse: a doctor opens what was written in another visit of the patient", async () => {
      const { amina, otherHospital, doctor, hospital } = town;
      const elsewhere = await visitOf(amina, otherHospital);
      const theirs = await enterVisit(otherHospital, elsewhere);
      const { recordId } = await publishInVisit(otherHospital, theirs, "visits", note("of the other hospital"));
      const record = await recordById(town.reader, recordId);
      await expectSalusError(readInVisit(doctor, await enterVisit(doctor, visitId), record), "NO_ACCESS");
      await expectSalusError(readRecord(doctor, recordId), "NO_ACCESS");
      await expectSalusError(readRecord(hospital, recordId), "NO_ACCESS");
      await closeVisit(otherHospital, elsewhere);
    });

    it("abuse: a document moved from one visit to another, and a header put before another payload", async () => {
      const { amina, hospital, doctor, otherHospital } = town;
      const access = await enterVisit(doctor, visitId);
      const { recordId } = await publishInVisit(doctor, access, "visits", note("of this visit"));
      const second = await publishInVisit(doctor, access, "visits", note("a second one"));
      const [first, other] = [await recordById(town.reader, recordId), await recordById(town.reader, second.recordId)];
      const anchor = async (author: Session, key: VisitKey, parts: { payload: Hex; header: Hex; size: number }) => {
        const nonce = BigInt(toHex(randomBytes(8)));
        const { scope, scopeKey } = first;
        const call = encodeAppendInVisit(key, { scope, scopeKey, entry: { nonce, ...parts } });
        await sendCall(author.chain, author.signer, call);
        return recordIdIn(visitIdOf(key), author.account, nonce);
      };
      const { payload, header, size } = first;
      const elsewhere = await visitOf(amina, otherHospital);
      const { key } = await visitById(town.reader, elsewhere);
      const moved = await anchor(otherHospital, key, { payload, header, size });
      await expectSalusError(readRecord(amina, moved), "MANIFEST_MISMATCH");
      await expectSalusError(readRecord(otherHospital, moved), "NOT_A_RECIPIENT");
      const copied = await anchor(doctor, access.visit, { payload, header, size });
      const mixed = await anchor(doctor, access.visit, { payload, header: other.header, size });
      for (const reader of [amina, hospital, doctor]) {
        await expectSalusError(readRecord(reader, copied), "MANIFEST_MISMATCH");
        await expectSalusError(readRecord(reader, mixed), "PAYLOAD_TAMPERED");
      }
      await closeVisit(otherHospital, elsewhere);
    });

    it("abuse: a hospital hands its doctor the keys of another visit, or of another patient", async () => {
      const { amina, hospital, doctor, registry } = town;
      const chen = await town.patient(15, registry, "Chen Wei");
      const [second, ofChen] = [await visitOf(amina, hospital), await visitOf(chen, hospital)];
      const to = accountKeys(doctor.root).publicKey;
      for (const [wrong, field] of [
        [second, "visit"],
        [ofChen, "visit"],
      ] as const) {
        const [visit] = (await openedVisits(town.reader.chain, { visitId: wrong })) as [OpenedVisit];
        const keys = await openKeys(hospital, visit.sealedKey, visit.key);
        const { digest: sealedKey } = await hospital.store.add(await sealKeys(keys, [to]));
        const { key } = await visitById(town.reader, visitId);
        await sendAssignMember(hospital.chain, hospital.signer, key, { account: doctor.account, sealedKey });
        const refusal = await expectSalusError(enterVisit(doctor, visitId), "MANIFEST_MISMATCH");
        expect(refusal.details["field"]).to.equal(field);
      }
      await assignMember(hospital, visitId, doctor.account);
      await enterVisit(doctor, visitId);
    });

    it("abuse: a node that tells of a visit that isn't the one of its id", async () => {
      const { amina, doctor, bashir } = town;
      const topic = doctor.chain.visits.interface.getEvent("VisitOpened").topicHash;
      const getLogs: Session["chain"]["provider"]["getLogs"] = async (filter) =>
        (await amina.chain.provider.getLogs(filter)).map((log) => {
          if (log.topics[0] !== topic) return log;
          const topics = [...log.topics.slice(0, 3), bashir.patientId];
          return new Proxy(log, { get: (target, name) => (name === "topics" ? topics : member(target, name)) });
        });
      const provider = new Proxy(amina.chain.provider, {
        get: (target, name) => (name === "getLogs" ? getLogs : member(target, name)),
      });
      const lied = { ...doctor, chain: { ...doctor.chain, provider } };
      await expectSalusError(enterVisit(lied, visitId), "ANCHOR_MISMATCH");
    });

    it("abuse: a hospital whose accreditation was revoked, and its doctors with it", async () => {
      const { amina, otherHospital, otherDoctor } = town;
      const elsewhere = await visitOf(amina, otherHospital, { members: [otherDoctor] });
      const access = await enterVisit(otherDoctor, elsewhere);
      const authority = await town.session(2);
      await sendRevokeAccreditation(authority.chain, authority.signer, otherHospital.account);
      for (const account of [otherHospital, otherDoctor]) {
        await expectSalusError(enterVisit(account, elsewhere), "NOT_IN_VISIT");
        await expectSalusError(publishInVisit(account, access, "visits", note("x")), "NotAuthorIn");
      }
      await closeVisit(amina, elsewhere);
    });
  });
});

/** A member of an object that has private fields, so that it can stand behind a proxy. */
function member(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? (value.bind(target) as unknown) : value;
}
