import { expect } from "chai";
import { concat } from "ethers";

import { bytes32, deployed, ethers, FOREVER, networkHelpers, READ, type World, WRITE, YEAR, ZERO } from "./fixture.js";
import { signGrant, signRevocation, type Terms } from "./signing.js";
import { directly, refused, registered, type Way, WAYS } from "./ways.js";

/** Who sends which call with which arguments. */
type Call = readonly [Way, string, readonly unknown[]];

/** The patient's two forms of an act: in person, or by a signature that somebody else carries. */
interface Form {
  grant: (world: Acting, terms: Terms) => Promise<Call>;
  revoke: (world: Acting, subject: string, grantee: string) => Promise<Call>;
}
interface Acting extends World {
  way: Way;
  carrier: Way;
  patientId: string;
}

const FORMS: Record<string, Form> = {
  "in person": {
    grant: ({ way }, terms) => Promise.resolve([way, "grant", [terms]]),
    revoke: ({ way, patientId }, subject, grantee) => Promise.resolve([way, "revoke", [patientId, subject, grantee]]),
  },
  "by signature": {
    grant: async ({ way, carrier, consents, until }, terms) => {
      const signature = await signGrant(consents, way.signer, terms, await consents.nonces(way.account), until);
      return [carrier, "grantBySig", [terms, until, signature]];
    },
    revoke: async ({ way, carrier, consents, patientId, until }, subject, grantee) => {
      const value = { patientId, subject, grantee };
      const signature = await signRevocation(consents, way.signer, value, await consents.nonces(way.account), until);
      return [carrier, "revokeBySig", [patientId, subject, grantee, until, signature]];
    },
  },
};

