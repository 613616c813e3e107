import { expect } from "chai";

import {
  closeVisit,
  enterVisit,
  publish,
  publishInVisit,
  readableRecords,
  readInVisit,
  readManifest,
  readRecord,
  visitById,
  visitRecords,
  visitsOf,
  visitTimeline,
  type VisitId,
} from "../../../sdk/index.js";
import { expectSalusError } from "../../expectSalusError.js";
import { drawersOf, note, startCareTown, textOf, visitOf, type CareTown } from "./visit-world.js";

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
});
