/** What somebody has who knows everything public, and guesses: all of a chain, all of a storage, and likely hashes. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { JsonRpcProvider, keccak256, toUtf8Bytes } from "ethers";

/** Every transaction's input and every event of a chain, as one text in lower-case hex. */
export async function everythingOnChain(rpcUrl: string): Promise<string> {
  const provider = new JsonRpcProvider(rpcUrl, undefined, { staticNetwork: true });
  try {
    const parts: string[] = [];
    for (let number = await provider.getBlockNumber(); number >= 0; number--) {
      const block = await provider.getBlock(number, true);
      for (const transaction of block?.prefetchedTransactions ?? []) parts.push(transaction.data);
    }
    for (const { topics, data } of await provider.getLogs({ fromBlock: 0 })) parts.push(...topics, data);
    return parts.join(" ").toLowerCase();
  } finally {
    provider.destroy();
  }
}

/** Every file below a folder. */
export async function everythingIn(folder: string): Promise<Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))),
  );
}

/**
 * What a word could look like on chain, in hex without 0x: plain, or hashed, alone and with what is public about its
 * owner before or behind it.
 */
export function traces(word: string, publicFacts: readonly string[]): string[] {
  const texts = [word, word.toLowerCase(), word.toUpperCase(), word.replace(/\W/g, "")];
  const inputs = texts.flatMap((text) => {
    const bytes = Buffer.from(toUtf8Bytes(text));
    const facts = publicFacts.map((fact) => Buffer.from(fact.slice(2), "hex"));
    return [bytes, ...facts.flatMap((fact) => [Buffer.concat([bytes, fact]), Buffer.concat([fact, bytes])])];
  });
  const hashes = inputs.flatMap((input) => [
    createHash("sha256").update(input).digest("hex"),
    createHash("sha256").update(createHash("sha256").update(input).digest()).digest("hex"),
    keccak256(input).slice(2),
  ]);
  return [...texts.map((text) => Buffer.from(text).toString("hex")), ...hashes];
}
