import { expect } from "chai";

import { clock, day, exactTime, month } from "../../dapp/lib/text.js";

describe("times in words", () => {
  it("are found for every time that a contract takes, the last included: one that can't be said would take its page along", () => {
    for (const time of [0, 1_700_000_000, 8_640_000_000_000, 9_000_000_000_000, 2 ** 48 - 1])
      for (const say of [clock, day, exactTime, month]) expect(say(time), String(time)).to.match(/\d/);
  });
});
