import { expect } from "chai";

import { clinic, inVisit, now, recordIdIn, visitIdOf } from "./clinic.js";
import { bytes32, entry, ethers, FOREVER, networkHelpers, Role, VisitStatus, YEAR, ZERO } from "./fixture.js";
import { type Permit, sign, signPermit, signRotation, TYPES } from "./signing.js";
import { hash, inOneBlock, refused, type Way, WAYS } from "./ways.js";

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Visits, ${name}`, () => {
    // Named, since a fixture is told from others by its function.
    const loadClinic = async () => networkHelpers.loadFixture(clinicWorld);
    const clinicWorld = () => clinic(act);
    const loadVisit = async () => networkHelpers.loadFixture(visitWorld);
    const visitWorld = () => inVisit(act);

    describe("opens", () => {
      it("a visit, as the hospital, with the patient's signature", async () => {
        const { visits, ways, permit, signed, visit, visitId } = await loadClinic();
        const { hospital, doctor } = ways;
        expect(await visits.visitOf(visitId)).to.deep.equal([0n, 0n, false]);
        expect(await visits.statusOf(visitId)).to.equal(VisitStatus.None);
        expect(await visits.isMember(visit, hospital.account)).to.be.false;
        await expect(hospital.send(visits, "open", await signed(permit)))
          .to.emit(visits, "VisitOpened")
          .withArgs(visitId, hospital.account, permit.patientId, permit.nonce, permit.until, permit.sealedKey);
        expect(await visits.visitOf(visitId)).to.deep.equal([await now(), permit.until, false]);
        expect(await visits.statusOf(visitId)).to.equal(VisitStatus.Open);
        expect(await visits.isMember(visit, hospital.account)).to.be.true;
        for (const { account } of [doctor, ways.patient, ways.otherHospital]) {
          expect(await visits.isMember(visit, account)).to.be.false;
        }
      });

      it("a visit, as the patient, without a signature", async () => {
        const { visits, ways, permit, visit, visitId } = await loadClinic();
        await expect(ways.patient.send(visits, "openDirectly", [permit]))
          .to.emit(visits, "VisitOpened")
          .withArgs(visitId, permit.hospital, permit.patientId, permit.nonce, permit.until, permit.sealedKey);
        expect(await visits.visitOf(visitId)).to.deep.equal([await now(), permit.until, false]);
        expect(await visits.isMember(visit, ways.hospital.account)).to.be.true;
      });

      it("nothing for others than the patient without a signature", async () => {
        const { visits, patients, ways, permit } = await loadClinic();
        for (const nobody of [ways.otherPatient, ways.hospital]) {
          const errorArgs = [permit.patientId, nobody.account];
          await refused(nobody, visits, "openDirectly", [permit], "NotController", errorArgs, patients);
        }
      });

      it("exactly what was signed", async () => {
        const { visits, forwarder, participants, patients, ways, permit, signed, until, otherPatientId } =
          await loadClinic();
        const { hospital, patient, otherPatient } = ways;
        const [, deadline, signature] = await signed(permit);
        const changes: Partial<Permit>[] = [
          { hash: bytes32() },
          { nonce: permit.nonce ^ 1n },
          { until: permit.until + 1n },
          { sealedKey: bytes32() },
        ];
        for (const change of changes) {
          const args = [{ ...permit, ...change }, deadline, signature];
          await refused(hospital, visits, "open", args, "InvalidSignature", [patient.account]);
        }
        const others = [{ ...permit, patientId: otherPatientId }, deadline, signature];
        await refused(hospital, visits, "open", others, "InvalidSignature", [otherPatient.account]);
        const twin = await ethers.deployContract("Visits", [forwarder, participants, patients]);
        const wrong = [
          [permit, until + 1n, signature],
          [permit, until, "0x"],
          await signed(permit, { signer: hospital.signer }),
          await signed(permit, { target: twin }),
        ];
        for (const args of wrong) {
          await refused(hospital, visits, "open", args, "InvalidSignature", [patient.account]);
        }
      });

      it("nothing for a patient that there isn't", async () => {
        const { visits, patients, ways, permitOf, signed } = await loadClinic();
        const { hospital, patient } = ways;
        const permit = await permitOf({ patientId: bytes32() });
        const unknown = [permit.patientId];
        await refused(hospital, visits, "open", await signed(permit), "UnknownPatient", unknown, patients);
        await refused(patient, visits, "openDirectly", [permit], "UnknownPatient", unknown, patients);
      });

      it("at hospitals only", async () => {
        const { visits, ways, permitOf, signed } = await loadClinic();
        for (const other of [ways.doctor, ways.laboratory, ways.pharmacy, ways.otherPatient]) {
          const permit = await permitOf({ hospital: other.account });
          await refused(other, visits, "open", await signed(permit), "NotHospital", [other.account]);
          await refused(ways.patient, visits, "openDirectly", [permit], "NotHospital", [other.account]);
        }
      });

      it("no visit that would have ended, and one for as long as there is time", async () => {
        const { visits, ways, permitOf, signed } = await loadClinic();
        const { hospital, patient } = ways;
        for (const until of [0n, await now()]) {
          const permit = await permitOf({ until });
          await refused(hospital, visits, "open", await signed(permit), "VisitEndInPast", [until]);
          await refused(patient, visits, "openDirectly", [permit], "VisitEndInPast", [until]);
        }
        const permit = await permitOf({ until: FOREVER, nonce: 2n ** 64n - 1n, sealedKey: ZERO });
        await hospital.send(visits, "open", await signed(permit, { deadline: 2n ** 256n - 1n }));
        const key = { patientId: permit.patientId, hospital: hospital.account, nonce: permit.nonce };
        await networkHelpers.time.increase(100 * YEAR);
        expect(await visits.statusOf(visitIdOf(key))).to.equal(VisitStatus.Open);
      });

      it("several at a time, each by a permit of its own", async () => {
        const { visits, ways, permitOf, signed, permit, visit } = await loadClinic();
        const { hospital, otherHospital } = ways;
        // The same nonce elsewhere is another permit.
        const elsewhere = await permitOf({ hospital: otherHospital.account, nonce: permit.nonce });
        const zero = await permitOf({ nonce: 0n });
        await hospital.send(visits, "open", await signed(permit));
        await otherHospital.send(visits, "open", await signed(elsewhere));
        await hospital.send(visits, "open", await signed(zero));
        expect(await visits.isMember(visit, otherHospital.account)).to.be.false;
        const other = { ...visit, hospital: otherHospital.account };
        expect(await visits.isMember(other, otherHospital.account)).to.be.true;
        expect(await visits.isMember(other, hospital.account)).to.be.false;
        expect(await visits.isMember({ ...visit, nonce: 0n }, hospital.account)).to.be.true;
      });
    });

    it("tells a hospital where a sealed permit is", async () => {
      const { visits, ways } = await loadClinic();
      const { patient, hospital } = ways;
      for (const permit of [bytes32(), ZERO]) {
        await expect(patient.send(visits, "announce", [hospital.account, permit]))
          .to.emit(visits, "PermitAnnounced")
          .withArgs(hospital.account, permit);
      }
    });

    describe("withdraws", () => {
      it("a permit that wasn't used, as the patient", async () => {
        const { visits, ways, visit, visitId } = await loadClinic();
        const { patient, hospital } = ways;
        await expect(patient.send(visits, "withdraw", [visit]))
          .to.emit(visits, "PermitWithdrawn")
          .withArgs(visitId, hospital.account, visit.patientId);
        expect(await visits.visitOf(visitId)).to.deep.equal([0n, 0n, true]);
        expect(await visits.statusOf(visitId)).to.equal(VisitStatus.Withdrawn);
        expect(await visits.isMember(visit, hospital.account)).to.be.false;
      });

      it("for nobody else", async () => {
        const { visits, patients, ways, visit } = await loadClinic();
        for (const nobody of [ways.hospital, ways.otherPatient]) {
          const errorArgs = [visit.patientId, nobody.account];
          await refused(nobody, visits, "withdraw", [visit], "NotController", errorArgs, patients);
        }
        const patientId = bytes32();
        const args = [{ ...visit, patientId }];
        await refused(ways.patient, visits, "withdraw", args, "UnknownPatient", [patientId], patients);
      });

      it("nothing that was used, whatever became of the visit, nor twice", async () => {
        const { visits, ways, visit, visitId, permitOf } = await loadVisit();
        const { patient } = ways;
        const isRefused = (status: number) =>
          refused(patient, visits, "withdraw", [visit], "PermitUsed", [visitId, status]);
        await isRefused(VisitStatus.Open);
        await patient.send(visits, "close", [visit]);
        await isRefused(VisitStatus.Ended);
        const { nonce } = await permitOf();
        const unused = { ...visit, nonce };
        await patient.send(visits, "withdraw", [unused]);
        const errorArgs = [visitIdOf(unused), VisitStatus.Withdrawn];
        await refused(patient, visits, "withdraw", [unused], "PermitUsed", errorArgs);
      });
    });

    describe("assigns", () => {
      it("whom the hospital accredited, and again with another key", async () => {
        const { visits, ways, visit, visitId, permit, signed } = await loadClinic();
        const { hospital, doctor, laboratory } = ways;
        await hospital.send(visits, "open", await signed(permit));
        for (const [{ account }, sealedKey] of [
          [doctor, bytes32()],
          [laboratory, ZERO],
          [doctor, bytes32()],
        ] as const) {
          await expect(hospital.send(visits, "assign", [visit, account, sealedKey]))
            .to.emit(visits, "MemberAssigned")
            .withArgs(visitId, account, visit.patientId, sealedKey);
          expect(await visits.isMember(visit, account)).to.be.true;
        }
      });

      it("nobody, unless as the hospital, in its own visit, while it is open", async () => {
        const { visits, ways, visit, visitId, permit, signed } = await loadClinic();
        const { hospital, otherHospital, doctor, otherDoctor, patient } = ways;
        const args = [visit, doctor.account, ZERO];
        const isRefused = (status: number) =>
          refused(hospital, visits, "assign", args, "VisitNotOpen", [visitId, status]);
        await isRefused(VisitStatus.None);
        await hospital.send(visits, "open", await signed(permit));
        for (const nobody of [otherHospital, patient, doctor]) {
          await refused(nobody, visits, "assign", args, "NotPartyOfVisit", [visitId, nobody.account]);
        }
        const own = { ...visit, hospital: otherHospital.account };
        const elsewhere = [own, otherDoctor.account, ZERO];
        const none = [visitIdOf(own), VisitStatus.None];
        await refused(otherHospital, visits, "assign", elsewhere, "VisitNotOpen", none);
        await networkHelpers.time.increaseTo(permit.until);
        await isRefused(VisitStatus.Ended);
      });

      it("takes an assignment back, and gives it again", async () => {
        const { visits, ways, visit, visitId } = await loadVisit();
        const { hospital, otherHospital, patient, doctor, otherDoctor } = ways;
        for (const nobody of [otherHospital, patient, doctor]) {
          const errorArgs = [visitId, nobody.account];
          await refused(nobody, visits, "unassign", [visit, doctor.account], "NotPartyOfVisit", errorArgs);
        }
        await expect(hospital.send(visits, "unassign", [visit, doctor.account]))
          .to.emit(visits, "MemberRemoved")
          .withArgs(visitId, doctor.account, visit.patientId);
        expect(await visits.isMember(visit, doctor.account)).to.be.false;
        for (const { account } of [doctor, otherDoctor]) {
          await refused(hospital, visits, "unassign", [visit, account], "NotAssigned", [visitId, account]);
        }
        await hospital.send(visits, "assign", [visit, doctor.account, ZERO]);
        expect(await visits.isMember(visit, doctor.account)).to.be.true;
        await hospital.send(visits, "close", [visit]);
        const errorArgs = [visitId, VisitStatus.Ended];
        await refused(hospital, visits, "unassign", [visit, doctor.account], "VisitNotOpen", errorArgs);
      });
    });

    describe("closes", () => {
      for (const by of ["hospital", "patient"] as const) {
        it(`a visit, as the ${by}, once`, async () => {
          const { visits, ways, visit, visitId } = await loadVisit();
          const { [by]: closing, hospital, doctor } = ways;
          const { openedAt } = await visits.visitOf(visitId);
          await expect(closing.send(visits, "close", [visit]))
            .to.emit(visits, "VisitClosed")
            .withArgs(visitId, hospital.account, visit.patientId, closing.account);
          expect(await visits.visitOf(visitId)).to.deep.equal([openedAt, await now(), false]);
          expect(await visits.statusOf(visitId)).to.equal(VisitStatus.Ended);
          for (const { account } of [hospital, doctor]) expect(await visits.isMember(visit, account)).to.be.false;
          const errorArgs = [visitId, VisitStatus.Ended];
          for (const again of [hospital, ways.patient]) {
            await refused(again, visits, "close", [visit], "VisitNotOpen", errorArgs);
          }
        });
      }

      it("for nobody else, and none that isn't open", async () => {
        const { visits, patients, ways, visit, visitId, permit, signed } = await loadClinic();
        const { hospital, patient, otherPatient, otherHospital, doctor } = ways;
        await refused(hospital, visits, "close", [visit], "VisitNotOpen", [visitId, VisitStatus.None]);
        await hospital.send(visits, "open", await signed(permit));
        await hospital.send(visits, "assign", [visit, doctor.account, ZERO]);
        for (const nobody of [otherPatient, otherHospital, doctor]) {
          await refused(nobody, visits, "close", [visit], "NotPartyOfVisit", [visitId, nobody.account]);
        }
        const patientId = bytes32();
        const args = [{ ...visit, patientId }];
        await refused(patient, visits, "close", args, "UnknownPatient", [patientId], patients);
        await patient.send(visits, "withdraw", [{ ...visit, nonce: 0n }]);
        const withdrawn = { ...visit, nonce: 0n };
        const errorArgs = [visitIdOf(withdrawn), VisitStatus.Withdrawn];
        await refused(hospital, visits, "close", [withdrawn], "VisitNotOpen", errorArgs);
      });

      it("by itself at its time, to the second", async () => {
        const { visits, records, ways, visit, visitId, permit, scope, scopeKey } = await loadVisit();
        const write = (by: Way) => by.prepare(records, "appendInVisit", [visit, scope, scopeKey, entry()]);
        await networkHelpers.time.setNextBlockTimestamp(permit.until - 1n);
        expect(await inOneBlock([await write(ways.doctor)])).to.deep.equal([true]);
        await networkHelpers.time.setNextBlockTimestamp(permit.until);
        expect(await inOneBlock([await write(ways.doctor)])).to.deep.equal([false]);
        expect(await visits.statusOf(visitId)).to.equal(VisitStatus.Ended);
        expect((await visits.visitOf(visitId)).end).to.equal(permit.until);
      });
    });

    describe("abuse", () => {
      it("abuse: a replayed permit opens nothing, during the visit nor after it", async () => {
        const { visits, ways, visit, visitId, permit, signed } = await loadVisit();
        const { hospital, patient } = ways;
        const again = await signed(permit);
        // Signed anew by the patient under the same nonce, with other terms: it is the same permit.
        const renewed = await signed({ ...permit, until: permit.until + 1_000n, sealedKey: bytes32() });
        const isRefused = async (status: number) => {
          await refused(hospital, visits, "open", again, "PermitUsed", [visitId, status]);
          await refused(hospital, visits, "open", renewed, "PermitUsed", [visitId, status]);
          await refused(patient, visits, "openDirectly", [permit], "PermitUsed", [visitId, status]);
        };
        await isRefused(VisitStatus.Open);
        await hospital.send(visits, "close", [visit]);
        await isRefused(VisitStatus.Ended);
      });

      it("abuse: a permit that two carry in one block opens one visit", async () => {
        const { visits, ways, permit, signed } = await loadClinic();
        const open = await ways.hospital.prepare(visits, "open", await signed(permit));
        const directly = await ways.patient.prepare(visits, "openDirectly", [permit]);
        expect(await inOneBlock([open, directly])).to.deep.equal([true, false]);
      });

      it("abuse: a stolen permit, carried by another account", async () => {
        const { visits, ways, permit, signed } = await loadClinic();
        const args = await signed(permit);
        for (const thief of [ways.stranger, ways.otherPatient, ways.doctor, ways.patient]) {
          await refused(thief, visits, "open", args, "NotPermitted", [permit.hospital, thief.account]);
        }
      });

      it("abuse: a photographed permit at another hospital", async () => {
        const { visits, ways, permit, signed } = await loadClinic();
        const { otherHospital, patient } = ways;
        const [, deadline, signature] = await signed(permit);
        const args = [permit, deadline, signature];
        await refused(otherHospital, visits, "open", args, "NotPermitted", [permit.hospital, otherHospital.account]);
        const redirected = [{ ...permit, hospital: otherHospital.account }, deadline, signature];
        await refused(otherHospital, visits, "open", redirected, "InvalidSignature", [patient.account]);
      });

      it("abuse: an expired permit, to the second", async () => {
        const { visits, ways, permitOf, signed } = await loadClinic();
        const { hospital } = ways;
        const deadline = (await now()) + 100n;
        const late = await signed(await permitOf(), { deadline });
        const inTime = await hospital.prepare(visits, "open", await signed(await permitOf(), { deadline }));
        await networkHelpers.time.setNextBlockTimestamp(deadline);
        expect(await inOneBlock([inTime])).to.deep.equal([true]);
        await networkHelpers.time.increase(1);
        await refused(hospital, visits, "open", late, "SignatureExpired", [deadline]);
      });

      it("abuse: a withdrawn permit, also signed anew", async () => {
        const { visits, ways, visit, visitId, permit, signed } = await loadClinic();
        const { hospital, patient } = ways;
        await patient.send(visits, "withdraw", [visit]);
        const errorArgs = [visitId, VisitStatus.Withdrawn];
        await refused(hospital, visits, "open", await signed(permit), "PermitUsed", errorArgs);
        const renewed = await signed({ ...permit, until: permit.until + 1_000n });
        await refused(hospital, visits, "open", renewed, "PermitUsed", errorArgs);
        await refused(patient, visits, "openDirectly", [permit], "PermitUsed", errorArgs);
      });

      it("abuse: a permit that is withdrawn and used in one block: the first counts", async () => {
        for (const first of ["open", "withdraw"] as const) {
          const { visits, ways, visit, permit, signed } = await loadClinic();
          const open = await ways.hospital.prepare(visits, "open", await signed(permit));
          const withdraw = await ways.patient.prepare(visits, "withdraw", [visit]);
          const both = first === "open" ? [open, withdraw] : [withdraw, open];
          expect(await inOneBlock(both)).to.deep.equal([true, false]);
          expect(await visits.isMember(visit, ways.hospital.account)).to.equal(first === "open");
        }
      });

      it("abuse: a permit for another chain", async () => {
        const { visits, ways, permit, until } = await loadClinic();
        const { patient, hospital } = ways;
        const { chainId } = await ethers.provider.getNetwork();
        const domain = {
          name: "Salus Visits",
          version: "1",
          chainId: chainId + 1n,
          verifyingContract: await visits.getAddress(),
        };
        const message = { ...permit, deadline: until };
        const signature = await patient.signer.signTypedData(domain, { Permit: TYPES.Permit }, message);
        await refused(hospital, visits, "open", [permit, until, signature], "InvalidSignature", [patient.account]);
      });

      it("abuse: a permit for another contract, or under another contract's name", async () => {
        const { visits, forwarder, participants, patients, consents, ways, permit, signed, until } = await loadClinic();
        const { hospital, patient } = ways;
        const twin = await ethers.deployContract("Visits", [forwarder, participants, patients]);
        const named = await sign(visits, "Salus Consents", patient.signer, "Permit", { ...permit, deadline: until });
        const wrong = [
          await signed(permit, { target: twin }),
          [permit, until, await signPermit(consents, patient.signer, permit, until)],
          [permit, until, named],
        ];
        for (const args of wrong) {
          await refused(hospital, visits, "open", args, "InvalidSignature", [patient.account]);
        }
      });

      it("abuse: a permit from before the profile changed", async () => {
        const { visits, patients, ways, permit, signed, patientId } = await loadClinic();
        const { hospital, patient } = ways;
        await patient.send(patients, "updateProfile", [patientId, bytes32()]);
        const errorArgs = [permit.hash, await patients.hashOf(patientId)];
        await refused(hospital, visits, "open", await signed(permit), "StaleHash", errorArgs);
        await refused(patient, visits, "openDirectly", [permit], "StaleHash", errorArgs);
      });

      it("abuse: a permit that the patient's earlier wallet signed", async () => {
        const { visits, patients, ways, permit, signed, patientId, until } = await loadClinic();
        const { hospital, patient, stranger } = ways;
        const moved = { patientId, from: patient.account, to: stranger.account, nonce: 0n, deadline: until };
        const agreed = await signRotation(patients, stranger.signer, moved);
        await patient.send(patients, "rotateController", [patientId, stranger.account, until, agreed]);
        await refused(hospital, visits, "open", await signed(permit), "InvalidSignature", [stranger.account]);
        const errorArgs = [patientId, patient.account];
        await refused(patient, visits, "openDirectly", [permit], "NotController", errorArgs, patients);
        await refused(
          patient,
          visits,
          "withdraw",
          [{ patientId, hospital: hospital.account, nonce: permit.nonce }],
          "NotController",
          errorArgs,
          patients,
        );
        await hospital.send(visits, "open", await signed(permit, { signer: stranger.signer }));
      });

      it("abuse: a permit of a patient who deregistered", async () => {
        const { visits, patients, ways, permit, signed, patientId, visit } = await loadClinic();
        const { hospital, patient } = ways;
        await patient.send(patients, "deregister", [patientId]);
        const args = await signed(permit);
        await refused(hospital, visits, "open", args, "Deregistered", [patientId], patients);
        await refused(patient, visits, "openDirectly", [permit], "Deregistered", [patientId], patients);
        await refused(patient, visits, "withdraw", [visit], "Deregistered", [patientId], patients);
      });

      it("abuse: a visit of a patient who deregistered since has no members, and gets none", async () => {
        const { visits, patients, records, ways, patientId, visit, visitId, scope, scopeKey } = await loadVisit();
        const { hospital, patient, doctor } = ways;
        await patient.send(patients, "deregister", [patientId]);
        for (const member of [hospital, doctor]) {
          expect(await visits.isMember(visit, member.account)).to.be.false;
          const args = [visit, scope, scopeKey, entry()];
          await refused(member, records, "appendInVisit", args, "NotAuthorIn", [visitId, member.account]);
        }
        const args = [visit, doctor.account, ZERO];
        await refused(hospital, visits, "assign", args, "Deregistered", [patientId], patients);
        await refused(patient, visits, "close", [visit], "Deregistered", [patientId], patients);
        // Which the bill waits for.
        await hospital.send(visits, "close", [visit]);
      });

      it("abuse: a doctor of another branch", async () => {
        const { visits, participants, authority, ways, visit, until } = await loadVisit();
        const { hospital, otherDoctor, otherLaboratory, otherHospital, pharmacy, stranger } = ways;
        await participants.connect(authority).accredit(stranger.account, Role.Doctor, until, ZERO);
        for (const { account } of [otherDoctor, otherLaboratory, otherHospital, pharmacy, stranger]) {
          const args = [visit, account, ZERO];
          await refused(hospital, visits, "assign", args, "NotOfHospital", [hospital.account, account]);
          expect(await visits.isMember(visit, account)).to.be.false;
        }
        // Nor the hospital itself, nor a patient.
        for (const { account } of [hospital, ways.patient]) {
          const args = [visit, account, ZERO];
          await refused(hospital, visits, "assign", args, "NotOfHospital", [hospital.account, account]);
        }
      });

      it("abuse: a doctor whom the hospital revoked", async () => {
        const { visits, records, ways, visit, visitId, scope, scopeKey, revoke, accredit } = await loadVisit();
        const { hospital, doctor } = ways;
        await revoke(hospital, doctor.account);
        expect(await visits.isMember(visit, doctor.account)).to.be.false;
        const args = [visit, scope, scopeKey, entry()];
        await refused(doctor, records, "appendInVisit", args, "NotAuthorIn", [visitId, doctor.account]);
        const again = [visit, doctor.account, ZERO];
        await refused(hospital, visits, "assign", again, "NotOfHospital", [hospital.account, doctor.account]);
        // The assignment is the hospital's: it stands while the hospital takes the doctor back.
        await accredit(hospital, doctor.account, Role.Doctor);
        expect(await visits.isMember(visit, doctor.account)).to.be.true;
      });

      it("abuse: a doctor whose accreditation expires during the visit, to the second", async () => {
        const { records, ways, visit, scope, scopeKey, accredit } = await loadVisit();
        const { hospital, doctor } = ways;
        const end = (await now()) + 1_000n;
        await accredit(hospital, doctor.account, Role.Doctor, end);
        const write = () => doctor.prepare(records, "appendInVisit", [visit, scope, scopeKey, entry()]);
        await networkHelpers.time.setNextBlockTimestamp(end - 1n);
        expect(await inOneBlock([await write()])).to.deep.equal([true]);
        await networkHelpers.time.setNextBlockTimestamp(end);
        expect(await inOneBlock([await write()])).to.deep.equal([false]);
      });

      it("abuse: a doctor who moved to another hospital during the visit", async () => {
        const { visits, records, ways, visit, visitId, scope, scopeKey, revoke, accredit } = await loadVisit();
        const { hospital, otherHospital, doctor } = ways;
        await revoke(hospital, doctor.account);
        await accredit(otherHospital, doctor.account, Role.Doctor);
        expect(await visits.isMember(visit, doctor.account)).to.be.false;
        const args = [visit, scope, scopeKey, entry()];
        await refused(doctor, records, "appendInVisit", args, "NotAuthorIn", [visitId, doctor.account]);
      });

      it("abuse: a revoked hospital, and all that it assigned", async () => {
        const { visits, records, participants, authority, ways, visit, visitId, ...rest } = await loadVisit();
        const { scope, scopeKey, permitOf, signed } = rest;
        const { hospital, doctor, laboratory } = ways;
        await participants.connect(authority).revoke(hospital.account);
        for (const member of [hospital, doctor, laboratory]) {
          expect(await visits.isMember(visit, member.account)).to.be.false;
          const args = [visit, scope, scopeKey, entry()];
          await refused(member, records, "appendInVisit", args, "NotAuthorIn", [visitId, member.account]);
        }
        const assigning = [visit, doctor.account, ZERO];
        await refused(hospital, visits, "assign", assigning, "NotHospital", [hospital.account]);
        const next = await signed(await permitOf());
        await refused(hospital, visits, "open", next, "NotHospital", [hospital.account]);
        // It may still end what it began.
        await hospital.send(visits, "close", [visit]);
      });

      it("abuse: a hospital that is accredited as something else with a branch of its own", async () => {
        const { visits, participants, authority, root, ways, visit, until, accredit } = await loadVisit();
        const { hospital, doctor } = ways;
        await participants.connect(authority).revoke(hospital.account);
        await participants.connect(root).accredit(hospital.account, Role.HealthAuthority, until, ZERO);
        await accredit(hospital, doctor.account, Role.Doctor);
        expect(await participants.roleOf(doctor.account)).to.equal(Role.Doctor);
        for (const { account } of [hospital, doctor]) expect(await visits.isMember(visit, account)).to.be.false;
        const args = [visit, doctor.account, ZERO];
        await refused(hospital, visits, "assign", args, "NotHospital", [hospital.account]);
      });

      it("abuse: a doctor of the hospital who wasn't assigned, or no longer is", async () => {
        const { visits, records, ways, visit, visitId, scope, scopeKey, accredit } = await loadVisit();
        const { hospital, doctor, stranger } = ways;
        await accredit(hospital, stranger.account, Role.Doctor);
        await hospital.send(visits, "unassign", [visit, doctor.account]);
        for (const nobody of [stranger, doctor]) {
          expect(await visits.isMember(visit, nobody.account)).to.be.false;
          const args = [visit, scope, scopeKey, entry()];
          await refused(nobody, records, "appendInVisit", args, "NotAuthorIn", [visitId, nobody.account]);
        }
      });

      it("abuse: a doctor assigned to one visit, in another of the same patient", async () => {
        const { visits, records, ways, visit, permitOf, signed, scope, scopeKey } = await loadVisit();
        const { hospital, doctor } = ways;
        const permit = await permitOf();
        await hospital.send(visits, "open", await signed(permit));
        const other = { ...visit, nonce: permit.nonce };
        expect(await visits.isMember(other, doctor.account)).to.be.false;
        const args = [other, scope, scopeKey, entry()];
        await refused(doctor, records, "appendInVisit", args, "NotAuthorIn", [visitIdOf(other), doctor.account]);
      });

      for (const by of ["hospital", "patient"] as const) {
        it(`abuse: a record in the block in which the ${by} closes, before and after the closing`, async () => {
          const { visits, records, ways, visit, visitId, scope, scopeKey } = await loadVisit();
          const { doctor, [by]: closing } = ways;
          const [early, late] = [entry(), entry()];
          const write = (record: typeof early) =>
            doctor.prepare(records, "appendInVisit", [visit, scope, scopeKey, record]);
          // The second by the hospital, since two of one person's relayed requests can't share a block.
          const writer = by === "hospital" ? ways.laboratory : ways.hospital;
          const after = await writer.prepare(records, "appendInVisit", [visit, scope, scopeKey, late]);
          const outcome = await inOneBlock([
            await write(early),
            await closing.prepare(visits, "close", [visit]),
            after,
          ]);
          expect(outcome).to.deep.equal([true, true, false]);
          expect(await records.anchorOf(recordIdIn(visitId, doctor.account, early.nonce))).to.not.equal(ZERO);
          expect(await records.anchorOf(recordIdIn(visitId, writer.account, late.nonce))).to.equal(ZERO);
        });

        it(`abuse: reading in the block in which the ${by} closes`, async () => {
          const { visits, ways, visit } = await loadVisit();
          const { doctor, [by]: closing } = ways;
          const probe = await ethers.deployContract("MemberProbe", [visits]);
          const look = async () => ({
            from: ways.stranger.signer.address,
            to: await probe.getAddress(),
            data: probe.interface.encodeFunctionData("look", [visit, doctor.account]),
          });
          const outcome = await inOneBlock([
            await look(),
            await closing.prepare(visits, "close", [visit]),
            await look(),
          ]);
          expect(outcome).to.deep.equal([true, true, true]);
          const seen = await Promise.all([0, 1].map((index) => probe.getFunction("seen").staticCall(index)));
          expect(seen).to.deep.equal([true, false]);
        });
      }

      it("abuse: assigning in the block after the closing's transaction", async () => {
        const { visits, ways, visit, revoke, accredit } = await loadVisit();
        const { hospital, patient, stranger, doctor } = ways;
        await revoke(hospital, doctor.account);
        await accredit(hospital, stranger.account, Role.Doctor);
        const close = await patient.prepare(visits, "close", [visit]);
        const assign = await hospital.prepare(visits, "assign", [visit, stranger.account, ZERO]);
        expect(await inOneBlock([close, assign])).to.deep.equal([true, false]);
      });

      it("abuse: a visit is opened and closed in one block, and leaves no rights", async () => {
        const { visits, ways, visit, visitId, permit, signed } = await loadClinic();
        const open = await ways.hospital.prepare(visits, "open", await signed(permit));
        const close = await ways.patient.prepare(visits, "close", [visit]);
        expect(await inOneBlock([open, close])).to.deep.equal([true, true]);
        const time = await now();
        expect(await visits.visitOf(visitId)).to.deep.equal([time, time, false]);
        expect(await visits.statusOf(visitId)).to.equal(VisitStatus.Ended);
      });

      it("abuse: a visit's id that is also a record's id of the hospital opens nothing", async () => {
        // keccak256(abi.encode(patientId, hospital, nonce)) is both; neither contract takes the one for the other.
        const { visits, records, consents, ways, patientId, visitId, visit, scope, scopeKey, until } =
          await loadClinic();
        const { hospital, patient } = ways;
        const terms = { patientId, subject: scope, grantee: hospital.account, rights: 2, until, sealedKey: ZERO };
        await patient.send(consents, "grant", [terms]);
        await hospital.send(records, "append", [patientId, scope, scopeKey, { ...entry(), nonce: visit.nonce }]);
        expect(await records.recordIdOf(patientId, hospital.account, visit.nonce)).to.equal(visitId);
        expect(await records.anchorOf(visitId)).to.not.equal(ZERO);
        expect(await visits.statusOf(visitId)).to.equal(VisitStatus.None);
        // A visit of the "patient" that the visit is.
        const nested = { patientId: visitId, hospital: hospital.account, nonce: 1n };
        expect(await visits.isMember(nested, hospital.account)).to.be.false;
        const args = [nested, scope, scopeKey, entry()];
        const errorArgs = [hash(["bytes32", "address", "uint64"], [visitId, hospital.account, 1n]), hospital.account];
        await refused(hospital, records, "appendInVisit", args, "NotAuthorIn", errorArgs);
      });
    });
  });
}
