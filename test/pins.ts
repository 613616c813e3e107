import { create } from "ipfs-http-client";

/** The CIDs that an IPFS node promises to keep, sorted. */
export async function pinsOf(ipfsUrl: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { cid } of create({ url: ipfsUrl }).pin.ls({ type: "recursive" })) found.push(cid.toString());
  return found.sort();
}
