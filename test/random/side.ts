/**
 * A height or width: a number, or what becomes of an open size. This is a reading of the language of its own: it
 * shares nothing with the polynomials of the compiler.
 */
export type Side = number | Open;

/** factor·atom + offset, where atom is an open size or a floor of such. */
export interface Open {
  readonly atom: string;
  /** What is known to divide the atom. */
  readonly divisor: number;
  readonly numerator: number;
  readonly denominator: number;
  readonly offset: number;
  /** What it is at each size that the network is run at, the smallest first. */
  readonly values: readonly number[];
}

/** An open size that `divisor` divides. */
export function openSide(name: string, divisor: number, values: readonly number[]): Open {
  return { atom: name, divisor, numerator: 1, denominator: 1, offset: 0, values };
}

export function plus(side: Side, added: number): Side {
  if (typeof side === "number") return side + added;
  return { ...side, offset: side.offset + added, values: side.values.map((value) => value + added) };
}

export function times(side: Side, factor: number): Side {
  if (typeof side === "number") return side * factor;
  const { numerator, offset, values } = side;
  return { ...side, numerator: numerator * factor, offset: offset * factor, values: values.map((one) => one * factor) };
}

/** ⌊side / by⌋ */
export function floorOver(side: Side, by: number): Side {
  if (typeof side === "number") return Math.floor(side / by);
  const values = side.values.map((value) => Math.floor(value / by));
  if (divides(side, by)) {
    return { ...side, denominator: side.denominator * by, offset: Math.floor(side.offset / by), values };
  }
  if (by === 1) return side;
  return { ...openSide(`floor(${keyOf(side)} / ${by})`, 1, values) };
}

/** Is `by` known to divide what is open of it, whatever the offset? Always so of a number. */
export function divides(side: Side, by: number): boolean {
  if (typeof side === "number") return true;
  return (side.numerator * side.divisor) % (side.denominator * by) === 0;
}

/** Are they known to be equal? */
export function isEqual(a: Side, b: Side): boolean {
  return typeof a === "number" || typeof b === "number" ? a === b : keyOf(a) === keyOf(b);
}

/** At the smallest of the sizes. */
export function least(side: Side): number {
  return typeof side === "number" ? side : (side.values[0] as number);
}

/** At the largest of them. */
export function most(side: Side): number {
  return typeof side === "number" ? side : (side.values.at(-1) as number);
}

/** As an expression of the language. */
export function keyOf(side: Side): string {
  if (typeof side === "number") return `${side}`;
  const shared = greatestCommonDivisor(side.numerator, side.denominator);
  return `(${side.numerator / shared} * ${side.atom} / ${side.denominator / shared} + ${side.offset})`;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
