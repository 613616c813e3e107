/** People: a name here, a pseudonym on the chain. How a name is known is told with it. */
import { IconLockOpen2, IconRosetteDiscountCheck } from "@tabler/icons-react";

import { initials, plain, short } from "../lib/text.js";
import css from "./ui.module.css";

/** Initials in a circle; decoration beside a name. */
export function Avatar({ name }: { name: string }) {
  return (
    <span className={css.avatar} aria-hidden>
      {initials(name)}
    </span>
  );
}

/**
 * A name and where it's from: "accredited" by somebody above in the tree, "decrypted" on this device, or the account
 * itself when there is no name.
 */
export function PersonName({
  name,
  id,
  source,
}: {
  name: string | null;
  id: string;
  source: "accredited" | "decrypted";
}) {
  if (name === null) return <span className="digest">{short(id)}</span>;
  const Shape = source === "accredited" ? IconRosetteDiscountCheck : IconLockOpen2;
  const how = source === "accredited" ? "name from the accreditation" : "name decrypted on this device";
  return (
    <span title={`${plain(name)}: ${how}. Known on chain as ${short(id)}`}>
      {plain(name)}{" "}
      <Shape
        size={15}
        stroke={1.75}
        role="img"
        aria-label={how}
        color="var(--muted)"
        style={{ verticalAlign: "-2px" }}
      />
    </span>
  );
}
