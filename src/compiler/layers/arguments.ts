import type { Expr } from "../ast/expressions.ts";
import type { Related } from "../diagnostics.ts";
import type { Padding, Pair } from "../ir.ts";
import { compareExact, type Exact, isWholeExact, toDouble } from "../number.ts";
import { asQuantity, reportNotWhole, typeError } from "../operand.ts";
import type { Session } from "../session.ts";
import type { Span } from "../source.ts";
import { Poly } from "../symbolic.ts";
import {
  formatValue,
  isQuantity,
  isSequence,
  itemAt,
  Named,
  Range,
  type Unknown,
  unknown,
  type Value,
} from "../value.ts";

/** One argument of a layer: what it takes and what it means when left out. */
export interface Argument<T> {
  readonly doc: string;
  /** In words, for help and messages: "a whole number of at least 1". */
  readonly takes: string;
  /** Null: the argument must be given, and may be given by position. */
  readonly default: { readonly value: T; readonly shown: string } | null;
  /** `value` as a T; reports what does not fit. `role` is "the stride of conv". */
  read(value: Value, at: Reading): T | Unknown;
}

export interface Reading {
  readonly span: Span;
  readonly role: string;
  readonly session: Session;
  /** The expression behind the name that stands here; null where none is behind it. */
  readonly origin: Expr | null;
}

/** A padding as declared; `half` and `same` are resolved by the layer, which knows kernel and input. */
export type PaddingValue = Padding | "half" | "same";

/** The same argument, with a default. `shown` is how help prints it. */
export function optional<T, const D>(argument: Argument<T>, value: D, shown: string): Argument<T | D> {
  return { ...argument, default: { value, shown } };
}

export function count(doc: string): Argument<number> {
  return whole(doc, 1);
}

/** A whole number of at least `least`. */
export function whole(doc: string, least: number): Argument<number> {
  return {
    doc,
    takes: `a whole number of at least ${least}`,
    default: null,
    read: (value, at) => readWhole(value, least, at),
  };
}

/** `[height, width]`, `3x3` or one number for both. */
export function size(doc: string, least = 1): Argument<Pair> {
  return {
    doc,
    takes: "a size such as 3x3, or one number for both",
    default: null,
    read(value, at) {
      if (!isSequence(value)) {
        if (!isQuantity(value)) return typeError(value, at.span, this.takes, at.role, at.session);
        const both = readWhole(value, least, at);
        return both === unknown ? unknown : [both, both];
      }
      const numbers = readWholes(value, [2], least, at, "a size of two numbers, height and width");
      return numbers === unknown ? unknown : [numbers[0] as number, numbers[1] as number];
    },
  };
}

/** A number that ends up as float32 or float64 in the model. */
export function real(doc: string, range: { least?: number; above?: number; most?: number } = {}): Argument<number> {
  const takes = describeRange(range);
  return {
    doc,
    takes,
    default: null,
    read(value, at) {
      const quantity = asQuantity(value, at.span, at.role, at.session);
      if (quantity === unknown) return unknown;
      if (quantity instanceof Poly) return at.session.needsSizes([quantity], at.span, at.role);
      at.session.burnLength(quantity, at.span);
      const { least, above, most } = range;
      const fits =
        (least === undefined || compareExact(quantity, least) >= 0) &&
        (above === undefined || compareExact(quantity, above) > 0) &&
        (most === undefined || compareExact(quantity, most) <= 0);
      const double = toDouble(quantity);
      if (fits && fitsFloat32(double, quantity)) return double;
      const wanted = fits ? "a number that a float32 can hold" : takes;
      const facts = { role: at.role, takes: wanted, value: formatValue(value) };
      at.session.report("argument-range", at.span, facts, { related: givenAt(at) });
      return unknown;
    },
  };
}

/** Attributes of ONNX are float32: beyond it a number would become infinite or 0. */
function fitsFloat32(double: number, quantity: Exact): boolean {
  const single = Math.fround(double);
  return Number.isFinite(single) && (single !== 0 || quantity === 0);
}

/** A number whose exact value counts, such as θ of ⌊θ·m⌋. */
export function exact(doc: string): Argument<Exact> {
  return {
    doc,
    takes: "a number",
    default: null,
    read(value, at) {
      const quantity = asQuantity(value, at.span, at.role, at.session);
      return quantity instanceof Poly ? at.session.needsSizes([quantity], at.span, at.role) : quantity;
    },
  };
}

