/** "Who will know what" of orders: the words follow from what is signed, and hide no leak. */
import { expect } from "chai";

import {
  discloseChoice,
  discloseOrder,
  discloseOrderCancellation,
  discloseReport,
  discloseRequest,
} from "../../../sdk/core/disclose-order.js";
import type { Hex } from "../../../sdk/types.js";

const PATIENT: Hex = `0x7f3a${"0".repeat(56)}c91e`;
const hospitalName = "City Hospital";
const patientName = "Amina Rahman";

describe("disclosure of orders", () => {
  const order = { patientId: PATIENT, role: "laboratory" as const, fills: 1, until: 1 };
  const words = { patientName, hospitalName, formatTime: () => "30 November" };

  it("says who gets the list, and that nobody does before somebody is chosen", () => {
    const given = discloseOrder(order, { ...words, fulfillerName: "Harbour Laboratory" });
    expect(given.grantee.join(" ")).to.include("Harbour Laboratory gets this order").and.to.include("Nothing else");
    expect(given.everyone[0]).to.equal(
      "That you ordered something for 7f3a…c91e in this visit: a test list, 1 time, until 30 November, from Harbour Laboratory.",
    );
    const open = discloseOrder({ ...order, role: "pharmacy", fills: 3 }, { ...words, fulfillerName: null });
    expect(open.grantee.join(" ")).to.include("Nobody can carry it out until Amina Rahman has chosen");
    expect(open.everyone[0]).to.include("a prescription, 3 times").and.not.to.include("from");
  });

  it("never tells everyone who the patient is", () => {
    for (const { everyone, organisation } of [
      discloseOrder(order, { ...words, fulfillerName: null }),
      discloseChoice(order, { fulfillerName: "Harbour Laboratory", drawers: ["laboratory"] }),
      discloseRequest(order, { accountName: "Harbour Laboratory" }),
      discloseReport(
        { ...order, status: "final" },
        { patientName, hospitalName, drawer: "laboratory", isVisitOpen: true },
      ),
      discloseOrderCancellation(order, { fulfillerName: "Harbour Laboratory" }),
    ]) {
      expect([...everyone, ...organisation].join(" ")).not.to.include(patientName);
      expect(everyone.join(" ")).to.include("7f3a…c91e");
    }
  });

  it("says of a request no more than that somebody asks: an order's id is public", () => {
    const { everyone } = discloseRequest(order, { accountName: "Harbour Laboratory" });
    expect(everyone).to.deep.equal(["That Harbour Laboratory asks to carry out an order of 7f3a…c91e, and when."]);
  });

  it("says to who asks what anybody can see of an order, and that the rest comes with being chosen", () => {
    const [seen, sealed] = discloseRequest(order, { accountName: "Harbour Laboratory" }).grantee;
    for (const visible of ["pseudonym", "visit", "doctor", "how often", "until when"]) expect(seen).to.include(visible);
    expect(sealed).to.include("What is ordered").and.to.include("name").and.to.include("chooses you");
  });

  it("says that an earlier choice may have kept the order", () => {
    const chosen = { fulfillerName: "Hill Laboratory", drawers: ["laboratory", "imaging"] };
    const { grantee } = discloseChoice(order, { ...chosen, earlierName: "Harbour Laboratory" });
    expect(grantee.join(" ")).to.include("Harbour Laboratory can't carry it out any more. It may have kept the order.");
    expect(grantee.join(" ")).to.include("laboratory and imaging").and.to.include("not even its own results later");
    expect(discloseChoice(order, chosen).grantee).to.have.length(2);
    const { grantee: stopped } = discloseOrderCancellation(order, { fulfillerName: null });
    expect(stopped).to.deep.equal(["Nobody can be chosen for it any more."]);
  });

  it("says whether the visit's doctors can open a report", () => {
    const about = { patientName, hospitalName, drawer: "medication" };
    const dispensed = { ...order, role: "pharmacy" as const, status: "final" as const };
    const open = discloseReport(dispensed, { ...about, isVisitOpen: true });
    expect(open.grantee.join(" ")).to.include("So can City Hospital and the doctors of the visit");
    expect(open.everyone[0]).to.include("a dispensing (final)");
    const over = discloseReport(dispensed, { ...about, isVisitOpen: false });
    expect(over.grantee.join(" ")).to.include("The visit is over").and.to.include("keep what you must keep");
  });
});
