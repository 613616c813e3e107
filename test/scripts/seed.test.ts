import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { localFileName } from "../../scripts/cli/files.js";
import { documentsOf } from "../../scripts/seed/content.js";
import { cardLines } from "../../scripts/seed/citizens.js";
import { faceOf } from "../../scripts/seed/faces.js";
import { amendedWording, claimTerms, schedule, wording } from "../../scripts/seed/insurance.js";
import { papers, writePapers } from "../../scripts/seed/papers.js";
import { knownPersona, personaOf, PERSONAS, personaWallet } from "../../scripts/seed/personas.js";
import { checkTerms, newRoot, sameTerms, sealBackup, SCOPE_LABELS, termsToJson } from "../../sdk/index.js";

describe("the seed", () => {
  const patients = PERSONAS.filter(({ role }) => role === "patient");

  it("has personas with distinct names, ids and well-known accounts", () => {
    for (const field of ["id", "name", "address", "passphrase"] as const) {
      expect(new Set(PERSONAS.map((persona) => persona[field])).size, field).to.equal(PERSONAS.length);
    }
    // The first account of every development node.
    expect(knownPersona("operator").address).to.equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    for (const persona of PERSONAS) expect(personaWallet(persona).address).to.equal(persona.address);
    expect(personaOf(" AMINA rahman ")).to.equal(knownPersona("amina"));
    expect(personaOf("nobody")).to.equal(undefined);
  });

  it("gives every persona a passphrase that would do for anyone", () =>
    Promise.all(PERSONAS.map(({ passphrase }) => sealBackup(newRoot(), passphrase, 1))));

  it("gives every patient eight FHIR documents, a letter in PDF, and drawers that exist", async () => {
    for (const persona of patients) {
      const bundles = await documentsOf(persona);
      const documents = bundles.flatMap((bundle) => bundle.documents);
      for (const { scope } of bundles) expect(SCOPE_LABELS).to.include(scope);
      const fhir = documents.filter(({ mediaType }) => mediaType === "application/fhir+json");
      expect(fhir.length, persona.name).to.be.within(8, 12);
      for (const { content, fileName, title } of fhir) {
        const resource = JSON.parse(new TextDecoder().decode(content)) as Record<string, { display?: string }>;
        expect(resource.resourceType, title).to.be.a("string");
        expect((resource.subject ?? resource.patient)?.display, title).to.equal(persona.name);
        expect(localFileName(fileName)).to.equal(fileName);
      }
      const letters = documents.filter(({ mediaType }) => mediaType === "application/pdf");
      expect(letters.map(({ content }) => Buffer.from(content.subarray(0, 5)).toString())).to.deep.equal(["%PDF-"]);
    }
  });

  it("insures each patient personally, under one public wording that names nobody", async () => {
    const { bytes } = await wording();
    const text = new TextDecoder().decode(bytes);
    for (const persona of patients) {
      const own = new TextDecoder().decode(schedule(persona, "Care Plus").bytes);
      expect(own).to.include(persona.identity?.insuranceCard);
      expect(text).not.to.include(persona.name);
    }
  });

  it("pays bills by terms in whole cents, which the amendment changes", async () => {
    const token = knownPersona("operator").address;
    const [before, after] = [claimTerms("Care Plus", token), claimTerms("Care Plus", token, { isAmended: true })];
    expect(sameTerms(before, after)).to.equal(false);
    for (const terms of [before, after, claimTerms("Care Plus Dental", token)]) checkTerms(terms);
    for await (const line of cardLines(20, token)) {
      expect((JSON.parse(line) as { terms: object }).terms).to.deep.equal(termsToJson(before));
    }
  });

  it("proposes a wording that differs in two clauses", async () => {
    const [before, after] = await Promise.all([wording(), amendedWording()]);
    const lines = ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes).split("\n");
    const changed = lines(before).filter((line) => !lines(after).includes(line));
    expect(changed.map((line) => line.slice(0, 3))).to.deep.equal(["3.7", "6.2"]);
  });

  it("hands its newcomer papers that the authorities have, to the bit, and another photo than theirs", async () => {
    const folder = await mkdtemp(join(tmpdir(), "salus-papers-"));
    try {
      await writePapers(folder);
      const [dana] = papers("papers/");
      expect(dana).to.include({ account: knownPersona("dana").address, photo: "papers/dana/photo.jpg" });
      const at = (name: string) => readFile(join(folder, "dana", name));
      const cards: { card: string; schedule: object }[] = [];
      for await (const line of cardLines(20)) cards.push(JSON.parse(line) as (typeof cards)[number]);
      const held = cards.find(({ card }) => card === dana?.card);
      // As services/attest/imports.ts writes it.
      expect((await at("schedule.json")).toString()).to.equal(`${JSON.stringify(held?.schedule, null, 2)}\n`);
      expect(await at("wording.txt")).to.deep.equal(Buffer.from((await wording()).bytes));
      expect(await at("photo.jpg")).not.to.deep.equal(Buffer.from(await faceOf("dana")));
    } finally {
      await rm(folder, { recursive: true });
    }
  }).timeout(120_000);
});
