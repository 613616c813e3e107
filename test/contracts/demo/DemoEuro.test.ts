import { expect } from "chai";

import { ethers } from "../fixture.js";

describe("DemoEuro", () => {
  it("is an ERC-20 token in cents, all of it with whoever deployed it", async () => {
    const [owner, other] = await ethers.getSigners();
    const euro = await ethers.deployContract("DemoEuro", [1_000n], owner);
    expect(await Promise.all([euro.symbol(), euro.decimals(), euro.totalSupply()])).to.deep.equal(["dEUR", 2n, 1_000n]);
    expect(await euro.balanceOf(owner!.address)).to.equal(1_000n);
    expect(await euro.balanceOf(other!.address)).to.equal(0n);
  });
});
