/** Ends of grants, accreditations and policies, as people write them. */
import { FOREVER } from "../../sdk/index.js";
import { CliError } from "./errors.js";

const UNITS: Readonly<Record<string, number>> = {
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 7 * 86_400,
  y: 365 * 86_400,
};

/** Seconds in a duration such as 30m, 12h, 30d, 2w or 1y. @throws USAGE */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhdwy])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS[unit ?? ""] ?? NaN);
  if (!(seconds > 0)) throw new CliError("USAGE", { duration: text, reason: "write it like 12h, 30d or 1y" });
  return seconds;
}

/** Unix seconds of a date or time in ISO 8601; a bare date begins at midnight UTC. @throws USAGE */
export function parseTime(text: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}([T ].*)?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(milliseconds)) {
    throw new CliError("USAGE", { time: text, reason: "write it like 2027-01-31 or 2027-01-31T12:00:00Z" });
  }
  return Math.floor(milliseconds / 1000);
}

/** How a command's options say when something ends. */
export interface EndOptions {
  /** A duration from now. */
  for?: string;
  /** A time, or "never". */
  until?: string;
}

/** The end that the options name, Unix seconds. @param now the chain's time @throws USAGE */
export function parseEnd(options: EndOptions, now: number, otherwise?: string): number {
  if (options.for !== undefined && options.until !== undefined) {
    throw new CliError("USAGE", { reason: "give either --for or --until" });
  }
  if (options.until === "never") return FOREVER;
  if (options.until !== undefined) return parseTime(options.until);
  const duration = options.for ?? otherwise;
  if (duration === undefined) throw new CliError("USAGE", { reason: "say when it ends: --for 30d, or --until DATE" });
  return now + parseDuration(duration);
}
