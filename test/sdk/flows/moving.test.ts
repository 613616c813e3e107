import { expect } from "chai";

import {
  attest,
  createAccount,
  discloseDeregistration,
  discloseMove,
  deregister,
  drawerByLabel,
  FOREVER,
  grant,
  keyOf,
  move,
  openDrawers,
  patientIdOf,
  patientsControlledBy,
  prepareGrant,
  prepareMove,
  publish,
  readProfile,
  readRecord,
  register,
  requestRegistration,
  signIn,
  signMove,
  signOut,
  stopAccess,
  grantsOf,
  unlock,
  type RecordId,
  type Session,
} from "../../../sdk/index.js";
import { utf8 } from "../../../sdk/core/bytes.js";
import { cidOf } from "../../../sdk/core/cid.js";
import { controllerRotationTypedData } from "../../../sdk/core/typedData.js";
import type { Hex } from "../../../sdk/types.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { PASSPHRASE, type PatientSession, type Unlocked } from "../../world.js";
import { refusing, startOffices, type Offices } from "./offices.js";

describe("flows: moving, leaving and signing in", function () {
  this.timeout(120_000);

  let offices: Offices;
  let amina: PatientSession;
  before(async () => {
    offices = await startOffices();
    amina = await offices.world.patient(7, offices.accounts.registry, "Amina Rahman");
  });
  after(() => offices.stop());

  const pins = async () => new Set(await pinsOf(offices.world.ipfsUrl));
  const note = (text: string) => ({ content: utf8(text), fileName: "note.txt", mediaType: "text/plain" });

  describe("moving to another wallet", () => {
    let next: Unlocked;
    let recordId: RecordId;
    before(async () => {
      const drawer = await drawerByLabel(amina, amina.patientId, "laboratory");
      ({ recordId } = await publish(amina, drawer, note("before the move")));
      const session = await offices.world.session(8);
      next = { ...session, root: await unlock(session, amina.account, PASSPHRASE) };
    });

    it("is prepared by the next account with the patient's own root only", async () => {
      const { patientId } = amina;
      await expectSalusError(prepareMove(await offices.world.session(8), patientId), "LOCKED");
      const stranger = await offices.world.account(9);
      await expectSalusError(prepareMove(stranger, patientId), "WRONG_ROOT");
      const busy = { ...stranger, root: amina.root };
      await expectSalusError(prepareMove(busy, patientId), "KEY_EXISTS");
      await expectSalusError(prepareMove(amina, patientId), "INVALID_INPUT");
      await expectSalusError(prepareMove(next, `0x${"1".repeat(64)}`), "UnknownPatient");
      expect(discloseMove(await prepareMove(next, patientId)).everyone.join(" ")).to.contain("same person's");
    });

    it("is refused before anything is sent: unsigned, altered, expired, or for another place", async () => {
      const prepared = await prepareMove(next, amina.patientId);
      await expectSalusError(signMove(amina, prepared), "INVALID_INPUT");
      const unwilling = new Proxy(next.signer, {
        get: (target, name) =>
          name === "signTypedData"
            ? () => Promise.reject(Object.assign(new Error("rejected"), { code: "ACTION_REJECTED" }))
            : (Reflect.get(target, name) as unknown),
      });
      await expectSalusError(signMove({ ...next, signer: unwilling }, prepared), "SIGNATURE_REJECTED");
      const signed = await signMove(next, prepared);
      // The key was published at the first try, with the backup that the passphrase opens.
      expect((await keyOf(next.chain, next.account))?.version).to.equal(1);
      const stranger = await offices.world.session(9);
      const count = await amina.signer.getNonce();
      await expectSalusError(move({ ...stranger, root: amina.root }, signed), "NotController");
      await expectSalusError(move(amina, { ...signed, deadline: signed.deadline + 1 }), "InvalidSignature");
      await expectSalusError(move(amina, { ...signed, to: stranger.account }), "InvalidSignature");
      const { chainId, contracts } = amina.chain.deployment;
      for (const [id, patients] of [
        [1, contracts.patients],
        [chainId, contracts.consents],
      ] as const) {
        const { domain, types, message } = controllerRotationTypedData(id, patients, prepared);
        const signature = (await next.signer.signTypedData(domain, types, message)) as Hex;
        await expectSalusError(move(amina, { ...signed, signature }), "InvalidSignature");
      }
      const keyless = await offices.world.session(11);
      const toKeyless = { ...prepared, to: keyless.account, nonce: "0" };
      const { domain, types, message } = controllerRotationTypedData(chainId, contracts.patients, toKeyless);
      const signature = (await keyless.signer.signTypedData(domain, types, message)) as Hex;
      await expectSalusError(move(amina, { ...toKeyless, signature }), "NO_PUBLISHED_KEY");
      await expectSalusError(move({ ...amina, ...refusing(amina, "sendTransaction") }, signed), "SIGNATURE_REJECTED");
      expect(await amina.signer.getNonce()).to.equal(count);
    });

    it("hands over record, drawers and profile; the same passphrase unlocks; the old account can do nothing more", async () => {
      const { patientId } = amina;
      const signed = await signMove(next, await prepareMove(next, patientId));
      await move(amina, signed);
      const session = await offices.world.session(8);
      const unlocked = { ...session, root: await unlock(session, session.account, PASSPHRASE) };
      expect(await patientIdOf(unlocked)).to.equal(patientId);
      expect((await readProfile(unlocked, patientId)).identity.name).to.equal("Amina Rahman");
      expect((await readRecord(unlocked, recordId)).content).to.deep.equal(utf8("before the move"));
      const drawer = await drawerByLabel(unlocked, patientId, "laboratory");
      await publish(unlocked, drawer, note("after the move"));
      await expectSalusError(move(amina, signed), "NotController");
      await expectSalusError(openDrawers(amina, patientId, ["another"]), "NotController");
      // Back again; what was signed for the first move moves nothing a second time.
      const back = await signMove(amina, await prepareMove(amina, patientId));
      await move(unlocked, back);
      await expectSalusError(move(amina, signed), "InvalidSignature");
      await offices.world.advance(25 * 3_600);
      await expectSalusError(move(amina, { ...signed, from: amina.account }), "SignatureExpired");
    });
  });

  describe("signing in", () => {
    const request = () => ({ domain: offices.domain });

    it("as an account, or as a patient with the present H; ends when it is told to", async () => {
      const { insurer } = offices;
      const asAccount = await signIn(amina, insurer, request());
      expect([asAccount.account, asAccount.patientId]).to.deep.equal([amina.account, null]);
      const { patientId } = amina;
      const asPatient = await signIn(amina, insurer, { ...request(), patientId });
      expect(asPatient.patientId).to.equal(patientId);
      expect(asPatient.token).not.to.equal(asAccount.token);
      expect((await insurer.signedIn(asPatient.token)).patientId).to.equal(patientId);
      await signOut(asPatient);
      await expectSalusError(insurer.signedIn(asPatient.token), "SIGN_IN_REQUIRED");
      expect((await insurer.signedIn(asAccount.token)).account).to.equal(amina.account);
    });

    it("is refused from another page, as another's patient, and when the wallet says no", async () => {
      const { insurer } = offices;
      await expectSalusError(signIn(amina, insurer, { domain: "phishing.example" }), "SIGN_IN_REFUSED");
      const stranger = await offices.world.session(9);
      await expectSalusError(signIn(stranger, insurer, { ...request(), patientId: amina.patientId }), "H_UNKNOWN");
      const unknown = { ...request(), patientId: `0x${"1".repeat(64)}` as const };
      await expectSalusError(signIn(amina, insurer, unknown), "UnknownPatient");
      await expectSalusError(signIn(refusing(amina, "signMessage"), insurer, request()), "SIGNATURE_REJECTED");
    });

    it("believes no service that signs in somebody else, and takes any name that one has", async () => {
      const { insurer } = offices;
      const other: typeof insurer = {
        ...insurer,
        signIn: async (...args) => ({ ...(await insurer.signIn(...args)), account: offices.accounts.registry.account }),
      };
      await expectSalusError(signIn(amina, other, request()), "SERVICE_ANSWER_INVALID");
      const named: typeof insurer = {
        ...insurer,
        info: async () => ({ ...(await insurer.info()), name: "Mutuelle «Été»\nURI: https://elsewhere.example" }),
      };
      expect((await signIn(amina, named, request())).account).to.equal(amina.account);
    });
  });

  describe("deregistering", () => {
    let grantee: Unlocked;
    let recordId: RecordId;
    before(async () => {
      grantee = await offices.world.account(10);
      const { patientId } = amina;
      const drawer = await drawerByLabel(amina, patientId, "imaging");
      const request = { patientId, grantee: grantee.account, drawers: [drawer], records: [], rights: "read" } as const;
      await grant(amina, await prepareGrant(amina, { ...request, until: FOREVER }));
      const other = await offices.world.account(12);
      await grant(amina, await prepareGrant(amina, { ...request, grantee: other.account, until: FOREVER }));
      const [given] = await grantsOf(amina.chain, { patientId, grantee: other.account });
      // Leaves a keyring for the one who stays.
      await stopAccess(amina, patientId, [given!]);
      ({ recordId } = await publish(amina, await drawerByLabel(amina, patientId, "imaging"), note("an image")));
      expect((await readRecord(grantee, recordId)).content).to.deep.equal(utf8("an image"));
    });

    it("is for the patient's account, and says what can't be undone", async () => {
      await expectSalusError(deregister(grantee, amina.patientId), "NotController");
      await expectSalusError(deregister(amina, `0x${"1".repeat(64)}`), "UnknownPatient");
      await expectSalusError(deregister(refusing(amina, "sendTransaction"), amina.patientId), "SIGNATURE_REJECTED");
      expect(discloseDeregistration(amina).everyone.join(" ")).to.contain("can't be undone");
      expect(await patientsControlledBy(amina.chain, amina.account)).to.deep.equal([amina.patientId]);
    });

    it("leaves a tombstone, and nothing that opens the record; what was interrupted is finished", async () => {
      const { patientId, chain, store } = amina;
      const before = await pins();
      // The key of the grant that was stopped is unpinned already.
      const stoppedBefore = 1;
      let count = 0;
      const failing: Session = {
        ...amina,
        store: {
          ...store,
          unpin: (digest, size) =>
            ++count > 2 ? Promise.reject(new Error("IPFS went away")) : store.unpin(digest, size),
        },
      };
      await deregister(failing, patientId).then(
        () => expect.fail("finished"),
        (error: unknown) => expect((error as Error).message).to.equal("IPFS went away"),
      );
      expect(await patientsControlledBy(chain, amina.account)).to.deep.equal([]);
      await expectSalusError(deregister(grantee, patientId), "NotController");
      const { receipt, forgotten, keepsBackup } = await deregister(amina, patientId);
      expect(receipt).to.equal(null);
      expect(keepsBackup).to.equal(false);
      const now = await pins();
      const lost = [...before].filter((cid) => !now.has(cid));
      expect(lost).to.have.length(forgotten - stoppedBefore);
      const [registered] = await chain.patients.queryFilter(chain.patients.filters.PatientRegistered(patientId));
      expect(lost).to.include(cidOf(registered!.args.profile as Hex));
      await expectSalusError(readProfile(amina, patientId), "UnknownPatient");
    });

    it("keeps the backup of an account that does other things in Salus", async () => {
      const { registry } = offices.accounts;
      const citizen = await offices.world.session(13);
      const root = await createAccount(citizen, PASSPHRASE, { workFactor: 4 });
      const patient = await asPatient({ ...citizen, root });
      const shared = await offices.world.patient(14, registry, "Bashir Khan");
      const drawer = await drawerByLabel(shared, shared.patientId, "visits");
      await grant(
        shared,
        await prepareGrant(shared, {
          patientId: shared.patientId,
          grantee: patient.account,
          drawers: [drawer],
          records: [],
          rights: "read",
          until: FOREVER,
        }),
      );
      expect((await deregister(patient, patient.patientId)).keepsBackup).to.equal(true);
      expect(await unlock(citizen, citizen.account, PASSPHRASE)).to.deep.equal(root);
    });
  });

  async function asPatient(session: Unlocked): Promise<PatientSession> {
    const { registry } = offices.accounts;
    const person = { nationalId: `1977-${session.account.slice(2, 8)}`, name: "Chen Wei", birthDate: "1977-01-01" };
    const request = requestRegistration(session, person);
    const attestation = await attest(registry, registry.signer, registry.root, request);
    const { patientId } = await register(session, request, attestation);
    return { ...session, patientId };
  }
});
