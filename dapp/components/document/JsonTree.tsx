/** JSON as a tree that folds: all of it is text. A branch is drawn once it is opened: two megabytes can hold a million leaves. */
import { useState } from "react";

import { plain } from "../../lib/text.js";
import css from "./document.module.css";

const MAX_CHILDREN = 200;
const MAX_DEPTH = 30;
/** So few fields are shown at once, unless they lie deep. */
const FEW = 4;

/** One value and what is below it. */
export function JsonTree({ name, value, depth = 0 }: { name?: string; value: unknown; depth?: number }) {
  const label = name === undefined ? "" : `${plain(name)}: `;
  if (typeof value === "object" && value !== null) {
    // Not even turned into text: what lies a hundred thousand levels deep, or has a field "toString", can't be.
    if (depth <= MAX_DEPTH) return <Branch label={label} value={value} depth={depth} />;
    return <div className={css.leaf}>{label}…</div>;
  }
  return (
    <div className={css.leaf}>
      {label}
      <span className={css.value}>{typeof value === "string" ? `“${plain(value, 500)}”` : plain(String(value))}</span>
    </div>
  );
}

function Branch({ label, value, depth }: { label: string; value: object; depth: number }) {
  const entries = Object.entries(value as Record<string, unknown>);
  const [isOpen, setOpen] = useState(depth < 1 || (depth < 3 && entries.length <= FEW));
  return (
    <details className={css.branch} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {label}
        <span className={css.count}>
          {Array.isArray(value)
            ? `list of ${entries.length}`
            : `${entries.length} ${entries.length === 1 ? "field" : "fields"}`}
        </span>
      </summary>
      {isOpen &&
        entries
          .slice(0, MAX_CHILDREN)
          .map(([key, child]) => <JsonTree key={key} name={key} value={child} depth={depth + 1} />)}
      {isOpen && entries.length > MAX_CHILDREN && (
        <div className={css.leaf}>… and {entries.length - MAX_CHILDREN} more</div>
      )}
    </details>
  );
}
