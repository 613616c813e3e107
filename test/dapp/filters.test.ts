import { expect } from "chai";

import {
  fitsOutside,
  inside,
  isFiltering,
  kindOfManifest,
  NO_FILTERS,
  type Line,
} from "../../dapp/components/record/filters.js";
import type { AnchoredRecord, Manifest } from "../../sdk/index.js";

const NOW = Date.UTC(2026, 10, 21) / 1_000;
const DAY_S = 86_400;

const line = (changes: Partial<Line> = {}, time = NOW): Line => ({
  record: { recordId: "0x01", time } as Partial<AnchoredRecord> as AnchoredRecord,
  author: "Dr Sarah Lee",
  label: "laboratory",
  month: "November 2026",
  text: "dr sarah lee laboratory november 2026",
  ...changes,
});
const manifest = (title: string, mediaType = "application/pdf"): Manifest =>
  ({ title, fileName: "scan.pdf", mediaType }) as Manifest;
const titleOf = ({ title, fileName }: Manifest) => title ?? fileName;

describe("the filters of a timeline", () => {
  it("let everything through until something is asked for", () => {
    expect(isFiltering(NO_FILTERS)).to.equal(false);
    expect(fitsOutside(NO_FILTERS, line(), NOW)).to.equal(true);
    const asksNobody = () => expect.fail("no document has to be opened for this");
    expect(inside(NO_FILTERS, asksNobody, titleOf)(line())).to.equal(true);
  });

  it("tell drawer, author and time without opening anything", () => {
    const fits = (asked: Partial<typeof NO_FILTERS>, time = NOW) =>
      fitsOutside({ ...NO_FILTERS, ...asked }, line({}, time), NOW);
    expect(fits({ drawer: "laboratory" })).to.equal(true);
    expect(fits({ drawer: "imaging" })).to.equal(false);
    expect(fits({ author: "Dr Sarah Lee" })).to.equal(true);
    expect(fits({ author: "You" })).to.equal(false);
    expect(fits({ time: "30" }, NOW - 30 * DAY_S)).to.equal(true);
    expect(fits({ time: "30" }, NOW - 30 * DAY_S - 1)).to.equal(false);
    expect(fits({ time: "365" }, NOW - 364 * DAY_S)).to.equal(true);
    expect(fits({ time: "2025" }, NOW - 364 * DAY_S)).to.equal(true);
    expect(fits({ time: "2025" })).to.equal(false);
    expect(fits({ drawer: "laboratory", author: "You" }), "all of them at once").to.equal(false);
  });

  it("tell kind and words by the document, and say when it would have to be opened", () => {
    const fits = (asked: Partial<typeof NO_FILTERS>, of: Manifest | null | undefined) =>
      inside({ ...NO_FILTERS, ...asked }, () => of, titleOf)(line());
    expect(fits({ words: "blood" }, manifest("Blood count"))).to.equal(true);
    expect(fits({ words: "COUNT blood" }, manifest("Blood count"))).to.equal(true);
    expect(fits({ words: "scan.pdf" }, manifest("Blood count"))).to.equal(true);
    expect(fits({ words: "urine" }, manifest("Blood count"))).to.equal(false);
    expect(fits({ words: "urine" }, undefined)).to.equal(undefined);
    expect(fits({ words: "urine" }, null), "it can't be opened").to.equal(false);
    expect(fits({ words: "lee november" }, undefined), "author and month are known").to.equal(true);
    expect(fits({ kind: "PDF" }, manifest("Blood count"))).to.equal(true);
    expect(fits({ kind: "Picture" }, manifest("Blood count"))).to.equal(false);
    expect(fits({ kind: "PDF", words: "lee" }, undefined)).to.equal(undefined);
    expect(fits({ kind: "PDF", words: "urine" }, manifest("Blood count"))).to.equal(false);
  });

  it("sort documents into kinds by their media types", () => {
    for (const [mediaType, kind] of [
      ["application/fhir+json", "Health data (FHIR)"],
      ["application/pdf", "PDF"],
      ["application/dicom", "Scan (DICOM)"],
      ["image/jpeg", "Picture"],
      ["text/plain", "Text"],
      ["application/octet-stream", "Other"],
      ["", "Other"],
    ] as const) {
      expect(kindOfManifest({ mediaType }), mediaType).to.equal(kind);
    }
  });
});
