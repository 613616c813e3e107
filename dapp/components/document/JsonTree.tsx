/** JSON as a tree that folds: all of it is text. */
import { plain } from "../../lib/text.js";
import css from "./document.module.css";

const MAX_CHILDREN = 200;
const MAX_DEPTH = 30;

/** One value and what is below it. */
export function JsonTree({ name, value, depth = 0 }: { name?: string; value: unknown; depth?: number }) {
  const label = name === undefined ? "" : `${plain(name)}: `;
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) {
    return (
      <div className={css.leaf}>
        {label}
        <span className={css.value}>{typeof value === "string" ? `“${plain(value, 500)}”` : plain(String(value))}</span>
      </div>
    );
  }
  const entries = Object.entries(value as Record<string, unknown>);
  return (
    <details className={css.branch} open={depth < 1}>
      <summary>
        {label}
        <span className={css.count}>
          {Array.isArray(value)
            ? `list of ${entries.length}`
            : `${entries.length} ${entries.length === 1 ? "field" : "fields"}`}
        </span>
      </summary>
      {entries.slice(0, MAX_CHILDREN).map(([key, child]) => (
        <JsonTree key={key} name={key} value={child} depth={depth + 1} />
      ))}
      {entries.length > MAX_CHILDREN && <div className={css.leaf}>… and {entries.length - MAX_CHILDREN} more</div>}
    </details>
  );
}
