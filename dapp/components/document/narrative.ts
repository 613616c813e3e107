/**
 * The words of a FHIR narrative (`text.div`, XHTML that somebody else wrote), without any of its markup. It's read letter
 * by letter and never parsed into elements, so nothing in it can run, load or be styled. What comes out is plain text.
 */
import type { Resource } from "./fhir.js";

/** Letters of the source that are looked at, and of the words that are shown. */
const MAX_SOURCE = 200_000;
const MAX_WORDS = 4_000;

/** Elements whose content isn't words. */
const SILENT = ["script", "style", "template", "noscript"];
const BREAKS = /^\/?(p|div|tr|li|ul|ol|table|br|h[1-6])$/;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** The narrative's words; "" when there are none. */
export function narrativeOf({ text }: Resource): string {
  const div = typeof text === "object" && text !== null ? (text as Resource).div : undefined;
  if (typeof div !== "string") return "";
  // Line by line: a pattern that looks for white space around line ends takes minutes over a text made of it.
  return decoded(withoutMarkup(div.slice(0, MAX_SOURCE)))
    .split("\n")
    .map((line) => line.replace(/[ \t]+/g, " ").trim())
    .filter(Boolean)
    .join("\n")
    .slice(0, MAX_WORDS);
}

/** Each letter is looked at a bounded number of times, whatever the source. */
function withoutMarkup(source: string): string {
  const lower = source.toLowerCase();
  const words: string[] = [];
  let at = 0;
  while (at < source.length) {
    const start = source.indexOf("<", at);
    if (start < 0) break;
    words.push(source.slice(at, start));
    if (source.startsWith("<!--", start)) {
      at = after(source, "-->", start);
      continue;
    }
    const end = endOfTag(source, start);
    const name = /^\/?[a-z0-9]*/.exec(lower.slice(start + 1, Math.min(end, start + 16)))?.[0] ?? "";
    const isSilent = SILENT.includes(name) && source[end - 2] !== "/";
    at = isSilent ? endOfTag(source, before(lower, `</${name}`, end)) : end;
    if (BREAKS.test(name)) words.push("\n");
  }
  return words.join("") + source.slice(at);
}

/** Where the tag that begins at `start` is over. A ">" within quotes doesn't end it. */
function endOfTag(source: string, start: number): number {
  let quote = "";
  for (let at = start; at < source.length; at++) {
    const letter = source.charAt(at);
    if (quote !== "") quote = letter === quote ? "" : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === ">") return at + 1;
  }
  return source.length;
}

function before(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found;
}

function after(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found + mark.length;
}

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (entity, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? entity;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}
