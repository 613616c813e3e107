/**
 * What differs between two versions of a text, clause by clause and word by word, so that a person can judge an amendment
 * (002-34, 002-49). The digests say whether two files are the same; this says what a reader would see.
 */
import { diffArrays, diffWordsWithSpace, type ChangeObject } from "diff";

/** Words of a clause that are in this version alone, or in both. */
export interface DiffWords {
  text: string;
  isChanged: boolean;
}

/** A clause of one version beside that of the other; empty where the other version has none. */
export interface DiffClause {
  kind: "same" | "changed" | "added" | "removed";
  before: DiffWords[];
  after: DiffWords[];
}

/** The clauses in the order of the texts, and how many of them differ. */
export interface TextDiff {
  clauses: DiffClause[];
  changes: number;
}

/** More differences than this are told as a whole: comparing costs their square, and nobody reads them one by one. */
const MOST_CLAUSES = 2_000;
const MOST_WORDS = 1_000;

/**
 * Compares two texts. Clauses begin after an empty line or with a number or a bullet; how lines are broken doesn't count,
 * for it isn't what a text says. Of JSON, each line is a clause.
 */
export function diffText(before: string, after: string): TextDiff {
  const [old, next] = [clausesOf(before), clausesOf(after)];
  const parts = diffArrays(old, next, { maxEditLength: MOST_CLAUSES }) ?? [
    { removed: true, added: false, value: old },
    { removed: false, added: true, value: next },
  ];
  const clauses: DiffClause[] = [];
  for (let i = 0; i < parts.length; i++) {
    const [part, following] = [parts[i], parts[i + 1]];
    if (!part) continue;
    if (!part.added && !part.removed) {
      for (const text of part.value)
        clauses.push({ kind: "same", before: whole(text, false), after: whole(text, false) });
    } else if (part.removed && following?.added) {
      clauses.push(...paired(part.value, following.value));
      i++;
    } else {
      clauses.push(...(part.removed ? paired(part.value, []) : paired([], part.value)));
    }
  }
  return { clauses, changes: clauses.filter(({ kind }) => kind !== "same").length };
}

/** The clauses of a text, each with single spaces; lines of JSON keep their indent. */
function clausesOf(text: string): string[] {
  const json = asJson(text);
  if (json !== null) return json.split("\n");
  const clauses: string[] = [];
  let isOpen = false;
  for (const line of text.split(/\r\n|[\n\r\u2028\u2029\f]/)) {
    const words = line.trim().replace(/\s+/g, " ");
    const begins = /^(\d+([.)]|(\.\d+)+[.)]?)|\(?[a-z]\)|[-*•–])\s/i.test(words);
    if (words === "") isOpen = false;
    else if (isOpen && !begins) clauses.push(`${clauses.pop() ?? ""} ${words}`);
    else clauses.push(words);
    if (words !== "") isOpen = true;
  }
  return clauses;
}

/** JSON in one spelling, or null for any other text. */
function asJson(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : null;
  } catch {
    return null;
  }
}

/** Clauses that stand in each other's place, the first beside the first. */
function paired(removed: readonly string[], added: readonly string[]): DiffClause[] {
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, i): DiffClause => {
    const [before, after] = [removed[i], added[i]];
    if (before === undefined) return { kind: "added", before: [], after: whole(after ?? "", true) };
    if (after === undefined) return { kind: "removed", before: whole(before, true), after: [] };
    const words = diffWordsWithSpace(before, after, { maxEditLength: MOST_WORDS });
    if (!words) return { kind: "changed", before: whole(before, true), after: whole(after, true) };
    const side = (isOther: (word: ChangeObject<string>) => boolean): DiffWords[] =>
      words
        .filter((word) => !isOther(word))
        .map((word) => ({ text: word.value, isChanged: word.added || word.removed }));
    return { kind: "changed", before: side(({ added: is }) => is), after: side(({ removed: is }) => is) };
  });
}

function whole(text: string, isChanged: boolean): DiffWords[] {
  return [{ text, isChanged }];
}
