/** Taking an authority's own records in: again and again, and nothing half. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { importInto, openDatabase } from "../../../services/attest/index.js";
import { eachEngine, fill, newDatabase, newPerson, secret } from "./support.js";

eachEngine("attest: imports", (engine) => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "salus-imports-"));
    await writeFile(join(folder, "plan.pdf"), "%PDF-1.4 wording");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function all(database: string, table: "citizens" | "cards" | "licences" | "wordings"): Promise<object[]> {
    const db = await openDatabase(database);
    try {
      return await db.selectFrom(table).selectAll().execute();
    } finally {
      await db.destroy();
    }
  }

  it("takes thousands of lines, and the same ones again without a trace", async () => {
    const database = await newDatabase(engine);
    const people = Array.from({ length: 1_234 }, newPerson);
    const lines = people.map((person) => JSON.stringify(person));
    expect(await importInto(database, "registry", [...lines, "", "  "])).to.deep.equal({ lines: 1_234 });
    const before = await all(database, "citizens");
    await importInto(database, "registry", lines);
    expect(await all(database, "citizens")).to.have.deep.members(before);
    expect(before).to.have.length(1_234);
  });

  it("replaces what is there: the last line about somebody counts, however the id is written", async () => {
    const database = await newDatabase(engine);
    const person = newPerson();
    const renamed = { ...person, nationalId: person.nationalId.replaceAll("-", " "), name: secret("Nova Privata") };
    await fill(database, "registry", [person, renamed]);
    const [citizen, ...others] = await all(database, "citizens");
    expect(others).to.have.length(0);
    expect(citizen).to.include({ name: renamed.name, printed: renamed.nationalId });
  });

  it("takes a wording in with the cards that name it, and again when it was changed", async () => {
    const database = await newDatabase(engine);
    const person = newPerson();
    const card = { ...person, card: secret("IM-77"), plan: "P", wording: "plan.pdf", schedule: { sum: 1 } };
    await fill(database, "insurer", [card], folder);
    const [wording] = await all(database, "wordings");
    expect(wording).to.include({ id: "plan.pdf", media_type: "application/pdf" });
    await fill(database, "insurer", [{ ...card, plan: "Q" }], "/nowhere");
    expect((await all(database, "cards"))[0]).to.include({ plan: "Q", schedule: '{\n  "sum": 1\n}\n' });
    const missing = await fill(database, "insurer", [{ ...card, wording: "other.pdf" }], folder).then(() => "", String);
    expect(missing).to.contain("There is no wording other.pdf");
    const outside = await fill(database, "insurer", [{ ...card, wording: "../../etc/passwd" }], folder).then(
      () => "",
      String,
    );
    expect(outside).to.contain("must lie beside the cards");
  });

  it("takes two wordings of the same name in two folders for two", async () => {
    const database = await newDatabase(engine);
    for (const year of ["2025", "2026"]) {
      await mkdir(join(folder, year), { recursive: true });
      await writeFile(join(folder, year, "terms.txt"), `terms of ${year}`);
    }
    const common = { plan: "P", schedule: {} };
    const cards = ["2025", "2026"].map((year) => {
      return { ...newPerson(), ...common, card: secret(`IM-${year}`), wording: `${year}/terms.txt` };
    });
    await fill(database, "insurer", cards, folder);
    expect((await all(database, "cards")).map((card) => (card as { wording: string }).wording)).to.have.members([
      "2025/terms.txt",
      "2026/terms.txt",
    ]);
    const contents = (await all(database, "wordings")).map((each) => (each as { content: string }).content);
    expect(contents.map((content) => Buffer.from(content, "base64").toString())).to.have.members([
      "terms of 2025",
      "terms of 2026",
    ]);
  });

  it("keeps no activation code", async () => {
    const database = await newDatabase(engine);
    const code = secret("a-code-that-isnt-kept");
    await fill(database, "authority", [
      { licence: secret("IM-1"), code, role: "doctor", name: "D", validUntil: 4_000_000_000, status: "valid" },
    ]);
    expect(JSON.stringify(await all(database, "licences"))).not.to.contain(code);
  });

  it("names the line that isn't as it must be, and repeats nothing of it", async () => {
    const database = await newDatabase(engine);
    const person = newPerson();
    const faults = [
      "{",
      JSON.stringify({ ...person, birthDate: "yesterday" }),
      JSON.stringify({ ...person, name: 7 }),
      JSON.stringify({ ...person, nationalId: undefined }),
    ];
    for (const fault of faults) {
      const refusal = await importInto(database, "registry", [JSON.stringify(newPerson()), fault]).then(
        () => "",
        String,
      );
      expect(refusal).to.equal("Error: Line 2 isn't as it must be.");
    }
    const day = { licence: "IM-2", code: "c", role: "doctor", name: "D", validUntil: "2026-13-41", status: "valid" };
    expect(await fill(database, "authority", [day]).then(() => "", String)).to.contain("a date that no calendar has");
  });
});
