import { readFile } from "node:fs/promises";

import { expect } from "chai";

import {
  acceptPolicy,
  accessOf,
  cancelSignedGrants,
  carryGrants,
  chainTime,
  drawerByLabel,
  FOREVER,
  grant,
  issuePolicy,
  ownDrawers,
  patientIdOf,
  policyById,
  prepareGrant,
  publish,
  publishBatch,
  readableRecords,
  readManifest,
  readRecord,
  recordsOf,
  sendRevokeAccreditation,
  sharingPatients,
  signGrants,
  stopAccess,
  unlock,
  verifyHistory,
  verifyRecord,
  type Document,
  type RecordId,
  type Session,
} from "../../sdk/index.js";
import {
  dicomDocument,
  fhirDocuments,
  jpegDocument,
  largeDocument,
  pdfDocument,
  type Fixture,
} from "../documents/index.js";
import { expectSalusError } from "../expectSalusError.js";
import { PASSPHRASE, startWorld, type PatientSession, type World } from "../world.js";

async function load({ path, name, mediaType }: Fixture): Promise<Document> {
  return { content: new Uint8Array(await readFile(path)), fileName: name, mediaType };
}

describe("The journey: register, encrypt, store, anchor, grant, read, verify", function () {
  this.timeout(180_000);

  type Unlocked = Session & { root: Uint8Array };
  let world: World;
  let root: Unlocked;
  let insurer: Unlocked;
  let doctor: Unlocked;
  let stranger: Unlocked;
  let amina: PatientSession;
  const published: { recordId: RecordId; document: Document }[] = [];

  before(async () => {
    world = await startWorld();
    root = await world.account(0);
    const registry = await world.participant(1, root, "civil registry", "Civil Registry");
    const authority = await world.participant(2, root, "health authority", "Health Authority");
    insurer = await world.participant(3, root, "insurer", "Harbour Mutual");
    const hospital = await world.participant(4, authority, "hospital", "City Hospital");
    doctor = await world.participant(5, hospital, "doctor", "Dr Sarah Lee");
    stranger = await world.account(10);
    amina = await world.patient(7, registry, "Amina Rahman");
  });
  after(() => world.stop());

  it("registers the patient, who unlocks the account again from its backup", async () => {
    expect(await patientIdOf(amina)).to.equal(amina.patientId);
    expect(await unlock(world.reader, amina.account, PASSPHRASE)).to.deep.equal(amina.root);
    await expectSalusError(unlock(world.reader, amina.account, "wrong horse battery staple"), "WRONG_PASSPHRASE");
  });

  it("publishes 20 and more FHIR documents, a PDF, a DICOM file, a JPEG and 100 MB", async () => {
    const drawer = await drawerByLabel(amina, amina.patientId, "laboratory");
    expect(fhirDocuments.length).to.be.at.least(20);
    const documents = await Promise.all(fhirDocuments.map(load));
    for (const [index, { recordId }] of (await publishBatch(amina, drawer, documents)).entries()) {
      published.push({ recordId, document: documents[index]! });
    }
    const others = await Promise.all([pdfDocument, dicomDocument, jpegDocument].map(load));
    others.push({ content: largeDocument(), fileName: "scan.bin", mediaType: "application/octet-stream" });
    for (const document of others) {
      const { recordId } = await publish(amina, drawer, document);
      published.push({ recordId, document });
    }
  });

  it("lets the doctor read exactly what was uploaded, after the grant and not before", async () => {
    const [{ recordId } = { recordId: "0x" as RecordId }] = published;
    await expectSalusError(readRecord(doctor, recordId), "NO_ACCESS");

    const drawers = (await ownDrawers(amina, amina.patientId)).filter(({ label }) => label === "laboratory");
    const until = (await chainTime(world.reader.chain)) + 3_600;
    const prepared = await prepareGrant(amina, {
      patientId: amina.patientId,
      grantee: doctor.account,
      drawers,
      records: [],
      rights: "read and write",
      until,
    });
    await grant(amina, prepared);

    const [shared] = await sharingPatients(doctor);
    expect(shared?.name).to.equal("Amina Rahman");
    expect(shared?.drawers.map(({ label }) => label)).to.deep.equal(["laboratory"]);
    expect(await readableRecords(doctor, amina.patientId)).to.have.length(published.length);
    for (const { recordId, document } of published) {
      const { content, manifest } = await readRecord(doctor, recordId);
      expect(Buffer.from(content).equals(document.content), document.fileName).to.equal(true);
      expect(manifest.fileName).to.equal(document.fileName);
      expect(await readManifest(doctor, recordId)).to.deep.equal(manifest);
    }
  });

  it("lets a stranger read nothing", async () => {
    for (const { recordId } of published) await expectSalusError(readRecord(stranger, recordId), "NO_ACCESS");
    expect(await sharingPatients(stranger)).to.deep.equal([]);
  });

  it("lets the doctor write into the drawer, and the patient read it", async () => {
    const drawer = await drawerByLabel(doctor, amina.patientId, "laboratory");
    const content = new TextEncoder().encode("Haemoglobin 13.1 g/dL");
    const { recordId } = await publish(doctor, drawer, { content, fileName: "note.txt", mediaType: "text/plain" });
    const opened = await readRecord(amina, recordId);
    expect(opened.content).to.deep.equal(content);
    expect(opened.record.author).to.equal(doctor.account);
  });

  it("shares a single record without opening anything else", async () => {
    const [first, second] = published;
    const prepared = await prepareGrant(amina, {
      patientId: amina.patientId,
      grantee: stranger.account,
      drawers: [],
      records: [first!.recordId],
      rights: "read",
      until: FOREVER,
    });
    await grant(amina, prepared);
    expect((await readRecord(stranger, first!.recordId)).content).to.deep.equal(first!.document.content);
    await expectSalusError(readRecord(stranger, second!.recordId), "NO_ACCESS");
    const [access] = (await accessOf(amina, amina.patientId)).filter(({ kind }) => kind === "record");
    await stopAccess(amina, amina.patientId, [access!.grant]);
    await expectSalusError(readRecord(stranger, first!.recordId), "ACCESS_REVOKED");
  });

  it("refuses a revoked doctor, who can't open what is written after it with any key kept", async () => {
    const access = (await accessOf(amina, amina.patientId)).filter(({ grant }) => grant.state === "active");
    await stopAccess(
      amina,
      amina.patientId,
      access.map(({ grant }) => grant),
    );
    await expectSalusError(readRecord(doctor, published[0]!.recordId), "ACCESS_REVOKED");
    const drawer = await drawerByLabel(amina, amina.patientId, "laboratory");
    expect(drawer.epoch).to.equal(1);
    const content = new TextEncoder().encode("after");
    const { recordId } = await publish(amina, drawer, { content, fileName: "after.txt", mediaType: "text/plain" });
    await expectSalusError(readRecord(doctor, recordId), "ACCESS_REVOKED");
    expect((await readRecord(amina, recordId)).content).to.deep.equal(content);
  });

  it("lets a doctor carry a grant that the patient only signed", async () => {
    const drawers = (await ownDrawers(amina, amina.patientId)).filter(({ label }) => label === "medication");
    const { patientId } = amina;
    const request = {
      patientId,
      grantee: doctor.account,
      drawers,
      records: [],
      rights: "read" as const,
      until: FOREVER,
    };
    const signed = await signGrants(amina, await prepareGrant(amina, request), 3_600);
    await carryGrants(doctor, signed);
    const [shared] = await sharingPatients(doctor);
    expect(shared?.drawers.map(({ label }) => label)).to.deep.equal(["medication"]);
    await expectSalusError(carryGrants(doctor, signed), "InvalidSignature");

    const withdrawn = await signGrants(amina, await prepareGrant(amina, request), 3_600);
    await cancelSignedGrants(amina);
    await expectSalusError(carryGrants(doctor, withdrawn), "InvalidSignature");
  });

  it("proves the whole history against the head, and each record against storage", async () => {
    const { records } = await verifyHistory(world.reader, amina.patientId);
    expect(records).to.deep.equal(await recordsOf(world.reader.chain, { patientId: amina.patientId }));
    const checks = await verifyRecord(world.reader, published[0]!.recordId);
    expect(checks.every(({ ok }) => ok)).to.equal(true);
  });

  it("accepts a policy only if both copies are equal to the bit", async () => {
    const wording = new TextEncoder().encode("Clause 1. We pay for hospital stays.");
    const schedule = new TextEncoder().encode("Insured: Amina Rahman, card HM-7");
    const now = await chainTime(world.reader.chain);
    const { policyId } = await issuePolicy(insurer, {
      patientId: amina.patientId,
      wording: { bytes: wording, fileName: "wording.txt", mediaType: "text/plain" },
      schedule: { bytes: schedule, fileName: "schedule.txt", mediaType: "text/plain" },
      from: now,
      until: now + 3_600,
    });
    const altered = wording.slice();
    altered[3]! ^= 1;
    const refusal = await expectSalusError(acceptPolicy(amina, policyId, { wording: altered }), "POLICY_COPIES_DIFFER");
    expect(refusal.details.part).to.equal("wording");
    await acceptPolicy(amina, policyId, { wording, schedule });
    expect((await policyById(world.reader, policyId)).status).to.equal("active");
  });

  it("accepts no offer of an insurer who has lost the accreditation", async () => {
    const file = { bytes: new TextEncoder().encode("Clause 1."), fileName: "file.txt", mediaType: "text/plain" };
    const now = await chainTime(world.reader.chain);
    const draft = { patientId: amina.patientId, wording: file, schedule: file, from: now, until: now + 3_600 };
    const { policyId } = await issuePolicy(insurer, draft);
    await sendRevokeAccreditation(world.reader.chain, root.signer, insurer.account);
    await expectSalusError(acceptPolicy(amina, policyId, { wording: file.bytes }), "NotInsurer");
  });
});
