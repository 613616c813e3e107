/** Untrusted FHIR in words: the examples of HL7, and narratives that try to be more than words. */
import { readFileSync } from "node:fs";

import { expect } from "chai";
import fc from "fast-check";

import { factsOf, titleOf, type Resource } from "../../dapp/components/document/fhir.js";
import { narrativeOf } from "../../dapp/components/document/narrative.js";
import { fhirDocuments } from "../documents/index.js";

const narrative = (div: string) => narrativeOf({ resourceType: "Patient", text: { div } });
const example = (name: string) => {
  const found = fhirDocuments.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return JSON.parse(readFileSync(found.path, "utf8")) as Resource;
};

describe("FHIR in words", () => {
  it("says something of every example, and nothing empty", () => {
    for (const { path, name } of fhirDocuments) {
      const facts = factsOf(JSON.parse(readFileSync(path, "utf8")) as Resource);
      expect(facts.length, name).to.be.greaterThan(2);
      for (const [, value] of facts) expect(value, name).not.to.match(/: ?(;|$)|\[object|undefined/);
    }
  });

  it("names the medicine that a prescription contains", () => {
    expect(titleOf(example("MedicationRequest-medrx0311.json"))).to.match(/^Prescription: [A-Za-z]/);
  });

  it("says of a curve that it is one", () => {
    expect(Object.fromEntries(factsOf(example("Observation-ekg.json"))).Results).to.match(/a curve of \d+ points/);
  });
});

describe("narratives", () => {
  it("gives the words and their lines, without the markup", () => {
    expect(
      narrative('<div xmlns="http://www.w3.org/1999/xhtml"><p>Born <b>1970</b></p><p>A &lt; B &#233;&nbsp;!</p></div>'),
    ).to.equal("Born 1970\nA < B é !");
  });

  it("leaves out what isn't words", () => {
    expect(
      narrative("<div>a<script>b<\/script>c<style>d</style><!-- e > --><img src='x>y' onerror=\"f>g\"/>h</div>"),
    ).to.equal("ach");
    expect(narrative("<div>a<script>never closed")).to.equal("a");
  });

  it("takes no longer than its source is long, whatever that is", () => {
    for (const piece of ["<", '<a"', "<!--", "<script>", "&#x", "<a '"]) {
      const began = performance.now();
      narrative(piece.repeat(100_000));
      expect(performance.now() - began, piece).to.be.lessThan(3_000);
    }
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (div) => typeof narrative(div) === "string"));
  });
});
