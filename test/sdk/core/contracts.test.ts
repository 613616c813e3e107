import { expect } from "chai";

import { NO_REF } from "../../../sdk/adapters/policies.js";
import { commitmentOf, personTag } from "../../../sdk/core/attestation.js";
import { randomBytes, toHex, utf8 } from "../../../sdk/core/bytes.js";
import { scopeIdOf, scopeKeys } from "../../../sdk/core/keys.js";
import { policyDigest, policyIdOf, scheduleDigest, wordingDigest } from "../../../sdk/core/policy.js";
import { anchorOf, nextHead, recordIdOf } from "../../../sdk/core/record.js";
import {
  accreditationTypedData,
  attestationTypedData,
  controllerRotationTypedData,
  grantTypedData,
  offerTypedData,
  permitTypedData,
  revocationTypedData,
} from "../../../sdk/core/typedData.js";
import { orderIdOf, recordIdIn, visitIdOf } from "../../../sdk/core/visit.js";
import type { Hex } from "../../../sdk/types.js";
import { bytes32, deployed, ethers, FOREVER, networkHelpers, READ, Role } from "../../contracts/fixture.js";
import { digest, seeded } from "./support.js";

const hex = (value: string) => value as Hex;

/** A registered patient with an open drawer; registering takes the attestation's typed data. */
async function registered() {
  const world = await deployed();
  const { patients, consents, registry, amina, until } = world;
  const { chainId } = await ethers.provider.getNetwork();
  const commitment = commitmentOf({ nationalId: "1", name: "A", birthDate: "1990-01-01" }, seeded("salt"));
  const tag = personTag(seeded("registry"), "1");
  const attestation = { personTag: tag, commitment, nonce: 7n, deadline: until };
  const at = hex(await patients.getAddress());
  const { domain, types, message } = attestationTypedData(chainId, at, {
    controller: hex(amina.address),
    ...attestation,
  });
  const signature = await registry.signTypedData(domain, types, message);
  await patients.connect(amina).register({ registry, ...attestation }, bytes32(), signature);

  const patientId = hex(
    ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [amina.address, commitment])),
  );
  const scope = scopeIdOf(seeded("root"), "laboratory");
  const scopeKey = toHex(scopeKeys(seeded("root"), scope, 0).publicKey);
  await consents.connect(amina).openScope(patientId, scope, scopeKey);
  return { ...world, chainId, patientId, scope, scopeKey, tag };
}

