/** FHIR R4's primitive types (4.0.1, 2.24.0.1), as JSON holds them. Patterns are the specification's, anchored. */

const YEAR = String.raw`(?!0000)\d{4}`;
const DAY = String.raw`(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`;
const CLOCK = String.raw`([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?`;
const ZONE = String.raw`(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))`;

const DATE = new RegExp(`^${YEAR}(-(0[1-9]|1[0-2])|-${DAY})?$`);
const DATE_TIME = new RegExp(`^${YEAR}(-(0[1-9]|1[0-2])|-${DAY}(T${CLOCK}${ZONE})?)?$`);
const INSTANT = new RegExp(`^${YEAR}-${DAY}T${CLOCK}${ZONE}$`);
const TIME = new RegExp(`^${CLOCK}$`);

/** FHIR's `string` has at most a megabyte. */
const MAX_STRING = 1024 * 1024;

const isString = (value: unknown): value is string =>
  typeof value === "string" &&
  value.length <= MAX_STRING &&
  // Spaces only, or control characters, are no words. `\S` alone would let the latter through.
  /\S/.test(value) &&
  !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(value);
const matches = (pattern: RegExp) => (value: unknown) => isString(value) && pattern.test(value);
const isWhole = (least: number) => (value: unknown) =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= 2_147_483_647;
const isDated = (pattern: RegExp) => (value: unknown) => isString(value) && pattern.test(value) && isOnCalendar(value);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  base64Binary: (value) => isString(value) && isBase64(value),
  boolean: (value) => typeof value === "boolean",
  canonical: matches(/^\S+$/),
  code: matches(/^\S+( \S+)*$/),
  date: isDated(DATE),
  dateTime: isDated(DATE_TIME),
  decimal: (value) => typeof value === "number" && Number.isFinite(value),
  id: matches(/^[A-Za-z0-9\-.]{1,64}$/),
  instant: isDated(INSTANT),
  integer: isWhole(-2_147_483_648),
  markdown: isString,
  oid: matches(/^urn:oid:[0-2](\.(0|[1-9]\d*))+$/),
  positiveInt: isWhole(1),
  string: isString,
  time: matches(TIME),
  unsignedInt: isWhole(0),
  uri: matches(/^\S+$/),
  url: matches(/^\S+$/),
  uuid: matches(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
  xhtml: (value) => isString(value) && /^\s*<div[\s>/]/.test(value),
};

/** Whether a type's values are words, numbers or booleans. */
export function isPrimitive(type: string): boolean {
  return Object.hasOwn(TYPES, type);
}

/** Whether `value` is one of the primitive `type`. */
export function isOfType(value: unknown, type: string): boolean {
  return TYPES[type]?.(value) ?? false;
}

/** No 30th of February: the patterns count to 31 in every month. */
function isOnCalendar(date: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(date) ?? [];
  if (day === undefined) return true;
  const end = new Date(Date.UTC(2000, 0, 1));
  end.setUTCFullYear(Number(year), Number(month), 0);
  return Number(day) <= end.getUTCDate();
}

function isBase64(text: string): boolean {
  const packed = text.replace(/\s/g, "");
  return packed.length % 4 === 0 && /^[0-9a-zA-Z+/]*={0,2}$/.test(packed);
}
