/** What counts as a usable photo, and as the same face. */
import { SalusError } from "../../../sdk/index.js";
import { eased } from "./eased.js";
import type { Model } from "./model.js";
import { readPhoto } from "./photo.js";
import type { FaceMatch } from "./types.js";

/**
 * The largest distance of one face to itself. Measured by `salus faces` (docs/decisions/0011-face-match.md): at 0.40 none of
 * 5,440 pairs of different faces was taken for the same, the closest being 0.41 apart, and 19 % of 315 altered
 * photos were turned away; at 0.45 there were false accepts, at 0.60 one pair in fifteen.
 */
export const THRESHOLD = 0.4;

/** A face must measure this many pixels each way: the descriptor is taken from 150, and what is scaled up is blurred. */
export const MIN_FACE = 80;

/** Which of the two photos something is said about. */
export type Which = "live" | "on file";

/**
 * The descriptor of the only face in a photo.
 * @throws SalusError as `FaceMatcher.match`, with `details.photo`
 */
export async function describePhoto(model: Model, photo: Uint8Array, which: Which): Promise<Float32Array> {
  const picture = readNamed(photo, which);
  const found = await model.describe(picture);
  const faces = found.length > 0 ? found : await model.describe(eased(picture));
  const [face] = faces;
  if (!face) throw new SalusError("NO_FACE", { photo: which });
  if (faces.length > 1) throw new SalusError("SEVERAL_FACES", { photo: which, faces: faces.length });
  if (Math.min(face.width, face.height) < MIN_FACE) throw new SalusError("FACE_TOO_SMALL", { photo: which });
  return face.descriptor;
}

/** Euclidean distance of two descriptors. */
export function distanceOf(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)));
}

/** The comparison of two photos. @throws SalusError as `FaceMatcher.match` */
export async function compare(model: Model, live: Uint8Array, onFile: Uint8Array): Promise<FaceMatch> {
  const seen = await describePhoto(model, live, "live");
  const distance = distanceOf(seen, await describePhoto(model, onFile, "on file"));
  return { distance, isMatch: distance <= THRESHOLD };
}

/** Reads a photo; what is wrong with it is said of this one of the two. */
function readNamed(photo: Uint8Array, which: Which) {
  try {
    return readPhoto(photo);
  } catch (error) {
    if (error instanceof SalusError) throw new SalusError(error.code, { photo: which, ...error.details });
    throw error;
  }
}
