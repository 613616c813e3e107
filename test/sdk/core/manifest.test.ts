import { expect } from "chai";
import fc from "fast-check";

import { concat, fromHex, fromUtf8, toHex, utf8 } from "../../../sdk/core/bytes.js";
import { canonicalJson } from "../../../sdk/core/canonical.js";
import {
  checkManifest,
  decodeDocument,
  encodeDocument,
  MAX_DOCUMENT_SIZE,
  safeFileName,
  safeTitle,
  type Manifest,
} from "../../../sdk/core/manifest.js";
import { padme } from "../../../sdk/core/padding.js";
import { SalusError, type ErrorCode } from "../../../sdk/errors.js";
import type { Hex } from "../../../sdk/types.js";
import vectors from "../../vectors/documents.json" with { type: "json" };
import { codeOf, digest, manifestOf } from "./support.js";

const content = utf8("content");

/** The bytes of a document whose manifest's line is `line`, padded as it must be. */
function documentOf(line: string): Uint8Array {
  const bytes = concat(utf8(`${line}\n`), content);
  return concat(bytes, new Uint8Array(padme(bytes.length) - bytes.length));
}

function expectField(action: () => unknown, code: ErrorCode, field: string, note: string): void {
  expect(action, note).to.throw(SalusError).that.deep.include({ code }).with.nested.property("details.field", field);
}

