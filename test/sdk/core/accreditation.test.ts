import { expect } from "chai";
import fc from "fast-check";

import {
  revokedUnder,
  rolesBelow,
  standingOf,
  treeOf,
  validBelow,
  type AccreditationEvent,
  type AccreditationTree,
} from "../../../sdk/core/accreditation.js";
import { ROLES, type Address, type Hex, type Role } from "../../../sdk/types.js";
import { bytes32, ethers, networkHelpers, YEAR } from "../../contracts/fixture.js";

const address = (n: number) => ethers.getAddress(`0x${n.toString(16).padStart(40, "0")}`) as Address;
const ROOT = address(1);
const [AUTHORITY, HOSPITAL, DOCTOR, LABORATORY] = [address(2), address(3), address(4), address(5)];
const PROFILE: Hex = `0x${"11".repeat(32)}`;

const accredited = (parent: Address, account: Address, role: Role, until = 100): AccreditationEvent => ({
  kind: "accredited",
  account,
  parent,
  role,
  until,
  profile: PROFILE,
});
const revoked = (account: Address, by: Address): AccreditationEvent => ({ kind: "revoked", account, by });

/** root -> authority -> hospital -> doctor and laboratory. */
const TOWN = [
  accredited(ROOT, AUTHORITY, "health authority"),
  accredited(AUTHORITY, HOSPITAL, "hospital", 80),
  accredited(HOSPITAL, DOCTOR, "doctor"),
  accredited(HOSPITAL, LABORATORY, "laboratory", 60),
];

const standing = (tree: AccreditationTree, account: Address, time: number) => {
  const held = tree.accounts.get(account);
  return held && standingOf(tree, held, time);
};

