import { expect } from "chai";

import { bytes32, deployed, ethers, FOREVER, networkHelpers, PolicyStatus, Role, YEAR, ZERO } from "./fixture.js";
import { type Offer, signOffer } from "./signing.js";
import { directly, hash, refused, registered, WAYS } from "./ways.js";

/** `NOTICE` of IPolicies.sol: 30 days. */
const NOTICE = 30n * 24n * 3600n;

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

      it("no offer of an insurer that is accredited no longer", async () => {
        const { policies, participants, root, way, issuer, policy, key, until } = await loadIssued();
        await participants.connect(root).revoke(issuer.account);
        const args = [key, policy.wording, policy.schedule];
        await refused(way, policies, "accept", args, "NotInsurer", [issuer.account]);
        await participants.connect(root).accredit(issuer.account, Role.CivilRegistry, until, ZERO);
        await refused(way, policies, "accept", args, "NotInsurer", [issuer.account]);
        await participants.connect(root).accredit(issuer.account, Role.Insurer, until, ZERO);
        await way.send(policies, "accept", args);
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

    describe("issues by signature", () => {
      async function signedWorld() {
        const base = await world();
        const carrier = await directly(base, base.relayer);
        const { policies, issuer, policy, until } = base;
        const sign = (offer: Offer = policy, deadline = until, nonce = 1n) =>
          signOffer(policies, issuer.signer, offer, nonce, deadline);
        const isRefused = (args: readonly unknown[], error: string, errorArgs: readonly unknown[]) =>
          refused(carrier, policies, "issueBySig", args, error, errorArgs);
        return { ...base, carrier, sign, isRefused, signature: await sign() };
      }
      const loadSigned = () => networkHelpers.loadFixture(signedWorld);

      it("what the insurer offered, whoever carries it, once", async () => {
        const { policies, carrier, way, issuer, policy, policyId, key, signature, until, isRefused } =
          await loadSigned();
        const { patientId, ref, wording, schedule, from, offer } = policy;
        const args = [issuer.account, policy, 1n, until, signature];
        await way.simulate(policies, "issueBySig", args);
        await expect(carrier.send(policies, "issueBySig", args))
          .to.emit(policies, "PolicyIssued")
          .withArgs(policyId, issuer.account, patientId, ref, ZERO, wording, schedule, from, policy.until, offer);
        await isRefused(args, "PolicyExists", [policyId]);
        await refused(issuer, policies, "issue", [policy], "PolicyExists", [policyId]);
        await way.send(policies, "cancel", [key, 0n]);
        await isRefused(args, "PolicyExists", [policyId]);
      });

      it("exactly what was signed, up to the deadline, for this contract", async () => {
        const { policies, participants, patients, forwarder, issuer, way, policy, until, ...base } = await loadSigned();
        const { sign, isRefused, signature } = base;
        const insurer = issuer.account;
        const changes: Partial<Offer>[] = [
          { patientId: bytes32() },
          { ref: bytes32() },
          { previousRef: bytes32() },
          { wording: bytes32() },
          { schedule: bytes32() },
          { from: policy.from - 1n },
          { until: policy.until + 1n },
          { offer: bytes32() },
        ];
        for (const change of changes) {
          const args = [insurer, { ...policy, ...change }, 1n, until, signature];
          await isRefused(args, "InvalidSignature", [insurer]);
        }
        const twin = await ethers.deployContract("Policies", [forwarder, participants, patients]);
        const wrong = [
          [insurer, policy, 2n, until, signature],
          [insurer, policy, 1n, until + 1n, signature],
          [insurer, policy, 1n, until, "0x"],
          [insurer, policy, 1n, until, await signOffer(policies, way.signer, policy, 1n, until)],
          [insurer, policy, 1n, until, await signOffer(twin, issuer.signer, policy, 1n, until)],
        ];
        for (const args of wrong) await isRefused(args, "InvalidSignature", [insurer]);
        const deadline = BigInt((await networkHelpers.time.latest()) + 100);
        const late = [insurer, policy, 1n, deadline, await sign(policy, deadline)];
        await networkHelpers.time.increaseTo(deadline + 1n);
        await isRefused(late, "SignatureExpired", [deadline]);
      });

      it("nothing of one who is no insurer, or no longer", async () => {
        const { policies, participants, root, way, issuer, policy, signature, until, isRefused } = await loadSigned();
        const own = await signOffer(policies, way.signer, policy, 1n, until);
        await isRefused([way.account, policy, 1n, until, own], "NotInsurer", [way.account]);
        await participants.connect(root).revoke(issuer.account);
        await isRefused([issuer.account, policy, 1n, until, signature], "NotInsurer", [issuer.account]);
      });
    });

    describe("follows a version by the next", () => {
      /** An accepted policy in force, and what the insurer would offer instead. */
      async function inForce() {
        const base = await issued();
        const { policies, way, issuer, policy, key } = base;
        await way.send(policies, "accept", [key, policy.wording, policy.schedule]);
        await networkHelpers.time.increaseTo(policy.from);
        const next = (change: Partial<Offer> = {}): Offer => ({
          ...policy,
          ref: bytes32(),
          previousRef: policy.ref,
          wording: bytes32(),
          from: policy.from + 1_000n,
          ...change,
        });
        const idOf = ({ ref }: Offer) => policies.policyIdOf({ ...key, ref });
        const offer = async (version: Offer) => issuer.send(policies, "issue", [version]);
        const accept = async ({ ref, wording, schedule }: Offer) =>
          way.send(policies, "accept", [{ ...key, ref }, wording, schedule]);
        const status = async (version: Offer) => Number(await policies.statusOf(await idOf(version)));
        return { ...base, next, idOf, offer, accept, status };
      }
      const loadInForce = () => networkHelpers.loadFixture(inForce);

      it("which counts once the patient accepts it, and not before", async () => {
        const { policies, policy, policyId, issuer, next, idOf, offer, accept, status } = await loadInForce();
        const version = next();
        const id = await idOf(version);
        const { patientId, ref, wording, schedule, from, until } = version;
        await expect(offer(version))
          .to.emit(policies, "PolicyIssued")
          .withArgs(id, issuer.account, patientId, ref, policyId, wording, schedule, from, until, version.offer);
        expect(await policies.previousOf(id)).to.equal(policyId);
        expect(await policies.previousOf(policyId)).to.equal(ZERO);
        expect((await policies.policyOf(id)).isAmendment).to.be.true;
        const before = await policies.policyOf(policyId);
        expect([await status(policy), await status(version)]).to.deep.equal([
          PolicyStatus.Active,
          PolicyStatus.Offered,
        ]);

        const accepting = await accept(version);
        await expect(accepting).to.emit(policies, "PolicyAccepted");
        await expect(accepting).to.emit(policies, "PolicySuperseded").withArgs(policyId, id, from);
        expect([await status(policy), await status(version)]).to.deep.equal([
          PolicyStatus.Active,
          PolicyStatus.Accepted,
        ]);
        await networkHelpers.time.increaseTo(from - 1n);
        expect(await status(policy)).to.equal(PolicyStatus.Active);
        await networkHelpers.time.increaseTo(from);
        expect([await status(policy), await status(version)]).to.deep.equal([
          PolicyStatus.Superseded,
          PolicyStatus.Active,
        ]);
        const { digest, from: begin, until: finish, issuedAt, acceptedAt } = before;
        const stored = [digest, begin, finish, from, issuedAt, acceptedAt, false, false, true];
        expect(await policies.policyOf(policyId)).to.deep.equal(stored);
        await networkHelpers.time.increaseTo(policy.until);
        expect(await status(policy)).to.equal(PolicyStatus.Superseded);
      });

      it("at once, when its term has begun already", async () => {
        const { policies, policy, policyId, next, idOf, offer, accept, status } = await loadInForce();
        const version = next({ from: policy.from });
        await offer(version);
        const accepting = accept(version);
        await accepting;
        const now = BigInt(await networkHelpers.time.latest());
        await expect(accepting)
          .to.emit(policies, "PolicySuperseded")
          .withArgs(policyId, await idOf(version), now);
        expect([await status(policy), await status(version)]).to.deep.equal([
          PolicyStatus.Superseded,
          PolicyStatus.Active,
        ]);
      });

      it("when the term is over, as a renewal, which takes nothing from the version before", async () => {
        const { policies, policy, policyId, next, idOf, offer, accept, status } = await loadInForce();
        const renewal = next({ from: policy.until, until: policy.until + BigInt(YEAR) });
        await offer(renewal);
        await expect(accept(renewal))
          .to.emit(policies, "PolicySuperseded")
          .withArgs(policyId, await idOf(renewal), policy.until);
        expect((await policies.policyOf(policyId)).end).to.equal(policy.until);
        expect([await status(policy), await status(renewal)]).to.deep.equal([
          PolicyStatus.Active,
          PolicyStatus.Accepted,
        ]);
        await networkHelpers.time.increaseTo(policy.until);
        expect([await status(policy), await status(renewal)]).to.deep.equal([
          PolicyStatus.Expired,
          PolicyStatus.Active,
        ]);
      });

      it("even after it is over, and then leaves it as it ended", async () => {
        const { policies, policy, policyId, next, offer, accept, status } = await loadInForce();
        await networkHelpers.time.increaseTo(policy.until);
        const later = next({ from: policy.until, until: policy.until + BigInt(YEAR) });
        await offer(later);
        await accept(later);
        expect([await status(policy), await status(later)]).to.deep.equal([PolicyStatus.Expired, PolicyStatus.Active]);
        expect((await policies.policyOf(policyId)).end).to.equal(policy.until);
      });

      it("by one version only: the chain doesn't fork", async () => {
        const { policies, way, issuer, policyId, key, next, idOf, offer, accept, status } = await loadInForce();
        const [first, second] = [next(), next()];
        await offer(first);
        await offer(second);
        await accept(first);
        const errorArgs = [policyId, PolicyStatus.Active];
        const { ref, wording, schedule } = second;
        const args = [{ ...key, ref }, wording, schedule];
        await refused(way, policies, "accept", args, "NotAmendable", errorArgs);
        await refused(issuer, policies, "issue", [next()], "NotAmendable", errorArgs);
        expect(await status(second)).to.equal(PolicyStatus.Offered);
        expect((await policies.policyOf(await idOf(second))).acceptedAt).to.equal(0n);
        // The next one follows the one that was accepted.
        const third = next({ previousRef: first.ref });
        await offer(third);
        await accept(third);
        expect(await policies.previousOf(await idOf(third))).to.equal(await idOf(first));
      });

      it("of an accepted policy only, of the same insurer and the same patient", async () => {
        const loaded = await loadInForce();
        const { policies, participants, root, other, issuer, bashir, policy, key, next, offer, until } = loaded;
        const never = bytes32();
        const unknownId = await policies.policyIdOf({ ...key, ref: never });
        const unknown = [next({ previousRef: never })];
        await refused(issuer, policies, "issue", unknown, "NotAmendable", [unknownId, PolicyStatus.None]);
        const offered = next({ previousRef: ZERO });
        await offer(offered);
        const offeredId = await policies.policyIdOf({ ...key, ref: offered.ref });
        const ofOffer = [next({ previousRef: offered.ref })];
        await refused(issuer, policies, "issue", ofOffer, "NotAmendable", [offeredId, PolicyStatus.Offered]);
        // Another patient's, by the same insurer; and another insurer's, for the same patient.
        const patientId = await registered(loaded, other);
        const otherId = await policies.policyIdOf({ ...key, patientId });
        await refused(issuer, policies, "issue", [next({ patientId })], "NotAmendable", [otherId, PolicyStatus.None]);
        await participants.connect(root).accredit(bashir, Role.Insurer, until, ZERO);
        const rival = await directly(loaded, bashir);
        const rivals = await policies.policyIdOf({ ...key, insurer: bashir.address });
        await refused(rival, policies, "issue", [next()], "NotAmendable", [rivals, PolicyStatus.None]);
        // Nor a policy itself.
        const circular = next({ previousRef: policy.ref, ref: policy.ref });
        const policyId = await policies.policyIdOf(key);
        await refused(issuer, policies, "issue", [circular], "PolicyExists", [policyId]);
      });

      it("and ends neither later than cancelled, nor by another's name", async () => {
        const { policies, way, policy, policyId, key, next, offer, accept, status } = await loadInForce();
        const version = next();
        await offer(version);
        const soon = policy.from + 500n;
        await way.send(policies, "cancel", [key, soon]);
        await accept(version);
        const { end, isCancelled, isSuperseded } = await policies.policyOf(policyId);
        expect({ end, isCancelled, isSuperseded }).to.deep.equal({ end: soon, isCancelled: true, isSuperseded: true });
        await networkHelpers.time.increaseTo(version.from);
        expect(await status(policy)).to.equal(PolicyStatus.Cancelled);
      });

      it("and ends earlier than cancelled when the next version begins before", async () => {
        const { policies, way, policy, policyId, key, next, offer, accept, status } = await loadInForce();
        await way.send(policies, "cancel", [key, policy.from + 5_000n]);
        const version = next();
        await offer(version);
        await accept(version);
        const { end, isCancelled } = await policies.policyOf(policyId);
        expect({ end, isCancelled }).to.deep.equal({ end: version.from, isCancelled: false });
        await networkHelpers.time.increaseTo(version.from);
        expect(await status(policy)).to.equal(PolicyStatus.Superseded);
      });

      it("and may still be cancelled for the time that is left to it", async () => {
        const { policies, way, policy, policyId, key, next, offer, accept, status } = await loadInForce();
        const version = next();
        await offer(version);
        await accept(version);
        await refused(way, policies, "cancel", [key, version.from], "EndsEarlier", [policyId, version.from]);
        await way.send(policies, "cancel", [key, 0n]);
        expect(await status(policy)).to.equal(PolicyStatus.Cancelled);
        expect((await policies.policyOf(policyId)).isSuperseded).to.be.true;
      });
    });

    describe("cancels", () => {
      async function accepted() {
        const base = await issued();
        await base.way.send(base.policies, "accept", [base.key, base.policy.wording, base.policy.schedule]);
        return base;
      }
      const loadAccepted = () => networkHelpers.loadFixture(accepted);

      it("an offer, as the insurer who withdraws it or the patient who declines it, at once", async () => {
        for (const by of ["issuer", "way"] as const) {
          const loaded = await loadIssued();
          const { policies, issuer, way, policy, key, policyId } = loaded;
          // Whatever time is named.
          const cancelling = loaded[by].send(policies, "cancel", [key, policy.until]);
          await cancelling;
          const now = BigInt(await networkHelpers.time.latest());
          await expect(cancelling)
            .to.emit(policies, "PolicyCancelled")
            .withArgs(policyId, issuer.account, policy.patientId, loaded[by].account, now);
          expect(await policies.statusOf(policyId)).to.equal(PolicyStatus.Cancelled);
          const accepting = [key, policy.wording, policy.schedule];
          await refused(way, policies, "accept", accepting, "NotOffered", [policyId, PolicyStatus.Cancelled]);
          for (const party of [issuer, way]) {
            await refused(party, policies, "cancel", [key, 0n], "AlreadyOver", [policyId, PolicyStatus.Cancelled]);
          }
          await networkHelpers.time.increaseTo(policy.until);
          expect(await policies.statusOf(policyId)).to.equal(PolicyStatus.Cancelled);
        }
      });

      it("an accepted policy, as the patient, at any time from now on", async () => {
        const { policies, way, issuer, policy, key, policyId } = await loadAccepted();
        const before = await policies.policyOf(policyId);
        const from = policy.from + 7n;
        await expect(way.send(policies, "cancel", [key, from]))
          .to.emit(policies, "PolicyCancelled")
          .withArgs(policyId, issuer.account, policy.patientId, way.account, from);
        const { digest, until, issuedAt, acceptedAt } = before;
        const stored = [digest, policy.from, until, from, issuedAt, acceptedAt, false, true, false];
        expect(await policies.policyOf(policyId)).to.deep.equal(stored);
        expect(await policies.statusOf(policyId)).to.equal(PolicyStatus.Accepted);
        await networkHelpers.time.increaseTo(from - 1n);
        expect(await policies.statusOf(policyId)).to.equal(PolicyStatus.Active);
        await networkHelpers.time.increaseTo(from);
        expect(await policies.statusOf(policyId)).to.equal(PolicyStatus.Cancelled);
        await networkHelpers.time.increaseTo(policy.until);
        expect(await policies.statusOf(policyId)).to.equal(PolicyStatus.Cancelled);
      });

      it("at once, as the patient, by any time that is past", async () => {
        const { policies, way, key, policyId } = await loadAccepted();
        await way.send(policies, "cancel", [key, 0n]);
        expect((await policies.policyOf(policyId)).end).to.equal(BigInt(await networkHelpers.time.latest()));
        expect(await policies.statusOf(policyId)).to.equal(PolicyStatus.Cancelled);
      });

      it("as the insurer with notice only, accredited or not", async () => {
        const { policies, participants, root, issuer, policy, key, policyId } = await loadAccepted();
        expect(await policies.NOTICE()).to.equal(NOTICE);
        await participants.connect(root).revoke(issuer.account);
        const earliest = BigInt(await networkHelpers.time.latest()) + NOTICE;
        for (const from of [0n, earliest - NOTICE, earliest - 1n]) {
          await refused(issuer, policies, "cancel", [key, from], "NoticeTooShort", [from, earliest]);
        }
        await issuer.simulate(policies, "cancel", [key, earliest]);
        const from = earliest + 100n;
        await expect(issuer.send(policies, "cancel", [key, from]))
          .to.emit(policies, "PolicyCancelled")
          .withArgs(policyId, issuer.account, policy.patientId, issuer.account, from);
      });

      it("never to a later end, whoever asks", async () => {
        const { policies, way, issuer, policy, key, policyId } = await loadAccepted();
        for (const from of [policy.until, FOREVER]) {
          for (const party of [way, issuer]) {
            await refused(party, policies, "cancel", [key, from], "EndsEarlier", [policyId, policy.until]);
          }
        }
        const end = policy.from + 1_000n;
        await way.send(policies, "cancel", [key, end]);
        for (const from of [end, end + 1n, policy.until - 1n]) {
          await refused(way, policies, "cancel", [key, from], "EndsEarlier", [policyId, end]);
        }
        await way.send(policies, "cancel", [key, end - 1n]);
        expect((await policies.policyOf(policyId)).end).to.equal(end - 1n);
      });

      it("nothing that is over", async () => {
        const { policies, way, issuer, policy, key, policyId } = await loadAccepted();
        await networkHelpers.time.increaseTo(policy.until);
        for (const party of [way, issuer]) {
          await refused(party, policies, "cancel", [key, FOREVER], "AlreadyOver", [policyId, PolicyStatus.Expired]);
        }
        const second = { ...policy, ref: bytes32(), from: 0n, until: policy.until + 100n };
        const secondKey = { ...key, ref: second.ref };
        await issuer.send(policies, "issue", [second]);
        await networkHelpers.time.increaseTo(second.until);
        const lapsed = [await policies.policyIdOf(secondKey), PolicyStatus.Lapsed];
        await refused(way, policies, "cancel", [secondKey, 0n], "AlreadyOver", lapsed);
      });

      it("for insurer and patient only, of a policy that there is", async () => {
        const { policies, way, other, key, policyId } = await loadAccepted();
        await refused(other, policies, "cancel", [key, FOREVER], "NotParty", [policyId, other.account]);
        const unknown = { ...key, ref: bytes32() };
        const errorArgs = [await policies.policyIdOf(unknown)];
        await refused(way, policies, "cancel", [unknown, FOREVER], "UnknownPolicy", errorArgs);
      });
    });

    describe("reports", () => {
      it("a copy that isn't the insurer's, with both digests, and changes nothing", async () => {
        const { policies, way, issuer, policy, key, policyId, digest } = await loadIssued();
        const before = await policies.policyOf(policyId);
        const copy = bytes32();
        const copyDigest = hash(["bytes32", "bytes32"], [copy, policy.schedule]);
        const report = () => way.send(policies, "reportMismatch", [key, copy, policy.schedule]);
        const reported = [policyId, issuer.account, policy.patientId, digest, copyDigest];
        await expect(report())
          .to.emit(policies, "MismatchReported")
          .withArgs(...reported);
        expect(await policies.policyOf(policyId)).to.deep.equal(before);
        // Of an accepted policy as well, and of one that is over.
        await way.send(policies, "accept", [key, policy.wording, policy.schedule]);
        await report();
        await networkHelpers.time.increaseTo(policy.until);
        await report();
      });

      it("nothing when the copies are equal", async () => {
        const { policies, way, policy, key, policyId } = await loadIssued();
        const args = [key, policy.wording, policy.schedule];
        await refused(way, policies, "reportMismatch", args, "CopiesEqual", [policyId]);
      });

      it("for the patient only, of a policy that there is", async () => {
        const { policies, patients, way, other, issuer, policy, key } = await loadIssued();
        for (const nobody of [other, issuer]) {
          const args = [key, bytes32(), bytes32()];
          const errorArgs = [policy.patientId, nobody.account];
          await refused(nobody, policies, "reportMismatch", args, "NotController", errorArgs, patients);
        }
        const unknown = { ...key, ref: bytes32() };
        const errorArgs = [await policies.policyIdOf(unknown)];
        await refused(way, policies, "reportMismatch", [unknown, ZERO, ZERO], "UnknownPolicy", errorArgs);
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
