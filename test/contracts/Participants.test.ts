import { expect } from "chai";

import { bytes32, deployed, ethers, networkHelpers, Role, type Signer, YEAR } from "./fixture.js";
import { directly, refused } from "./ways.js";

describe("Participants", () => {
  async function world() {
    const base = await deployed();
    const { participants, until } = base;
    const accredit = (parent: Signer, account: { address: string }, role: number, end = until, profile = bytes32()) =>
      participants.connect(parent).accredit(account.address, role, end, profile);
    const refusedFor = async (caller: Signer, name: string, args: unknown[], error: string, errorArgs: unknown[]) =>
      refused(await directly(base, caller), participants, name, args, error, errorArgs);
    return { ...base, accredit, refusedFor, fresh: ethers.Wallet.createRandom() };
  }
  const load = () => networkHelpers.loadFixture(world);

  describe("accredits", () => {
    it("who stands further down, and says so in an event", async () => {
      const { participants, hospital, fresh, until } = await load();
      const profile = bytes32();
      await expect(participants.connect(hospital).accredit(fresh, Role.Pharmacy, until, profile))
        .to.emit(participants, "Accredited")
        .withArgs(fresh.address, hospital.address, Role.Pharmacy, until, profile);
      expect(await participants.roleOf(fresh)).to.equal(Role.Pharmacy);
      expect(await participants.accreditationOf(fresh)).to.deep.equal([hospital.address, 6n, until, 1n, 1n, 1n]);
    });

    it("exactly the roles that each role may", async () => {
      const {
        participants,
        root,
        registry,
        authority,
        insurer,
        hospital,
        doctor,
        laboratory,
        stranger,
        accredit,
        refusedFor,
        fresh,
        until,
      } = await load();
      const may: [Signer, number[]][] = [
        [root, [Role.CivilRegistry, Role.HealthAuthority, Role.Insurer]],
        [authority, [Role.Hospital, Role.Laboratory, Role.Pharmacy, Role.Doctor]],
        [hospital, [Role.Laboratory, Role.Pharmacy, Role.Doctor]],
        ...[registry, insurer, doctor, laboratory, stranger].map((nobody): [Signer, number[]] => [nobody, []]),
      ];
      for (const [parent, roles] of may) {
        for (const role of Object.values(Role)) {
          if (roles.includes(role)) {
            await accredit(parent, fresh, role);
            expect(await participants.roleOf(fresh)).to.equal(role);
            await participants.connect(parent).revoke(fresh);
          } else {
            const args = [fresh.address, role, until, bytes32()];
            await refusedFor(parent, "accredit", args, "MayNotAccredit", [parent.address, role]);
          }
        }
      }
    });

    it("neither the root nor the zero address", async () => {
      const { root, authority, refusedFor, until } = await load();
      for (const [caller, role] of [
        [root, Role.Insurer],
        [authority, Role.Doctor],
      ] as const) {
        for (const account of [root.address, ethers.ZeroAddress]) {
          await refusedFor(caller, "accredit", [account, role, until, bytes32()], "NotAccreditable", [account]);
        }
      }
    });

    it("only until a time in the future, up to the last that 48 bits hold", async () => {
      const { participants, hospital, fresh, accredit, refusedFor } = await load();
      for (const end of [0, await networkHelpers.time.latest()]) {
        await refusedFor(hospital, "accredit", [fresh.address, Role.Doctor, end, bytes32()], "ExpiryInPast", [end]);
      }
      await accredit(hospital, fresh, Role.Doctor, 2n ** 48n - 1n);
      expect(await participants.roleOf(fresh)).to.equal(Role.Doctor);
    });

    it("nobody whom somebody else accredits", async () => {
      const { participants, authority, hospital, doctor, fresh, accredit, refusedFor, until } = await load();
      await accredit(authority, fresh, Role.Doctor);
      const taken = (caller: Signer, account: string, parent: string) =>
        refusedFor(caller, "accredit", [account, Role.Doctor, until, bytes32()], "AlreadyAccredited", [
          account,
          parent,
        ]);
      await taken(hospital, fresh.address, authority.address);
      await taken(authority, doctor.address, hospital.address);
      // Nor those above, nor oneself: no cycle can come about.
      await taken(hospital, authority.address, await participants.ROOT());
      await taken(hospital, hospital.address, authority.address);
    });

    it("somebody else's once that accreditation is over", async () => {
      const { participants, authority, hospital, doctor, accredit } = await load();
      await participants.connect(hospital).revoke(doctor);
      await accredit(authority, doctor, Role.Doctor);
      expect((await participants.accreditationOf(doctor)).parent).to.equal(authority.address);
    });
  });

  describe("a branch", () => {
    it("falls with whoever is revoked above it", async () => {
      const { participants, root, authority, hospital, doctor, laboratory } = await load();
      await participants.connect(root).revoke(authority);
      for (const account of [authority, hospital, doctor, laboratory]) {
        expect(await participants.roleOf(account)).to.equal(Role.None);
      }
      expect((await participants.accreditationOf(doctor)).role).to.equal(Role.Doctor);
    });

    it("ends with whoever expires above it, and lives on when that one is renewed", async () => {
      const { participants, authority, hospital, doctor, accredit } = await load();
      const soon = BigInt((await networkHelpers.time.latest()) + YEAR);
      await accredit(authority, hospital, Role.Hospital, soon);
      expect(await participants.roleOf(doctor)).to.equal(Role.Doctor);
      await networkHelpers.time.increaseTo(soon - 1n);
      expect(await participants.roleOf(doctor)).to.equal(Role.Doctor);
      await networkHelpers.time.increaseTo(soon);
      expect(await participants.roleOf(hospital)).to.equal(Role.None);
      expect(await participants.roleOf(doctor)).to.equal(Role.None);
      await accredit(authority, hospital, Role.Hospital);
      expect(await participants.roleOf(doctor)).to.equal(Role.Doctor);
    });

    it("can't grow below one who has expired", async () => {
      const { hospital, authority, fresh, accredit, refusedFor, until } = await load();
      const soon = BigInt((await networkHelpers.time.latest()) + YEAR);
      await accredit(authority, hospital, Role.Hospital, soon);
      await networkHelpers.time.increaseTo(soon);
      const args = [fresh.address, Role.Doctor, until, bytes32()];
      await refusedFor(hospital, "accredit", args, "MayNotAccredit", [hospital.address, Role.Doctor]);
    });

    it("doesn't come back when its head is accredited anew after a revocation", async () => {
      const { participants, authority, hospital, doctor, accredit } = await load();
      await participants.connect(authority).revoke(hospital);
      await accredit(authority, hospital, Role.Hospital);
      expect(await participants.roleOf(hospital)).to.equal(Role.Hospital);
      expect(await participants.roleOf(doctor)).to.equal(Role.None);
      // Until the new hospital takes the doctor on again.
      await accredit(hospital, doctor, Role.Doctor);
      expect(await participants.roleOf(doctor)).to.equal(Role.Doctor);
    });

    it("doesn't come back two levels down either, nor by its own parent's renewal", async () => {
      const { participants, root, authority, hospital, doctor, accredit } = await load();
      await participants.connect(root).revoke(authority);
      await accredit(root, authority, Role.HealthAuthority);
      expect(await participants.roleOf(doctor)).to.equal(Role.None);
      await accredit(authority, hospital, Role.Hospital);
      expect(await participants.roleOf(hospital)).to.equal(Role.Hospital);
      expect(await participants.roleOf(doctor)).to.equal(Role.None);
    });

    it("doesn't follow its head into another role", async () => {
      const { participants, authority, hospital, doctor, accredit } = await load();
      await accredit(authority, hospital, Role.Laboratory);
      expect(await participants.roleOf(hospital)).to.equal(Role.Laboratory);
      expect(await participants.roleOf(doctor)).to.equal(Role.None);
    });

    it("doesn't follow its head under another authority", async () => {
      const { participants, root, authority, hospital, doctor, stranger, accredit } = await load();
      await accredit(root, stranger, Role.HealthAuthority);
      await participants.connect(hospital).renounce();
      await accredit(stranger, hospital, Role.Hospital);
      expect(await participants.roleOf(doctor)).to.equal(Role.None);
      // The former authority has no say any more.
      await expect(participants.connect(authority).revoke(hospital)).to.be.revertedWithCustomError(
        participants,
        "NotAbove",
      );
    });

    it("can't be turned upside down", async () => {
      const { participants, root, authority, hospital, stranger, accredit } = await load();
      await accredit(root, stranger, Role.HealthAuthority);
      await participants.connect(root).revoke(authority);
      // The hospital's new authority takes the former authority on, below the hospital.
      await accredit(stranger, hospital, Role.Hospital);
      await accredit(hospital, authority, Role.Doctor);
      expect(await participants.roleOf(authority)).to.equal(Role.Doctor);
      expect(await participants.roleOf(hospital)).to.equal(Role.Hospital);
      await participants.connect(stranger).revoke(hospital);
      expect(await participants.roleOf(authority)).to.equal(Role.None);
    });
  });

  describe("revokes", () => {
    it("by the parent, its parent and the root, and says by whom", async () => {
      const { participants, root, authority, hospital, doctor, accredit } = await load();
      for (const above of [hospital, authority, root]) {
        await expect(participants.connect(above).revoke(doctor))
          .to.emit(participants, "AccreditationRevoked")
          .withArgs(doctor.address, above.address);
        expect(await participants.roleOf(doctor)).to.equal(Role.None);
        await accredit(hospital, doctor, Role.Doctor);
      }
    });

    it("by nobody else", async () => {
      const { registry, doctor, laboratory, insurer, stranger, hospital, authority, fresh, refusedFor } = await load();
      for (const caller of [registry, laboratory, insurer, stranger, doctor]) {
        await refusedFor(caller, "revoke", [doctor.address], "NotAbove", [caller.address, doctor.address]);
      }
      await refusedFor(doctor, "revoke", [hospital.address], "NotAbove", [doctor.address, hospital.address]);
      await refusedFor(hospital, "revoke", [authority.address], "NotAbove", [hospital.address, authority.address]);
      await refusedFor(authority, "revoke", [fresh.address], "NotAbove", [authority.address, fresh.address]);
    });

    it("once", async () => {
      const { participants, hospital, doctor, refusedFor } = await load();
      await participants.connect(hospital).revoke(doctor);
      await refusedFor(hospital, "revoke", [doctor.address], "NotAccredited", [doctor.address]);
    });
  });

  describe("renounces", () => {
    it("the caller's own accreditation, with the branch", async () => {
      const { participants, hospital, doctor } = await load();
      await expect(participants.connect(hospital).renounce())
        .to.emit(participants, "AccreditationRevoked")
        .withArgs(hospital.address, hospital.address);
      expect(await participants.roleOf(doctor)).to.equal(Role.None);
    });

    it("only what there is", async () => {
      const { root, stranger, refusedFor } = await load();
      for (const caller of [stranger, root])
        await refusedFor(caller, "renounce", [], "NotAccredited", [caller.address]);
    });
  });

  it("gives the root no role", async () => {
    const { participants, root } = await load();
    expect(await participants.ROOT()).to.equal(root.address);
    expect(await participants.roleOf(root)).to.equal(Role.None);
  });
});
