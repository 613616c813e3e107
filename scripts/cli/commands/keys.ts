/** `salus keys`: keystores, and the encryption key of an account. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { Command } from "commander";
import { isError, parseEther, Wallet } from "ethers";

import {
  createAccount,
  keyOf,
  SalusError,
  unlock,
  waitFor,
  type Address,
  type Hex,
  type Session,
} from "../../../sdk/index.js";
import { CliError } from "../errors.js";
import { createKeystore, isKeystore, keepBackup, openWallet } from "../keystore.js";
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
        await createKeystore(path, await wallet.encrypt(password), password);
        output.result({ keystore: path, account: wallet.address }, () =>
          facts([
            ["keystore", path],
            ["account", wallet.address],
          ]),
        );
      }),
    );

  keys
    .command("import")
    .argument("<file>", "a wallet as geth and ethers encrypt it (Web3 Secret Storage)")
    .argument("<folder>", "where to put the keystore")
    .description("Make a keystore of a wallet that exists. Its password becomes the keystore's. Nothing is sent.")
    .action((file: string, folder: string) =>
      run(async ({ settings, output }) => {
        const path = resolve(folder);
        if (await isKeystore(path)) throw new CliError("FILE_EXISTS", { keystore: folder });
        const password = await askPassword(`the wallet ${file}`, settings, output);
        const wallet = await openWallet(file, password);
        await createKeystore(path, await readFile(file, "utf8"), password);
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
        await createAccount(session, password);
        if (keystore) await keepBackup(session, session.account, keystore);
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
        const reader = await context.reader();
        // Only a backup that the keystore's password opens is worth keeping there.
        await unlock(reader, address, password);
        await keepBackup(reader, address, keystore);
        context.output.result({ keystore, account: address }, () =>
          facts([
            ["keystore", keystore],
            ["account", address],
          ]),
        );
      }),
    );

  keys
    .command("fund")
    .argument("<accounts...>", "addresses, or personas on the local chain")
    .option("--amount <ether>", "how much each", "1")
    .description("Send ether from the acting account, so that others can pay for their transactions.")
    .action((names: string[], { amount }: { amount: string }) =>
      run(async (context) => {
        if (!/^\d{1,9}(\.\d{1,18})?$/.test(amount)) {
          throw new CliError("USAGE", { amount, reason: "write it like 0.5" });
        }
        const accounts = await Promise.all(names.map((name) => context.account(name)));
        const session = await context.session();
        for (const account of accounts) await pay(session, account, parseEther(amount));
        context.output.result({ accounts, ether: amount }, () => `${amount} ether each for ${accounts.join(", ")}.`);
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

/** Sends ether. @throws INSUFFICIENT_FUNDS, TRANSACTION_FAILED, CHAIN_UNREACHABLE */
async function pay({ chain, signer }: Session, to: Address, value: bigint): Promise<void> {
  const { hash } = await signer.sendTransaction({ to, value }).catch((cause: unknown) => {
    // Hardhat's node says so in words only.
    const isPoor = isError(cause, "INSUFFICIENT_FUNDS") || /enough funds/i.test(String(cause));
    throw new SalusError(isPoor ? "INSUFFICIENT_FUNDS" : "TRANSACTION_FAILED", {}, { cause });
  });
  await waitFor(chain, hash as Hex);
}
