/**
 * A civil registry as a process of its own, which can be killed. Reads its configuration, a line of JSON, from standard
 * input, prints its address when it is ready, and ends when standard input does.
 */
import { createInterface } from "node:readline";

import { Wallet } from "ethers";

import { startAttest } from "../../../services/attest/index.js";
import { fromHex } from "../../../sdk/core/bytes.js";
import { connectChain, connectIpfs, type Address, type Deployment, type Hex } from "../../../sdk/index.js";
import { fileJournal } from "../../../sdk/node.js";

/** What a child is told. */
export interface ChildConfig {
  rpcUrl: string;
  ipfsUrl: string;
  deployment: Deployment;
  /** A development account's. */
  privateKey: string;
  root: Hex;
  database: string;
  /** For the journal that a session has, and a service doesn't use. */
  folder: string;
}

const lines = createInterface(process.stdin);
lines.once("close", () => process.exit(0));
const [line] = (await new Promise<string[]>((resolve) => lines.once("line", (text) => resolve([text])))) as [string];
const { rpcUrl, ipfsUrl, deployment, privateKey, root, database, folder } = JSON.parse(line) as ChildConfig;
const chain = await connectChain({ deployment, rpcUrl });
const signer = new Wallet(privateKey, chain.provider);
const unlimited = 1_000_000_000;
const { url } = await startAttest({
  face: "registry",
  session: {
    chain,
    store: connectIpfs(ipfsUrl),
    signer,
    account: signer.address as Address,
    journal: await fileJournal(folder),
    root: fromHex(root),
  },
  database,
  origins: [],
  name: "Child",
  limits: { perCaller: unlimited, perSubject: unlimited, guessesPerCaller: unlimited },
});
process.stdout.write(`${url}\n`);
