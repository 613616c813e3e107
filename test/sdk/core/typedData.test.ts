import { expect } from "chai";
import { TypedDataEncoder, verifyTypedData } from "ethers";

import {
  accreditationTypedData,
  attestationTypedData,
  controllerRotationTypedData,
  grantTypedData,
  offerTypedData,
  permitTypedData,
  revocationTypedData,
  type TypedData,
} from "../../../sdk/core/typedData.js";
import type { Address } from "../../../sdk/types.js";
import vectors from "../../vectors/typed-data.json" with { type: "json" };

/** Makes the typed data of a message that a vector holds. */
type Make = (chainId: number, contract: Address, message: unknown) => TypedData<Record<string, unknown>>;

const MAKERS = {
  attestation: attestationTypedData,
  accreditation: accreditationTypedData,
  offer: offerTypedData,
  controllerRotation: controllerRotationTypedData,
  grant: grantTypedData,
  permit: permitTypedData,
  revocation: revocationTypedData,
} as unknown as Record<string, Make>;

describe("sdk/core: typed data", function () {
  it("has a frozen vector of every type", function () {
    expect(vectors.map(({ kind }) => kind)).to.have.members(Object.keys(MAKERS));
  });

  for (const { kind, chainId, contract, message, hash, signer, signature } of vectors) {
    it(`hashes the frozen ${kind} as it was signed`, function () {
      const data = MAKERS[kind]!(chainId, contract as Address, message);
      expect(TypedDataEncoder.hash(data.domain, data.types, data.message)).to.equal(hash);
      expect(verifyTypedData(data.domain, data.types, data.message, signature)).to.equal(signer);
    });

    it(`binds a ${kind} to every field, the chain and the contract`, function () {
      const make = MAKERS[kind]!;
      const hashOf = (data: TypedData<Record<string, unknown>>) =>
        TypedDataEncoder.hash(data.domain, data.types, data.message);
      const seen = new Set([hash]);
      for (const [name, value] of Object.entries(message)) {
        // The first digit behind 0x, or of the number: another value of the same type.
        const text = String(value);
        const other = text.startsWith("0x")
          ? `0x${text[2] === "1" ? "2" : "1"}${text.slice(3)}`
          : String(BigInt(text) ^ 1n);
        const changed = typeof value === "string" && value.length === 42 ? contract : other;
        seen.add(hashOf(make(chainId, contract as Address, { ...message, [name]: changed })));
      }
      seen.add(hashOf(make(chainId + 1, contract as Address, message)));
      seen.add(hashOf(make(chainId, "0x000000000000000000000000000000000000dEaD", message)));
      expect(seen.size).to.equal(Object.keys(message).length + 3);
    });

    it(`signs nothing of a ${kind} but its fields`, function () {
      const data = MAKERS[kind]!(chainId, contract as Address, { ...message, name: "somebody" });
      expect(Object.keys(data.message)).to.have.members(Object.keys(message));
    });
  }
});
