import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { CliError } from "../../scripts/cli/errors.js";
import { readDeployment } from "../../scripts/deploy.js";
import { CONTRACT_NAMES } from "../../sdk/index.js";

describe("the deployment file", () => {
  const address = `0x${"12".repeat(20)}`;
  const deployment = {
    chainId: 31337,
    genesisHash: `0x${"ab".repeat(32)}`,
    blockNumber: 0,
    contracts: Object.fromEntries(CONTRACT_NAMES.map((name) => [name, address])),
  };
  let file: string;

  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), "salus-deployment-")), "deployment.json");
  });

  afterEach(() => rm(join(file, ".."), { recursive: true, force: true }));

  async function refusal(value: unknown): Promise<CliError> {
    await writeFile(file, JSON.stringify(value));
    const thrown = await readDeployment(file).catch((error: unknown) => error);
    if (thrown instanceof CliError) return thrown;
    throw new Error("expected a refusal");
  }

  it("is read as it was written", async () => {
    await writeFile(file, JSON.stringify(deployment));
    expect(await readDeployment(file)).to.deep.equal(deployment);
  });

  it("says how to get one when there is none", async () => {
    const thrown: unknown = await readDeployment(file).catch((error: unknown) => error);
    expect(thrown).to.include({ code: "NO_DEPLOYMENT", exitCode: 5 });
  });

  it("must name every contract, and no address may be mistyped", async () => {
    for (const name of CONTRACT_NAMES) {
      const others = Object.entries(deployment.contracts).filter(([other]) => other !== name);
      const missing = await refusal({ ...deployment, contracts: Object.fromEntries(others) });
      expect(missing.details).to.include({ field: `contracts.${name}` });
      const wrong = await refusal({ ...deployment, contracts: { ...deployment.contracts, [name]: "0x12" } });
      expect(wrong.details).to.include({ field: `contracts.${name}` });
    }
    expect((await refusal({ ...deployment, genesisHash: "0xab" })).details).to.include({ field: "genesisHash" });
    expect((await refusal([])).code).to.equal("FILE_INVALID");
  });
});
