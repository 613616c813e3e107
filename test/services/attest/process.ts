/** Starts and kills a registry in a process of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { HDNodeWallet } from "ethers";

import { toHex } from "../../../sdk/core/bytes.js";
import { MNEMONIC, pathOf, type Unlocked, type World } from "../../world.js";
import type { ChildConfig } from "./child.js";

/** A registry that runs beside this process. */
export interface RegistryProcess {
  url: string;
  /** Ends it without a warning. */
  kill(): Promise<void>;
}

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

/** Starts the registry of development account `index` over `database`. */
export async function startRegistryProcess(
  { rpcUrl, ipfsUrl, deployment, folder }: World,
  { root }: Pick<Unlocked, "root">,
  index: number,
  database: string,
): Promise<RegistryProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", CHILD], { stdio: ["pipe", "pipe", "inherit"] });
  const { privateKey } = HDNodeWallet.fromPhrase(MNEMONIC, undefined, pathOf(index));
  const journal = join(folder, "registry-process");
  const config: ChildConfig = { rpcUrl, ipfsUrl, deployment, privateKey, root: toHex(root), database, folder: journal };
  child.stdin.write(`${JSON.stringify(config)}\n`);
  const url = await firstLine(child);
  return {
    url,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error("no output");
  for await (const line of createInterface(stdout)) return line;
  throw new Error("the registry ended before it was ready");
}
