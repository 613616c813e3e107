/**
 * What laboratory and pharmacy do with a visit's orders: steps 10 to 14 of seed 002 (002-28 to 002-32), and the way of the
 * prescription beside them (004-11).
 */
import {
  chainTime,
  chooseFulfiller,
  decodeCode,
  encodeCode,
  fhir,
  openOrder,
  orderById,
  readRecord,
  reportOnOrder,
  requestOrder,
  verifyRecord,
  type RecordId,
} from "../../sdk/index.js";
import type { Player } from "./people.js";
import type { Patient } from "./registering.js";
import { hashes, type Tell } from "./story.js";

/** Sodium, potassium and creatinine in serum, by their LOINC codes. */
export const TESTS = ["2951-2", "2823-3", "2160-0"] as const;

/** Steps 10 to 14: the laboratory scans, asks, is chosen, opens the list, and reports. */
export async function examine(
  { patient, laboratory }: { patient: Patient; laboratory: Player },
  testList: RecordId,
  tell: Tell,
): Promise<RecordId> {
  const { session, persona } = laboratory;
  const code = encodeCode("order", testList);
  tell({
    step: "10",
    who: patient.persona.name,
    what: `shows the test list's QR at ${persona.name}`,
    facts: { QR: code },
  });

  const orderId = decodeCode(code, "order");
  const asked = await requestOrder(session, orderId);
  const chosen = await chooseFulfiller(patient.session, orderId, session.account);
  tell({
    step: "11",
    who: persona.name,
    what: `asks for the list; ${patient.persona.name} agrees`,
    transactions: [asked.hash, chosen.hash],
  });

  const opened = await openOrder(session, orderId);
  const { order, orderId: id } = opened;
  tell({ step: "12", who: persona.name, what: "is verified, and opens the list and nothing else", facts: { T_D: id } });

  const time = await chainTime(session.chain);
  const values = [139, 4.2, 0.9];
  const units = ["mmol/L", "mmol/L", "mg/dL"];
  const resource = fhir.diagnosticReport({
    orderId,
    visitId: order.visitId,
    patientId: order.patientId,
    author: { account: session.account, name: persona.name },
    status: "final",
    sampled: time,
    time,
    results: TESTS.map((test, i) => ({
      test: { code: test },
      value: { value: values[i] ?? 0, unit: units[i] ?? "1" },
    })),
    conclusion: "Within the usual ranges.",
  });
  const reported = await reportOnOrder(session, opened, await fhir.writeFhir(resource), "final");
  tell({
    step: "13",
    who: persona.name,
    what: "sends the report U_R",
    transactions: hashes(reported),
    facts: { U_R: reported.recordId },
  });

  const checks = await verifyRecord(patient.session, reported.recordId);
  const read = await readRecord(patient.session, reported.recordId);
  tell({
    step: "14",
    who: "Cloud",
    what: `holds the report, sealed; ${patient.persona.name} opens it`,
    facts: {
      checks: `${checks.filter(({ ok }) => ok).length} of ${checks.length} hold`,
      bytes: String(read.content.length),
    },
  });
  return reported.recordId;
}

/** The prescription's way: the patient chooses a pharmacy, which dispenses. */
export async function dispense(
  { patient, pharmacy }: { patient: Patient; pharmacy: Player },
  prescription: RecordId,
  tell: Tell,
): Promise<void> {
  const { session, persona } = pharmacy;
  const chosen = await chooseFulfiller(patient.session, prescription, session.account);
  const opened = await openOrder(session, prescription);
  const time = await chainTime(session.chain);
  const resource = fhir.medicationDispense({
    orderId: prescription,
    patientId: patient.patientId,
    author: { account: session.account, name: persona.name },
    time,
    medicine: { name: "Amoxicillin 500 mg capsule" },
    quantity: { value: 21, unit: "{capsule}" },
    days: 7,
  });
  const dispensed = await reportOnOrder(session, opened, await fhir.writeFhir(resource), "final");
  const { done, fills } = await orderById(session, prescription);
  tell({
    step: "",
    who: persona.name,
    what: "dispenses the prescription",
    transactions: [chosen.hash, ...hashes(dispensed)],
    facts: { dispensed: `${done} of ${fills}` },
  });
}
