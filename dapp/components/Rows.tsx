/** Cards of rows: icon, what, who and when, state. */
import { Skeleton, VisuallyHidden } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";

import css from "./ui.module.css";

/** What a colour says besides the words: acting and verified, attention, danger; plain without. */
export type Tone = "brand" | "attention" | "danger";

/** A card that holds rows. */
export function Rows({ label, tone, children }: { label: string; tone?: Tone; children: ReactNode }) {
  return (
    <ul className={css.card} data-tone={tone} aria-label={label}>
      {children}
    </ul>
  );
}

/** A card with free content. */
export function Card({ tone, children }: { tone?: Tone; children: ReactNode }) {
  return (
    <div className={`${css.card ?? ""} ${css.pad ?? ""}`} data-tone={tone}>
      {children}
    </div>
  );
}

/** An icon in its frame. Always beside a word. */
export function RowIcon({ icon: Shape, tone }: { icon: Icon; tone?: Tone }) {
  return (
    <span className={css.icon} data-tone={tone} aria-hidden>
      <Shape size={20} stroke={1.75} />
    </span>
  );
}

/** One row. With `to`, the whole row leads there, and `onFollow` hears of it; `side` stays pressable, `under` takes the full width below. */
export function Row({
  icon,
  what,
  detail,
  to,
  onFollow,
  side,
  under,
  title,
  style,
  rowRef,
  index,
  total,
}: {
  icon: ReactNode;
  what: ReactNode;
  detail?: ReactNode;
  to?: string;
  onFollow?: () => void;
  side?: ReactNode;
  under?: ReactNode;
  title?: string;
  style?: React.CSSProperties;
  rowRef?: (element: HTMLElement | null) => void;
  index?: number;
  total?: number;
}) {
  return (
    <li
      className={css.row}
      {...placeIn(index, total)}
      data-link={to === undefined ? undefined : ""}
      title={title}
      style={style}
      ref={rowRef}
      data-index={index}
    >
      {icon}
      <div className={css.rowText}>
        <div className={css.what}>
          {to === undefined ? (
            what
          ) : (
            <Link to={to} onClick={onFollow}>
              {what}
            </Link>
          )}
        </div>
        {detail !== undefined && <div className={css.detail}>{detail}</div>}
      </div>
      {side !== undefined && <div className={css.side}>{side}</div>}
      {under !== undefined && under !== null && under !== false && <div className={css.under}>{under}</div>}
    </li>
  );
}

/** A heading between rows. */
export function RowsHeading({
  children,
  style,
  rowRef,
  index,
  total,
}: {
  children: ReactNode;
  style?: React.CSSProperties;
  rowRef?: (element: HTMLElement | null) => void;
  index?: number;
  total?: number;
}) {
  return (
    <li className={css.groupHead} {...placeIn(index, total)} style={style} ref={rowRef} data-index={index}>
      {children}
    </li>
  );
}

/** Where a row stands in a list of which only a part is in the page. */
function placeIn(index: number | undefined, total: number | undefined) {
  return index === undefined || total === undefined ? {} : { "aria-posinset": index + 1, "aria-setsize": total };
}

/** Rows that are still on their way. */
export function SkeletonRows({ rows = 3, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-busy className={css.card}>
      <VisuallyHidden>Loading {label}</VisuallyHidden>
      {Array.from({ length: rows }, (_, i) => (
        <div className={css.row} key={i} aria-hidden>
          <Skeleton w={38} h={38} radius={10} />
          <div className={css.rowText}>
            <Skeleton w={`${48 - ((i * 13) % 20)}%`} h={14} radius={6} />
            <Skeleton w={`${70 - ((i * 17) % 30)}%`} h={12} radius={6} mt={10} />
          </div>
        </div>
      ))}
    </div>
  );
}

/** What a list will hold, and the one action that starts it. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={`${css.card ?? ""} ${css.empty ?? ""}`}>
      <p className={css.detail}>{children}</p>
      {action}
    </div>
  );
}

/** A state in a word and a shape. */
export function Mark({ icon: Shape, tone, children }: { icon: Icon; tone?: Tone; children: ReactNode }) {
  return (
    <span className={css.mark} data-tone={tone}>
      <Shape size={18} stroke={1.75} aria-hidden />
      {children}
    </span>
  );
}

/** A small word in a frame. */
export function Pill({ children, title }: { children: ReactNode; title?: string }) {
  return (
    <span className={css.pill} title={title}>
      {children}
    </span>
  );
}

/** Pairs of name and value. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
