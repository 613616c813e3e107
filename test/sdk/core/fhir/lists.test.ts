/** The lists that ship: codes that are what they say they are. */
import { expect } from "chai";

import { fhir } from "../../../../sdk/index.js";

/** LOINC's check digit: mod 10 as of credit cards (LOINC Users' Guide, appendix C). */
function hasCheckDigit(code: string): boolean {
  const [, number = "", digit] = /^(\d{1,7})-(\d)$/.exec(code) ?? [];
  const sum = Array.from(number)
    .reverse()
    .reduce((all, each, i) => {
      const value = Number(each) * (i % 2 === 0 ? 2 : 1);
      return all + (value > 9 ? value - 9 : value);
    }, 0);
  return (10 - (sum % 10)) % 10 === Number(digit);
}

describe("laboratory tests", () => {
  it("have LOINC codes with right check digits, each once", () => {
    expect(fhir.LAB_TESTS.length).to.be.within(60, 80);
    for (const { code, name } of fhir.LAB_TESTS) expect(hasCheckDigit(code), `${name} ${code}`).to.be.true;
    expect(new Set(fhir.LAB_TESTS.map(({ code }) => code)).size).to.equal(fhir.LAB_TESTS.length);
    expect(new Set(fhir.LAB_TESTS.map(({ name }) => name.toLowerCase())).size).to.equal(fhir.LAB_TESTS.length);
    // The control: digits that were swapped are found out.
    expect(hasCheckDigit("883-0")).to.be.false;
  });

  it("have a UCUM unit wherever LOINC measures, and a range that can be told", () => {
    for (const { unit, loincName, ranges, name } of fhir.LAB_TESTS) {
      expect(unit === null, name).to.equal(/\[(Presence|Type)\]|identified/.test(loincName));
      if (unit !== null) expect(unit, name).to.match(/^[!-~]+$/);
      for (const { low, high, text } of ranges) {
        expect(low ?? high ?? text, name).not.to.equal(undefined);
        expect((low ?? -Infinity) < (high ?? Infinity), name).to.be.true;
        expect(text === undefined, name).to.equal(unit !== null);
      }
    }
  });

  it("differ by sex where the list does, and without knowing it don't call the healthy ill", () => {
    const hemoglobin = fhir.testByCode("718-7")!;
    expect(fhir.rangeFor(hemoglobin, { sex: "female" })).to.include({ low: 12, high: 15.5 });
    expect(fhir.rangeFor(hemoglobin, { sex: "male" })).to.include({ low: 13.5, high: 17.5 });
    expect(fhir.rangeFor(hemoglobin)).to.deep.equal({ low: 12, high: 17.5 });
    expect(fhir.rangeFor(fhir.testByCode("2143-6")!)).to.equal(null);
    expect(fhir.usualRange({ name: "Malaria" })).to.equal(null);
  });
});

describe("the other lists", () => {
  it("name each medicine once, with codes that are numbers", () => {
    expect(fhir.MEDICINES.length).to.be.at.least(40);
    expect(new Set(fhir.MEDICINES.map(fhir.medicineName)).size).to.equal(fhir.MEDICINES.length);
    for (const { rxnorm } of fhir.MEDICINES) if (rxnorm !== undefined) expect(rxnorm).to.match(/^[1-9]\d{1,6}$/);
  });

  it("give each reason a code of the chain's, 1 to 12", () => {
    expect(fhir.REASONS.map(({ code }) => code)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(() => fhir.reasonText(0))
      .to.throw()
      .with.property("code", "INVALID_INPUT");
  });

  it("give each kind of item a code", () => {
    for (const { code } of fhir.CLAIM_ITEMS) expect(fhir.claimItemByCode(code).code).to.equal(code);
    expect(() => fhir.claimItemByCode("constructor"))
      .to.throw()
      .with.property("code", "INVALID_INPUT");
  });
});