export function flag(doc: string): Argument<boolean> {
  return {
    doc,
    takes: "true or false",
    default: null,
    read: (value, at) =>
      typeof value === "boolean" ? value : typeError(value, at.span, "true or false", at.role, at.session),
  };
}

/** The padding of a window, which may hang on its kernel and stride. */
export function padding(doc: string): Argument<PaddingValue> {
  const takes = "a number, [y, x], [top, left, bottom, right], half or same";
  return {
    doc,
    takes,
    default: null,
    read: (value, at) => (value instanceof Named ? value.name : readSides(value, takes, at)),
  };
}

/** Pixels on each side. */
export function sides(doc: string): Argument<Padding> {
  const takes = "a number, [y, x] or [top, left, bottom, right]";
  return { doc, takes, default: null, read: (value, at) => readSides(value, takes, at) };
}

function readSides(value: Value, takes: string, at: Reading): Padding | Unknown {
  if (!isSequence(value)) {
    if (!isQuantity(value)) return typeError(value, at.span, takes, at.role, at.session);
    const all = readWhole(value, 0, at);
    return all === unknown ? unknown : [all, all, all, all];
  }
  const numbers = readWholes(value, [2, 4], 0, at, takes);
  if (numbers === unknown) return unknown;
  const [a, b, c, d] = numbers as [number, number, number, number];
  return numbers.length === 2 ? [a, b, a, b] : [a, b, c, d];
}

/** Channels to add: a number at the end, or [before, after]. */
export function channelPadding(doc: string): Argument<Pair> {
  return {
    doc,
    takes: "a number, for the end, or [before, after]",
    default: null,
    read(value, at) {
      if (!isSequence(value)) {
        const after = readWhole(value, 0, at);
        return after === unknown ? unknown : [0, after];
      }
      const numbers = readWholes(value, [2], 0, at, "a number, or [before, after]");
      return numbers === unknown ? unknown : [numbers[0] as number, numbers[1] as number];
    },
  };
}

export function range(doc: string): Argument<Range> {
  return {
    doc,
    takes: "a range such as 0..32",
    default: null,
    read: (value, at) =>
      value instanceof Range ? value : typeError(value, at.span, "a range such as 0..32", at.role, at.session),
  };
}

function readWholes(
  list: readonly Value[] | Range,
  lengths: readonly number[],
  least: number,
  at: Reading,
  wanted: string,
): readonly number[] | Unknown {
  if (!lengths.includes(list.length)) return typeError(list, at.span, wanted, at.role, at.session);
  const numbers: number[] = [];
  for (let i = 0; i < list.length; i++) {
    const number = readWhole(itemAt(list, i), least, at);
    if (number === unknown) return unknown;
    numbers.push(number);
  }
  return numbers;
}

function readWhole(value: Value, least: number, at: Reading): number | Unknown {
  const quantity = asQuantity(value, at.span, at.role, at.session);
  if (quantity === unknown) return unknown;
  if (quantity instanceof Poly) return at.session.needsSizes([quantity], at.span, at.role);
  if (!isWholeExact(quantity)) return reportNotWhole(quantity, at.span, at.role, at.origin, at.session);
  if (typeof quantity !== "number" || quantity > largestSize) {
    at.session.report("too-large", at.span, { role: at.role, value: formatValue(value) }, { related: givenAt(at) });
    return unknown;
  }
  if (quantity >= least) return quantity;
  const facts = { role: at.role, takes: `a whole number of at least ${least}`, value: formatValue(value) };
  at.session.report("argument-range", at.span, facts, { related: givenAt(at) });
  return unknown;
}

/** Where the value comes from that a name stands for. */
function givenAt({ origin }: Reading): readonly Related[] {
  return origin ? [{ span: origin.span, message: "the value comes from here" }] : [];
}

/** ONNX Runtime keeps the sizes of kernels, strides and pads in 32 bits. */
const largestSize = 2 ** 31 - 1;

function describeRange(range: { least?: number; above?: number; most?: number }): string {
  const lower =
    range.above !== undefined ? `above ${range.above}` : range.least !== undefined ? `at least ${range.least}` : "";
  const upper = range.most !== undefined ? `at most ${range.most}` : "";
  const bounds = [lower, upper].filter((one) => one !== "").join(" and ");
  return bounds === "" ? "a number" : `a number of ${bounds}`.replace("of above", "above");
}
