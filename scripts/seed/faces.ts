/**
 * Faces for the demo's personas, cut out of the group photos that come with the face model's package. The people on them
 * have nothing to do with the personas: neither names nor data of them are known here.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { FACE_API_FOLDER, loadModel, type Face } from "../../services/attest/face/model.js";
import { LIMITS, readPhoto } from "../../services/attest/face/photo.js";
import { STATE } from "../lib/paths.js";
import { beside, lit, noisy, seen, toJpeg, type Picture } from "../lib/picture.js";
import { seededRandom } from "../lib/random.js";

/** Who has a face: personas who are patients, or will be, and somebody who is none of them. */
export const SITTERS = ["amina", "bashir", "chen", "dana", "other"] as const;
export type Sitter = (typeof SITTERS)[number];

/** Whether somebody of this id, a persona's for instance, has a face. */
export const isSitter = (id: string): id is Sitter => SITTERS.some((each) => each === id);

/** What a fake camera can show. */
export type Scene = Sitter | "nobody" | "two";

/** How many group photos there are, and where faces of personas are: number of the photo, number of the face from the left. */
export const GROUP_PHOTOS = 6;
const PLACES: Readonly<Record<Sitter, readonly [photo: number, face: number]>> = {
  amina: [6, 3],
  bashir: [6, 1],
  chen: [6, 0],
  dana: [6, 2],
  other: [3, 0],
};

/** Changes when the same sitter would be cut otherwise, so that an older cache isn't used. */
const RECIPE = "1";
const CACHE = join(STATE, "faces", RECIPE);

/** A portrait is this high, in heights of the face, so that hair and neck are on it and neighbours aren't. */
const PORTRAIT_HEIGHT = 1.75;
const PORTRAIT = { width: 360, height: 480 } as const;
const FRAME = { width: 640, height: 480 } as const;
const FRAMES = 8;

/** The sitter's photo on file: a portrait, JPEG. The first call cuts all sitters of one group photo, in about a second. */
export async function faceOf(sitter: Sitter): Promise<Uint8Array> {
  const path = join(CACHE, `${sitter}.jpg`);
  try {
    return new Uint8Array(await readFile(path));
  } catch {
    const [photo] = PLACES[sitter];
    const portraits = await cutPhoto(photo);
    for (const each of SITTERS) {
      const portrait = portraits[PLACES[each][1]];
      if (PLACES[each][0] === photo && portrait) await keep(join(CACHE, `${each}.jpg`), toJpeg(portrait, 92));
    }
    return new Uint8Array(await readFile(path));
  }
}

/**
 * The sitter before a camera, JPEG of 640 x 480: of the same origin as the photo on file, with another crop, other light,
 * noise and a tilted head.
 * @param take 0 is the first of a sequence in which the sitter moves a little
 */
export async function liveOf(sitter: Sitter, take = 0): Promise<Uint8Array> {
  return toJpeg(await frameOf(sitter, take));
}

/** An empty room before a camera, JPEG of 640 x 480. */
export async function nobody(): Promise<Uint8Array> {
  return toJpeg(await frameOf("nobody", 0));
}

/** Two people before one camera, JPEG of 640 x 480. */
export async function two(): Promise<Uint8Array> {
  return toJpeg(await frameOf("two", 0));
}

/**
 * Writes what Chromium's fake camera plays in a loop: frames of 640 x 480 as Motion JPEG.
 * Start Chromium with --use-fake-device-for-media-stream --use-fake-ui-for-media-stream --use-file-for-fake-video-capture=PATH.
 * @param path ends in .mjpeg, by which Chromium knows the format
 */
export async function fakeCamera(scene: Scene, path: string): Promise<void> {
  if (!path.endsWith(".mjpeg")) throw new RangeError("a fake camera's file must be called *.mjpeg");
  const frames = await Promise.all(
    Array.from({ length: FRAMES }, async (_, take) => toJpeg(await frameOf(scene, take))),
  );
  await keep(path, Buffer.concat(frames));
}

/** Everybody's portrait on one group photo (1 to 6), from left to right. */
export async function cutPhoto(photo: number): Promise<Picture[]> {
  finder ??= loadModel("finding");
  const picture = readPhoto(await readFile(join(FACE_API_FOLDER, "demo", `sample${photo}.jpg`)), LIMITS.side);
  const faces = await (await finder).find(picture);
  return faces.map((face) => portrait(picture, face));
}

let finder: ReturnType<typeof loadModel> | undefined;

function portrait(picture: Picture, { x, y, width, height }: Face): Picture {
  const view = { x: x + width / 2, y: y + height / 2, height: height * PORTRAIT_HEIGHT };
  return seen(picture, view, PORTRAIT);
}

/** What the camera sees at one moment. Takes differ by a shift of a few pixels and by the sensor's noise. */
async function frameOf(scene: Scene, take: number): Promise<Picture> {
  const random = seededRandom(take + 1);
  const sway = Math.sin((take / FRAMES) * 2 * Math.PI);
  if (scene === "nobody") return noisy(wall(), 5, random);
  if (scene === "two") {
    const half = { width: FRAME.width / 2, height: FRAME.height };
    const [left, right] = await Promise.all([portraitOf("amina"), portraitOf("chen")]);
    return noisy(beside(seen(left, middle(left, sway), half), seen(right, middle(right, -sway), half)), 4, random);
  }
  const own = await portraitOf(scene);
  const frame = seen(own, { ...middle(own, sway), angle: 4 + sway }, FRAME);
  return noisy(lit(frame, 0.88, 0.05), 5, random);
}

/** The middle of a portrait from a little farther away. */
const middle = ({ width, height }: Picture, sway: number) => ({
  x: width / 2 + 3 * sway,
  y: height / 2,
  height: height * 1.15,
});

async function portraitOf(sitter: Sitter): Promise<Picture> {
  return readPhoto(await faceOf(sitter));
}

/** A wall that is lighter at the window's side. */
function wall(): Picture {
  const rgb = new Uint8Array(FRAME.width * FRAME.height * 3);
  for (let at = 0; at < rgb.length; at++) rgb[at] = 215 - ((Math.floor(at / 3) % FRAME.width) / FRAME.width) * 60;
  return { ...FRAME, rgb };
}

/** Writes a file as a whole, or not at all: several may do so at once, in this process and in others. */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, bytes);
  await rename(draft, path);
}
