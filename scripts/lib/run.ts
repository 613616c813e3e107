/** Running a program to its end, without a shell. */
import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";

import { ROOT, TSX } from "./paths.js";

/** How a program ended. */
export interface Ended {
  /** Exit code; 1 when a signal ended it. */
  code: number;
  /** What it printed, stdout and stderr as they came; empty when it printed on our terminal. */
  output: string;
  /** What it sent over the channel, in order. */
  messages: unknown[];
  /** Milliseconds. */
  duration: number;
}

/** Programs under way: they end with us. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // Where somebody else handles it, they decide when to end.
    if (process.listenerCount(signal) === 1) process.exit(130);
  });
}

/**
 * Runs a JavaScript file, or a TypeScript file of ours, under this Node.
 *
 * @param file absolute path
 * @param options.show print on our terminal instead of collecting the output
 * @param options.env added to our environment
 */
export function runNode(
  file: string,
  args: readonly string[] = [],
  { show = false, env = {} }: { show?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const started = Date.now();
  const loader = file.endsWith(".ts") ? ["--import", TSX] : [];
  const output: string[] = [];
  const messages: unknown[] = [];
  const stdio: StdioOptions = show ? ["ignore", "inherit", "inherit", "ipc"] : ["ignore", "pipe", "pipe", "ipc"];
  const child = spawn(process.execPath, [...loader, file, ...args], {
    cwd: ROOT,
    stdio,
    env: { ...process.env, ...env },
  });
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => output.push(text));
  }
  child.on("message", (message) => messages.push(message));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output: output.join(""), messages, duration: Date.now() - started });
    });
  });
}
