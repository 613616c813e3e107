/** The words of a PDF by pdf.js in its own worker, without drawing it. */
import { openPdf } from "./openPdf.js";

/** A wording has fewer; a PDF of many pages is made to keep a browser busy. */
const MOST_PAGES = 300;

/** The text, a line a line, or null of a PDF that is damaged, protected, very long or without text. */
export async function wordsOfPdf(bytes: Uint8Array): Promise<string | null> {
  const task = openPdf(bytes);
  try {
    const document = await task.promise;
    if (document.numPages > MOST_PAGES) return null;
    const pages: string[] = [];
    for (let number = 1; number <= document.numPages; number++) {
      const { items } = await (await document.getPage(number)).getTextContent();
      pages.push(items.map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : "")).join(""));
    }
    return pages.join("\n");
  } catch {
    return null;
  } finally {
    await task.destroy();
  }
}
