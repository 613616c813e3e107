/** What comes from anybody's hand, before any model sees it. */
import { deflateSync } from "node:zlib";

import { expect } from "chai";
import fc from "fast-check";
import { PNG } from "pngjs";

import { toJpeg, type Picture } from "../../../../scripts/lib/picture.js";
import { isSalusError, SalusError, type ErrorCode } from "../../../../sdk/index.js";
import { LIMITS, readPhoto } from "../../../../services/attest/face/photo.js";

const COLOURS = { red: [250, 20, 20], green: [20, 250, 20], blue: [20, 20, 250], white: [250, 250, 250] } as const;
type Colour = keyof typeof COLOURS;

/** Four colours in four corners. */
function corners(width = 64, height = 32): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const upper = x < width / 2 ? COLOURS.red : COLOURS.green;
      const lower = x < width / 2 ? COLOURS.blue : COLOURS.white;
      rgb.set(y < height / 2 ? upper : lower, (y * width + x) * 3);
    }
  }
  return { width, height, rgb };
}

function cornersOf({ width, height, rgb }: Picture): Colour[] {
  return [
    [width / 4, height / 4],
    [(3 * width) / 4, height / 4],
    [width / 4, (3 * height) / 4],
    [(3 * width) / 4, (3 * height) / 4],
  ].map(([x, y]) => {
    const at = (Math.floor(y!) * width + Math.floor(x!)) * 3;
    const far = ([, colour]: [string, readonly number[]]) =>
      colour.reduce((sum, value, index) => sum + Math.abs(value - rgb[at + index]!), 0);
    return Object.entries(COLOURS).sort((a, b) => far(a) - far(b))[0]![0] as Colour;
  });
}

function toPng({ width, height, rgb }: Picture, alpha = 255): Uint8Array {
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel++) {
    png.data.set([...rgb.subarray(pixel * 3, pixel * 3 + 3), alpha], pixel * 4);
  }
  return new Uint8Array(PNG.sync.write(png));
}

function refusal(photo: Uint8Array): SalusError {
  try {
    readPhoto(photo);
  } catch (error) {
    expect(error).to.be.instanceOf(SalusError);
    return error as SalusError;
  }
  throw new Error("expected to be refused");
}

function expectRefusal(photo: Uint8Array, code: ErrorCode, reason?: string): void {
  const error = refusal(photo);
  expect(error.code).to.equal(code);
  if (reason !== undefined) expect(error.details["reason"]).to.equal(reason);
}

const joined = (...parts: (Uint8Array | string)[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part))));

/** A PNG chunk whose checksum is right. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  let crc = ~0;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeInt32BE(~crc);
  return joined(length, body, check);
}

/** A PNG that declares what it likes. */
function png(width: number, height: number, idat: Uint8Array, { depth = 8, interlaced = 0 } = {}): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, 2, 0, 0, interlaced], 8);
  return joined("\x89PNG\r\n\x1a\n", chunk("IHDR", header), chunk("IDAT", idat), chunk("IEND", new Uint8Array()));
}

const jpegPhoto = toJpeg(corners());
const pngPhoto = toPng(corners());

/** The JPEG with its frame header (SOF0) declaring another size. */
function declaring(width: number, height: number): Uint8Array {
  const copy = Buffer.from(jpegPhoto);
  const frame = copy.indexOf("ffc0", 0, "hex");
  copy.writeUInt16BE(height, frame + 5);
  copy.writeUInt16BE(width, frame + 7);
  return copy;
}

/** The JPEG as a camera that was held otherwise writes it. */
function held(orientation: number): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const body = joined("Exif\0\0", new Uint8Array(tiff));
  return joined(
    jpegPhoto.subarray(0, 2),
    "\xff\xe1\x00",
    String.fromCharCode(body.length + 2),
    body,
    jpegPhoto.subarray(2),
  );
}

