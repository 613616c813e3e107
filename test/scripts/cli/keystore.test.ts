import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { encryptKeystoreJsonSync, Wallet } from "ethers";

import { CliError } from "../../../scripts/cli/errors.js";
import { createKeystore, isKeystore, openRoot, openWallet, walletFile } from "../../../scripts/cli/keystore.js";
import { newRoot, sealBackup } from "../../../sdk/index.js";
import { expectSalusError } from "../../expectSalusError.js";

const PASSWORD = "correct horse battery staple";

describe("keystores", () => {
  const wallet = Wallet.createRandom();
  const { address, privateKey } = wallet;
  const encrypted = encryptKeystoreJsonSync({ address, privateKey }, PASSWORD, { scrypt: { N: 1_024, r: 8, p: 1 } });
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "salus-keystore-")), "me");
  });

  afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

  async function refusal(promise: Promise<unknown>): Promise<CliError> {
    const thrown = await promise.catch((error: unknown) => error);
    if (thrown instanceof CliError) return thrown;
    throw new Error("expected a refusal");
  }

  it("opens with its password and no other", async () => {
    await createKeystore(folder, encrypted, PASSWORD);
    expect((await openWallet(walletFile(folder), PASSWORD)).address).to.equal(wallet.address);
    const wrong = await refusal(openWallet(walletFile(folder), `${PASSWORD} `));
    expect(wrong).to.include({ code: "WRONG_PASSWORD", exitCode: 4 });
    expect(JSON.stringify(wrong.details) + wrong.message).not.to.include(PASSWORD);
  });

  it("is a folder with a wallet, and never overwritten", async () => {
    expect(await isKeystore(folder)).to.equal(false);
    await createKeystore(folder, encrypted, PASSWORD);
    expect(await isKeystore(folder)).to.equal(true);
    expect((await refusal(createKeystore(folder, encrypted, PASSWORD))).code).to.equal("FILE_EXISTS");
  });

  it("refuses a password that couldn't guard the account root", () =>
    expectSalusError(createKeystore(folder, encrypted, "too short"), "WEAK_PASSPHRASE"));

  it("says so when the wallet is damaged, without quoting it", async () => {
    await createKeystore(folder, encrypted, PASSWORD);
    await writeFile(walletFile(folder), encrypted.slice(0, -9));
    const damaged = await refusal(openWallet(walletFile(folder), PASSWORD));
    expect(damaged.code).to.equal("FILE_INVALID");
    expect(JSON.stringify(damaged.details)).not.to.include("ciphertext");
  });

  it("has a root once the account is set up", async () => {
    await createKeystore(folder, encrypted, PASSWORD);
    expect(await openRoot(folder, PASSWORD)).to.equal(null);
    const root = newRoot();
    await writeFile(join(folder, "root.age"), await sealBackup(root, PASSWORD, 8));
    expect(await openRoot(folder, PASSWORD)).to.deep.equal(root);
    await expectSalusError(openRoot(folder, "another password"), "WRONG_PASSPHRASE");
  });
});
