/** What is typed into the forms of a visit: read to the last digit, or refused by the field. */
import { expect } from "chai";
import fc from "fast-check";

import {
  EMPTY_BILL,
  EMPTY_LINE,
  EMPTY_NOTE,
  EMPTY_PRESCRIPTION,
  EMPTY_TEST_LIST,
  numberIn,
  readBill,
  readNote,
  readPrescription,
  readTestList,
} from "../../dapp/components/fhir/drafts.js";
import { dispenseOf } from "../../dapp/components/fhir/dispense-draft.js";
import { emptyReport, readReport, type ResultDraft } from "../../dapp/components/fhir/report-draft.js";
import { tableOf, testListIn, testsOf, entriesOf } from "../../dapp/components/document/tables.js";
import type { Resource } from "../../dapp/components/document/fhir.js";
import { fhir, parseAmount } from "../../sdk/index.js";
import { EXAMPLES, NOW, prescription, report } from "../sdk/core/fhir/inputs.js";

describe("numbers as they are typed", () => {
  it("takes a point or a comma, and nothing else", () => {
    expect(["5", " 5.4 ", "5,4", "-1"].map(numberIn)).to.deep.equal([5, 5.4, 5.4, -1]);
    for (const text of ["", "5.", ".5", "1e3", "0x10", "1 000", "Infinity", "5.4.1", "१"])
      expect(numberIn(text), text).to.equal(null);
  });
});

describe("bills", () => {
  const token = { token: "0x5FbDB2315678afecb367f032d93F642f64180aa3", symbol: "dEUR", decimals: 2 } as const;
  const parse = (text: string) => {
    try {
      return parseAmount(text, token);
    } catch {
      return null;
    }
  };
  const money = { token, parse };
  const line = (quantity: string, price: string) => ({ ...EMPTY_LINE, text: "x", quantity, price });

  it("sums the lines as the builder does", () => {
    const { written } = readBill({ items: [line("1", "1,080.50"), line("2", "12.99")] }, money);
    expect(written?.sum).to.equal(110_648n);
    expect(fhir.sumOf(written?.items ?? [])).to.equal(110_648n);
  });

  it("says of each line what is wrong, and bills nothing meanwhile", () => {
    const { written, problems } = readBill({ items: [line("1", "1"), { ...line("0", "1.001"), text: " " }] }, money);
    expect(written).to.equal(null);
    expect(problems).to.have.all.keys("1.text", "1.quantity", "1.price");
    expect(readBill(EMPTY_BILL, money).written).to.equal(null);
    expect(readBill({ items: [line("1", "0")] }, money).problems).to.have.all.keys("items");
    expect(readBill({ items: [] }, money).problems).to.have.all.keys("items");
  });
});

describe("forms", () => {
  const about = { orderId: report.orderId, visitId: report.visitId!, patientId: report.patientId, time: NOW };
  const author = report.author;

  it("give what the builders take", () => {
    const list = readTestList({ ...EMPTY_TEST_LIST, tests: [{ code: "718-7", name: "Hemoglobin" }], reason: " " });
    expect(fhir.testList({ ...about, author, ...list.written! }).entry).to.have.length(1);
    const drug = readPrescription({
      ...EMPTY_PRESCRIPTION,
      medicine: "Ibuprofen 400 mg tablet",
      duration: "5",
      repeats: "2",
    });
    expect(drug.written?.fills).to.equal(3);
    expect(fhir.medicationRequest({ ...about, author, ...drug.written! }).dosageInstruction?.[0]?.text).to.equal(
      "1 tablet once a day for 5 days",
    );
    const text = readNote({ ...EMPTY_NOTE, note: "Well.", reasons: "Fever\n\n Cough " });
    expect(text.written?.reasons).to.deep.equal(["Fever", "Cough"]);
    expect(fhir.encounter({ ...about, author, from: NOW, ...text.written! }).reasonCode).to.have.length(2);
  });

  it("say what is missing", () => {
    expect(readTestList(EMPTY_TEST_LIST).problems).to.have.all.keys("tests");
    expect(readNote(EMPTY_NOTE).problems).to.have.all.keys("note");
    const wrong = {
      ...EMPTY_PRESCRIPTION,
      dose: "0",
      frequency: "25",
      period: "x",
      repeats: "-1",
      duration: "1.5",
      quantity: "0",
    };
    expect(readPrescription(wrong).problems).to.have.all.keys(
      "medicine",
      "dose",
      "frequency",
      "period",
      "repeats",
      "duration",
      "quantity",
    );
  });
});

