import fc from "fast-check";
import type { Exact } from "../../src/compiler/number.ts";
import {
  type Assumptions,
  add,
  ceil,
  divide,
  floor,
  formatQuantity,
  modulo,
  multiply,
  negate,
  Poly,
  type Quantity,
  type SymbolFacts,
  substitute,
  subtract,
  symbol,
} from "../../src/compiler/symbolic.ts";
import {
  ceilOf,
  type Fraction,
  floorOf,
  fraction,
  minus,
  over,
  plus,
  remainderOf,
  times,
  toExact,
} from "./fraction.ts";

/** A formula as a program would write it, before either arithmetic has seen it. */
export type Expression =
  | { readonly kind: "size"; readonly name: string }
  | { readonly kind: "number"; readonly value: Fraction }
  | { readonly kind: "add" | "subtract" | "multiply"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "negate" | "floor" | "ceil"; readonly of: Expression }
  | { readonly kind: "divide" | "modulo"; readonly of: Expression; readonly by: Fraction }
  | {
      readonly kind: "window";
      readonly of: Expression;
      readonly kernel: number;
      readonly stride: number;
      readonly pad: number;
    };

export type Sizes = ReadonlyMap<string, number>;

export const names = ["H", "W"] as const;

/** In the arithmetic under test. */
export function build(expression: Expression, given: Assumptions): Quantity {
  const inner = (part: Expression) => build(part, given);
  switch (expression.kind) {
    case "size":
      return symbol(expression.name);
    case "number":
      return toExact(expression.value);
    case "add":
      return add(inner(expression.left), inner(expression.right));
    case "subtract":
      return subtract(inner(expression.left), inner(expression.right));
    case "multiply":
      return multiply(inner(expression.left), inner(expression.right));
    case "negate":
      return negate(inner(expression.of));
    case "floor":
      return floor(inner(expression.of), given);
    case "ceil":
      return ceil(inner(expression.of), given);
    case "divide":
      return divide(inner(expression.of), toExact(expression.by));
    case "modulo":
      return modulo(inner(expression.of), toExact(expression.by), given);
    case "window":
      return slide(inner(expression.of), expression, given);
  }
}

/** In plain fractions. */
export function evaluate(expression: Expression, sizes: Sizes): Fraction {
  const inner = (part: Expression) => evaluate(part, sizes);
  switch (expression.kind) {
    case "size":
      return fraction(sizes.get(expression.name) ?? Number.NaN);
    case "number":
      return expression.value;
    case "add":
      return plus(inner(expression.left), inner(expression.right));
    case "subtract":
      return minus(inner(expression.left), inner(expression.right));
    case "multiply":
      return times(inner(expression.left), inner(expression.right));
    case "negate":
      return minus(fraction(0), inner(expression.of));
    case "floor":
      return floorOf(inner(expression.of));
    case "ceil":
      return ceilOf(inner(expression.of));
    case "divide":
      return over(inner(expression.of), expression.by);
    case "modulo":
      return remainderOf(inner(expression.of), expression.by);
    case "window": {
      const room = plus(inner(expression.of), fraction(2 * expression.pad - expression.kernel));
      return plus(floorOf(over(room, fraction(expression.stride))), fraction(1));
    }
  }
}

/** The size of what a convolution or pooling makes. */
export function slide(
  size: Quantity,
  { kernel, stride, pad }: { readonly kernel: number; readonly stride: number; readonly pad: number },
  given: Assumptions,
): Quantity {
  return add(floor(divide(add(size, 2 * pad - kernel), stride), given), 1);
}

const constants = fc
  .tuple(fc.integer({ min: -9, max: 9 }), fc.constantFrom(1, 1, 1, 2, 3, 4, 6))
  .map(([top, bottom]) => fraction(top, bottom));
const divisors = fc
  .constantFrom(2, 2, 3, 4, 5, 8, -2, -3)
  .chain((top) => fc.constantFrom(fraction(top), fraction(top, 3)));
const windows = fc.record({
  kernel: fc.integer({ min: 1, max: 7 }),
  stride: fc.integer({ min: 1, max: 4 }),
  pad: fc.integer({ min: 0, max: 3 }),
});

