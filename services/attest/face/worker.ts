/** The matcher's thread: loads the model once, then answers one call after another. */
import { parentPort } from "node:worker_threads";

import { isSalusError } from "../../../sdk/index.js";
import { compare, describePhoto } from "./compare.js";
import { loadModel, type Model } from "./model.js";
import type { Call, Report } from "./protocol.js";

if (!parentPort) throw new Error("worker.ts is a thread of the face matcher");
const port = parentPort;
const say = (report: Report): void => port.postMessage(report);

async function answer(model: Model, { id, live, onFile }: Call): Promise<Report> {
  try {
    const match = live ? await compare(model, live, onFile) : null;
    if (!live) await describePhoto(model, onFile, "on file");
    return { kind: "answer", id, match };
  } catch (error) {
    if (!isSalusError(error)) throw error;
    return { kind: "refusal", id, code: error.code, details: error.details };
  }
}

const model = await loadModel();
// A defect ends the thread: the matcher refuses the call and starts another one.
port.on("message", (call: Call) => void answer(model, call).then(say));
say({ kind: "ready" });
