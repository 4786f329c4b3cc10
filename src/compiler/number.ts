/**
 * Exact rational numbers. A whole number within ±(2^53 − 1) is a plain JS number, everything else a `Ratio`
 * in lowest terms; so each value has one form and the common case costs what JS arithmetic costs.
 */
export type Exact = number | Ratio;

export class Ratio {
  /** Denominator ≥ 1, lowest terms, and not a safe whole number. Made only by `ratio`. */
  readonly numerator: bigint;
  readonly denominator: bigint;

  constructor(numerator: bigint, denominator: bigint) {
    this.numerator = numerator;
    this.denominator = denominator;
  }
}

const largestSafe = BigInt(Number.MAX_SAFE_INTEGER);

/** The canonical form of numerator / denominator; the denominator must not be 0. */
export function ratio(numerator: bigint, denominator: bigint): Exact {
  let top = numerator;
  let bottom = denominator;
  if (bottom < 0n) {
    top = -top;
    bottom = -bottom;
  }
  if (bottom !== 1n) {
    const divisor = greatestCommonDivisor(top, bottom);
    if (divisor !== 1n) {
      top /= divisor;
      bottom /= divisor;
    }
  }
  if (bottom === 1n && top <= largestSafe && top >= -largestSafe) return Number(top);
  return new Ratio(top, bottom);
}

export function isExact(value: unknown): value is Exact {
  return typeof value === "number" || value instanceof Ratio;
}

export function numeratorOf(a: Exact): bigint {
  return typeof a === "number" ? BigInt(a) : a.numerator;
}

export function denominatorOf(a: Exact): bigint {
  return typeof a === "number" ? 1n : a.denominator;
}

export function addExact(a: Exact, b: Exact): Exact {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const [an, ad, bn, bd] = [numeratorOf(a), denominatorOf(a), numeratorOf(b), denominatorOf(b)];
  return ad === bd ? ratio(an + bn, ad) : ratio(an * bd + bn * ad, ad * bd);
}

export function negateExact(a: Exact): Exact {
  if (typeof a === "number") return a === 0 ? 0 : -a;
  return new Ratio(-a.numerator, a.denominator);
}

export function subtractExact(a: Exact, b: Exact): Exact {
  return addExact(a, negateExact(b));
}

export function multiplyExact(a: Exact, b: Exact): Exact {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
  }
  return ratio(numeratorOf(a) * numeratorOf(b), denominatorOf(a) * denominatorOf(b));
}

/** `b` must not be 0. */
export function divideExact(a: Exact, b: Exact): Exact {
  if (typeof a === "number" && typeof b === "number") {
    const quotient = a / b;
    if (Number.isSafeInteger(quotient) && quotient * b === a) return quotient === 0 ? 0 : quotient;
  }
  return ratio(numeratorOf(a) * denominatorOf(b), denominatorOf(a) * numeratorOf(b));
}

export function floorExact(a: Exact): Exact {
  if (typeof a === "number") return a;
  if (a.denominator === 1n) return a;
  const quotient = a.numerator / a.denominator;
  return ratio(a.numerator < 0n ? quotient - 1n : quotient, 1n);
}

export function ceilExact(a: Exact): Exact {
  return negateExact(floorExact(negateExact(a)));
}

/** The remainder with the sign of the divisor: a − b·⌊a/b⌋. `b` must not be 0. */
export function moduloExact(a: Exact, b: Exact): Exact {
  if (typeof a === "number" && typeof b === "number") {
    const remainder = a % b;
    if (remainder === 0) return 0;
    return remainder < 0 === b < 0 ? remainder : remainder + b;
  }
  return subtractExact(a, multiplyExact(b, floorExact(divideExact(a, b))));
}

/** `exponent` is whole; a negative one needs a base other than 0. The caller bounds the size of the result. */
export function powerExact(base: Exact, exponent: number): Exact {
  const size = BigInt(Math.abs(exponent));
  const top = numeratorOf(base) ** size;
  const bottom = denominatorOf(base) ** size;
  return exponent < 0 ? ratio(bottom, top) : ratio(top, bottom);
}

/** Negative, zero or positive as a is less than, equal to or greater than b. */
export function compareExact(a: Exact, b: Exact): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const difference = numeratorOf(a) * denominatorOf(b) - numeratorOf(b) * denominatorOf(a);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function equalExact(a: Exact, b: Exact): boolean {
  return compareExact(a, b) === 0;
}

