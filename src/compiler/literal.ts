import { type Exact, multiplyExact, powerExact, ratio } from "./number.ts";

/** What a number as written is worth, `1_000`, `1e-5`, `2.834G`; null where it has more than `bits` bits. */
export function readNumber(text: string, bits: number): Exact | null {
  const match = /^([\d_]+)(?:\.([\d_]+))?(?:[eE]([+-]?\d+))?([KMG]?)$/.exec(text);
  if (!match) throw new Error(`not a number of the language: ${text}`);
  const [, whole = "", fraction = "", exponent = "0", unit = ""] = match;
  const digits = (whole + fraction).replaceAll("_", "").replace(/^0+(?=\d)/, "");
  const places = fraction.replaceAll("_", "").length;
  const scale = Number(exponent) - places + (powers[unit] ?? 0);
  // Before anything is computed: 1e999999999 would not end.
  if (!fits(digits.length + places + Math.abs(scale), bits)) return null;
  return multiplyExact(ratio(BigInt(digits), 1n), powerExact(10, scale));
}

/** What the two sides of a size as written, `1x7`, are worth; null where one has more than `bits` bits. */
export function readSize(text: string, bits: number): readonly [height: Exact, width: Exact] | null {
  const [height = "", width = ""] = text.split("x");
  if (!fits(height.length, bits) || !fits(width.length, bits)) return null;
  return [ratio(BigInt(height), 1n), ratio(BigInt(width), 1n)];
}

/** Powers of ten. */
const powers: Readonly<Record<string, number>> = { K: 3, M: 6, G: 9 };

function fits(digits: number, bits: number): boolean {
  return digits * Math.log2(10) <= Math.max(bits, 64);
}
