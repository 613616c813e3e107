/** What light, lens and hand do to a photo: for the demo's faces, and to measure how well faces are told apart. */
import jpeg from "jpeg-js";

import type { Picture } from "../../services/attest/face/photo.js";
import type { Random } from "./random.js";

export type { Picture } from "../../services/attest/face/photo.js";

/** Which part of a picture is looked at. */
export interface View {
  /** The middle, in pixels of the picture. */
  x: number;
  y: number;
  /** How many of the picture's pixels the view is high. */
  height: number;
  /** How far the camera is turned, in degrees. */
  angle?: number;
}

/** The view in `size` pixels. What lies outside of the picture is its edge, drawn out. */
export function seen(picture: Picture, { x, y, height, angle = 0 }: View, size: { width: number; height: number }) {
  const scale = height / size.height;
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn) * scale, Math.sin(turn) * scale];
  const rgb = new Uint8Array(size.width * size.height * 3);
  for (let row = 0, to = 0; row < size.height; row++) {
    for (let column = 0; column < size.width; column++, to += 3) {
      const [u, v] = [column + 0.5 - size.width / 2, row + 0.5 - size.height / 2];
      between(picture, x + u * cos - v * sin - 0.5, y + u * sin + v * cos - 0.5, rgb, to);
    }
  }
  return { ...size, rgb };
}

/** Writes the colour between four pixels. */
function between({ width, height, rgb }: Picture, x: number, y: number, into: Uint8Array, at: number): void {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - column, y - row];
  const above = clamp(row, height) * width;
  const below = clamp(row + 1, height) * width;
  const left = clamp(column, width);
  const right = clamp(column + 1, width);
  for (let colour = 0; colour < 3; colour++) {
    const value = (pixel: number): number => rgb[pixel * 3 + colour] ?? 0;
    const upper = value(above + left) * (1 - dx) + value(above + right) * dx;
    const lower = value(below + left) * (1 - dx) + value(below + right) * dx;
    into[at + colour] = Math.round(upper * (1 - dy) + lower * dy);
  }
}

const clamp = (at: number, length: number): number => Math.max(0, Math.min(length - 1, at));

/** Every value changed alike, rounded and kept between 0 and 255. */
function mapped({ width, height, rgb }: Picture, change: (value: number, at: number) => number): Picture {
  const changed = new Uint8ClampedArray(rgb.length);
  for (let at = 0; at < rgb.length; at++) changed[at] = change(rgb[at] ?? 0, at);
  return { width, height, rgb: new Uint8Array(changed.buffer) };
}

/** Other light: below 1 darker, above 1 brighter, and warmer (above 0) or colder. */
export function lit(picture: Picture, exposure: number, warmth = 0): Picture {
  const gains = [exposure * (1 + warmth), exposure, exposure * (1 - warmth)];
  return mapped(picture, (value, at) => value * (gains[at % 3] ?? 1));
}

/** Light from the left: the right side has `least` of it. */
export function litFromLeft(picture: Picture, least: number): Picture {
  const { width } = picture;
  return mapped(picture, (value, at) => value * (1 - ((1 - least) * (Math.floor(at / 3) % width)) / width));
}

/** A sensor's noise, of this deviation in steps of 255. */
export function noisy(picture: Picture, deviation: number, random: Random): Picture {
  return mapped(picture, (value) => value + deviation * random.normal());
}

/** Out of focus: the mean of the pixels around, `radius` each way, twice. */
export function blurred(picture: Picture, radius: number): Picture {
  const once = (from: Picture): Picture =>
    softened(softened(from, radius, 3, from.width), radius, from.width * 3, from.height);
  return once(once(picture));
}

/** Along rows or columns: `step` values apart, `length` of them. */
function softened(picture: Picture, radius: number, step: number, length: number): Picture {
  return mapped(picture, (_, at) => {
    const index = Math.floor(at / step) % length;
    let [sum, count] = [0, 0];
    for (let offset = -Math.min(radius, index); offset <= Math.min(radius, length - 1 - index); offset++) {
      sum += picture.rgb[at + offset * step] ?? 0;
      count += 1;
    }
    return sum / count;
  });
}

/** Two pictures of one height side by side. */
export function beside(left: Picture, right: Picture): Picture {
  const width = left.width + right.width;
  const rgb = new Uint8Array(width * left.height * 3);
  for (let row = 0; row < left.height; row++) {
    rgb.set(left.rgb.subarray(row * left.width * 3, (row + 1) * left.width * 3), row * width * 3);
    rgb.set(right.rgb.subarray(row * right.width * 3, (row + 1) * right.width * 3), (row * width + left.width) * 3);
  }
  return { width, height: left.height, rgb };
}

/** The picture as a JPEG file. @param quality 1 to 100 */
export function toJpeg({ width, height, rgb }: Picture, quality = 88): Uint8Array {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) data.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  return new Uint8Array(jpeg.encode({ width, height, data }, quality).data);
}
