/** The one table that `npm start` prints. */
import Table from "cli-table3";

import { PERSONAS } from "../seed/personas.js";

/** Who is in the demo, as what, and what to try as them. */
export function personaTable(): string {
  const table = new Table({ head: ["Persona", "Role", "What to try"], style: { head: ["bold"], border: ["gray"] } });
  for (const { name, role, hint } of PERSONAS) table.push([name, role, hint]);
  return table.toString();
}
