/** The demo's insurance: one public wording, and a schedule a patient. */
import { readFile } from "node:fs/promises";

import type { PolicyFile } from "../../sdk/index.js";
import type { Persona } from "./personas.js";

/** What the insurer sells. */
export type InsurancePlan = "Care Plus" | "Care Plus Dental";

/** The wording, the same for everyone. */
export function wording(): Promise<PolicyFile> {
  return fileOf("wording.txt", "care-plus-2026.txt");
}

/** The wording that the insurer proposes instead: more psychotherapy (3.7), and less time to send bills (6.2). */
export function amendedWording(): Promise<PolicyFile> {
  return fileOf("wording-amended.txt", "care-plus-2026-amended.txt");
}

async function fileOf(name: string, fileName: string): Promise<PolicyFile> {
  const bytes = new Uint8Array(await readFile(new URL(`policy/${name}`, import.meta.url)));
  return { bytes, fileName, mediaType: "text/plain" };
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
