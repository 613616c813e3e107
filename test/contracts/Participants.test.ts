import { expect } from "chai";

import { bytes32, deployed, ethers, networkHelpers, Role, type Signer, YEAR, ZERO } from "./fixture.js";
import { type AccreditationTerms, signAccreditation } from "./signing.js";
import { directly, refused } from "./ways.js";

/** The account that a signer signs for: its own, or that of a contract wallet (ERC-1271). */
const SIGNERS: Record<string, (signer: Signer) => Promise<string>> = {
  "an account": (signer) => Promise.resolve(signer.address),
  "a contract wallet": async (signer) => (await ethers.deployContract("ContractWallet", [signer])).getAddress(),
};

describe("Participants", () => {
  async function world() {
    const base = await deployed();
    const { participants, until } = base;
    const accredit = (parent: Signer, account: { address: string }, role: number, end = until, profile = bytes32()) =>
      participants.connect(parent).accredit(account.address, role, end, profile);
    const refusedFor = async (
      caller: Signer,
      name: string,
      args: readonly unknown[],
      error: string,
      errorArgs: unknown[],
    ) => refused(await directly(base, caller), participants, name, args, error, errorArgs);
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

  for (const [kind, parentOf] of Object.entries(SIGNERS)) {
    describe(`accredits by the signature of ${kind}`, () => {
      async function signedWorld() {
        const base = await world();
        const { participants, root, authority, until } = base;
        const account = base.stranger;
        const carrier = await directly(base, account);
        const parent = await parentOf(authority);
        if (parent !== authority.address) {
          await participants.connect(root).accredit(parent, Role.HealthAuthority, until, ZERO);
        }
        /** What the parent signs now, with `change` made to it, as the arguments of `accreditBySig`. */
        const signed = async (change: Partial<AccreditationTerms> = {}, deadline = until, nonce = 1n) => {
          const held = await participants.heldBy(account, parent);
          const terms = { account: account.address, role: Role.Hospital, until, profile: bytes32(), held, ...change };
          const signature = await signAccreditation(participants, authority, terms, nonce, deadline);
          return [parent, terms, nonce, deadline, signature] as const;
        };
        const take = (args: readonly unknown[]) => carrier.send(participants, "accreditBySig", args);
        const isRefused = (args: readonly unknown[], error: string, errorArgs: readonly unknown[]) =>
          refused(carrier, participants, "accreditBySig", args, error, errorArgs);
        return { ...base, account, carrier, parent, signed, take, isRefused };
      }
      const loadSigned = () => networkHelpers.loadFixture(signedWorld);

      it("who carries it, as if the parent had sent it", async () => {
        const { participants, account, parent, signed, take, until } = await loadSigned();
        const args = await signed();
        await expect(take(args))
          .to.emit(participants, "Accredited")
          .withArgs(account.address, parent, Role.Hospital, until, args[1].profile);
        expect(await participants.accreditationOf(account)).to.deep.equal([parent, 4n, until, 1n, 1n, 1n]);
        expect(await participants.roleOf(account)).to.equal(Role.Hospital);
      });

      it("nobody else", async () => {
        const { participants, account, bashir, signed, ...base } = await loadSigned();
        const args = await signed();
        const thief = await directly({ ...base, participants, bashir }, bashir);
        const errorArgs = [account.address, bashir.address];
        await refused(thief, participants, "accreditBySig", args, "NotAddressee", errorArgs);
      });

      it("once: a revoked account doesn't come back by it, nor one that renounced", async () => {
        const { participants, account, root, signed, take, isRefused, parent } = await loadSigned();
        const args = await signed();
        await take(args);
        const leave = [
          () => participants.connect(root).revoke(account),
          () => participants.connect(account).renounce(),
        ] as const;
        for (const end of leave) {
          const current = await participants.heldBy(account, parent);
          await isRefused(args, "StaleAccreditation", [account.address, args[1].held, current]);
          await end();
          const after = await participants.heldBy(account, parent);
          expect(after).to.not.equal(current);
          await isRefused(args, "StaleAccreditation", [account.address, args[1].held, after]);
          await take(await signed());
          expect(await participants.roleOf(account)).to.equal(Role.Hospital);
        }
      });

      it("anew, which keeps the branch", async () => {
        const { participants, account, accredit, fresh, signed, take, until } = await loadSigned();
        await take(await signed());
        await accredit(account, fresh, Role.Doctor);
        await take(await signed({ until: until + 1n }));
        expect((await participants.accreditationOf(account)).until).to.equal(until + 1n);
        expect(await participants.roleOf(fresh)).to.equal(Role.Doctor);
      });

      it("not by what was signed before a renewal, though the term be the same again", async () => {
        const { participants, account, signed, take, isRefused, parent, until } = await loadSigned();
        await take(await signed());
        const longer = await signed({ until: until + 100n });
        await take(longer);
        await take(await signed({ until }));
        const current = await participants.heldBy(account, parent);
        await isRefused(longer, "StaleAccreditation", [account.address, longer[1].held, current]);
      });

      it("not by what the parent signed before it was revoked, though it be accredited again", async () => {
        const { participants, root, account, signed, isRefused, parent, until } = await loadSigned();
        const args = await signed();
        await participants.connect(root).revoke(parent);
        await isRefused(args, "MayNotAccredit", [parent, Role.Hospital]);
        await participants.connect(root).accredit(parent, Role.HealthAuthority, until, ZERO);
        const current = await participants.heldBy(account, parent);
        await isRefused(args, "StaleAccreditation", [account.address, args[1].held, current]);
      });

      it("by exactly what was signed, up to the deadline", async () => {
        const { participants, root, stranger, signed, isRefused, take, parent, until } = await loadSigned();
        const deadline = BigInt((await networkHelpers.time.latest()) + 100);
        const [, terms, nonce, , signature] = await signed({}, deadline);
        const changed = [{ role: Role.Doctor }, { until: until + 1n }, { profile: bytes32() }];
        for (const change of changed) {
          const args = [parent, { ...terms, ...change }, nonce, deadline, signature];
          await isRefused(args, "InvalidSignature", [parent]);
        }
        await isRefused([parent, terms, nonce + 1n, deadline, signature], "InvalidSignature", [parent]);
        await isRefused([parent, terms, nonce, deadline + 1n, signature], "InvalidSignature", [parent]);
        await isRefused([parent, terms, nonce, deadline, "0x"], "InvalidSignature", [parent]);
        const forRoot = { ...terms, held: await participants.heldBy(stranger, root) };
        await isRefused([root.address, forRoot, nonce, deadline, signature], "InvalidSignature", [root.address]);
        const twin = await ethers.deployContract("Participants", [root]);
        const elsewhere = await signAccreditation(twin, root, terms, nonce, deadline);
        await isRefused([parent, terms, nonce, deadline, elsewhere], "InvalidSignature", [parent]);
        await networkHelpers.time.increaseTo(deadline + 1n);
        await isRefused([parent, terms, nonce, deadline, signature], "SignatureExpired", [deadline]);
        await take(await signed());
      });

      it("whom the parent might accredit itself, and as no more", async () => {
        const { hospital, account, signed, isRefused, accredit, parent } = await loadSigned();
        for (const role of [Role.None, Role.CivilRegistry, Role.HealthAuthority, Role.Insurer]) {
          await isRefused(await signed({ role }), "MayNotAccredit", [parent, role]);
        }
        const over = BigInt(await networkHelpers.time.latest());
        await isRefused(await signed({ until: over }), "ExpiryInPast", [over]);
        await accredit(hospital, account, Role.Doctor);
        await isRefused(await signed(), "AlreadyAccredited", [account.address, hospital.address]);
      });
    });
  }

  it("takes a signature for the parent that it was given as, not for another with the same key", async () => {
    const { participants, root, authority, stranger, until, refusedFor } = await load();
    const wallet = await (await ethers.deployContract("ContractWallet", [authority])).getAddress();
    await participants.connect(root).accredit(wallet, Role.HealthAuthority, until, ZERO);
    const held = await participants.heldBy(stranger, authority);
    const terms = { account: stranger.address, role: Role.Doctor, until, profile: ZERO, held };
    const signature = await signAccreditation(participants, authority, terms, 1n, until);
    const current = await participants.heldBy(stranger, wallet);
    const args = [wallet, terms, 1n, until, signature];
    await refusedFor(stranger, "accreditBySig", args, "StaleAccreditation", [stranger.address, held, current]);
    await participants.connect(stranger).accreditBySig(authority, terms, 1n, until, signature);
  });

  it("lets the root accredit by signature, and never itself", async () => {
    const { participants, root, stranger, until, refusedFor } = await load();
    const signed = async (account: Signer) => {
      const held = await participants.heldBy(account, root);
      const terms = { account: account.address, role: Role.Insurer, until, profile: ZERO, held };
      const signature = await signAccreditation(participants, root, terms, 1n, until);
      return [root.address, terms, 1n, until, signature] as const;
    };
    await refusedFor(root, "accreditBySig", await signed(root), "NotAccreditable", [root.address]);
    await participants.connect(stranger).accreditBySig(...(await signed(stranger)));
    expect(await participants.roleOf(stranger)).to.equal(Role.Insurer);
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
