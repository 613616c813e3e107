/** "Who will know what": what each side learns by an action, before it is signed. */
import { IconBuildingHospital, IconUserCheck, IconWorld, type Icon } from "@tabler/icons-react";

import type { Disclosure } from "../../sdk/index.js";
import { plain } from "../lib/text.js";
import css from "./WhoWillKnow.module.css";

/** The three columns. `disclosure` is computed by the SDK from the object that is signed. */
export function WhoWillKnow({
  disclosure,
  grantee,
  organisation,
}: {
  disclosure: Disclosure;
  /** Names of the first two columns. */
  grantee: string;
  organisation: string;
}) {
  const columns: { icon: Icon; name: string; lines: string[] }[] = [
    { icon: IconUserCheck, name: grantee, lines: disclosure.grantee },
    { icon: IconBuildingHospital, name: organisation, lines: disclosure.organisation },
    { icon: IconWorld, name: "Everyone", lines: disclosure.everyone },
  ];
  return (
    <section className={css.columns} aria-label="Who will know what">
      {columns.map(({ icon: Shape, name, lines }) => (
        <div className={css.column} key={name}>
          <h3>
            <Shape size={20} stroke={1.75} aria-hidden />
            {plain(name)}
          </h3>
          <ul>
            {lines.map((line) => (
              <li key={line}>{plain(line, 400)}</li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
