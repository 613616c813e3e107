import { expect } from "chai";
import { type BaseContract, concat, ZeroAddress } from "ethers";

import { bytes32, deployed, ethers, networkHelpers, PolicyStatus, Role, ZERO } from "./fixture.js";
import { sign, signAccreditation, signOffer } from "./signing.js";
import { refused, registered, WAYS } from "./ways.js";

/** One call of a batch. */
const call = async (target: BaseContract, name: string, args: readonly unknown[]) => ({
  target: await target.getAddress(),
  data: target.interface.encodeFunctionData(name, args),
});

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Forwarder, a batch sent ${name}`, () => {
    async function world() {
      const base = await deployed();
      return { ...base, way: await act(base, base.amina), other: await act(base, base.bashir) };
    }
    const load = () => networkHelpers.loadFixture(world);

    /** Everything that a new patient does, and what comes of it. */
    async function newPatient() {
      const loaded = await load();
      const { way, patients, keys, consents, policies, insurer, attest, until } = loaded;
      const { attestation, signature } = await attest(way.account);
      const patientId = await patients.patientIdOf(way.account, attestation.commitment);
      const scopes = [bytes32(), bytes32()].map((scope) => ({ scope, key: bytes32() }));
      const opening = scopes.map(({ scope, key }) =>
        consents.interface.encodeFunctionData("openScope", [patientId, scope, key]),
      );
      const from = BigInt(await networkHelpers.time.latest());
      const [ref, wording, schedule] = [bytes32(), bytes32(), bytes32()];
      const offer = { patientId, ref, previousRef: ZERO, wording, schedule, from, until, offer: bytes32() };
      const policy = { insurer: insurer.address, patientId, ref };
      const offered = await signOffer(policies, insurer, offer, 1n, until);
      const publicKey = bytes32();
      const calls = [
        await call(patients, "register", [attestation, bytes32(), signature]),
        await call(keys, "publish", [publicKey, bytes32()]),
        await call(consents, "multicall", [opening]),
        await call(policies, "issueBySig", [insurer.address, offer, 1n, until, offered]),
        await call(policies, "accept", [policy, wording, schedule]),
      ];
      return { ...loaded, calls, attestation, patientId, scopes, publicKey, policy, wording, schedule };
    }

    it("registers, publishes a key, opens drawers and insures in one transaction", async () => {
      const { forwarder, way, patients, keys, consents, policies, ...made } = await newPatient();
      await expect(way.send(forwarder, "batch", [made.calls]))
        .to.emit(patients, "PatientRegistered")
        .withArgs(
          made.patientId,
          way.account,
          made.registry.address,
          made.attestation.commitment,
          (value: string) => value !== ZERO,
          (value: string) => value !== ZERO,
        );
      expect(await patients.controllerOf(made.patientId)).to.equal(way.account);
      expect(await keys.keyOf(way.account)).to.deep.equal([made.publicKey, 1n]);
      for (const { scope, key } of made.scopes) expect(await consents.scopeKeyOf(made.patientId, scope)).to.equal(key);
      expect(await policies.statusOf(await policies.policyIdOf(made.policy))).to.equal(PolicyStatus.Active);
      expect(await keys.keyOf(forwarder)).to.deep.equal([ZERO, 0n]);
    });

    it("does all or nothing, and says which call was refused and why", async () => {
      const { forwarder, way, patients, keys, policies, calls, ...made } = await newPatient();
      const wrong = await call(policies, "accept", [made.policy, made.schedule, made.wording]);
      const digests = [[made.wording, made.schedule] as const, [made.schedule, made.wording] as const].map((copy) =>
        ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], copy)),
      );
      const args = [[...calls.slice(0, 4), wrong]];
      await refused(way, forwarder, "batch", args, "DigestMismatch", digests, policies);
      expect(await patients.isRegistered(made.attestation.personTag)).to.be.false;
      expect(await keys.keyOf(way.account)).to.deep.equal([ZERO, 0n]);

      await way.send(forwarder, "batch", [calls]);
      const again = [made.attestation.personTag];
      await refused(way, forwarder, "batch", [calls], "PersonAlreadyRegistered", again, patients);
    });

    it("keeps the calls' order", async () => {
      const { forwarder, way, patients, calls, patientId } = await newPatient();
      // Nobody opens drawers before registering.
      const args = [[calls[2], calls[0]]];
      await refused(way, forwarder, "batch", args, "UnknownPatient", [patientId], patients);
    });

    it("may hold nothing, or another batch, whose calls are the same person's", async () => {
      const { forwarder, way, keys } = await load();
      await way.send(forwarder, "batch", [[]]);
      const publicKey = bytes32();
      const inner = await call(forwarder, "batch", [[await call(keys, "publish", [publicKey, ZERO])]]);
      await way.send(forwarder, "batch", [[await call(forwarder, "batch", [[inner]])]]);
      expect(await keys.keyOf(way.account)).to.deep.equal([publicKey, 1n]);
      expect(await keys.keyOf(forwarder)).to.deep.equal([ZERO, 0n]);
    });

    it("refuses a call to an address without a contract", async () => {
      const { forwarder, way, stranger } = await load();
      for (const target of [stranger.address, ZeroAddress]) {
        await refused(way, forwarder, "batch", [[{ target, data: "0x" }]], "AddressEmptyCode", [target]);
      }
    });

    describe("takes nobody for somebody else", () => {
      async function attacked() {
        const loaded = await load();
        const { way, other, forwarder, consents } = loaded;
        const patientId = await registered(loaded, way);
        const open = consents.interface.encodeFunctionData("openScope", [patientId, bytes32(), bytes32()]);
        // What a contract would read if the victim had asked for it.
        const forged = concat([open, way.account]);
        const forwarderAddress = await forwarder.getAddress();
        const notController = [patientId, other.account] as const;
        return { ...loaded, patientId, open, forged, forwarderAddress, notController };
      }

      it("by an address put behind a call", async () => {
        const { forwarder, consents, patients, other, forged, notController } = await attacked();
        const args = [[{ target: await consents.getAddress(), data: forged }]];
        await refused(other, forwarder, "batch", args, "NotController", notController, patients);
      });

      it("nor behind a call of a multicall, however deep in batches", async () => {
        const { forwarder, consents, patients, other, forged, notController } = await attacked();
        const multicall = await call(consents, "multicall", [[forged]]);
        // If the forwarder were the caller of what it sends to itself, Multicall would see a direct call and leave the
        // victim's address where the sender's belongs.
        const once = await call(forwarder, "batch", [[multicall]]);
        const twice = await call(forwarder, "batch", [[once]]);
        for (const calls of [[multicall], [once], [twice]]) {
          await refused(other, forwarder, "batch", [calls], "NotController", notController, patients);
        }
      });

      it("nor behind a batch", async () => {
        const { forwarder, forwarderAddress, consents, patients, way, other, open, notController } = await attacked();
        const inner = await call(forwarder, "batch", [[{ target: await consents.getAddress(), data: open }]]);
        for (const suffix of [way.account, forwarderAddress]) {
          const args = [[{ target: forwarderAddress, data: concat([inner.data, suffix]) }]];
          await refused(other, forwarder, "batch", args, "NotController", notController, patients);
        }
      });

      it("by a request in the forwarder's own name", async () => {
        const { forwarder, forwarderAddress, consents, other, forged, until } = await attacked();
        const request = {
          from: forwarderAddress,
          to: await consents.getAddress(),
          value: 0n,
          gas: 1_000_000n,
          deadline: until,
          data: consents.interface.encodeFunctionData("multicall", [[forged]]),
        };
        const signature = await sign(forwarder, "Salus", other.signer, "ForwardRequest", { ...request, nonce: 0n });
        const sent = await call(forwarder, "execute", [{ ...request, signature }]);
        const errorArgs = [other.signer.address, forwarderAddress];
        await refused(other, forwarder, "batch", [[sent]], "ERC2771ForwarderInvalidSigner", errorArgs);
      });
    });

    it("has no power of its own over accreditations, which listen to direct callers only", async () => {
      const { forwarder, participants, authority, way, until } = await load();
      const forwarderAddress = await forwarder.getAddress();
      const renounce = [[await call(participants, "renounce", [])]];
      await refused(way, forwarder, "batch", renounce, "NotAccredited", [forwarderAddress], participants);
      const held = await participants.heldBy(way.account, authority);
      const terms = { account: way.account, role: Role.Doctor, until, profile: bytes32(), held };
      const signature = await signAccreditation(participants, authority, terms, 1n, until);
      const args = [[await call(participants, "accreditBySig", [authority.address, terms, 1n, until, signature])]];
      await refused(way, forwarder, "batch", args, "NotAddressee", [way.account, forwarderAddress], participants);
    });

    it("stops at a contract that calls back in, which is a person of its own", async () => {
      const loaded = await load();
      const { forwarder, consents, patients, way } = loaded;
      const patientId = await registered(loaded, way);
      const caller = await ethers.deployContract("CallsBack", [forwarder]);
      const open = await call(consents, "openScope", [patientId, bytes32(), bytes32()]);
      const args = [[await call(caller, "callBack", [[open]])]];
      const errorArgs = [patientId, await caller.getAddress()];
      await refused(way, forwarder, "batch", args, "NotController", errorArgs, patients);
    });
  });
}

describe("Forwarder, a relayed batch", () => {
  async function world() {
    const base = await deployed();
    const { forwarder, keys, amina, until } = base;
    const publicKey = bytes32();
    const request = {
      from: amina.address,
      to: await forwarder.getAddress(),
      value: 0n,
      gas: 1_000_000n,
      deadline: until,
      data: (await call(forwarder, "batch", [[await call(keys, "publish", [publicKey, ZERO])]])).data,
    };
    const signature = await sign(forwarder, "Salus", amina, "ForwardRequest", { ...request, nonce: 0n });
    return { ...base, publicKey, request: { ...request, signature } };
  }
  const load = () => networkHelpers.loadFixture(world);

  it("is carried once", async () => {
    const { forwarder, keys, amina, relayer, publicKey, request } = await load();
    await forwarder.connect(relayer).execute(request);
    expect(await keys.keyOf(amina)).to.deep.equal([publicKey, 1n]);
    await expect(forwarder.connect(relayer).execute(request)).to.be.revertedWithCustomError(
      forwarder,
      "ERC2771ForwarderInvalidSigner",
    );
  });

  it("is carried as signed, or not at all", async () => {
    const { forwarder, keys, stranger, relayer, request } = await load();
    const { data } = await call(forwarder, "batch", [[await call(keys, "publish", [bytes32(), ZERO])]]);
    for (const change of [{ data }, { from: stranger.address }, { to: await keys.getAddress() }]) {
      await expect(forwarder.connect(relayer).execute({ ...request, ...change })).to.be.revertedWithCustomError(
        forwarder,
        "ERC2771ForwarderInvalidSigner",
      );
    }
  });

  it("isn't carried to a contract that doesn't trust the forwarder", async () => {
    const { forwarder, participants, relayer, request } = await load();
    const to = await participants.getAddress();
    await expect(forwarder.connect(relayer).execute({ ...request, to }))
      .to.be.revertedWithCustomError(forwarder, "ERC2771UntrustfulTarget")
      .withArgs(to, await forwarder.getAddress());
  });
});
