import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { concat, toHex, utf8 } from "../../../sdk/core/bytes.js";
import { openWith, rewrap, seal, sealTo } from "../../../sdk/core/envelope.js";
import { ageIdentity, ageRecipient } from "../../../sdk/core/keys.js";
import { codeOf, keysOf, pattern } from "./support.js";

const patient = keysOf("patient");
const doctor = keysOf("doctor");

/** An independent check that the format is age's and not ours alone. */
describe("sdk/core: the stock age program", function () {
  let folder: string;

  before(function () {
    if (spawnSync("age", ["--version"]).status !== 0) {
      console.log("      left out: the age program is not installed (apt-get install age)");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "salus-age-"));
    writeFileSync(join(folder, "patient.key"), `${ageIdentity(patient.secretKey)}\n`, { mode: 0o600 });
    writeFileSync(join(folder, "doctor.key"), `${ageIdentity(doctor.secretKey)}\n`, { mode: 0o600 });
  });

  after(function () {
    if (folder) rmSync(folder, { recursive: true });
  });

  function decrypt(file: Uint8Array, identity: string): Uint8Array {
    const options = { input: file, maxBuffer: 2 ** 24, stdio: ["pipe", "pipe", "ignore"] } as const;
    return new Uint8Array(
      execFileSync("age", ["-d", "-i", join(folder, identity)], { ...options, stdio: [...options.stdio] }),
    );
  }

  for (const size of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
    it(`opens header and payload of ${size} bytes, and a re-wrapped header with the untouched payload`, async function () {
      const { header, payload } = await seal(pattern(size), [patient.publicKey]);
      expect(toHex(decrypt(concat(header, payload), "patient.key"))).to.equal(toHex(pattern(size)));

      const granted = await rewrap(header, patient.secretKey, [keysOf("other").publicKey, doctor.publicKey]);
      expect(toHex(decrypt(concat(granted, payload), "doctor.key"))).to.equal(toHex(pattern(size)));
      expect(() => decrypt(concat(granted, payload), "patient.key")).to.throw();
    });
  }

  it("seals what opens here", async function () {
    const args = ["-r", ageRecipient(doctor.publicKey), "-r", ageRecipient(patient.publicKey)];
    const file = new Uint8Array(execFileSync("age", args, { input: utf8("from age") }));
    expect(await openWith(file, doctor.secretKey)).to.deep.equal(utf8("from age"));
    expect(await openWith(file, patient.secretKey)).to.deep.equal(utf8("from age"));
    expect(await codeOf(() => openWith(file, keysOf("stranger").secretKey))).to.equal("NOT_A_RECIPIENT");
  });

  it("reads our names for the keys", async function () {
    const file = await sealTo(utf8("x"), [doctor.publicKey]);
    expect(toHex(decrypt(file, "doctor.key"))).to.equal(toHex(utf8("x")));
    const derived = execFileSync("age-keygen", ["-y", join(folder, "doctor.key")])
      .toString()
      .trim();
    expect(derived).to.equal(ageRecipient(doctor.publicKey));
  });
});