/** Formulas of all operations up to the depth, over the given names. */
export function expressions(depth: number, over: readonly string[] = names): fc.Arbitrary<Expression> {
  const size = fc.constantFrom(...over).map((name): Expression => ({ kind: "size", name }));
  const number = constants.map((value): Expression => ({ kind: "number", value }));
  if (depth === 0) return fc.oneof({ weight: 3, arbitrary: size }, { weight: 1, arbitrary: number });
  const of = expressions(depth - 1, over);
  const binary = fc.constantFrom("add", "subtract", "multiply");
  return fc.oneof(
    { weight: 1, arbitrary: size },
    { weight: 5, arbitrary: fc.record({ kind: binary, left: of, right: of }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("floor", "ceil"), of: divided(of) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("negate"), of }) },
    { weight: 1, arbitrary: divided(of) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("modulo"), of, by: divisors }) },
    {
      weight: 3,
      arbitrary: fc.tuple(of, windows).map(([inner, window]): Expression => ({ kind: "window", of: inner, ...window })),
    },
  );
}

/** Sizes as a chain of layers makes them: windows, enlargements and shifts, one after another. */
export function chains(length: number): fc.Arbitrary<Expression> {
  const start: Expression = { kind: "size", name: "H" };
  return fc.array(steps, { maxLength: length }).map((all) => all.reduce<Expression>((of, step) => step(of), start));
}

type Step = (of: Expression) => Expression;

const steps: fc.Arbitrary<Step> = fc.oneof(
  windows.map(
    (window): Step =>
      (of) => ({ kind: "window", of, ...window }),
  ),
  fc.constantFrom(2, 3).map(
    (by): Step =>
      (of) => ({ kind: "multiply", left: number(by), right: of }),
  ),
  fc.integer({ min: -3, max: 3 }).map(
    (by): Step =>
      (of) => ({ kind: "add", left: of, right: number(by) }),
  ),
);

function number(value: number): Expression {
  return { kind: "number", value: fraction(value) };
}

function divided(of: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc.record({ kind: fc.constant("divide"), of, by: divisors });
}

/** Facts that some size meets, for each name; none for some. */
export const assumptions: fc.Arbitrary<Assumptions> = fc
  .tuple(...names.map((name) => fc.option(facts().map((known) => [name, known] as const))))
  .map((entries) => ({ symbols: new Map(entries.filter((entry) => entry !== null)) }));

function facts(): fc.Arbitrary<SymbolFacts> {
  return fc
    .record({
      divisor: fc.constantFrom(1, 1, 2, 3, 4, 6, 8),
      atLeast: fc.integer({ min: 1, max: 20 }),
      room: fc.option(fc.integer({ min: 0, max: 40 })),
    })
    .map(({ divisor, atLeast, room }) => ({
      divisor,
      atLeast,
      atMost: room === null ? null : atLeast + divisor - 1 + room,
    }));
}

/** The n-th size that meets the facts, counted round where they end. */
export function sizeMeeting(name: string, n: number, { symbols }: Assumptions): number {
  const { divisor, atLeast, atMost } = symbols.get(name) ?? { divisor: 1, atLeast: 1, atMost: null };
  const least = Math.ceil(atLeast / divisor) * divisor;
  const count = atMost === null ? Infinity : Math.floor((atMost - least) / divisor) + 1;
  return least + divisor * (n % count);
}

export function sizesMeeting(given: Assumptions, [h, w]: readonly [number, number]): Sizes {
  return new Map([
    ["H", sizeMeeting("H", h, given)],
    ["W", sizeMeeting("W", w, given)],
  ]);
}

/** What the quantity is worth at sizes for all its symbols. */
export function worth(a: Quantity, sizes: Sizes): Exact {
  const value = substitute(a, sizes);
  if (value instanceof Poly) throw new Error(`${formatQuantity(value)} still depends on a size`);
  return value;
}

export function powers(base: Quantity, exponent: number): Quantity {
  let result: Quantity = 1;
  for (let i = 0; i < exponent; i++) result = multiply(result, base);
  return result;
}
