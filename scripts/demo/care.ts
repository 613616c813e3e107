/**
 * The fifteen steps of seed 002 on a running small world, as its personas: what `salus demo care` tells. Steps 1 to 5 are in
 * registering.ts; here a visit is opened and the doctor writes (002-24 to 002-27); fulfilling.ts and settling.ts go on.
 */
import {
  assignMember,
  chainTime,
  encodeCode,
  enterVisit,
  fhir,
  givePermit,
  openVisit,
  ownDrawers,
  placeOrder,
  preparePermit,
  publishInVisit,
  readPermit,
  recordById,
  type Hex,
  type Reader,
  type RecordId,
  type VisitId,
} from "../../sdk/index.js";
import { dispense, examine, TESTS } from "./fulfilling.js";
import { player, type Player } from "./people.js";
import { registered, type Patient, type Services } from "./registering.js";
import { settle } from "./settling.js";
import { hashes, type Tell } from "./story.js";

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
