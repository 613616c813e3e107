/**
 * DICOM pictures (PS3.10) that need no decoder: one sample a pixel, 8 or 16 bits, uncompressed; and the window that turns
 * their values into greys (PS3.3, C.11.2.1.2). Pure. The file is somebody else's: every length in it is held against it.
 */
import dicomParser, { type DataSet } from "dicom-parser";

/** Values shown from black to white. */
export interface Window {
  center: number;
  width: number;
}

/** A picture, with the values of its first frame. */
export interface DicomImage {
  rows: number;
  columns: number;
  frames: number;
  /** Lowest and highest value of the first frame. */
  low: number;
  high: number;
  /** The file's own window, else one that shows all. */
  window: Window;
  /** What the file says of itself, in words. */
  facts: readonly (readonly [label: string, value: string])[];
  /** A frame as RGBA, four bytes a pixel. @param frame from 0 */
  draw: (frame: number, window: Window) => Uint8ClampedArray<ArrayBuffer>;
}

/** Why a file can't be drawn. */
export type DicomProblem = "damaged" | "compressed" | "colour" | "unusual";

/** Transfer syntaxes without compression: implicit and explicit little endian, explicit big endian (retired). */
const PLAIN = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"];
const BIG_ENDIAN = "1.2.840.10008.1.2.2";

/** More pixels a frame, no canvas holds. */
const MAX_PIXELS = 8_192 * 8_192;
const MAX_FRAMES = 10_000;
const MAX_TEXT = 200;

const FACTS = [
  ["x00100010", "Patient"],
  ["x00100030", "Born"],
  ["x00080060", "Kind"],
  ["x00180015", "Body part"],
  ["x00080020", "Made on"],
  ["x00081030", "Study"],
  ["x0008103e", "Series"],
  ["x00080080", "At"],
] as const;

/** Reads a file. Whatever is in it, this returns. */
export function readDicom(bytes: Uint8Array): DicomImage | DicomProblem {
  const seen = { isDeflated: false };
  const inflater = () => {
    seen.isDeflated = true;
    throw new Error("deflated");
  };
  try {
    return imageIn(dicomParser.parseDicom(bytes, { inflater }), bytes);
  } catch {
    return seen.isDeflated ? "compressed" : "damaged";
  }
}

/** The grey of a value: 0 is black, 255 white. Widths below 1 are taken as 1. */
export function greyOf(value: number, { center, width }: Window): number {
  const span = Math.max(width, 1) - 1;
  if (value <= center - 0.5 - span / 2) return 0;
  if (value > center - 0.5 + span / 2) return 255;
  return Math.round(((value - (center - 0.5)) / span + 0.5) * 255);
}

/** A window after it was dragged: to the right is wider, upwards is darker, as radiologists' programs have it. */
export function dragged({ center, width }: Window, dx: number, dy: number, span: number): Window {
  const step = Math.max(span, 1) / 300;
  return { center: center + dy * step, width: Math.max(1, width + dx * step) };
}

function imageIn(data: DataSet, bytes: Uint8Array): DicomImage | DicomProblem {
  const syntax = data.string("x00020010") ?? "";
  const pixels = data.elements.x7fe00010;
  if (!PLAIN.includes(syntax)) return "compressed";
  if (!pixels) return "unusual";
  if (pixels.encapsulatedPixelData === true) return "compressed";
  const photometric = (data.string("x00280004") ?? "").trim();
  if ((data.uint16("x00280002") ?? 1) !== 1 || !/^MONOCHROME[12]$/.test(photometric)) return "colour";

  const rows = data.uint16("x00280010") ?? 0;
  const columns = data.uint16("x00280011") ?? 0;
  const frames = data.intString("x00280008") ?? 1;
  const allocated = data.uint16("x00280100") ?? 0;
  const stored = data.uint16("x00280101") ?? allocated;
  const isSigned = data.uint16("x00280103") === 1;
  const isPlaced = (data.uint16("x00280102") ?? stored - 1) === stored - 1;
  if (![8, 16].includes(allocated) || stored < 1 || stored > allocated || !isPlaced) return "unusual";
  const size = rows * columns;
  const length = size * (allocated / 8);
  if (size === 0 || size > MAX_PIXELS || !Number.isInteger(frames) || frames < 1 || frames > MAX_FRAMES)
    return "unusual";
  if (length * frames > pixels.length || pixels.dataOffset + length * frames > bytes.length) return "damaged";

  const slope = finite(data.floatString("x00281053")) ?? 1;
  const intercept = finite(data.floatString("x00281052")) ?? 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset + pixels.dataOffset, length * frames);
  const isLittle = syntax !== BIG_ENDIAN;
  const mask = 2 ** stored - 1;
  const sign = isSigned ? 2 ** (stored - 1) : 0;
  /** The bits of a pixel, as they index the table of greys. */
  const raw = (index: number) => (allocated === 8 ? view.getUint8(index) : view.getUint16(index * 2, isLittle)) & mask;
  const valueOf = (bits: number) => (bits >= sign && sign > 0 ? bits - 2 * sign : bits) * slope + intercept;

  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < size; i++) {
    const value = valueOf(raw(i));
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const draw = (frame: number, window: Window) => {
    // As many greys as there are values: one look-up a pixel.
    const greys = Uint8Array.from({ length: mask + 1 }, (_, bits) => greyOf(valueOf(bits), window));
    const rgba = new Uint8ClampedArray(size * 4).fill(255);
    const first = Math.min(Math.max(Math.trunc(frame), 0), frames - 1) * size;
    for (let i = 0; i < size; i++) {
      const grey = greys[raw(first + i)] ?? 0;
      rgba.fill(photometric === "MONOCHROME1" ? 255 - grey : grey, i * 4, i * 4 + 3);
    }
    return rgba;
  };
  return { rows, columns, frames, low, high, window: windowIn(data, low, high), facts: factsIn(data), draw };
}

function windowIn(data: DataSet, low: number, high: number): Window {
  const center = finite(data.floatString("x00281050"));
  const width = finite(data.floatString("x00281051"));
  if (center !== null && width !== null && width >= 1) return { center, width };
  return { center: (low + high + 1) / 2, width: Math.max(high - low + 1, 1) };
}

function factsIn(data: DataSet): [string, string][] {
  return FACTS.flatMap(([tag, label]): [string, string][] => {
    const text = (data.string(tag) ?? "").slice(0, MAX_TEXT).trim();
    if (text === "") return [];
    // A name is "family^given^middle^prefix^suffix", a date "20261121" (PS3.5, 6.2).
    const date = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
    return [[label, date ? date.slice(1).join("-") : text.replace(/\^+/g, " ").trim()]];
  });
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
