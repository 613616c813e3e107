/** Numbers that look random and are the same each time: for demo data and measurements, never for secrets. */

/** A generator; each call continues its sequence. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  fraction(): number;
  /** An integer from 0 up to, but not including, `below`. */
  integer(below: number): number;
  /** One of `choices`. */
  pick<T>(choices: readonly T[]): T;
  /** Normally distributed with mean 0 and deviation 1. */
  normal(): number;
}

/** The generator of a seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(fraction() * below);
  return {
    fraction,
    integer,
    pick<T>(choices: readonly T[]): T {
      if (choices.length === 0) throw new RangeError("nothing to pick from");
      return choices[integer(choices.length)] as T;
    },
    // Box and Muller; the logarithm of 0 is avoided.
    normal: () => Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction()),
  };
}
