/** Text from people and documents, and numbers and dates for people. */

/**
 * Text that somebody else wrote, safe beside our own: control characters and marks that turn the reading direction are
 * made visible, so that "annexe\u202Egpj.exe" can't pose as a picture. Long text is cut in the middle.
 */
export function plain(text: string, limit = 200): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (mark) => (/\s/.test(mark) ? " " : "\uFFFD"));
  if (shown.length <= limit) return shown;
  return `${shown.slice(0, limit - 20)}…${shown.slice(-19)}`;
}

/** "1 document", "2 documents", "no documents". */
export function count(n: number, noun: string): string {
  return `${n === 0 ? "no" : n.toLocaleString()} ${noun}${n === 1 ? "" : "s"}`;
}

/** "a, b and c". */
export function and(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}` : (names[0] ?? "");
}

/** The first letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const BYTE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** Bytes in words: "61.3 MB". */
export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB"] as const;
  const power = Math.min(Math.floor(Math.log10(Math.max(n, 1)) / 3), units.length - 1);
  return `${BYTE.format(n / 1000 ** power)} ${units[power] ?? "B"}`;
}

const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const DAY_AND_YEAR = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const MONTH = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** The last moment that calendars have (ECMAScript, 21.4.1.1), Unix seconds. The contracts let people name later ones. */
const LAST = 8_640_000_000_000;

/** A time on the chain as a date. @param time Unix seconds; what no calendar has any more is its last moment */
export function dateOf(time: number): Date {
  return new Date(Math.min(time, LAST) * 1_000);
}

/** A day in the reader's language, with the year unless it's this one. @param time Unix seconds */
export function day(time: number): string {
  const date = dateOf(time);
  return (date.getFullYear() === new Date().getFullYear() ? DAY : DAY_AND_YEAR).format(date);
}

/** "November 2026". @param time Unix seconds */
export function month(time: number): string {
  return MONTH.format(dateOf(time));
}

/** The exact time in words. @param time Unix seconds */
export function exactTime(time: number): string {
  return EXACT.format(dateOf(time));
}

const HOUR = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** "14:05" today, "3 Oct, 14:05" on another day. @param time Unix seconds */
export function clock(time: number): string {
  const date = dateOf(time);
  const hour = HOUR.format(date);
  return date.toDateString() === new Date().toDateString() ? hour : `${day(time)}, ${hour}`;
}

/** A length of time that is counted down: "6 days", "23 hours", "59 min", "4 min 07 s". @param seconds not negative */
export function countdown(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole >= 172_800) return count(Math.floor(whole / 86_400), "day");
  if (whole >= 7_200) return count(Math.floor(whole / 3_600), "hour");
  if (whole >= 600) return `${Math.floor(whole / 60)} min`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** Later than any date that a person means: the grant has no end. Unix seconds. */
const NO_END = 32_503_680_000;

/** "until 21 Dec", or "until you stop it" when there is no end. @param until Unix seconds */
export function untilWords(until: number): string {
  return until >= NO_END ? "until you stop it" : `until ${day(until)}`;
}

/** Seconds until a time, negative after it. @param until Unix seconds */
export function secondsLeft(until: number): number {
  return until - Date.now() / 1_000;
}

/** How long is left: "7 days left", "3 hours left", "no end". @param until Unix seconds */
export function timeLeft(until: number): string {
  if (until >= NO_END) return "no end";
  const left = secondsLeft(until);
  if (left <= 0) return "ended";
  const [n, unit] =
    left >= 172_800 ? [left / 86_400, "day"] : left >= 7_200 ? [left / 3_600, "hour"] : [left / 60, "minute"];
  return `${count(Math.round(n), unit)} left`;
}

/** A pseudonym, account or digest in short: 7f3a…c91e. */
export function short(id: string): string {
  return `${id.slice(2, 6)}…${id.slice(-4)}`;
}

/** Up to two initials of a name. */
export function initials(name: string): string {
  const words = name
    .replace(/^(dr|prof|mr|mrs|ms)\.?\s+/i, "")
    .split(/\s+/u)
    .filter(Boolean);
  const first = words[0] ?? "";
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  const letter = (word: string) => String.fromCodePoint(word.codePointAt(0) ?? 32).trim();
  return (letter(first) + letter(last)).toUpperCase();
}
