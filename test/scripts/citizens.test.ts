import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { citizens, CITIZENS, licences, PEOPLE, writeCitizens } from "../../scripts/seed/citizens.js";
import { claimTerms, schedule } from "../../scripts/seed/insurance.js";
import { PERSONAS } from "../../scripts/seed/personas.js";
import { termsToJson } from "../../sdk/index.js";
import { importInto } from "../../services/attest/index.js";
import { makeDesk } from "./salus.js";

describe("Made-up citizens", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "salus-citizens-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const linesOf = async (path: string) =>
    (await readFile(path, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("are the same each time, and a longer list begins like a shorter one", () => {
    expect([...citizens(300)]).to.deep.equal([...citizens(300)]);
    expect([...citizens(300)].slice(0, 100)).to.deep.equal([...citizens(100)]);
    expect([...licences(9)].slice(0, 5)).to.deep.equal([...licences(5)]);
  });

  it("have ids and cards of their own, as many as there can be", () => {
    const all = [...citizens(CITIZENS.most)];
    const cards = all.flatMap(({ insuranceCard }) => insuranceCard ?? []);
    expect(all).to.have.length(CITIZENS.most);
    expect(new Set(all.map(({ nationalId }) => nationalId)).size).to.equal(all.length);
    expect(new Set(cards).size).to.equal(cards.length);
    expect(cards.length / all.length).to.be.within(0.88, 0.92);
    for (const { nationalId, birthDate, name, insuranceCard } of all.slice(0, 2_000)) {
      expect(nationalId).to.match(/^\d{13}$/);
      expect(nationalId.slice(0, 8)).to.equal(birthDate.replaceAll("-", ""));
      expect(new Date(birthDate).toISOString().slice(0, 10)).to.equal(birthDate);
      expect(name).to.match(/^\p{L}[\p{L}'-]*( \p{L}[\p{L}'-]*){1,2}$/u);
      if (insuranceCard !== undefined) expect(insuranceCard).to.match(/^HM-\d{4}-\d{4}$/);
    }
  });

  it("have names of many places, most of them rare", () => {
    const names = [...citizens()].map(({ name }) => name);
    expect(new Set(names).size).to.be.greaterThan(4_000);
    expect(names.filter((name) => /[^ -~]/.test(name)).length).to.be.greaterThan(1_000);
  });

  it("can't be fewer than the personas or more than the ids", () => {
    for (const count of [0, PEOPLE.length - 1, 1.5, CITIZENS.most + 1, NaN]) {
      expect(() => [...citizens(count)], String(count)).to.throw(RangeError);
    }
  });

  it("hold some licences that are no good any more", () => {
    const all = [...licences()];
    expect(new Set(all.map(({ licence }) => licence)).size).to.equal(all.length);
    expect(new Set(all.map(({ code }) => code)).size).to.equal(all.length);
    expect(new Set(all.map(({ role }) => role))).to.deep.equal(
      new Set(["hospital", "laboratory", "pharmacy", "doctor"]),
    );
    expect(all.filter(({ status }) => status === "suspended")).to.have.length(2);
    expect(all.filter(({ validUntil }) => validUntil < "2026")).to.have.length(2);
  });

  it("are written as files that the services take in, personas with their photo first", async () => {
    const written = await writeCitizens(folder, 50);
    const [registry, cards] = await Promise.all([linesOf(written.registry), linesOf(written.cards)]);
    expect(registry).to.have.length(50);
    expect(cards).to.have.length(written.holders);
    const dana = PERSONAS.find(({ id }) => id === "dana");
    const inRegistry = registry.find(({ nationalId }) => nationalId === dana?.identity?.nationalId);
    expect(inRegistry).to.include({ name: "Dana Osei", birthDate: "1993-08-27" });
    expect(Buffer.from(String(inRegistry?.["photo"]), "base64").subarray(0, 3).toString("hex")).to.equal("ffd8ff");
    expect(registry.filter(({ photo }) => photo !== undefined)).to.have.length(PEOPLE.length);

    // The schedule comes out of the database byte for byte as the persona has it on paper.
    const card = cards.find((each) => each["card"] === dana?.identity?.insuranceCard);
    const paper = schedule(dana!, "Care Plus").bytes;
    expect(`${JSON.stringify(card?.["schedule"], null, 2)}\n`).to.equal(new TextDecoder().decode(paper));

    const take = async (face: "registry" | "insurer" | "authority", path: string) =>
      importInto(join(folder, `${face}.db`), face, (await readFile(path, "utf8")).split("\n"), { folder });
    expect(await take("registry", written.registry)).to.deep.equal({ lines: 50 });
    expect(await take("insurer", written.cards)).to.deep.equal({ lines: written.holders });
    expect(await take("authority", written.licences)).to.deep.equal({ lines: written.licensees });
  });

  it("have cards with terms, so that their policies can be billed, once the command is told the token", async () => {
    const desk = await makeDesk();
    try {
      const token = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
      const make = (...options: string[]) => ["citizens", "--count", "20", "--out", "made", ...options];
      const cardsOf = async () => linesOf(join(desk.folder, "made", "cards.ndjson"));
      await desk.json(make("--token", token));
      const cards = await cardsOf();
      expect(cards).to.not.be.empty;
      for (const { terms } of cards) expect(terms).to.deep.equal(termsToJson(claimTerms("Care Plus", token)));
      const { stdout } = await desk.run(make());
      expect(stdout).to.match(/cards, without terms for claims/);
      for (const card of await cardsOf()) expect(card).not.to.have.property("terms");
    } finally {
      await desk.clear();
    }
  }).timeout(60_000);
});
