import { expect } from "chai";
import { JsonRpcProvider } from "ethers";

import {
  acceptPolicy,
  chainTime,
  compareSchedule,
  compareWording,
  connectChain,
  drawerByLabel,
  exportRecord,
  FOREVER,
  grant,
  issuePolicy,
  lookUpFile,
  policyById,
  policyInTransaction,
  prepareGrant,
  publish,
  publishBatch,
  readManifest,
  readRecord,
  readSchedule,
  readWording,
  recordsOf,
  verifyHistory,
  verifyRecord,
  type AnchoredRecord,
  type ContentStore,
  type Drawer,
  type ErrorCode,
  type Hex,
  type Manifest,
  type PolicyFile,
  type RecordId,
  type Session,
} from "../../../sdk/index.js";
import { NO_REF, sendIssuePolicy } from "../../../sdk/adapters/policies.js";
import { sendAppend } from "../../../sdk/adapters/records.js";
import { concat, fromHex, randomBytes, toHex, utf8 } from "../../../sdk/core/bytes.js";
import { seal } from "../../../sdk/core/envelope.js";
import { encodeDocument } from "../../../sdk/core/manifest.js";
import { recordIdOf } from "../../../sdk/core/record.js";
import { isSalusError } from "../../../sdk/errors.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { startTown, type PatientSession, type Town } from "../../world.js";
import { flip } from "../core/support.js";

const CONTENT = utf8("Hb 13.1");
const DOCUMENT = { content: CONTENT, fileName: "hb.txt", mediaType: "text/plain" };

class RememberingProvider extends JsonRpcProvider {
  private readonly answers = new Map<string, Promise<unknown>>();

  override send(method: string, params: unknown[]): Promise<unknown> {
    const key = JSON.stringify([method, params]);
    const answer = this.answers.get(key) ?? super.send(method, params);
    this.answers.set(key, answer);
    return answer;
  }
}

