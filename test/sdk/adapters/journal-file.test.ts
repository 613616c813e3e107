import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { Intent, SealedDocument, Under } from "../../../sdk/adapters/journal.js";
import { fileJournal } from "../../../sdk/node.js";
import type { Hex } from "../../../sdk/types.js";
import { expectSalusError } from "../../expectSalusError.js";
import { digest, seeded } from "../core/support.js";

const TRANSACTION: Hex = digest("transaction");

const intentOf = (name: string, changes: Partial<Intent> = {}): Intent => ({
  recordId: digest(name),
  patientId: digest("patient"),
  author: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  scope: digest("scope"),
  scopeKey: digest("scope key"),
  nonce: "18446744073709551615",
  payload: digest(`${name} payload`),
  header: digest(`${name} header`),
  size: 32,
  createdAt: 1,
  ...changes,
});
const sealedOf = (name: string): SealedDocument => ({ header: seeded(`${name} h`), payload: seeded(`${name} p`) });

describe("journal-file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "salus-journal-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("gives back what was put, to the next process too", async () => {
    await (await fileJournal(folder)).put(intentOf("a"), sealedOf("a"));
    const again = await fileJournal(folder);
    expect(await again.list()).to.deep.equal([intentOf("a")]);
    expect(await again.sealed(digest("a"))).to.deep.equal(sealedOf("a"));
    expect(await again.sealed(digest("b"))).to.equal(null);
  });

  it("gives back under what a record is written, and refuses what names no visit or order", async () => {
    const author = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    const visit = { patientId: digest("patient"), hospital: author, nonce: "18446744073709551615" } as const;
    const [role, until, fills] = ["laboratory", 2_000_000_000, 255] as const;
    const open = { role, fills, until, fulfiller: null, sealedKey: null, sealedOrder: null };
    const given = { ...open, fulfiller: author, sealedKey: digest("order"), sealedOrder: "AAEC" } as const;
    const unders: Under[] = [
      { kind: "visit", visit },
      { kind: "order", visit, placement: open },
      { kind: "order", visit, placement: given },
      { kind: "report", order: { visit, author, nonce: "0" }, status: "corrected" },
    ];
    const journal = await fileJournal(folder);
    const intents = unders.map((under, at) => intentOf(`u${at}`, { under, createdAt: at }));
    for (const [at, intent] of intents.entries()) await journal.put(intent, sealedOf(`u${at}`));
    expect(await (await fileJournal(folder)).list()).to.deep.equal(intents);

    for (const wrong of [
      { kind: "visit", visit: { ...visit, nonce: "18446744073709551616" } },
      { kind: "visit", visit: { ...visit, hospital: author.toLowerCase() } },
      { kind: "order", visit, placement: { ...open, fills: 0 } },
      { kind: "report", order: { visit, author, nonce: "0" }, status: "lost" },
      { kind: "something else" },
    ]) {
      await writeFile(join(folder, `${digest("u0")}.json`), JSON.stringify({ ...intents[0], under: wrong }));
      await expectSalusError(journal.list(), "JOURNAL_DAMAGED");
    }
  });

  it("lists the oldest first", async () => {
    const journal = await fileJournal(folder);
    for (const [name, createdAt] of [
      ["c", 3],
      ["a", 1],
      ["b", 2],
    ] as const) {
      await journal.put(intentOf(name, { createdAt }), sealedOf(name));
    }
    expect((await journal.list()).map(({ createdAt }) => createdAt)).to.deep.equal([1, 2, 3]);
  });

  it("keeps everything from other users of the machine", async function () {
    if (process.platform === "win32") this.skip();
    const inner = join(folder, "inner");
    const journal = await fileJournal(inner);
    await journal.put(intentOf("a"), sealedOf("a"));
    await journal.noteTransaction(digest("a"), TRANSACTION);
    expect((await stat(inner)).mode & 0o777).to.equal(0o700);
    const names = await readdir(inner);
    expect(names).to.have.length(3);
    for (const name of names) expect((await stat(join(inner, name))).mode & 0o777, name).to.equal(0o600);
  });

  it("holds neither a half-written file nor one that isn't an intent's", async () => {
    const journal = await fileJournal(folder);
    await journal.put(intentOf("a"), sealedOf("a"));
    await writeFile(join(folder, `${digest("b")}.json.tmp`), '{"recordId":');
    await writeFile(join(folder, "notes.txt"), "mine");
    expect(await journal.list()).to.deep.equal([intentOf("a")]);
    expect(await (await fileJournal(folder)).list()).to.deep.equal([intentOf("a")]);
  });

  it("notes a transaction, and passes when the intent is gone", async () => {
    const journal = await fileJournal(folder);
    await journal.put(intentOf("a"), sealedOf("a"));
    await journal.noteTransaction(digest("a"), TRANSACTION);
    await journal.noteTransaction(digest("b"), TRANSACTION);
    expect(await journal.list()).to.deep.equal([{ ...intentOf("a"), transaction: TRANSACTION }]);
  });

  it("never brings an intent back that is crossed out while its transaction is being noted", async () => {
    const journal = await fileJournal(folder);
    for (let i = 0; i < 30; i++) {
      await journal.put(intentOf("a"), sealedOf("a"));
      await Promise.all([journal.noteTransaction(digest("a"), TRANSACTION), journal.remove(digest("a"))]);
      expect(await journal.list()).to.deep.equal([]);
    }
  });

  it("takes many intents at a time", async () => {
    const journal = await fileJournal(folder);
    const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
    await Promise.all(names.map((name) => journal.put(intentOf(name), sealedOf(name))));
    await Promise.all(names.map((name) => journal.noteTransaction(digest(name), TRANSACTION)));
    expect((await journal.list()).filter(({ transaction }) => transaction === TRANSACTION)).to.have.length(20);
    await Promise.all(names.map((name) => journal.remove(digest(name))));
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("removes an intent with its bytes, twice without complaint", async () => {
    const journal = await fileJournal(folder);
    await journal.put(intentOf("a"), sealedOf("a"));
    await journal.remove(digest("a"));
    await journal.remove(digest("a"));
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("replaces an intent that was sealed anew, and forgets the bytes of before", async () => {
    const journal = await fileJournal(folder);
    await journal.put(intentOf("a"), sealedOf("a"));
    const next = intentOf("a", { payload: digest("next payload"), header: digest("next header") });
    await journal.put(next, sealedOf("next"));
    expect(await journal.list()).to.deep.equal([next]);
    expect(await journal.sealed(digest("a"))).to.deep.equal(sealedOf("next"));
    expect(await readdir(folder)).to.have.length(3);
  });

  it("sweeps what a crash left long ago, and nothing that is on its way or named", async () => {
    const journal = await fileJournal(folder);
    await journal.put(intentOf("a"), sealedOf("a"));
    const old = [`${digest("x")}.payload`, `${digest("x")}.header`, `${digest("x")}.json.tmp`];
    for (const name of [...old, `${digest("y")}.payload`, "notes.txt"]) await writeFile(join(folder, name), "left");
    const yesterday = new Date(Date.now() - 86_400_000);
    for (const name of await readdir(folder)) {
      if (!name.startsWith(digest("y"))) await utimes(join(folder, name), yesterday, yesterday);
    }
    await fileJournal(folder);
    const names = await readdir(folder);
    expect(names).to.have.length(5);
    for (const name of old) expect(names).not.to.include(name);
    expect(await journal.sealed(digest("a"))).to.deep.equal(sealedOf("a"));
  });

  it("says which file is damaged, and touches nothing outside its folder", async () => {
    const inner = join(folder, "inner");
    const journal = await fileJournal(inner);
    await journal.put(intentOf("a"), sealedOf("a"));
    await writeFile(join(folder, "mine.header"), "mine");
    const file = `${digest("a")}.json`;
    const damaged = ["", "{", "null", JSON.stringify(intentOf("b")), JSON.stringify({ ...intentOf("a"), more: 1 })];
    for (const text of [...damaged, JSON.stringify({ ...intentOf("a"), header: "../mine" })]) {
      await writeFile(join(inner, file), text);
      const error = await expectSalusError(fileJournal(inner), "JOURNAL_DAMAGED");
      expect(error.details).to.deep.equal({ file });
      await expectSalusError(journal.remove(digest("a")), "JOURNAL_DAMAGED");
    }
    expect(await readFile(join(folder, "mine.header"), "utf8")).to.equal("mine");
    expect(await readdir(inner)).to.have.length(3);
  });

  it("holds ciphertext, digests and ids only", async () => {
    await (await fileJournal(folder)).put(intentOf("a"), sealedOf("a"));
    const text = await readFile(join(folder, `${digest("a")}.json`), "utf8");
    expect(Object.keys(JSON.parse(text) as object).sort()).to.deep.equal(Object.keys(intentOf("a")).sort());
  });
});
