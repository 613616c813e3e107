import { expect } from "chai";
import type { BaseContract } from "ethers";

import { bytes32, deployed, entry, ethers, networkHelpers, READ, Role, WRITE, ZERO } from "./fixture.js";
import { signGrant, signRotation } from "./signing.js";
import { directly, hash, refused, registered, WAYS } from "./ways.js";

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
        expect(await patients.isPatient(patientId)).to.be.true;
        expect(await patients.patientIdOf(other.account, attestation.commitment)).to.equal(patientId);
        expect(await patients.hashOf(patientId)).to.equal(h);
      });

      it("by an attestation under any number of the registry's", async () => {
        const { patients, other, attest } = await load();
        const { attestation, signature } = await attest(other.account, { nonce: 2n ** 256n - 1n });
        await other.send(patients, "register", [attestation, bytes32(), signature]);
        expect(await patients.isRegistered(attestation.personTag)).to.be.true;
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
        const changes = [
          { personTag: bytes32() },
          { commitment: bytes32() },
          { nonce: attestation.nonce + 1n },
          { deadline: until + 1n },
        ];
        for (const change of changes) {
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
        expect(await patients.isPatient(unknown)).to.be.false;
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

    describe("deregisters", () => {
      /** A patient with a drawer, a grant to write and an offer, who has just deregistered. */
      async function gone() {
        const base = await deployed();
        const { patients, consents, policies, doctor, insurer, until } = base;
        const way = await act(base, base.amina);
        const other = await act(base, base.bashir);
        const personTag = bytes32();
        const { attestation, signature } = await base.attest(way.account, { personTag });
        await way.send(patients, "register", [attestation, bytes32(), signature]);
        const patientId = await patients.patientIdOf(way.account, attestation.commitment);
        const registeredAt = BigInt(await networkHelpers.time.latest());
        const [scope, key] = [bytes32(), bytes32()];
        const terms = {
          patientId,
          subject: scope,
          grantee: doctor.address,
          rights: READ | WRITE,
          until,
          sealedKey: ZERO,
        };
        await way.send(consents, "openScope", [patientId, scope, key]);
        await way.send(consents, "grant", [terms]);
        const [ref, wording, schedule] = [bytes32(), bytes32(), bytes32()];
        const offer = { patientId, ref, previousRef: ZERO, wording, schedule, from: 1n, until, offer: ZERO };
        await policies.connect(insurer).issue(offer);
        const granted = () => consents.isGranted(patientId, scope, doctor, READ);
        const before = await granted();
        const leaving = way.send(patients, "deregister", [patientId]);
        const made = { attestation, patientId, registeredAt, personTag, scope, key, terms, offer, granted, before };
        await leaving;
        return { ...base, ...made, leaving, way, other };
      }
      const loadGone = () => networkHelpers.loadFixture(gone);

      it("and leaves a tombstone", async () => {
        const { patients, way, patientId, registeredAt, personTag, leaving } = await loadGone();
        await expect(leaving).to.emit(patients, "PatientDeregistered").withArgs(patientId, way.account);
        expect(await patients.patientOf(patientId)).to.deep.equal([ethers.ZeroAddress, registeredAt, ZERO, ZERO]);
        expect(await patients.isPatient(patientId)).to.be.false;
        expect(await patients.isRegistered(personTag)).to.be.false;
      });

      it("by the controller only, of a patient that there is", async () => {
        const { patients, way, other, patientId } = await load();
        await refused(other, patients, "deregister", [patientId], "NotController", [patientId, other.account]);
        const unknown = bytes32();
        await refused(way, patients, "deregister", [unknown], "UnknownPatient", [unknown]);
      });

      it("for good: nobody acts for the patient any more", async () => {
        const made = await loadGone();
        const { patients, consents, policies, records, way, insurer, doctor } = made;
        const { patientId, scope, key, terms, offer, until } = made;
        const refusedToAll = async (contract: BaseContract, call: string, args: unknown[]) =>
          refused(way, contract, call, args, "Deregistered", [patientId], patients);
        await refusedToAll(patients, "deregister", [patientId]);
        await refusedToAll(patients, "updateProfile", [patientId, bytes32()]);
        await refusedToAll(patients, "rotateController", [patientId, made.other.account, until, "0x"]);
        await refusedToAll(patients, "controllerOf", [patientId]);
        await refusedToAll(patients, "checkController", [patientId, way.account]);
        await refusedToAll(patients, "checkController", [patientId, ethers.ZeroAddress]);
        await refusedToAll(patients, "hashOf", [patientId]);
        await refusedToAll(consents, "openScope", [patientId, bytes32(), bytes32()]);
        await refusedToAll(consents, "rotateScope", [patientId, scope, bytes32(), ZERO]);
        await refusedToAll(consents, "grant", [terms]);
        await refusedToAll(consents, "revoke", [patientId, scope, doctor.address]);
        const signature = await signGrant(consents, way.signer, terms, 0n, until);
        await refusedToAll(consents, "grantBySig", [terms, until, signature]);
        await refusedToAll(records, "append", [patientId, scope, key, entry()]);
        await refusedToAll(records, "appendBatch", [patientId, scope, key, [entry()]]);
        const policy = { insurer: insurer.address, patientId, ref: offer.ref };
        await refusedToAll(policies, "accept", [policy, offer.wording, offer.schedule]);
        await refusedToAll(policies, "reportMismatch", [policy, offer.schedule, offer.wording]);
        await refusedToAll(policies, "cancel", [policy, 0n]);
        const again = { ...offer, ref: bytes32() };
        const issuer = await directly(made, insurer);
        await refused(issuer, policies, "issue", [again], "Deregistered", [patientId], patients);
      });

      it("and no grant of the patient's outlives it", async () => {
        const made = await loadGone();
        const { patients, consents, records, patientId, scope, key, doctor, granted, before } = made;
        expect(before).to.be.true;
        expect(await granted()).to.be.false;
        expect(await consents.writingOf(patientId, scope, doctor)).to.deep.equal([false, key]);
        const author = await directly(made, doctor);
        for (const [call, args] of [
          ["append", [patientId, scope, key, entry()]],
          ["appendBatch", [patientId, scope, key, [entry()]]],
        ] as const) {
          await refused(author, records, call, args, "Deregistered", [patientId], patients);
        }
      });

      it("and the person may come back, under another pseudonym, once", async () => {
        const { patients, way, other, attest, personTag, attestation, patientId } = await loadGone();
        for (const tag of [personTag, bytes32()]) {
          const same = await attest(way.account, { personTag: tag, commitment: attestation.commitment });
          const args = [same.attestation, bytes32(), same.signature];
          await refused(way, patients, "register", args, "PatientExists", [patientId]);
        }
        const anew = await attest(other.account, { personTag });
        await other.send(patients, "register", [anew.attestation, bytes32(), anew.signature]);
        expect(await patients.isRegistered(personTag)).to.be.true;
        const third = await attest(way.account, { personTag });
        const args = [third.attestation, bytes32(), third.signature];
        await refused(way, patients, "register", args, "PersonAlreadyRegistered", [personTag]);
        expect(await patients.isPatient(patientId)).to.be.false;
      });

      it("after having moved, and a pseudonym isn't handed back to its first wallet", async () => {
        const { patients, way, other, attest, until } = await load();
        const [personTag, commitment] = [bytes32(), bytes32()];
        const first = await attest(way.account, { personTag, commitment });
        await way.send(patients, "register", [first.attestation, bytes32(), first.signature]);
        const patientId = await patients.patientIdOf(way.account, commitment);
        const value = { patientId, from: way.account, to: other.account, nonce: 0n, deadline: until };
        const signature = await signRotation(patients, other.signer, value);
        await way.send(patients, "rotateController", [patientId, other.account, until, signature]);
        await refused(way, patients, "deregister", [patientId], "NotController", [patientId, way.account]);
        await other.send(patients, "deregister", [patientId]);
        const again = await attest(way.account, { personTag, commitment });
        const args = [again.attestation, bytes32(), again.signature];
        await refused(way, patients, "register", args, "PatientExists", [patientId]);
        // The signature that was given for the move is used up, and there is nobody left to move.
        const back = [patientId, other.account, until, signature];
        await refused(way, patients, "rotateController", back, "Deregistered", [patientId]);
      });
    });
  });
}
