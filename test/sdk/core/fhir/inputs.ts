/** Inputs of the builders: one of each that a person might write, and arbitrary ones. */
import { getAddress } from "ethers";
import fc from "fast-check";

import { fhir, type Address, type Hex } from "../../../../sdk/index.js";

const id = (byte: string): Hex => `0x${byte.repeat(32)}`;
const account = (byte: string) => getAddress(`0x${byte.repeat(20)}`) as Address;

/** 21 November 2026, 10:00 UTC. */
export const NOW = 1_795_255_200;
export const PATIENT = id("a1");
export const VISIT = id("b2");
export const ORDER = id("c3");
export const RECORD = id("d4");
export const POLICY = id("e5");
export const DOCTOR: fhir.Party = { account: account("d0"), name: "Dr. Elena Rossi" };
export const HOSPITAL: fhir.Party = { account: account("05"), name: "St. Mary's Hospital" };
export const LABORATORY: fhir.Party = { account: account("1a"), name: "North Laboratory" };
export const PHARMACY: fhir.Party = { account: account("fa") };
export const INSURER: fhir.Party = { account: account("15"), name: "Aurora Insurance" };

const order = { orderId: ORDER, patientId: PATIENT, time: NOW };

export const prescription: fhir.Prescription = {
  ...order,
  visitId: VISIT,
  author: DOCTOR,
  medicine: { name: "Amoxicillin 500 mg capsule", rxnorm: "723" },
  dose: { value: 1, unit: "{capsule}", label: "capsule" },
  frequency: 3,
  period: 1,
  periodUnit: "d",
  duration: { value: 7, unit: "d" },
  note: "after food",
  fills: 2,
  quantity: { value: 21, unit: "{capsule}", label: "capsules" },
  until: NOW + 30 * 86_400,
  reason: "Sore throat",
};

export const dispensing: fhir.Dispensing = {
  ...order,
  author: PHARMACY,
  medicine: prescription.medicine,
  quantity: { value: 21, unit: "{capsule}", label: "capsules" },
  days: 7,
  note: "Told to finish the packet.",
};

export const tests: fhir.TestList = {
  ...order,
  visitId: VISIT,
  author: DOCTOR,
  tests: [{ code: "718-7" }, { code: "2345-7" }, { name: "Malaria, thick film" }],
  priority: "urgent",
  reason: "Fever for five days",
  note: "Fasting",
};

export const report: fhir.Report = {
  ...order,
  visitId: VISIT,
  author: LABORATORY,
  status: "final",
  sampled: NOW - 7_200,
  results: [
    { test: { code: "718-7" }, value: { value: 9.8, unit: "g/dL" }, range: { low: 12, high: 15.5 } },
    { test: { code: "2345-7" }, value: { value: 92, unit: "mg/dL" }, range: { low: 70, high: 140 } },
    { test: { name: "Malaria, thick film" }, value: "No parasites seen", interpretation: "N" },
    { test: { code: "630-4" }, value: { missing: "not-performed" }, note: "No sample came." },
  ],
  conclusion: "Anaemia.",
};

export const note: fhir.VisitNote = {
  visitId: VISIT,
  patientId: PATIENT,
  author: DOCTOR,
  hospital: HOSPITAL,
  kind: "AMB",
  from: NOW - 3_600,
  until: NOW,
  reasons: ["Fever"],
  diagnoses: ["Tonsillitis"],
  note: 'Throat red, no abscess.\nT < 38.5 & falling.\n\n"Come back" if it isn\'t better in 3 days.',
};

export const bill: fhir.Bill = {
  visitId: VISIT,
  patientId: PATIENT,
  policyId: POLICY,
  hospital: HOSPITAL,
  insurer: INSURER,
  doctor: DOCTOR,
  items: [
    { code: "consultation", text: "First consultation", quantity: 1, unitPrice: 8_050n },
    { code: "laboratory", text: "Blood count", quantity: 2, unitPrice: 1_299n },
  ],
  records: [RECORD],
  from: NOW - 3_600,
  until: NOW,
  time: NOW + 60,
};

export const decision: fhir.ClaimDecision = {
  visitId: VISIT,
  patientId: PATIENT,
  hospital: HOSPITAL,
  insurer: INSURER,
  time: NOW + 120,
  billed: 10_648n,
  eligible: 8_050n,
  deductible: 5_000n,
  coPayment: 305n,
  paid: 2_745n,
  reason: 4,
  note: "The blood count's report is missing.",
};

/** One resource of each kind, as people write it. */
export const EXAMPLES = {
  prescription: fhir.medicationRequest(prescription),
  dispensing: fhir.medicationDispense(dispensing),
  "test list": fhir.testList(tests),
  report: fhir.diagnosticReport(report),
  correction: fhir.diagnosticReport({ ...report, status: "corrected", previous: RECORD }),
  note: fhir.encounter(note),
  bill: fhir.claim(bill),
  decision: fhir.claimResponse(decision),
};

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((each): Hex => `0x${Buffer.from(each).toString("hex")}`);
const id32 = hex(32);
const words = fc
  .string({ unit: "binary", minLength: 1, maxLength: 60 })
  .map((text) => `w${text.replace(/[\p{Cc}\p{Cs}]/gu, "")}`);
