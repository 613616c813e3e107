/** What the builders write: taken by HL7-minded validators of two authors, and readable as what it was. */
import { readFileSync } from "node:fs";

import { R4 } from "@ahryman40k/ts-fhir-types";
import { expect } from "chai";
import fc from "fast-check";
import { Fhir } from "fhir";
import type { DiagnosticReport, FhirResource, Observation } from "fhir/r4";

import { fhir } from "../../../../sdk/index.js";
import { expectSalusError } from "../../../expectSalusError.js";
import {
  anyResource,
  bill,
  decision,
  EXAMPLES,
  NOW,
  note,
  ORDER,
  prescription,
  RECORD,
  report,
  tests,
  VISIT,
} from "./inputs.js";

const validator = new Fhir();
const READERS = {
  Bundle: R4.RTTI_Bundle,
  Claim: R4.RTTI_Claim,
  ClaimResponse: R4.RTTI_ClaimResponse,
  DiagnosticReport: R4.RTTI_DiagnosticReport,
  Encounter: R4.RTTI_Encounter,
  MedicationDispense: R4.RTTI_MedicationDispense,
  MedicationRequest: R4.RTTI_MedicationRequest,
};

/** What the two independent programs say: the validator's errors, and whether the second reader takes it. */
function judge(bytes: Uint8Array) {
  const resource = JSON.parse(Buffer.from(bytes).toString()) as FhirResource;
  const { messages } = validator.validate(resource);
  const reader = READERS[resource.resourceType as keyof typeof READERS];
  return {
    errors: messages.filter(({ severity = "" }) => ["error", "fatal"].includes(severity)),
    isRead: reader.decode(resource)._tag === "Right",
  };
}

function observationsIn({ contained = [] }: DiagnosticReport): Observation[] {
  return contained as Observation[];
}

/** `make` refused with INVALID_INPUT of this argument. */
function expectRefused(make: () => unknown, argument: string) {
  expect(make)
    .to.throw()
    .that.includes({ code: "INVALID_INPUT" })
    .and.has.nested.property("details.argument", argument);
}

describe("FHIR that is written", () => {
  for (const [name, resource] of Object.entries(EXAMPLES)) {
    it(`passes the validator and opens in a second reader: ${name}`, async () => {
      const { content, mediaType, title, fileName } = await fhir.writeFhir(resource);
      expect(judge(content)).to.deep.equal({ errors: [], isRead: true });
      expect(await fhir.readFhir(content)).to.deep.equal(resource);
      expect(mediaType).to.equal("application/fhir+json");
      expect([title, fileName]).to.satisfy((each: string[]) => each.every((text) => text.length > 3));
    });
  }

  it("passes both whatever is filled in", async () => {
    await fc.assert(
      fc.asyncProperty(anyResource, async (resource) => {
        const { content } = await fhir.writeFhir(resource);
        expect(judge(content)).to.deep.equal({ errors: [], isRead: true });
      }),
      { numRuns: 150 },
    );
  });

  it("is stored as it always was, byte for byte", async () => {
    const vectors = JSON.parse(readFileSync(new URL("../../../vectors/fhir.json", import.meta.url), "utf8")) as object;
    for (const [name, resource] of Object.entries(EXAMPLES)) {
      const { content } = await fhir.writeFhir(resource);
      expect(Buffer.from(content).toString(), name).to.equal(vectors[name as keyof typeof vectors]);
    }
  });

  it("is the same bytes for the same words", async () => {
    const [one, other] = await Promise.all([fhir.writeFhir(EXAMPLES.bill), fhir.writeFhir({ ...EXAMPLES.bill })]);
    expect(one.content).to.deep.equal(other.content);
  });

  it("names nobody but by what the chain has, and by the names that were given", () => {
    const systems = JSON.stringify(EXAMPLES).match(/"system":"[^"]+"/g) ?? [];
    expect(new Set(systems.filter((each) => each.includes("urn:")))).to.have.all.keys(
      ...["patient", "account", "visit", "order", "record", "policy", "claim", "claim-item", "denial-reason"].map(
        (kind) => `"system":"urn:salus:${kind}"`,
      ),
    );
    expect(JSON.stringify(EXAMPLES)).not.to.contain('"family"');
  });

  it("isn't written when it is wrong", async () => {
    const wrong = { ...EXAMPLES.bill, created: "2026-02-30" };
    const { details } = await expectSalusError(fhir.writeFhir(wrong), "FHIR_INVALID");
    expect(details.path).to.equal("Claim.created");
  });
});

