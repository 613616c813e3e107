/** What stands for persons and callers where they must not be named: keyed hashes, and comparisons that take the same time. */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** 32 bytes in hex. */
export type Tag = string;

/** Makes tags under a key of this service's own: nobody without its root can tell what one stands for, or try. */
export type Tagger = (kind: "id" | "card" | "licence" | "caller" | "account", value: string) => Tag;

/** @param root the service's account root, 32 bytes */
export function taggerOf(root: Uint8Array): Tagger {
  const key = Buffer.from(hkdfSync("sha256", root, "", "salus/v1/audit-tags", 32));
  return (kind, value) =>
    createHmac("sha256", key)
      .update(JSON.stringify([kind, value]))
      .digest("hex");
}

/** sha2-256 in hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Whether both are the same text. However alike they are, the time is the same: digests of fixed length are compared. */
export function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