for (const [name, act] of Object.entries(WAYS)) {
  async function world() {
    const base = await deployed();
    const way = await act(base, base.amina);
    const other = await act(base, base.bashir);
    const carrier = await directly(base, base.relayer);
    const patientId = await registered(base, way);
    const [scope, key, unknown] = [bytes32(), bytes32(), bytes32()];
    await way.send(base.consents, "openScope", [patientId, scope, key]);
    const terms: Terms = {
      patientId,
      subject: scope,
      grantee: base.doctor.address,
      rights: READ | WRITE,
      until: base.until,
      sealedKey: bytes32(),
    };
    return { ...base, way, other, carrier, patientId, scope, key, unknown, terms };
  }
  const load = () => networkHelpers.loadFixture(world);

  describe(`Consents, scopes, ${name}`, () => {
    it("opens a scope at epoch 0", async () => {
      const { consents, way, patientId } = await load();
      const [scope, key] = [bytes32(), bytes32()];
      expect(await consents.scopeOf(patientId, scope)).to.deep.equal([ZERO, 0n]);
      await expect(way.send(consents, "openScope", [patientId, scope, key]))
        .to.emit(consents, "ScopeKeyChanged")
        .withArgs(patientId, scope, 0n, key, ZERO);
      expect(await consents.scopeOf(patientId, scope)).to.deep.equal([key, 0n]);
      expect(await consents.scopeKeyOf(patientId, scope)).to.equal(key);
    });

    it("moves a scope to its next epoch", async () => {
      const { consents, way, patientId, scope } = await load();
      for (const epoch of [1n, 2n]) {
        const [key, keyring] = [bytes32(), bytes32()];
        await expect(way.send(consents, "rotateScope", [patientId, scope, key, keyring]))
          .to.emit(consents, "ScopeKeyChanged")
          .withArgs(patientId, scope, epoch, key, keyring);
        expect(await consents.scopeOf(patientId, scope)).to.deep.equal([key, epoch]);
      }
    });

    it("refuses to open a scope twice, or with no key", async () => {
      const { consents, way, patientId, scope, unknown } = await load();
      await refused(way, consents, "openScope", [patientId, scope, bytes32()], "ScopeExists", [patientId, scope]);
      await refused(way, consents, "openScope", [patientId, unknown, ZERO], "ZeroScopeKey", []);
    });

    it("refuses to rotate a scope that isn't open, to no key or to the same", async () => {
      const { consents, way, patientId, scope, key, unknown } = await load();
      const rotate = (id: string, to: string) => [patientId, id, to, ZERO];
      await refused(way, consents, "rotateScope", rotate(unknown, key), "UnknownScope", [patientId, unknown]);
      await refused(way, consents, "rotateScope", rotate(scope, ZERO), "ZeroScopeKey", []);
      await refused(way, consents, "rotateScope", rotate(scope, key), "SameScopeKey", [key]);
    });

    it("obeys the controller only, of a patient that there is", async () => {
      const { consents, patients, way, other, patientId, scope, unknown, terms, doctor } = await load();
      const calls = (id: string): [string, unknown[]][] => [
        ["openScope", [id, bytes32(), bytes32()]],
        ["rotateScope", [id, scope, bytes32(), ZERO]],
        ["grant", [{ ...terms, patientId: id }]],
        ["revoke", [id, scope, doctor.address]],
      ];
      for (const [call, args] of calls(patientId)) {
        await refused(other, consents, call, args, "NotController", [patientId, other.account], patients);
      }
      for (const [call, args] of calls(unknown)) {
        await refused(way, consents, call, args, "UnknownPatient", [unknown], patients);
      }
    });
  });

  for (const [formName, form] of Object.entries(FORMS)) {
    describe(`Consents, grants, ${name}, ${formName}`, () => {
      it("grants a scope, and replaces the grant by the next one", async () => {
        const loaded = await load();
        const { consents, doctor, patientId, scope } = loaded;
        for (const [rights, until] of [
          [READ | WRITE, loaded.until],
          [READ, FOREVER],
          [WRITE, loaded.until],
        ] as const) {
          const terms = { ...loaded.terms, rights, until, sealedKey: bytes32() };
          const [sender, call, args] = await form.grant(loaded, terms);
          await expect(sender.send(consents, call, args))
            .to.emit(consents, "Granted")
            .withArgs(patientId, scope, doctor.address, rights, until, terms.sealedKey);
          expect(await consents.grantOf(patientId, scope, doctor)).to.deep.equal([until, BigInt(rights)]);
          for (const asked of [READ, WRITE, READ | WRITE]) {
            expect(await consents.isGranted(patientId, scope, doctor, asked)).to.equal((rights & asked) === asked);
          }
        }
      });

      it("grants nothing else and to nobody else", async () => {
        const loaded = await load();
        const { consents, doctor, laboratory, patientId, scope, unknown, terms } = loaded;
        const [sender, call, args] = await form.grant(loaded, terms);
        await sender.send(consents, call, args);
        expect(await consents.isGranted(patientId, scope, laboratory, READ)).to.be.false;
        expect(await consents.isGranted(patientId, unknown, doctor, READ)).to.be.false;
        expect(await consents.isGranted(unknown, scope, doctor, READ)).to.be.false;
        expect(await consents.isGranted(patientId, scope, doctor, 4)).to.be.false;
      });

      it("ends a grant at its expiry, to the second", async () => {
        const loaded = await load();
        const { consents, doctor, patientId, scope } = loaded;
        const until = BigInt((await networkHelpers.time.latest()) + YEAR);
        const [sender, call, args] = await form.grant(loaded, { ...loaded.terms, until });
        await sender.send(consents, call, args);
        await networkHelpers.time.increaseTo(until - 1n);
        expect(await consents.isGranted(patientId, scope, doctor, READ)).to.be.true;
        await networkHelpers.time.increaseTo(until);
        expect(await consents.isGranted(patientId, scope, doctor, READ)).to.be.false;
      });

      it("refuses a grant of no rights, of unknown rights, or that would have ended", async () => {
        const loaded = await load();
        const { consents, terms } = loaded;
        for (const rights of [0, 4, 7, 255]) {
          const [sender, call, args] = await form.grant(loaded, { ...terms, rights });
          await refused(sender, consents, call, args, "InvalidRights", [rights]);
        }
        for (const until of [0n, BigInt(await networkHelpers.time.latest())]) {
          const [sender, call, args] = await form.grant(loaded, { ...terms, until });
          await refused(sender, consents, call, args, "GrantExpiryInPast", [until]);
        }
      });

      it("revokes a grant at once", async () => {
        const loaded = await load();
        const { consents, doctor, patientId, scope, terms, way } = loaded;
        await way.send(consents, "grant", [terms]);
        const [sender, call, args] = await form.revoke(loaded, scope, doctor.address);
        await expect(sender.send(consents, call, args))
          .to.emit(consents, "GrantRevoked")
          .withArgs(patientId, scope, doctor.address);
        expect(await consents.isGranted(patientId, scope, doctor, READ)).to.be.false;
        expect(await consents.grantOf(patientId, scope, doctor)).to.deep.equal([0n, 0n]);
      });

      it("refuses to revoke what isn't granted", async () => {
        const loaded = await load();
        const { consents, doctor, patientId, scope } = loaded;
        const [sender, call, args] = await form.revoke(loaded, scope, doctor.address);
        await refused(sender, consents, call, args, "NoGrant", [patientId, scope, doctor.address]);
      });
    });
  }

  describe(`Consents, several calls in one, ${name}`, () => {
    it("revokes and rotates, all or nothing", async () => {
      const { consents, way, patientId, scope, key, terms, doctor } = await load();
      await way.send(consents, "grant", [terms]);
      const revoke = consents.interface.encodeFunctionData("revoke", [patientId, scope, doctor.address]);
      const rotate = (to: string) =>
        consents.interface.encodeFunctionData("rotateScope", [patientId, scope, to, bytes32()]);
      await refused(way, consents, "multicall", [[revoke, rotate(key)]], "SameScopeKey", [key]);
      expect(await consents.isGranted(patientId, scope, doctor, READ)).to.be.true;
      const next = bytes32();
      await expect(way.send(consents, "multicall", [[revoke, rotate(next)]]))
        .to.emit(consents, "GrantRevoked")
        .withArgs(patientId, scope, doctor.address);
      expect(await consents.scopeOf(patientId, scope)).to.deep.equal([next, 1n]);
    });

    it("sees a call as its sender made it, without what a forwarder adds", async () => {
      const { way, forwarder } = await load();
      const probe = await ethers.deployContract("ConsentsProbe", [forwarder]);
      const seen = probe.interface.decodeFunctionResult("seen", await way.simulate(probe, "seen", []));
      expect(seen).to.deep.equal([probe.interface.encodeFunctionData("seen"), way.account]);
    });

    it("takes nobody for somebody else by an address put behind the calldata", async () => {
      const { consents, patients, way, other, patientId } = await load();
      const open = consents.interface.encodeFunctionData("openScope", [patientId, bytes32(), bytes32()]);
      const forged = [concat([open, way.account])];
      await refused(other, consents, "multicall", [forged], "NotController", [patientId, other.account], patients);
      const nested = [consents.interface.encodeFunctionData("multicall", [forged])];
      await refused(other, consents, "multicall", [nested], "NotController", [patientId, other.account], patients);
    });
  });
}
