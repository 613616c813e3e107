import { expect } from "chai";

import { fuzzServices } from "./fuzz.js";

describe("attest: fuzzing", function () {
  this.timeout(120_000);

  // Whoever runs the tests may be busy with other things.
  const HANG = 15_000;

  it("refuses 2,000 malformed requests, none with a 5xx (npm run fuzz sends 100,000, and takes a second for a hang)", async () => {
    const { rows, faults } = await fuzzServices(2_000, 1, undefined, HANG);
    expect(faults).to.deep.equal([]);
    expect(rows.reduce((sum, { requests }) => sum + requests, 0)).to.equal(2_000);
  });
});
