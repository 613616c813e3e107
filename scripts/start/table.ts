/** The one table that `npm start` prints. */
import Table from "cli-table3";

import { PERSONAS } from "../seed/personas.js";

/** Who is in the demo, as what, and what to try as them. */
export function personaTable(): string {
  // Plain characters, so that it can be piped; no rules between the rows.
  const table = new Table({
    head: ["Persona", "Role", "What to try"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const { name, role, hint } of PERSONAS) table.push([name, role, hint]);
  return table.toString();
}
