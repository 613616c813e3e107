import { expect } from "chai";

import {
  discloseBill,
  discloseClaimNote,
  discloseConfirmation,
  discloseDecision,
  discloseFunds,
} from "../../../sdk/core/disclose-claim.js";
import { discloseIssue } from "../../../sdk/core/disclose-policy.js";
import { shortId } from "../../../sdk/core/disclosure.js";
import type { Address } from "../../../sdk/types.js";
import { digest } from "./support.js";

const HOSPITAL: Address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

describe("sdk/core: who will know what of a claim", () => {
  const words = {
    hospitalName: "City Hospital",
    insurerName: "Harbour Mutual",
    token: { symbol: "dEUR", decimals: 2 },
  };
  const patientId = digest("patient");

  it("says that amounts are public and items aren't, and whom the documents don't go to", () => {
    const bill = { visit: { patientId }, amount: 20_000n, doctor: null, doctorShare: 0, records: [1] };
    const told = discloseBill(bill, words);
    expect(told.everyone[0]).to.equal(
      `That City Hospital billed Harbour Mutual 200.00 dEUR for a visit of ${shortId(patientId)}, for when, and with which 1 document.`,
    );
    expect(told.everyone.join(" ")).not.to.match(/of what is paid/);
    expect(told.everyone.at(-1)).to.match(/^Not what was done/);
    expect(told.grantee.join(" ")).to.match(/doesn't get the documents/);
    const shared = discloseBill({ ...bill, doctor: HOSPITAL, doctorShare: 1_250 }, words);
    expect(shared.everyone.join(" ")).to.include(`${shortId(HOSPITAL)} gets 12.5 % of what is paid`);
  });

  it("says what confirming sets free, and that words reach three parties alone", () => {
    expect(discloseConfirmation(words).grantee.join(" ")).to.match(/Harbour Mutual can pay now/);
    for (const [kind, what] of [
      ["disputed", /Nothing is paid/],
      ["asked", /Time stands still/],
      ["answered", /begins anew/],
    ] as const) {
      const told = discloseClaimNote(kind, words);
      expect(told.grantee.join(" ")).to.match(what);
      expect(told.everyone).to.include("Not the words.");
    }
  });

  it("says what a decision pays to whom, for good, and why not more", () => {
    const approval = { eligible: 20_000n, amount: 20_000n, paid: 13_500n, fee: 0n, reasonText: null };
    const paid = discloseDecision(approval, words);
    expect(paid.grantee[1]).to.equal("City Hospital can take out 135.00 dEUR. It can't be taken back.");
    const split = discloseDecision({ ...approval, fee: 500n, reasonText: "Too much." }, words);
    expect(split.grantee[1]).to.match(/130\.00 dEUR, the doctor 5\.00 dEUR/);
    expect(split.everyone).to.include("Why not all of it: Too much.");
    const denial = discloseDecision({ ...approval, eligible: 0n, paid: 0n, reasonText: "No." }, words);
    expect(denial.everyone[0]).to.equal("That Harbour Mutual denied the bill of 200.00 dEUR.");
    expect(denial.grantee).to.have.length(1);
  });

  it("says that money moved shows, and that a policy's terms do", () => {
    const moved = { account: HOSPITAL, amount: 5n, token: words.token };
    expect(discloseFunds("deposit", moved).everyone[0]).to.match(/paid in 0\.05 dEUR/);
    expect(discloseFunds("collect", moved).everyone[0]).to.match(/took out 0\.05 dEUR/);
    const offer = { patientId, title: "Care", from: 1, until: 2, isNextVersion: false };
    const issue = (hasTerms: boolean) =>
      discloseIssue({ ...offer, hasTerms }, { insurerName: "I", formatDay: String }).everyone.join(" ");
    expect(issue(true)).to.match(/deductible, co-payment and limit/);
    expect(issue(false)).not.to.match(/deductible/);
  });
});
