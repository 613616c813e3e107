/** Who counts as one caller. */
import { expect } from "chai";

import { networkOf } from "../../../services/attest/connections.js";

describe("attest: callers", () => {
  it("takes an IPv4 address for one caller, however it is written", () => {
    expect(networkOf("192.0.2.7")).to.equal("192.0.2.7");
    expect(networkOf("::ffff:192.0.2.7")).to.equal("192.0.2.7");
  });

  it("takes an IPv6 network of 64 bits for one caller", () => {
    const same = ["2001:db8:1:2::7", "2001:0db8:0001:0002:ffff:1:2:3", "2001:db8:1:2::", "2001:db8:1:2::192.0.2.7"];
    expect(new Set(same.map(networkOf))).to.deep.equal(new Set(["2001:db8:1:2::/64"]));
    expect(networkOf("2001:db8:1:3::7")).to.equal("2001:db8:1:3::/64");
    expect(networkOf("fe80::1%eth0")).to.equal("fe80:0:0:0::/64");
    expect(networkOf("::1")).to.equal("0:0:0:0::/64");
  });
});
