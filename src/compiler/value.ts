import { formatExact, isExact, type Ratio } from "./number.ts";
import { formatQuantity, Poly, type Quantity } from "./symbolic.ts";

/** What an expression can be worth at compile time. */
export type Value = number | Ratio | Poly | boolean | string | readonly Value[] | Range | Named | Undecided;

/** The value of an expression in which an error has been reported; whatever uses it stays silent. */
export const unknown: unique symbol = Symbol("unknown");
export type Unknown = typeof unknown;

/** Whole numbers from `from` up to, and without, `to`. */
export class Range {
  readonly from: number;
  readonly to: number;

  constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
  }

  get length(): number {
    return Math.max(0, this.to - this.from);
  }
}

/** The paddings `half` and `same`. */
export class Named {
  readonly name: "half" | "same";

  constructor(name: "half" | "same") {
    this.name = name;
  }
}

/** A condition that holds for some of the symbolic sizes; `sizes` are the names it hangs on. */
export class Undecided {
  readonly sizes: readonly string[];

  constructor(sizes: readonly string[]) {
    this.sizes = sizes;
  }

  /** A condition that hangs on the sizes of both. */
  and(other: Undecided | null): Undecided {
    return other === null ? this : new Undecided([...new Set([...this.sizes, ...other.sizes])].sort());
  }
}

export function describeType(value: Value): string {
  if (typeof value === "number" || isExact(value)) return "a number";
  if (value instanceof Poly) return "a symbolic size";
  if (typeof value === "boolean") return "a truth value";
  if (typeof value === "string") return "a string";
  if (value instanceof Range) return "a range";
  if (value instanceof Named) return "a padding";
  if (value instanceof Undecided) return "a condition on symbolic sizes";
  return "a list";
}

const shownItems = 8;

/** As written in the language; long lists are cut. */
export function formatValue(value: Value, depth = 3): string {
  if (typeof value === "number" || isExact(value)) return formatExact(value);
  if (value instanceof Poly) return formatQuantity(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
  if (value instanceof Range) return `${value.from}..${value.to}`;
  if (value instanceof Named) return value.name;
  if (value instanceof Undecided) return `a condition on ${value.sizes.join(" and ")}`;
  if (depth === 0) return "[…]";
  const shown = value.slice(0, shownItems).map((item) => formatValue(item, depth - 1));
  return `[${shown.join(", ")}${value.length > shownItems ? ", …" : ""}]`;
}

export function isQuantity(value: Value): value is Quantity {
  return isExact(value) || value instanceof Poly;
}

export type Sequence = readonly Value[] | Range;

export function isSequence(value: Value): value is Sequence {
  return value instanceof Range || Array.isArray(value);
}

/** The caller keeps `index` within 0 … length − 1. */
export function itemAt(sequence: Sequence, index: number): Value {
  if (sequence instanceof Range) return sequence.from + index;
  return sequence[index] as Value;
}
