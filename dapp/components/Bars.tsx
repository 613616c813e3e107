/** Bars: progress of long work, and how much of a grant's time is left. */
import { secondsLeft, timeLeft } from "../lib/text.js";
import type { Tone } from "./Rows.js";
import css from "./ui.module.css";

/** Progress with words. */
export function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  const percent = total > 0 ? Math.min(100, (100 * done) / total) : 0;
  return (
    <div
      className={css.bar}
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div className={css.barFill} style={{ inlineSize: `${percent}%` }} />
    </div>
  );
}

const SOON_S = 2 * 86_400;
/** What a full bar stands for when it's not known when the grant began. */
const FULL_S = 30 * 86_400;

/** How long access still lasts: in words, and as a bar of at most 30 days. @param until Unix seconds */
export function ExpiryBar({ until }: { until: number }) {
  const left = secondsLeft(until);
  const tone: Tone | undefined = left < SOON_S ? "attention" : undefined;
  return (
    <div className={css.meter}>
      {timeLeft(until)}
      <div className={css.bar} aria-hidden>
        <div
          className={css.barFill}
          data-tone={tone}
          style={{ inlineSize: `${Math.max(0, Math.min(100, (100 * left) / FULL_S))}%` }}
        />
      </div>
    </div>
  );
}
