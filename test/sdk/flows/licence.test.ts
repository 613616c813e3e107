import { join } from "node:path";

import { expect } from "chai";

import {
  accredit,
  askAccreditation,
  branchOf,
  carryAccreditation,
  chainTime,
  connectAuthority,
  participantOf,
  renewAccreditation,
  renounceAccreditation,
  requestAccreditation,
  revokeAccreditation,
  roleOf,
  sendRevokeAccreditation,
  signAccreditation,
  type Address,
  type ErrorCode,
  type Hex,
  type OfferedAccreditation,
  type SignedAccreditation,
} from "../../../sdk/index.js";
import { sendAccreditBySig } from "../../../sdk/adapters/participants.js";
import { importInto, startAttest, type AttestService } from "../../../services/attest/index.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { startWorld, type Unlocked, type World } from "../../world.js";

const YEAR = 365 * 86_400;
const NORTH = { licence: "HOSP-2210", code: "north-7Q2M-activation" };
const LAB = { licence: "LAB-0042", code: "lab-1A2B-activation" };
const SUSPENDED = { licence: "PHA-0007", code: "pha-9Z8Y-activation" };
const VALID_UNTIL = "2099-12-31";

const LICENCES = [
  { ...NORTH, role: "hospital", name: "Northside Hospital", validUntil: VALID_UNTIL, status: "valid" },
  {
    ...LAB,
    role: "laboratory",
    name: "Quay Laboratory",
    department: "Blood",
    validUntil: VALID_UNTIL,
    status: "valid",
  },
  { ...SUSPENDED, role: "pharmacy", name: "Closed Pharmacy", validUntil: VALID_UNTIL, status: "suspended" },
];

