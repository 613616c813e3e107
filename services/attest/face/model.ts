/**
 * The face model: finds faces (SSD MobileNet v1), places 68 landmarks on each and describes it in 128 numbers
 * (a ResNet-34 in the manner of dlib's), as @vladmandic/face-api ships them. It runs on WebAssembly, in the calling thread:
 * the service calls it from a thread of its own.
 */
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";

import type * as Tf from "@tensorflow/tfjs";
import type * as Wasm from "@tensorflow/tfjs-backend-wasm";
import type * as FaceApi from "@vladmandic/face-api";

import type { Picture } from "./photo.js";

const require = createRequire(import.meta.url);

/** The package's folder, with `model/` and the photos of its `demo/`. */
export const FACE_API_FOLDER = dirname(require.resolve("@vladmandic/face-api/package.json"));

/** Below this the detector's finds are as often furniture as faces. */
const MIN_CONFIDENCE = 0.5;

/** More than one is refused anyway; the measurement's group photos hold up to five. */
const MAX_FACES = 8;

/** A face in a picture, in pixels from the top left. */
export interface Face {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A face with its descriptor: 128 numbers whose Euclidean distance tells faces apart. */
export interface DescribedFace extends Face {
  descriptor: Float32Array;
}

/** The loaded model. */
export interface Model {
  /** Finds the faces in a picture, from left to right. */
  find(picture: Picture): Promise<Face[]>;
  /** Finds and describes them. */
  describe(picture: Picture): Promise<DescribedFace[]>;
  /** How many tensors live: the same after each call, or memory leaks. */
  tensors(): number;
}

/**
 * Loads the model, in about half a second.
 * @param parts "finding" leaves out what describing needs
 */
export async function loadModel(parts: "finding" | "describing" = "describing"): Promise<Model> {
  // By `require`: all three are CommonJS to Node, and face-api must find the same tf that is set up here.
  const tf = require("@tensorflow/tfjs") as typeof Tf;
  const wasm = require("@tensorflow/tfjs-backend-wasm") as typeof Wasm;
  const faceApi = require("@vladmandic/face-api/dist/face-api.node-wasm.js") as typeof FaceApi;
  const { nets } = faceApi;
  wasm.setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm")) + sep);
  await keepingListeners(async () => {
    await tf.setBackend("wasm");
    await tf.ready();
  });
  const weights = join(FACE_API_FOLDER, "model");
  await nets.ssdMobilenetv1.loadFromDisk(weights);
  if (parts === "describing") {
    await nets.faceLandmark68Net.loadFromDisk(weights);
    await nets.faceRecognitionNet.loadFromDisk(weights);
  }

  const options = new faceApi.SsdMobilenetv1Options({ minConfidence: MIN_CONFIDENCE, maxResults: MAX_FACES });
  const withTensor = async <T>({ rgb, width, height }: Picture, use: (tensor: FaceApi.TNetInput) => Promise<T>) => {
    const tensor = tf.tensor3d(Int32Array.from(rgb), [height, width, 3], "int32");
    try {
      // face-api's types bring their own copy of tf's.
      return await use(tensor as unknown as FaceApi.TNetInput);
    } finally {
      tensor.dispose();
    }
  };
  return {
    find: (picture) =>
      withTensor(picture, async (tensor) => {
        const found = await faceApi.detectAllFaces(tensor, options);
        return found.map(({ box }) => faceOf(box)).sort(leftToRight);
      }),
    describe: (picture) =>
      withTensor(picture, async (tensor) => {
        const found = await faceApi.detectAllFaces(tensor, options).withFaceLandmarks().withFaceDescriptors();
        return found.map(({ detection, descriptor }) => ({ ...faceOf(detection.box), descriptor })).sort(leftToRight);
      }),
    tensors: () => tf.memory().numTensors,
  };
}

/** The WebAssembly's loader makes every rejected promise of the process fatal, wherever it comes from. That isn't its affair. */
async function keepingListeners(work: () => Promise<void>): Promise<void> {
  const exceptions = process.listeners("uncaughtException");
  const rejections = process.listeners("unhandledRejection");
  await work();
  for (const listener of process.listeners("uncaughtException")) {
    if (!exceptions.includes(listener)) process.off("uncaughtException", listener);
  }
  for (const listener of process.listeners("unhandledRejection")) {
    if (!rejections.includes(listener)) process.off("unhandledRejection", listener);
  }
}

function faceOf({ x, y, width, height }: Face): Face {
  return { x, y, width, height };
}

function leftToRight(a: Face, b: Face): number {
  return a.x - b.x;
}
