/** Untrusted FHIR in words: the examples of HL7, and narratives that try to be more than words. */
import { readFileSync } from "node:fs";

import { expect } from "chai";
import fc from "fast-check";

import { factsOf, titleOf, type Resource } from "../../dapp/components/document/fhir.js";
import { narrativeOf } from "../../dapp/components/document/narrative.js";
import { entriesOf, headingOf, supplyOf, tableOf, testListIn, testsOf } from "../../dapp/components/document/tables.js";
import { fhirDocuments } from "../documents/index.js";

const narrative = (div: string) => narrativeOf({ resourceType: "Patient", text: { div } });
/** All that is put on a page of a resource. */
const shown = (resource: Resource) => {
  const inside = entriesOf(resource, 20);
  const tests = testListIn(inside);
  return [
    tests && testsOf(tests),
    ...[resource, ...inside].map((each) => [
      headingOf(each),
      titleOf(each),
      factsOf(each),
      supplyOf(each),
      tableOf(each, inside),
      narrativeOf(each),
    ]),
  ];
};
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

  it("abuse: a type that is called like something every object has is a type as any other", () => {
    for (const resourceType of [...Object.getOwnPropertyNames(Object.prototype), "prototype"]) {
      const resource = { resourceType, code: { text: "Blood" }, status: "final" };
      expect(factsOf(resource), resourceType).to.deep.equal([
        ["What", "Blood"],
        ["Status", "final"],
      ]);
      expect(headingOf(resource), resourceType).to.equal("Blood");
      const bundle = { resourceType: "Bundle", entry: [{ resource }, { resource: { resourceType } }] };
      expect(() => shown(bundle), resourceType).not.to.throw();
    }
  });

  it("never throws, whatever stands in the fields", () => {
    const types = ["Claim", "ClaimResponse", "DiagnosticReport", "Encounter", "MedicationRequest", "Observation"];
    const names = [
      "code",
      "coding",
      "text",
      "div",
      "value",
      "data",
      "origin",
      "reference",
      "contained",
      "entry",
      "item",
    ];
    const more = [
      "unitPrice",
      "currency",
      "adjudication",
      "total",
      "component",
      "dispenseRequest",
      "toString",
      "__proto__",
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom("#a", "EUR", "2020-02-30", "constructor", 1, -1e300, true, null),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names, ...more), tie("tree"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.constantFrom("Bundle", ...types),
        fc.array(tree),
        fc.dictionary(fc.constantFrom(...names, ...more), tree),
        (resourceType, entry, fields) => {
          // As it comes: parsed from text.
          const inside = entry.map((each) => ({ resource: { ...(each as object), resourceType } }));
          shown(JSON.parse(JSON.stringify({ ...fields, resourceType, entry: inside })) as Resource);
        },
      ),
    );
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
