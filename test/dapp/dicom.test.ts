/** DICOM pictures: what is drawn, what isn't, and files that lie about their lengths. */
import { readFileSync } from "node:fs";

import { expect } from "chai";
import fc from "fast-check";

import { dragged, greyOf, readDicom, type DicomImage } from "../../dapp/components/document/dicom.js";
import { mediaTypeOf } from "../../dapp/components/document/kind.js";

const EXPLICIT = "1.2.840.10008.1.2.1";

/** One element, explicit VR little endian. */
function element(group: number, tag: number, vr: string, value: string | number | Uint8Array): Buffer {
  let bytes = typeof value === "number" ? Buffer.from([value & 255, value >> 8]) : Buffer.from(value as string);
  if (bytes.length % 2 === 1) bytes = Buffer.concat([bytes, Buffer.from(vr === "UI" ? "\0" : " ")]);
  const isLong = vr === "OB" || vr === "OW";
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(tag, 2);
  head.write(vr, 4, "latin1");
  if (isLong) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

interface Made {
  syntax?: string;
  photometric?: string;
  rows?: number;
  columns?: number;
  frames?: string;
  allocated?: number;
  stored?: number;
  signed?: number;
  slope?: string;
  intercept?: string;
  window?: readonly [center: string, width: string];
  pixels?: Uint8Array;
}

/** A file of 2 by 2 pixels, unless said otherwise. */
function file(made: Made = {}): Uint8Array {
  const { syntax = EXPLICIT, photometric = "MONOCHROME2", rows = 2, columns = 2, frames, allocated = 8 } = made;
  const { stored = allocated, signed = 0, slope, intercept, window, pixels = Uint8Array.of(0, 85, 170, 255) } = made;
  const meta = element(0x0002, 0x0010, "UI", syntax);
  const size = Buffer.alloc(12);
  size.write("\x02\0\0\0UL\x04\0", "latin1");
  size.writeUInt32LE(meta.length, 8);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    size,
    meta,
    element(0x0010, 0x0010, "PN", "Rahman^Amina"),
    element(0x0028, 0x0002, "US", photometric === "RGB" ? 3 : 1),
    element(0x0028, 0x0004, "CS", photometric),
    ...(frames === undefined ? [] : [element(0x0028, 0x0008, "IS", frames)]),
    element(0x0028, 0x0010, "US", rows),
    element(0x0028, 0x0011, "US", columns),
    element(0x0028, 0x0100, "US", allocated),
    element(0x0028, 0x0101, "US", stored),
    element(0x0028, 0x0102, "US", stored - 1),
    element(0x0028, 0x0103, "US", signed),
    ...(window === undefined
      ? []
      : [element(0x0028, 0x1050, "DS", window[0]), element(0x0028, 0x1051, "DS", window[1])]),
    ...(intercept === undefined ? [] : [element(0x0028, 0x1052, "DS", intercept)]),
    ...(slope === undefined ? [] : [element(0x0028, 0x1053, "DS", slope)]),
    element(0x7fe0, 0x0010, "OW", pixels),
  ]);
}

function image(made: Made = {}): DicomImage {
  const found = readDicom(file(made));
  if (typeof found === "string") throw new Error(found);
  return found;
}

/** The greys of a frame. */
const greys = (picture: DicomImage, window = picture.window, frame = 0) =>
  Array.from(picture.draw(frame, window)).filter((_, i) => i % 4 === 0);

describe("windowing", () => {
  it("is PS3.3's: black below, white above, even between", () => {
    const window = { center: 40, width: 400 };
    expect([-161, -160, 40, 239, 240].map((value) => greyOf(value, window))).to.deep.equal([0, 0, 128, 255, 255]);
    expect([9, 10, 11].map((value) => greyOf(value, { center: 10.5, width: 1 }))).to.deep.equal([0, 0, 255]);
  });

  it("never turns around and never leaves 0 to 255", () => {
    const any = fc.double({ min: -70_000, max: 70_000, noNaN: true });
    fc.assert(
      fc.property(any, any, any, any, (one, other, center, width) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)].map((value) =>
          greyOf(value, { center, width }),
        );
        expect(low).to.be.at.least(0).and.at.most(high!);
        expect(high).to.be.at.most(255);
      }),
    );
  });

  it("follows a drag, and is never narrower than 1", () => {
    expect(dragged({ center: 100, width: 200 }, 30, -30, 300)).to.deep.equal({ center: 70, width: 230 });
    expect(dragged({ center: 100, width: 200 }, -10_000, 0, 300).width).to.equal(1);
  });
});

