/** The steps of a registration, in their order, and which of them one may be at. */
import type { Carried } from "../../lib/heavy-enrolment.js";

/** The steps that a person sees; the address names the one that is shown. */
export const STEPS = [
  { id: "passphrase", name: "A passphrase" },
  { id: "person", name: "Who you are" },
  { id: "photo", name: "Your photo" },
  { id: "insurance", name: "Your insurance card" },
  { id: "policy", name: "Your policy" },
  { id: "confirm", name: "Check and sign" },
] as const;

/** One of them. */
export type StepId = (typeof STEPS)[number]["id"];

/** A step's number, from 0. */
export function indexOf(step: StepId): number {
  return STEPS.findIndex(({ id }) => id === step);
}

/** The furthest step that a registration has come to. The details of a person come before their photo. */
export function furthestOf({ step }: Pick<Carried, "step">, hasDetails: boolean): StepId {
  switch (step) {
    case "identity":
      return hasDetails ? "photo" : "person";
    case "insurance":
    case "policy":
      return step;
    case "confirm":
    case "done":
      return "confirm";
  }
}

/** The step to show: the one that the address asks for, but none that it's too early for. */
export function shownStep(asked: string | null, furthest: StepId): StepId {
  const wanted = STEPS.find(({ id }) => id === asked);
  if (!wanted || wanted.id === "passphrase" || indexOf(wanted.id) > indexOf(furthest)) return furthest;
  return wanted.id;
}

/** The address of a step. It says which step, and nothing of what was typed there. */
export function addressOf(step: StepId): string {
  return `/register?step=${step}`;
}