describe("Reading a photo", () => {
  it("reads JPEG and PNG by what they are", () => {
    for (const photo of [jpegPhoto, pngPhoto]) {
      const picture = readPhoto(photo);
      expect([picture.width, picture.height, picture.rgb.length]).to.deep.equal([64, 32, 64 * 32 * 3]);
      expect(cornersOf(picture)).to.deep.equal(["red", "green", "blue", "white"]);
    }
  });

  it("turns a photo upright as the camera noted", () => {
    const upright: Record<number, Colour[]> = {
      1: ["red", "green", "blue", "white"],
      2: ["green", "red", "white", "blue"],
      3: ["white", "blue", "green", "red"],
      4: ["blue", "white", "red", "green"],
      5: ["red", "blue", "green", "white"],
      6: ["blue", "red", "white", "green"],
      7: ["white", "green", "blue", "red"],
      8: ["green", "white", "red", "blue"],
      9: ["red", "green", "blue", "white"],
    };
    for (const [orientation, expected] of Object.entries(upright)) {
      const picture = readPhoto(held(Number(orientation)));
      expect(cornersOf(picture), orientation).to.deep.equal(expected);
      expect(picture.width > picture.height, orientation).to.equal(![5, 6, 7, 8].includes(Number(orientation)));
    }
  });

  it("scales large photos down and leaves the rest as they are", () => {
    const wide = toJpeg(corners(1_600, 200));
    const picture = readPhoto(wide);
    expect([picture.width, picture.height]).to.deep.equal([1_280, 160]);
    expect(cornersOf(picture)).to.deep.equal(["red", "green", "blue", "white"]);
    expect(readPhoto(wide, 4_096).width).to.equal(1_600);
    expect(readPhoto(toJpeg(corners(3_000, 1))).height).to.equal(1);
  });

  it("puts what is transparent on white", () => {
    expect(cornersOf(readPhoto(toPng(corners(), 0)))).to.deep.equal(["white", "white", "white", "white"]);
  });

  it("refuses what isn't JPEG or PNG, whatever it looks like", () => {
    const others = [
      "",
      "\xff\xd8",
      "GIF89a\x01\0\x01\0",
      "<svg width='9' height='9'/>",
      "%PDF-1.7",
      "BM",
      "RIFF\0\0\0\0WEBP",
    ];
    for (const text of others) expectRefusal(joined(text), "PHOTO_UNREADABLE", "neither JPEG nor PNG");
    expectRefusal(new Uint8Array(100_000), "PHOTO_UNREADABLE", "neither JPEG nor PNG");
  });

  it("refuses too many bytes, and too many pixels before any is decoded", () => {
    expectRefusal(joined(jpegPhoto, new Uint8Array(LIMITS.bytes)), "PHOTO_TOO_LARGE");
    expectRefusal(declaring(65_535, 65_535), "PHOTO_TOO_LARGE");
    expectRefusal(declaring(64, LIMITS.side + 1), "PHOTO_TOO_LARGE");
    const bomb = png(65_535, 65_535, deflateSync(new Uint8Array(10)));
    expect(bomb.length).to.be.lessThan(100);
    expectRefusal(bomb, "PHOTO_TOO_LARGE");
    expectRefusal(png(0xffffffff, 1, new Uint8Array()), "PHOTO_TOO_LARGE");
    expectRefusal(png(0, 5, deflateSync(new Uint8Array(5))), "PHOTO_UNREADABLE");
  });

  it("refuses data that inflates without a bound", () => {
    const zeros = deflateSync(new Uint8Array(64 * 1024 * 1024));
    expectRefusal(png(8, 8, zeros, { interlaced: 1 }), "PHOTO_UNREADABLE", "an interlaced PNG");
    expectRefusal(png(8, 8, zeros, { depth: 16 }), "PHOTO_UNREADABLE", "a PNG of 16 bits a colour");
    expectRefusal(png(8, 8, zeros), "PHOTO_UNREADABLE");
    expect(readPhoto(png(8, 8, deflateSync(new Uint8Array(8 * 25)))).rgb).to.have.length(8 * 8 * 3);
  });

  it("refuses what was cut off", () => {
    for (const part of [0.2, 0.5, 0.9, 0.999]) {
      expectRefusal(jpegPhoto.slice(0, jpegPhoto.length * part), "PHOTO_UNREADABLE");
      expectRefusal(pngPhoto.slice(0, pngPhoto.length * part), "PHOTO_UNREADABLE");
    }
    expectRefusal(declaring(64, 4_000), "PHOTO_UNREADABLE");
  });

  it("refuses a JPEG with more scans than any camera writes", () => {
    const scan = Buffer.from(jpegPhoto).indexOf("ffda", 0, "hex");
    const body = jpegPhoto.subarray(scan, -2);
    const many = joined(jpegPhoto.subarray(0, scan), ...Array.from({ length: 60 }, () => body), jpegPhoto.subarray(-2));
    expectRefusal(many, "PHOTO_UNREADABLE", "it has too many scans");
  });

  it("takes a photo that is something else as well for the photo only", () => {
    // Whatever follows a JPEG's end is left out, a ZIP or another JPEG of any size included.
    const [zip, script] = [
      joined(jpegPhoto, "PK\x03\x04", new Uint8Array(500)),
      joined(jpegPhoto, "<script>alert(1)</script>"),
    ];
    for (const photo of [zip, script, joined(jpegPhoto, declaring(4_000, 4_000))]) {
      expect(readPhoto(photo)).to.deep.equal(readPhoto(jpegPhoto));
    }
    expectRefusal(joined(pngPhoto.subarray(0, 8), jpegPhoto), "PHOTO_UNREADABLE");
    expectRefusal(joined("\xff\xd8\xff", pngPhoto), "PHOTO_UNREADABLE");
  });

  it("refuses two frame headers that contradict each other", () => {
    const frame = Buffer.from(jpegPhoto).indexOf("ffc0", 0, "hex");
    const second = declaring(32, 32).subarray(frame, frame + 19);
    expectRefusal(joined(jpegPhoto.subarray(0, frame), second, jpegPhoto.subarray(frame)), "PHOTO_UNREADABLE");
  });

  it("either reads or refuses whatever was changed in a photo", () => {
    const spoilt = fc
      .tuple(
        fc.constantFrom(jpegPhoto, pngPhoto),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 }),
      )
      .map(([photo, changes]) => {
        const copy = photo.slice();
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy;
      });
    fc.assert(
      fc.property(spoilt, (photo) => {
        try {
          const { width, height, rgb } = readPhoto(photo);
          expect(rgb.length).to.equal(width * height * 3);
        } catch (error) {
          expect(isSalusError(error, "PHOTO_UNREADABLE", "PHOTO_TOO_LARGE"), String(error)).to.be.true;
        }
      }),
      { numRuns: 300 },
    );
  });
});
