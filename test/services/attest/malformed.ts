/** Requests that aren't as they must be, derived from an OpenAPI description: what a schema allows, bent. */
import { concat, utf8 } from "../../../sdk/core/bytes.js";
import { mutate, type Chance } from "../../sdk/core/mutations.js";

/** As much of JSON Schema as the descriptions use. */
export interface Schema {
  type?: string;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** One operation of a description. */
export interface Operation {
  method: string;
  path: string;
  body?: Schema;
  secured: boolean;
}

/** A request as it goes out. */
export interface Malformed {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

interface Description {
  paths: Record<
    string,
    Record<string, { requestBody?: { content: Record<string, { schema: Schema }> }; security?: unknown[] }>
  >;
}

/** All operations of a description. */
export function operationsOf(description: object): Operation[] {
  return Object.entries((description as Description).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody, security }]) => ({
      method: method.toUpperCase(),
      path,
      ...(requestBody && { body: requestBody.content["application/json"]?.schema }),
      secured: security !== undefined,
    })),
  );
}

/** What stands in a request so that its coming back would show. */
export const MARK = "zqxjkv";

const LONG = 70_000;

/** Values that no field expects, or that some program stumbles over. */
const ODD: ((chance: Chance) => unknown)[] = [
  () => null,
  () => true,
  () => [],
  () => ({}),
  () => "",
  () => 0,
  () => -1,
  () => 1.5,
  () => 2 ** 53,
  () => -(2 ** 63),
  () => 1e308,
  () => "\u0000",
  () => `${MARK}\u0000`,
  () => "\ud800",
  () => "𝕏\u202e\ufeff",
  () => "ﷺ".repeat(64),
  () => `'; drop table audit; -- ${MARK}`,
  () => `../../${MARK}`,
  () => "0x",
  () => `0x${"f".repeat(64)}`,
  () => `0x${"F".repeat(40)}`,
  () => `0x${"00".repeat(65)}`,
  () => "9".repeat(78),
  () => "9999-99-99",
  () => "A".repeat(LONG),
  () => [MARK, [MARK, [MARK]]],
  () => ({ [MARK]: MARK }),
  (chance) => MARK + String.fromCodePoint(...Array.from({ length: 1 + chance.below(40) }, () => chance.below(0xd7ff))),
];

/** A valid request of this operation, bent in one way or several. `valid` is what would be accepted. */
export function bend(operation: Operation, valid: object, token: string, chance: Chance): Malformed {
  const headers: Record<string, string> = {};
  const method = chance.below(25) === 0 ? chance.pick(METHODS) : operation.method;
  const hasBody = operation.body !== undefined || chance.below(6) === 0;
  if (hasBody) headers["content-type"] = "application/json";
  // A sign-out would close the door to all that comes after.
  const shown = method === "DELETE" ? token.toUpperCase() : token;
  if (operation.secured || chance.below(8) === 0) headers["authorization"] = bearer(shown, chance);
  const value = chance.below(5) === 0 ? valid : bendValue(operation.body, structuredClone(valid), chance);
  let body = utf8(JSON.stringify(value));
  if (chance.below(4) === 0) body = bendText(body, chance);
  if (chance.below(12) === 0) headers["content-type"] = chance.pick(TYPES);
  if (chance.below(40) === 0) headers["content-encoding"] = chance.pick(["gzip", "br", MARK]);
  if (chance.below(40) === 0) headers["x-forwarded-for"] = chance.pick(["1.2.3.4", MARK, "::1, 127.0.0.1"]);
  const path = chance.below(20) === 0 ? bendPath(operation.path, chance) : operation.path;
  return { method, path, headers, body: hasBody && !["GET", "HEAD"].includes(method) ? body : new Uint8Array() };
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const TYPES = [
  "text/plain",
  "application/json; charset=utf-16",
  "application/json;",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  MARK,
];

function bearer(token: string, chance: Chance): string {
  if (chance.below(3) > 0) return `Bearer ${token}`;
  return chance.pick([
    `Bearer ${token.slice(1)}x`,
    `Bearer ${MARK}`,
    `bearer ${token}`,
    "Basic eDp5",
    "Bearer",
    `Bearer ${"a".repeat(5_000)}`,
  ]);
}

/** One to three fields at any depth changed, left out, added, or the whole replaced. */
function bendValue(schema: Schema | undefined, valid: object, chance: Chance): unknown {
  if (chance.below(20) === 0) return chance.pick(ODD)(chance);
  for (let left = 1 + chance.below(3); left > 0; left--) bendField(schema, valid as Record<string, unknown>, chance);
  return valid;
}

function bendField(schema: Schema | undefined, object: Record<string, unknown>, chance: Chance): void {
  const names = [...new Set([...Object.keys(schema?.properties ?? {}), ...Object.keys(object)])];
  if (names.length === 0 || chance.below(10) === 0) {
    object[chance.pick([MARK, "__proto__x", "constructor", "toString", "id", "length"])] = chance.pick(ODD)(chance);
    return;
  }
  const name = chance.pick(names);
  const inner = schema?.properties?.[name];
  const value = object[name];
  if (inner?.properties && typeof value === "object" && value !== null && chance.below(2) === 0) {
    bendField(inner, value as Record<string, unknown>, chance);
  } else if (chance.below(4) === 0) {
    Reflect.deleteProperty(object, name);
  } else {
    object[name] = chance.below(2) === 0 ? edgeOf(inner, value, chance) : chance.pick(ODD)(chance);
  }
}

/** At the edge of what the schema allows, on either side. */
function edgeOf(schema: Schema | undefined, value: unknown, chance: Chance): unknown {
  if (typeof value === "string") {
    const { minLength = 0, maxLength = 100 } = schema ?? {};
    const letter = chance.pick(["a", "0", "é", "\u0007", "𝕏"]);
    const cut = chance.below(value.length + 1);
    return chance.pick([
      letter.repeat(maxLength + chance.below(3) - 1),
      letter.repeat(Math.max(0, minLength - 1)),
      value + letter,
      value.slice(0, cut) + letter + value.slice(cut + 1),
      value.toUpperCase(),
      ` ${value}`,
    ]);
  }
  if (typeof value === "number") {
    const { minimum = 0, maximum = 2 ** 48 } = schema ?? {};
    return chance.pick([minimum, minimum - 1, maximum, maximum + 1, value + 0.5, String(value), -0]);
  }
  return value;
}

/** The bytes of a body changed: other JSON, half of it, none, too deep, not even text. */
function bendText(body: Uint8Array, chance: Chance): Uint8Array {
  switch (chance.below(6)) {
    case 0:
      return body.subarray(0, chance.below(body.length));
    case 1:
      return utf8("[".repeat(1 + chance.below(20_000)));
    case 2:
      return concat(body, utf8(chance.pick(["}", ",", "{}", "\u0000", MARK])));
    case 3:
      return utf8(`{"__proto__":{"${MARK}":1},${new TextDecoder().decode(body.subarray(1))}`);
    case 4:
      return chance.bytes(chance.below(200));
    default:
      return body.length > 0 ? mutate(body, chance, utf8(`{"${MARK}":1}`)) : body;
  }
}

function bendPath(path: string, chance: Chance): string {
  return chance.pick([
    `${path}/`,
    `${path}?${MARK}=${MARK}`,
    `${path}/${MARK}`,
    `${path}%00`,
    `${path}%ff%fe`,
    `/${path}`,
    `/..${path}`,
    `${path}${"/a".repeat(1_000)}`,
    `/${MARK}`,
    "*",
  ]);
}
