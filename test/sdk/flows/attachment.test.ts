import { expect } from "chai";

import {
  attachToOrder,
  cancelOrder,
  enterVisit,
  openOrder,
  orderById,
  placeOrder,
  readInVisit,
  recordById,
  verifyHistory,
  type RecordId,
  type VisitId,
} from "../../../sdk/index.js";
import { expectSalusError } from "../../expectSalusError.js";
import { note, startCareTown, textOf, tomorrow, visitOf, type CareTown } from "./visit-world.js";

describe("flows: files on an order", function () {
  this.timeout(180_000);

  let town: CareTown;
  let visitId: VisitId;
  let orderId: RecordId;
  before(async () => {
    town = await startCareTown();
    visitId = await visitOf(town.amina, town.hospital, { members: [town.doctor, town.laboratory] });
  });
  after(() => town.stop());

  it("an order's document is written once its id is known, and names it", async () => {
    const { doctor, laboratory } = town;
    const access = await enterVisit(doctor, visitId);
    ({ recordId: orderId } = await placeOrder(doctor, access, {
      drawer: "laboratory",
      document: (id) => Promise.resolve(note(`the list of ${id}`)),
      role: "laboratory",
      fills: 1,
      until: await tomorrow(doctor),
      fulfiller: laboratory.account,
    }));
    const opened = await openOrder(laboratory, orderId);
    expect(textOf(opened)).to.equal(`the list of ${orderId}`);
  });

  it("a file that is attached is open to the visit, and counts as no report", async () => {
    const { amina, doctor, laboratory } = town;
    const opened = await openOrder(laboratory, orderId);
    const { recordId } = await attachToOrder(laboratory, opened, note("a curve"), { drawer: "imaging" });
    const record = await recordById(doctor, recordId);
    const access = await enterVisit(doctor, visitId);
    expect(textOf(await readInVisit(doctor, access, record))).to.equal("a curve");
    const { reports, state } = await orderById(town.reader, orderId);
    expect({ reports, state }).to.deep.equal({ reports: [], state: "assigned" });
    const { records } = await verifyHistory(town.reader, amina.patientId);
    expect(records.at(-1)?.recordId).to.equal(recordId);
  });

  it("goes into the drawers of the order only", async () => {
    const opened = await openOrder(town.laboratory, orderId);
    await expectSalusError(
      attachToOrder(town.laboratory, opened, note("elsewhere"), { drawer: "mental health" }),
      "UnknownScope",
    );
  });

  it("abuse: somebody who wasn't chosen attaches nothing with what another one opened", async () => {
    const opened = await openOrder(town.laboratory, orderId);
    await expectSalusError(attachToOrder(town.otherLaboratory, opened, note("a lie")), "NotAuthorIn");
  });

  it("abuse: nothing is attached to an order that was cancelled", async () => {
    const opened = await openOrder(town.laboratory, orderId);
    await cancelOrder(town.amina, orderId);
    await expectSalusError(attachToOrder(town.laboratory, opened, note("too late")), "NotAuthorIn");
  });
});
