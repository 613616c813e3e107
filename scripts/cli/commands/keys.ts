/** `salus keys`: keystores, and the encryption key of an account. */
import { resolve } from "node:path";

import { Command } from "commander";
import { Wallet } from "ethers";

import { createAccount, keyOf, unlock } from "../../../sdk/index.js";
import { CliError } from "../errors.js";
import { createKeystore, isKeystore, saveRoot } from "../keystore.js";
import type { Run } from "../main.js";
import { facts } from "../output.js";
import { askPassword } from "../password.js";

export function keysCommand(run: Run): Command {
  const keys = new Command("keys").description("Make keystores, and set up the encryption key of an account.");

  keys
    .command("new")
    .argument("<folder>", "where to put the keystore")
    .description("Make a keystore with a new wallet. Nothing is sent.")
    .action((folder: string) =>
      run(async ({ settings, output }) => {
        const path = resolve(folder);
        if (await isKeystore(path)) throw new CliError("FILE_EXISTS", { keystore: folder });
        const password = await askPassword(`the new keystore ${folder}`, settings, output, { isNew: true });
        const wallet = Wallet.createRandom();
        await createKeystore(path, wallet, password);
        output.result({ keystore: path, account: wallet.address }, () =>
          facts([
            ["keystore", path],
            ["account", wallet.address],
          ]),
        );
      }),
    );

  keys
    .command("publish")
    .description("Set the acting account up: make its root, back it up on IPFS under the password, publish its key.")
    .action(() =>
      run(async (context) => {
        const session = await context.session();
        const { keystore, password } = await context.identity();
        const existing = await keyOf(session.chain, session.account);
        if (existing) throw new CliError("KEY_EXISTS", { account: session.account, version: existing.version });
        const root = await createAccount(session, password);
        if (keystore) await saveRoot(keystore, root, password);
        const published = await keyOf(session.chain, session.account);
        const value = { account: session.account, publicKey: published?.publicKey, version: published?.version };
        context.output.result(value, () =>
          facts([
            ["account", session.account],
            ["key", published?.publicKey ?? "none"],
          ]),
        );
      }),
    );

  keys
    .command("restore")
    .description("Fetch the account's backup from IPFS, open it with the password and put the root into the keystore.")
    .action(() =>
      run(async (context) => {
        const { keystore, password, address } = await context.identity();
        if (!keystore) throw new CliError("USAGE", { reason: "a persona has no keystore to restore into" });
        await saveRoot(keystore, await unlock(await context.reader(), address, password), password);
        context.output.result({ keystore, account: address }, () =>
          facts([
            ["keystore", keystore],
            ["account", address],
          ]),
        );
      }),
    );

  keys
    .command("show")
    .argument("[account]", "whose; the acting account's by default")
    .description("Show the key that an account has published.")
    .action((name: string | undefined) =>
      run(async (context) => {
        const account = name === undefined ? (await context.identity()).address : await context.account(name);
        const key = await keyOf(await context.chain(), account);
        const value = { account, publicKey: key?.publicKey ?? null, version: key?.version ?? 0 };
        context.output.result(value, () =>
          facts([
            ["account", account],
            ["key", key?.publicKey ?? "none published"],
          ]),
        );
      }),
    );
  return keys;
}
