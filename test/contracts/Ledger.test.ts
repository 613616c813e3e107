import { expect } from "chai";
import type { BaseContract } from "ethers";

import { billed, confirmed, decisionOn, inPerson, policyIdOf, refOf } from "./billing.js";
import { bytes32, deployed, ethers, networkHelpers, Role, ZERO } from "./fixture.js";
import { directly, refused, type Way, WAYS } from "./ways.js";

/** `enum Manner` of HostileToken.sol. */
const Manner = {
  Fair: 0,
  Reverts: 1,
  ReturnsFalse: 2,
  ReturnsNothing: 3,
  Pretends: 4,
  ReturnsTwo: 5,
  BurnsGas: 6,
  TakesFee: 7,
  ReturnsBomb: 8,
} as const;
const EVERYBODY = `0x${"00".repeat(20)}`;

const tell = (token: BaseContract, name: string, ...args: unknown[]): Promise<unknown> =>
  token.getFunction(name)(...args);

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Ledger, ${name}`, () => {
    async function world() {
      const base = await deployed();
      const { claims, amina, bashir } = base;
      const way = await act(base, amina);
      const other = await act(base, bashir);
      const euro = await ethers.deployContract("DemoEuro", [10n ** 30n]);
      const token = await euro.getAddress();
      await euro.transfer(way.account, 1_000n);
      await inPerson(way, euro, "approve", [await claims.getAddress(), 1_000n]);
      const held = () => euro.balanceOf(claims);
      return { ...base, way, other, euro, token, held };
    }
    const load = () => networkHelpers.loadFixture(world);

    it("takes in what an account pays, from its allowance", async () => {
      const { claims, way, euro, token, held } = await load();
      expect(await claims.balanceOf(token, way.account)).to.equal(0n);
      await expect(way.send(claims, "deposit", [token, 400n]))
        .to.emit(claims, "Deposited")
        .withArgs(token, way.account, 400n);
      await way.send(claims, "deposit", [token, 100n]);
      expect(await claims.balanceOf(token, way.account)).to.equal(500n);
      expect(await euro.balanceOf(way.account)).to.equal(500n);
      expect(await held()).to.equal(500n);
    });

    it("takes in nothing that wasn't allowed, or isn't there", async () => {
      const { claims, way, other, euro, token } = await load();
      const spender = await claims.getAddress();
      const args = [spender, 1_000n, 1_001n];
      await refused(way, claims, "deposit", [token, 1_001n], "ERC20InsufficientAllowance", args, euro);
      await refused(other, claims, "deposit", [token, 1n], "ERC20InsufficientAllowance", [spender, 0n, 1n], euro);
      await inPerson(other, euro, "approve", [spender, 1n]);
      const lack = [other.account, 0n, 1n];
      await refused(other, claims, "deposit", [token, 1n], "ERC20InsufficientBalance", lack, euro);
    });

    it("gives an account what is its own, and no more", async () => {
      const { claims, way, other, euro, token, held } = await load();
      await way.send(claims, "deposit", [token, 500n]);
      const more = [token, way.account, 500n, 501n];
      await refused(way, claims, "withdraw", [token, 501n], "InsufficientBalance", more);
      const all = 2n ** 256n - 1n;
      await refused(way, claims, "withdraw", [token, all], "InsufficientBalance", [token, way.account, 500n, all]);
      const nothing = [token, other.account, 0n, 1n];
      await refused(other, claims, "withdraw", [token, 1n], "InsufficientBalance", nothing);
      await expect(way.send(claims, "withdraw", [token, 300n]))
        .to.emit(claims, "Withdrawn")
        .withArgs(token, way.account, 300n);
      expect(await claims.balanceOf(token, way.account)).to.equal(200n);
      expect(await euro.balanceOf(way.account)).to.equal(800n);
      expect(await held()).to.equal(200n);
      await way.send(claims, "withdraw", [token, 200n]);
      expect(await held()).to.equal(0n);
    });

    it("keeps tokens apart", async () => {
      const { claims, way, token } = await load();
      const second = await ethers.deployContract("DemoEuro", [1_000n]);
      await way.send(claims, "deposit", [token, 500n]);
      const other = await second.getAddress();
      const errorArgs = [other, way.account, 0n, 1n];
      await refused(way, claims, "withdraw", [other, 1n], "InsufficientBalance", errorArgs);
    });

    it("knows no token where there is none", async () => {
      const { claims, way, stranger } = await load();
      for (const nothing of [stranger.address, EVERYBODY, await claims.getAddress()]) {
        await expect(way.simulate(claims, "deposit", [nothing, 0n])).to.revert(ethers);
        await expect(way.simulate(claims, "withdraw", [nothing, 0n])).to.revert(ethers);
      }
    });
  });
}

describe("Ledger, with hostile tokens", () => {
  async function world() {
    const base = await deployed();
    const { claims, amina, bashir } = base;
    const [way, other] = [await directly(base, amina), await directly(base, bashir)];
    const token = await ethers.deployContract("HostileToken");
    const address = await token.getAddress();
    for (const { account, signer } of [way, other]) {
      await tell(token, "mint", account, 1_000n);
      await tell(token.connect(signer), "approve", claims, 10_000n);
    }
    const behave = (manner: number, whom = EVERYBODY) => tell(token, "behave", manner, whom);
    const here = ({ account }: Way) => claims.balanceOf(address, account);
    const there = async (account: string) => (await tell(token, "balanceOf", account)) as bigint;
    /** What the next move calls, and what came of it. */
    const callBack = async (name: "deposit" | "withdraw", amount: bigint) =>
      tell(token, "callBack", claims, claims.interface.encodeFunctionData(name as "deposit", [address, amount]));
    return { ...base, way, other, token, address, behave, here, there, callBack };
  }
  const load = () => networkHelpers.loadFixture(world);

  it("abuse: a token that refuses, says no, answers nonsense or burns the gas is taken in and given out as nothing", async () => {
    const { claims, way, other, address, behave, here } = await load();
    await way.send(claims, "deposit", [address, 500n]);
    await other.send(claims, "deposit", [address, 500n]);
    for (const manner of [Manner.Reverts, Manner.ReturnsFalse, Manner.ReturnsTwo, Manner.BurnsGas]) {
      await behave(manner, way.account);
      await expect(way.send(claims, "deposit", [address, 100n])).to.revert(ethers);
      await expect(way.send(claims, "withdraw", [address, 100n])).to.revert(ethers);
      expect(await here(way)).to.equal(500n);
      // Nobody else notices.
      await other.send(claims, "withdraw", [address, 10n]);
      await other.send(claims, "deposit", [address, 10n]);
      expect(await here(other)).to.equal(500n);
    }
    await behave(Manner.Fair);
    await way.send(claims, "withdraw", [address, 500n]);
  });

  it("a token that says nothing, or too much, is taken for what it moves", async () => {
    const { claims, way, address, behave, here, there } = await load();
    for (const manner of [Manner.ReturnsNothing, Manner.ReturnsBomb]) {
      await behave(manner);
      await way.send(claims, "deposit", [address, 500n]);
      expect(await here(way)).to.equal(500n);
      await way.send(claims, "withdraw", [address, 500n]);
      expect(await here(way)).to.equal(0n);
      expect(await there(way.account)).to.equal(1_000n);
    }
  });

  it("abuse: a token that only pretends to move, or keeps a part of it, counts for what arrived", async () => {
    const { claims, way, other, address, behave, here, there } = await load();
    await other.send(claims, "deposit", [address, 1_000n]);
    await behave(Manner.Pretends, way.account);
    await expect(way.send(claims, "deposit", [address, 500n]))
      .to.emit(claims, "Deposited")
      .withArgs(address, way.account, 0n);
    expect(await here(way)).to.equal(0n);
    await behave(Manner.TakesFee, way.account);
    await expect(way.send(claims, "deposit", [address, 500n]))
      .to.emit(claims, "Deposited")
      .withArgs(address, way.account, 450n);
    expect(await here(way)).to.equal(450n);
    expect(await there(await claims.getAddress())).to.equal(1_450n);
    await other.send(claims, "withdraw", [address, 1_000n]);
    await way.send(claims, "withdraw", [address, 450n]);
  });

  it("abuse: a deposit in a deposit, which would be counted twice, or a withdrawal in it, is refused", async () => {
    const { claims, way, other, token, address, here, there, callBack } = await load();
    await other.send(claims, "deposit", [address, 1_000n]);
    // The token itself is the accomplice: it has a balance and an allowance of its own.
    await tell(token, "mint", token, 1_000n);
    await tell(token, "act", token, token.interface.encodeFunctionData("approve", [await claims.getAddress(), 1_000n]));
    const deposit = claims.interface.encodeFunctionData("deposit", [address, 300n]);
    await tell(token, "act", claims, deposit);
    const guard = claims.interface.getError("ReentrancyGuardReentrantCall")!.selector;
    for (const inner of ["deposit", "withdraw"] as const) {
      for (const outer of ["deposit", "withdraw"] as const) {
        const [mine, sum] = [await here(way), await there(await claims.getAddress())];
        await callBack(inner, 100n);
        await way.send(claims, outer, [address, 100n]);
        expect(await tell(token, "succeeded")).to.equal(false);
        expect(await tell(token, "result")).to.equal(guard);
        expect(await claims.balanceOf(address, address)).to.equal(300n);
        const sign = outer === "deposit" ? 1n : -1n;
        expect(await here(way)).to.equal(mine + sign * 100n);
        expect(await there(await claims.getAddress())).to.equal(sum + sign * 100n);
      }
    }
  });

  it("abuse: a token that takes balances away harms those who hold it, first come first served, and no other token", async () => {
    const { claims, way, other, token, address, here } = await load();
    const euro = await ethers.deployContract("DemoEuro", [1_000n]);
    const [owner] = await ethers.getSigners();
    await euro.approve(claims, 1_000n);
    await claims.connect(owner).deposit(euro, 1_000n);
    await way.send(claims, "deposit", [address, 500n]);
    await other.send(claims, "deposit", [address, 500n]);
    await tell(token, "burn", claims, 600n);
    await refused(
      other,
      claims,
      "withdraw",
      [address, 500n],
      "ERC20InsufficientBalance",
      [await claims.getAddress(), 400n, 500n],
      token,
    );
    await way.send(claims, "withdraw", [address, 400n]);
    expect([await here(way), await here(other)]).to.deep.equal([100n, 500n]);
    await claims.connect(owner).withdraw(euro, 1_000n);
    expect(await euro.balanceOf(owner!)).to.equal(1_000n);
  });
});

describe("Ledger, when claims are settled", () => {
  const world = async () => billed(WAYS.directly);
  const load = () => networkHelpers.loadFixture(world);
  const confirmedWorld = async () => confirmed(WAYS.directly);

  /** A confirmed claim of 20,000, settled in a hostile token, which is the insurer too when `isInsurer`. */
  async function hostile({ isInsurer }: { isInsurer: boolean }) {
    const base = await load();
    const { ways, claims, participants, policies, root, insure, attended, bill, until } = base;
    const token = await ethers.deployContract("HostileToken");
    const address = await token.getAddress();
    const terms = { token: address, deductible: 0n, coPayment: 0n, limit: 10n ** 9n };
    let cover = await insure({ terms });
    if (isInsurer) {
      await participants.connect(root).accredit(address, Role.Insurer, until, ZERO);
      cover = { insurer: address, terms, salt: bytes32() };
      const { from, until: end } = await policies.policyOf(policyIdOf(bill.cover, base.patientId));
      const ref = refOf(terms, cover.salt);
      const offer = {
        patientId: base.patientId,
        ref,
        previousRef: ZERO,
        wording: ref,
        schedule: ref,
        from,
        until: end,
      };
      const issue = policies.interface.encodeFunctionData("issue", [{ ...offer, offer: ref }]);
      await tell(token, "act", policies, issue);
      await ways.patient.send(policies, "accept", [{ insurer: address, patientId: base.patientId, ref }, ref, ref]);
    }
    const payer = isInsurer ? address : ways.insurer.account;
    await tell(token, "mint", payer, 100_000n);
    const approve = token.interface.encodeFunctionData("approve", [await claims.getAddress(), 100_000n]);
    const deposit = claims.interface.encodeFunctionData("deposit", [address, 100_000n]);
    if (isInsurer) {
      await tell(token, "act", token, approve);
      await tell(token, "act", claims, deposit);
    } else {
      await ways.insurer.send(token, "approve", [await claims.getAddress(), 100_000n]);
      await ways.insurer.send(claims, "deposit", [address, 100_000n]);
    }
    const bills = [];
    for (let i = 0; i < 2; ++i) {
      const { visit, from, until: end, record } = await attended();
      const put = { ...bill, cover, visit, from, until: end, records: [record], document: bytes32() };
      await ways.hospital.send(claims, "submit", [put]);
      bills.push(put);
    }
    await networkHelpers.time.increase(3n * 24n * 3600n);
    return { ...base, token, address, bills };
  }

  it("abuse: a receiver that fails, by reverting or burning gas, blocks neither the decision nor anybody else", async () => {
    const { claims, ways, token, address, bills } = await hostile({ isInsurer: false });
    const { insurer, hospital, doctor } = ways;
    for (const [index, manner] of [Manner.Reverts, Manner.BurnsGas].entries()) {
      await tell(token, "behave", manner, hospital.account);
      await insurer.send(claims, "decide", [decisionOn(bills[index]!)]);
      await expect(hospital.send(claims, "withdraw", [address, 1n])).to.revert(ethers);
      await doctor.send(claims, "withdraw", [address, 4_000n]);
      await insurer.send(claims, "withdraw", [address, 1_000n]);
    }
    // What it is owed stays its own.
    await tell(token, "behave", Manner.Fair, EVERYBODY);
    await hospital.send(claims, "withdraw", [address, 32_000n]);
    expect(await tell(token, "balanceOf", hospital.account)).to.equal(32_000n);
  });

  it("abuse: a decision in a withdrawal, by an insurer that is its own token, pays once and out of what is there", async () => {
    const { claims, ways, token, address, bills } = await hostile({ isInsurer: true });
    const [first, second] = bills as [(typeof bills)[number], (typeof bills)[number]];
    const decide = (bill: typeof first) => claims.interface.encodeFunctionData("decide", [decisionOn(bill)]);
    await tell(token, "act", claims, decide(first));
    await tell(token, "callBack", claims, decide(second));
    await ways.hospital.send(claims, "withdraw", [address, 16_000n]);
    expect(await tell(token, "succeeded")).to.equal(true);
    expect(await claims.balanceOf(address, ways.hospital.account)).to.equal(16_000n);
    expect(await claims.balanceOf(address, address)).to.equal(60_000n);
    expect(await tell(token, "balanceOf", claims)).to.equal(16_000n + 8_000n + 60_000n);
    // The same decision again, now in a deposit.
    await tell(token, "callBack", claims, decide(second));
    await tell(token, "mint", ways.patient.account, 1n);
    await ways.patient.send(token, "approve", [await claims.getAddress(), 1n]);
    await ways.patient.send(claims, "deposit", [address, 1n]);
    expect(await tell(token, "succeeded")).to.equal(false);
  });

  it("splits what is paid between hospital and doctor to the last unit", async () => {
    for (const [doctorShare, fee] of [
      [0n, 0n],
      [1n, 1n],
      [3_333n, 4_499n],
      [9_999n, 13_498n],
      [10_000n, 13_500n],
    ] as const) {
      const { claims, ways, bill, terms } = await networkHelpers.loadFixture(confirmedWorld);
      await ways.hospital.send(claims, "withdrawClaim", [bill.visit]);
      const shared = { ...bill, doctorShare };
      await ways.hospital.send(claims, "submit", [shared]);
      await networkHelpers.time.increase(3n * 24n * 3600n);
      await ways.insurer.send(claims, "decide", [decisionOn(shared)]);
      expect(await claims.balanceOf(terms.token, ways.doctor.account)).to.equal(fee);
      expect(await claims.balanceOf(terms.token, ways.hospital.account)).to.equal(13_500n - fee);
    }
  });

  it("credits one account with both parts, whoever it is", async () => {
    for (const who of ["hospital", "insurer", "patient"] as const) {
      const { claims, ways, bill, terms } = await networkHelpers.loadFixture(confirmedWorld);
      await ways.hospital.send(claims, "withdrawClaim", [bill.visit]);
      const shared = { ...bill, doctor: ways[who].account };
      await ways.hospital.send(claims, "submit", [shared]);
      await networkHelpers.time.increase(3n * 24n * 3600n);
      await ways.insurer.send(claims, "decide", [decisionOn(shared)]);
      const expected = { hospital: 0n, insurer: 86_500n, patient: 0n };
      expected.hospital += 10_800n;
      expected[who] += 2_700n;
      for (const [account, amount] of Object.entries(expected)) {
        const { account: address } = ways[account as typeof who];
        expect(await claims.balanceOf(terms.token, address)).to.equal(amount);
      }
    }
  });
});
