/** What differs between two texts, in place or side by side. Said by words and shapes, not by colour alone. */
import { SegmentedControl, VisuallyHidden } from "@mantine/core";
import { Fragment, useState } from "react";

import type { DiffClause, DiffWords, TextDiff } from "../../../sdk/index.js";
import ui from "../../components/ui.module.css";
import { count, plain } from "../../lib/text.js";
import css from "./diff.module.css";

/** Clauses that stay as they are, shown around one that doesn't. */
const AROUND = 1;
/** Differences shown before one asks for more. */
const FIRST = 24;

type Mode = "inline" | "beside";

/** A clause, or how many stay the same at this place. */
type Item = { clause: DiffClause; number: number } | { same: number; number: number };

/** The differing clauses, each with its neighbours. */
export function DiffView({ diff, names }: { diff: TextDiff; names: { before: string; after: string } }) {
  const [mode, setMode] = useState<Mode>("inline");
  const [isWhole, setWhole] = useState(false);
  const [limit, setLimit] = useState(FIRST);
  const items = itemsOf(diff.clauses, isWhole);
  const shown = items.slice(0, limit);
  return (
    <div className={css.diff}>
      <div className={css.bar}>
        <SegmentedControl
          aria-label="How to compare"
          data={[
            { value: "inline", label: "In one text" },
            { value: "beside", label: "Side by side" },
          ]}
          value={mode}
          onChange={(value) => setMode(value === "beside" ? "beside" : "inline")}
        />
        <button type="button" className={ui.link} aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show what differs only" : "Show the whole text"}
        </button>
      </div>
      {mode === "inline" ? <Inline items={shown} /> : <Beside items={shown} names={names} />}
      {items.length > limit && (
        <button type="button" className={ui.link} onClick={() => setLimit(limit + 10 * FIRST)}>
          Show more of it
        </button>
      )}
    </div>
  );
}

function Inline({ items }: { items: readonly Item[] }) {
  return (
    <ol className={css.clauses}>
      {items.map((item) =>
        "same" in item ? (
          <li key={item.number} className={css.gap}>
            {count(item.same, "clause")} stay the same
          </li>
        ) : (
          <li key={item.number} className={css.clause} data-kind={item.clause.kind}>
            <Kind kind={item.clause.kind} />
            <p dir="auto">
              <Merged clause={item.clause} />
            </p>
          </li>
        ),
      )}
    </ol>
  );
}

function Beside({ items, names }: { items: readonly Item[]; names: { before: string; after: string } }) {
  return (
    <table className={css.beside}>
      <thead>
        <tr>
          <th scope="col">{names.before}</th>
          <th scope="col">{names.after}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) =>
          "same" in item ? (
            <tr key={item.number}>
              <td colSpan={2} className={css.gap}>
                {count(item.same, "clause")} stay the same
              </td>
            </tr>
          ) : (
            <tr key={item.number} data-kind={item.clause.kind}>
              <td dir="auto" data-side={names.before}>
                {item.clause.before.length > 0 ? (
                  <Side words={item.clause.before} tag="del" />
                ) : (
                  <span className={css.nothing}>not in it</span>
                )}
              </td>
              <td dir="auto" data-side={names.after}>
                {item.clause.after.length > 0 ? (
                  <Side words={item.clause.after} tag="ins" />
                ) : (
                  <span className={css.nothing}>not in it</span>
                )}
              </td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

const KINDS: Record<DiffClause["kind"], string | null> = {
  same: null,
  changed: "Changed",
  added: "New",
  removed: "Taken out",
};

function Kind({ kind }: { kind: DiffClause["kind"] }) {
  const word = KINDS[kind];
  return word === null ? null : <span className={css.kind}>{word}</span>;
}

/** Both versions of a clause in one: what goes struck out, what comes underlined. */
function Merged({ clause: { kind, before, after } }: { clause: DiffClause }) {
  if (kind === "same") return <>{written(after)}</>;
  if (kind === "added") return <Side words={after} tag="ins" />;
  if (kind === "removed") return <Side words={before} tag="del" />;
  const merged: { words: DiffWords; tag: "del" | "ins" | null }[] = [];
  let at = 0;
  for (const words of after) {
    if (!words.isChanged) {
      while (before[at]?.isChanged) merged.push({ words: before[at++] as DiffWords, tag: "del" });
      merged.push({ words, tag: null });
      at++;
    } else {
      while (before[at]?.isChanged) merged.push({ words: before[at++] as DiffWords, tag: "del" });
      merged.push({ words, tag: "ins" });
    }
  }
  for (; at < before.length; at++)
    merged.push({ words: before[at] as DiffWords, tag: before[at]?.isChanged ? "del" : null });
  return merged.map(({ words, tag }, i) => <Words key={i} words={words} tag={tag} />);
}

function Side({ words, tag }: { words: readonly DiffWords[]; tag: "ins" | "del" }) {
  return words.map((each, i) => <Words key={i} words={each} tag={each.isChanged ? tag : null} />);
}

/** Words with what becomes of them, for those too who don't see the line through or below them. */
function Words({ words, tag: Tag }: { words: DiffWords; tag: "ins" | "del" | null }) {
  const text = plain(words.text, Infinity);
  if (Tag === null) return <Fragment>{text}</Fragment>;
  return (
    <Tag>
      <VisuallyHidden>{Tag === "ins" ? " [new: " : " [taken out: "}</VisuallyHidden>
      {text}
      <VisuallyHidden>] </VisuallyHidden>
    </Tag>
  );
}

const written = (words: readonly DiffWords[]) => plain(words.map(({ text }) => text).join(""), Infinity);

function itemsOf(clauses: readonly DiffClause[], isWhole: boolean): Item[] {
  const near = (at: number) =>
    isWhole || clauses.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== "same");
  const items: Item[] = [];
  clauses.forEach((clause, number) => {
    const last = items.at(-1);
    if (near(number)) items.push({ clause, number });
    else if (last && "same" in last) last.same++;
    else items.push({ same: 1, number });
  });
  return items;
}
