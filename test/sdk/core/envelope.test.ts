import { expect } from "chai";
import fc from "fast-check";

import { concat, equal, fromHex, toHex, utf8 } from "../../../sdk/core/bytes.js";
import { MAX_RECIPIENTS, open, openWith, rewrap, seal, sealTo, split } from "../../../sdk/core/envelope.js";
import type { Hex } from "../../../sdk/types.js";
import vectors from "../../vectors/sealed.json" with { type: "json" };
import { codeOf, keysOf, pattern, seeded } from "./support.js";

const author = keysOf("author");
const doctor = keysOf("doctor");
const stranger = keysOf("stranger");

describe("sdk/core/envelope", function () {
  for (const { madeBy, header, payload, document, keys } of vectors) {
    it(`opens the frozen file made by ${madeBy}, with each of its keys`, async function () {
      for (const key of keys) {
        const opened = await open(fromHex(header as Hex), fromHex(payload as Hex), fromHex(key as Hex));
        expect(toHex(opened)).to.equal(document);
      }
    });
  }

  // age cuts at 64 KiB, IPFS at 256 KiB.
  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 262_143, 262_144, 262_145, 1_048_577]) {
    it(`seals and opens ${size} bytes`, async function () {
      const plaintext = pattern(size);
      const { header, payload } = await seal(plaintext, [doctor.publicKey]);
      expect(header.length).to.equal(168);
      expect(payload.length).to.equal(size + 16 + 16 * Math.max(1, Math.ceil(size / 65_536)));
      expect(equal(await open(header, payload, doctor.secretKey), plaintext)).to.equal(true);
    });
  }

  it("seals and opens any bytes, for any number of keys, and re-wraps for others", async function () {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), names, names, async (plaintext, first, second) => {
        const { header, payload } = await seal(
          plaintext,
          first.map((name) => keysOf(name).publicKey),
        );
        for (const name of first) expect(await open(header, payload, keysOf(name).secretKey)).to.deep.equal(plaintext);

        const other = await rewrap(
          header,
          keysOf(first[0]!).secretKey,
          second.map((name) => keysOf(name).publicKey),
        );
        for (const name of second) expect(await open(other, payload, keysOf(name).secretKey)).to.deep.equal(plaintext);
        const former = first.filter((name) => !second.includes(name));
        for (const name of former) {
          expect(await codeOf(() => open(other, payload, keysOf(name).secretKey))).to.equal("NOT_A_RECIPIENT");
        }
      }),
      { numRuns: 25 },
    );
  });

  it("never seals the same way twice", async function () {
    const [a, b] = [await seal(utf8("x"), [doctor.publicKey]), await seal(utf8("x"), [doctor.publicKey])];
    expect(toHex(a.header)).not.to.equal(toHex(b.header));
    expect(toHex(a.payload)).not.to.equal(toHex(b.payload));
    const again = () => rewrap(a.header, doctor.secretKey, [author.publicKey]);
    expect(toHex(await again())).not.to.equal(toHex(await again()));
  });

  it("splits a file without copying, and opens whole files", async function () {
    const file = await sealTo(utf8("small"), [doctor.publicKey]);
    const { header, payload } = split(file);
    expect(payload.buffer).to.equal(file.buffer);
    expect(concat(header, payload)).to.deep.equal(file);
    expect(await openWith(file, doctor.secretKey)).to.deep.equal(utf8("small"));
    expect(await codeOf(() => split(utf8("small")))).to.equal("HEADER_MALFORMED");
    expect(await codeOf(() => openWith(utf8("small"), doctor.secretKey))).to.equal("HEADER_MALFORMED");
  });

  it("opens views into larger arrays", async function () {
    const { header, payload } = await seal(utf8("view"), [doctor.publicKey]);
    const whole = concat(seeded("a"), header, seeded("b"), payload, seeded("c"));
    const at = (part: Uint8Array, start: number) => whole.subarray(start, start + part.length);
    const opened = await open(at(header, 32), at(payload, 64 + header.length), doctor.secretKey);
    expect(opened).to.deep.equal(utf8("view"));
  });

  it("leaves the caller's keys as they are", async function () {
    const secretKey = doctor.secretKey.slice();
    const { header, payload } = await seal(utf8("x"), [doctor.publicKey]);
    await open(header, payload, secretKey);
    await rewrap(header, secretKey, [author.publicKey]);
    expect(secretKey).to.deep.equal(doctor.secretKey);
  });

  it("refuses a stranger, to open and to re-wrap", async function () {
    const { header, payload } = await seal(utf8("x"), [doctor.publicKey, author.publicKey]);
    expect(await codeOf(() => open(header, payload, stranger.secretKey))).to.equal("NOT_A_RECIPIENT");
    expect(await codeOf(() => rewrap(header, stranger.secretKey, [stranger.publicKey]))).to.equal("NOT_A_RECIPIENT");
  });

  it("refuses keys that can't be any, none, and more than a header holds", async function () {
    const { header, payload } = await seal(utf8("x"), [doctor.publicKey]);
    const many = new Array<Uint8Array>(MAX_RECIPIENTS + 1).fill(doctor.publicKey);
    for (const keys of [[], [new Uint8Array(32)], [doctor.publicKey, new Uint8Array(31)], many]) {
      expect(await codeOf(() => seal(utf8("x"), keys))).to.equal("INVALID_INPUT");
      expect(await codeOf(() => rewrap(header, doctor.secretKey, keys))).to.equal("INVALID_INPUT");
    }
    expect(await codeOf(() => open(header, payload, new Uint8Array(31)))).to.equal("INVALID_INPUT");
  });
});
