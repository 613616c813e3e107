import { expect } from "chai";
import fc from "fast-check";

import { padme } from "../../../sdk/core/padding.js";
import vectors from "../../vectors/padding.json" with { type: "json" };
import { codeOf } from "./support.js";

describe("sdk/core/padding", function () {
  it("gives the frozen buckets", function () {
    for (const { size, padded } of vectors) expect(padme(size), String(size)).to.equal(padded);
  });

  it("never shrinks, adds at most 12 %, keeps the order, and leaves a bucket as it is", function () {
    const sizes = fc.integer({ min: 0, max: 2 ** 31 - 2 });
    fc.assert(
      fc.property(sizes, (size) => {
        const padded = padme(size);
        expect(padded).to.be.within(size, size * 1.12);
        expect(padme(size + 1)).to.be.at.least(padded);
        if (padded < 2 ** 31) expect(padme(padded)).to.equal(padded);
      }),
    );
  });

  it("refuses what isn't a size", async function () {
    for (const size of [-1, 0.5, Number.NaN, 2 ** 31])
      expect(await codeOf(() => padme(size))).to.equal("INVALID_INPUT");
  });
});
