/** The one log of `npm start`: .salus/start.log, a line an event, begun anew at each start. */
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";

import { STATE } from "../lib/paths.js";

/** Writes one line about a part of Salus. Nothing that names a person or opens a document is ever given to it. */
export type Log = (part: string, line: string) => void;

/** Opens the log. */
export function openLog(): { log: Log; path: string } {
  mkdirSync(STATE, { recursive: true });
  const path = join(STATE, "start.log");
  const stream = createWriteStream(path, { flags: "w" });
  const log: Log = (part, line) => stream.write(`${new Date().toISOString()} ${part.padEnd(16)} ${line}\n`);
  return { log, path };
}
