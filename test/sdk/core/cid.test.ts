import { expect } from "chai";
import { CID } from "multiformats/cid";

import { CHUNK_SIZE, cidOf, computeCid, digestOfCid } from "../../../sdk/core/cid.js";
import type { Hex } from "../../../sdk/types.js";
import vectors from "../../vectors/cids.json" with { type: "json" };
import { codeOf, digest, flip, pattern, seeded } from "./support.js";

describe("sdk/core/cid", function () {
  // The CIDs are those of Kubo 0.42: ipfs add --cid-version=1 --raw-leaves.
  for (const { size, cid } of vectors) {
    it(`gives ${size} bytes the CID that Kubo gives them`, async function () {
      const computed = await computeCid(pattern(size));
      expect(computed).to.deep.equal({ digest: digestOfCid(cid), cid, size });
      expect(cidOf(computed.digest, size)).to.equal(cid);
      expect(digestOfCid(CID.parse(cid))).to.equal(computed.digest);
    });
  }

  it("takes content without a size for one raw block", function () {
    expect(cidOf(digest("x"))).to.equal(cidOf(digest("x"), CHUNK_SIZE));
    expect(cidOf(digest("x"))).not.to.equal(cidOf(digest("x"), CHUNK_SIZE + 1));
  });

  it("sees every bit", async function () {
    const bytes = seeded("content");
    const { digest: whole } = await computeCid(bytes);
    for (let bit = 0; bit < bytes.length * 8; bit++)
      expect((await computeCid(flip(bytes, bit))).digest).not.to.equal(whole);
  });

  it("refuses other CIDs and digests", async function () {
    const cid = cidOf(digest("x"));
    const others = [
      "",
      "hello",
      cid.slice(0, -1),
      `${cid}a`,
      "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn", // CIDv0
      "bafyreidykglsfhoixmivffc5uwhcgshx4j465xwqntbmu43nb2dzqwfvae", // dag-cbor
      "bafkrgqe7ukwvoiwzxcqpqqfdxpvajuuyyvnrxqaoxg3lqnjgzflhbtwy4wl4nqkzl4lpjyzf7k2wbqijhi55asyyinlr6vvqs4z3m", // another hash
    ];
    for (const other of others) expect(await codeOf(() => digestOfCid(other)), other).to.equal("INVALID_INPUT");
    for (const wrong of ["0x", "0x12", "12"]) expect(await codeOf(() => cidOf(wrong as Hex))).to.equal("INVALID_INPUT");
  });

  it("reads another digest, or none, from a CID with a single bit flipped", async function () {
    const bytes = CID.parse(cidOf(digest("x"))).bytes;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      let read: Hex | undefined;
      const code = await codeOf(() => {
        read = digestOfCid(decodeCid(flip(bytes, bit)));
      });
      if (code === "accepted") expect(read, `bit ${bit}`).not.to.equal(digest("x"));
    }
  });
});

/** A CID of bytes that may not be one; CID.decode's own refusals count as refused text. */
function decodeCid(bytes: Uint8Array): CID | string {
  try {
    return CID.decode(bytes);
  } catch {
    return "not a CID";
  }
}
