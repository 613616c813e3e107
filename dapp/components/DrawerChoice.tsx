/** Drawers to choose from, with what is in them. */
import { Checkbox } from "@mantine/core";

import type { AnchoredRecord, Drawer, ScopeId } from "../../sdk/index.js";
import { capital, count, day } from "../lib/text.js";
import { drawerIcon } from "./drawers.js";
import { Row, RowIcon, Rows } from "./Rows.js";

/** Checkboxes for drawers; a drawer holds what is in it and what will come. */
export function DrawerChoice({
  drawers,
  records,
  chosen,
  onChange,
}: {
  drawers: readonly Drawer[];
  /** Those of the patient, oldest first. */
  records: readonly AnchoredRecord[];
  chosen: readonly ScopeId[];
  onChange: (chosen: ScopeId[]) => void;
}) {
  return (
    <Rows label="Drawers">
      {drawers.map(({ scope, label }) => {
        const inside = records.filter((each) => each.scope === scope);
        const newest = inside.at(-1);
        const isChosen = chosen.includes(scope);
        return (
          <Row
            key={scope}
            icon={
              <>
                <Checkbox
                  aria-label={capital(label)}
                  checked={isChosen}
                  onChange={() => onChange(isChosen ? chosen.filter((each) => each !== scope) : [...chosen, scope])}
                />
                <RowIcon icon={drawerIcon(label)} {...(isChosen ? { tone: "brand" as const } : {})} />
              </>
            }
            what={capital(label)}
            detail={`${capital(count(inside.length, "document"))}${newest ? `, newest ${day(newest.time)}` : ""}`}
          />
        );
      })}
    </Rows>
  );
}
