/**
 * How well the face match tells people apart: every face of the group photos that come with the model's package, altered as
 * light, lens, hand and compression alter photos, against every unaltered one.
 */
import { describePhoto, distanceOf, THRESHOLD } from "../../services/attest/face/compare.js";
import { loadModel, type Model } from "../../services/attest/face/model.js";
import { isSalusError } from "../../sdk/index.js";
import { cutPhoto, GROUP_PHOTOS } from "../seed/faces.js";
import { blurred, lit, litFromLeft, noisy, seen, toJpeg, type Picture } from "./picture.js";
import { seededRandom, type Random } from "./random.js";

/** One way in which a photo is altered. */
export interface Alteration {
  name: string;
  change: (picture: Picture, random: Random) => Picture;
  /** JPEG quality, 1 to 100. */
  quality?: number;
}

/** What one alteration does. Distances are of the same face before and after. */
export interface AlterationRates {
  name: string;
  photos: number;
  /** Photos in which no face, or no usable one, was found. */
  refused: number;
  mean: number;
  worst: number;
  /** Same face, but farther than the threshold: photos. */
  missed: number;
  /** The closest that somebody else came. */
  closestOther: number;
}

/** What a threshold would do over all altered photos. */
export interface ThresholdRates {
  threshold: number;
  /** Of all altered photos, those refused or missed. */
  falseReject: number;
  /** Of all pairs of different faces, those taken for the same. */
  falseAccept: number;
  /** The same, of pairs out of one group photo only: they are different people for certain. */
  falseAcceptOnePhoto: number;
}

/** What was measured. */
export interface FaceRates {
  threshold: number;
  faces: number;
  /** Faces that can't be used as they are: seen from the side, or with another one too close. */
  unusable: number;
  groupPhotos: number;
  alteredPhotos: number;
  otherPairs: number;
  /** The smallest, the median and the largest distance of two unaltered faces. */
  unaltered: { smallest: number; median: number; largest: number };
  alterations: AlterationRates[];
  thresholds: ThresholdRates[];
}

/** A face as it is on file. */
interface Sample {
  groupPhoto: number;
  picture: Picture;
  descriptor: Float32Array;
}

/** One altered photo: how far it is from each sample, or null if it was refused. */
interface Trial {
  alteration: string;
  of: number;
  distances: number[] | null;
}

/** The view of the whole picture, nearer (below 1) or farther, turned and shifted by parts of its size. */
function framed(picture: Picture, { scale = 1, angle = 0, shift = 0 }): Picture {
  const { width, height } = picture;
  return seen(picture, { x: width * (0.5 + shift), y: height / 2, height: height * scale, angle }, { width, height });
}

/** From a portrait of 480 pixels' height to one of `height`. */
const smaller = (picture: Picture, height: number): Picture =>
  seen(
    picture,
    { x: picture.width / 2, y: picture.height / 2, height: picture.height },
    { width: Math.round((picture.width * height) / picture.height), height },
  );

/** Crop, light, noise, rotation, blur, size, compression; the last one is a poor camera: several at once. */
export const ALTERATIONS: readonly Alteration[] = [
  { name: "crop: nearer", change: (picture) => framed(picture, { scale: 0.8 }) },
  { name: "crop: farther, off centre", change: (picture) => framed(picture, { scale: 1.3, shift: 0.1 }) },
  { name: "light: a third", change: (picture) => lit(picture, 0.35) },
  { name: "light: overexposed", change: (picture) => lit(picture, 1.7) },
  { name: "light: warm lamp", change: (picture) => lit(picture, 0.9, 0.25) },
  { name: "light: from one side", change: (picture) => litFromLeft(picture, 0.15) },
  { name: "noise: 15 of 255", change: (picture, random) => noisy(picture, 15, random) },
  { name: "noise: 35 of 255", change: (picture, random) => noisy(picture, 35, random) },
  { name: "rotation: 8 degrees", change: (picture) => framed(picture, { angle: 8 }) },
  { name: "rotation: -20 degrees", change: (picture) => framed(picture, { angle: -20 }) },
  { name: "blur: 2 pixels", change: (picture) => blurred(picture, 2) },
  { name: "blur: 5 pixels", change: (picture) => blurred(picture, 5) },
  { name: "size: half", change: (picture) => smaller(picture, 240) },
  { name: "compression: JPEG 20", change: (picture) => picture, quality: 20 },
  {
    name: "all: a poor camera",
    change: (picture, random) =>
      noisy(blurred(lit(framed(picture, { scale: 1.15, angle: -6, shift: -0.04 }), 0.6, 0.12), 1), 12, random),
    quality: 60,
  },
];

