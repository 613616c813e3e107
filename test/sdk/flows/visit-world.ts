import {
  assignMember,
  chainTime,
  drawerByLabel,
  givePermit,
  openVisit,
  preparePermit,
  readPermit,
  type Document,
  type Drawer,
  type GivenPermit,
  type ScopeLabel,
  type Session,
  type VisitId,
} from "../../../sdk/index.js";
import { utf8 } from "../../../sdk/core/bytes.js";
import { startTown, type PatientSession, type Town, type Unlocked } from "../../world.js";

export const HOUR = 3_600;
export const DAY = 24 * HOUR;

/** A town where people are treated: a second hospital with a doctor, a laboratory outside, pharmacies, a second patient. */
export interface CareTown extends Town {
  otherHospital: Unlocked;
  otherDoctor: Unlocked;
  /** Accredited by the health authority itself: of no hospital. */
  otherLaboratory: Unlocked;
  /** Of no hospital. */
  pharmacy: Unlocked;
  bashir: PatientSession;
}

/** Starts a town with all that a visit needs. */
export async function startCareTown(): Promise<CareTown> {
  const town = await startTown();
  const authority = await town.session(2);
  const otherHospital = await town.participant(11, authority, "hospital", "Hill Hospital");
  const otherDoctor = await town.participant(12, otherHospital, "doctor", "Dr Elif Kaya");
  const otherLaboratory = await town.participant(13, authority, "laboratory", "Hill Laboratory");
  const pharmacy = await town.participant(14, authority, "pharmacy", "Harbour Pharmacy");
  const bashir = await town.patient(9, town.registry, "Bashir Khan");
  return { ...town, otherHospital, otherDoctor, otherLaboratory, pharmacy, bashir };
}

/** The patient's drawers with these labels. */
export async function drawersOf(patient: PatientSession, ...labels: ScopeLabel[]): Promise<Drawer[]> {
  return Promise.all(labels.map((label) => drawerByLabel(patient, patient.patientId, label)));
}

/** Gives a permit. */
export async function permitFor(
  patient: PatientSession,
  hospital: Session,
  { readable = [], validFor = HOUR, lasts = DAY }: { readable?: ScopeLabel[]; validFor?: number; lasts?: number } = {},
): Promise<GivenPermit> {
  const drawers = await drawersOf(patient, ...readable);
  const request = { patientId: patient.patientId, hospital: hospital.account, drawers, validFor, lasts };
  return givePermit(patient, await preparePermit(patient, request));
}

/** Gives a permit, opens the visit and assigns members. */
export async function visitOf(
  patient: PatientSession,
  hospital: Session,
  { members = [], ...permit }: { members?: Session[]; readable?: ScopeLabel[]; validFor?: number; lasts?: number } = {},
): Promise<VisitId> {
  const { code } = await permitFor(patient, hospital, permit);
  const { visitId } = await openVisit(hospital, await readPermit(hospital, code));
  for (const { account } of members) await assignMember(hospital, visitId, account);
  return visitId;
}

/** A plain text document. */
export const note = (text: string, title = "Note"): Document => ({
  content: utf8(text),
  fileName: "note.txt",
  mediaType: "text/plain",
  title,
});

/** What a document says. */
export const textOf = ({ content }: { content: Uint8Array }): string => new TextDecoder().decode(content);

/** A day from now on chain. */
export const tomorrow = async ({ chain }: Session): Promise<number> => (await chainTime(chain)) + DAY;
