/**
 * The text of an age v1 header (c2sp.org/age): how it is read and written, no secrets.
 *
 *   age-encryption.org/v1
 *   -> X25519 <base64 of the ephemeral share>
 *   <base64 of the wrapped file key, lines of 64>
 *   --- <base64 of the MAC>
 *
 * Reading is strict: exactly what `encodeHeader` writes is accepted, so a header has one spelling.
 */

import { base64nopad } from "@scure/base";

import { SalusError } from "../errors.js";
import { concat, equal, fromUtf8, utf8 } from "./bytes.js";
import { isLowOrder } from "./keys.js";

/** The most bytes of a header: one raw IPFS block. */
export const MAX_HEADER_SIZE = 262_144;

const VERSION = "age-encryption.org/v1";
const COLUMNS = 64;
const MAC_SIZE = 32;
/** Bytes of a file key of 16, wrapped. */
const WRAPPED_SIZE = 32;
const NEWLINE = 0x0a;

/** One recipient's part of a header. */
export interface Stanza {
  /** The type, "X25519" or "scrypt", and its arguments. */
  args: string[];
  /** The wrapped file key. */
  body: Uint8Array;
}

/** A header that is read. */
export interface Header {
  stanzas: Stanza[];
  mac: Uint8Array;
  /** Bytes of the header, its last newline included. */
  size: number;
}

/** What the MAC covers: the header up to and with the three dashes. */
export function encodeStanzas(stanzas: Stanza[]): Uint8Array {
  const lines = stanzas.flatMap(({ args, body }) => [`-> ${args.join(" ")}`, ...wrap(base64nopad.encode(body))]);
  return utf8([VERSION, ...lines, "---"].join("\n"));
}

/** The whole header. */
export function encodeHeader(stanzas: Stanza[], mac: Uint8Array): Uint8Array {
  return concat(encodeStanzas(stanzas), utf8(` ${base64nopad.encode(mac)}\n`));
}

/**
 * The header that `file` starts with; what follows it is not looked at.
 * @throws SalusError HEADER_MALFORMED
 */
export function parseHeader(file: Uint8Array): Header {
  const [version, ...lines] = readLines(file);
  const stanzas: Stanza[] = [];
  let mac: Uint8Array = new Uint8Array();
  let reading: { args: string[]; body: string } | undefined;
  for (const line of lines) {
    if (reading) {
      reading.body += line;
      // A body ends with its first short line, which may be empty.
      if (line.length >= COLUMNS) continue;
      stanzas.push({ args: reading.args, body: decode(reading.body) });
      reading = undefined;
    } else if (line.startsWith("-> ")) reading = { args: line.slice(3).split(" "), body: "" };
    else mac = decode(line.slice(4));
  }

  const encoded = encodeHeader(stanzas, mac);
  const sound = version === VERSION && stanzas.length > 0 && mac.length === MAC_SIZE && stanzas.every(isSound);
  if (!sound || !equal(encoded, file.subarray(0, encoded.length))) throw malformed("not as age writes it");
  if (stanzas.length > 1 && stanzas.some(({ args }) => args[0] === "scrypt")) throw malformed("scrypt isn't alone");
  return { stanzas, mac, size: encoded.length };
}

/** The lines up to and with that of the MAC. */
function readLines(file: Uint8Array): string[] {
  const lines: string[] = [];
  for (let start = 0; ;) {
    const end = file.subarray(0, MAX_HEADER_SIZE).indexOf(NEWLINE, start);
    const line = file.subarray(start, end);
    if (end < 0 || line.some((byte) => byte < 0x20 || byte > 0x7e)) throw malformed("not an age file");
    const text = fromUtf8(line);
    lines.push(text);
    if (text.startsWith("---")) return lines;
    start = end + 1;
  }
}

/** Whether a stanza is as its type asks; those of other types pass (c2sp.org/age: they are for other programs). */
function isSound({ args, body }: Stanza): boolean {
  const [type, first = "", workFactor = ""] = args;
  if (args.some((arg) => arg === "")) return false;
  if (type === "X25519") {
    const share = decode(first);
    return args.length === 2 && share.length === 32 && body.length === WRAPPED_SIZE && !isLowOrder(share);
  }
  if (type === "scrypt") {
    const sound = args.length === 3 && decode(first).length === 16 && /^[1-9]\d*$/.test(workFactor);
    return sound && body.length === WRAPPED_SIZE;
  }
  return true;
}

function wrap(text: string): string[] {
  const lines = [];
  for (let at = 0; at <= text.length; at += COLUMNS) lines.push(text.slice(at, at + COLUMNS));
  return lines;
}

function decode(text: string): Uint8Array {
  try {
    return base64nopad.decode(text);
  } catch {
    throw malformed("not base64");
  }
}

function malformed(reason: string): SalusError {
  return new SalusError("HEADER_MALFORMED", { reason });
}
