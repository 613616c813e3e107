/** Offering a policy, as an insurer: what is shown and what is signed stand together. */
import type { Disclosure, PolicyDraft, PolicyId, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { day } from "../../lib/text.js";
import { transact } from "../../lib/transactions.js";

/** What offering tells whom. */
export async function discloseOffer(
  draft: Pick<PolicyDraft, "patientId" | "from" | "until" | "previous" | "terms"> & { title: string },
  insurerName: string,
): Promise<Disclosure> {
  const { discloseIssue } = await loadSdk();
  const { patientId, title, from, until, previous, terms } = draft;
  return discloseIssue(
    { patientId, title, from, until, isNextVersion: previous !== undefined, hasTerms: terms !== undefined },
    { insurerName, formatDay: day },
  );
}

/** Stores the files and offers the policy. @returns its id, or null when it didn't come through */
export async function offer(session: Session, draft: PolicyDraft): Promise<PolicyId | null> {
  const issued = await transact(
    { topic: "insurance/issue", title: "Offering the policy", account: session.account },
    async ({ onStatus }) => {
      const { issuePolicy } = await loadSdk();
      return issuePolicy(session, draft, { onStatus });
    },
  );
  return issued?.policyId ?? null;
}

/** A schedule as a form is filled in. */
export interface ScheduleFields {
  insured: string;
  card: string;
  remarks: string;
}

/** The form as a FHIR R4 Coverage resource (hl7.org/fhir/R4/coverage.html), which any program of a hospital can read. */
export function coverageOf(
  { insured, card, remarks }: ScheduleFields,
  policy: { title: string; insurerName: string; from: number; until: number },
): Uint8Array {
  const isoDay = (time: number) => new Date(time * 1_000).toISOString().slice(0, 10);
  const resource = {
    resourceType: "Coverage",
    ...(remarks.trim() === ""
      ? {}
      : {
          text: {
            status: "generated",
            div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${escaped(remarks)}</p></div>`,
          },
        }),
    status: "active",
    subscriberId: card.trim(),
    beneficiary: { display: insured.trim() },
    period: { start: isoDay(policy.from), end: isoDay(policy.until) },
    payor: [{ display: policy.insurerName }],
    class: [
      {
        type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/coverage-class", code: "plan" }] },
        value: policy.title,
        name: policy.title,
      },
    ],
  };
  return new TextEncoder().encode(`${JSON.stringify(resource, null, 2)}\n`);
}

const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`).replace(/\s*\n\s*/g, "<br/>");
