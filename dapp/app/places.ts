/** The places of the DApp, and who finds which of them in the rail. */
import {
  IconFileText,
  IconPlugConnected,
  IconRosetteDiscountCheck,
  IconSettings,
  IconShieldCheck,
  IconStethoscope,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";

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
const INSURANCE: Place = { to: "/insurance", label: "Insurance", icon: IconShieldCheck };
const PATIENTS: Place = { to: "/patients", label: "Patients", icon: IconStethoscope };
const VERIFY: Place = { to: "/verify", label: "Verify", icon: IconRosetteDiscountCheck };
const ACCOUNT: Place = { to: "/account", label: "Account", icon: IconSettings };
const CONNECT: Place = { to: "/connect", label: "Connect", icon: IconPlugConnected };

/** The places for whoever is connected. `identity` is undefined as long as it isn't known. */
export function placesFor(isConnected: boolean, identity: Identity | undefined): Place[] {
  if (!isConnected) return [CONNECT, VERIFY];
  if (!identity) return [VERIFY, ACCOUNT];
  const isPatient = identity.patientId !== null;
  const isInsurer = identity.participant?.role === "insurer";
  const places = [
    ...(isPatient ? [RECORD, ACCESS] : []),
    ...(isPatient || isInsurer ? [INSURANCE] : []),
    ...(!isPatient || identity.participant ? [PATIENTS] : []),
    VERIFY,
    ACCOUNT,
  ];
  return places.length > 5
    ? places.map((place) => (place === VERIFY ? { ...place, isWideOnly: true } : place))
    : places;
}

/** Where somebody starts. */
export function homeOf(identity: Identity): string {
  if (identity.patientId !== null) return RECORD.to;
  return identity.participant?.role === "insurer" ? INSURANCE.to : PATIENTS.to;
}
