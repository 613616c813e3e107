/** A policy as an insurer fills it in: what is missing, and what would be offered. */
import { useQuery } from "@tanstack/react-query";

import type { Disclosure, IssuedPolicy, PatientId, PolicyDraft, PolicyFile, Terms } from "../../../sdk/index.js";
import { mediaTypeOf } from "../../components/document/kind.js";
import type { TermsFields } from "./draftTerms.js";
import { coverageOf, discloseOffer, type ScheduleFields } from "./issuePolicy.js";

/** The fields of the form. Times are days, as a date field has them. */
export interface Fields {
  patient: string;
  title: string;
  wording: PolicyFile | null;
  /** Of a next version: go on with the wording of the one before. */
  keepsWording: boolean;
  scheduleBy: "file" | "form";
  scheduleFile: PolicyFile | null;
  form: ScheduleFields;
  /** What is paid of bills. */
  terms: TermsFields;
  from: string;
  until: string;
}

const DAY_S = 86_400;

/** The day of a time as a date field has it. @param time Unix seconds */
export const dayOf = (time: number): string => new Date(time * 1_000).toISOString().slice(0, 10);

/** A year from a day on. */
const yearAfter = (time: number) => time + 365 * DAY_S;

/**
 * What the form begins with. `before` is the version that is followed, `isRenewal` whether after its end, `terms` those that
 * it begins with.
 */
export function initialFields(
  before: IssuedPolicy | undefined,
  isRenewal: boolean,
  title: string,
  terms: TermsFields,
): Fields {
  const now = Math.floor(Date.now() / 1_000);
  const from = before && isRenewal ? Math.max(before.end, now) : now;
  const until = before && !isRenewal ? before.until : yearAfter(from);
  return {
    patient: before?.patientId ?? "",
    title,
    wording: null,
    keepsWording: before !== undefined,
    scheduleBy: "file",
    scheduleFile: null,
    form: { insured: "", card: "", remarks: "" },
    terms,
    from: dayOf(from),
    until: dayOf(until),
  };
}

/** A chosen file. */
export async function policyFile(file: File): Promise<PolicyFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { bytes, fileName: file.name.slice(-255), mediaType: mediaTypeOf(bytes, file.type) };
}

/** What stops the form from being a policy, by field, in words; null for fields that are right or still empty. */
export function problemsOf({ patient, from, until }: Fields): Partial<Record<string, string>> {
  const isId = /^0x[0-9a-fA-F]{64}$/.test(patient.trim());
  const problems: Record<string, string | object> = {
    patient: patient !== "" && !isId ? "That isn't a whole pseudonym yet." : {},
    until: until !== "" && from !== "" && until <= from ? "The last day must come after the first." : {},
  };
  return Object.fromEntries(
    Object.entries(problems).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/**
 * The policy that the form describes, or null as long as something is missing.
 * @param kept the wording of the version before, if the form goes on with it
 * @param terms what the fields for claims come to
 */
export function draftOf(
  fields: Fields,
  {
    before,
    kept,
    insurerName,
    isRenewal,
    terms,
  }: {
    before: IssuedPolicy | undefined;
    kept: PolicyFile | undefined;
    insurerName: string;
    isRenewal: boolean;
    terms: Terms | null;
  },
): (PolicyDraft & { title: string }) | null {
  if (Object.keys(problemsOf(fields)).length > 0) return null;
  const title = fields.title.trim();
  const wording = fields.keepsWording ? kept : fields.wording;
  const from = startOf(fields.from, before && isRenewal ? before.end : undefined);
  const until = before && !isRenewal && fields.until === dayOf(before.until) ? before.until : endOf(fields.until);
  if (fields.terms.isBillable && !terms) return null;
  if (!title || !wording || !from || !until || fields.patient.trim() === "") return null;
  const schedule =
    fields.scheduleBy === "file" ? fields.scheduleFile : formSchedule(fields.form, { title, insurerName, from, until });
  if (!schedule) return null;
  const patientId = fields.patient.trim().toLowerCase() as PatientId;
  return {
    patientId,
    title,
    wording,
    schedule,
    from,
    until,
    ...(fields.terms.isBillable && terms ? { terms } : {}),
    ...(before ? { previous: before.policyId } : {}),
  };
}

/** What offering this tells whom. */
export function useOfferDisclosure(draft: (PolicyDraft & { title: string }) | null, insurerName: string) {
  return useQuery({
    queryKey: [
      "disclosure",
      "issue",
      draft?.patientId,
      draft?.title,
      draft?.from,
      draft?.until,
      draft?.terms !== undefined,
      insurerName,
    ],
    enabled: draft !== null,
    queryFn: (): Promise<Disclosure> => {
      if (!draft) throw new RangeError("no draft");
      return discloseOffer(draft, insurerName);
    },
  });
}

/** The beginning of a day where the insurer is: now if that is today, and exactly the end before if that is that day. */
function startOf(day: string, endBefore: number | undefined): number | null {
  if (endBefore !== undefined && day === dayOf(endBefore)) return endBefore;
  const start = Math.floor(new Date(`${day}T00:00:00`).getTime() / 1_000);
  return Number.isNaN(start) ? null : start;
}

/** The end of a day where the insurer is. */
function endOf(day: string): number | null {
  const end = Math.floor(new Date(`${day}T23:59:59`).getTime() / 1_000);
  return Number.isNaN(end) ? null : end;
}

function formSchedule(
  form: ScheduleFields,
  policy: { title: string; insurerName: string; from: number; until: number },
): PolicyFile | null {
  if (form.insured.trim() === "" || form.card.trim() === "") return null;
  return { bytes: coverageOf(form, policy), fileName: "schedule.json", mediaType: "application/fhir+json" };
}