describe("flows: licence", function () {
  this.timeout(60_000);

  let world: World;
  let root: Unlocked;
  let authority: Unlocked;
  let north: Unlocked;
  let other: Unlocked;
  let service: AttestService;
  let domain: string;
  before(async () => {
    world = await startWorld();
    root = await world.account(0);
    authority = await world.participant(2, root, "health authority", "Health Authority");
    north = await world.account(4);
    other = await world.account(5);
    const database = join(world.folder, "authority.sqlite");
    service = await startAttest({
      face: "authority",
      session: authority,
      database,
      origins: [],
      name: "Health Authority",
      limits: { perCaller: 10_000 },
    });
    await importInto(
      database,
      "authority",
      LICENCES.map((licence) => JSON.stringify(licence)),
    );
    domain = new URL(service.url).host;
  });
  after(async () => {
    await service.close();
    await world.stop();
  });

  const ask = (session: Unlocked, licence: typeof NORTH, expected?: { name?: string; role?: "hospital" | "doctor" }) =>
    askAccreditation(session, connectAuthority(service.url), { ...licence, domain, ...(expected && { expected }) });

  /** Terms of a hospital that the authority signs without being asked. */
  const terms = async (account: Address) => ({
    account,
    role: "hospital" as const,
    until: (await chainTime(world.reader.chain)) + YEAR,
    name: "Eastside Hospital",
    nonce: 1_000_000n,
  });

  describe("of an organisation", () => {
    it("is refused alike when unknown, wrong or suspended; nothing is sent", async () => {
      for (const licence of [{ ...NORTH, licence: "HOSP-0000" }, { ...NORTH, code: "guessed-code" }, SUSPENDED]) {
        await expectSalusError(ask(north, licence), "LICENCE_NOT_VERIFIED");
      }
      expect(await participantOf(world.reader, north.account)).to.equal(null);
    });

    it("that gets another name or role than it expects isn't carried", async () => {
      const name = await expectSalusError(ask(north, NORTH, { name: "Southside Hospital" }), "SERVICE_ANSWER_INVALID");
      expect(name.details).to.include({ field: "name" });
      const role = await expectSalusError(ask(north, NORTH, { role: "doctor" }), "SERVICE_ANSWER_INVALID");
      expect(role.details).to.include({ field: "role" });
      expect(await roleOf(world.reader.chain, north.account)).to.equal("none");
    });

    it("becomes an accreditation with one transaction of its own", async () => {
      const offered = await ask(north, NORTH, { name: "Northside Hospital", role: "hospital" });
      expect(offered).to.include({ name: "Northside Hospital", department: null });
      expect(offered.parent).to.include({ name: "Health Authority", role: "health authority" });
      await carryAccreditation(north, offered);
      const { self } = await branchOf(world.reader, north.account);
      expect(self).to.include({ name: "Northside Hospital", role: "hospital", parent: authority.account });
      expect(self?.standing).to.deep.equal({ state: "valid" });
      await world.participant(6, north, "doctor", "Dr North");
    });

    it("belongs to the account that showed it first", async () => {
      await expectSalusError(ask(other, NORTH), "LICENCE_IN_USE");
    });

    it("renews it, and keeps its branch", async () => {
      const { receipt } = await requestAccreditation(north, connectAuthority(service.url), { ...NORTH, domain });
      expect(receipt.blockNumber).to.be.greaterThan(0);
      expect((await branchOf(world.reader, north.account)).self).to.include({ below: 1 });
    });

    it("is no way back after a revocation: only the authority's own hand is", async () => {
      const request = { ...NORTH, domain };
      await revokeAccreditation(authority, north.account);
      await expectSalusError(
        requestAccreditation(north, connectAuthority(service.url), request),
        "LICENCE_NOT_VERIFIED",
      );
      await renewAccreditation(authority, north.account, { until: (await chainTime(world.reader.chain)) + YEAR });
      expect((await branchOf(world.reader, north.account)).self).to.include({ below: 0 });
      await requestAccreditation(north, connectAuthority(service.url), request);
    });

    it("is a way back for whoever gave its place up", async () => {
      await renounceAccreditation(north);
      await requestAccreditation(north, connectAuthority(service.url), { ...NORTH, domain });
      expect((await branchOf(world.reader, north.account)).self?.standing).to.deep.equal({ state: "valid" });
    });

    it("can't take over an account that somebody else vouches for", async () => {
      const second = await world.participant(7, root, "health authority", "Second Authority");
      const until = (await chainTime(world.reader.chain)) + YEAR;
      await accredit(second, { account: other.account, role: "laboratory", until, name: "Elsewhere" });
      const { details } = await expectSalusError(ask(other, LAB), "AlreadyAccredited");
      expect(details).to.include({ parent: second.account });
      await sendRevokeAccreditation(other.chain, second.signer, other.account);
      const { receipt, department } = await requestAccreditation(other, connectAuthority(service.url), {
        ...LAB,
        domain,
      });
      expect([receipt.blockNumber > 0, department]).to.deep.equal([true, "Blood"]);
      await revokeAccreditation(authority, other.account);
    });
  });

  describe("of an authority that lies, or whose answers are old", () => {
    /** The real service, but for the answer. */
    const lying = (answer: SignedAccreditation) => {
      const real = connectAuthority(service.url);
      return { ...real, accredit: () => Promise.resolve(answer) };
    };
    const good = async () => signAccreditation(authority, await terms(other.account));
    const refused = async (session: Unlocked, answer: SignedAccreditation, code: ErrorCode, field?: string) => {
      const asking = askAccreditation(session, lying(answer), { ...NORTH, domain });
      const { details } = await expectSalusError(asking, code);
      if (field) expect(details).to.include({ field });
    };

    it("is caught when it answers for another account, or in another's name", async () => {
      const { account } = await world.session(8);
      const forAnother = await signAccreditation(authority, await terms(account));
      await refused(other, forAnother, "SERVICE_ANSWER_INVALID", "account");
      const byAnother = await signAccreditation(root, { ...(await terms(other.account)) });
      await refused(other, byAnother, "SERVICE_ANSWER_INVALID", "parent");
      await refused(other, { ...byAnother, parent: authority.account, held: (await good()).held }, "InvalidSignature");
    });

    it("is caught when a field isn't what was signed", async () => {
      const signed = await good();
      for (const change of [{ until: signed.until + 1 }, { role: "doctor" as const }, { nonce: "7" }]) {
        await refused(other, { ...signed, ...change }, "InvalidSignature");
      }
      const signature = `${signed.signature.slice(0, -2)}00` as Hex;
      await refused(other, { ...signed, signature }, "InvalidSignature");
      await refused(other, { ...signed, signature: "0x12" }, "InvalidSignature");
      await refused(other, { ...signed, until: 1 }, "ExpiryInPast");
      await refused(other, { ...signed, deadline: 1 }, "SignatureExpired");
      const above = await signAccreditation(authority, { ...(await terms(other.account)), role: "health authority" });
      await refused(other, above, "MayNotAccredit");
    });

    it("is caught when its words can't be had, or aren't a profile", async () => {
      const { digest } = await world.reader.store.add(new TextEncoder().encode("no profile"));
      const bytes = await signAccreditation(authority, await terms(other.account));
      await refused(other, { ...bytes, profile: digest }, "InvalidSignature");
      const { store } = other;
      const away = { ...other, store: { ...store, get: () => Promise.reject(new Error("gone")) } };
      const asking = askAccreditation(away, lying(bytes), { ...NORTH, domain });
      await asking.then(
        () => expect.fail("it was taken"),
        (error: unknown) => expect(String(error)).to.contain("gone"),
      );
    });

    it("can't have carried what it signed by anybody else", async () => {
      const signed = await good();
      await expectSalusError(sendAccreditBySig(north.chain, north.signer, signed), "NotAddressee");
    });

    it("signs what counts once: not again, not after anything has changed, not after the revocation", async () => {
      const [first, second] = [await good(), await good()];
      const offered: OfferedAccreditation = await askAccreditation(other, lying(first), { ...NORTH, domain });
      await carryAccreditation(other, offered);
      await expectSalusError(carryAccreditation(other, offered), "StaleAccreditation");
      await expectSalusError(sendAccreditBySig(other.chain, other.signer, second), "StaleAccreditation");
      const renewal = await good();
      await revokeAccreditation(authority, other.account);
      for (const old of [first, second, renewal]) {
        await expectSalusError(sendAccreditBySig(other.chain, other.signer, old), "StaleAccreditation");
        await refused(other, old, "StaleAccreditation");
      }
      expect(await roleOf(world.reader.chain, other.account)).to.equal("none");
    });

    it("signs what counts for an hour unless it says otherwise", async () => {
      const signed = await good();
      await world.advance(3_601);
      await expectSalusError(sendAccreditBySig(other.chain, other.signer, signed), "SignatureExpired");
      await refused(other, signed, "SignatureExpired");
    });

    it("vouches for nobody once it is revoked itself", async () => {
      const signed = await good();
      await sendRevokeAccreditation(root.chain, root.signer, authority.account);
      await refused(other, signed, "MayNotAccredit");
      await expectSalusError(sendAccreditBySig(other.chain, other.signer, signed), "MayNotAccredit");
      const until = (await chainTime(world.reader.chain)) + YEAR;
      await accredit(root, { account: authority.account, role: "health authority", until, name: "Health Authority" });
      await expectSalusError(sendAccreditBySig(other.chain, other.signer, signed), "StaleAccreditation");
    });

    it("that may not sign leaves no name in storage", async () => {
      const before = await pinsOf(world.ipfsUrl);
      const refusing = Object.assign(Object.create(authority.signer) as Unlocked["signer"], {
        signTypedData: () => Promise.reject(Object.assign(new Error("rejected"), { code: "ACTION_REJECTED" })),
      });
      const name = "A name that nobody signed";
      const asked = { ...(await terms(other.account)), name };
      await expectSalusError(signAccreditation({ ...authority, signer: refusing }, asked), "SIGNATURE_REJECTED");
      await expectSalusError(signAccreditation(authority, { ...asked, name: "" }), "MANIFEST_MALFORMED");
      expect(await pinsOf(world.ipfsUrl)).to.deep.equal(before);
    });
  });
});
