import { expect } from "chai";

import { fuzz } from "./fuzz.js";

describe("sdk/core: fuzzing", function () {
  it("refuses 2,000 mutated inputs, each with a typed error (npm run fuzz makes 100,000)", async function () {
    const { rows, faults } = await fuzz(2000, 1);
    expect(faults).to.deep.equal([]);
    expect(rows.map(({ kind }) => kind)).to.include.members(["backup", "chunks", "header", "manifest", "payload"]);
    expect(rows.reduce((sum, { inputs, unchanged }) => sum + inputs - unchanged, 0)).to.equal(2000);
  });
});
