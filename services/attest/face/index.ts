/**
 * The photo match (002-38): the face before the camera against the one on file. Decoding and the model run in a thread of
 * their own, which is ended and replaced when it crashes or takes too long, so that no photo can hold up the service.
 */
import { Worker } from "node:worker_threads";

import { SalusError } from "../../../sdk/index.js";
import type { Call, Report } from "./protocol.js";
import type { FaceMatch, FaceMatcher, FaceMatcherOptions } from "./types.js";

export { MIN_FACE, THRESHOLD } from "./compare.js";
export { LIMITS } from "./photo.js";
export type { FaceMatch, FaceMatcher, FaceMatcherOptions } from "./types.js";

const DEFAULTS = { queue: 16, timeout: 20_000, eager: false };

/** What the thread may take of JavaScript's heap; pixels and weights lie outside of it. */
const HEAP_MB = 512;

/** Milliseconds for loading the model: seconds on an idle machine, and no reason to begin anew on a busy one. */
const LOAD_TIMEOUT = 120_000;

/**
 * Starts the matcher. Close it, or its thread keeps the process alive.
 * @throws Error if `eager` and the model can't be loaded
 */
export async function startFaceMatcher(options: FaceMatcherOptions = {}): Promise<FaceMatcher> {
  const matcher = new ThreadedMatcher({ ...DEFAULTS, ...options });
  if (options.eager) await matcher.load();
  return matcher;
}

/** A call and who waits for it. */
interface Job {
  call: Call;
  resolve: (match: FaceMatch | null) => void;
  reject: (error: SalusError) => void;
}

class ThreadedMatcher implements FaceMatcher {
  readonly #options: Required<FaceMatcherOptions>;
  readonly #waiting: Job[] = [];
  #state: "idle" | "loading" | "ready" | "failed" | "closed" = "idle";
  #worker: Worker | undefined;
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  #calls = 0;

  constructor(options: Required<FaceMatcherOptions>) {
    this.#options = options;
  }

  async match(live: Uint8Array, onFile: Uint8Array): Promise<FaceMatch> {
    const match = await this.#call({ live, onFile });
    if (!match) throw new TypeError("the thread answered another question");
    return match;
  }

  async check(photo: Uint8Array): Promise<void> {
    await this.#call({ onFile: photo });
  }

  isReady(): boolean {
    return this.#state === "idle" || this.#state === "ready";
  }

  async close(): Promise<void> {
    this.#state = "closed";
    for (const { reject } of this.#waiting.splice(0)) reject(busy());
    await this.#worker?.terminate();
  }

  /** Starts the thread if there is none, and waits until it has loaded the model. */
  async load(): Promise<void> {
    const worker = this.#start();
    await new Promise<void>((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the face matcher's thread ended while it loaded the model")));
    });
  }

  #call(photos: Omit<Call, "id">): Promise<FaceMatch | null> {
    if (this.#state === "closed" || this.#waiting.length >= this.#options.queue) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call: { id: ++this.#calls, ...photos }, resolve, reject });
      this.#next();
    });
  }

  /** Gives the thread the next call. It may still load the model: messages wait for it. */
  #next(): void {
    if (this.#current || this.#state === "closed") return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#current = job;
    const worker = this.#worker ?? this.#start();
    worker.postMessage(job.call);
    this.#allow(this.#state === "loading" ? LOAD_TIMEOUT : this.#options.timeout);
  }

  /** Ends the thread unless it has answered by then. @param time milliseconds */
  #allow(time: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#worker?.terminate(), time);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      // Whatever has made this process understand TypeScript, the thread needs it as well.
      execArgv: ["--import", import.meta.resolve("tsx")],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.#worker = worker;
    this.#state = "loading";
    worker.on("message", (report: Report) => this.#hear(report));
    // What follows an error is the thread's exit.
    worker.on("error", () => undefined);
    worker.once("exit", () => this.#ended());
    return worker;
  }

  #hear(report: Report): void {
    if (report.kind === "ready") {
      if (this.#state === "loading") this.#state = "ready";
      // The call that waited for the model has its whole time from here on.
      if (this.#current) this.#allow(this.#options.timeout);
      return;
    }
    const job = this.#finish();
    if (job?.call.id !== report.id) return;
    if (report.kind === "answer") job.resolve(report.match);
    else job.reject(new SalusError(report.code, report.details));
    this.#next();
  }

  /** The thread has crashed, was ended for taking too long, or was closed. The call that it had is not tried again. */
  #ended(): void {
    this.#worker = undefined;
    const wasReady = this.#state === "ready";
    if (this.#state !== "closed") this.#state = wasReady ? "idle" : "failed";
    this.#finish()?.reject(busy());
    if (wasReady && this.#options.eager) this.#start();
    this.#next();
  }

  #finish(): Job | undefined {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = undefined;
    return job;
  }
}

function busy(): SalusError {
  return new SalusError("SERVICE_BUSY");
}
