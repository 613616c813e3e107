import { inflateSync } from "node:zlib";

import { sha256 } from "@noble/hashes/sha2.js";
import { base64, bech32 } from "@scure/base";
import { expect } from "chai";

import { toHex } from "../../../sdk/core/bytes.js";
import { openWith, openWithPassphrase } from "../../../sdk/core/envelope.js";
import testkit from "../../vectors/age-testkit.json" with { type: "json" };
import { codeOf } from "./support.js";

const CODES: Record<string, string> = {
  success: "accepted",
  "header failure": "HEADER_MALFORMED",
  "HMAC failure": "HEADER_TAMPERED",
  "no match": "NOT_A_RECIPIENT",
  "payload failure": "PAYLOAD_TAMPERED",
};

/** Where we say it otherwise than the test kit, and why that is right here. */
const OTHERWISE: Record<string, string> = {
  stream_no_nonce: "PAYLOAD_TAMPERED", // The header is detached, so the nonce is the payload's.
  stream_short_nonce: "PAYLOAD_TAMPERED",
  scrypt_uppercase: "HEADER_MALFORMED", // Without a scrypt stanza it's no backup, whatever the passphrase.
};

/** The test kit of age's own specification (c2sp.org/CCTV/age): what every implementation must open and refuse. */
describe("sdk/core: age's test kit", function () {
  for (const { name, expect: expected, identity, passphrase, payload, compressed, file } of testkit.files) {
    const code = OTHERWISE[name] ?? CODES[expected];
    it(`${name}: ${code}`, async function () {
      const bytes = base64.decode(file);
      const whole = compressed ? new Uint8Array(inflateSync(bytes)) : bytes;
      let opened: Uint8Array | undefined;
      const got = await codeOf(async () => {
        opened = identity
          ? await openWith(whole, bech32.decodeToBytes(identity).bytes)
          : await openWithPassphrase(whole, passphrase ?? "", 20);
      });
      expect(got).to.equal(code);
      if (opened) expect(toHex(sha256(opened)).slice(2)).to.equal(payload);
    });
  }
});
