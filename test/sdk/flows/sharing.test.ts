import { expect } from "chai";

import {
  accessOf,
  chainTime,
  closeDrawers,
  drawerByLabel,
  drawersToClose,
  FOREVER,
  grant,
  grantedDrawers,
  grantsOf,
  isSalusError,
  ownDrawers,
  prepareGrant,
  publish,
  publishBatch,
  readableRecords,
  readManifest,
  readRecord,
  sharingPatients,
  stopAccess,
  type Drawer,
  type Hex,
  type Published,
  type RecordId,
  type Rights,
  type ScopeLabel,
  type Session,
} from "../../../sdk/index.js";
import { sendGrants, scopeKeysOf } from "../../../sdk/adapters/consents.js";
import { sendPublishKey } from "../../../sdk/adapters/keys.js";
import { utf8, toHex } from "../../../sdk/core/bytes.js";
import { cidOf, digestOfCid } from "../../../sdk/core/cid.js";
import { open, openWith, sealTo, split } from "../../../sdk/core/envelope.js";
import { accountKeys, newRoot, scopeKeys } from "../../../sdk/core/keys.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { startTown, type PatientSession, type Town, type Unlocked } from "../../world.js";

describe("flows: sharing", function () {
  this.timeout(90_000);

  let town: Town;
  let amina: PatientSession;
  before(async () => {
    town = await startTown();
    amina = town.amina;
  });
  after(() => town.stop());

  const drawerOf = (label: ScopeLabel): Promise<Drawer> => drawerByLabel(amina, amina.patientId, label);

  async function share(label: ScopeLabel, grantee: Session, rights: Rights = "read", until = FOREVER) {
    const request = { patientId: amina.patientId, grantee: grantee.account, rights, until, records: [] };
    return grant(amina, await prepareGrant(amina, { ...request, drawers: [await drawerOf(label)] }));
  }

  async function stop(label: ScopeLabel, grantee: Session): Promise<void> {
    const { scope } = await drawerOf(label);
    const grants = await grantsOf(amina.chain, {
      patientId: amina.patientId,
      subject: scope,
      grantee: grantee.account,
    });
    await stopAccess(amina, amina.patientId, grants);
  }

  async function write(author: Session, label: ScopeLabel, text: string): Promise<RecordId> {
    const drawer = author.account === amina.account ? await drawerOf(label) : await granted(author, label);
    const document = { content: utf8(text), fileName: "note.txt", mediaType: "text/plain" };
    const { recordId }: Published = await publish(author, drawer, document);
    return recordId;
  }

  const granted = (author: Session, label: ScopeLabel) => drawerByLabel(author, amina.patientId, label);

  const read = async (reader: Session, recordId: RecordId): Promise<string> =>
    new TextDecoder().decode((await readRecord(reader, recordId)).content);

  describe("when a drawer moves on", () => {
    const records: RecordId[] = [];

    it("leaves the remaining reader everything, by the keyring, and the revoked one nothing new", async () => {
      await share("laboratory", town.doctor);
      await share("laboratory", town.colleague);
      records.push(await write(amina, "laboratory", "epoch 0"));
      await stop("laboratory", town.doctor);
      records.push(await write(amina, "laboratory", "epoch 1"));

      expect((await drawerOf("laboratory")).epoch).to.equal(1);
      expect(await read(town.colleague, records[0]!)).to.equal("epoch 0");
      expect(await read(town.colleague, records[1]!)).to.equal("epoch 1");
      for (const recordId of records) await expectSalusError(readRecord(town.doctor, recordId), "ACCESS_REVOKED");
      expect(await readableRecords(town.doctor, amina.patientId)).to.deep.equal([]);
      expect(await readableRecords(town.colleague, amina.patientId)).to.have.length(2);
    });

    it("lets someone who comes after three moves read all epochs", async () => {
      for (const epoch of [2, 3]) {
        await closeDrawers(amina, amina.patientId, [await drawerOf("laboratory")]);
        records.push(await write(amina, "laboratory", `epoch ${epoch}`));
      }
      await share("laboratory", town.laboratory);
      for (const [epoch, recordId] of records.entries()) {
        expect(await read(town.laboratory, recordId)).to.equal(`epoch ${epoch}`);
        expect(await read(town.colleague, recordId)).to.equal(`epoch ${epoch}`);
        expect(await read(amina, recordId)).to.equal(`epoch ${epoch}`);
        expect((await readManifest(town.laboratory, recordId)).epoch).to.equal(epoch);
      }
    });

    it("counts from the chain, not from a drawer that was looked up before", async () => {
      const stale = { ...(await drawerOf("laboratory")), epoch: 0 };
      await closeDrawers(amina, amina.patientId, [stale]);
      const { epoch, publicKey, scope } = await drawerOf("laboratory");
      expect(epoch).to.equal(4);
      expect(publicKey).to.equal(toHex(scopeKeys(amina.root, scope, 4).publicKey));
    });

    it("moves once when asked several times at the same moment", async () => {
      const drawer = await drawerOf("laboratory");
      const closing = Array.from({ length: 3 }, () => closeDrawers(amina, amina.patientId, [drawer]));
      const settled = await Promise.allSettled(closing);
      expect(settled.filter(({ status }) => status === "fulfilled")).to.have.length(1);
      const refused = settled.find((result) => result.status === "rejected");
      await expectSalusError(Promise.reject(refused?.reason as Error), "SameScopeKey");
      expect((await drawerOf("laboratory")).epoch).to.equal(5);
    });

    it("isn't kept from moving by a reader with an impossible key", async () => {
      await share("imaging", town.colleague);
      await share("imaging", town.doctor);
      // The point of order 2: everyone's shared secret with it is zero.
      await sendPublishKey(amina.chain, town.doctor.signer, `0x01${"00".repeat(31)}`, null);
      await closeDrawers(amina, amina.patientId, [await drawerOf("imaging")]);
      const recordId = await write(amina, "imaging", "after");
      expect(await read(town.colleague, recordId)).to.equal("after");
      await stop("imaging", town.doctor);
      await sendPublishKey(amina.chain, town.doctor.signer, toHex(accountKeys(town.doctor.root).publicKey), null);
    });

    it("refuses a grant that was prepared for an earlier key", async () => {
      const request = {
        patientId: amina.patientId,
        grantee: town.stranger.account,
        rights: "read",
        until: FOREVER,
      } as const;
      const prepared = await prepareGrant(amina, { ...request, drawers: [await drawerOf("laboratory")], records: [] });
      await closeDrawers(amina, amina.patientId, [await drawerOf("laboratory")]);
      await expectSalusError(grant(amina, prepared), "INVALID_INPUT");
    });
  });

  describe("when a grant ends", () => {
    it("refuses the reader, names the drawer as one to close, and closes it", async () => {
      const before = await write(amina, "medication", "before");
      const until = (await chainTime(amina.chain)) + 600;
      await share("medication", town.doctor, "read", until);
      await share("medication", town.colleague, "read");
      expect(await read(town.doctor, before)).to.equal("before");
      expect(await drawersToClose(amina, amina.patientId)).to.deep.equal([]);

      await town.advance(601);
      await expectSalusError(readRecord(town.doctor, before), "ACCESS_EXPIRED");
      expect((await drawersToClose(amina, amina.patientId)).map(({ label }) => label)).to.deep.equal(["medication"]);
      await closeDrawers(amina, amina.patientId, await drawersToClose(amina, amina.patientId));
      expect(await drawersToClose(amina, amina.patientId)).to.deep.equal([]);

      const after = await write(amina, "medication", "after");
      await expectSalusError(readRecord(town.doctor, after), "ACCESS_EXPIRED");
      expect(await read(town.colleague, after)).to.equal("after");
      const [access] = (await accessOf(amina, amina.patientId)).filter(({ grant: { state } }) => state === "expired");
      expect(access).to.include({ kind: "drawer", label: "medication" });
      expect(access?.grantee?.name).to.equal("Dr Sarah Lee");
    });

    it("gives it all back when the grant is extended, and lets the package of before go", async () => {
      const { scope } = await drawerOf("medication");
      const by = { patientId: amina.patientId, subject: scope, grantee: town.doctor.account };
      const [old] = await grantsOf(amina.chain, by);
      await share("medication", town.doctor, "read");
      for (const record of await readableRecords(town.doctor, amina.patientId))
        await readRecord(town.doctor, record.recordId);
      const [current] = await grantsOf(amina.chain, by);
      expect(current?.state).to.equal("active");
      expect(await amina.store.isPinned(old!.sealedKey)).to.equal(false);
      expect(await amina.store.isPinned(current!.sealedKey)).to.equal(true);
    });

    it("doesn't hide behind a grant to write: what was given to read must be stopped first", async () => {
      const until = (await chainTime(amina.chain)) + 600;
      await share("documents", town.doctor, "read", until);
      await expectSalusError(share("documents", town.doctor, "write"), "INVALID_INPUT");
      await town.advance(601);
      await expectSalusError(share("documents", town.doctor, "write"), "INVALID_INPUT");
      await stop("documents", town.doctor);
      await share("documents", town.doctor, "write");
    });
  });

  describe("who may only write", () => {
    it("writes and can't read, not even what it wrote; the patient can", async () => {
      await share("visits", town.laboratory, "write");
      const recordId = await write(town.laboratory, "visits", "result");
      expect(await read(amina, recordId)).to.equal("result");
      await expectSalusError(readRecord(town.laboratory, recordId), "NO_ACCESS");
      expect(await readableRecords(town.laboratory, amina.patientId)).not.to.include(recordId);
      const { scope } = await drawerOf("visits");
      const [{ sealedKey } = { sealedKey: "0x" as Hex }] = await grantsOf(amina.chain, { subject: scope });
      const opened = await openWith(await amina.store.get(sealedKey), accountKeys(town.laboratory.root).secretKey);
      expect((JSON.parse(new TextDecoder().decode(opened)) as { secrets: unknown[] }).secrets).to.deep.equal([]);
    });

    it("goes on writing after a move, to the new key, and not with the old", async () => {
      const stale = await granted(town.laboratory, "visits");
      await closeDrawers(amina, amina.patientId, [await drawerOf("visits")]);
      const document = { content: utf8("late"), fileName: "late.txt", mediaType: "text/plain" };
      const before = await pinsOf(town.ipfsUrl);
      await expectSalusError(publish(town.laboratory, stale, document), "StaleScopeKey");
      await expectSalusError(publishBatch(town.laboratory, stale, [document, document]), "StaleScopeKey");
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
      expect(await town.laboratory.journal.list()).to.deep.equal([]);
      const recordId = await write(town.laboratory, "visits", "new");
      expect((await readRecord(amina, recordId)).manifest.epoch).to.equal(1);
    });

    it("can't write without a grant, without an accreditation, or after it was stopped", async () => {
      const drawer = await drawerOf("visits");
      const document = { content: utf8("x"), fileName: "x.txt", mediaType: "text/plain" };
      await expectSalusError(publish(town.colleague, drawer, document), "NotAuthor");
      await share("visits", town.stranger, "write");
      await expectSalusError(publish(town.stranger, drawer, document), "NotAuthor");
      await stop("visits", town.laboratory);
      await expectSalusError(publish(town.laboratory, drawer, document), "NotAuthor");
      for (const { journal } of [town.colleague, town.stranger, town.laboratory]) {
        expect(await journal.list()).to.deep.equal([]);
      }
    });
  });

  describe("what can't be prepared", () => {
    it("says why", async () => {
      const request = {
        patientId: amina.patientId,
        grantee: town.doctor.account,
        rights: "read",
        until: FOREVER,
      } as const;
      const drawers = [await drawerOf("imaging")];
      const records: RecordId[] = [];
      await expectSalusError(prepareGrant(amina, { ...request, drawers: [], records }), "INVALID_INPUT");
      await expectSalusError(
        prepareGrant(amina, { ...request, drawers, records, grantee: amina.account }),
        "INVALID_INPUT",
      );
      const keyless = await town.session(19);
      await expectSalusError(
        prepareGrant(amina, { ...request, drawers, records, grantee: keyless.account }),
        "NO_PUBLISHED_KEY",
      );
      await expectSalusError(
        prepareGrant(amina, { ...request, drawers: [], records: [`0x${"11".repeat(32)}`] }),
        "UNKNOWN_RECORD",
      );
      await expectSalusError(prepareGrant({ ...amina, root: undefined }, { ...request, drawers, records }), "LOCKED");
      const unopened: Drawer = { ...drawers[0]!, scope: `0x${"12".repeat(32)}` };
      await expectSalusError(prepareGrant(amina, { ...request, drawers: [unopened], records }), "UnknownScope");

      const before = await pinsOf(town.ipfsUrl);
      await expectSalusError(
        grant(amina, await prepareGrant(amina, { ...request, drawers, records, until: 1 })),
        "GrantExpiryInPast",
      );
      const prepared = await prepareGrant(amina, { ...request, drawers, records });
      await expectSalusError(grant(town.stranger, prepared), "NotController");
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
      const [some] = await grantsOf(amina.chain, { patientId: amina.patientId });
      await expectSalusError(stopAccess(amina, amina.patientId, [{ ...some!, grantee: keyless.account }]), "NoGrant");
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
    });

    it("keeps the sealed key when the chain falls silent: the grant may have come", async () => {
      const request = {
        patientId: amina.patientId,
        grantee: town.stranger.account,
        rights: "read",
        until: FOREVER,
      } as const;
      const prepared = await prepareGrant(amina, { ...request, drawers: [await drawerOf("imaging")], records: [] });
      const silent = Object.assign(Object.create(amina.signer) as Session["signer"], {
        sendTransaction: async (...sent: Parameters<Session["signer"]["sendTransaction"]>) => {
          await amina.signer.sendTransaction(...sent);
          throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
        },
      });
      await expectSalusError(grant({ ...amina, signer: silent }, prepared), "CHAIN_UNREACHABLE");
      expect((await grantedDrawers(town.stranger, amina.patientId)).map(({ label }) => label)).to.include("imaging");
    });
  });

  describe("malicious grants", () => {
    /** A grant of the patient's own making, with whatever it likes as the sealed key. */
    async function forge(label: ScopeLabel, change: (contents: Record<string, unknown>) => unknown): Promise<Hex> {
      const { scope } = await drawerOf(label);
      const contents = {
        v: 1,
        patient: amina.patientId,
        scope,
        label,
        name: "Amina Rahman",
        secrets: [[0, toHex(scopeKeys(amina.root, scope, 0).secretKey)]],
      };
      const file = await sealTo(utf8(JSON.stringify(change(contents))), [accountKeys(town.hospital.root).publicKey]);
      const { digest } = await amina.store.add(file);
      const terms = { patientId: amina.patientId, subject: scope, grantee: town.hospital.account, until: FOREVER };
      await sendGrants(amina.chain, amina.signer, [{ ...terms, rights: "read", sealedKey: digest }]);
      return digest;
    }

    it("abuse: a patient who grants documents that there aren't doesn't make their reader ask for each", async () => {
      const { hospital } = town;
      const questions = async () => {
        let asked = 0;
        const consents = new Proxy(hospital.chain.consents, {
          get: (target, name) => {
            if (name === "queryFilter") asked += 1;
            return Reflect.get(target, name) as unknown;
          },
        });
        await sharingPatients({ ...hospital, chain: { ...hospital.chain, consents } });
        return asked;
      };
      const invent = (count: number) => {
        const terms = {
          patientId: amina.patientId,
          grantee: hospital.account,
          until: FOREVER,
          rights: "read",
        } as const;
        const grants = Array.from({ length: count }, () => ({
          ...terms,
          subject: toHex(newRoot()),
          sealedKey: toHex(newRoot()),
        }));
        return sendGrants(amina.chain, amina.signer, grants);
      };
      await invent(1);
      const before = await questions();
      await invent(20);
      expect(await questions()).to.equal(before);
    });

    let recordId: RecordId;
    before(async () => {
      recordId = await write(amina, "insurance", "card");
    });

    for (const [words, change, code, field] of [
      ["another patient", (c: object) => ({ ...c, patient: `0x${"11".repeat(32)}` }), "MANIFEST_MISMATCH", "patient"],
      ["another drawer", (c: object) => ({ ...c, scope: `0x${"11".repeat(32)}` }), "MANIFEST_MISMATCH", "scope"],
      [
        "another secret",
        (c: object) => ({ ...c, secrets: [[0, toHex(newRoot())]] }),
        "SCOPE_SECRET_MISMATCH",
        undefined,
      ],
      ["no secret", (c: object) => ({ ...c, secrets: [] }), "NO_ACCESS", undefined],
      ["a field more", (c: object) => ({ ...c, admin: true }), "MANIFEST_MALFORMED", undefined],
      ["a very long name", (c: object) => ({ ...c, name: "A".repeat(121) }), "MANIFEST_MALFORMED", undefined],
      ["a string", () => "hello", "MANIFEST_MALFORMED", undefined],
    ] as const) {
      it(`are refused: a package with ${words}`, async () => {
        await forge("insurance", change);
        const error = await expectSalusError(readRecord(town.hospital, recordId), code);
        if (field) expect(error.details.field).to.equal(field);
      });
    }

    it("don't hide other patients, nor other drawers of the same", async () => {
      await share("mental health", town.hospital);
      await forge("insurance", () => "hello");
      const [patient] = await sharingPatients(town.hospital);
      expect(patient?.name).to.equal("Amina Rahman");
      expect(patient?.drawers.map(({ label }) => label)).to.have.members([null, "mental health"]);
    });

    it("are refused: a package sealed to someone else, and one that isn't there", async () => {
      const { scope } = await drawerOf("insurance");
      const { digest } = await amina.store.add(await sealTo(utf8("{}"), [accountKeys(town.stranger.root).publicKey]));
      const terms = { patientId: amina.patientId, subject: scope, grantee: town.hospital.account, until: FOREVER };
      await sendGrants(amina.chain, amina.signer, [{ ...terms, rights: "read", sealedKey: digest }]);
      await expectSalusError(readRecord(town.hospital, recordId), "NOT_A_RECIPIENT");
      await sendGrants(amina.chain, amina.signer, [{ ...terms, rights: "read", sealedKey: `0x${"13".repeat(32)}` }]);
      await expectSalusError(readRecord(town.hospital, recordId), "CONTENT_UNAVAILABLE");
    });
  });

  describe("a revoked doctor with a grudge", () => {
    it("opens nothing of what is written after, with any key that he kept and all of storage", async () => {
      const grudge: Unlocked = town.colleague;
      for (const label of ["laboratory", "medication", "imaging"] as const) await stop(label, grudge);
      // All that he ever had: his root, the packages and keyrings that were sealed to him, and their secrets.
      const kept = new Map<string, Uint8Array>([["account", accountKeys(grudge.root).secretKey]]);
      const moved = await scopeKeysOf(amina.chain, amina.patientId);
      for (const { scope, epoch, publicKey } of moved) {
        const latest = (await ownDrawers(amina, amina.patientId)).find((drawer) => drawer.scope === scope);
        if (latest && epoch < latest.epoch) kept.set(publicKey, scopeKeys(amina.root, scope, epoch).secretKey);
      }
      expect(kept.size).to.be.greaterThan(6);

      const payloads: Uint8Array[] = [];
      for (const label of ["laboratory", "medication", "imaging"] as const) {
        const { record } = await readRecord(amina, await write(amina, label, "after the revocation"));
        payloads.push(await amina.store.get(record.payload, record.size));
      }
      // Every header in storage, with every key that was kept: what it opens, it doesn't open one of these with.
      let tried = 0;
      for (const cid of await pinsOf(town.ipfsUrl)) {
        const header = await headerAt(cid);
        for (const secretKey of header ? kept.values() : []) {
          tried++;
          for (const payload of payloads) {
            const error: unknown = await open(header!, payload, secretKey).catch((reason: unknown) => reason);
            expect(isSalusError(error, "NOT_A_RECIPIENT", "PAYLOAD_TAMPERED"), cid).to.equal(true);
            if (isSalusError(error, "NOT_A_RECIPIENT")) break;
          }
        }
      }
      expect(tried).to.be.greaterThan(300);
      expect(await readableRecords(grudge, amina.patientId)).to.deep.equal([]);
    });

    /** The header that an object is or begins with, or null when it's something else. */
    async function headerAt(cid: string): Promise<Uint8Array | null> {
      const digest = digestOfCid(cid);
      if (cid !== cidOf(digest)) return null;
      try {
        return split(await amina.store.get(digest)).header;
      } catch {
        return null;
      }
    }
  });
});