describe("prescriptions", () => {
  it("counts repeats as FHIR does: after the first", () => {
    expect(EXAMPLES.prescription.dispenseRequest?.numberOfRepeatsAllowed).to.equal(1);
  });

  it("says in words how to take it", () => {
    expect(fhir.doseInWords(prescription)).to.equal("1 capsule 3 times a day for 7 days, after food");
    const dose = { value: 5, unit: "mL" };
    expect(fhir.doseInWords({ dose, frequency: 1, period: 8, periodUnit: "h", asNeeded: "for pain" })).to.equal(
      "5 mL every 8 hours, when needed for pain",
    );
  });

  it("refuses doses and counts that are none", () => {
    for (const frequency of [0, -1, 1.5, NaN]) {
      expectRefused(() => fhir.medicationRequest({ ...prescription, frequency }), "frequency");
    }
    for (const value of [0, -1]) {
      expectRefused(() => fhir.medicationRequest({ ...prescription, dose: { value, unit: "mL" } }), "dose");
    }
    expectRefused(() => fhir.medicationRequest({ ...prescription, medicine: { name: " " } }), "medicine");
    expectRefused(() => fhir.medicationRequest({ ...prescription, until: NOW - 1 }), "until");
  });
});

describe("test lists", () => {
  it("is one request a test, joined by the order's id, and read back as the tests", () => {
    const resources = EXAMPLES["test list"].entry?.map(({ resource }) => resource) ?? [];
    expect(resources.map((each) => each?.requisition?.value)).to.deep.equal([ORDER, ORDER, ORDER]);
    expect(fhir.testsIn(EXAMPLES["test list"])).to.deep.equal([
      { code: "718-7", name: "Hemoglobin" },
      { code: "2345-7", name: "Glucose" },
      { name: "Malaria, thick film" },
    ]);
    expect(new Set(EXAMPLES["test list"].entry?.map(({ fullUrl }) => fullUrl)).size).to.equal(3);
  });

  it("refuses none, too many, and one twice", () => {
    const many = Array.from({ length: fhir.MAX_TESTS + 1 }, (_, i) => ({ name: `Test ${i}` }));
    for (const list of [
      [],
      many,
      [{ code: "718-7" }, { code: "718-7" }],
      [{ name: "Malaria" }, { name: "malaria " }],
    ]) {
      expectRefused(() => fhir.testList({ ...tests, tests: list }), "tests");
    }
  });
});

describe("reports", () => {
  it("says of each result where it lies", () => {
    const codes = observationsIn(EXAMPLES.report).map((each) => each.interpretation?.[0]?.coding?.[0]?.code);
    expect(codes).to.deep.equal(["L", "N", "N", undefined]);
  });

  it("counts the bounds in", () => {
    const within = { low: 4, high: 6 };
    expect([3.99, 4, 6, 6.01].map((value) => fhir.interpret(value, within))).to.deep.equal(["L", "N", "N", "H"]);
    expect(fhir.interpret(1, { text: "Not detected" })).to.equal(null);
  });

  it("names what it corrects, and must", () => {
    expect(fhir.previousIn(EXAMPLES.correction)).to.equal(RECORD);
    expect(fhir.previousIn(EXAMPLES.report)).to.equal(null);
    expectRefused(() => fhir.diagnosticReport({ ...report, status: "corrected" }), "previous");
  });

  it("is preliminary in its results while it is partial", () => {
    const partial = fhir.diagnosticReport({ ...report, status: "partial" });
    expect(partial.status).to.equal("partial");
    expect(new Set(observationsIn(partial).map(({ status }) => status))).to.have.all.keys("preliminary");
  });

  it("refuses ranges that end before they begin, and no results", () => {
    const [first] = report.results;
    const turned = { ...first!, range: { low: 2, high: 1 } };
    expectRefused(() => fhir.diagnosticReport({ ...report, results: [turned] }), "range");
    expectRefused(() => fhir.diagnosticReport({ ...report, results: [] }), "results");
  });
});

