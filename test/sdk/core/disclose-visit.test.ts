/** "Who will know what" of permits and visits: the words follow from what is signed, and hide no leak. */
import { expect } from "chai";

import {
  discloseAssignment,
  disclosePermit,
  discloseVisitEnd,
  discloseVisitRecord,
  discloseWithdrawal,
} from "../../../sdk/core/disclose-visit.js";
import type { Disclosure } from "../../../sdk/core/disclosure.js";
import type { Address, Hex } from "../../../sdk/types.js";

const PATIENT: Hex = `0x7f3a${"0".repeat(56)}c91e`;
const DOCTOR: Address = `0x${"33".repeat(20)}`;
const hospitalName = "City Hospital";
const all = ({ grantee, organisation, everyone }: Disclosure) => [...grantee, ...organisation, ...everyone].join(" ");

describe("disclosure of visits", () => {
  const permit = (readable: string[], isAnnounced = false) =>
    disclosePermit(
      {
        permit: { patientId: PATIENT, until: 2 },
        deadline: 1,
        readable,
        writable: ["laboratory", "imaging", "visits"],
      },
      { hospitalName, documents: 11, isAnnounced, formatTime: (time) => (time === 1 ? "10:00" : "18:00") },
    );

  it("says what a permit lets the hospital open, how often, until when, and that the keys go along with the code", () => {
    const { grantee } = permit(["laboratory", "imaging"]);
    expect(grantee[0]).to.equal("City Hospital can open a visit with it, once, until 10:00. The visit ends by 18:00.");
    expect(grantee.join(" ")).to.include("11 documents in laboratory and imaging");
    expect(grantee.join(" ")).to.match(/keys of these drawers go along with the code.*could keep them.*never opened/);
    expect(grantee.join(" ")).to.include("add documents to 3 drawers");
  });

  it("promises no reading, and speaks of no keys, where nothing may be read", () => {
    const text = permit([]).grantee.join(" ");
    expect(text).to.include("It can open nothing that you had before").and.not.to.include("keys of");
  });

  it("hides nothing that everyone will see, and names no drawer to them", () => {
    const { everyone } = permit(["mental health"]);
    expect(everyone.join(" "))
      .to.include("7f3a…c91e is in a visit at City Hospital")
      .and.to.include("where you are treated");
    expect(everyone.join(" ")).not.to.include("mental health");
    expect(everyone.join(" ")).not.to.include("takes a transaction");
    expect(permit([], true).everyone.join(" ")).to.include("that 7f3a…c91e is about to visit City Hospital");
  });

  it("doesn't promise that withdrawing undoes what was read", () => {
    const { grantee, everyone } = discloseWithdrawal({ patientId: PATIENT }, { hospitalName });
    expect(grantee.join(" ")).to.include("may have kept the keys");
    expect(everyone.join(" ")).to.include("7f3a…c91e took back a permit for City Hospital");
  });

  it("tells a doctor's assignment from a laboratory's", () => {
    const words = { memberName: "Dr Lee", hospitalName, patientName: "Amina Rahman", readable: ["laboratory"] };
    const visit = { patientId: PATIENT, account: DOCTOR };
    const doctor = discloseAssignment({ ...visit, role: "doctor" }, words);
    expect(doctor.grantee.join(" ")).to.include("Amina Rahman").and.to.include("laboratory");
    expect(doctor.everyone.join(" ")).to.include("Dr Lee").and.not.to.include("Amina");
    const nameless = discloseAssignment({ ...visit, role: "doctor" }, { ...words, patientName: "" });
    expect(nameless.grantee.join(" ")).to.include("the patient is 7f3a");
    const nothing = discloseAssignment({ ...visit, role: "doctor" }, { ...words, readable: [] });
    expect(nothing.grantee.join(" ")).to.include("nothing from before");
    const laboratory = discloseAssignment({ ...visit, role: "laboratory" }, words);
    expect(all(laboratory)).to.include("can open nothing until it is given one").and.not.to.include("Amina");
  });

  it("says who can open a document of a visit, and for how long", () => {
    const { grantee, everyone } = discloseVisitRecord(
      { patientId: PATIENT },
      { patientName: "Amina Rahman", hospitalName, doctors: ["Dr Lee", "Dr Haddad"] },
    );
    expect(grantee).to.deep.equal([
      "Amina Rahman can open it for good.",
      "City Hospital, Dr Lee and Dr Haddad can open it until the visit ends, whichever drawer it goes into.",
    ]);
    expect(everyone.join(" ")).not.to.include("Amina");
  });

  it("says at the end what stays: what was opened, the keys that were kept, and orders", () => {
    const ended = discloseVisitEnd({ patientId: PATIENT, readable: ["laboratory"] }, { hospitalName });
    expect(ended.grantee.join(" ")).to.match(/may have been kept.*keys of laboratory.*Orders stand/);
    const closed = discloseVisitEnd({ patientId: PATIENT, readable: [] }, { hospitalName });
    expect(closed.grantee.join(" ")).not.to.include("keys of");
    expect(ended.everyone.join(" ")).to.include("which side ended it");
  });
});