const time = fc.integer({ min: 0, max: 4_102_444_800 });
const party: fc.Arbitrary<fhir.Party> = fc.record(
  { account: hex(20).map((each) => getAddress(each) as Address), name: words },
  { requiredKeys: ["account"] },
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const number = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((each) => each / 1_000);
const amount: fc.Arbitrary<fhir.Amount> = fc.record({
  value: number,
  unit: fc.constantFrom("mg/dL", "{capsule}", "mL", "10*3/uL"),
  label: maybe(words),
});
const dose = amount.map((each) => ({ ...each, value: Math.abs(each.value) + 0.5 }));
const test: fc.Arbitrary<fhir.TestOrdered> = fc.oneof(
  fc.constantFrom(...fhir.LAB_TESTS).map(({ code }) => ({ code })),
  words.map((name) => ({ name })),
);
const keyOf = ({ code, name = "" }: fhir.TestOrdered) => code ?? name.normalize("NFC").trim().toLowerCase();
const testsOf = fc.uniqueArray(test, { minLength: 1, maxLength: 8, selector: keyOf });
const medicine = fc.oneof(
  fc.constantFrom(...fhir.MEDICINES).map((each) => ({ name: fhir.medicineName(each), rxnorm: each.rxnorm })),
  words.map((name) => ({ name })),
);
const unit = fc.constantFrom("h" as const, "d" as const, "wk" as const, "mo" as const);
const count = fc.integer({ min: 1, max: 500 });
const range = fc
  .tuple(number, number)
  .map(([one, other]) => ({ low: Math.min(one, other), high: Math.max(one, other) }));
const result: fc.Arbitrary<fhir.Result> = fc.record(
  {
    test,
    value: fc.oneof(
      amount,
      words,
      fc.constantFrom("unknown" as const, "not-performed" as const, "error" as const).map((missing) => ({ missing })),
    ),
    range: fc.oneof(
      range,
      range.map(({ low }) => ({ low })),
      words.map((text) => ({ text })),
    ),
    interpretation: fc.constantFrom(...(Object.keys(fhir.INTERPRETATIONS) as fhir.Interpretation[])),
    note: words,
  },
  { requiredKeys: ["test", "value"] },
);
const items = fc.array(
  fc.record({
    code: fc.constantFrom(...fhir.CLAIM_ITEMS.map(({ code }) => code)),
    text: words,
    quantity: count,
    unitPrice: fc.bigInt({ min: 0n, max: 10n ** 9n }),
  }),
  { minLength: 1, maxLength: 10 },
);

/** Any resource that a builder writes. */
export const anyResource = fc.oneof(
  fc
    .record({
      orderId: id32,
      visitId: id32,
      patientId: id32,
      author: party,
      time,
      medicine,
      dose,
      frequency: count,
      period: count,
      periodUnit: unit,
      duration: maybe(fc.record({ value: count, unit })),
      asNeeded: maybe(words),
      route: maybe(words),
      note: maybe(words),
      fills: count,
      quantity: maybe(dose),
      reason: maybe(words),
      until: fc.constant(4_102_444_801),
    })
    .map(fhir.medicationRequest),
  fc
    .record({
      orderId: id32,
      patientId: id32,
      author: party,
      time,
      medicine,
      quantity: dose,
      days: maybe(count),
      note: maybe(words),
    })
    .map(fhir.medicationDispense),
  fc
    .record({
      orderId: id32,
      visitId: id32,
      patientId: id32,
      author: party,
      time,
      tests: testsOf,
      priority: maybe(fc.constantFrom("routine" as const, "urgent" as const)),
      reason: maybe(words),
      note: maybe(words),
    })
    .map(fhir.testList),
  fc
    .record({
      orderId: id32,
      visitId: maybe(id32),
      patientId: id32,
      author: party,
      time,
      sampled: time,
      previous: id32,
      status: fc.constantFrom("partial" as const, "final" as const, "amended" as const, "corrected" as const),
      results: fc.array(result, { minLength: 1, maxLength: 8 }),
      conclusion: maybe(words),
    })
    .map(fhir.diagnosticReport),
  fc
    .record({
      visitId: id32,
      patientId: id32,
      author: party,
      hospital: maybe(party),
      from: time,
      until: fc.constant(4_102_444_801),
      kind: fc.constantFrom(...(Object.keys(fhir.ENCOUNTER_CLASSES) as fhir.EncounterClass[])),
      note: words,
      reasons: fc.array(words, { maxLength: 3 }),
      diagnoses: fc.array(words, { maxLength: 3 }),
    })
    .map(fhir.encounter),
  fc
    .record({
      visitId: id32,
      patientId: id32,
      policyId: id32,
      hospital: party,
      insurer: party,
      doctor: maybe(party),
      items,
      records: fc.array(id32, { maxLength: 5 }),
      from: time,
      until: fc.constant(4_102_444_801),
      time,
    })
    .map(fhir.claim),
  fc
    .record({
      visitId: id32,
      patientId: id32,
      hospital: party,
      insurer: party,
      time,
      billed: fc.bigInt({ min: 2n, max: 10n ** 13n }),
      note: maybe(words),
      deductible: maybe(fc.constant(1n)),
      code: fc.constantFrom(...fhir.REASONS.map(({ code }) => code)),
      part: fc.constantFrom(0n, 1n, 2n),
    })
    .map(({ part, code, ...each }) =>
      fhir.claimResponse({ ...each, eligible: (each.billed * part) / 2n, reason: part === 2n ? 0 : code }),
    ),
);
