import { concat, fromUtf8, utf8 } from "../../../sdk/core/bytes.js";
import { canonicalJson } from "../../../sdk/core/canonical.js";
import { encodeHeader } from "../../../sdk/core/header.js";

/** Random choices that a seed repeats (mulberry32). Nothing secret is made of them. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 up to and without `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  bytes(size: number): Uint8Array {
    return Uint8Array.from({ length: size }, () => this.below(256));
  }
}

type Mutation = (bytes: Uint8Array, chance: Chance, donor: Uint8Array) => Uint8Array;

const cut = (bytes: Uint8Array, chance: Chance): [number, number] => {
  const a = chance.below(bytes.length + 1);
  const b = chance.below(bytes.length + 1);
  return a < b ? [a, b] : [b, a];
};

/** What befalls bytes. `donor` is another valid object of the same kind. */
const MUTATIONS: Mutation[] = [
  function flipBits(bytes, chance) {
    const copy = bytes.slice();
    for (let left = 1 + chance.below(4); left > 0; left--) copy[chance.below(copy.length)]! ^= 1 << chance.below(8);
    return copy;
  },
  function setByte(bytes, chance) {
    const copy = bytes.slice();
    copy[chance.below(copy.length)] = chance.pick([0, 10, 32, 45, 127, 255, chance.below(256)]);
    return copy;
  },
  function truncate(bytes, chance) {
    return bytes.slice(0, chance.below(bytes.length));
  },
  function behead(bytes, chance) {
    return bytes.slice(1 + chance.below(bytes.length));
  },
  function append(bytes, chance) {
    return concat(bytes, chance.bytes(1 + chance.below(40)));
  },
  function insert(bytes, chance) {
    const at = chance.below(bytes.length + 1);
    return concat(bytes.subarray(0, at), chance.bytes(1 + chance.below(20)), bytes.subarray(at));
  },
  function remove(bytes, chance) {
    const [a, b] = cut(bytes, chance);
    return concat(bytes.subarray(0, a), bytes.subarray(b));
  },
  function double(bytes, chance) {
    const [a, b] = cut(bytes, chance);
    return concat(bytes.subarray(0, b), bytes.subarray(a));
  },
  function swap(bytes, chance) {
    const [a, b] = cut(bytes, chance);
    const middle = a + chance.below(b - a + 1);
    return concat(bytes.subarray(0, a), bytes.subarray(middle, b), bytes.subarray(a, middle), bytes.subarray(b));
  },
  function splice(bytes, chance, donor) {
    const at = chance.below(bytes.length);
    return concat(bytes.subarray(0, at), donor.subarray(chance.pick([at, chance.below(donor.length)])));
  },
  function replace(_bytes, _chance, donor) {
    return donor.slice();
  },
];

/** `bytes`, changed in one way; once in a while the result is the same again. */
export function mutate(bytes: Uint8Array, chance: Chance, donor: Uint8Array): Uint8Array {
  return chance.pick(MUTATIONS)(bytes, chance, donor);
}

/** A header whose lines are moved, doubled, dropped or mixed with those of `donor`. */
export function mutateLines(header: Uint8Array, chance: Chance, donor: Uint8Array): Uint8Array {
  const lines = fromUtf8(header).split("\n");
  const at = chance.below(lines.length);
  const line = chance.pick([lines, fromUtf8(donor).split("\n"), ["", "-> X25519", "-> grease 1", "---"]]);
  return utf8(lines.toSpliced(at, chance.below(3), ...(chance.below(2) ? [chance.pick(line)] : [])).join("\n"));
}

/** A header out of nothing: noise, or well formed with noise in its places. */
export function randomHeader(chance: Chance): Uint8Array {
  if (chance.below(4) === 0) return chance.bytes(chance.below(300));
  const base64 = (size: number) => btoa(String.fromCharCode(...chance.bytes(size))).replace(/=+$/, "");
  const stanzas = Array.from({ length: chance.below(4) }, () => ({
    args: chance.pick([
      ["X25519", base64(chance.pick([32, 32, 32, 31, 0, 64]))],
      ["scrypt", base64(16), String(chance.below(30))],
      ["X25519"],
      ["grease", "", "x"],
      ["", ""],
    ]),
    body: chance.bytes(chance.pick([32, 32, 32, 0, 48, 96, 33])),
  }));
  return encodeHeader(stanzas, chance.bytes(chance.pick([32, 32, 32, 31, 0])));
}

const ODD_VALUES: unknown[] = [
  null, true, 0, -1, 1, 1.5, 1e300, 2 ** 53, "", "x", "\u0000", "../x", "\u202E", "0x", `0x${"00".repeat(32)}`,
  "0x0000000000000000000000000000000000000000", "2026-11-21T09:00:00Z", "x".repeat(300), [], {}, [1], { v: 1 },
]; // prettier-ignore

/** A manifest's line with fields dropped, added, doubled, moved or of other values, or written another way. */
export function mutateManifest(line: Uint8Array, chance: Chance): Uint8Array {
  const text = fromUtf8(line);
  const manifest = JSON.parse(text) as Record<string, unknown>;
  const field = chance.pick(Object.keys(manifest));
  const odd = chance.pick(ODD_VALUES);
  switch (chance.below(7)) {
    case 0:
      return canonicalJson({ ...manifest, [field]: odd });
    case 1:
      return canonicalJson({ ...manifest, [field]: undefined });
    case 2:
      return canonicalJson({ ...manifest, [chance.pick(["a", "Epoch", "__proto__x", "zz", field + field])]: odd });
    case 3:
      return utf8(text.replace("{", `{"${field}":${JSON.stringify(odd)},`));
    case 4:
      return utf8(JSON.stringify({ [field]: null, ...Object.fromEntries(Object.entries(manifest).reverse()) }));
    case 5:
      return utf8(
        text.replace(chance.pick([":", ",", "{", "}"]), (mark) => chance.pick([` ${mark}`, `${mark}\t`, `${mark}\r`])),
      );
    default:
      return utf8(text.replace(/[a-z]/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`));
  }
}