describe("sdk/core against the contracts", function () {
  it("signs the attestation that Patients accepts", async function () {
    const { patients, patientId, amina, tag } = await networkHelpers.loadFixture(registered);
    expect(await patients.controllerOf(patientId)).to.equal(amina.address);
    expect(await patients.isRegistered(tag)).to.equal(true);
  });

  it("computes the record ids, anchors and heads of Records", async function () {
    const { records, patientId, scope, scopeKey, amina } = await networkHelpers.loadFixture(registered);
    const author = hex(amina.address);
    const entries = [1n, 2n ** 64n - 1n, 77n].map((nonce, at) => ({
      nonce,
      size: 400n + BigInt(at),
      payload: digest(`payload ${at}`),
      header: digest(`header ${at}`),
    }));
    await records.connect(amina).append(patientId, scope, scopeKey, entries[0]!);
    const first = await networkHelpers.time.latest();
    await records.connect(amina).appendBatch(patientId, scope, scopeKey, entries.slice(1));
    const second = await networkHelpers.time.latest();

    let head: Hex = `0x${"00".repeat(32)}`;
    for (const [at, { nonce, ...entry }] of entries.entries()) {
      const recordId = recordIdOf(patientId, author, nonce);
      expect(recordId).to.equal(await records.recordIdOf(patientId, author, nonce));
      const anchor = anchorOf({ recordId, author, scope, scopeKey, ...entry, time: at === 0 ? first : second });
      expect(anchor).to.equal(await records.anchorOf(recordId));
      head = nextHead(head, anchor);
    }
    expect(head).to.equal(await records.headOf(patientId));
  });

  it("computes the policy ids and digests of Policies", async function () {
    const { policies, patientId, insurer, amina, until } = await networkHelpers.loadFixture(registered);
    const key = { insurer: hex(insurer.address), patientId, ref: toHex(randomBytes(32)) };
    const wording = wordingDigest(utf8("Hospital care in full."));
    const schedule = scheduleDigest(seeded("salt"), utf8("card 7"));
    const from = await networkHelpers.time.latest();
    const { ref } = key;
    const offer = { patientId, ref, previousRef: NO_REF, wording, schedule, from, until, offer: bytes32() };
    await policies.connect(insurer).issue(offer);
    await policies.connect(amina).accept(key, wording, schedule);

    const policyId = policyIdOf(key);
    expect(policyId).to.equal(await policies.policyIdOf(key));
    expect((await policies.policyOf(policyId)).digest).to.equal(policyDigest(wording, schedule));
    expect((await policies.verify(policyId, wording, schedule)).equal).to.equal(true);
    expect((await policies.verify(policyId, wording, scheduleDigest(seeded("salt"), utf8("card 8")))).equal).to.equal(
      false,
    );
  });

  it("signs the grant and the revocation that Consents accepts", async function () {
    const { consents, chainId, patientId, scope, amina, doctor, relayer, until } =
      await networkHelpers.loadFixture(registered);
    const at = hex(await consents.getAddress());
    const grantee = hex(doctor.address);
    const terms = { patientId, subject: scope, grantee, rights: READ, until: FOREVER, sealedKey: digest("sealed key") };
    const grant = grantTypedData(chainId, at, { ...terms, nonce: await consents.nonces(amina), deadline: until });
    const granted = await amina.signTypedData(grant.domain, grant.types, grant.message);
    await consents.connect(relayer).grantBySig(terms, until, granted);
    expect(await consents.isGranted(patientId, scope, doctor, READ)).to.equal(true);

    const nonce = await consents.nonces(amina);
    const revocation = revocationTypedData(chainId, at, { patientId, subject: scope, grantee, nonce, deadline: until });
    const revoked = await amina.signTypedData(revocation.domain, revocation.types, revocation.message);
    await consents.connect(relayer).revokeBySig(patientId, scope, doctor, until, revoked);
    expect(await consents.isGranted(patientId, scope, doctor, READ)).to.equal(false);
  });

  it("signs the rotation that Patients accepts", async function () {
    const { patients, chainId, patientId, amina, bashir, until } = await networkHelpers.loadFixture(registered);
    const [from, to] = [hex(amina.address), hex(bashir.address)];
    const { domain, types, message } = controllerRotationTypedData(chainId, hex(await patients.getAddress()), {
      patientId,
      from,
      to,
      nonce: await patients.nonces(bashir),
      deadline: until,
    });
    await patients
      .connect(amina)
      .rotateController(patientId, to, until, await bashir.signTypedData(domain, types, message));
    expect(await patients.controllerOf(patientId)).to.equal(bashir.address);
  });

  it("signs the accreditation that Participants accepts", async function () {
    const { participants, chainId, authority, stranger, until } = await networkHelpers.loadFixture(registered);
    const held = await participants.heldBy(stranger, authority);
    const terms = { account: hex(stranger.address), role: Role.Pharmacy, until, profile: digest("profile"), held };
    const at = hex(await participants.getAddress());
    const nonce = "36893488147419103232";
    const { domain, types, message } = accreditationTypedData(chainId, at, { ...terms, nonce, deadline: until });
    const signature = await authority.signTypedData(domain, types, message);
    await participants.connect(stranger).accreditBySig(authority, terms, nonce, until, signature);
    expect(await participants.roleOf(stranger)).to.equal(Role.Pharmacy);
  });

  it("signs the offer that Policies accepts, and the one that follows it", async function () {
    const { policies, chainId, patientId, insurer, amina, relayer, until } =
      await networkHelpers.loadFixture(registered);
    const at = hex(await policies.getAddress());
    const [first, second] = [digest("first"), digest("second")];
    for (const [ref, previousRef] of [
      [first, NO_REF],
      [second, first],
    ] as const) {
      const terms = {
        patientId,
        ref,
        previousRef,
        wording: digest("wording"),
        schedule: digest("schedule"),
        from: await networkHelpers.time.latest(),
        until,
        offer: digest("offer"),
      };
      const { domain, types, message } = offerTypedData(chainId, at, { ...terms, nonce: "1", deadline: until });
      const signature = await insurer.signTypedData(domain, types, message);
      await policies.connect(relayer).issueBySig(insurer, terms, "1", until, signature);
      await policies.connect(amina).accept({ insurer, patientId, ref }, terms.wording, terms.schedule);
    }
    const idOf = (ref: Hex) => policyIdOf({ insurer: hex(insurer.address), patientId, ref });
    expect(await policies.previousOf(idOf(second))).to.equal(idOf(first));
  });

  it("signs the permit that Visits accepts, and computes the ids of visit, order and report", async function () {
    const world = await networkHelpers.loadFixture(registered);
    const { visits, orders, records, fulfilments, patients } = world;
    const { chainId, patientId, scope, scopeKey, amina, hospital, doctor, laboratory, until } = world;
    const visit = { patientId, hospital: hex(hospital.address), nonce: 2n ** 64n - 1n };
    const permit = { ...visit, hash: hex(await patients.hashOf(patientId)), until, sealedKey: digest("keys") };
    const at = hex(await visits.getAddress());
    const { domain, types, message } = permitTypedData(chainId, at, { ...permit, deadline: until });
    await visits.connect(hospital).open(permit, until, await amina.signTypedData(domain, types, message));
    const visitId = visitIdOf(visit);
    expect((await visits.visitOf(visitId)).end).to.equal(until);

    const author = hex(doctor.address);
    const entry = { nonce: 5n, size: 400n, payload: digest("payload"), header: digest("header") };
    for (const account of [doctor, laboratory]) await visits.connect(hospital).assign(visit, account, digest("key"));
    await records.connect(doctor).appendInVisit(visit, scope, scopeKey, entry);
    expect(await records.anchorOf(recordIdIn(visitId, author, 5n))).not.to.equal(NO_REF);
    const order = { visit, author, nonce: 5n };
    await orders.connect(doctor).place(order, Role.Laboratory, 1, until, laboratory, digest("sealed"));
    expect((await orders.orderOf(orderIdOf(order))).fulfiller).to.equal(laboratory.address);
    await records.connect(laboratory).appendForOrder(order, scope, scopeKey, { ...entry, nonce: 6n });
    await fulfilments.connect(laboratory).fulfil(order, 6n, 1);
    const report = recordIdIn(orderIdOf(order), hex(laboratory.address), 6n);
    expect((await fulfilments.fulfilmentOf(orderIdOf(order))).latest).to.equal(report);
  });
});
