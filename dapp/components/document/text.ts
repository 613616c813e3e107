/** The words of a document, for comparing two of them. Its bytes decide what it is; nothing of it is run. */
import { kindOf, textOf } from "./kind.js";

/** Longer texts are for downloading: marking what differs in them would freeze the browser. */
const MOST_LETTERS = 600_000;

/** The words of a document, or null of one that has none: a picture, a damaged file, one that is too long. */
export async function wordsOfDocument(bytes: Uint8Array): Promise<string | null> {
  const kind = kindOf(bytes);
  const words = kind === "pdf" ? await (await import("./pdf-text.js")).wordsOfPdf(bytes) : textOf(bytes);
  return words !== null && words.length <= MOST_LETTERS && words.trim() !== "" ? words : null;
}
