import { expect } from "chai";

import { fromHex, toHex } from "../../../sdk/core/bytes.js";
import * as keys from "../../../sdk/core/keys.js";
import type { Hex } from "../../../sdk/types.js";
import vectors from "../../vectors/keys.json" with { type: "json" };
import { codeOf, seeded } from "./support.js";

interface KeyVector {
  secretKey: string;
  publicKey: string;
  ageIdentity: string;
  ageRecipient: string;
}

function expectKeys(pair: keys.KeyPair, expected: KeyVector): void {
  expect(toHex(pair.secretKey)).to.equal(expected.secretKey);
  expect(toHex(pair.publicKey)).to.equal(expected.publicKey);
  expect(keys.ageIdentity(pair.secretKey)).to.equal(expected.ageIdentity);
  expect(keys.ageRecipient(pair.publicKey)).to.equal(expected.ageRecipient);
}

describe("sdk/core/keys", function () {
  for (const { root, account, registrySecret, scopes, visits } of vectors) {
    it(`derives the frozen keys of root ${root.slice(0, 10)}…`, function () {
      const bytes = fromHex(root as Hex);
      expectKeys(keys.accountKeys(bytes), account);
      expect(toHex(keys.registrySecret(bytes))).to.equal(registrySecret);
      for (const { label, scope, epochs } of scopes) {
        expect(keys.scopeIdOf(bytes, label)).to.equal(scope);
        for (const { epoch, ...pair } of epochs) expectKeys(keys.scopeKeys(bytes, scope as Hex, epoch), pair);
      }
      for (const { nonce, ...pair } of visits) expectKeys(keys.visitKeys(bytes, BigInt(nonce)), pair);
    });
  }

  it("makes another root each time", function () {
    expect(keys.newRoot()).to.have.length(32);
    expect(toHex(keys.newRoot())).not.to.equal(toHex(keys.newRoot()));
  });

  it("refuses a root, a label, a scope, an epoch or a secret key that can't be one", async function () {
    const root = seeded("root");
    const scope = keys.scopeIdOf(root, "imaging");
    const wrong = [
      () => keys.accountKeys(root.subarray(1)),
      () => keys.registrySecret(new Uint8Array(33)),
      () => keys.scopeIdOf(root, ""),
      () => keys.scopeKeys(root, "0x12", 0),
      () => keys.scopeKeys(root, scope.toUpperCase() as Hex, 0),
      () => keys.scopeKeys(root, scope, -1),
      () => keys.scopeKeys(root, scope, 0.5),
      () => keys.scopeKeys(root, scope, 2 ** 53),
      () => keys.visitKeys(root, -1n),
      () => keys.visitKeys(root, 2n ** 64n),
      () => keys.publicKeyOf(new Uint8Array(31)),
      () => keys.ageIdentity(new Uint8Array(31)),
      () => keys.ageRecipient(new Uint8Array(33)),
    ];
    for (const action of wrong) expect(await codeOf(action), String(action)).to.equal("INVALID_INPUT");
  });

  it("refuses public keys that nobody can hold: of low order, or not written as RFC 7748 writes them", async function () {
    // The low-order points of Curve25519 and their other spellings (RFC 7748, section 6.1; cr.yp.to/ecdh.html).
    const impossible: Hex[] = [
      "0x0000000000000000000000000000000000000000000000000000000000000000",
      "0x0100000000000000000000000000000000000000000000000000000000000000",
      "0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "0x5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "0xecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0xeeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0x0900000000000000000000000000000000000000000000000000000000000080",
      "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];
    for (const key of impossible)
      expect(await codeOf(() => keys.checkPublicKey(fromHex(key))), key).to.equal("INVALID_INPUT");
    expect(await codeOf(() => keys.checkPublicKey(new Uint8Array(31).fill(9)))).to.equal("INVALID_INPUT");
    expect(await codeOf(() => keys.checkPublicKey(keys.accountKeys(seeded("root")).publicKey))).to.equal("accepted");
  });
});