describe("core/accreditation", function () {
  this.timeout(60_000);

  it("counts who has time left, and everyone above too", () => {
    const tree = treeOf(ROOT, TOWN);
    for (const account of [AUTHORITY, HOSPITAL, DOCTOR, LABORATORY]) {
      expect(standing(tree, account, 59)).to.deep.equal({ state: "valid" });
    }
    expect(standing(tree, LABORATORY, 60)).to.deep.equal({ state: "expired" });
    expect(standing(tree, DOCTOR, 79)).to.deep.equal({ state: "valid" });
    expect(standing(tree, DOCTOR, 80)).to.deep.equal({ state: "fallen", account: HOSPITAL, why: "expired" });
    expect(tree.below.get(HOSPITAL)?.map(({ account }) => account)).to.deep.equal([DOCTOR, LABORATORY]);
    expect(validBelow(tree, AUTHORITY, 70).map(({ account }) => account)).to.deep.equal([HOSPITAL, DOCTOR]);
  });

  it("holds a revocation against an account until who stood above takes it back, whoever took it in meanwhile", () => {
    const gone = [...TOWN, revoked(HOSPITAL, AUTHORITY)];
    expect(revokedUnder(TOWN, HOSPITAL, AUTHORITY)).to.equal(false);
    expect(revokedUnder(gone, HOSPITAL, AUTHORITY)).to.equal(true);
    const friend = address(6);
    const elsewhere = [...gone, accredited(friend, HOSPITAL, "doctor")];
    expect(revokedUnder(elsewhere, HOSPITAL, AUTHORITY)).to.equal(true);
    expect(revokedUnder([...elsewhere, revoked(HOSPITAL, HOSPITAL)], HOSPITAL, AUTHORITY)).to.equal(true);
    expect(revokedUnder([...gone, accredited(AUTHORITY, HOSPITAL, "hospital")], HOSPITAL, AUTHORITY)).to.equal(false);
    // Giving up what one had isn't a revocation; the authority's own of a hospital's doctor is, a hospital's isn't the authority's.
    expect(revokedUnder([...TOWN, revoked(HOSPITAL, HOSPITAL)], HOSPITAL, AUTHORITY)).to.equal(false);
    expect(revokedUnder([...TOWN, revoked(DOCTOR, AUTHORITY)], DOCTOR, AUTHORITY)).to.equal(true);
    expect(revokedUnder([...TOWN, revoked(DOCTOR, HOSPITAL)], DOCTOR, AUTHORITY)).to.equal(false);
  });

  it("names who was revoked, by whom, and that a branch doesn't come back", () => {
    const fallen = treeOf(ROOT, [...TOWN, revoked(HOSPITAL, ROOT)]);
    expect(standing(fallen, HOSPITAL, 1)).to.deep.equal({ state: "revoked", by: ROOT });
    expect(standing(fallen, DOCTOR, 1)).to.deep.equal({ state: "fallen", account: HOSPITAL, why: "revoked" });
    expect(validBelow(fallen, AUTHORITY, 1)).to.deep.equal([]);
    const anew = treeOf(ROOT, [...TOWN, revoked(HOSPITAL, ROOT), accredited(AUTHORITY, HOSPITAL, "hospital")]);
    expect(standing(anew, HOSPITAL, 1)).to.deep.equal({ state: "valid" });
    expect(standing(anew, DOCTOR, 1)).to.deep.equal({ state: "fallen", account: HOSPITAL, why: "accredited anew" });
  });

  it("keeps the branch over a renewal, also after the time ran out", () => {
    const tree = treeOf(ROOT, [...TOWN, accredited(AUTHORITY, HOSPITAL, "hospital", 200)]);
    expect(standing(tree, DOCTOR, 90)).to.deep.equal({ state: "valid" });
  });

  it("follows no circle, however a node may lie", () => {
    const tree = treeOf(ROOT, [
      accredited(HOSPITAL, AUTHORITY, "health authority"),
      accredited(AUTHORITY, HOSPITAL, "hospital"),
      accredited(HOSPITAL, AUTHORITY, "health authority"),
    ]);
    expect(standing(tree, HOSPITAL, 1)?.state).to.equal("fallen");
    expect(validBelow(tree, HOSPITAL, 1)).to.deep.equal([]);
  });

  it("says of every account what the contract says, after whatever was done", async () => {
    const [root, ...others] = (await ethers.getSigners()).slice(0, 6);
    if (!root) throw new Error("no signers");
    const everyone = [root, ...others];
    const account = fc.nat({ max: everyone.length - 1 });
    const doing = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant("accredit" as const),
          by: account,
          whom: account,
          role: fc.integer({ min: 1, max: 7 }),
          years: fc.integer({ min: 1, max: 3 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("revoke" as const), by: account, whom: account }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("renounce" as const), by: account }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const) }) },
    );
    // What the tree allows is rare among random acts, so each run begins with a tree.
    const begun = [
      { do: "accredit" as const, by: 0, whom: 1, role: 2, years: 3 },
      { do: "accredit" as const, by: 1, whom: 2, role: 4, years: 2 },
      { do: "accredit" as const, by: 2, whom: 3, role: 7, years: 3 },
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { minLength: 5, maxLength: 30 }), async (acts) => {
        const contract = await ethers.deployContract("Participants", [root]);
        const events: AccreditationEvent[] = [];
        for (const act of [...begun, ...acts]) {
          if (act.do === "wait") {
            await networkHelpers.time.increase(YEAR / 2);
            continue;
          }
          const by = everyone[act.by] ?? root;
          const whom = ("whom" in act && everyone[act.whom]) || by;
          if (act.do === "accredit") {
            const until = (await networkHelpers.time.latest()) + act.years * YEAR;
            const profile = bytes32() as Hex;
            const isDone = await sent(contract.connect(by).accredit(whom, act.role, until, profile));
            const [parent, account, role] = [by.address as Address, whom.address as Address, ROLES[act.role] ?? "none"];
            if (isDone) events.push({ kind: "accredited", parent, account, role, until, profile });
          } else {
            const call = act.do === "revoke" ? contract.connect(by).revoke(whom) : contract.connect(by).renounce();
            if (await sent(call)) events.push(revoked(whom.address as Address, by.address as Address));
          }
        }
        const tree = treeOf(root.address as Address, events);
        const time = await networkHelpers.time.latest();
        for (const { address } of everyone) {
          const held = tree.accounts.get(address as Address);
          const role = held && standingOf(tree, held, time).state === "valid" ? held.role : "none";
          expect(role, JSON.stringify(acts)).to.equal(ROLES[Number(await contract.roleOf(address))]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("lets every role accredit what the contract lets it", async () => {
    const [root, parent, child, authority] = await ethers.getSigners();
    if (!root || !parent || !child || !authority) throw new Error("no signers");
    const until = (await networkHelpers.time.latest()) + YEAR;
    for (const own of ["root", ...ROLES] as const) {
      const contract = await ethers.deployContract("Participants", [root]);
      const number = own === "root" ? 0 : ROLES.indexOf(own);
      if (number > 3) await contract.connect(root).accredit(authority, 2, until, bytes32());
      const above = number > 3 ? authority : root;
      if (number > 0) await contract.connect(above).accredit(parent, number, until, bytes32());
      const by = contract.connect(own === "root" ? root : parent);
      for (const [role, name] of ROLES.entries()) {
        const may = await sent(by.accredit.staticCall(child, role, until, bytes32()));
        expect(may, `${own} accredits ${name}`).to.equal(rolesBelow(own).includes(name));
      }
    }
  });
});

/** Whether the chain took it. */
async function sent(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => true,
    () => false,
  );
}
