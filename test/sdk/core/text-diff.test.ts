import { expect } from "chai";
import fc from "fast-check";

import { diffText, type DiffClause, type DiffWords } from "../../../sdk/core/text-diff.js";

const read = (words: readonly DiffWords[]) => words.map(({ text }) => text).join("");
const changed = (words: readonly DiffWords[]) =>
  words
    .filter(({ isChanged }) => isChanged)
    .map(({ text }) => text.trim())
    .filter(Boolean);

const WORDING = `POLICY WORDING

1. WHAT IS COVERED

1.1 Consultations with a doctor, in person or
    by video.
1.2 Laboratory tests.

2. WHAT ISN'T

2.1 Cosmetic surgery.`;

describe("sdk/core: text diff", () => {
  it("finds the clause and the words that differ", () => {
    const { clauses, changes } = diffText(WORDING, WORDING.replace("by video", "by letter"));
    expect(changes).to.equal(1);
    const [clause] = clauses.filter(({ kind }) => kind !== "same");
    expect(read(clause!.before)).to.equal("1.1 Consultations with a doctor, in person or by video.");
    expect([changed(clause!.before), changed(clause!.after)]).to.deep.equal([["video"], ["letter"]]);
  });

  it("tells a new clause from a removed one", () => {
    const more = diffText(WORDING, `${WORDING}\n2.2 Laboratory tests abroad.`);
    const less = diffText(WORDING, WORDING.replace("1.2 Laboratory tests.\n", ""));
    const kinds = ({ clauses }: { clauses: DiffClause[] }) =>
      clauses.map(({ kind }) => kind).filter((k) => k !== "same");
    expect([kinds(more), kinds(less)]).to.deep.equal([["added"], ["removed"]]);
  });

  it("doesn't mind how lines are broken, nor how JSON is spelt", () => {
    expect(diffText(WORDING, WORDING.replace("or\n    by", "or by").replaceAll("\n", "\r\n")).changes).to.equal(0);
    const value = { card: "HM-7", sums: [1, 2] };
    expect(diffText(JSON.stringify(value), JSON.stringify(value, null, 4)).changes).to.equal(0);
    expect(diffText(JSON.stringify(value), JSON.stringify({ ...value, card: "HM-8" })).changes).to.equal(1);
  });

  it("shows letters that only look the same, and marks that can't be seen", () => {
    expect(diffText("We pay all.", "We p\u0430y all.").changes).to.equal(1);
    expect(diffText("We pay all.", "We\u200b pay all.").changes).to.equal(1);
  });

  it("gives both texts back, word for word, whatever they are", () => {
    const flat = (text: string) => text.replace(/[\s]+/g, " ").trim();
    const words = fc.constantFrom("we", "pay", "1.1", "not", "\n", "\n\n", "-", "hospital", "stays.");
    const text = fc.array(words, { maxLength: 40 }).map((all) => all.join(" "));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { clauses, changes } = diffText(before, after);
        expect(flat(clauses.map((clause) => read(clause.before)).join(" "))).to.equal(flat(before));
        expect(flat(clauses.map((clause) => read(clause.after)).join(" "))).to.equal(flat(after));
        expect(changes === 0).to.equal(clauses.every(({ kind }) => kind === "same"));
      }),
    );
  });

  it("comes to an end with long texts that have nothing in common", () => {
    const long = (word: string) => Array.from({ length: 6_000 }, (_, i) => `${i}. ${word} ${i}`).join("\n");
    expect(diffText(long("one"), long("two")).changes).to.equal(6_000);
    const clause = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word}${i}`).join(" ");
    expect(diffText(clause("a"), clause("b")).changes).to.equal(1);
  });
});
