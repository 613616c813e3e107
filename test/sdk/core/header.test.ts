import { expect } from "chai";
import fc from "fast-check";

import { concat, equal, fromUtf8, utf8 } from "../../../sdk/core/bytes.js";
import { encodeHeader, MAX_HEADER_SIZE, parseHeader } from "../../../sdk/core/header.js";
import { codeOf, seeded } from "./support.js";

const share = "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc";
const body = "EmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U";
const mac = "6xJSsmB9dWnSdeUY8jvc4ydC8hXF8ikh1yTTqg1bOTw";
const valid = `age-encryption.org/v1\n-> X25519 ${share}\n${body}\n--- ${mac}\n`;

describe("sdk/core/header", function () {
  it("reads what it writes, whatever the stanzas", function () {
    const word = fc.stringMatching(/^[!-~]{1,20}$/).filter((text) => text !== "X25519" && text !== "scrypt");
    const stanza = fc.record({
      args: fc.array(word, { minLength: 1, maxLength: 4 }),
      body: fc.uint8Array({ maxLength: 200 }),
    });
    fc.assert(
      fc.property(fc.array(stanza, { minLength: 1, maxLength: 5 }), fc.uint8Array(), (stanzas, payload) => {
        const header = encodeHeader(stanzas, seeded("mac"));
        const parsed = parseHeader(concat(header, payload));
        expect(parsed.size).to.equal(header.length);
        expect(parsed.stanzas.map(({ args }) => args)).to.deep.equal(stanzas.map(({ args }) => args));
        expect(parsed.stanzas.every(({ body }, at) => equal(body, stanzas[at]!.body))).to.equal(true);
        expect(equal(parsed.mac, seeded("mac"))).to.equal(true);
      }),
    );
  });

  it("reads the header of an age file and leaves the payload", function () {
    const { stanzas, size } = parseHeader(concat(utf8(valid), Uint8Array.of(0, 10, 255)));
    expect(size).to.equal(valid.length);
    expect(stanzas).to.have.length(1);
    expect(fromUtf8(encodeHeader(stanzas, parseHeader(utf8(valid)).mac))).to.equal(valid);
  });

  const malformed = {
    nothing: "",
    "another version": valid.replace("v1", "v2"),
    "no stanza": `age-encryption.org/v1\n--- ${mac}\n`,
    "no MAC": valid.slice(0, valid.indexOf("---")),
    "a short MAC": valid.replace(mac, mac.slice(1)),
    "no last newline": valid.slice(0, -1),
    "a line end of two characters": valid.replaceAll("\n", "\r\n"),
    "a share of 31 bytes": valid.replace(share, share.slice(2)),
    "no share": valid.replace(` ${share}`, ""),
    "two shares": valid.replace(share, `${share} ${share}`),
    "an empty argument": valid.replace("X25519 ", "X25519  "),
    "a body of 31 bytes": valid.replace(body, body.slice(2)),
    "a body in two lines": valid.replace(body, `${body.slice(0, 4)}\n${body.slice(4)}`),
    "padded base64": valid.replace(body, `${body}=`),
    "base64 with bits to spare": valid.replace(body, `${body.slice(0, -1)}V`),
    "URL base64": valid.replace(share, share.replaceAll("+", "-")),
    "a scrypt stanza beside another": valid.replace("--- ", `-> scrypt ${share} 10\n${body}\n--- `),
    "a missing arrow": valid.replace("-> ", "> "),
    "a MAC without its space": valid.replace("--- ", "---"),
    "a letter beyond ASCII": valid.replace("X25519", "Ä25519"),
    "a byte order mark": `\uFEFF${valid}`,
    "no line end within the limit": "a".repeat(MAX_HEADER_SIZE + 1),
    "an armored file": "-----BEGIN AGE ENCRYPTED FILE-----\n",
  };
  for (const [what, text] of Object.entries(malformed)) {
    it(`refuses ${what}`, async function () {
      expect(await codeOf(() => parseHeader(utf8(text)))).to.equal("HEADER_MALFORMED");
    });
  }

  it("refuses a header larger than a raw block", async function () {
    const stanza = { args: ["X25519", share], body: seeded("body") };
    const header = encodeHeader(new Array<typeof stanza>(2700).fill(stanza), seeded("mac"));
    expect(header.length).to.be.greaterThan(MAX_HEADER_SIZE);
    expect(await codeOf(() => parseHeader(header))).to.equal("HEADER_MALFORMED");
  });
});
