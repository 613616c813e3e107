import { expect } from "chai";

import {
  announcePermit,
  closeDrawers,
  drawersToClose,
  encodeCode,
  findPermit,
  givePermit,
  openVisit,
  pendingPermits,
  preparePermit,
  readPermit,
  shortCodeOf,
  withdrawPermit,
  type Drafts,
  type GivenPermit,
  type Hex,
  type ScopeLabel,
  type Session,
} from "../../../sdk/index.js";
import { fileDrafts } from "../../../sdk/node.js";
import { sendUpdateProfile } from "../../../sdk/adapters/patients.js";
import { sendAnnounce, sendOpenVisit } from "../../../sdk/adapters/visits.js";
import { randomBytes, toHex, utf8 } from "../../../sdk/core/bytes.js";
import { computeCid } from "../../../sdk/core/cid.js";
import { decodeCode } from "../../../sdk/core/code.js";
import { openWith, sealTo } from "../../../sdk/core/envelope.js";
import { paddedJson } from "../../../sdk/core/json.js";
import { accountKeys } from "../../../sdk/core/keys.js";
import { decodePermitObject, encodePermitObject } from "../../../sdk/flows/permit-object.js";
import type { VisitKeys } from "../../../sdk/flows/visit-keys.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import type { PatientSession, Unlocked } from "../../world.js";
import { drawersOf, HOUR, permitFor, startCareTown, type CareTown } from "./visit-world.js";

