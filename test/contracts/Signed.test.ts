import { expect } from "chai";

import { bytes32, deployed, ethers, networkHelpers, READ, WRITE } from "./fixture.js";
import { sign, signGrant, signRevocation, type Terms, TYPES } from "./signing.js";
import { directly, refused, registered, WAYS } from "./ways.js";

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Signed, for a patient who acts ${name}`, () => {
    async function world() {
      const base = await deployed();
      const way = await act(base, base.amina);
      const carrier = await directly(base, base.relayer);
      const patientId = await registered(base, way);
      const subject = bytes32();
      const grantee = base.doctor.address;
      const terms: Terms = { patientId, subject, grantee, rights: READ, until: base.until, sealedKey: bytes32() };
      return { ...base, way, carrier, patientId, subject, grantee, terms };
    }
    const load = () => networkHelpers.loadFixture(world);

    it("takes a signature once", async () => {
      const { consents, way, carrier, terms, until } = await load();
      const args = [terms, until, await signGrant(consents, way.signer, terms, 0n, until)];
      await carrier.send(consents, "grantBySig", args);
      expect(await consents.nonces(way.account)).to.equal(1n);
      await refused(carrier, consents, "grantBySig", args, "InvalidSignature", [way.account]);
    });

    it("takes it up to its deadline", async () => {
      const { consents, way, carrier, terms } = await load();
      const deadline = BigInt((await networkHelpers.time.latest()) + 100);
      const args = [terms, deadline, await signGrant(consents, way.signer, terms, 0n, deadline)];
      await networkHelpers.time.increaseTo(deadline - 1n);
      await carrier.simulate(consents, "grantBySig", args);
      await networkHelpers.time.increaseTo(deadline + 1n);
      await refused(carrier, consents, "grantBySig", args, "SignatureExpired", [deadline]);
      const value = { patientId: terms.patientId, subject: terms.subject, grantee: terms.grantee };
      const signature = await signRevocation(consents, way.signer, value, 0n, deadline);
      const revocation = [...Object.values(value), deadline, signature];
      await refused(carrier, consents, "revokeBySig", revocation, "SignatureExpired", [deadline]);
    });

    it("takes it for the values that were signed only", async () => {
      const { consents, way, carrier, terms, until, stranger } = await load();
      const signature = await signGrant(consents, way.signer, terms, 0n, until);
      const changes = [
        { subject: bytes32() },
        { grantee: stranger.address },
        { rights: READ | WRITE },
        { until: until - 1n },
        { sealedKey: bytes32() },
      ];
      for (const change of changes) {
        const args = [{ ...terms, ...change }, until, signature];
        await refused(carrier, consents, "grantBySig", args, "InvalidSignature", [way.account]);
      }
      const later = [terms, until + 1n, signature];
      await refused(carrier, consents, "grantBySig", later, "InvalidSignature", [way.account]);
    });

    it("takes the controller's only", async () => {
      const { consents, way, carrier, terms, until, stranger } = await load();
      for (const signature of [await signGrant(consents, stranger, terms, 0n, until), "0x", `0x${"ff".repeat(65)}`]) {
        const args = [terms, until, signature];
        await refused(carrier, consents, "grantBySig", args, "InvalidSignature", [way.account]);
      }
    });

    it("takes it for this act, contract and chain only", async () => {
      const { consents, patients, way, carrier, forwarder, patientId, subject, grantee, terms, until } = await load();
      const message = { ...terms, nonce: 0n, deadline: until };
      const twin = await ethers.deployContract("Consents", [forwarder, patients]);
      const otherChain = {
        name: "Salus Consents",
        version: "1",
        chainId: 1n,
        verifyingContract: await consents.getAddress(),
      };
      const signed = await signGrant(consents, way.signer, terms, 0n, until);
      const wrong = [
        await sign(consents, "Salus Patients", way.signer, "Grant", message),
        await signGrant(twin, way.signer, terms, 0n, until),
        await way.signer.signTypedData(otherChain, { Grant: TYPES.Grant }, message),
      ];
      for (const signature of wrong) {
        await refused(carrier, consents, "grantBySig", [terms, until, signature], "InvalidSignature", [way.account]);
      }
      const revocation = [patientId, subject, grantee, until, signed];
      await refused(carrier, consents, "revokeBySig", revocation, "InvalidSignature", [way.account]);
      // The same typed data is taken where it belongs, so the above failed for the reason given.
      await carrier.simulate(consents, "grantBySig", [terms, until, signed]);
    });

    it("lets the signer make all signatures worthless that nobody has carried yet", async () => {
      const { consents, patients, way, carrier, terms, until } = await load();
      const nonces = [0n, 1n, 2n];
      const signed = await Promise.all(nonces.map((nonce) => signGrant(consents, way.signer, terms, nonce, until)));
      for (const contract of [consents, patients]) {
        await expect(way.send(contract, "cancelSignatures", []))
          .to.emit(contract, "SignaturesCancelled")
          .withArgs(way.account, 2n ** 64n);
        expect(await contract.nonces(way.account)).to.equal(2n ** 64n);
      }
      for (const signature of signed) {
        await refused(carrier, consents, "grantBySig", [terms, until, signature], "InvalidSignature", [way.account]);
      }
    });
  });
}
