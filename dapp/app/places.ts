/** The places of the DApp, and who finds which of them in the rail. */
import {
  IconBell,
  IconBuildingHospital,
  IconCalendarEvent,
  IconDoorEnter,
  IconFileInvoice,
  IconFileText,
  IconPill,
  IconPlugConnected,
  IconQrcode,
  IconRosetteDiscountCheck,
  IconSettings,
  IconShieldCheck,
  IconStethoscope,
  IconTestPipe,
  IconUserPlus,
  IconUsers,
  IconUsersGroup,
  type Icon,
} from "@tabler/icons-react";

import type { Role } from "../../sdk/index.js";
import type { Identity } from "../lib/identity.js";

/** A place in the rail. */
export interface Place {
  to: string;
  label: string;
  icon: Icon;
  /** Left out on narrow screens, where there is room for five. */
  isWideOnly?: boolean;
}

const RECORD: Place = { to: "/record", label: "Record", icon: IconFileText };
const ACCESS: Place = { to: "/access", label: "Access", icon: IconUsers };
const VISITS: Place = { to: "/visits", label: "Visits", icon: IconQrcode };
const DESK: Place = { to: "/desk", label: "Desk", icon: IconDoorEnter };
const TODAY: Place = { to: "/today", label: "Today", icon: IconCalendarEvent };
const BENCH: Place = { to: "/bench", label: "Bench", icon: IconTestPipe };
const CLAIMS: Place = { to: "/claims", label: "Claims", icon: IconFileInvoice };
const COUNTER: Place = { to: "/counter", label: "Counter", icon: IconPill };
const INSURANCE: Place = { to: "/insurance", label: "Insurance", icon: IconShieldCheck };
const PATIENTS: Place = { to: "/patients", label: "Patients", icon: IconStethoscope };
const ORGANISATIONS: Place = { to: "/organisations", label: "Organisations", icon: IconBuildingHospital };
const STAFF: Place = { ...ORGANISATIONS, label: "Staff", icon: IconUsersGroup };
const ACCREDITATION: Place = { ...ORGANISATIONS, label: "Accreditation" };
const REGISTER_ORGANISATION: Place = { ...ORGANISATIONS, label: "Organisation" };
const VERIFY: Place = { to: "/verify", label: "Verify", icon: IconRosetteDiscountCheck };
const ACCOUNT: Place = { to: "/account", label: "Account", icon: IconSettings };
const REGISTER: Place = { to: "/register", label: "Register", icon: IconUserPlus };
/** Everybody's, beside the other places: the bell. */
export const INBOX: Place = { to: "/inbox", label: "Inbox", icon: IconBell };
const CONNECT: Place = { to: "/connect", label: "Connect", icon: IconPlugConnected };

/** The places for whoever is connected. `identity` is undefined as long as it isn't known. */
export function placesFor(isConnected: boolean, identity: Identity | undefined): Place[] {
  if (!isConnected) return [CONNECT, VERIFY];
  if (!identity) return [VERIFY, ACCOUNT];
  const isPatient = identity.patientId !== null;
  const role = identity.participant?.role;
  const isInsurer = role === "insurer";
  const organisations = organisationsOf(identity);
  const places = [
    ...(isPatient ? [RECORD, ACCESS, VISITS] : []),
    ...workOf(role),
    ...(!isPatient && !identity.participant && !identity.isRoot ? [REGISTER] : []),
    ...(isPatient || isInsurer ? [INSURANCE] : []),
    ...(accredits(identity) ? organisations : []),
    ...(!isPatient || identity.participant ? [PATIENTS] : []),
    ...(accredits(identity) ? [] : organisations),
    VERIFY,
    ACCOUNT,
  ];
  const spare = places.length > 6 ? [VERIFY, ...organisations] : places.length > 5 ? [VERIFY] : [];
  return places.map((place) => (spare.includes(place) ? { ...place, isWideOnly: true } : place));
}

/** Where somebody of this role does their daily work, if it has a place of its own. */
function workOf(role: Role | undefined): Place[] {
  switch (role) {
    case "hospital":
      return [DESK];
    case "doctor":
      return [TODAY];
    case "laboratory":
      return [BENCH];
    case "pharmacy":
      return [COUNTER];
    case "insurer":
      return [CLAIMS];
    default:
      return [];
  }
}

/** The place of accreditations, under the name that it has for this person; none for somebody who is only a patient. */
function organisationsOf({ isRoot, participant, patientId }: Identity): Place[] {
  if (isRoot || participant?.role === "health authority") return [ORGANISATIONS];
  if (participant) return [participant.role === "hospital" ? STAFF : ACCREDITATION];
  return patientId === null ? [REGISTER_ORGANISATION] : [];
}

/** Whether vouching for others is this account's work. */
function accredits({ isRoot, participant }: Identity): boolean {
  return isRoot || ["health authority", "hospital"].includes(participant?.role ?? "none");
}

/** Where somebody starts. */
export function homeOf(identity: Identity): string {
  if (identity.patientId !== null) return RECORD.to;
  if (identity.participant?.role === "hospital") return DESK.to;
  if (accredits(identity) || identity.participant?.role === "civil registry") return ORGANISATIONS.to;
  if (identity.key === null && identity.participant === null) return REGISTER.to;
  const role = identity.participant?.role;
  if (role === "insurer") return INSURANCE.to;
  return (workOf(role)[0] ?? PATIENTS).to;
}
