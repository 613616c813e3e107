/** "Who will know what": the words follow from what is signed, and hide no leak. */
import { expect } from "chai";

import {
  discloseClosing,
  discloseGrant,
  discloseKey,
  discloseRecord,
  discloseRevocation,
  shortId,
  type Disclosure,
} from "../../../sdk/core/disclosure.js";
import {
  discloseAcceptance,
  discloseCancellation,
  discloseIssue,
  discloseMismatch,
} from "../../../sdk/core/disclose-policy.js";
import type { Address, Hex, Rights } from "../../../sdk/types.js";

const PATIENT: Hex = `0x7f3a${"0".repeat(56)}c91e`;
const DRAWER: Hex = `0x${"11".repeat(32)}`;
const RECORD: Hex = `0x${"22".repeat(32)}`;
const DOCTOR: Address = `0x${"33".repeat(20)}`;
const everything = ({ grantee, organisation, everyone }: Disclosure) =>
  [...grantee, ...organisation, ...everyone].join(" ");

describe("disclosure", () => {
  const context = {
    granteeName: "Dr Lee",
    organisationName: "City Hospital",
    subjects: new Map([
      [DRAWER, { kind: "drawer" as const, name: "Laboratory", documents: 11 }],
      [RECORD, { kind: "document" as const, name: "Chest X-ray", documents: 1 }],
    ]),
    formatUntil: () => "until 21 December",
  };
  const terms = (subject: Hex, rights: Rights) => [{ patientId: PATIENT, subject, grantee: DOCTOR, rights, until: 1 }];

  it("says how many documents of which drawer can be opened, and until when", () => {
    const { grantee, organisation, everyone } = discloseGrant(terms(DRAWER, "read"), context);
    expect(grantee[0]).to.equal("Can open 11 documents in Laboratory, and new ones, until 21 December.");
    expect(organisation[0]).to.match(/nothing of the content.*can see on the chain/i);
    expect(everyone[0]).to.include("7f3a…c91e").and.to.include("1 drawer").and.to.include("end date");
  });

  it("doesn't speak of reading to whom may only write, nor of new documents where one is shared", () => {
    expect(discloseGrant(terms(DRAWER, "write"), context).grantee).to.deep.equal([
      "Can add documents to this drawer, until 21 December.",
    ]);
    expect(discloseGrant(terms(RECORD, "read"), context).grantee).to.deep.equal([
      "Can open Chest X-ray, until 21 December. Nothing else.",
    ]);
  });

  it("never tells everyone the name of a drawer or a document", () => {
    for (const subject of [DRAWER, RECORD]) {
      const { everyone, organisation } = discloseGrant(terms(subject, "read and write"), context);
      expect([...everyone, ...organisation].join(" ")).not.to.match(/Laboratory|Chest/);
    }
  });

  it("says of a stop that what was opened may have been kept, and of a new key only where there is one", () => {
    const moved = discloseRevocation({ patientId: PATIENT }, { ...context, movesDrawer: true });
    expect(everything(moved))
      .to.match(/may have been kept/)
      .and.to.match(/new key/);
    const kept = discloseRevocation({ patientId: PATIENT }, { ...context, movesDrawer: false });
    expect(everything(kept)).not.to.match(/new key/);
  });

  it("names the organisation's column for what it is when nobody vouches for the account", () => {
    const { organisation } = discloseRevocation(
      { patientId: PATIENT },
      { granteeName: "3333…3333", movesDrawer: true },
    );
    expect(organisation).to.deep.equal(["No organisation vouches for this account."]);
  });

  it("says who can open new documents after a drawer's key changed", () => {
    const move = { patientId: PATIENT, drawers: ["laboratory", "visits"] };
    expect(discloseClosing({ ...move, readers: [] }).grantee[0]).to.match(/^Nobody but you/);
    const { grantee, everyone } = discloseClosing({ ...move, readers: ["Dr Lee"] });
    expect(grantee[0]).to.match(/^Dr Lee can open new documents in laboratory and visits/);
    expect(everyone.join(" "))
      .to.include("2 drawers")
      .and.not.to.match(/laboratory|visits/);
  });

  it("tells of a document its readers, its rough size, and that a new drawer shows", () => {
    const record = { patientId: PATIENT, size: 1_000, readers: [] };
    expect(discloseRecord(record).grantee).to.deep.equal(["Nobody but you can open it."]);
    expect(everything(discloseRecord(record)))
      .to.match(/size to within an eighth/)
      .and.not.to.match(/one more drawer/);
    expect(discloseRecord({ ...record, opensDrawer: true }).everyone[0]).to.match(/one more drawer/);
    const byDoctor = discloseRecord({ ...record, readers: ["The patient"], organisationName: "City Hospital" });
    expect(byDoctor.grantee).to.deep.equal(["The patient can open it."]);
    expect(byDoctor.organisation.join(" ")).to.match(/City Hospital can see on the chain that you added it/);
  });

  it("warns that a backup is as safe as its passphrase", () => {
    expect(everything(discloseKey({ account: DOCTOR, backup: true }))).to.match(/guesses the passphrase/);
    expect(everything(discloseKey({ account: DOCTOR, backup: false }))).not.to.match(/passphrase/);
  });

  it("says what accepting makes public", () => {
    const { everyone } = discloseAcceptance({ patientId: PATIENT, insurerName: "Harbour Mutual" });
    expect(everyone[0]).to.include(shortId(PATIENT)).and.to.include("Harbour Mutual");
    const next = { patientId: PATIENT, insurerName: "Harbour Mutual", endsPrevious: "1 May" };
    expect(everything(discloseAcceptance(next)))
      .to.match(/version before ends on 1 May/)
      .and.to.match(/Which version it follows/);
  });

  describe("of policies", () => {
    const formatDay = (time: number) => `day ${time}`;
    const about = { patientId: PATIENT, insurerName: "Harbour Mutual" };

    it("says that an offer shows the plan, the term and whose pseudonym, and never the schedule", () => {
      const offer = { patientId: PATIENT, title: "Care Plus", from: 1, until: 2, isNextVersion: false };
      const told = discloseIssue(offer, { insurerName: "Harbour Mutual", formatDay });
      expect(told.everyone.join(" ")).to.include("day 1 to day 2").and.to.include(shortId(PATIENT));
      expect(told.everyone.join(" ")).to.match(/Whoever knows whose pseudonym this is, knows whose insurance/);
      expect(told.organisation.join(" ")).to.include('"Care Plus"');
      const next = discloseIssue({ ...offer, isNextVersion: true }, { insurerName: "Harbour Mutual", formatDay });
      expect(everything(next))
        .to.match(/silence is refusal/)
        .and.to.match(/next version/);
    });

    it("tells an ending from a refusal, and who does which", () => {
      for (const isInsurer of [true, false]) {
        for (const isOffer of [true, false]) {
          const told = discloseCancellation({ ...about, isInsurer, isOffer, from: 9 }, formatDay);
          expect(told.everyone.join(" ")).to.include("counts in Harbour Mutual's public record");
          expect(everything(told).includes("day 9")).to.equal(!isOffer);
          const act = isOffer ? (isInsurer ? /withdrew/ : /declined/) : /ends a policy/;
          expect(told.everyone[0]).to.match(act);
        }
      }
    });

    it("says that a report is for good, is the patient's word, and shows no copy", () => {
      const [insurers, patients]: Hex[] = [`0x${"aa".repeat(32)}`, `0x${"bb".repeat(32)}`];
      const parts = [
        { part: "wording", equal: false },
        { part: "schedule", equal: true },
      ];
      const told = discloseMismatch(about, { insurers: insurers!, patients: patients!, parts });
      const known = told.everyone.join(" ");
      expect(known).to.include(shortId(insurers!)).and.to.include(shortId(patients!)).and.to.include("for good");
      expect(known)
        .to.match(/It is your word/)
        .and.to.match(/Not what either wording says/);
    });
  });
});