describe("flows: permit", function () {
  this.timeout(180_000);

  let town: CareTown;
  before(async () => {
    town = await startCareTown();
  });
  after(() => town.stop());

  /** A permit that is signed in all order, over keys that aren't. */
  async function permitOver(
    patient: PatientSession,
    change: (keys: VisitKeys) => VisitKeys | Promise<VisitKeys>,
  ): Promise<GivenPermit> {
    const { hospital } = town;
    const drawers = await drawersOf(patient, "laboratory");
    const request = { patientId: patient.patientId, hospital: hospital.account, drawers, validFor: HOUR, lasts: HOUR };
    const prepared = await preparePermit(patient, request);
    const opened = await openWith(prepared.sealedKeys, accountKeys(patient.root).secretKey);
    const keys = await change(JSON.parse(new TextDecoder().decode(opened)) as VisitKeys);
    const sealedKeys = await sealTo(paddedJson(keys), [accountKeys(hospital.root).publicKey]);
    const { digest: sealedKey } = await computeCid(sealedKeys);
    return givePermit(patient, { ...prepared, sealedKeys, permit: { ...prepared.permit, sealedKey } });
  }

  /** What the hospital, gone bad, takes out of a permit and seals to somebody else. */
  async function handedOn({ code }: GivenPermit, to: Unlocked): Promise<string> {
    const { store, root } = town.hospital;
    const object = await openWith(await store.get(decodeCode(code, "visit")), accountKeys(root).secretKey);
    const { digest } = await store.add(await sealTo(object, [accountKeys(to.root).publicKey]));
    return encodeCode("visit", digest);
  }

  describe("given, scanned and used", () => {
    it("tells the hospital who comes and what the visit may read, before anything is sent", async () => {
      const { amina, hospital } = town;
      const given = await permitFor(amina, hospital, { readable: ["laboratory", "imaging"] });
      const read = await readPermit(hospital, given.code);
      expect(read.patientName).to.equal("Amina Rahman");
      expect(read.readable).to.have.members(["laboratory", "imaging"]);
      expect(read.writable).to.have.length(7);
      expect(read).to.deep.include({ visitId: given.visitId, until: given.until, deadline: given.deadline });
      const { visitId } = await openVisit(hospital, read);
      expect(visitId).to.equal(given.visitId);
    });

    it("fits a QR of 60 characters that says nothing about anyone", async () => {
      const { amina, hospital } = town;
      const { code } = await permitFor(amina, hospital);
      expect(code).to.match(/^SALUS:V:[A-Z2-7]{52}$/);
    });

    it("is found by a short code once it was announced, however it is typed", async () => {
      const { amina, hospital } = town;
      const given = await permitFor(amina, hospital);
      await expectSalusError(findPermit(hospital, given.shortCode), "CODE_UNKNOWN");
      await announcePermit(amina, given);
      expect(await findPermit(hospital, ` ${given.shortCode.toLowerCase()}`)).to.equal(given.code);
      await expectSalusError(findPermit(town.otherHospital, given.shortCode), "CODE_UNKNOWN");
    });

    it("ends the permit no later than the visit", async () => {
      const { amina, hospital } = town;
      const { deadline, until } = await permitFor(amina, hospital, { validFor: 10 * HOUR, lasts: HOUR });
      expect(deadline).to.equal(until);
    });

    it("is for hospitals only, by the patient only, and for some time", async () => {
      const { amina, bashir, laboratory, hospital } = town;
      const request = { patientId: amina.patientId, hospital: hospital.account, drawers: [], validFor: 1, lasts: 1 };
      await expectSalusError(preparePermit(amina, { ...request, hospital: laboratory.account }), "NotHospital");
      await expectSalusError(preparePermit(bashir, request), "NotController");
      await expectSalusError(preparePermit(amina, { ...request, validFor: 0 }), "INVALID_INPUT");
      await expectSalusError(preparePermit(amina, { ...request, lasts: Number.NaN }), "INVALID_INPUT");
    });
  });

  describe("kept on the device", () => {
    const kept = (name: string): Drafts => fileDrafts(`${town.folder}/${name}.permits`);

    async function give(drafts: Drafts, validFor = HOUR, ...labels: ScopeLabel[]): Promise<GivenPermit> {
      const { amina, hospital } = town;
      const drawers = await drawersOf(amina, ...labels);
      const request = {
        patientId: amina.patientId,
        hospital: hospital.account,
        drawers,
        validFor,
        lasts: 9 * HOUR,
      };
      return givePermit(amina, await preparePermit(amina, request), drafts);
    }

    it("survives a closed tab, sealed, until it is used or withdrawn", async () => {
      const { amina, hospital } = town;
      const [first, second] = [await give(kept("a")), await give(kept("a"))];
      expect(await pendingPermits(amina, kept("a"))).to.deep.equal([first, second]);
      const file = new TextDecoder().decode((await kept("a").load())!);
      expect(file).to.match(/^age-encryption\.org\/v1/);
      expect(file).not.to.contain(first.code);

      await openVisit(hospital, await readPermit(hospital, first.code));
      expect(await pendingPermits(amina, kept("a"))).to.deep.equal([second]);
      await withdrawPermit(amina, second, kept("a"));
      expect(await pendingPermits(amina, kept("a"))).to.deep.equal([]);
      expect(await kept("a").load()).to.equal(null);
    });

    it("leaves nothing stored of a permit that ran out", async () => {
      const before = await pinsOf(town.ipfsUrl);
      await give(kept("b"), 60);
      await town.advance(61);
      expect(await pendingPermits(town.amina, kept("b"))).to.deep.equal([]);
      expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
    });

    it("goes on naming the drawers of a permit that was withdrawn or ran out, until they are closed", async () => {
      const { amina } = town;
      const labels = async () => (await drawersToClose(amina, amina.patientId, kept("d"))).map(({ label }) => label);
      const before = await labels();
      expect(before).not.to.include.members(["medication"]).and.not.to.include.members(["documents"]);
      const withdrawn = await give(kept("d"), HOUR, "medication");
      await give(kept("d"), 60, "documents");
      expect(await labels()).to.deep.equal(before);
      await withdrawPermit(amina, withdrawn, kept("d"));
      await town.advance(61);
      expect(await pendingPermits(amina, kept("d"))).to.deep.equal([]);
      expect(await labels()).to.include.members(["medication", "documents"]);
      expect(await drawersToClose(amina, amina.patientId)).to.have.length(before.length);
      await closeDrawers(amina, amina.patientId, await drawersToClose(amina, amina.patientId, kept("d")));
      expect(await labels()).to.deep.equal([]);
      await pendingPermits(amina, kept("d"));
      expect(await kept("d").load()).to.equal(null);
    });

    it("loses no permit that is given while the list is being cleared", async () => {
      const { amina } = town;
      await give(kept("e"), 60);
      await town.advance(61);
      const [, given] = await Promise.all([pendingPermits(amina, kept("e")), give(kept("e"))]);
      expect(await pendingPermits(amina, kept("e"))).to.deep.equal([given]);
    });

    it("counts another account's file, or a damaged one, as nothing", async () => {
      await give(kept("c"));
      expect(await pendingPermits(town.bashir, kept("c"))).to.deep.equal([]);
      await kept("c").save(utf8("damaged"));
      expect(await pendingPermits(town.amina, kept("c"))).to.deep.equal([]);
    });
  });

  describe("abuse", () => {
    it("abuse: a photographed permit opens nothing for anybody but its hospital", async () => {
      const { amina, hospital, otherHospital, otherDoctor, doctor, stranger } = town;
      const { code, sealedKey } = await permitFor(amina, hospital, { readable: ["laboratory"] });
      for (const thief of [otherHospital, otherDoctor, doctor, stranger]) {
        await expectSalusError(readPermit(thief, code), "PERMIT_FOR_OTHER");
        const keys = await thief.store.get(sealedKey);
        await expectSalusError(openWith(keys, accountKeys(thief.root).secretKey), "NOT_A_RECIPIENT");
      }
    });

    it("abuse: a stolen permit, opened and handed on by its hospital, opens no visit for another one", async () => {
      const { amina, hospital, otherHospital } = town;
      const given = await permitFor(amina, hospital);
      await expectSalusError(readPermit(otherHospital, await handedOn(given, otherHospital)), "PERMIT_FOR_OTHER");
      const { signed } = await readPermit(hospital, given.code);
      await expectSalusError(sendOpenVisit(otherHospital.chain, otherHospital.signer, signed), "NotPermitted");
      const forged = { ...signed, hospital: otherHospital.account };
      await expectSalusError(sendOpenVisit(otherHospital.chain, otherHospital.signer, forged), "InvalidSignature");
    });

    it("abuse: an expired permit opens nothing", async () => {
      const { amina, hospital } = town;
      const { code } = await permitFor(amina, hospital, { validFor: 60 });
      const read = await readPermit(hospital, code);
      await town.advance(61);
      await expectSalusError(readPermit(hospital, code), "SignatureExpired");
      await expectSalusError(openVisit(hospital, read), "SignatureExpired");
    });

    it("abuse: a withdrawn permit opens nothing, not even what was read before", async () => {
      const { amina, hospital } = town;
      const given = await permitFor(amina, hospital);
      const read = await readPermit(hospital, given.code);
      await withdrawPermit(amina, given);
      await expectSalusError(openVisit(hospital, read), "PermitUsed");
      await expectSalusError(withdrawPermit(amina, given), "PermitUsed");
    });

    it("abuse: nobody but the patient withdraws a permit", async () => {
      const given = await permitFor(town.amina, town.hospital);
      await expectSalusError(withdrawPermit(town.bashir, given), "NotController");
      await readPermit(town.hospital, given.code);
    });

    it("abuse: a replayed permit opens no second visit", async () => {
      const { amina, hospital } = town;
      const { code } = await permitFor(amina, hospital);
      const read = await readPermit(hospital, code);
      await openVisit(hospital, read);
      await expectSalusError(openVisit(hospital, read), "PermitUsed");
      await expectSalusError(readPermit(hospital, code), "PermitUsed");
      await expectSalusError(readPermit(hospital, await handedOn({ code } as GivenPermit, hospital)), "PermitUsed");
    });

    it("abuse: a permit altered in any field doesn't count", async () => {
      const { amina, hospital } = town;
      const { signed } = await readPermit(hospital, (await permitFor(amina, hospital)).code);
      const changes = [
        { until: signed.until + 1 },
        { deadline: signed.deadline + 1 },
        { nonce: signed.nonce ^ 1n },
        { patientId: town.bashir.patientId },
        { sealedKey: toHex(randomBytes(32)) },
        { hash: toHex(randomBytes(32)) },
      ];
      for (const change of changes) {
        const object = encodePermitObject({ ...signed, ...change });
        const { digest } = await hospital.store.add(await sealTo(object, [accountKeys(hospital.root).publicKey]));
        await expectSalusError(readPermit(hospital, encodeCode("visit", digest)), "InvalidSignature");
      }
    });

    it("abuse: a permit of another chain or contract doesn't count", async () => {
      const { amina, hospital } = town;
      const { chain } = amina;
      for (const deployment of [
        { ...chain.deployment, chainId: 1 },
        { ...chain.deployment, contracts: { ...chain.deployment.contracts, visits: chain.deployment.contracts.keys } },
      ]) {
        const elsewhere: PatientSession = { ...amina, chain: { ...chain, deployment } };
        const { code } = await permitFor(elsewhere, hospital);
        await expectSalusError(readPermit(hospital, code), "InvalidSignature");
      }
    });

    it("abuse: somebody else's signature under a patient's permit doesn't count", async () => {
      const { amina, bashir, hospital } = town;
      const request = {
        patientId: amina.patientId,
        hospital: hospital.account,
        drawers: [],
        validFor: HOUR,
        lasts: HOUR,
      };
      const prepared = await preparePermit(amina, request);
      const { code } = await givePermit({ ...amina, signer: bashir.signer }, prepared);
      await expectSalusError(readPermit(hospital, code), "InvalidSignature");
    });

    it("abuse: a code that names something else than a permit", async () => {
      const { hospital } = town;
      const own = [accountKeys(hospital.root).publicKey];
      for (const bytes of [
        utf8("a public file"),
        await sealTo(utf8("{}"), own),
        await sealTo(randomBytes(5_000), own),
        (await sealTo(paddedJson({ v: 2 }), own)).map((byte, at) => (at === 500 ? byte ^ 1 : byte)),
      ]) {
        const { digest } = await hospital.store.add(bytes);
        await expectSalusError(readPermit(hospital, encodeCode("visit", digest)), "PERMIT_MALFORMED");
      }
      const nowhere = encodeCode("visit", toHex(randomBytes(32)));
      await expectSalusError(readPermit(hospital, nowhere), "CONTENT_UNAVAILABLE");
      await expectSalusError(readPermit(hospital, nowhere.replace(":V:", ":O:")), "CODE_OF_OTHER_KIND");
    });

    it("abuse: a patient's keys of another visit, or somebody else's keys", async () => {
      const { amina, bashir, hospital } = town;
      const ofOther = await permitOver(amina, (keys) => ({ ...keys, visit: toHex(randomBytes(32)) }));
      const notTheVisit = await expectSalusError(readPermit(hospital, ofOther.code), "MANIFEST_MISMATCH");
      expect(notTheVisit.details["field"]).to.equal("visit");
      const ofPatient = await permitOver(amina, (keys) => ({ ...keys, patient: bashir.patientId }));
      const notThePatient = await expectSalusError(readPermit(hospital, ofPatient.code), "MANIFEST_MISMATCH");
      expect(notThePatient.details["field"]).to.equal("patient");
    });

    it("abuse: drawers of another patient", async () => {
      const [drawer] = await drawersOf(town.bashir, "laboratory");
      const { code } = await permitOver(town.amina, (keys) => ({
        ...keys,
        drawers: [{ scope: drawer!.scope, label: "laboratory", secrets: [] }],
      }));
      await expectSalusError(readPermit(town.hospital, code), "UnknownScope");
    });

    it("abuse: keys that aren't those of the drawers on the chain", async () => {
      const wrong = (secrets: [number, Hex][]) =>
        permitOver(town.amina, (keys) => ({
          ...keys,
          drawers: keys.drawers.map((drawer) => ({ ...drawer, secrets })),
        }));
      const random = await wrong([[0, toHex(randomBytes(32))]]);
      await expectSalusError(readPermit(town.hospital, random.code), "SCOPE_SECRET_MISMATCH");
      const ofNoEpoch = await wrong([[7, toHex(randomBytes(32))]]);
      await expectSalusError(readPermit(town.hospital, ofNoEpoch.code), "SCOPE_SECRET_MISMATCH");
    });

    it("abuse: two drawers of one name", async () => {
      const { code } = await permitOver(town.amina, (keys) => ({
        ...keys,
        drawers: keys.drawers.map((drawer) => ({ ...drawer, label: "visits" })),
      }));
      await expectSalusError(readPermit(town.hospital, code), "MANIFEST_MALFORMED");
    });

    it("abuse: a permit made before the patient's details changed", async () => {
      const { bashir, hospital } = town;
      const { code } = await permitFor(bashir, hospital);
      const { digest } = await bashir.store.add(utf8("another profile"));
      const before = await bashir.chain.patients.patientOf(bashir.patientId);
      await sendUpdateProfile(bashir.chain, bashir.signer, bashir.patientId, digest);
      await expectSalusError(readPermit(hospital, code), "StaleHash");
      await sendUpdateProfile(bashir.chain, bashir.signer, bashir.patientId, before.profile as Hex);
    });

    it("abuse: announcing something with the same short code hides nothing and swaps nothing", async () => {
      const { amina, bashir, hospital, stranger } = town;
      const given = await permitFor(amina, hospital);
      const digest = decodeCode(given.code, "visit");
      const alike: Hex = `${digest.slice(0, 12)}${toHex(randomBytes(27)).slice(2)}` as Hex;
      expect(shortCodeOf(alike)).to.equal(given.shortCode);
      await sendAnnounce(stranger.chain, stranger.signer, hospital.account, alike);
      await expectSalusError(findPermit(hospital, given.shortCode), "CONTENT_UNAVAILABLE");
      await announcePermit(amina, given);
      expect(await findPermit(hospital, given.shortCode)).to.equal(given.code);

      await openVisit(hospital, await readPermit(hospital, given.code));
      await expectSalusError(findPermit(hospital, given.shortCode), "CODE_UNKNOWN");
      const announced = await permitFor(bashir, hospital);
      await announcePermit(bashir, announced);
      await withdrawPermit(bashir, announced);
      await expectSalusError(findPermit(hospital, announced.shortCode), "PermitUsed");
    });
  });

  it("comes back from its object as it was signed", async () => {
    const { amina, hospital } = town;
    const { signed } = await readPermit(hospital, (await permitFor(amina, hospital)).code);
    expect(decodePermitObject(encodePermitObject(signed))).to.deep.equal(signed);
    const locked: Session = { ...hospital, root: undefined };
    await expectSalusError(readPermit(locked, (await permitFor(amina, hospital)).code), "LOCKED");
  });
});
