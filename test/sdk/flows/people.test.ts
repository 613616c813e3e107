import { expect } from "chai";

import {
  accredit,
  attest,
  changePassphrase,
  checkRoot,
  chainTime,
  createAccount,
  history,
  listParticipants,
  newRoot,
  participantOf,
  patientIdOf,
  patientOf,
  readProfile,
  register,
  requestRegistration,
  sendRevokeAccreditation,
  unlock,
  type Address,
  type Hex,
  type Session,
} from "../../../sdk/index.js";
import { backupOf, sendPublishKey } from "../../../sdk/adapters/keys.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { PASSPHRASE, startTown, TEN_YEARS, type Town } from "../../world.js";

const IDENTITY = { nationalId: "1988021798765", name: "Chen Wei", birthDate: "1988-02-17" };
const UNTIL = Math.floor(Date.now() / 1_000) + TEN_YEARS;

describe("flows: account, participants, registration, history", function () {
  this.timeout(60_000);

  let town: Town;
  before(async () => {
    town = await startTown();
  });
  after(() => town.stop());

  /** Runs what must be refused, and expects storage to hold afterwards what it held before. */
  async function leavesNoPin(refused: () => Promise<unknown>): Promise<void> {
    const before = await pinsOf(town.ipfsUrl);
    await refused();
    expect(await pinsOf(town.ipfsUrl)).to.deep.equal(before);
  }

  /** The session of an account whose wallet says no. */
  const refusing = (session: Session): Session => ({
    ...session,
    signer: Object.assign(Object.create(session.signer) as Session["signer"], {
      sendTransaction: () => Promise.reject(Object.assign(new Error("rejected"), { code: 4001 })),
      signTypedData: () => Promise.reject(Object.assign(new Error("rejected"), { code: "ACTION_REJECTED" })),
    }),
  });

  describe("account", () => {
    it("needs a passphrase that isn't easily guessed, and stores nothing otherwise", async () => {
      const session = await town.session(11);
      await leavesNoPin(() => expectSalusError(createAccount(session, "short"), "WEAK_PASSPHRASE"));
    });

    it("leaves nothing behind when the wallet refuses", async () => {
      const session = refusing(await town.session(11));
      await leavesNoPin(() =>
        expectSalusError(createAccount(session, PASSPHRASE, { workFactor: 4 }), "SIGNATURE_REJECTED"),
      );
    });

    it("keeps the backup when a node takes the transaction and answers with nonsense", async () => {
      const session = await town.session(11);
      const { signer } = session;
      const garbled: Session = {
        ...session,
        signer: Object.assign(Object.create(signer) as Session["signer"], {
          sendTransaction: async (request: Parameters<Session["signer"]["sendTransaction"]>[0]) => {
            await (await signer.sendTransaction(request)).wait();
            throw new Error("already known");
          },
        }),
      };
      await expectSalusError(createAccount(garbled, PASSPHRASE, { workFactor: 4 }), "TRANSACTION_FAILED");
      expect(await unlock(town.reader, session.account, PASSPHRASE)).to.have.length(32);
      expect(await session.store.isPinned((await backupOf(session.chain, session.account))!)).to.equal(true);
    });

    it("can't be unlocked before it is set up, nor without a backup", async () => {
      const session = await town.session(12);
      await expectSalusError(unlock(town.reader, session.account, PASSPHRASE), "NO_PUBLISHED_KEY");
      await expectSalusError(checkRoot(town.reader, session.account, newRoot()), "NO_PUBLISHED_KEY");
      await sendPublishKey(session.chain, session.signer, `0x${"42".repeat(32)}`, null);
      await expectSalusError(unlock(town.reader, session.account, PASSPHRASE), "CONTENT_UNAVAILABLE");
      await expectSalusError(checkRoot(town.reader, session.account, newRoot()), "WRONG_ROOT");
    });

    it("takes a new passphrase; the old backup is let go", async () => {
      const session = await town.account(13);
      const old = await backupOf(session.chain, session.account);
      await expectSalusError(changePassphrase(session, newRoot(), "another good passphrase"), "WRONG_ROOT");
      await expectSalusError(changePassphrase(session, session.root, "short"), "WEAK_PASSPHRASE");
      await changePassphrase(session, session.root, "another good passphrase", { workFactor: 4 });
      expect(await unlock(town.reader, session.account, "another good passphrase")).to.deep.equal(session.root);
      await expectSalusError(unlock(town.reader, session.account, PASSPHRASE), "WRONG_PASSPHRASE");
      expect(await session.store.isPinned(old!)).to.equal(false);
    });

    it("isn't opened by a backup of something else", async () => {
      const [session, other] = [await town.session(14), await town.account(15)];
      const backup = await backupOf(other.chain, other.account);
      await sendPublishKey(session.chain, session.signer, `0x${"43".repeat(32)}`, backup);
      await expectSalusError(unlock(town.reader, session.account, PASSPHRASE), "WRONG_ROOT");
      const { digest } = await session.store.add(new TextEncoder().encode("no backup"));
      await sendPublishKey(session.chain, session.signer, `0x${"43".repeat(32)}`, digest);
      await expectSalusError(unlock(town.reader, session.account, PASSPHRASE), "BACKUP_MALFORMED");
    });
  });

  describe("participants", () => {
    it("have a name, a role and a parent", async () => {
      const doctor = await participantOf(town.reader, town.doctor.account);
      expect(doctor).to.include({ name: "Dr Sarah Lee", role: "doctor", parent: town.hospital.account, valid: true });
      expect(await participantOf(town.reader, town.stranger.account)).to.equal(null);
      expect((await listParticipants(town.reader)).map(({ name }) => name)).to.include("Harbour Laboratory");
    });

    it("are refused when nobody above accredits them; nothing is stored", async () => {
      const request = { account: town.stranger.account, role: "doctor", until: UNTIL, name: "Dr Nobody" } as const;
      await leavesNoPin(() => expectSalusError(accredit(town.stranger, request), "MayNotAccredit"));
      await leavesNoPin(() => expectSalusError(accredit(town.hospital, { ...request, until: 1 }), "ExpiryInPast"));
      await leavesNoPin(() =>
        expectSalusError(accredit(town.hospital, { ...request, name: "" }), "MANIFEST_MALFORMED"),
      );
      const zero: Address = `0x${"0".repeat(40)}`;
      await leavesNoPin(() =>
        expectSalusError(accredit(town.hospital, { ...request, account: zero }), "NotAccreditable"),
      );
      const taken = { ...request, account: town.doctor.account };
      await leavesNoPin(() =>
        expectSalusError(accredit(town.root, { ...taken, role: "insurer" }), "AlreadyAccredited"),
      );
      await expectSalusError(
        sendRevokeAccreditation(town.reader.chain, town.stranger.signer, town.doctor.account),
        "NotAbove",
      );
    });

    it("keep the profile that an earlier accreditation names when a renewal with the same one is refused", async () => {
      const renewal = { account: town.doctor.account, role: "doctor", until: 1, name: "Dr Sarah Lee" } as const;
      await expectSalusError(accredit(town.hospital, renewal), "ExpiryInPast");
      expect((await participantOf(town.reader, town.doctor.account))?.name).to.equal("Dr Sarah Lee");
    });

    it("fall with whoever stands above them", async () => {
      const hospital = await town.participant(16, town.root, "health authority", "Short-lived Authority");
      const doctor = await town.participant(17, hospital, "doctor", "Dr Gone");
      await sendRevokeAccreditation(town.reader.chain, town.root.signer, hospital.account);
      expect(await participantOf(town.reader, doctor.account)).to.include({ valid: false, name: "Dr Gone" });
      expect((await listParticipants(town.reader)).map(({ name }) => name)).not.to.include("Dr Gone");
    });

    it("stand for themselves when their name can't be had", async () => {
      const { profile } = (await participantOf(town.reader, town.laboratory.account))!;
      await town.reader.store.unpin(profile);
      const { store } = town.reader;
      const empty = { ...town.reader, store: { ...store, get: () => Promise.reject(new Error("gone")) } };
      expect(await participantOf(empty, town.laboratory.account)).to.include({ name: null, role: "laboratory" });
    });
  });

  describe("registration", () => {
    const registryOf = () => [town.reader, town.registry.signer, town.registry.root] as const;

    it("needs an unlocked account, the right attestation, a true registry, and the wallet", async () => {
      const session = await town.session(18);
      const request = requestRegistration(session, IDENTITY);
      const attestation = await attest(...registryOf(), request);
      await expectSalusError(patientIdOf(session), "NOT_REGISTERED");
      await expectSalusError(register(session, request, attestation), "LOCKED");

      const patient = await town.account(18);
      const other = { ...request, identity: { ...IDENTITY, name: "Somebody Else" } };
      await leavesNoPin(() => expectSalusError(register(patient, other, attestation), "INVALID_INPUT"));
      const signature = `${attestation.signature.slice(0, -4)}01${attestation.signature.slice(-2)}` as Hex;
      await leavesNoPin(() =>
        expectSalusError(register(patient, request, { ...attestation, signature }), "InvalidSignature"),
      );
      const false_ = await attest(town.reader, town.stranger.signer, town.stranger.root, request);
      await leavesNoPin(() => expectSalusError(register(patient, request, false_), "NotCivilRegistry"));
      const stolen = { ...town.stranger };
      await leavesNoPin(() => expectSalusError(register(stolen, request, attestation), "InvalidSignature"));
      await leavesNoPin(() =>
        expectSalusError(register(refusing(patient), request, attestation), "SIGNATURE_REJECTED"),
      );
      await expectSalusError(
        attest(town.reader, refusing(town.registry).signer, town.registry.root, request),
        "SIGNATURE_REJECTED",
      );

      const card = { insuranceCard: "HM-99" };
      const { patientId, patientHash } = await register(patient, request, attestation, card);
      expect(await patientIdOf(patient)).to.equal(patientId);
      expect((await patientOf(town.reader.chain, patientId))?.hash).to.equal(patientHash);
      const { salt } = request;
      expect(await readProfile({ ...patient }, patientId)).to.deep.equal({ v: 1, identity: IDENTITY, salt, ...card });
      await expectSalusError(readProfile({ ...patient, root: undefined }, patientId), "LOCKED");
      await expectSalusError(readProfile(town.doctor, patientId), "NOT_A_RECIPIENT");
    });

    it("attests a person, nothing else that the object holds, under a number and for a time of the registry's", async () => {
      const session = await town.session(17);
      const request = requestRegistration(session, { ...IDENTITY, ...{ insuranceCard: "HM-99" } });
      expect(request.identity).to.deep.equal(IDENTITY);
      const now = await chainTime(town.reader.chain);
      const numbered = await attest(...registryOf(), request, { nonce: "18446744073709551617", lifetime: 60 });
      expect(numbered.nonce).to.equal("18446744073709551617");
      expect(numbered.deadline).to.be.within(now + 60, now + 70);
      const [first, second] = [await attest(...registryOf(), request), await attest(...registryOf(), request)];
      expect(first.nonce).not.to.equal(second.nonce);
      expect(first.deadline).to.be.within(now + 24 * 3_600, now + 24 * 3_600 + 60);
    });

    it("takes one person once, whatever account and name", async () => {
      const twin = await town.account(19);
      const request = requestRegistration(twin, { ...IDENTITY, name: "Chen W." });
      const attestation = await attest(...registryOf(), request);
      await leavesNoPin(() => expectSalusError(register(twin, request, attestation), "PersonAlreadyRegistered"));
    });

    it("refuses an attestation that is too old", async () => {
      const late = await town.account(9);
      const request = requestRegistration(late, { ...IDENTITY, nationalId: "1955010112345" });
      const attestation = await attest(...registryOf(), request);
      await town.advance(25 * 3_600);
      await leavesNoPin(() => expectSalusError(register(late, request, attestation), "SignatureExpired"));
    });

    it("says that the chain knows no such patient", async () => {
      const nobody: Hex = `0x${"99".repeat(32)}`;
      expect(await patientOf(town.reader.chain, nobody)).to.equal(null);
      await expectSalusError(readProfile(town.amina, nobody), "UnknownPatient");
      expect(await history(town.reader, nobody)).to.deep.equal([]);
    });
  });

  describe("history", () => {
    it("tells what happened to a patient, in order and with times", async () => {
      const events = await history(town.reader, town.amina.patientId);
      expect(events.map(({ kind }) => kind)).to.deep.equal([
        "registered",
        ...Array<string>(7).fill("drawer key changed"),
      ]);
      expect(events[0]!.account).to.equal(town.registry.account);
      const times = events.map(({ time }) => time);
      expect(times[0]).to.be.greaterThan(1_600_000_000);
      expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    });
  });
});
