import { expect } from "chai";

import { concat, equal } from "../../../sdk/core/bytes.js";
import { computeCid } from "../../../sdk/core/cid.js";
import { open, seal, type Sealed } from "../../../sdk/core/envelope.js";
import { checkManifest, decodeDocument } from "../../../sdk/core/manifest.js";
import type { ErrorCode } from "../../../sdk/errors.js";
import { codeOf, flip, keysOf, pattern, smallRecord } from "./support.js";

const HEADER_CODES: ErrorCode[] = ["HEADER_MALFORMED", "HEADER_TAMPERED", "NOT_A_RECIPIENT"];
/** Bytes of a sealed chunk: 64 KiB and its tag. */
const CHUNK = 65_552;

describe("sdk/core: tampering with a sealed record", function () {
  const { secretKey, publicKey } = keysOf("scope");
  let record: Awaited<ReturnType<typeof smallRecord>>;
  const opened = (header: Uint8Array, payload: Uint8Array) => codeOf(() => open(header, payload, secretKey));

  before(async function () {
    record = await smallRecord();
    expect(await opened(record.header, record.payload)).to.equal("accepted");
  });

  it("refuses every single-bit flip in the header, by where it is", async function () {
    const { header, payload } = record;
    const mac = new TextDecoder().decode(header).indexOf("--- ") + 4;
    const codes = new Map<string, number>();
    for (let bit = 0; bit < header.length * 8; bit++) {
      const code = await opened(flip(header, bit), payload);
      expect(code, `bit ${bit}`).to.be.oneOf(HEADER_CODES);
      if (bit < 21 * 8) expect(code, `bit ${bit} of the version`).to.equal("HEADER_MALFORMED");
      if (bit >= mac * 8) expect(code, `bit ${bit} of the MAC`).to.be.oneOf(["HEADER_MALFORMED", "HEADER_TAMPERED"]);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect([...codes.keys()]).to.have.members(HEADER_CODES);
  });

  it("refuses every single-bit flip in the payload", async function () {
    const { header, payload } = record;
    for (let bit = 0; bit < payload.length * 8; bit++) {
      expect(await opened(header, flip(payload, bit)), `bit ${bit}`).to.equal("PAYLOAD_TAMPERED");
    }
  });

  it("refuses every truncation", async function () {
    const { header, payload } = record;
    for (let size = 0; size < header.length; size++) {
      expect(await opened(header.subarray(0, size), payload), `header of ${size}`).to.equal("HEADER_MALFORMED");
      expect(await opened(header.subarray(header.length - size), payload)).to.equal("HEADER_MALFORMED");
    }
    for (let size = 0; size < payload.length; size++) {
      expect(await opened(header, payload.subarray(0, size)), `payload of ${size}`).to.equal("PAYLOAD_TAMPERED");
      expect(await opened(header, payload.subarray(payload.length - size))).to.equal("PAYLOAD_TAMPERED");
    }
  });

  it("refuses bytes that follow, of the header and of the payload", async function () {
    const { header, payload } = record;
    for (const size of [1, 15, 16, 17, 32, CHUNK]) {
      expect(await opened(concat(header, new Uint8Array(size)), payload)).to.equal("HEADER_MALFORMED");
      expect(await opened(header, concat(payload, new Uint8Array(size)))).to.equal("PAYLOAD_TAMPERED");
    }
    expect(await opened(concat(header, payload), payload)).to.equal("HEADER_MALFORMED");
  });

  it("refuses the header or the payload of another record, sealed to the same key or to another", async function () {
    const same = await seal(record.document, [publicKey]);
    const other = await seal(record.document, [keysOf("doctor").publicKey]);
    expect(await opened(same.header, record.payload)).to.equal("PAYLOAD_TAMPERED");
    expect(await opened(record.header, same.payload)).to.equal("PAYLOAD_TAMPERED");
    expect(await opened(record.header, other.payload)).to.equal("PAYLOAD_TAMPERED");
    expect(await opened(other.header, record.payload)).to.equal("NOT_A_RECIPIENT");
  });

  it("refuses a stanza that is added, doubled, dropped or moved", async function () {
    const both = await seal(record.document, [publicKey, keysOf("doctor").publicKey]);
    const lines = new TextDecoder().decode(both.header).split("\n");
    const [version, mine1, mine2, theirs1, theirs2, ...end] = lines as [string, string, string, string, string];
    const variants = [
      [version, theirs1, theirs2, mine1, mine2, ...end],
      [version, mine1, mine2, ...end],
      [version, mine1, mine2, mine1, mine2, theirs1, theirs2, ...end],
      [version, mine1, mine2, theirs1, theirs2, "-> grease x", "", ...end],
    ];
    for (const variant of variants) {
      const header = new TextEncoder().encode(variant.join("\n"));
      expect(await opened(header, both.payload)).to.equal("HEADER_TAMPERED");
    }
    const without = new TextEncoder().encode([version, theirs1, theirs2, ...end].join("\n"));
    expect(await opened(without, both.payload)).to.equal("NOT_A_RECIPIENT");
  });

  describe("of five chunks", function () {
    let large: Sealed;
    const chunk = (at: number) => large.payload.subarray(16 + at * CHUNK, 16 + (at + 1) * CHUNK);
    const payloadOf = (...chunks: Uint8Array[]) => concat(large.payload.subarray(0, 16), ...chunks);

    before(async function () {
      large = await seal(pattern(4 * 65_536 + 1000), [publicKey]);
      const whole = payloadOf(chunk(0), chunk(1), chunk(2), chunk(3), chunk(4));
      expect(equal(whole, large.payload)).to.equal(true);
      expect(await opened(large.header, whole)).to.equal("accepted");
    });

    it("refuses any two chunks swapped, any chunk dropped or doubled, and an end at any chunk", async function () {
      for (let a = 0; a < 5; a++) {
        for (let b = 0; b < 5; b++) {
          if (a === b) continue;
          const order = [0, 1, 2, 3, 4];
          [order[a], order[b]] = [b, a];
          expect(await opened(large.header, payloadOf(...order.map(chunk))), `${a} and ${b}`).to.equal(
            "PAYLOAD_TAMPERED",
          );
        }
        const all = [0, 1, 2, 3, 4].map(chunk);
        expect(await opened(large.header, payloadOf(...all.toSpliced(a, 1)))).to.equal("PAYLOAD_TAMPERED");
        expect(await opened(large.header, payloadOf(...all.toSpliced(a, 0, chunk(a))))).to.equal("PAYLOAD_TAMPERED");
        expect(await opened(large.header, payloadOf(...all.slice(0, a)))).to.equal("PAYLOAD_TAMPERED");
      }
    });

    it("refuses a chunk of another payload in the same place", async function () {
      const other = await seal(pattern(4 * 65_536 + 1000), [publicKey]);
      for (let at = 0; at < 5; at++) {
        const mixed = large.payload.slice();
        mixed.set(other.payload.subarray(16 + at * CHUNK, 16 + (at + 1) * CHUNK), 16 + at * CHUNK);
        expect(await opened(large.header, mixed)).to.equal("PAYLOAD_TAMPERED");
      }
    });

    it("refuses a flip in each chunk, first byte and last", async function () {
      for (let at = 0; at < 5; at++) {
        for (const byte of [16 + at * CHUNK, Math.min(16 + (at + 1) * CHUNK, large.payload.length) - 1]) {
          expect(await opened(large.header, flip(large.payload, byte * 8))).to.equal("PAYLOAD_TAMPERED");
        }
      }
    });
  });

  // Whoever knows a scope's public key can seal what they like to it. So the manifest is flipped before it is sealed: either
  // the reader refuses it, or it is another document by its author's own words, and the chain anchors another digest.
  it("refuses every single-bit flip in the manifest, even when sealed again", async function () {
    const { manifest, document, payload } = record;
    const line = document.indexOf(10) + 1;
    const { digest: anchored } = await computeCid(payload);
    const codes = new Map<string, number>();
    for (let bit = 0; bit < line * 8; bit++) {
      const flipped = flip(document, bit);
      const code = await codeOf(() => checkManifest(decodeDocument(flipped).manifest, manifest));
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (code !== "accepted") {
        expect(code, `bit ${bit}`).to.be.oneOf(["MANIFEST_MALFORMED", "MANIFEST_MISMATCH", "PADDING_MALFORMED"]);
        continue;
      }
      const other = decodeDocument(flipped).manifest;
      const changed = (Object.keys(manifest) as (keyof typeof manifest)[]).filter(
        (key) => other[key] !== manifest[key],
      );
      // A larger size takes zeros of the padding for content.
      expect(["mediaType", "fileName", "title", "size", "time"], `bit ${bit}`).to.include(changed[0]);
      const sealed = await seal(flipped, [publicKey]);
      expect((await computeCid(sealed.payload)).digest, `bit ${bit}`).not.to.equal(anchored);
    }
    for (const code of ["MANIFEST_MALFORMED", "MANIFEST_MISMATCH", "PADDING_MALFORMED"])
      expect(codes).to.include.keys(code);
  });
});