describe("DICOM pictures", () => {
  it("draws the phantom of the tests, and says what it is", () => {
    const bytes = readFileSync(new URL("../documents/dicom/phantom.dcm", import.meta.url));
    expect(mediaTypeOf(bytes, "")).to.equal("application/dicom");
    const picture = readDicom(bytes);
    if (typeof picture === "string") throw new Error(picture);
    expect(picture).to.include({ rows: 64, columns: 64, frames: 1, low: 16, high: 235 });
    expect(Object.fromEntries(picture.facts)).to.include({ Patient: "Phantom Test", "Made on": "2026-11-02" });
    expect(greys(picture))
      .to.include.members([0, 255])
      .and.to.have.length(64 * 64);
  });

  it("shows all of it unless the file has a window of its own", () => {
    expect(greys(image())).to.deep.equal([0, 85, 170, 255]);
    expect(image({ window: ["128", "1"] }).window).to.deep.equal({ center: 128, width: 1 });
    expect(greys(image({ window: ["128", "1"] }))).to.deep.equal([0, 0, 255, 255]);
    expect(image({ window: ["128", "0"] }).window.width).to.equal(256);
  });

  it("turns what is white on black by its own word", () => {
    expect(greys(image({ photometric: "MONOCHROME1" }))).to.deep.equal([255, 170, 85, 0]);
  });

  it("reads 16 bits, signs, unused bits and rescaling", () => {
    const words = (...values: number[]) => new Uint8Array(Int16Array.from(values).buffer);
    const signed = image({ allocated: 16, signed: 1, pixels: words(-1000, 0, 1000, 3000) });
    expect([signed.low, signed.high]).to.deep.equal([-1000, 3000]);
    const twelve = image({ allocated: 16, stored: 12, signed: 1, pixels: words(0x0fff, 0x0800, 0xf001, 0x07ff) });
    expect([twelve.low, twelve.high]).to.deep.equal([-2048, 2047]);
    const scaled = image({ allocated: 16, slope: "2", intercept: "-1024", pixels: words(0, 512, 1024, 100) });
    expect([scaled.low, scaled.high]).to.deep.equal([-1024, 1024]);
  });

  it("draws each of several frames, and no other", () => {
    const picture = image({ frames: "2", pixels: Uint8Array.of(0, 0, 0, 255, 255, 0, 0, 0) });
    expect([0, 1, 7].map((frame) => greys(picture, { center: 128, width: 256 }, frame)[0])).to.deep.equal([
      0, 255, 255,
    ]);
  });
});

describe("DICOM that isn't drawn", () => {
  it("says that it is compressed, or in colours", () => {
    for (const syntax of ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.5"]) {
      expect(readDicom(file({ syntax })), syntax).to.equal("compressed");
    }
    expect(readDicom(file({ syntax: "1.2.840.10008.1.2.1.99" }))).to.equal("compressed");
    expect(readDicom(file({ photometric: "RGB" }))).to.equal("colour");
    expect(readDicom(file({ photometric: "PALETTE COLOR" }))).to.equal("colour");
    expect(readDicom(file({ allocated: 32 }))).to.equal("unusual");
  });

  it("abuse: believes no length that the file doesn't have", () => {
    expect(readDicom(file({ rows: 60_000, columns: 60_000 }))).to.equal("unusual");
    expect(readDicom(file({ rows: 4_000, columns: 4_000 }))).to.equal("damaged");
    expect(readDicom(file({ frames: "9999" }))).to.equal("damaged");
    expect(readDicom(file({ frames: "99999999" }))).to.equal("unusual");
    expect(readDicom(file({ rows: 0 }))).to.equal("unusual");
    expect(readDicom(file().subarray(0, -3))).to.be.a("string");
  });

  it("abuse: answers any bytes", () => {
    const whole = file();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (where, value, end) => {
        const bytes = Uint8Array.from(whole).subarray(0, end);
        bytes[where] = value;
        const found = readDicom(bytes);
        if (typeof found !== "string") found.draw(0, found.window);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => typeof readDicom(bytes) === "string"));
  });
});
