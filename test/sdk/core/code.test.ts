import { expect } from "chai";
import fc from "fast-check";

import { toHex } from "../../../sdk/core/bytes.js";
import { decodeCode, encodeCode, normalShortCode, shortCodeOf, type CodeKind } from "../../../sdk/core/code.js";
import type { Hex } from "../../../sdk/types.js";
import vectors from "../../vectors/visit.json" with { type: "json" };
import { codeOf } from "./support.js";

/** The characters of a short code. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const KINDS: readonly CodeKind[] = ["visit", "order"];
const digests = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);

describe("sdk/core/code", function () {
  for (const { digest, visit, order, shortCode } of vectors.codes) {
    it(`writes the frozen codes of ${digest.slice(0, 10)}…`, function () {
      expect(encodeCode("visit", digest as Hex)).to.equal(visit);
      expect(encodeCode("order", digest as Hex)).to.equal(order);
      expect(shortCodeOf(digest as Hex)).to.equal(shortCode);
    });
  }

  it("gives back what was encoded, in characters of QR's alphanumeric mode, however it was typed", function () {
    fc.assert(
      fc.property(digests, fc.constantFrom(...KINDS), (digest, kind) => {
        const code = encodeCode(kind, digest);
        expect(code).to.match(/^[0-9A-Z $%*+\-./:]{60}$/);
        expect(decodeCode(code, kind)).to.equal(digest);
        expect(decodeCode(` ${code.toLowerCase().slice(0, 30)}\n${code.slice(30)} `, kind)).to.equal(digest);
      }),
    );
  });

  it("says when a code is for something else", async function () {
    const code = encodeCode("order", `0x${"12".repeat(32)}`);
    expect(await codeOf(() => decodeCode(code, "visit"))).to.equal("CODE_OF_OTHER_KIND");
    expect(await codeOf(() => decodeCode(code.replace(":O:", ":V:"), "order"))).to.equal("CODE_OF_OTHER_KIND");
  });

  it("refuses what is no code: of a stranger, cut off, too long, in another alphabet, with spare bits set", async function () {
    const code = encodeCode("visit", `0x${"00".repeat(32)}`);
    const wrong = [
      "",
      "https://example.org",
      "SALUS:V:",
      code.slice(0, -1),
      `${code}A`,
      `${code}AAAAAAAA`,
      code.replace("AAAA", "A01A"),
      `${code.slice(0, -1)}B`,
      code.slice("SALUS:V:".length),
    ];
    for (const text of wrong) expect(await codeOf(() => decodeCode(text, "visit")), text).to.equal("CODE_MALFORMED");
    expect(await codeOf(() => encodeCode("visit", "0x12"))).to.equal("INVALID_INPUT");
    expect(await codeOf(() => shortCodeOf("0x12"))).to.equal("INVALID_INPUT");
  });

  it("takes a short code however it is typed", function () {
    fc.assert(
      fc.property(digests, (digest) => {
        const code = shortCodeOf(digest);
        expect(code).to.match(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$/);
        const typed = code.replace(/-/g, " ").replace(/0/g, "o").replace(/1/g, "l").toLowerCase();
        for (const text of [code, typed, ` ${code.replace(/-/g, "")} `]) expect(normalShortCode(text)).to.equal(code);
      }),
    );
  });

  it("notices every change of a single character of a short code", async function () {
    const samples = fc.sample(digests, 20).map(shortCodeOf);
    for (const code of samples) {
      for (let at = 0; at < code.length; at++) {
        if (code[at] === "-") continue;
        for (const character of ALPHABET) {
          if (character === code[at]) continue;
          const changed = code.slice(0, at) + character + code.slice(at + 1);
          expect(await codeOf(() => normalShortCode(changed)), `${code} ${changed}`).to.equal("CODE_MALFORMED");
        }
      }
    }
  });

  it("notices two neighbours that changed places, but for the one pair that Luhn's sum doesn't tell apart", async function () {
    for (const code of fc.sample(digests, 50).map((digest) => shortCodeOf(digest).replace(/-/g, ""))) {
      for (let at = 0; at + 1 < code.length; at++) {
        const [a, b] = [code[at]!, code[at + 1]!];
        if (a === b || new Set([a, b, "0", "Z"]).size === 2) continue;
        const changed = code.slice(0, at) + b + a + code.slice(at + 2);
        expect(await codeOf(() => normalShortCode(changed)), `${code} ${changed}`).to.equal("CODE_MALFORMED");
      }
    }
  });

  it("refuses a short code with a character missing, too many, or of no such alphabet", async function () {
    const code = shortCodeOf(`0x${"5a".repeat(32)}`);
    for (const text of [
      "",
      code.slice(0, -1),
      `${code}0`,
      code.replace(/^./, "U"),
      code.replace(/^./, "é"),
      "🩺".repeat(9),
    ]) {
      expect(await codeOf(() => normalShortCode(text)), text).to.equal("CODE_MALFORMED");
    }
  });
});
