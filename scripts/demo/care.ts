/**
 * The fifteen steps of seed 002 on a running small world, as its personas: what `salus demo care` tells. Steps 1 to 5 are in
 * registering.ts; here is its figure 3, a visit from the QR to the paid bill (002-24 to 002-33).
 */
import {
  assignMember,
  billablePolicies,
  chainTime,
  chooseFulfiller,
  claimOf,
  closeVisit,
  collectFunds,
  confirmClaim,
  decideClaim,
  decodeCode,
  encodeCode,
  enterVisit,
  fhir,
  fundsOf,
  givePermit,
  openOrder,
  openVisit,
  orderById,
  ownDrawers,
  placeOrder,
  prepareBill,
  preparePermit,
  publishInVisit,
  readPermit,
  readRecord,
  recordById,
  reportOnOrder,
  requestOrder,
  submitBill,
  verifyRecord,
  visitRecords,
  type Hex,
  type Published,
  type Reader,
  type RecordId,
  type VisitId,
} from "../../sdk/index.js";
import { player, type Player } from "./people.js";
import { registered, type Patient, type Services } from "./registering.js";
import type { Tell } from "./story.js";

/** Where the story happens. */
export interface Stage extends Reader {
  services: Services;
  /** Folder of the personas' journals. */
  journals: string;
  tell: Tell;
}

/** What the story leaves behind. */
export interface Ending {
  patientId: Hex;
  visitId: VisitId;
  testList: RecordId;
  prescription: RecordId;
  report: RecordId;
}

interface Cast {
  patient: Patient;
  hospital: Player;
  doctor: Player;
  laboratory: Player;
  pharmacy: Player;
  insurer: Player;
}

const DAY = 86_400;
/** Sodium, potassium and creatinine in serum, by their LOINC codes. */
const TESTS = ["2951-2", "2823-3", "2160-0"] as const;

/** Plays all fifteen steps. */
export async function care({ services, journals, tell, ...reader }: Stage): Promise<Ending> {
  const patient = await registered(reader, services, journals, tell);
  const as = (id: string) => player(reader, id, journals);
  const [hospital, doctor, laboratory, pharmacy, insurer] = await Promise.all([
    as("hospital"),
    as("lee"),
    as("laboratory"),
    as("pharmacy"),
    as("insurer"),
  ]);
  const cast: Cast = { patient, hospital, doctor, laboratory, pharmacy, insurer };
  const visitId = await arrive(cast, tell);
  const written = await consult(cast, visitId, tell);
  const report = await examine(cast, written.testList, tell);
  await dispense(cast, written.prescription, tell);
  await settle(cast, visitId, tell);
  return { patientId: patient.patientId, visitId, ...written, report };
}

/** Steps 6 and 7: the QR, the token, the doctor. */
async function arrive({ patient, hospital, doctor }: Cast, tell: Tell): Promise<VisitId> {
  const { patientId, session } = patient;
  const drawers = (await ownDrawers(session, patientId)).filter(({ label }) => label === "medication");
  const request = { patientId, hospital: hospital.session.account, drawers, validFor: DAY, lasts: 7 * DAY };
  const given = await givePermit(session, await preparePermit(session, request));
  tell({
    step: "6",
    who: patient.persona.name,
    what: "shows a QR: a signed permit for this hospital",
    facts: { QR: given.code },
  });

  const permit = await readPermit(hospital.session, given.code);
  const opened = await openVisit(hospital.session, permit);
  const assigned = await assignMember(hospital.session, opened.visitId, doctor.session.account);
  tell({
    step: "7",
    who: hospital.persona.name,
    what: `scans it, opens the visit (the token TKN_D) and sends it to ${doctor.persona.name}`,
    transactions: [opened.receipt.hash, assigned.hash],
    facts: { TKN_D: opened.visitId },
  });
  return opened.visitId;
}

