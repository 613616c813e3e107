/** The names of drawers, as people type them. */
import { SCOPE_LABELS } from "../../sdk/index.js";
import { CliError } from "./errors.js";

/** The labels themselves, if all of them name a drawer. @throws USAGE */
export function checkLabels(labels: readonly string[]): readonly string[] {
  const known: readonly string[] = SCOPE_LABELS;
  const unknown = labels.find((label) => !known.includes(label));
  if (unknown === undefined) return labels;
  throw new CliError("USAGE", { drawer: unknown, reason: `it must be one of ${known.join(", ")}` });
}
