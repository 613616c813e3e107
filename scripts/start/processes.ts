/** The processes that `npm start` starts, and ends. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

import { ROOT, TSX } from "../lib/paths.js";
import type { Log } from "./log.js";
import { CannotStart } from "./preflight.js";

const DIE_WITH_PARENT = pathToFileURL(join(ROOT, "scripts", "start", "die-with-parent.mjs")).href;

/** How long a process may take to be ready, and to end when asked. */
const READY_MS = 60_000;
const END_MS = 5000;

function eachLine(stream: Readable | null, use: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on("line", use);
}

/** Started processes, ended together. */
export class Processes {
  readonly #children = new Set<ChildProcess>();
  readonly #log: Log;
  readonly #onCrash: (line: string, isVital: boolean) => void;
  #ending = false;

  /** @param onCrash told in one line when a process that was ready ends by itself */
  constructor(log: Log, onCrash: (line: string, isVital: boolean) => void) {
    this.#log = log;
    this.#onCrash = onCrash;
  }

  /**
   * Starts a TypeScript file and resolves with the first JSON line that it prints: it is ready then.
   * @param part its name in messages and in the log
   * @param options.isVital whether the rest is worth nothing without it; true by default
   * @throws CannotStart if it ends or says nothing before it is ready
   */
  start(part: string, file: string, args: readonly string[], { isVital = true } = {}): Promise<unknown> {
    // Out of our process group where there is such a thing: Ctrl-C reaches us, and we end the others in order.
    const child = spawn(process.execPath, ["--import", DIE_WITH_PARENT, "--import", TSX, join(ROOT, file), ...args], {
      cwd: ROOT,
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#children.add(child);
    return new Promise((resolve, reject) => {
      let lastError = "";
      let ready = false;
      const fail = (reason: string) => {
        const hint = lastError === "" ? "" : `: ${lastError}`;
        const line = `The ${part} ${reason}${hint}. See .salus/start.log.`;
        if (!ready) reject(new CannotStart(line));
        else if (!this.#ending) this.#onCrash(line, isVital);
      };
      const timer = setTimeout(() => fail(`wasn't ready after ${READY_MS / 1000} s`), READY_MS);

      eachLine(child.stdout, (line) => {
        this.#log(part, line);
        if (ready || !line.startsWith("{")) return;
        ready = true;
        clearTimeout(timer);
        resolve(JSON.parse(line));
      });
      eachLine(child.stderr, (line) => {
        this.#log(part, line);
        // Neither a structured log line nor a line of a stack: what a person was meant to read.
        if (/^[A-Z]/.test(line)) lastError = line.trim().replace(/\.$/, "");
      });
      child.on("error", (error) => {
        lastError = error.message;
      });
      child.on("close", (code, signal) => {
        clearTimeout(timer);
        this.#children.delete(child);
        fail(`ended unexpectedly (${signal ?? `exit code ${String(code)}`})`);
      });
    });
  }

  /** Ends every process, by force after five seconds; resolves when all are gone. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(
      [...this.#children].map(
        (child) =>
          new Promise<void>((resolve) => {
            const force = setTimeout(() => child.kill("SIGKILL"), END_MS);
            child.once("close", () => {
              clearTimeout(force);
              resolve();
            });
            child.kill("SIGTERM");
          }),
      ),
    );
  }
}