describe("sdk/core/manifest", function () {
  for (const { manifest, content, document } of vectors) {
    it(`writes the frozen document ${manifest.fileName}`, function () {
      expect(toHex(encodeDocument(manifest as Manifest, fromHex(content as Hex)))).to.equal(document);
      const decoded = decodeDocument(fromHex(document as Hex));
      expect(decoded.manifest).to.deep.equal(manifest);
      expect(toHex(decoded.content)).to.equal(content);
    });
  }

  it("gives back every document to the byte", function () {
    const digests = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);
    const manifests = fc.record({
      record: digests,
      patient: digests,
      scope: digests,
      epoch: fc.maxSafeNat(),
      fileName: fc.string({ unit: "binary" }).map(safeFileName),
      title: fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), { nil: undefined }),
      time: fc
        .date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true })
        .map((date) => date.toISOString()),
    });
    fc.assert(
      fc.property(manifests, fc.uint8Array({ minLength: 1, maxLength: 2000 }), (fields, bytes) => {
        const manifest = manifestOf(bytes.length, fields);
        const document = encodeDocument(manifest, bytes);
        const decoded = decodeDocument(document);
        expect(toHex(decoded.content)).to.equal(toHex(bytes));
        expect(toHex(canonicalJson(decoded.manifest))).to.equal(toHex(canonicalJson(manifest)));
        expect(toHex(encodeDocument(decoded.manifest, decoded.content))).to.equal(toHex(document));
      }),
    );
  });

  it("takes content of any bytes: newlines first, zeros last", function () {
    for (const bytes of [Uint8Array.of(10), Uint8Array.of(0), utf8("\n\n{}\n\0\0\0"), new Uint8Array(65_536)]) {
      const decoded = decodeDocument(encodeDocument(manifestOf(bytes.length), bytes));
      expect(toHex(decoded.content)).to.equal(toHex(bytes));
    }
  });

  it("refuses to write an empty document, one that is too large, and a manifest that says another size", async function () {
    expect(await codeOf(() => encodeDocument(manifestOf(0), new Uint8Array()))).to.equal("EMPTY_DOCUMENT");
    const large = new Uint8Array(MAX_DOCUMENT_SIZE + 1);
    expect(await codeOf(() => encodeDocument(manifestOf(large.length), large))).to.equal("DOCUMENT_TOO_LARGE");
    expect(await codeOf(() => encodeDocument(manifestOf(8), content))).to.equal("INVALID_INPUT");
  });

  /** Values that no manifest may hold, by field. */
  const wrong: Record<string, unknown[]> = {
    v: [0, 2, "1", null, undefined],
    record: ["0x12", digest("x").toUpperCase(), `${digest("x")}\n`, 1, undefined],
    patient: ["", undefined],
    scope: ["0x", undefined],
    author: [
      "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
      "0x70997970C51812dc3A010C7d01b50e0d17dc79c8",
      "XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS",
      "",
    ],
    epoch: [-1, 0.5, 2 ** 53, "3", undefined],
    mediaType: [
      "",
      "text",
      "text/",
      "/plain",
      "Text/plain",
      "text/plain;",
      "text/plain\n",
      "text/plain; a=<b>",
      `a/${"b".repeat(254)}`,
    ],
    fileName: [
      "",
      ".",
      "..",
      "a/b",
      "a\\b",
      "a\u0000b",
      "a\nb",
      "a\u202Eb",
      "\uD800",
      " a",
      "ä".repeat(128),
      "a".repeat(256),
      undefined,
    ],
    title: ["", "a\nb", "\uDC00", "a".repeat(256), null],
    size: [0, -7, 7.5, MAX_DOCUMENT_SIZE + 1, "7", undefined],
    time: [
      "2026-11-21",
      "2026-11-21T09:00:00Z",
      "2026-11-21T09:00:00.000+00:00",
      "2026-13-21T09:00:00.000Z",
      "2026-02-30T09:00:00.000Z",
      0,
    ],
    unknown: [1],
  };
  for (const [field, values] of Object.entries(wrong)) {
    it(`refuses a wrong ${field === "unknown" ? "field beyond those it knows" : field}, written or read`, function () {
      for (const value of values) {
        const manifest = { ...manifestOf(content.length), [field]: value } as Manifest;
        const line = JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()));
        const note = `${field} = ${JSON.stringify(value)}`;
        expectField(() => encodeDocument(manifest, content), "INVALID_INPUT", field, note);
        expectField(() => decodeDocument(documentOf(line)), "MANIFEST_MALFORMED", field, note);
      }
    });
  }

  it("refuses a manifest that isn't written the one way", async function () {
    const line = fromUtf8(canonicalJson(manifestOf(content.length)));
    expect(await codeOf(() => decodeDocument(documentOf(line)))).to.equal("accepted");
    const others = [
      ` ${line}`,
      `${line} `,
      `${line}\r`,
      `\uFEFF${line}`,
      line.replace(":3", ":3.0"),
      line.replace(":3", ":3e0"),
      line.replace("observation.json", "\\u006fbservation.json"),
      line.replace("{", '{"epoch":3,'),
      line.replace("{", '{"__proto__":{},'),
      `[${line}]`,
      line.slice(0, -1),
      "null",
      "",
      JSON.stringify(JSON.parse(line), Object.keys(JSON.parse(line) as object).reverse()),
    ];
    for (const other of others)
      expect(await codeOf(() => decodeDocument(documentOf(other))), other).to.equal("MANIFEST_MALFORMED");
  });

  it("refuses a manifest that never ends, or isn't UTF-8", async function () {
    for (const bytes of [new Uint8Array(), utf8("{"), new Uint8Array(100_000).fill(0x20), Uint8Array.of(0xff, 0x0a)]) {
      expect(await codeOf(() => decodeDocument(bytes))).to.equal("MANIFEST_MALFORMED");
    }
    const late = concat(new Uint8Array(16 * 1024 + 1).fill(0x20), utf8("\n"));
    expect(await codeOf(() => decodeDocument(late))).to.equal("MANIFEST_MALFORMED");
  });

  it("refuses padding that is longer, shorter or not zero", async function () {
    const document = encodeDocument(manifestOf(content.length), content);
    const end = document.lastIndexOf(content.at(-1)!) + 1;
    expect(document.length).to.be.greaterThan(end);
    for (let size = end - 1; size < document.length + 40; size++) {
      const other = new Uint8Array(size);
      other.set(document.subarray(0, size));
      const expected = size === document.length ? "accepted" : "PADDING_MALFORMED";
      expect(await codeOf(() => decodeDocument(other)), String(size)).to.equal(expected);
    }
    for (let at = end; at < document.length; at++) {
      const other = document.slice();
      other[at] = 1;
      expect(await codeOf(() => decodeDocument(other))).to.equal("PADDING_MALFORMED");
    }
  });

  it("refuses a document under another record, patient, author, scope or epoch, and names which", function () {
    const manifest = manifestOf(7);
    checkManifest(manifest, manifest);
    const elsewhere = {
      record: digest("other"),
      patient: digest("other"),
      author: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
      scope: digest("other"),
      epoch: 4,
    } as const;
    for (const [field, value] of Object.entries(elsewhere)) {
      const place = { ...manifest, [field]: value };
      expectField(() => checkManifest(manifest, place), "MANIFEST_MISMATCH", field, field);
    }
  });

  it("makes a title of whatever somebody wrote, on one line and no longer than a manifest holds", function () {
    const cases: [string, string | undefined][] = [
      ["Cough", "Cough"],
      [" cough\tfever\nrash ", "cough fever rash"],
      ["\u0000 \u0007", undefined],
      ["", undefined],
      ["e".repeat(255), "e".repeat(255)],
      ["e".repeat(300), `${"e".repeat(252)}…`],
      ["β".repeat(140), `${"β".repeat(126)}…`],
      ["two \ud800 halves", "two halves"],
    ];
    for (const [title, safe] of cases) expect(safeTitle(title), title).to.equal(safe);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const title = safeTitle(text);
        if (title === undefined) return;
        expect(safeTitle(title)).to.equal(title);
        encodeDocument(manifestOf(1, { title }), Uint8Array.of(1));
      }),
    );
  });

  it("makes a safe name of any file name, and leaves a safe one alone", function () {
    const cases = {
      "scan.dcm": "scan.dcm",
      "Befund „Groß“ 李.pdf": "Befund „Groß“ 李.pdf",
      "C:\\Users\\a\\scan.dcm": "scan.dcm",
      "../../etc/passwd": "passwd",
      "annexe\u202Egpj.exe": "annexegpj.exe",
      "a\u0000b\n": "ab",
      "\uD800": "document",
      "..": "document",
      "a/": "document",
      "": "document",
    };
    for (const [name, safe] of Object.entries(cases)) expect(safeFileName(name)).to.equal(safe);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (name) => {
        const safe = safeFileName(name);
        expect(safeFileName(safe)).to.equal(safe);
        encodeDocument(manifestOf(1, { fileName: safe }), Uint8Array.of(1));
      }),
    );
  });
});
