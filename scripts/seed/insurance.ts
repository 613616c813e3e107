/** The demo's insurance: one public wording, and a schedule a patient. */
import { readFile } from "node:fs/promises";

import type { PolicyFile } from "../../sdk/index.js";
import type { Persona } from "./personas.js";

/** What the insurer sells. */
export type InsurancePlan = "Care Plus" | "Care Plus Dental";

/** The wording, the same for everyone. */
export async function wording(): Promise<PolicyFile> {
  const bytes = new Uint8Array(await readFile(new URL("policy/wording.txt", import.meta.url)));
  return { bytes, fileName: "care-plus-2026.txt", mediaType: "text/plain" };
}

/** A patient's schedule: whose policy it is, which card, which sums. */
export function schedule({ identity, id }: Pick<Persona, "identity" | "id">, plan: InsurancePlan): PolicyFile {
  const contents = {
    insurer: "Harbour Mutual Health Insurance",
    plan,
    insured: identity?.name,
    born: identity?.birthDate,
    card: identity?.insuranceCard,
    territory: "worldwide in emergencies, else the country of residence",
    annualLimit: { amount: plan === "Care Plus" ? 250_000 : 5_000, currency: "EUR" },
    coPayment: { amount: 15, currency: "EUR", per: "consultation" },
    inpatientCoPaymentPerYear: { amount: 600, currency: "EUR" },
    monthlyPremium: { amount: plan === "Care Plus" ? 184 : 21, currency: "EUR" },
  };
  return {
    bytes: new TextEncoder().encode(`${JSON.stringify(contents, null, 2)}\n`),
    fileName: `schedule-${id}-${plan.toLowerCase().replaceAll(" ", "-")}.json`,
    mediaType: "application/json",
  };
}
