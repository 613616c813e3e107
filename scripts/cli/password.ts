/** Passwords: from a file that the environment names, or from the terminal without echo. Never from the command line. */
import { readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

import { CliError } from "./errors.js";
import type { Output } from "./output.js";
import type { Settings } from "./settings.js";

/**
 * The password for `what`.
 * @param isNew asks twice on a terminal, so that a typing error can't lock anyone out
 * @throws FILE_UNREADABLE, NO_PASSWORD, PASSWORDS_DIFFER
 */
export async function askPassword(
  what: string,
  settings: Pick<Settings, "passwordFile">,
  output: Output,
  { isNew = false } = {},
): Promise<string> {
  if (settings.passwordFile) return readPasswordFile(settings.passwordFile, output);
  if (!process.stdin.isTTY) throw new CliError("NO_PASSWORD", { for: what });
  const password = await readHidden(`Password for ${what}: `);
  if (isNew && (await readHidden("The same again: ")) !== password) throw new CliError("PASSWORDS_DIFFER");
  return password;
}

/** The first line of the file. */
async function readPasswordFile(path: string, output: Output): Promise<string> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      output.note(`Others on this machine can read the password file. Run: chmod 600 ${path}`);
    }
    return (await readFile(path, "utf8")).split(/\r?\n/, 1)[0] ?? "";
  } catch (error) {
    throw new CliError("FILE_UNREADABLE", { file: path }, { cause: error });
  }
}

async function readHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await answerTo("", nowhere);
  } finally {
    process.stderr.write("\n");
  }
}

/**
 * Asks yes or no on a terminal. Without one nobody can be asked, and the command itself is the yes.
 * @throws NOT_CONFIRMED, INTERRUPTED
 */
export async function confirm(question: string, isAnswered = false): Promise<void> {
  if (isAnswered || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const answer = await answerTo(`${question} [y/N] `, process.stderr);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError("NOT_CONFIRMED");
}

/** One line that isn't a secret, from the terminal; null without one. @throws INTERRUPTED */
export async function askLine(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  return (await answerTo(`${question}: `, process.stderr)).trim() || null;
}

/** One line from the terminal. In raw mode Ctrl-C is a key like any other, so it is listened for here. */
async function answerTo(question: string, output: NodeJS.WritableStream): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  const interrupted = new Promise<never>((_, reject) => {
    terminal.once("SIGINT", () => reject(new CliError("INTERRUPTED")));
  });
  try {
    return await Promise.race([terminal.question(question), interrupted]);
  } finally {
    terminal.close();
  }
}