describe("notes", () => {
  it("abuse: markup in a note stays words", () => {
    const { text } = fhir.encounter({ ...note, note: `<script>alert(1)</script>&<img src=x onerror="y">` });
    expect(text?.div.replace(/^<div[^>]*><p>|<\/p><\/div>$/g, "")).not.to.match(/[<>"]/);
  });
});

describe("bills", () => {
  it("sums to the last cent, and is read back as what was billed", () => {
    expect(fhir.sumOf(bill.items)).to.equal(10_648n);
    expect(EXAMPLES.bill.total).to.deep.equal({ value: 106.48, currency: "EUR" });
    const read = fhir.readClaim(EXAMPLES.bill);
    expect(read).to.include({
      visitId: VISIT,
      amount: 10_648n,
      policyId: bill.policyId,
      insurer: bill.insurer.account,
    });
    expect(read.items.map(({ code, net }) => [code, net])).to.deep.equal([
      ["consultation", 8_050n],
      ["laboratory", 2_598n],
    ]);
    expect(read.records).to.deep.equal([RECORD]);
  });

  it("gives every amount back that JSON holds", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 0, max: 6 }), (amount, decimals) => {
        const currency = { code: "EUR", decimals };
        expect(fhir.minorOf(fhir.moneyOf(amount, currency), currency)).to.equal(amount);
      }),
    );
  });

  it("abuse: refuses amounts that a JSON number would round", () => {
    for (const amount of [-1n, 2n ** 53n, 2n ** 96n - 1n, 2n ** 256n - 1n]) {
      expectRefused(() => fhir.moneyOf(amount), "amount");
    }
    expect(fhir.minorOf({ value: 1.005, currency: "EUR" })).to.equal(null);
    expect(fhir.minorOf({ value: 1, currency: "USD" })).to.equal(null);
    expect(fhir.minorOf({ value: 1e21, currency: "EUR" })).to.equal(null);
  });

  it("refuses an empty bill, and one that ends before it begins", () => {
    expectRefused(() => fhir.claim({ ...bill, items: [] }), "items");
    expectRefused(() => fhir.claim({ ...bill, from: bill.until + 1 }), "from");
  });
});

describe("decisions", () => {
  it("is read back as what was decided", () => {
    expect(fhir.readClaimResponse(EXAMPLES.decision)).to.include({
      visitId: VISIT,
      billed: 10_648n,
      eligible: 8_050n,
      reason: 4,
      note: decision.note,
    });
  });

  it("needs a reason for less than all, and has none for all", () => {
    expectRefused(() => fhir.claimResponse({ ...decision, reason: 0 }), "reason");
    expectRefused(() => fhir.claimResponse({ ...decision, eligible: decision.billed }), "reason");
    expectRefused(() => fhir.claimResponse({ ...decision, eligible: decision.billed + 1n }), "eligible");
    expectRefused(() => fhir.claimResponse({ ...decision, reason: 99 }), "reason");
  });
});

describe("ids, names and times", () => {
  it("abuse: refuses what is no id, so that no name gets there", () => {
    for (const patientId of ["0x12", "Amina Rahman", `0x${"A1".repeat(32)}`]) {
      expectRefused(() => fhir.encounter({ ...note, patientId: patientId as `0x${string}` }), "patient");
    }
    expectRefused(() => fhir.encounter({ ...note, author: { account: VISIT } }), "account");
  });

  it("refuses control characters and what is too long, without quoting it", () => {
    for (const text of ["a\u0000b", "a\u001bb", "x".repeat(20_001), "  "]) {
      expectRefused(() => fhir.encounter({ ...note, note: text }), "note");
    }
  });

  it("refuses times outside the calendar", () => {
    for (const time of [NaN, Infinity, 1.5, 253_402_300_800]) expectRefused(() => fhir.instantOf(time), "time");
    expect(fhir.instantOf(0)).to.equal("1970-01-01T00:00:00Z");
    expect(fhir.secondsOf("2026-11-21T12:00:00+02:00")).to.equal(NOW);
    expect(fhir.secondsOf("2026-11-21")).to.equal(null);
  });
});
