/** Amounts for people. */

/** Smallest units as people write them: 123450 is "1,234.50 dEUR" to English readers. */
export function money(amount: bigint, decimals: number, symbol: string): string {
  const digits = amount.toString().padStart(decimals + 1, "0");
  const whole = BigInt(digits.slice(0, digits.length - decimals));
  const fraction = digits.slice(digits.length - decimals);
  // The reader's own point, from a number that has one.
  const point = (1.5).toLocaleString().replace(/\d/g, "") || ".";
  return `${whole.toLocaleString()}${decimals === 0 ? "" : `${point}${fraction}`}\u00a0${symbol}`;
}
