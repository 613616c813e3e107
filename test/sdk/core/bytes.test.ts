import { expect } from "chai";
import fc from "fast-check";

import {
  concat,
  equal,
  expectLength,
  fromHex,
  fromUtf8,
  isDigest,
  randomBytes,
  toHex,
  utf8,
} from "../../../sdk/core/bytes.js";
import type { Hex } from "../../../sdk/types.js";
import { codeOf } from "./support.js";

describe("sdk/core/bytes", function () {
  it("writes bytes as lower-case hex and reads both cases", function () {
    expect(toHex(Uint8Array.of(0, 171, 255))).to.equal("0x00abff");
    expect(fromHex("0x00ABff")).to.deep.equal(Uint8Array.of(0, 171, 255));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => equal(fromHex(toHex(bytes)), bytes)));
  });

  it("refuses what isn't hex", async function () {
    for (const text of ["", "00", "0x0", "0xgg", "0X00", "0x00 ", "0x00\n"]) {
      expect(await codeOf(() => fromHex(text as Hex)), text).to.equal("INVALID_INPUT");
    }
  });

  it("keeps text through UTF-8, a byte order mark included, and refuses other bytes", async function () {
    for (const text of ["", "Grüße, 李", "\uFEFFmarked"]) expect(fromUtf8(utf8(text))).to.equal(text);
    expect(await codeOf(() => fromUtf8(Uint8Array.of(0xc3, 0x28)))).to.equal("INVALID_INPUT");
  });

  it("joins, compares and measures", async function () {
    expect(concat(utf8("a"), new Uint8Array(), utf8("bc"))).to.deep.equal(utf8("abc"));
    expect(equal(utf8("abc"), utf8("abc"))).to.equal(true);
    expect(equal(utf8("abc"), utf8("abd"))).to.equal(false);
    expect(equal(utf8("abc"), utf8("ab"))).to.equal(false);
    expect(await codeOf(() => expectLength(utf8("abc"), 4, "x"))).to.equal("INVALID_INPUT");
    expect(randomBytes(33)).to.have.length(33);
    expect(equal(randomBytes(32), randomBytes(32))).to.equal(false);
  });

  it("knows a digest by its form", function () {
    expect(isDigest(`0x${"0a".repeat(32)}`)).to.equal(true);
    for (const text of [`0x${"0A".repeat(32)}`, `0x${"0a".repeat(31)}`, `0x${"0a".repeat(32)}\n`, "0a".repeat(33)]) {
      expect(isDigest(text), text).to.equal(false);
    }
  });
});