export function isWholeExact(a: Exact): boolean {
  return typeof a === "number" || a.denominator === 1n;
}

/**
 * The nearest double, an even one where two are equally near; ±Infinity from 2^1024 − 2^970 on, and 0 up to 2^-1075.
 * IEEE 754-2019, 4.3.1, roundTiesToEven; worked out in whole numbers, so that it is the same everywhere.
 */
export function toDouble(a: Exact): number {
  if (typeof a === "number") return a;
  const top = a.numerator < 0n ? -a.numerator : a.numerator;
  // The quotient of two doubles is rounded as asked for, so where both parts are doubles it is the answer.
  if (top <= largestSafe && a.denominator <= largestSafe) return Number(a.numerator) / Number(a.denominator);
  const unit = Math.max(binaryExponent(top, a.denominator) - 52, smallestExponent);
  const scaledTop = unit < 0 ? top << BigInt(-unit) : top;
  const scaledBottom = unit > 0 ? a.denominator << BigInt(unit) : a.denominator;
  let significand = scaledTop / scaledBottom;
  const excess = 2n * (scaledTop % scaledBottom) - scaledBottom;
  if (excess > 0n || (excess === 0n && significand % 2n === 1n)) significand += 1n;
  // The leading bit of a normal significand, and a carry out of it, add one to the exponent field.
  const bits = (BigInt(unit - smallestExponent) << 52n) + significand;
  const size = bits < infinityBits ? new Float64Array(BigUint64Array.of(bits).buffer)[0] : Infinity;
  return a.numerator < 0n ? -(size ?? 0) : (size ?? 0);
}

/** Of the least double above 0, and the bits of infinity. */
const smallestExponent = -1074;
const infinityBits = 0x7ffn << 52n;

/** The e of 2^e ≤ top / bottom < 2^(e + 1). */
function binaryExponent(top: bigint, bottom: bigint): number {
  const guess = top.toString(2).length - bottom.toString(2).length;
  const reached = guess < 0 ? top << BigInt(-guess) >= bottom : top >= bottom << BigInt(guess);
  return reached ? guess : guess - 1;
}

/** Not negative; of 0 and 0 it is 0. */
export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x < 0n ? -x : x;
}

/** Of numbers other than 0. */
export function leastCommonMultiple(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product < 0n ? -product : product) / greatestCommonDivisor(a, b);
}

/** An upper bound of the bits of numerator and denominator, cheap enough to ask after every operation. */
export function bitsOf(a: Exact): number {
  if (typeof a === "number") return 53;
  return Math.max(bitLength(a.numerator), bitLength(a.denominator));
}

export function bitLength(value: bigint): number {
  return (value < 0n ? -value : value).toString(16).length * 4;
}

/**
 * As people write it: `12`, `7.2`, `-0.5`, `2.5e-300`; a value without a short decimal form as `36/7`; what is
 * longer than 24 digits cut to 20, with `…` and their number.
 */
export function formatExact(a: Exact): string {
  if (typeof a === "number") return String(a);
  const sign = a.numerator < 0n ? "-" : "";
  const top = a.numerator < 0n ? -a.numerator : a.numerator;
  if (a.denominator === 1n) return sign + shorten(top.toString());
  return sign + (decimal(top, a.denominator) ?? `${shorten(top.toString())}/${shorten(a.denominator.toString())}`);
}

function shorten(digits: string): string {
  return digits.length <= 24 ? digits : `${digits.slice(0, 20)}… (${digits.length} digits)`;
}

/** Null where the decimal form is endless or long; from 1e-7 down with an exponent, as JavaScript writes numbers. */
function decimal(top: bigint, bottom: bigint): string | null {
  const places = decimalPlaces(bottom);
  if (places === null) return null;
  const digits = ((top * 10n ** BigInt(places)) / bottom).toString();
  if (places > 12 && digits.length > 12) return null;
  if (digits.length <= places - 6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${digits[0]}${fraction}e-${places - digits.length + 1}`;
  }
  const padded = digits.padStart(places + 1, "0");
  const whole = padded.slice(0, -places);
  return whole.length > 24 ? shorten(whole) : `${whole}.${padded.slice(-places)}`;
}

/** How many decimal places write 1/denominator exactly; null where none do. */
function decimalPlaces(denominator: bigint): number | null {
  let rest = denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  return rest === 1n ? Math.max(twos, fives) : null;
}
