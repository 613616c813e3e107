import { expect } from "chai";
import fc from "fast-check";
import * as v from "valibot";

import {
  checkTerms,
  coverageOf,
  describeTerms,
  feeOf,
  formatAmount,
  parseAmount,
  refOf,
  SaltedTermsSchema,
  termsFromJson,
  termsToJson,
  WHOLE,
  type Terms,
} from "../../../sdk/core/terms.js";
import type { Address } from "../../../sdk/types.js";
import { codeOf, digest } from "./support.js";

const TOKEN: Address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const EURO = { token: TOKEN, symbol: "dEUR", decimals: 2 };

const amount = fc.bigInt({ min: 0n, max: 2n ** 96n - 1n });
const anyTerms: fc.Arbitrary<Terms> = fc.record({
  token: fc.constant(TOKEN),
  deductible: fc.oneof(amount, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })),
  coPayment: fc.integer({ min: 0, max: WHOLE }),
  limit: fc.oneof(amount, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })),
});
const anySpent = fc.record({ deductible: amount, paid: amount });

describe("sdk/core: terms", () => {
  const terms: Terms = { token: TOKEN, deductible: 5_000n, coPayment: 1_000, limit: 100_000n };
  const fresh = { deductible: 0n, paid: 0n };

  it("takes the deductible first, then the patient's part, then the limit", () => {
    expect(coverageOf(terms, fresh, 20_000n)).to.deep.equal({
      deductible: 5_000n,
      coPayment: 1_500n,
      aboveLimit: 0n,
      paid: 13_500n,
    });
    expect(coverageOf(terms, fresh, 4_000n)).to.include({ deductible: 4_000n, paid: 0n });
    expect(coverageOf(terms, { deductible: 5_000n, paid: 99_000n }, 20_000n)).to.deep.equal({
      deductible: 0n,
      coPayment: 2_000n,
      aboveLimit: 17_000n,
      paid: 1_000n,
    });
  });

  it("abuse: rounding never pays a unit more than is covered", () => {
    const third = { ...terms, deductible: 0n, coPayment: 3_333 };
    expect(coverageOf(third, fresh, 1n)).to.include({ coPayment: 1n, paid: 0n });
    fc.assert(
      fc.property(anyTerms, anySpent, amount, (each, spent, eligible) => {
        const { deductible, coPayment, aboveLimit, paid } = coverageOf(each, spent, eligible);
        const parts = [deductible, coPayment, aboveLimit, paid];
        return (
          parts.every((part) => part >= 0n) &&
          parts.reduce((sum, part) => sum + part) === eligible &&
          // The exact share, in ten-thousandths: what is paid is never above it.
          paid * 10_000n <= (eligible - deductible) * BigInt(WHOLE - each.coPayment) &&
          (paid === 0n || spent.paid + paid <= each.limit) &&
          (deductible === 0n || spent.deductible + deductible <= each.deductible)
        );
      }),
    );
  });

  it("abuse: bills cut into pieces get nobody more than the limit, and no second deductible", () => {
    fc.assert(
      fc.property(anyTerms, fc.array(amount, { maxLength: 20 }), (each, bills) => {
        const spent = { deductible: 0n, paid: 0n };
        for (const bill of bills) {
          const { deductible, paid } = coverageOf(each, spent, bill);
          spent.deductible += deductible;
          spent.paid += paid;
        }
        return spent.paid <= each.limit && spent.deductible <= each.deductible;
      }),
    );
  });

  it("gives the doctor a part that is never more than what is paid", () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: WHOLE }), (paid, share) => {
        const fee = feeOf(paid, share);
        return fee >= 0n && fee <= paid && fee * 10_000n <= paid * BigInt(share);
      }),
    );
  });

  it("has another reference for any other terms or salt", () => {
    const salt = digest("salt");
    const refs = [
      terms,
      { ...terms, deductible: 5_001n },
      { ...terms, coPayment: 1_001 },
      { ...terms, limit: 100_001n },
      { ...terms, token: "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512" as const },
    ].map((each) => refOf({ terms: each, salt }));
    expect(new Set([...refs, refOf({ terms, salt: digest("other") })]).size).to.equal(6);
    expect(refs[0]).to.equal("0xc24d6d55a4b4972b6088f6dc3cfd1e58883958605622cbf3b9b914b2e916a0a5");
  });

  it("survives JSON, and takes nothing else for terms", async () => {
    fc.assert(
      fc.property(anyTerms, (each) => {
        expect(termsFromJson(JSON.parse(JSON.stringify(termsToJson(each))))).to.deep.equal(each);
      }),
    );
    const json = termsToJson(terms);
    for (const wrong of [
      null,
      { ...json, limit: 1 },
      { ...json, limit: "-1" },
      { ...json, limit: "1e3" },
      { ...json, limit: (2n ** 256n).toString() },
      { ...json, coPayment: 10_001 },
      { ...json, coPayment: 0.5 },
      { ...json, token: json.token.toLowerCase() },
      { ...json, token: `0x${"0".repeat(40)}` },
      { ...json, more: true },
    ]) {
      expect(await codeOf(() => termsFromJson(wrong)), JSON.stringify(wrong)).to.equal("INVALID_INPUT");
      expect(v.is(SaltedTermsSchema, { ...(wrong as object | null), salt: digest("salt") })).to.equal(false);
    }
    for (const wrong of [{ coPayment: -1 }, { coPayment: 10_001 }, { deductible: -1n }, { limit: 2n ** 256n }]) {
      expect(await codeOf(() => checkTerms({ ...terms, ...wrong }))).to.equal("INVALID_INPUT");
    }
  });

  it("writes amounts as people do, and reads them back", async () => {
    expect(formatAmount(123_456_789n, EURO)).to.equal("1,234,567.89 dEUR");
    expect(formatAmount(0n, EURO)).to.equal("0.00 dEUR");
    expect(formatAmount(1_500_000_000_000_000_000n, { symbol: "DAI", decimals: 18 })).to.equal("1.50 DAI");
    expect(formatAmount(7n, { symbol: "PTS", decimals: 0 })).to.equal("7 PTS");
    expect(parseAmount("1,234.5", EURO)).to.equal(123_450n);
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 24 }), (units, decimals) => {
        const [text = ""] = formatAmount(units, { symbol: "X", decimals }).split(" ");
        return parseAmount(text, { decimals }) === units;
      }),
    );
    for (const wrong of ["", "1.234", "-1", "1,23", "abc", "1e3", "0x10", "1.", " ", "١"]) {
      expect(await codeOf(() => parseAmount(wrong, EURO)), wrong).to.equal("INVALID_INPUT");
    }
  });

  it("says the terms in one sentence", () => {
    expect(describeTerms(terms, EURO)).to.equal(
      "You pay the first 50.00 dEUR of the policy's term, then 10 % of the rest; at most 1,000.00 dEUR are paid in all.",
    );
    expect(describeTerms({ ...terms, deductible: 0n }, EURO, "other")).to.equal(
      "The patient pays 10 % of every bill; at most 1,000.00 dEUR are paid in all.",
    );
    expect(describeTerms({ ...terms, deductible: 0n, coPayment: 0 }, EURO)).to.equal(
      "You pay nothing of what is covered; at most 1,000.00 dEUR are paid in all.",
    );
  });
});
