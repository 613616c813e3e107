import { expect } from "chai";

import { commitmentOf, personTag } from "../../../sdk/core/attestation.js";
import { fromHex, utf8 } from "../../../sdk/core/bytes.js";
import { policyDigest, policyIdOf, scheduleDigest, wordingDigest } from "../../../sdk/core/policy.js";
import { anchorOf, nextHead, recordIdOf } from "../../../sdk/core/record.js";
import type { Address, Hex } from "../../../sdk/types.js";
import attestations from "../../vectors/attestations.json" with { type: "json" };
import policies from "../../vectors/policies.json" with { type: "json" };
import records from "../../vectors/records.json" with { type: "json" };
import { codeOf, seeded } from "./support.js";

describe("sdk/core: record, policy and attestation", function () {
  for (const vector of records) {
    it(`chains the frozen record of nonce ${vector.nonce}`, function () {
      const record = { ...(vector as unknown as Parameters<typeof anchorOf>[0]) };
      expect(recordIdOf(vector.patientId as Hex, vector.author as Address, BigInt(vector.nonce))).to.equal(
        vector.recordId,
      );
      expect(anchorOf(record)).to.equal(vector.anchor);
      expect(anchorOf({ ...record, size: BigInt(vector.size), time: BigInt(vector.time) })).to.equal(vector.anchor);
      expect(nextHead(vector.previousHead as Hex, vector.anchor as Hex)).to.equal(vector.head);
    });
  }

  for (const vector of policies) {
    it("hashes the frozen policy", async function () {
      const salt = fromHex(vector.salt as Hex);
      expect(wordingDigest(utf8(vector.wording))).to.equal(vector.wordingDigest);
      expect(scheduleDigest(salt, utf8(vector.schedule))).to.equal(vector.scheduleDigest);
      expect(policyDigest(vector.wordingDigest as Hex, vector.scheduleDigest as Hex)).to.equal(vector.digest);
      expect(policyIdOf(vector as unknown as Parameters<typeof policyIdOf>[0])).to.equal(vector.policyId);
      expect(await codeOf(() => scheduleDigest(salt.subarray(1), utf8("x")))).to.equal("INVALID_INPUT");
    });
  }

  for (const { identity, salt, commitment, registrySecret, tags } of attestations) {
    it(`commits to the frozen identity ${identity.nationalId}`, function () {
      expect(commitmentOf(identity, fromHex(salt as Hex))).to.equal(commitment);
      const secret = fromHex(registrySecret as Hex);
      for (const tag of tags) expect(personTag(secret, identity.nationalId, tag.domain)).to.equal(tag.personTag);
      expect(personTag(secret, identity.nationalId)).to.equal(tags[0]!.personTag);
    });
  }

  it("commits to an identity and nothing else, in whatever order its fields come", function () {
    const salt = seeded("salt");
    const identity = { nationalId: "1", name: "A", birthDate: "2000-01-01" };
    const same = { photo: "x", birthDate: "2000-01-01", insuranceCard: "7", name: "A", nationalId: "1" };
    expect(commitmentOf(same, salt)).to.equal(commitmentOf(identity, salt));
    for (const field of ["nationalId", "name", "birthDate"] as const) {
      expect(commitmentOf({ ...identity, [field]: "2" }, salt)).not.to.equal(commitmentOf(identity, salt));
    }
    expect(commitmentOf(identity, seeded("other"))).not.to.equal(commitmentOf(identity, salt));
  });

  it("tags one person once, however the national id is written", function () {
    const secret = seeded("secret");
    const tag = personTag(secret, "AB1990512345678");
    const spellings = [
      "ab 1990-5123.45678",
      "ＡＢ１９９０５１２３４５６７８",
      "AB১৯৯০৫১২৩৪৫৬৭৮",
      "ab١٩٩٠٥١٢٣٤٥٦٧٨",
      "AB\u{1d7cf}990512345678",
    ];
    for (const spelling of spellings) expect(personTag(secret, spelling), spelling).to.equal(tag);
    for (const other of ["AB1990512345679", "AB১৯৯০৫১২৩৪৫৬৭৯", "A1990512345678", "১৯৯০"]) {
      expect(personTag(secret, other), other).not.to.equal(tag);
    }
    const digits = Array.from({ length: 0x10ffff }, (_, point) => point + 1)
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point))
      .filter((character) => /\p{Nd}/u.test(character));
    expect(digits.length % 10).to.equal(0);
    const tags = Array.from({ length: 10 }, (_, digit) => personTag(secret, String(digit)));
    for (const [index, digit] of digits.entries()) {
      expect(personTag(secret, digit), digit.codePointAt(0)?.toString(16)).to.equal(tags[index % 10]);
    }
  });

  it("refuses short salts and secrets, and half characters", async function () {
    const identity = { nationalId: "1", name: "A", birthDate: "2000-01-01" };
    const wrong = [
      () => commitmentOf(identity, new Uint8Array(31)),
      () => commitmentOf({ ...identity, name: "\uD800" }, seeded("salt")),
      () => personTag(new Uint8Array(31), "1"),
    ];
    for (const action of wrong) expect(await codeOf(action), String(action)).to.equal("INVALID_INPUT");
  });
});
