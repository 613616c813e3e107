import { expect } from "chai";

import {
  acceptPolicy,
  compareSchedule,
  compareWording,
  issuePolicy,
  policyById,
  readOfferFiles,
  readSchedule,
  readTitle,
  readWording,
  verifyPolicy,
  type IssuedPolicy,
  type PolicyFile,
  type Schedule,
  type Session,
} from "../../../sdk/index.js";
import { sendPublishKey } from "../../../sdk/adapters/keys.js";
import { sendAcceptPolicy } from "../../../sdk/adapters/policies.js";
import { fromHex, utf8 } from "../../../sdk/core/bytes.js";
import { scheduleDigest, wordingDigest } from "../../../sdk/core/policy.js";
import { isSalusError } from "../../../sdk/errors.js";
import { expectSalusError } from "../../expectSalusError.js";
import { startTown, type PatientSession, type Town } from "../../world.js";
import { flip } from "../core/support.js";
import { coverages, draftFor, lying, pdfWording } from "./policy-world.js";

describe("flows: policies that somebody tampers with", function () {
  this.timeout(120_000);

  let town: Town;
  let amina: PatientSession;
  let policy: IssuedPolicy;
  let wording: PolicyFile;
  let schedule: Schedule;
  before(async () => {
    town = await startTown();
    ({ amina } = town);
    wording = await pdfWording();
    const [coverage] = await coverages();
    const draft = await draftFor(town.reader, amina.patientId, { wording, schedule: coverage! });
    policy = await policyById(town.reader, (await issuePolicy(town.insurer, draft)).policyId);
    schedule = await readSchedule(amina, policy);
  });
  after(() => town.stop());

  /** Every bit of the first and last bytes, and some of all between. */
  function* bitsOf(bytes: Uint8Array, step: number): Generator<number> {
    const all = bytes.length * 8;
    for (let bit = 0; bit < all; bit += bit < 128 || bit > all - 128 ? 1 : step) yield bit;
  }

  it("a printed wording with one bit turned, wherever, is told from the insurer's", () => {
    expect(compareWording(policy, wording.bytes).equal).to.equal(true);
    for (const bit of bitsOf(wording.bytes, 97)) {
      expect(compareWording(policy, flip(wording.bytes, bit)).equal, `bit ${bit}`).to.equal(false);
    }
  });

  it("a FHIR Coverage with one bit turned, wherever, or under another salt, is told from the insurer's", () => {
    expect(compareSchedule(policy, schedule.bytes, schedule.salt).equal).to.equal(true);
    for (const bit of bitsOf(schedule.bytes, 7)) {
      expect(compareSchedule(policy, flip(schedule.bytes, bit), schedule.salt).equal, `bit ${bit}`).to.equal(false);
    }
    const salt = fromHex(schedule.salt);
    for (let bit = 0; bit < 256; bit++) {
      expect(scheduleDigest(flip(salt, bit), schedule.bytes)).not.to.equal(policy.schedule);
    }
  });

  it("a Coverage that says the same in other bytes isn't the insurer's", () => {
    const value: unknown = JSON.parse(new TextDecoder().decode(schedule.bytes));
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2), `${JSON.stringify(value)}\n`]) {
      expect(compareSchedule(policy, utf8(text), schedule.salt).equal).to.equal(false);
    }
  });

  it("copies that differ are refused before anything is sent, and by the contract", async () => {
    const nonce = await town.reader.chain.provider.getTransactionCount(amina.account);
    const own = { wording: wording.bytes, schedule: schedule.bytes };
    for (const copies of [
      { ...own, wording: flip(own.wording, 77) },
      { ...own, schedule: flip(own.schedule, 77) },
      { wording: own.schedule, schedule: own.wording },
    ]) {
      await expectSalusError(acceptPolicy(amina, policy.policyId, copies), "POLICY_COPIES_DIFFER");
    }
    const turned = { wording: wordingDigest(flip(own.wording, 77)), schedule: policy.schedule };
    await expectSalusError(sendAcceptPolicy(town.reader.chain, amina.signer, policy, turned), "DigestMismatch");
    const swapped = { wording: policy.schedule, schedule: policy.wording };
    await expectSalusError(sendAcceptPolicy(town.reader.chain, amina.signer, policy, swapped), "DigestMismatch");
    expect(await town.reader.chain.provider.getTransactionCount(amina.account)).to.equal(nonce);
  });

  describe("by a storage that lies", () => {
    const seeing = (changes: Parameters<typeof lying>[1]): Session => ({
      ...amina,
      store: lying(amina.store, changes),
    });
    const stored = async () => {
      const files = await readOfferFiles(amina, policy);
      const [offer, sealed] = await Promise.all([
        amina.store.get(policy.offer),
        amina.store.get(files.schedule.stored.digest, files.schedule.stored.size),
      ]);
      return { offer, sealed, files };
    };

    it("isn't shown another wording", async () => {
      const { files } = await stored();
      for (const bytes of [flip(wording.bytes, 5), wording.bytes.subarray(1), new Uint8Array()]) {
        const liar = seeing(new Map([[files.wording.stored.digest, bytes]]));
        await expectSalusError(readWording(liar, policy), "INSURER_COPY_DIFFERS");
        await expectSalusError(acceptPolicy(liar, policy.policyId, { wording: bytes }), "INSURER_COPY_DIFFERS");
        const { checks } = await verifyPolicy(liar, policy.policyId);
        expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).to.deep.equal(["wording stored"]);
      }
    });

    it("isn't shown another schedule, whichever byte of the sealed file is altered", async () => {
      const { sealed, files } = await stored();
      for (let byte = 0; byte < sealed.length; byte += 11) {
        const liar = seeing(new Map([[files.schedule.stored.digest, flip(sealed, byte * 8 + (byte % 8))]]));
        const error: unknown = await readSchedule(liar, policy).then(
          () => null,
          (reason: unknown) => reason,
        );
        expect(isSalusError(error), `byte ${byte}: ${String(error)}`).to.equal(true);
      }
      const foreign = await issuePolicy(town.insurer, await draftFor(town.reader, amina.patientId));
      const other = await policyById(town.reader, foreign.policyId);
      const theirs = await readSchedule(amina, other);
      const another = await amina.store.get(theirs.stored.digest, theirs.stored.size);
      const liar = seeing(new Map([[files.schedule.stored.digest, another]]));
      await expectSalusError(readSchedule(liar, policy), "INSURER_COPY_DIFFERS");
    });

    it("isn't led elsewhere by an altered offer object", async () => {
      const { offer } = await stored();
      const text = new TextDecoder().decode(offer);
      const value = JSON.parse(text) as { wording: { size: number } };
      const altered = [
        "",
        "null",
        "[]",
        text.replace('"v":1', '"v":2'),
        text.replace('"title":', '"subtitle":'),
        JSON.stringify({ ...value, more: 1 }),
        JSON.stringify({ ...value, wording: { ...value.wording, size: 2 ** 40 } }),
        JSON.stringify({ ...value, title: "" }),
      ];
      for (const each of altered) {
        const liar = seeing(new Map([[policy.offer, utf8(each)]]));
        await expectSalusError(readTitle(liar, policy), "MANIFEST_MALFORMED");
        await expectSalusError(readOfferFiles(liar, policy), "MANIFEST_MALFORMED");
      }
    });

    it("gets nowhere with the real client, which checks every block against its name", async () => {
      const { files } = await stored();
      expect(files.wording.bytes).to.deep.equal(wording.bytes);
      await expectSalusError(readSchedule(town.stranger, policy), "NOT_A_RECIPIENT");
      await expectSalusError(readOfferFiles({ store: amina.store }, policy), "LOCKED");
    });
  });

  it("is offered to nobody to whom its schedule can't be sealed, and the insurer is told whose account lacks a key", async () => {
    const patient = await town.patient(11, town.registry, "Bashir Khan");
    const draft = await draftFor(town.reader, patient.patientId);
    // The point of order 2: everyone's shared secret with it is zero.
    await sendPublishKey(patient.chain, patient.signer, `0x01${"00".repeat(31)}`, null);
    const { details, how } = await expectSalusError(issuePolicy(town.insurer, draft), "NO_PUBLISHED_KEY");
    expect(details).to.deep.equal({ account: patient.account });
    expect(how).to.contain("Nothing can be sealed to it before its owner has set it up");
  });

  it("a node that shows other digests than the contract stores is found out", async () => {
    const { policies } = town.reader.chain;
    const queryFilter = async (...args: Parameters<typeof policies.queryFilter>) => {
      const logs = await policies.queryFilter(...args);
      return logs.map(({ fragment, args: real, blockNumber, index, transactionHash }) => {
        const values = Object.fromEntries(fragment.inputs.map(({ name }, i) => [name, (real as unknown[])[i]]));
        return { blockNumber, index, transactionHash, args: { ...values, wording: policy.schedule } };
      });
    };
    const altered = new Proxy(policies, {
      get: (target, name) => (name === "queryFilter" ? queryFilter : (Reflect.get(target, name) as unknown)),
    });
    const reader = { ...town.reader, chain: { ...town.reader.chain, policies: altered } };
    await expectSalusError(policyById(reader, policy.policyId), "ANCHOR_MISMATCH");
    const { checks } = await verifyPolicy(reader, policy.policyId);
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).to.include("digests");
  });
});
