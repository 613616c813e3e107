import { expect } from "chai";

import { CliError } from "../../../scripts/cli/errors.js";
import { parseDuration, parseEnd, parseTime } from "../../../scripts/cli/time.js";
import { FOREVER } from "../../../sdk/index.js";

describe("times of the command line", () => {
  it("reads durations", () => {
    expect(parseDuration("30m")).to.equal(1_800);
    expect(parseDuration("12h")).to.equal(43_200);
    expect(parseDuration("30d")).to.equal(2_592_000);
    expect(parseDuration("2w")).to.equal(1_209_600);
    expect(parseDuration("1y")).to.equal(31_536_000);
    for (const wrong of ["", "d", "0d", "-1d", "1.5d", "30", "1M", "1d1h", "9999999d"]) {
      expect(() => parseDuration(wrong), wrong).to.throw(CliError);
    }
  });

  it("reads dates and times", () => {
    expect(parseTime("2027-01-15")).to.equal(1_799_971_200);
    expect(parseTime("2027-01-15T08:00:00Z")).to.equal(1_800_000_000);
    expect(parseTime("2027-01-15T09:00:00+01:00")).to.equal(1_800_000_000);
    for (const wrong of ["tomorrow", "15.01.2027", "2027-13-01", "1800000000", "2027-01-15Z garbage"]) {
      expect(() => parseTime(wrong), wrong).to.throw(CliError);
    }
  });

  it("takes either a duration or an end, never both", () => {
    expect(parseEnd({ for: "1h" }, 1_000)).to.equal(4_600);
    expect(parseEnd({ until: "never" }, 1_000)).to.equal(FOREVER);
    expect(parseEnd({}, 1_000, "1h")).to.equal(4_600);
    expect(() => parseEnd({}, 1_000)).to.throw(CliError);
    expect(() => parseEnd({ for: "1h", until: "never" }, 1_000)).to.throw(CliError);
  });
});
