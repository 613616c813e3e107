/**
 * From the bytes of a photo to pixels. The bytes come from anybody: what they declare is read and judged before anything
 * is decoded, and what the decoders may take in memory is bounded.
 */
import { imageSize } from "image-size";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";

import { SalusError } from "../../../sdk/index.js";

/** What a photo may measure at most. docs/errors.md names both figures. */
export const LIMITS = { bytes: 4 * 1024 * 1024, side: 4096 } as const;

/** Longer sides are scaled down to this many pixels: the detector looks at 512, and a face is described from 150. */
const WORKING_SIDE = 1280;

/** Decoding a JPEG takes about 16 bytes for each pixel and component; 4096 x 4096 in colour stays below this. */
const JPEG_MEMORY_MB = 1024;

/** Cameras write one scan, or about ten when they write progressively. Each one costs a pass over all pixels. */
const MAX_SCANS = 32;

/** Pixels, row by row from the top left, three bytes (red, green, blue) each. */
export interface Picture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** What a photo says about itself. */
interface Declared {
  type: "jpeg" | "png";
  width: number;
  height: number;
  /** EXIF's orientation, 1 to 8: how the camera was held. */
  orientation: number;
}

/**
 * Reads a JPEG or PNG photo, upright as EXIF's orientation says.
 * @param side pixels to which a longer side is scaled down
 * @throws SalusError PHOTO_TOO_LARGE, PHOTO_UNREADABLE (`details.reason`)
 */
export function readPhoto(bytes: Uint8Array, side: number = WORKING_SIDE): Picture {
  if (bytes.length > LIMITS.bytes) throw new SalusError("PHOTO_TOO_LARGE", { bytes: bytes.length });
  const declared = declaredBy(bytes);
  const { width, height } = declared;
  if (width > LIMITS.side || height > LIMITS.side) throw new SalusError("PHOTO_TOO_LARGE", { width, height });
  if (width === 0 || height === 0) throw unreadable("it declares no pixels");

  const decoded = declared.type === "jpeg" ? decodeJpeg(bytes) : decodePng(bytes);
  // Two headers in one file: what was judged isn't what was decoded.
  if (decoded.width !== width || decoded.height !== height) throw unreadable("its sizes contradict each other");
  return upright(scaledDown(decoded, side), declared.orientation);
}

/** The kind of file by its first bytes, whatever its name or media type said. */
function declaredBy(bytes: Uint8Array): Declared {
  const start = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  const type = start.startsWith("ffd8ff") ? "jpeg" : start === "89504e470d0a1a0a" ? "png" : undefined;
  if (!type) throw unreadable("neither JPEG nor PNG");
  const { width, height, orientation = 1 } = attempt("its size can't be read", () => imageSize(bytes));
  return { type, width, height, orientation };
}

function decodeJpeg(bytes: Uint8Array): Picture {
  const image = bytes.subarray(0, endOfJpeg(bytes));
  const { width, height, data } = attempt("it can't be decoded", () =>
    jpeg.decode(image, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: (LIMITS.side * LIMITS.side) / 1e6,
      maxMemoryUsageInMB: JPEG_MEMORY_MB,
    }),
  );
  return { width, height, rgb: data };
}

/**
 * Where the image ends (ITU-T T.81, B.1.1): the decoder would take missing data for zeros, and cameras append data of
 * their own, which is left out.
 */
function endOfJpeg(bytes: Uint8Array): number {
  let scans = 0;
  let at = 2;
  while (at + 1 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) return at + 2;
    if (marker === 0xff) at += 1;
    else if (standsAlone(marker)) at += 2;
    else {
      at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
      if (marker !== 0xda) continue;
      if (++scans > MAX_SCANS) throw unreadable("it has too many scans");
      at = endOfScan(bytes, at);
    }
  }
  throw unreadable("it ends too early");
}

/** The next marker behind coded data, in which 0xff is followed by a zero or a restart marker. */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && (bytes[at + 1] === 0 || standsAlone(bytes[at + 1] ?? 0))) at = bytes.indexOf(0xff, at + 2);
  return at < 0 ? bytes.length : at;
}

/** Markers without a length: TEM and the restart markers. */
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/** The header's fields at their fixed places (PNG, 11.2.1), and pixels on white where the picture is transparent. */
function decodePng(bytes: Uint8Array): Picture {
  // pngjs inflates interlaced pictures without a bound, and 16 bits a colour take half a gigabyte. No camera writes either.
  if (bytes[24] === 16) throw unreadable("a PNG of 16 bits a colour");
  if (bytes[28] !== 0) throw unreadable("an interlaced PNG");
  const { width, height, data } = attempt("it can't be decoded", () => PNG.sync.read(Buffer.from(bytes)));
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    const alpha = data[from + 3] ?? 255;
    for (let colour = 0; colour < 3; colour++) {
      rgb[to + colour] = ((data[from + colour] ?? 0) * alpha + 255 * (255 - alpha)) / 255;
    }
  }
  return { width, height, rgb };
}

/** The mean of all pixels under each new one: skipping some would make noise of fine detail. */
function scaledDown(picture: Picture, side: number): Picture {
  const factor = Math.max(picture.width, picture.height) / side;
  if (factor <= 1) return picture;
  const width = Math.max(1, Math.floor(picture.width / factor));
  const height = Math.max(1, Math.floor(picture.height / factor));
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const rows = [Math.floor(y * factor), Math.min(picture.height, Math.ceil((y + 1) * factor))] as const;
    for (let x = 0; x < width; x++) {
      const columns = [Math.floor(x * factor), Math.min(picture.width, Math.ceil((x + 1) * factor))] as const;
      rgb.set(mean(picture, columns, rows), (y * width + x) * 3);
    }
  }
  return { width, height, rgb };
}

type Span = readonly [from: number, to: number];

function mean({ width, rgb }: Picture, [left, right]: Span, [top, bottom]: Span): [number, number, number] {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let at = (y * width + left) * 3; at < (y * width + right) * 3; at += 3) {
      red += rgb[at] ?? 0;
      green += rgb[at + 1] ?? 0;
      blue += rgb[at + 2] ?? 0;
    }
  }
  const pixels = (right - left) * (bottom - top);
  return [red / pixels, green / pixels, blue / pixels];
}

/** EXIF 2.3, 4.6.4: orientations 5 to 8 swap rows and columns, the others mirror at most. */
function upright(picture: Picture, orientation: number): Picture {
  if (orientation <= 1 || orientation > 8) return picture;
  const swaps = orientation >= 5;
  const [width, height] = swaps ? [picture.height, picture.width] : [picture.width, picture.height];
  const flipsX = [2, 3, 7, 8].includes(orientation);
  const flipsY = [3, 4, 6, 7].includes(orientation);
  const rgb = new Uint8Array(picture.rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = swaps ? y : x;
      const row = swaps ? x : y;
      const sourceX = flipsX ? picture.width - 1 - column : column;
      const sourceY = flipsY ? picture.height - 1 - row : row;
      const from = (sourceY * picture.width + sourceX) * 3;
      rgb.set(picture.rgb.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, rgb };
}

function unreadable(reason: string): SalusError {
  return new SalusError("PHOTO_UNREADABLE", { reason });
}

/** Decoders throw whatever they like, and may quote the file: only our words go on. */
function attempt<T>(reason: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw unreadable(reason);
  }
}
