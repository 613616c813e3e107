/** Killed in the middle, by a signal that nobody can catch: no number is used twice, and nothing that was answered is forgotten. */
import { expect } from "chai";

import { openDatabase } from "../../../services/attest/index.js";
import { startRegistryProcess } from "./process.js";
import { ask, authorities, fill, newDatabase, newPerson, random32 } from "./support.js";

const CLIENTS = 64;
const ROUNDS = 2;
const CONTROLLER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";

describe("attest: killed", function () {
  this.timeout(120_000);

  it(`keeps a row of every answer through ${ROUNDS} kills under ${CLIENTS} clients, and gives no number twice`, async () => {
    const { world, accounts } = await authorities();
    const database = await newDatabase("sqlite");
    const people = Array.from({ length: CLIENTS }, newPerson);
    await fill(database, "registry", people);
    const answered: number[] = [];

    for (let round = 0; round < ROUNDS; round++) {
      const registry = await startRegistryProcess(world, accounts.registry, 1, database);
      const before = answered.length;
      /** Asks until the registry is gone. */
      const client = async ({ nationalId, birthDate }: (typeof people)[number]) => {
        for (;;) {
          const body = { controller: CONTROLLER, nationalId, birthDate, salt: random32() };
          const answer = await ask(registry, "POST", "/v1/attestations", { body }).catch(() => null);
          if (answer?.status !== 200) return;
          answered.push(Number((answer.body["attestation"] as { nonce: string }).nonce));
        }
      };
      const clients = people.map(client);
      while (answered.length < before + 2 * CLIENTS) await new Promise((resolve) => setImmediate(resolve));
      await registry.kill();
      await Promise.all(clients);
    }

    const db = await openDatabase(database);
    const rows = await db.selectFrom("audit").select(["nonce", "outcome"]).execute();
    await db.destroy();
    const issued = new Set(rows.flatMap(({ nonce, outcome }) => (outcome === "issued" ? [nonce] : [])));
    expect(answered.length).to.be.at.least(2 * CLIENTS * ROUNDS);
    expect(new Set(answered).size, "numbers used twice").to.equal(answered.length);
    expect(
      answered.filter((nonce) => !issued.has(nonce)),
      "answers without a row",
    ).to.deep.equal([]);
    expect(new Set(rows.map(({ nonce }) => nonce)).size).to.equal(rows.length);
  });
});
