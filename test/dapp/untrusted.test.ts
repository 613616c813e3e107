import { expect } from "chai";

import { factsOf } from "../../dapp/components/document/fhir.js";
import { kindOf } from "../../dapp/components/document/kind.js";
import { narrativeOf } from "../../dapp/components/document/narrative.js";

const wordsOf = (div: string) => narrativeOf({ text: { div } });

/** Milliseconds that `work` takes. */
function timeOf(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

describe("showing untrusted documents", () => {
  it("takes the white space of markup from a narrative", () => {
    expect(wordsOf(" \n\t Blood \t pressure\r\n\n\u00a0 120 / 80 \n ")).to.equal("Blood pressure\n120 / 80");
    expect(wordsOf("\n\u00a0\n")).to.equal("");
  });

  it("isn't held up by a narrative made of white space", () => {
    for (const space of ["\u00a0", "\n", " ", "\r", "\n\u00a0"]) {
      const milliseconds = timeOf(() => wordsOf(`${space.repeat(1_000_000)}x`));
      expect(milliseconds, JSON.stringify(space)).to.be.below(2_000);
    }
  });

  it("isn't held up, nor brought to fall, by deep or wide JSON", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect(kindOf(new TextEncoder().encode(deep))).to.equal("json");
    const coding = `{"code":`.repeat(20_000) + `"x"` + "}".repeat(20_000);
    const resource = JSON.parse(`{"resourceType":"Observation","code":${coding},"note":${deep}}`) as object;
    expect(timeOf(() => factsOf({ ...resource }))).to.be.below(2_000);
    expect(factsOf({ resourceType: "Observation", code: { text: { toString: 1 } } })).to.deep.equal([]);
  });
});
