import { expect } from "chai";

import { bytes32, deployed, ethers, networkHelpers, PolicyStatus, Role, YEAR, ZERO } from "./fixture.js";
import { hash, refused, registered, WAYS } from "./ways.js";

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Policies, ${name}`, () => {
    async function world() {
      const base = await deployed();
      const { amina, bashir, insurer, root, participants, until } = base;
      const way = await act(base, amina);
      const other = await act(base, bashir);
      const issuer = await act(base, insurer);
      await participants.connect(root).accredit(issuer.account, Role.Insurer, until, ZERO);
      const patientId = await registered(base, way);
      const from = BigInt((await networkHelpers.time.latest()) + YEAR);
      const policy = {
        patientId,
        ref: bytes32(),
        previousRef: ZERO,
        wording: bytes32(),
        schedule: bytes32(),
        from,
        until: from + BigInt(YEAR),
        offer: bytes32(),
      };
      const key = { insurer: issuer.account, patientId, ref: policy.ref };
      const policyId = hash(["address", "bytes32", "bytes32"], [issuer.account, patientId, policy.ref]);
      const digest = hash(["bytes32", "bytes32"], [policy.wording, policy.schedule]);
      return { ...base, way, other, issuer, policy, key, policyId, digest };
    }
    const load = () => networkHelpers.loadFixture(world);

    async function issued() {
      const loaded = await world();
      const { issuer, policies, policy } = loaded;
      await issuer.send(policies, "issue", [policy]);
      return { ...loaded, issuedAt: BigInt(await networkHelpers.time.latest()) };
    }
    const loadIssued = () => networkHelpers.loadFixture(issued);

    describe("issues", () => {
      it("a policy as an offer", async () => {
        const { policies, issuer, policy, key, policyId, digest } = await load();
        const { patientId, ref, wording, schedule, from, until, offer } = policy;
        expect(await policies.policyIdOf(key)).to.equal(policyId);
        expect(await policies.statusOf(policyId)).to.equal(PolicyStatus.None);
        await expect(issuer.send(policies, "issue", [policy]))
          .to.emit(policies, "PolicyIssued")
          .withArgs(policyId, issuer.account, patientId, ref, ZERO, wording, schedule, from, until, offer);
        const issuedAt = BigInt(await networkHelpers.time.latest());
        expect(await policies.policyOf(policyId)).to.deep.equal([
          digest,
          from,
          until,
          until,
          issuedAt,
          0n,
          false,
          false,
          false,
        ]);
        expect(await policies.statusOf(policyId)).to.equal(PolicyStatus.Offered);
      });

      it("for insurers only, as long as they are accredited", async () => {
        const { policies, participants, root, way, issuer, policy } = await load();
        await refused(way, policies, "issue", [policy], "NotInsurer", [way.account]);
        await participants.connect(root).revoke(issuer.account);
        await refused(issuer, policies, "issue", [policy], "NotInsurer", [issuer.account]);
      });

      it("to patients that there are", async () => {
        const { policies, patients, issuer, policy } = await load();
        const patientId = bytes32();
        const args = [{ ...policy, patientId }];
        await refused(issuer, policies, "issue", args, "UnknownPatient", [patientId], patients);
      });

      it("for a term that isn't empty, nor over", async () => {
        const { policies, issuer, policy } = await load();
        const now = BigInt(await networkHelpers.time.latest());
        for (const [from, until] of [
          [policy.until, policy.from],
          [policy.from, policy.from],
          [1n, now],
        ] as const) {
          const args = [{ ...policy, from, until }];
          await refused(issuer, policies, "issue", args, "InvalidTerm", [from, until]);
        }
        await issuer.simulate(policies, "issue", [{ ...policy, from: 0n, until: 2n ** 48n - 1n }]);
      });

      it("under a reference once, whatever became of the policy", async () => {
        const { policies, way, issuer, policy, policyId, key } = await loadIssued();
        const again = [{ ...policy, wording: bytes32() }];
        await refused(issuer, policies, "issue", again, "PolicyExists", [policyId]);
        await way.send(policies, "accept", [key, policy.wording, policy.schedule]);
        await refused(issuer, policies, "issue", again, "PolicyExists", [policyId]);
      });
    });

    describe("accepts", () => {
      it("an offer whose digests are the patient's own copy's", async () => {
        const { policies, way, issuer, policy, key, policyId, digest, issuedAt } = await loadIssued();
        await expect(way.send(policies, "accept", [key, policy.wording, policy.schedule]))
          .to.emit(policies, "PolicyAccepted")
          .withArgs(policyId, issuer.account, policy.patientId, digest);
        const acceptedAt = BigInt(await networkHelpers.time.latest());
        const stored = [digest, policy.from, policy.until, policy.until, issuedAt, acceptedAt, false, false, false];
        expect(await policies.policyOf(policyId)).to.deep.equal(stored);
      });

      it("no copy that differs by one bit, in wording or schedule", async () => {
        const { policies, way, policy, key, digest } = await loadIssued();
        for (const side of ["wording", "schedule"] as const) {
          for (let bit = 0n; bit < 256n; bit += 51n) {
            const altered = { ...policy, [side]: ethers.toBeHex(BigInt(policy[side]) ^ (1n << bit), 32) };
            const { wording, schedule } = altered;
            const copy = hash(["bytes32", "bytes32"], [wording, schedule]);
            await refused(way, policies, "accept", [key, wording, schedule], "DigestMismatch", [digest, copy]);
          }
        }
      });

      it("for the patient only", async () => {
        const { policies, patients, other, issuer, policy, key } = await loadIssued();
        for (const nobody of [other, issuer]) {
          const args = [key, policy.wording, policy.schedule];
          const errorArgs = [policy.patientId, nobody.account];
          await refused(nobody, policies, "accept", args, "NotController", errorArgs, patients);
        }
      });

      it("what was issued, while it is on offer", async () => {
        const { policies, way, policy, key, policyId } = await loadIssued();
        const { wording, schedule } = policy;
        const unknown = { ...key, ref: bytes32() };
        const unknownId = await policies.policyIdOf(unknown);
        await refused(way, policies, "accept", [unknown, wording, schedule], "UnknownPolicy", [unknownId]);
        await way.send(policies, "accept", [key, wording, schedule]);
        const args = [key, wording, schedule];
        await refused(way, policies, "accept", args, "NotOffered", [policyId, PolicyStatus.Accepted]);
        await networkHelpers.time.increaseTo(policy.from);
        await refused(way, policies, "accept", args, "NotOffered", [policyId, PolicyStatus.Active]);
        await networkHelpers.time.increaseTo(policy.until);
        await refused(way, policies, "accept", args, "NotOffered", [policyId, PolicyStatus.Expired]);
      });

      it("nothing whose term has ended", async () => {
        const { policies, way, policy, key, policyId } = await loadIssued();
        await networkHelpers.time.increaseTo(policy.until);
        const args = [key, policy.wording, policy.schedule];
        await refused(way, policies, "accept", args, "NotOffered", [policyId, PolicyStatus.Lapsed]);
      });
    });

    it("verifies a copy, at every stage of a policy's life", async () => {
      const { policies, way, policy, key, policyId } = await loadIssued();
      const { wording, schedule } = policy;
      const stands = async (status: number) => {
        expect(await policies.statusOf(policyId)).to.equal(status);
        expect(await policies.verify(policyId, wording, schedule)).to.deep.equal([true, BigInt(status)]);
        expect(await policies.verify(policyId, schedule, wording)).to.deep.equal([false, BigInt(status)]);
      };
      await stands(PolicyStatus.Offered);
      await way.send(policies, "accept", [key, wording, schedule]);
      await stands(PolicyStatus.Accepted);
      await networkHelpers.time.increaseTo(policy.from);
      await stands(PolicyStatus.Active);
      await networkHelpers.time.increaseTo(policy.until - 1n);
      await stands(PolicyStatus.Active);
      await networkHelpers.time.increaseTo(policy.until);
      await stands(PolicyStatus.Expired);
      expect(await policies.verify(bytes32(), wording, schedule)).to.deep.equal([false, BigInt(PolicyStatus.None)]);
    });
  });
}
