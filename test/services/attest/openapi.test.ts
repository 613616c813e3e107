/**
 * The OpenAPI descriptions under docs/openapi are those that the services serve. `SALUS_WRITE_OPENAPI=1` writes them:
 * SALUS_WRITE_OPENAPI=1 npx hardhat test mocha test/services/attest/openapi.test.ts && npx prettier --write docs/openapi
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";

import { expect } from "chai";

import { describe as openApiOf, FACES } from "../../../services/attest/index.js";
import { ERROR_MESSAGES } from "../../../sdk/index.js";
import { ask, startService } from "./support.js";

const FOLDER = new URL("../../../docs/openapi/", import.meta.url);

describe("attest: OpenAPI", () => {
  for (const face of FACES) {
    it(`describes the ${face} as docs/openapi/${face}.json does`, async () => {
      const described = await openApiOf(face);
      const file = new URL(`${face}.json`, FOLDER);
      if (process.env["SALUS_WRITE_OPENAPI"]) {
        await mkdir(FOLDER, { recursive: true });
        await writeFile(file, `${JSON.stringify(described, null, 2)}\n`);
      }
      expect(JSON.parse(await readFile(file, "utf8"))).to.deep.equal(described);
    });

    it(`serves that description at the ${face}`, async () => {
      const service = await startService(face);
      const { body } = await ask(service, "GET", "/openapi.json");
      expect(body).to.deep.equal(await openApiOf(face));
      await service.close();
    });
  }

  it("names only refusals that have a message", async () => {
    for (const face of FACES) {
      const text = JSON.stringify(await openApiOf(face));
      const codes = [...text.matchAll(/"description":"([A-Z_]{4,}(?:, [A-Z_]{4,})*)"/g)].flatMap(([, list]) =>
        list!.split(", "),
      );
      expect(codes.length).to.be.greaterThan(20);
      expect(codes.filter((code) => !(code in ERROR_MESSAGES))).to.deep.equal([]);
    }
  });
});
