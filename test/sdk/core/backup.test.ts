import { expect } from "chai";

import { openBackup, sealBackup } from "../../../sdk/core/backup.js";
import { concat, equal, fromHex, toHex, utf8 } from "../../../sdk/core/bytes.js";
import { sealTo, sealWithPassphrase } from "../../../sdk/core/envelope.js";
import type { Hex } from "../../../sdk/types.js";
import vectors from "../../vectors/backups.json" with { type: "json" };
import { codeOf, flip, keysOf, seeded } from "./support.js";

const root = seeded("root");
const passphrase = "correct horse battery staple";
const CHEAP = 2;

describe("sdk/core/backup", function () {
  for (const { passphrase, root, file } of vectors) {
    it(`opens the frozen backup under “${passphrase}”`, async function () {
      expect(toHex(await openBackup(fromHex(file as Hex), passphrase))).to.equal(root);
    });
  }

  it("costs about a second unless told otherwise, and opens again", async function () {
    const file = await sealBackup(root, passphrase);
    expect(new TextDecoder().decode(file)).to.match(/^age-encryption\.org\/v1\n-> scrypt \S{22} 18\n/);
    expect(equal(await openBackup(file, passphrase), root)).to.equal(true);
  });

  it("takes an accent for the same however it is typed", async function () {
    const file = await sealBackup(root, "größer und schöner".normalize("NFD"), CHEAP);
    expect(equal(await openBackup(file, "größer und schöner".normalize("NFC")), root)).to.equal(true);
  });

  it("refuses a passphrase under 12 characters, a wrong root and a wrong work factor", async function () {
    expect(await codeOf(() => sealBackup(root, "elevenchars", CHEAP))).to.equal("WEAK_PASSPHRASE");
    expect(await codeOf(() => sealBackup(root, "👩‍⚕️".repeat(2), CHEAP))).to.equal("WEAK_PASSPHRASE");
    expect(await codeOf(() => sealBackup(root.subarray(1), passphrase, CHEAP))).to.equal("INVALID_INPUT");
    for (const workFactor of [0, 21, 1.5]) {
      expect(await codeOf(() => sealBackup(root, passphrase, workFactor))).to.equal("INVALID_INPUT");
    }
  });

  it("refuses another passphrase", async function () {
    const file = await sealBackup(root, passphrase, CHEAP);
    for (const wrong of ["", "Correct horse battery staple", `${passphrase} `]) {
      expect(await codeOf(() => openBackup(file, wrong))).to.equal("WRONG_PASSPHRASE");
    }
  });

  it("refuses what isn't a backup: other files, other sizes, work that would stall the reader", async function () {
    const file = await sealBackup(root, passphrase, CHEAP);
    const text = new TextDecoder("latin1").decode(file);
    const heavier = concat(
      utf8(text.slice(0, text.indexOf(" 2\n"))),
      utf8(" 21\n"),
      file.subarray(text.indexOf(" 2\n") + 3),
    );
    const others = [
      new Uint8Array(),
      utf8("hello"),
      await sealTo(root, [keysOf("doctor").publicKey]),
      await sealWithPassphrase(root.subarray(1), passphrase, CHEAP),
      heavier,
      concat(file, Uint8Array.of(0)),
    ];
    for (const other of others) expect(await codeOf(() => openBackup(other, passphrase))).to.equal("BACKUP_MALFORMED");
  });

  it("refuses every single-bit flip and every truncation", async function () {
    const file = await sealBackup(root, passphrase, CHEAP);
    for (let bit = 0; bit < file.length * 8; bit++) {
      const code = await codeOf(() => openBackup(flip(file, bit), passphrase));
      expect(code, `bit ${bit}`).to.be.oneOf(["WRONG_PASSPHRASE", "BACKUP_MALFORMED"]);
    }
    for (let size = 0; size < file.length; size++) {
      expect(await codeOf(() => openBackup(file.subarray(0, size), passphrase))).to.equal("BACKUP_MALFORMED");
    }
  });
});
