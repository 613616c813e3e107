import { expect } from "chai";

import { measureLoad } from "./load.js";

describe("attest: load", function () {
  this.timeout(120_000);

  it("answers 64 parallel clients without an error (npm run bench asks 10,000 times)", async () => {
    for (const { errors, requests } of await measureLoad({ requests: 192 })) {
      expect([errors, requests]).to.deep.equal([0, 192]);
    }
  });
});
