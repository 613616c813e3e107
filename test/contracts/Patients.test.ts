import { expect } from "chai";

import { bytes32, deployed, ethers, networkHelpers, Role, ZERO } from "./fixture.js";
import { signRotation } from "./signing.js";
import { hash, refused, registered, WAYS } from "./ways.js";

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Patients, ${name}`, () => {
    async function world() {
      const base = await deployed();
      const way = await act(base, base.amina);
      const other = await act(base, base.bashir);
      return { ...base, way, other, patientId: await registered(base, way) };
    }
    const load = () => networkHelpers.loadFixture(world);

    describe("registers", () => {
      it("a person with a civil registry's attestation", async () => {
        const { patients, registry, other, attest } = await load();
        const { attestation, signature } = await attest(other.account);
        const profile = bytes32();
        const patientId = hash(["address", "bytes32"], [other.account, attestation.commitment]);
        const h = hash(["bytes32", "bytes32", "bytes32"], [patientId, attestation.commitment, profile]);
        expect(await patients.isRegistered(attestation.personTag)).to.be.false;
        await expect(other.send(patients, "register", [attestation, profile, signature]))
          .to.emit(patients, "PatientRegistered")
          .withArgs(patientId, other.account, registry.address, attestation.commitment, profile, h);
        expect(await patients.isRegistered(attestation.personTag)).to.be.true;
        const registeredAt = BigInt(await networkHelpers.time.latest());
        expect(await patients.patientOf(patientId)).to.deep.equal([
          other.account,
          registeredAt,
          attestation.commitment,
          profile,
        ]);
        expect(await patients.controllerOf(patientId)).to.equal(other.account);
        expect(await patients.hashOf(patientId)).to.equal(h);
      });

      it("a person once", async () => {
        const { patients, way, other, attest } = await load();
        const personTag = bytes32();
        const first = await attest(other.account, { personTag });
        await other.send(patients, "register", [first.attestation, bytes32(), first.signature]);
        for (const again of [other, way]) {
          const { attestation, signature } = await attest(again.account, { personTag });
          const args = [attestation, bytes32(), signature];
          await refused(again, patients, "register", args, "PersonAlreadyRegistered", [personTag]);
        }
      });

      it("a pseudonym once", async () => {
        const { patients, way, attest } = await load();
        const commitment = bytes32();
        const first = await attest(way.account, { commitment });
        await way.send(patients, "register", [first.attestation, bytes32(), first.signature]);
        const { attestation, signature } = await attest(way.account, { commitment });
        const patientId = hash(["address", "bytes32"], [way.account, commitment]);
        await refused(way, patients, "register", [attestation, ZERO, signature], "PatientExists", [patientId]);
      });

      it("nobody by somebody else's attestation", async () => {
        const { patients, way, other, registry, attest } = await load();
        const { attestation, signature } = await attest(way.account);
        const args = [attestation, bytes32(), signature];
        await refused(other, patients, "register", args, "InvalidSignature", [registry.address]);
      });

      it("nobody by an altered attestation", async () => {
        const { patients, other, registry, attest, until } = await load();
        const { attestation, signature } = await attest(other.account);
        for (const change of [{ personTag: bytes32() }, { commitment: bytes32() }, { deadline: until + 1n }]) {
          const args = [{ ...attestation, ...change }, bytes32(), signature];
          await refused(other, patients, "register", args, "InvalidSignature", [registry.address]);
        }
        const args = [attestation, bytes32(), `${signature.slice(0, -2)}00`];
        await refused(other, patients, "register", args, "InvalidSignature", [registry.address]);
      });

      it("nobody after the attestation's deadline", async () => {
        const { patients, other, attest } = await load();
        const deadline = BigInt(await networkHelpers.time.latest()) + 100n;
        const { attestation, signature } = await attest(other.account, { deadline });
        await networkHelpers.time.increaseTo(deadline + 1n);
        const args = [attestation, bytes32(), signature];
        await refused(other, patients, "register", args, "SignatureExpired", [deadline]);
      });

      it("nobody by the word of an account that isn't a civil registry now", async () => {
        const { patients, participants, other, root, registry, insurer, attest } = await load();
        const { attestation, signature } = await attest(other.account);
        const wrong = [{ ...attestation, registry: insurer.address }, bytes32(), signature];
        await refused(other, patients, "register", wrong, "NotCivilRegistry", [insurer.address]);
        await participants.connect(root).revoke(registry);
        const args = [attestation, bytes32(), signature];
        await refused(other, patients, "register", args, "NotCivilRegistry", [registry.address]);
      });

      it("by the word of a registry that is a contract wallet", async () => {
        const { patients, participants, root, registry, other, attest, until } = await load();
        const wallet = await ethers.deployContract("ContractWallet", [registry]);
        const registryAddress = await wallet.getAddress();
        await participants.connect(root).accredit(registryAddress, Role.CivilRegistry, until, bytes32());
        const { attestation, signature } = await attest(other.account);
        await other.send(patients, "register", [{ ...attestation, registry: registryAddress }, bytes32(), signature]);
        expect(await patients.isRegistered(attestation.personTag)).to.be.true;
      });
    });

    describe("replaces the profile", () => {
      it("and its H", async () => {
        const { patients, way, patientId } = await load();
        const { commitment } = await patients.patientOf(patientId);
        const profile = bytes32();
        const h = hash(["bytes32", "bytes32", "bytes32"], [patientId, commitment, profile]);
        await expect(way.send(patients, "updateProfile", [patientId, profile]))
          .to.emit(patients, "ProfileUpdated")
          .withArgs(patientId, profile, h);
        expect(await patients.hashOf(patientId)).to.equal(h);
      });

      it("for the controller only", async () => {
        const { patients, other, patientId } = await load();
        const args = [patientId, bytes32()];
        await refused(other, patients, "updateProfile", args, "NotController", [patientId, other.account]);
      });

      it("of a patient that there is", async () => {
        const { patients, way } = await load();
        const unknown = bytes32();
        await refused(way, patients, "updateProfile", [unknown, bytes32()], "UnknownPatient", [unknown]);
        await refused(way, patients, "hashOf", [unknown], "UnknownPatient", [unknown]);
        await refused(way, patients, "controllerOf", [unknown], "UnknownPatient", [unknown]);
        expect(await patients.patientOf(unknown)).to.deep.equal([ethers.ZeroAddress, 0n, ZERO, ZERO]);
      });
    });

    describe("hands over", () => {
      it("to an account that signs for it", async () => {
        const { patients, way, other, patientId, until } = await load();
        const value = { patientId, from: way.account, to: other.account, nonce: 0n, deadline: until };
        const signature = await signRotation(patients, other.signer, value);
        await expect(way.send(patients, "rotateController", [patientId, other.account, until, signature]))
          .to.emit(patients, "ControllerRotated")
          .withArgs(patientId, way.account, other.account);
        expect(await patients.controllerOf(patientId)).to.equal(other.account);
        // What went before is over.
        const args = [patientId, bytes32()];
        await refused(way, patients, "updateProfile", args, "NotController", [patientId, way.account]);
      });

      it("for the controller only", async () => {
        const { patients, other, patientId, until } = await load();
        const value = { patientId, from: other.account, to: other.account, nonce: 0n, deadline: until };
        const signature = await signRotation(patients, other.signer, value);
        const args = [patientId, other.account, until, signature];
        await refused(other, patients, "rotateController", args, "NotController", [patientId, other.account]);
      });

      it("to nobody who didn't sign for exactly this", async () => {
        const { patients, way, other, patientId, until } = await load();
        const value = { patientId, from: way.account, to: other.account, nonce: 0n, deadline: until };
        const wrong = [
          await signRotation(patients, way.signer, value),
          await signRotation(patients, other.signer, { ...value, patientId: bytes32() }),
          await signRotation(patients, other.signer, { ...value, from: other.account }),
          await signRotation(patients, other.signer, { ...value, nonce: 1n }),
          await signRotation(patients, other.signer, { ...value, deadline: until - 1n }),
          "0x",
        ];
        for (const signature of wrong) {
          const args = [patientId, other.account, until, signature];
          await refused(way, patients, "rotateController", args, "InvalidSignature", [other.account]);
        }
        const nobody = [patientId, ethers.ZeroAddress, until, wrong[0]];
        await refused(way, patients, "rotateController", nobody, "InvalidSignature", [ethers.ZeroAddress]);
      });

      it("not after the deadline", async () => {
        const { patients, way, other, patientId } = await load();
        const deadline = BigInt(await networkHelpers.time.latest());
        const value = { patientId, from: way.account, to: other.account, nonce: 0n, deadline };
        const signature = await signRotation(patients, other.signer, value);
        const args = [patientId, other.account, deadline, signature];
        await networkHelpers.mine();
        await refused(way, patients, "rotateController", args, "SignatureExpired", [deadline]);
      });

      it("by one signature once, there and back", async () => {
        const { patients, way, other, patientId, until } = await load();
        const there = { patientId, from: way.account, to: other.account, nonce: 0n, deadline: until };
        const signature = await signRotation(patients, other.signer, there);
        await way.send(patients, "rotateController", [patientId, other.account, until, signature]);
        const back = { patientId, from: other.account, to: way.account, nonce: 0n, deadline: until };
        const signatureBack = await signRotation(patients, way.signer, back);
        await other.send(patients, "rotateController", [patientId, way.account, until, signatureBack]);
        expect(await patients.controllerOf(patientId)).to.equal(way.account);
        const args = [patientId, other.account, until, signature];
        await refused(way, patients, "rotateController", args, "InvalidSignature", [other.account]);
      });
    });
  });
}
