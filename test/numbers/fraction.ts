import { denominatorOf, type Exact, numeratorOf, ratio } from "../../src/compiler/number.ts";

/** The plainest exact arithmetic there is: never reduced, one rule per operation. What the compiler's is held against. */
export interface Fraction {
  readonly top: bigint;
  /** At least 1. */
  readonly bottom: bigint;
}

export function fraction(top: bigint | number, bottom: bigint | number = 1): Fraction {
  const [t, b] = [BigInt(top), BigInt(bottom)];
  return b < 0n ? { top: -t, bottom: -b } : { top: t, bottom: b };
}

export const plus = (a: Fraction, b: Fraction) => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
export const minus = (a: Fraction, b: Fraction) => fraction(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom);
export const times = (a: Fraction, b: Fraction) => fraction(a.top * b.top, a.bottom * b.bottom);
export const over = (a: Fraction, b: Fraction) => fraction(a.top * b.bottom, a.bottom * b.top);

export function floorOf({ top, bottom }: Fraction): Fraction {
  const remainder = ((top % bottom) + bottom) % bottom;
  return fraction((top - remainder) / bottom);
}

export const ceilOf = (a: Fraction) => minus(fraction(0), floorOf(minus(fraction(0), a)));
export const remainderOf = (a: Fraction, b: Fraction) => minus(a, times(b, floorOf(over(a, b))));
export const isWholeFraction = ({ top, bottom }: Fraction) => top % bottom === 0n;

/** −1, 0 or 1. */
export function order(a: Fraction, b: Fraction): number {
  const difference = a.top * b.bottom - b.top * a.bottom;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const toExact = ({ top, bottom }: Fraction): Exact => ratio(top, bottom);
export const fromExact = (a: Exact): Fraction => fraction(numeratorOf(a), denominatorOf(a));
