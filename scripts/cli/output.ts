/**
 * What a command says. The result goes to stdout, as one JSON value or for people; everything else goes to stderr.
 * Names in documents are their authors' choice, so nothing of theirs reaches a terminal unescaped.
 */
import { SingleBar } from "cli-progress";
import Table from "cli-table3";

import type { OnProgress } from "../../sdk/index.js";
import type { ErrorReport } from "./errors.js";

/** A bar that shows how far long work is. */
export interface Progress {
  /** Pass it on to the SDK. */
  onProgress: OnProgress;
  /** Removes the bar. Harmless when repeated. */
  stop: () => void;
}

/** The voice of one call. */
export interface Output {
  /** Prints the result, once: `value` with --json, else what `describe` returns. */
  result: (value: unknown, describe: () => string) => void;
  /** A remark for people, on stderr. */
  note: (text: string) => void;
  /** Prints an error. */
  fail: (report: ErrorReport) => void;
  /** Shows a bar on a terminal, nothing elsewhere. @param unit of what is counted */
  progress: (label: string, unit?: "bytes" | "documents" | "photos") => Progress;
}

/** The streams that a call writes to. */
export interface Streams {
  stdout: Pick<NodeJS.WriteStream, "write">;
  stderr: Pick<NodeJS.WriteStream, "write"> & { isTTY?: boolean };
}

/** Below this, work is over before anyone could read a bar. */
const SHOWN_FROM_BYTES = 1_000_000;

/** Makes the output of a call. */
export function makeOutput(json: boolean, { stdout, stderr }: Streams = process): Output {
  return {
    result(value, describe) {
      stdout.write(`${json ? jsonOf(value) : describe()}\n`);
    },
    note(text) {
      stderr.write(`${text}\n`);
    },
    fail({ code, why, how, details }) {
      const error = { code, why, how, details };
      if (json) {
        stdout.write(`${jsonOf({ error })}\n`);
        return;
      }
      const facts = Object.entries(error.details).map(([name, value]) => `  ${name}: ${printable(String(value))}\n`);
      stderr.write(`${error.why} [${error.code}]\n${facts.join("")}${error.how}\n`);
    },
    progress(label, unit = "bytes") {
      if (!stderr.isTTY) return { onProgress: () => undefined, stop: () => undefined };
      return startBar(label, unit, stderr as NodeJS.WriteStream);
    },
  };
}

function startBar(label: string, unit: "bytes" | "documents" | "photos", stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    format: `${label} [{bar}] {percentage} % | {count}`,
    stream,
    hideCursor: true,
    clearOnComplete: true,
  });
  const mega = (bytes: number): string => (bytes / 1e6).toFixed(1);
  let isShown = false;
  return {
    onProgress(done, total) {
      if (unit === "bytes" && total < SHOWN_FROM_BYTES) return;
      const count = unit === "bytes" ? `${mega(done)} of ${mega(total)} MB` : `${done} of ${total} ${unit}`;
      const payload = { count };
      if (!isShown) bar.start(total, done, payload);
      else if (bar.getTotal() !== total) bar.setTotal(total);
      isShown = true;
      bar.update(done, payload);
    },
    stop() {
      if (isShown) bar.stop();
      isShown = false;
    },
  };
}

/**
 * JSON that is safe on a terminal: what `printable` takes away is written as an escape, so the value is the same. JSON itself
 * leaves the control characters of ISO 6429's second set and bidirectional marks as they are.
 */
function jsonOf(value: unknown): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, writeBigint, 2).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === "\n"
      ? character
      : [...Array(character.length).keys()].map((at) => escape(character.charAt(at))).join(""),
  );
}

/** Integers beyond 2^53 are written as decimal strings. */
function writeBigint(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** Text without control characters, bidirectional overrides and line breaks: safe on a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u{fffd}");
}

/** A table without lines. Cells are made printable. */
export function table(head: string[], rows: readonly (readonly string[])[]): string {
  const none = { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "" };
  const chars = { ...none, "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "" };
  const grid = new Table({
    head,
    chars: { ...chars, right: "", "right-mid": "", middle: "  " },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  for (const row of rows) grid.push(row.map(printable));
  return rows.length > 0 ? grid.toString().replace(/ +$/gm, "") : "(none)";
}

/** Name and value in two columns. */
export function facts(pairs: readonly (readonly [name: string, value: string | number])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${printable(String(value))}`).join("\n");
}

/** A Unix time in ISO 8601; "no end" for the largest that the contracts hold. */
export function isoTime(seconds: number): string {
  return seconds >= 2 ** 48 - 1 ? "no end" : new Date(seconds * 1000).toISOString().replace(".000", "");
}