describe("a pharmacy's form", () => {
  it("begins with the quantity of the prescription, or with the unit in which it is taken", () => {
    const { dispenseRequest, ...without } = fhir.medicationRequest({
      ...prescription,
      dose: { value: 1, unit: "{capsule}" },
      quantity: { value: 20, unit: "mL" },
    });
    expect(dispenseOf({ ...without, dispenseRequest: dispenseRequest ?? {} })).to.include({
      quantity: "20",
      unit: "mL",
    });
    expect(dispenseOf(without)).to.include({ quantity: "", unit: "{capsule}" });
  });
});

describe("a laboratory's form", () => {
  const tests: fhir.TestOrdered[] = [{ code: "718-7" }, { code: "600-7" }, { name: "Malaria, thick film" }];
  const draft = emptyReport(tests, fhir, NOW);
  const filled = (...values: Partial<ResultDraft>[]) => ({
    ...draft,
    results: draft.results.map((each, i) => ({ ...each, ...values[i] })),
  });

  it("begins with the units and ranges of the list", () => {
    expect(draft.results.map(({ kind, unit, low, high, normal }) => [kind, unit, low, high, normal])).to.deep.equal([
      ["number", "g/dL", "12", "17.5", ""],
      ["words", "", "", "", "No growth"],
      ["words", "", "", "", ""],
    ]);
    expect(readReport(draft, NOW + 60).written).to.equal(null);
  });

  it("leaves out of a partial report what is still to come, and out of a final one nothing", () => {
    const some = filled({ value: "9,8" });
    expect(readReport(some, NOW + 60).problems).to.have.all.keys("1.value", "2.value");
    const { written } = readReport({ ...some, status: "partial" }, NOW + 60);
    expect(written?.results).to.have.length(1);
    const whole = filled({ value: "9,8" }, { kind: "missing" }, { value: "Not seen" });
    const resource = fhir.diagnosticReport({ ...report, ...readReport(whole, NOW + 60).written! });
    expect(resource.result).to.have.length(3);
    expect(JSON.stringify(resource.contained?.[0])).to.contain('"code":"L"');
  });

  it("refuses samples from the future, turned ranges and words for numbers", () => {
    const wrong = { ...filled({ value: "many", low: "5", high: "4" }), sampled: "2099-01-01T00:00" };
    expect(readReport(wrong, NOW).problems).to.include.keys("sampled", "0.value", "0.low");
    expect(readReport({ ...draft, sampled: "" }, NOW).problems).to.include.keys("sampled");
  });
});

describe("documents of a visit as tables", () => {
  const words = (resource: unknown) =>
    tableOf(resource as Resource)?.rows.map((row) => row.map(({ text, reading }) => reading ?? text));

  it("shows results with their ranges and readings", () => {
    expect(words(EXAMPLES.report)).to.deep.equal([
      ["Hemoglobin", "9.8 g/dL", "12 to 15.5 g/dL", "L", ""],
      ["Glucose", "92 mg/dL", "70 to 140 mg/dL", "N", ""],
      ["Malaria, thick film", "No parasites seen", "–", "N", ""],
      ["Urine culture", "not done", "–", "", "No sample came."],
    ]);
  });

  it("shows a bill with its sum, and a decision with its reason", () => {
    expect(words(EXAMPLES.bill)?.map(([what, kind, many]) => [what, kind, many])).to.deep.equal([
      ["First consultation", "Consultation", "1"],
      ["Blood count", "Laboratory test", "2"],
    ]);
    expect(tableOf(EXAMPLES.bill as unknown as Resource)?.foot?.at(-1)?.text).to.match(/106[.,]48/);
    expect(words(EXAMPLES.decision)?.[1]).to.include.members(["Acknowledged", fhir.reasonText(4)]);
  });

  it("shows a test list as one, and other bundles as what they hold", () => {
    const entries = entriesOf(EXAMPLES["test list"] as unknown as Resource, 100);
    expect(testsOf(testListIn(entries) ?? []).rows.map(([test, code]) => [test?.text, code?.text])).to.deep.equal([
      ["Hemoglobin", "LOINC 718-7"],
      ["Glucose", "LOINC 2345-7"],
      ["Malaria, thick film", "in words"],
    ]);
    expect(testListIn([{ resourceType: "Patient" }])).to.equal(null);
    expect(testListIn([])).to.equal(null);
  });

  it("abuse: never falls over what isn't FHIR", () => {
    const kinds = fc.constantFrom("DiagnosticReport", "Claim", "ClaimResponse", "Bundle", "MedicationRequest");
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), kinds, (one, other, resourceType) => {
        const fields = ["contained", "item", "adjudication", "total", "entry", "dispenseRequest", "code"];
        const resource = Object.fromEntries(fields.map((field, i) => [field, i % 2 === 0 ? one : [other]]));
        tableOf({ ...resource, resourceType });
        entriesOf({ ...resource, resourceType }, 10);
      }),
    );
  });
});