/** The thresholds that are compared. */
const CANDIDATES = [0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6];

/** Measures. The same figures each time. @param onProgress told how many of the photos are done */
export async function measureFaces(onProgress?: (done: number, total: number) => void): Promise<FaceRates> {
  const model = await loadModel();
  const { samples, unusable } = await usableFaces(model);
  const trials: Trial[] = [];
  for (const [kind, alteration] of ALTERATIONS.entries()) {
    for (const [of, { picture }] of samples.entries()) {
      const random = seededRandom(kind * 1_000 + of);
      const photo = toJpeg(alteration.change(picture, random), alteration.quality);
      const descriptor = await tryDescribe(model, photo);
      const distances = descriptor && samples.map((sample) => distanceOf(descriptor, sample.descriptor));
      trials.push({ alteration: alteration.name, of, distances });
      onProgress?.(trials.length, ALTERATIONS.length * samples.length);
    }
  }
  const between = samples.flatMap((one, index) =>
    samples.slice(index + 1).map((other) => distanceOf(one.descriptor, other.descriptor)),
  );
  return {
    threshold: THRESHOLD,
    faces: samples.length + unusable,
    unusable,
    groupPhotos: GROUP_PHOTOS,
    alteredPhotos: trials.length,
    otherPairs: othersOf(trials, samples).length,
    unaltered: { smallest: Math.min(...between), median: median(between), largest: Math.max(...between) },
    alterations: ALTERATIONS.map(({ name }) => alterationRates(name, trials)),
    thresholds: CANDIDATES.map((threshold) => thresholdRates(threshold, trials, samples)),
  };
}

async function usableFaces(model: Model): Promise<{ samples: Sample[]; unusable: number }> {
  const samples: Sample[] = [];
  let unusable = 0;
  for (let groupPhoto = 1; groupPhoto <= GROUP_PHOTOS; groupPhoto++) {
    for (const picture of await cutPhoto(groupPhoto)) {
      const descriptor = await tryDescribe(model, toJpeg(picture, 92));
      if (descriptor) samples.push({ groupPhoto, picture, descriptor });
      else unusable += 1;
    }
  }
  return { samples, unusable };
}

/** The descriptor, by the way that the service goes; null where the service would refuse. */
async function tryDescribe(model: Model, photo: Uint8Array): Promise<Float32Array | null> {
  try {
    return await describePhoto(model, photo, "live");
  } catch (error) {
    if (isSalusError(error, "NO_FACE", "SEVERAL_FACES", "FACE_TOO_SMALL")) return null;
    throw error;
  }
}

function alterationRates(name: string, all: readonly Trial[]): AlterationRates {
  const trials = all.filter(({ alteration }) => alteration === name);
  const answered = trials.flatMap(({ of, distances }) => (distances ? [{ of, distances }] : []));
  const own = answered.map(({ of, distances }) => distances[of] ?? NaN);
  const others = answered.flatMap(({ of, distances }) => distances.filter((_, index) => index !== of));
  return {
    name,
    photos: trials.length,
    refused: trials.length - answered.length,
    mean: own.reduce((sum, each) => sum + each, 0) / own.length,
    worst: Math.max(...own),
    missed: own.filter((distance) => distance > THRESHOLD).length,
    closestOther: Math.min(...others),
  };
}

function thresholdRates(threshold: number, trials: readonly Trial[], samples: readonly Sample[]): ThresholdRates {
  const accepted = trials.filter(({ of, distances }) => distances && (distances[of] ?? Infinity) <= threshold).length;
  const pairs = othersOf(trials, samples);
  const onePhoto = pairs.filter(({ isOnePhoto }) => isOnePhoto);
  const share = (of: readonly { distance: number }[]) =>
    of.filter(({ distance }) => distance <= threshold).length / of.length;
  return {
    threshold,
    falseReject: 1 - accepted / trials.length,
    falseAccept: share(pairs),
    falseAcceptOnePhoto: share(onePhoto),
  };
}

/** Every altered photo with every face that isn't its own. */
function othersOf(trials: readonly Trial[], samples: readonly Sample[]): { distance: number; isOnePhoto: boolean }[] {
  return trials.flatMap(({ of, distances }) =>
    (distances ?? []).flatMap((distance, index) =>
      index === of ? [] : [{ distance, isOnePhoto: samples[index]?.groupPhoto === samples[of]?.groupPhoto }],
    ),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
