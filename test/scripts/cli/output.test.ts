import { expect } from "chai";
import fc from "fast-check";

import { facts, isoTime, makeOutput, printable, table, type Output } from "../../../scripts/cli/output.js";

/** An output whose streams are kept. */
function captured(json: boolean): { output: Output; stdout: () => string; stderr: () => string } {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    write: (text: string | Uint8Array) => ((written[name] += String(text)), true),
  });
  const output = makeOutput(json, { stdout: stream("stdout"), stderr: stream("stderr") });
  return { output, stdout: () => written.stdout, stderr: () => written.stderr };
}

const ERROR = { code: "LOCKED", why: "It is locked.", how: "Unlock it.", details: { account: "0x1" }, exitCode: 4 };

describe("output of the command line", () => {
  it("prints one JSON value on stdout and everything else on stderr", () => {
    const { output, stdout, stderr } = captured(true);
    output.note("a remark");
    output.result({ amount: 2n ** 70n, list: [1] }, () => "for people");
    expect(JSON.parse(stdout())).to.deep.equal({ amount: "1180591620717411303424", list: [1] });
    expect(stderr()).to.equal("a remark\n");
  });

  it("prints an error as JSON on stdout, and for people on stderr", () => {
    const machine = captured(true);
    machine.output.fail(ERROR);
    const { code, why, how, details } = ERROR;
    expect(JSON.parse(machine.stdout())).to.deep.equal({ error: { code, why, how, details } });
    expect(machine.stderr()).to.equal("");

    const people = captured(false);
    people.output.fail(ERROR);
    expect(people.stdout()).to.equal("");
    expect(people.stderr()).to.equal("It is locked. [LOCKED]\n  account: 0x1\nUnlock it.\n");
  });

  it("shows no bar where there is no terminal", () => {
    const { output, stderr } = captured(false);
    const { onProgress, stop } = output.progress("storing");
    onProgress(5e6, 1e7);
    stop();
    expect(stderr()).to.equal("");
  });

  it("lets no control character of a document's name reach a terminal", () => {
    expect(printable("x-ray\u001b[2J.pdf")).to.equal("x-ray\ufffd[2J.pdf");
    expect(printable("invoice\u202efdp.exe")).to.equal("invoice\ufffdfdp.exe");
    expect(printable("Amina’s Röntgenbild 胸部")).to.equal("Amina’s Röntgenbild 胸部");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(table(["NAME"], [[text]]).split("\n")).to.have.length(2);
      }),
    );
  });

  it("nor by JSON, whose value stays the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const { output, stdout } = captured(true);
        output.result({ [text]: text }, () => "");
        expect(stdout().replaceAll("\n", "")).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(Object.entries(JSON.parse(stdout()) as object)).to.deep.equal([[text, text]]);
      }),
    );
    const { output, stdout } = captured(true);
    output.fail({ ...ERROR, details: { name: "\u009b31mDr\u{e0041}\u202e" } });
    expect(stdout()).to.include(String.raw`"\u009b31mDr\udb40\udc41\u202e"`);
  });

  it("aligns tables and facts, without spaces at the ends of lines", () => {
    expect(
      table(
        ["A", "B"],
        [
          ["long cell", "1"],
          ["x", "2"],
        ],
      ),
    ).to.equal("A          B\nlong cell  1\nx          2");
    expect(table(["A"], [])).to.equal("(none)");
    expect(
      facts([
        ["a", 1],
        ["long", "x"],
      ]),
    ).to.equal("a     1\nlong  x");
  });

  it("writes times in ISO 8601, and the largest as no end", () => {
    expect(isoTime(1_800_000_000)).to.equal("2027-01-15T08:00:00Z");
    expect(isoTime(2 ** 48 - 1)).to.equal("no end");
  });
});