/** Steps 8 and 9: prescription and test list, sealed and stored; the test list gets a QR. */
async function consult(
  { patient, doctor }: Cast,
  visitId: VisitId,
  tell: Tell,
): Promise<{ testList: RecordId; prescription: RecordId }> {
  const { patientId } = patient;
  const { session, persona } = doctor;
  const access = await enterVisit(session, visitId);
  const time = await chainTime(session.chain);
  const author = { account: session.account, name: persona.name };
  const about = { visitId, patientId, author, time };
  const prescribed = await placeOrder(session, access, {
    drawer: "medication",
    document: async (orderId) =>
      fhir.writeFhir(
        fhir.medicationRequest({
          ...about,
          orderId,
          medicine: { name: "Amoxicillin 500 mg capsule" },
          dose: { value: 1, unit: "{capsule}" },
          frequency: 3,
          period: 1,
          periodUnit: "d",
          duration: { value: 7, unit: "d" },
          fills: 1,
        }),
      ),
    role: "pharmacy",
    fills: 1,
    until: time + 30 * DAY,
  });
  const ordered = await placeOrder(session, access, {
    drawer: "laboratory",
    document: async (orderId) =>
      fhir.writeFhir(fhir.testList({ ...about, orderId, tests: TESTS.map((code) => ({ code })) })),
    role: "laboratory",
    fills: 1,
    until: time + 30 * DAY,
  });
  const noted = await publishInVisit(
    session,
    access,
    "visits",
    await fhir.writeFhir(
      fhir.encounter({ visitId, patientId, author, kind: "AMB", from: time, note: "Sore throat for three days." }),
    ),
  );
  tell({
    step: "8",
    who: persona.name,
    what: "writes the prescription U_P, the test list T_D and a note",
    transactions: hashes(prescribed, ordered, noted),
  });
  const record = await recordById(session, ordered.recordId);
  tell({
    step: "9",
    who: "Cloud",
    what: "holds both, sealed; the test list gets a QR",
    facts: { payload: record.payload, QR: encodeCode("order", ordered.recordId) },
  });
  return { testList: ordered.recordId, prescription: prescribed.recordId };
}

/** Steps 10 to 14: the laboratory scans, asks, is chosen, opens the list, and reports. */
async function examine({ patient, laboratory }: Cast, testList: RecordId, tell: Tell): Promise<RecordId> {
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

/** The prescription's way, beside the fifteen steps: the patient chooses a pharmacy, which dispenses (004-11). */
async function dispense({ patient, pharmacy }: Cast, prescription: RecordId, tell: Tell): Promise<void> {
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

/** Step 15: the visit ends, the hospital bills, the patient looks, the insurer decides and pays. */
async function settle(cast: Cast, visitId: VisitId, tell: Tell): Promise<void> {
  const { patient, hospital, doctor, insurer } = cast;
  const closed = await closeVisit(hospital.session, visitId);
  const [cover] = await billablePolicies(hospital.session, visitId);
  if (!cover) throw new RangeError("no policy of the patient covers the visit");
  const records = (await visitRecords(hospital.session, visitId)).map(({ recordId }) => recordId);
  const prepared = await prepareBill(hospital.session, {
    visitId,
    policyId: cover.policy.policyId,
    ...cover.span,
    items: [
      { code: "consultation", text: "Consultation, internal medicine", quantity: 1, unitPrice: 6_500n },
      { code: "laboratory", text: "Three tests in serum", quantity: 3, unitPrice: 900n },
    ],
    records,
    doctor: doctor.session.account,
    doctorShare: 4_000,
  });
  const billed = await submitBill(hospital.session, prepared);
  tell({
    step: "15",
    who: hospital.persona.name,
    what: "closes the visit and sends the bill U_B to the insurer",
    transactions: [closed.hash, billed.hash],
    facts: { billed: String(prepared.bill.amount) },
  });

  const confirmed = await confirmClaim(patient.session, await claimOf(patient.session, visitId));
  tell({
    step: "15",
    who: patient.persona.name,
    what: "looks at the bill and confirms it",
    transactions: [confirmed.hash],
  });

  const claim = await claimOf(insurer.session, visitId);
  const decided = await decideClaim(insurer.session, claim, { eligible: claim.amount, reason: 0 });
  const { approved, fee } = await claimOf(insurer.session, visitId);
  tell({
    step: "15",
    who: insurer.persona.name,
    what: "approves it: what the terms give is paid in the same transaction",
    transactions: [decided.hash],
    facts: { paid: String(approved), "to doctor": String(fee) },
  });
  const { token } = prepared.terms;
  for (const { session, persona } of [hospital, doctor]) {
    const { deposited } = await fundsOf(session, token, session.account);
    if (deposited === 0n) continue;
    const collected = await collectFunds(session, { token });
    tell({
      step: "15",
      who: persona.name,
      what: "collects what is theirs",
      transactions: [collected.receipt.hash],
      facts: { amount: String(collected.amount) },
    });
  }
}

function hashes(...published: readonly Published[]): Hex[] {
  return published.flatMap(({ receipt }) => (receipt ? [receipt.hash] : []));
}
