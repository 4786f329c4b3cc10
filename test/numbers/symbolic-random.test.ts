import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LimitExceeded } from "../../src/compiler/limits.ts";
import { compareExact, isExact, toDouble } from "../../src/compiler/number.ts";
import {
  type Assumptions,
  add,
  bounds,
  compare,
  divide,
  floor,
  formatQuantity,
  isWhole,
  multiply,
  noAssumptions,
  Poly,
  type Quantity,
  type Relation,
  sameQuantity,
  simplify,
  sizeName,
  substitute,
  subtract,
  symbolsOf,
} from "../../src/compiler/symbolic.ts";
import { deep } from "../deep.ts";
import {
  assumptions,
  build,
  chains,
  type Expression,
  evaluate,
  expressions,
  sizesMeeting,
  worth,
} from "./expression.ts";
import { fromExact, isWholeFraction, order, toExact } from "./fraction.ts";

const runs = deep ? 10_000 : 400;
const samples = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 8, maxLength: 8 });

/** Discards formulas too large to hold. */
function tryBuild(expression: Expression, given: Assumptions): Quantity {
  try {
    return build(expression, given);
  } catch (error) {
    if (error instanceof LimitExceeded) fc.pre(false);
    throw error;
  }
}

describe("random formulas", () => {
  it("are worth what plain fractions say, before and after simplifying", () => {
    fc.assert(
      fc.property(expressions(4), assumptions, samples, (expression, given, points) => {
        const quantity = tryBuild(expression, given);
        const simplified = simplify(tryBuild(expression, noAssumptions), given);
        for (const point of points) {
          const sizes = sizesMeeting(given, point);
          const expected = evaluate(expression, sizes);
          expect(order(fromExact(worth(quantity, sizes)), expected)).toBe(0);
          expect(order(fromExact(worth(simplified, sizes)), expected)).toBe(0);
        }
      }),
      { numRuns: runs },
    );
  });

  it("take sizes one after another", () => {
    fc.assert(
      fc.property(expressions(4), samples, (expression, points) => {
        const quantity = tryBuild(expression, noAssumptions);
        for (const point of points) {
          const sizes = sizesMeeting(noAssumptions, point);
          const half = substitute(quantity, new Map([["H", sizes.get("H") ?? 0]]));
          expect(symbolsOf(half).has("H")).toBe(false);
          expect(compareExact(worth(half, sizes), worth(quantity, sizes))).toBe(0);
        }
      }),
      { numRuns: runs },
    );
  });

  it("have one form: never constant, terms in order, stable when simplified or put together again", () => {
    fc.assert(
      fc.property(expressions(4), assumptions, (expression, given) => {
        const quantity = tryBuild(expression, given);
        expect(quantity instanceof Poly).toBe(!isExact(quantity));
        if (!(quantity instanceof Poly)) return;
        expect(symbolsOf(quantity).size).toBeGreaterThan(0);
        expect(quantity.terms.every(({ coefficient }) => coefficient !== 0)).toBe(true);
        expect(sameQuantity(simplify(quantity, given), quantity)).toBe(true);
        expect(sameQuantity(add(subtract(quantity, 7), 7), quantity)).toBe(true);
        expect(sameQuantity(divide(multiply(quantity, 6), 6), quantity)).toBe(true);
        expect(subtract(quantity, quantity)).toBe(0);
      }),
      { numRuns: runs },
    );
  });

  it("are written differently where they are different", () => {
    fc.assert(
      fc.property(expressions(3), expressions(3), (left, right) => {
        const [a, b] = [tryBuild(left, noAssumptions), tryBuild(right, noAssumptions)];
        expect(formatQuantity(a) === formatQuantity(b)).toBe(sameQuantity(a, b));
        expect(sizeName(a) === sizeName(b)).toBe(sameQuantity(a, b));
        expect(/^[ -~]+$/.test(sizeName(a))).toBe(true);
      }),
      { numRuns: runs },
    );
  });
});

describe("what is proved of random formulas holds", () => {
  it("that they are whole", () => {
    fc.assert(
      fc.property(expressions(3), assumptions, samples, (expression, given, points) => {
        const quantity = tryBuild(expression, given);
        if (!isWhole(quantity, given)) return;
        for (const point of points)
          expect(isWholeFraction(evaluate(expression, sizesMeeting(given, point)))).toBe(true);
        expect(compare(floor(quantity, given), quantity, given)).toBe("equal");
      }),
      { numRuns: runs },
    );
  });

  it("that they lie between bounds", () => {
    fc.assert(
      fc.property(expressions(3), assumptions, samples, (expression, given, points) => {
        const { least, most } = bounds(tryBuild(expression, given), given);
        for (const point of points) {
          const value = evaluate(expression, sizesMeeting(given, point));
          if (least !== null) expect(order(value, fromExact(least))).toBeGreaterThanOrEqual(0);
          if (most !== null) expect(order(value, fromExact(most))).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: runs },
    );
  });

  it("that one is less, equal or greater", () => {
    const pairs = fc.oneof(
      fc.tuple(expressions(3), expressions(3)),
      fc.tuple(chains(4), chains(4)),
      fc.tuple(expressions(2), fc.integer({ min: -2, max: 2 })).map(([left, by]) => [left, shifted(left, by)] as const),
    );
    fc.assert(
      fc.property(pairs, assumptions, samples, ([left, right], given, points) => {
        const relation = compare(tryBuild(left, given), tryBuild(right, given), given);
        for (const point of points) {
          const sizes = sizesMeeting(given, point);
          expect(allowed[relation]).toContain(order(evaluate(left, sizes), evaluate(right, sizes)));
        }
      }),
      { numRuns: runs * 2 },
    );
  });

  it("and of chains of layers the strongest relation and the nearest bounds are found", () => {
    fc.assert(
      fc.property(chains(3), chains(3), assumptions, (left, right, given) => {
        const sizes = Array.from({ length: 600 }, (_, n) => sizesMeeting(given, [n, 0]));
        const signs = new Set(sizes.map((each) => order(evaluate(left, each), evaluate(right, each))));
        const quantity = build(left, given);
        const relation = compare(quantity, build(right, given), given);
        expect([...signs].sort()).toEqual([...allowed[relation]].sort());
        const values = sizes.map((each) => toDouble(toExact(evaluate(left, each))));
        const { least, most } = bounds(quantity, given);
        expect(least).toBe(Math.min(...values));
        expect(most).toBe(
          (given.symbols.get("H")?.atMost ?? null) === null && !isExact(quantity) ? null : Math.max(...values),
        );
      }),
      { numRuns: runs / 2 },
    );
  });
});

const allowed: Readonly<Record<Relation, readonly number[]>> = {
  less: [-1],
  equal: [0],
  greater: [1],
  "at-most": [-1, 0],
  "at-least": [0, 1],
  unequal: [-1, 1],
  unknown: [-1, 0, 1],
};

/** Equal but for `by`, and reached along another way. */
function shifted(of: Expression, by: number): Expression {
  const opposite: Expression = { kind: "floor", of: { kind: "negate", of } };
  const sum: Expression = {
    kind: "add",
    left: { kind: "negate", of: opposite },
    right: { kind: "subtract", left: of, right: { kind: "ceil", of } },
  };
  return { kind: "add", left: sum, right: { kind: "number", value: { top: BigInt(by), bottom: 1n } } };
}
