/** The demo's insurance: one public wording, what is paid of bills, and a schedule a patient. */
import { readFile } from "node:fs/promises";

import type { Address, PolicyFile, Terms } from "../../sdk/index.js";
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

/** What is paid of bills, in cents. The amendment lowers the patient's part and raises what is paid in all. */
export function claimTerms(plan: InsurancePlan, token: Address, { isAmended = false } = {}): Terms {
  if (plan === "Care Plus Dental") return { token, deductible: 0n, coPayment: 2_000, limit: 150_000n };
  if (isAmended) return { token, deductible: 5_000n, coPayment: 500, limit: 1_200_000n };
  return { token, deductible: 5_000n, coPayment: 1_000, limit: 1_000_000n };
}

/** A patient's schedule: whose policy it is, and which card. The sums are in the terms for claims. */
export function schedule({ identity, id }: Pick<Persona, "identity" | "id">, plan: InsurancePlan): PolicyFile {
  const contents = {
    insurer: "Harbour Mutual Health Insurance",
    plan,
    insured: identity?.name,
    born: identity?.birthDate,
    card: identity?.insuranceCard,
    territory: "worldwide in emergencies, else the country of residence",
    monthlyPremium: { amount: plan === "Care Plus" ? 184 : 21, currency: "EUR" },
  };
  return {
    bytes: new TextEncoder().encode(`${JSON.stringify(contents, null, 2)}\n`),
    fileName: `schedule-${id}-${plan.toLowerCase().replaceAll(" ", "-")}.json`,
    mediaType: "application/json",
  };
}
