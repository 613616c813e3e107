/** Runs the command line as its users do: as a process of its own. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

const PROGRAM = fileURLToPath(new URL("../../scripts/salus.ts", import.meta.url));
// By its address: the call's working folder has no node_modules.
const TSX = import.meta.resolve("tsx");

/** What a call left behind. */
export interface Call {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A folder to run calls in, with nothing of the surroundings in their environment. */
export interface Desk {
  folder: string;
  /** Runs `salus` with the arguments. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Call>;
  /** Runs it with --json, expects success and returns the value. */
  json<T = Record<string, unknown>>(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<T>;
  /** Runs it with --json, expects the exit code and returns the error. */
  error(exitCode: number, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<CallError>;
  /** Everything that calls have printed so far. */
  readonly printed: string;
  /** Removes the folder. */
  clear(): Promise<void>;
}

export interface CallError {
  code: string;
  why: string;
  how: string;
  details: Record<string, unknown>;
}

/** Makes a desk. @param env what all calls get, beside the program's path and an empty home */
export async function makeDesk(env: NodeJS.ProcessEnv = {}): Promise<Desk> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "salus-cli-")));
  const home = join(folder, "home");
  await mkdir(home);
  const base = { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, HOME: home, USERPROFILE: home, ...env };
  let printed = "";

  const run = async (args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Call> => {
    const child = spawn(process.execPath, ["--import", TSX, PROGRAM, ...args], {
      cwd: folder,
      env: { ...base, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const call: Call = { code: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (call.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (call.stderr += text));
    call.code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
    printed += call.stdout + call.stderr;
    return call;
  };
  return {
    folder,
    run,
    async json<T>(args: readonly string[], more?: NodeJS.ProcessEnv) {
      const { code, stdout, stderr } = await run([...args, "--json"], more);
      expect(code, `salus ${args.join(" ")}\n${stdout}${stderr}`).to.equal(0);
      return JSON.parse(stdout) as T;
    },
    async error(exitCode, args, more) {
      const { code, stdout, stderr } = await run([...args, "--json"], more);
      expect(code, `salus ${args.join(" ")}\n${stdout}${stderr}`).to.equal(exitCode);
      return (JSON.parse(stdout) as { error: CallError }).error;
    },
    get printed() {
      return printed;
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Writes a password file that only its owner can read. */
export async function passwordFile(desk: Desk, name: string, password: string): Promise<string> {
  const path = join(desk.folder, name);
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return path;
}
