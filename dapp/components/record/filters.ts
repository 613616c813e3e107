/** Which records of a timeline are meant: by drawer, time, author, kind and words. */
import type { AnchoredRecord, Manifest, RecordId } from "../../../sdk/index.js";

/** What is asked for; "" for all. */
export interface Filters {
  drawer: string;
  /** "30", "365": so many days up to now; "2025": a year. */
  time: string;
  author: string;
  kind: string;
  words: string;
}

/** Everything. */
export const NO_FILTERS: Filters = { drawer: "", time: "", author: "", kind: "", words: "" };

/** What a row shows of a record, known without opening it. */
export interface Line {
  record: AnchoredRecord;
  author: string;
  label: string;
  month: string;
  /** All of that in lower case, to look for words in. */
  text: string;
}

const DAY_S = 86_400;

/** The kinds of documents, by their media types; the last is whatever is none of the others. */
const KINDS: readonly (readonly [kind: string, test: RegExp])[] = [
  ["Health data (FHIR)", /^application\/fhir\+/],
  ["PDF", /^application\/pdf$/],
  ["Scan (DICOM)", /^application\/dicom$/],
  ["Picture", /^image\//],
  ["Text", /^text\//],
  ["Other", /./],
];

/** The names of the kinds. */
export const KIND_NAMES: readonly string[] = KINDS.map(([kind]) => kind);

/** The kind of a document. */
export function kindOfManifest({ mediaType }: Pick<Manifest, "mediaType">): string {
  return KINDS.find(([, test]) => test.test(mediaType))?.[0] ?? "Other";
}

/** Whether anything is asked for. */
export function isFiltering(filters: Filters): boolean {
  return Object.values(filters).some((value) => value !== "");
}

/** Whether a record fits by what is known without opening it. @param now Unix seconds */
export function fitsOutside({ drawer, time, author }: Filters, line: Line, now: number): boolean {
  if (drawer !== "" && line.label !== drawer) return false;
  if (author !== "" && line.author !== author) return false;
  if (time === "") return true;
  // Years have four digits, spans fewer.
  if (time.length === 4) return new Date(line.record.time * 1_000).getFullYear() === Number(time);
  return line.record.time >= now - Number(time) * DAY_S;
}

/**
 * Tells whether a record fits by kind and words. Made once for ten thousand records.
 * @param manifestOf what is known of a document, see `KnownManifests`
 * @param titleOf what it is called, for a manifest
 * @returns undefined for a record when only the document itself could tell, and it wasn't opened
 */
export function inside(
  { kind, words }: Filters,
  manifestOf: (recordId: RecordId) => Manifest | null | undefined,
  titleOf: (manifest: Manifest) => string,
): (line: Line) => boolean | undefined {
  const asked = words.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  if (kind === "" && asked.length === 0) return () => true;
  return ({ record, text }) => {
    const missing = asked.filter((word) => !text.includes(word));
    if (kind === "" && missing.length === 0) return true;
    const manifest = manifestOf(record.recordId);
    if (!manifest) return manifest === null ? false : undefined;
    if (kind !== "" && kindOfManifest(manifest) !== kind) return false;
    if (missing.length === 0) return true;
    const own = `${titleOf(manifest)} ${manifest.fileName}`.toLocaleLowerCase();
    return missing.every((word) => own.includes(word));
  };
}