describe("flows: records and policies", function () {
  this.timeout(90_000);

  let town: Town;
  let amina: PatientSession;
  let drawer: Drawer;
  before(async () => {
    town = await startTown();
    amina = town.amina;
    drawer = await drawerByLabel(amina, amina.patientId, "laboratory");
    const request = { patientId: amina.patientId, grantee: town.doctor.account, drawers: [drawer], records: [] };
    await grant(amina, await prepareGrant(amina, { ...request, rights: "read and write", until: FOREVER }));
  });
  after(() => town.stop());

  /** A store that serves other bytes for some digests, as a gateway that skips the check against the CID would pass on. */
  const tampering = (session: Session, changes: ReadonlyMap<Hex, Uint8Array>): Session => {
    const { store } = session;
    const altered: ContentStore = {
      ...store,
      get: async (digest, ...rest) => changes.get(digest) ?? store.get(digest, ...rest),
      getBeginning: async (digest, size) => changes.get(digest) ?? store.getBeginning(digest, size),
    };
    return { ...session, store: altered };
  };

  describe("publishing", () => {
    it("refuses what is no document, and leaves nothing of the others in a batch", async () => {
      const before = await pinsOf(town.ipfsUrl);
      const empty = { ...DOCUMENT, content: new Uint8Array() };
      const wrongType = { ...DOCUMENT, mediaType: "not a type" };
      const large = { ...DOCUMENT, content: { length: 2 ** 28 + 1 } as Uint8Array };
      await expectSalusError(publish(amina, drawer, empty), "EMPTY_DOCUMENT");
      await expectSalusError(publish(amina, drawer, large), "DOCUMENT_TOO_LARGE");
      await expectSalusError(publish(amina, drawer, wrongType), "INVALID_INPUT");
      await expectSalusError(publishBatch(amina, drawer, [DOCUMENT, DOCUMENT, wrongType]), "INVALID_INPUT");
      expect(await publishBatch(amina, drawer, [])).to.deep.equal([]);
      expect(await amina.journal.list()).to.deep.equal([]);
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
    });

    it("keeps the document's names, without what could deceive", async () => {
      const names = { ...DOCUMENT, fileName: "../../annexe\u202Egpj.exe", title: "  Blood count  " };
      const { recordId } = await publish(amina, drawer, names);
      const { manifest } = await readRecord(town.doctor, recordId);
      expect(manifest).to.include({ fileName: "annexegpj.exe", title: "Blood count", mediaType: "text/plain" });
    });

    it("publishes from two devices at a time", async () => {
      const published = await Promise.all(Array.from({ length: 5 }, () => publish(amina, drawer, DOCUMENT)));
      expect(new Set(published.map(({ recordId }) => recordId)).size).to.equal(5);
      await verifyHistory(town.reader, amina.patientId);
    });
  });

  /** The doctor on a chain that stands still, so that thousands of readings ask it once. */
  async function doctorAtRest(): Promise<Session> {
    const provider = new RememberingProvider(town.rpcUrl, town.deployment.chainId, { staticNetwork: true });
    return { ...town.doctor, chain: await connectChain({ deployment: town.deployment, provider }) };
  }

  describe("a gateway that alters what it serves", () => {
    let doctor: Session;
    let recordId: RecordId;
    let record: AnchoredRecord;
    let header: Uint8Array;
    let payload: Uint8Array;
    let other: { record: AnchoredRecord; header: Uint8Array; payload: Uint8Array };
    before(async () => {
      ({ recordId } = await publish(amina, drawer, DOCUMENT));
      ({ record, header, payload } = await exportRecord(town.doctor, recordId));
      other = await exportRecord(town.doctor, (await publish(amina, drawer, DOCUMENT)).recordId);
      doctor = await doctorAtRest();
    });

    async function codeFor(changes: [Hex, Uint8Array][]): Promise<ErrorCode> {
      const error: unknown = await readRecord(tampering(doctor, new Map(changes)), recordId).catch((e: unknown) => e);
      if (!isSalusError(error)) throw new Error("read what was altered", { cause: error });
      return error.code;
    }

    after(() => (doctor.chain.provider as JsonRpcProvider).destroy());

    // A bit of each byte; core/tampering.test.ts turns every single one over, without the chain and the store around it.
    it("is found out at every byte of header and payload", async () => {
      const codes = new Map<ErrorCode, number>();
      const count = (code: ErrorCode) => codes.set(code, (codes.get(code) ?? 0) + 1);
      for (let bit = 0; bit < header.length * 8; bit += 9) count(await codeFor([[record.header, flip(header, bit)]]));
      const ofHeader = [...codes.keys()];
      codes.clear();
      for (let bit = 0; bit < payload.length * 8; bit += 9)
        count(await codeFor([[record.payload, flip(payload, bit)]]));
      expect(["HEADER_MALFORMED", "HEADER_TAMPERED", "NOT_A_RECIPIENT"]).to.include.members(ofHeader);
      expect([...codes.keys()]).to.deep.equal(["PAYLOAD_TAMPERED"]);
    });

    it("is found out when it serves another record's parts, or parts of parts", async () => {
      expect(await codeFor([[record.header, other.header]])).to.equal("PAYLOAD_TAMPERED");
      expect(await codeFor([[record.payload, other.payload]])).to.equal("PAYLOAD_TAMPERED");
      const both = await expectSalusError(
        readRecord(
          tampering(
            town.doctor,
            new Map([
              [record.header, other.header],
              [record.payload, other.payload],
            ]),
          ),
          recordId,
        ),
        "MANIFEST_MISMATCH",
      );
      expect(both.details.field).to.equal("record");
      for (let size = 0; size < payload.length; size += 11) {
        expect(await codeFor([[record.payload, payload.subarray(0, size)]])).to.equal("PAYLOAD_TAMPERED");
      }
      expect(await codeFor([[record.header, concat(header, utf8("x"))]])).to.equal("HEADER_MALFORMED");
    });

    it("is found out by the manifest's reader as well", async () => {
      for (let bit = 0; bit < 512; bit += 7) {
        const session = tampering(doctor, new Map([[record.payload, flip(payload, bit)]]));
        await expectSalusError(readManifest(session, recordId), "PAYLOAD_TAMPERED");
      }
    });
  });

  describe("a malicious author", () => {
    /** Anchors a document that says what the author likes, as the doctor. */
    async function forge(
      changes: Partial<Manifest>,
      anchored: Partial<{ header: Hex; payload: Hex; size: number }> = {},
    ) {
      const nonce = BigInt(toHex(randomBytes(8)));
      const recordId = recordIdOf(amina.patientId, town.doctor.account, nonce);
      const manifest: Manifest = {
        v: 1,
        record: recordId,
        patient: amina.patientId,
        author: town.doctor.account,
        scope: drawer.scope,
        epoch: drawer.epoch,
        mediaType: "text/plain",
        fileName: "forged.txt",
        size: CONTENT.length,
        time: "2026-11-21T09:00:00.000Z",
        ...changes,
      };
      const sealed = await seal(encodeDocument(manifest, CONTENT), [fromHex(drawer.publicKey)]);
      const [payload, header] = [await amina.store.add(sealed.payload), await amina.store.add(sealed.header)];
      const entry = { nonce, payload: payload.digest, header: header.digest, size: payload.size, ...anchored };
      const place = { patientId: amina.patientId, scope: drawer.scope, scopeKey: drawer.publicKey };
      await sendAppend(amina.chain, town.doctor.signer, { ...place, entry });
      return recordId;
    }

    const elsewhere = {
      record: `0x${"11".repeat(32)}`,
      patient: `0x${"22".repeat(32)}`,
      author: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
      scope: `0x${"33".repeat(32)}`,
      epoch: 7,
    } as const;
    for (const field of ["record", "patient", "author", "scope", "epoch"] as const) {
      it(`is found out when the document was sealed for another ${field}`, async () => {
        const recordId = await forge({ [field]: elsewhere[field] });
        for (const read of [readRecord, readManifest]) {
          expect((await expectSalusError(read(amina, recordId), "MANIFEST_MISMATCH")).details.field).to.equal(field);
        }
      });
    }

    it("is found out with another record's header, payload, or both", async () => {
      const [record] = (await recordsOf(amina.chain, { patientId: amina.patientId })) as [AnchoredRecord];
      await expectSalusError(readRecord(amina, await forge({}, { header: record.header })), "PAYLOAD_TAMPERED");
      const { payload, size, header } = record;
      await expectSalusError(readRecord(amina, await forge({}, { payload, size })), "PAYLOAD_TAMPERED");
      await expectSalusError(readRecord(amina, await forge({}, { payload, size, header })), "MANIFEST_MISMATCH");
    });

    it("abuse: can't have the patient seal somebody else's document to a grantee under a record of their own", async () => {
      const [record] = (await recordsOf(amina.chain, { patientId: amina.patientId })) as [AnchoredRecord];
      const { payload, size, header } = record;
      const recordId = await forge({}, { payload, size, header });
      const request = { patientId: amina.patientId, grantee: town.colleague.account, until: FOREVER };
      await expectSalusError(
        prepareGrant(amina, { ...request, rights: "read", drawers: [], records: [recordId] }),
        "MANIFEST_MISMATCH",
      );
    });

    it("can't make a reader take what it says is larger than any document, nor break the patient's history", async () => {
      const recordId = await forge({}, { size: 2 ** 30 });
      await expectSalusError(readRecord(amina, recordId), "DOCUMENT_TOO_LARGE");
      const huge = await forge({}, { size: (2n ** 64n - 1n) as unknown as number });
      await expectSalusError(readRecord(amina, huge), "DOCUMENT_TOO_LARGE");
      await verifyHistory(town.reader, amina.patientId);
      const asked: number[] = [];
      const get: ContentStore["get"] = (digest, size, options) => {
        asked.push(size ?? 0);
        return town.reader.store.get(digest, size, options);
      };
      const checks = await verifyRecord({ ...town.reader, store: { ...town.reader.store, get } }, huge);
      expect(Math.max(...asked)).to.equal(0);
      expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).to.deep.equal(["payload stored"]);
    });

    it("can't point at what isn't there unnoticed", async () => {
      const recordId = await forge({}, { payload: `0x${"44".repeat(32)}` });
      await expectSalusError(readRecord(amina, recordId), "CONTENT_UNAVAILABLE");
      const checks = await verifyRecord(town.reader, recordId);
      expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).to.deep.equal(["payload stored"]);
    });
  });

  describe("reading and verifying", () => {
    it("needs an unlocked account, and a record that the chain knows", async () => {
      const { recordId } = await publish(amina, drawer, DOCUMENT);
      await expectSalusError(readRecord({ ...amina, root: undefined }, recordId), "LOCKED");
      await expectSalusError(readRecord(amina, `0x${"55".repeat(32)}`), "UNKNOWN_RECORD");
      await expectSalusError(verifyRecord(town.reader, `0x${"55".repeat(32)}`), "UNKNOWN_RECORD");
      await expectSalusError(readManifest(town.stranger, recordId), "NO_ACCESS");
      await expectSalusError(exportRecord(town.stranger, recordId), "NO_ACCESS");
    });

    it("knows a record's payload, header and both together from a file", async () => {
      const { recordId } = await publish(amina, drawer, DOCUMENT);
      const { header, payload } = await exportRecord(amina, recordId);
      for (const [file, part] of [
        [payload, "payload"],
        [header, "header"],
        [concat(header, payload), "header and payload"],
      ] as const) {
        const { records } = await lookUpFile(town.reader, file);
        expect(records.map((found) => [found.record.recordId, found.part])).to.deep.equal([[recordId, part]]);
      }
      expect((await lookUpFile(town.reader, CONTENT)).records).to.deep.equal([]);
    });
  });

  describe("policies", () => {
    const file = (text: string): PolicyFile => ({ bytes: utf8(text), fileName: "f.txt", mediaType: "text/plain" });
    const wording = file("Clause 1. We pay for hospital stays.");
    const schedule = file("Insured: Amina Rahman, card HM-7");
    const issue = async (changes: object = {}, session: Session = town.insurer) => {
      const now = await chainTime(amina.chain);
      const terms = { patientId: amina.patientId, wording, schedule, from: now, until: now + 3_600, ...changes };
      return issuePolicy(session, terms);
    };

    it("leave nothing behind when they are refused", async () => {
      const { receipt, policyId } = await issue();
      expect(await policyInTransaction(amina.chain, receipt.hash)).to.equal(policyId);
      const before = await pinsOf(town.ipfsUrl);
      await expectSalusError(issue({}, town.doctor), "NotInsurer");
      await expectSalusError(issue({ until: 1 }), "InvalidTerm");
      await expectSalusError(issue({ patientId: `0x${"66".repeat(32)}` }), "UnknownPatient");
      await expectSalusError(issue({ wording: file("") }), "EMPTY_DOCUMENT");
      await expectSalusError(issue({ wording: { ...wording, fileName: "f".repeat(256) } }), "INVALID_INPUT");
      await expectSalusError(issue({ schedule: { ...schedule, mediaType: "m".repeat(256) } }), "INVALID_INPUT");
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
      await readWording(town.reader, await policyById(town.reader, policyId));
    });

    it("are accepted only with the insurer's very bits, and once", async () => {
      const { policyId } = await issue();
      const policy = await policyById(town.reader, policyId);
      const { salt } = await readSchedule(amina, policy);
      for (let bit = 0; bit < wording.bytes.length * 8; bit += 5) {
        expect(compareWording(policy, flip(wording.bytes, bit)).equal).to.equal(false);
      }
      expect(compareSchedule(policy, schedule.bytes, salt).equal).to.equal(true);
      const other = await expectSalusError(
        acceptPolicy(amina, policyId, { wording: wording.bytes, schedule: flip(schedule.bytes, 3) }),
        "POLICY_COPIES_DIFFER",
      );
      expect(other.details.part).to.equal("schedule");
      await expectSalusError(readSchedule(town.stranger, policy), "NOT_A_RECIPIENT");
      await acceptPolicy(amina, policyId, { wording: wording.bytes });
      await expectSalusError(acceptPolicy(amina, policyId, { wording: wording.bytes }), "NotOffered");
      await expectSalusError(policyById(town.reader, `0x${"77".repeat(32)}`), "UnknownPolicy");
      const { policies } = await lookUpFile(town.reader, wording.bytes);
      expect(policies.map((found) => found.policyId)).to.include(policyId);
    });

    it("aren't accepted when the insurer's own file isn't what it anchored; the error says which", async () => {
      const good = await policyById(town.reader, (await issue()).policyId);
      for (const part of ["wording", "schedule"] as const) {
        const terms = { ...good, ref: toHex(randomBytes(32)), previousRef: NO_REF, [part]: toHex(randomBytes(32)) };
        const { hash } = await sendIssuePolicy(amina.chain, town.insurer.signer, terms);
        const policyId = await policyInTransaction(amina.chain, hash);
        const error = await expectSalusError(
          acceptPolicy(amina, policyId, { wording: wording.bytes }),
          "INSURER_COPY_DIFFERS",
        );
        expect(error.details.part).to.equal(part);
      }
    });
  });
});
