import { describe, expect, it } from "vitest";
import { LimitExceeded } from "../../src/compiler/limits.ts";
import { ratio } from "../../src/compiler/number.ts";
import {
  type Assumptions,
  add,
  bounds,
  ceil,
  compare,
  divide,
  floor,
  formatQuantity,
  isWhole,
  largestPoly,
  modulo,
  multiply,
  negate,
  noAssumptions,
  Poly,
  type Quantity,
  sameQuantity,
  simplify,
  substitute,
  subtract,
  symbol,
  symbolsOf,
} from "../../src/compiler/symbolic.ts";
import { powers, slide } from "./expression.ts";

const [H, W] = [symbol("H"), symbol("W")];
const half = ratio(1n, 2n);
const by8 = knowing({ divisor: 8 });

function knowing(facts: { divisor?: number; atLeast?: number; atMost?: number | null }): Assumptions {
  const known = { divisor: 1, atLeast: 1, atMost: null, ...facts };
  return {
    symbols: new Map([
      ["H", known],
      ["W", known],
    ]),
  };
}

/** Applies windows of [kernel, stride, pad] one after another. */
function through(
  size: Quantity,
  windows: readonly (readonly [number, number, number])[],
  given = noAssumptions,
): Quantity {
  return windows.reduce((of, [kernel, stride, pad]) => slide(of, { kernel, stride, pad }, given), size);
}

/** Of a transposed convolution without output padding. */
function unslide(size: Quantity, kernel: number, stride: number, pad: number): Quantity {
  return add(multiply(subtract(size, 1), stride), kernel - 2 * pad);
}

describe("sizes of networks", () => {
  it("halve five times in ResNet", () => {
    const stem = through(H, [
      [7, 2, 3],
      [3, 2, 1],
    ]);
    expect(formatQuantity(stem)).toBe("⌊(H + 3)/4⌋");
    expect(formatQuantity(through(H, [[7, 2, 3]]))).toBe("⌊(H + 1)/2⌋");
    const last = through(stem, [
      [3, 2, 1],
      [3, 2, 1],
      [3, 2, 1],
    ]);
    expect(formatQuantity(last)).toBe("⌊(H + 31)/32⌋");
    expect(substitute(last, new Map([["H", 224]]))).toBe(7);
    expect(sameQuantity(through(stem, [[3, 1, 1]]), stem)).toBe(true);
    expect(sameQuantity(through(stem, [[1, 2, 0]]), through(stem, [[3, 2, 1]]))).toBe(true);
  });

  it("halve five times in DenseNet, rounding down from the pools on", () => {
    const stem = through(H, [
      [7, 2, 3],
      [3, 2, 1],
    ]);
    const last = through(stem, [
      [2, 2, 0],
      [2, 2, 0],
      [2, 2, 0],
    ]);
    expect(formatQuantity(through(stem, [[2, 2, 0]]))).toBe("⌊(H + 3)/8⌋");
    expect(formatQuantity(last)).toBe("⌊(H + 3)/32⌋");
    expect(bounds(last, knowing({ atLeast: 29 }))).toEqual({ least: 1, most: null });
    expect(compare(last, 1, knowing({ atLeast: 29 }))).toBe("at-least");
    expect(compare(last, 1, noAssumptions)).toBe("unknown");
    expect(
      formatQuantity(
        through(
          H,
          [
            [7, 2, 3],
            [3, 2, 1],
            [2, 2, 0],
          ],
          by8,
        ),
      ),
    ).toBe("H/8");
  });

  it("come back up in Tiramisu where three halvings divide", () => {
    const down = through(
      H,
      [
        [2, 2, 0],
        [2, 2, 0],
        [2, 2, 0],
      ],
      by8,
    );
    expect(formatQuantity(down)).toBe("H/8");
    const up = unslide(unslide(unslide(down, 4, 2, 1), 4, 2, 1), 4, 2, 1);
    expect(sameQuantity(up, H)).toBe(true);
    expect(compare(up, H, by8)).toBe("equal");
  });

  it("do not come back up where nothing says that they divide", () => {
    const down = through(H, [
      [2, 2, 0],
      [2, 2, 0],
      [2, 2, 0],
    ]);
    const up = unslide(unslide(unslide(down, 4, 2, 1), 4, 2, 1), 4, 2, 1);
    expect(formatQuantity(up)).toBe("8·⌊H/8⌋");
    expect(compare(up, H, noAssumptions)).toBe("at-most");
    expect(compare(up, add(H, 1), noAssumptions)).toBe("less");
    expect(compare(H, up, by8)).toBe("equal");
    expect(formatQuantity(simplify(up, by8))).toBe("H");
    expect(compare(up, H, knowing({ divisor: 4 }))).toBe("at-most");
  });

  it("are those of one layer where two layers make the same", () => {
    expect(
      sameQuantity(
        through(H, [
          [1, 2, 0],
          [1, 2, 0],
        ]),
        through(H, [[1, 4, 0]]),
      ),
    ).toBe(true);
    expect(
      sameQuantity(
        through(H, [
          [2, 2, 0],
          [3, 3, 0],
        ]),
        through(H, [[6, 6, 0]]),
      ),
    ).toBe(true);
    expect(sameQuantity(through(H, [[3, 2, 0]]), through(H, [[3, 2, 1]]))).toBe(false);
    expect(compare(through(H, [[3, 2, 0]]), through(H, [[3, 2, 1]]), noAssumptions)).toBe("less");
  });
});

describe("floors", () => {
  const floorBare = (a: Quantity) => floor(a, noAssumptions);

  it("let out whatever is whole", () => {
    expect(formatQuantity(add(floorBare(divide(subtract(H, 1), 2)), 1))).toBe("⌊(H + 1)/2⌋");
    expect(formatQuantity(floor(divide(subtract(H, 1), 2), by8))).toBe("H/2 − 1");
    expect(formatQuantity(floorBare(divide(multiply(H, 5), 3)))).toBe("H + ⌊2·H/3⌋");
    expect(formatQuantity(floorBare(add(divide(H, 2), ratio(1n, 4n))))).toBe("⌊H/2⌋");
    expect(formatQuantity(floorBare(add(H, half)))).toBe("H");
    expect(formatQuantity(floor(divide(add(H, 1), 16), by8))).toBe("⌊H/16⌋");
    expect(formatQuantity(floorBare(divide(multiply(H, add(H, 1)), 2)))).toBe("H²/2 + H/2");
    expect(formatQuantity(floorBare(divide(add(multiply(H, add(H, 1)), 1), 2)))).toBe("H²/2 + H/2");
  });

  it("know what a product is divisible by", () => {
    const even = { symbols: new Map([["H", { divisor: 2, atLeast: 1, atMost: null }]]) };
    expect(formatQuantity(floor(divide(multiply(H, W), 2), even))).toBe("H·W/2");
    expect(formatQuantity(floor(divide(multiply(H, H), 4), even))).toBe("H²/4");
    expect(formatQuantity(floor(divide(multiply(H, W), 4), even))).toBe("⌊H·W/4⌋");
    expect(formatQuantity(floor(divide(multiply(H, W), 64), by8))).toBe("H·W/64");
    expect(isWhole(divide(multiply(H, W), 4), even)).toBe(false);
    expect(isWhole(divide(multiply(H, add(W, W)), 4), even)).toBe(true);
  });

  it("turn round under a minus", () => {
    expect(formatQuantity(floorBare(divide(H, -2)))).toBe("−⌊(H + 1)/2⌋");
    expect(formatQuantity(ceil(divide(H, 2), noAssumptions))).toBe("⌊(H + 1)/2⌋");
    expect(formatQuantity(ceil(divide(H, 3), noAssumptions))).toBe("⌊(H + 2)/3⌋");
    expect(formatQuantity(floorBare(divide(subtract(5, H), 2)))).toBe("−⌊H/2⌋ + 2");
    expect(formatQuantity(modulo(H, 2, noAssumptions))).toBe("H − 2·⌊H/2⌋");
    expect(modulo(H, 4, by8)).toBe(0);
    expect(bounds(modulo(H, -4, noAssumptions), noAssumptions)).toEqual({ least: -3, most: 0 });
  });

  it("of floors become one", () => {
    const halved = floorBare(divide(H, 2));
    expect(formatQuantity(floorBare(divide(halved, 2)))).toBe("⌊H/4⌋");
    expect(formatQuantity(floorBare(divide(add(halved, H), 3)))).toBe("⌊H/2⌋");
    expect(formatQuantity(floorBare(divide(subtract(W, halved), 2)))).toBe("−⌊(H + 2·W + 2)/4⌋ + W");
    expect(formatQuantity(floorBare(divide(multiply(halved, 3), 2)))).toBe("⌊H/2⌋ + ⌊H/4⌋");
    expect(formatQuantity(floorBare(divide(multiply(halved, 2), 3)))).toBe("⌊2·⌊H/2⌋/3⌋");
  });

  it("are taken apart by remainders to compare", () => {
    const [down, up] = [floorBare(divide(H, 2)), ceil(divide(H, 2), noAssumptions)];
    expect(compare(add(down, up), H, noAssumptions)).toBe("equal");
    expect(
      compare(floorBare(divide(multiply(H, 2), 3)), subtract(H, ceil(divide(H, 3), noAssumptions)), noAssumptions),
    ).toBe("equal");
    expect(compare(multiply(2, down), add(multiply(2, up), 1), noAssumptions)).toBe("less");
    expect(compare(multiply(3, down), H, noAssumptions)).toBe("unknown");
    expect(compare(multiply(3, down), H, knowing({ atLeast: 2 }))).toBe("at-least");
    const corners = multiply(modulo(H, 2, noAssumptions), modulo(W, 2, noAssumptions));
    expect(compare(corners, 1, noAssumptions)).toBe("at-most");
    const remainders = add(modulo(H, 2, noAssumptions), modulo(add(H, 1), 2, noAssumptions));
    expect(bounds(remainders, noAssumptions)).toEqual({ least: 1, most: 1 });
    expect(bounds(corners, noAssumptions)).toEqual({ least: 0, most: 1 });
    expect(isWhole(divide(add(modulo(H, 3, noAssumptions), multiply(2, H)), 3), noAssumptions)).toBe(true);
  });
});

describe("compare", () => {
  it.each([
    ["less", 3, 5],
    ["greater", ratio(1n, 2n), ratio(1n, 3n)],
    ["greater", H, 0],
    ["at-least", H, 1],
    ["at-most", 1, H],
    ["unknown", H, W],
    ["unknown", H, 224],
    ["greater", H, half],
    ["unequal", H, ratio(7n, 2n)],
    ["unequal", multiply(2, H), add(multiply(2, W), 1)],
    ["unknown", multiply(H, W), add(H, W)],
    ["at-least", add(multiply(H, W), 1), add(H, W)],
    ["at-least", multiply(H, H), H],
    ["greater", multiply(H, multiply(H, H)), subtract(H, 1)],
    ["unknown", multiply(subtract(H, W), subtract(H, W)), -1],
  ] as const)("case %#: %s", (relation, a, b) => {
    expect(compare(a, b, noAssumptions)).toBe(relation);
  });

  it("uses what is known of the sizes", () => {
    expect(compare(H, 32, knowing({ atLeast: 32 }))).toBe("at-least");
    expect(compare(H, 32, knowing({ atLeast: 33 }))).toBe("greater");
    expect(compare(H, 33, knowing({ divisor: 8, atLeast: 33 }))).toBe("greater");
    expect(compare(H, 36, by8)).toBe("unequal");
    expect(compare(H, 224, knowing({ atLeast: 224, atMost: 224 }))).toBe("equal");
    expect(compare(subtract(H, W), 10, knowing({ atLeast: 5, atMost: 15 }))).toBe("at-most");
    expect(bounds(subtract(multiply(H, W), H), knowing({ atLeast: 5, atMost: 15 }))).toEqual({ least: 20, most: 210 });
    expect(bounds(H, knowing({ divisor: 8, atLeast: 9, atMost: 31 }))).toEqual({ least: 16, most: 24 });
  });

  it("answers for facts that no size meets, and for sums too large to work out", () => {
    const impossible = knowing({ divisor: 8, atLeast: 9, atMost: 15 });
    expect(typeof compare(H, floor(divide(W, 3), impossible), impossible)).toBe("string");
    const large = powers(add(add(H, W), symbol("D")), 10);
    expect(compare(multiply(large, 3), negate(large), noAssumptions)).toBe("greater");
    expect(["greater", "unknown"]).toContain(compare(floor(divide(large, 7), noAssumptions), -1, noAssumptions));
  });
});

describe("polynomials", () => {
  it("are numbers where nothing depends on a size", () => {
    expect(subtract(add(H, 3), H)).toBe(3);
    expect(multiply(H, 0)).toBe(0);
    expect(subtract(multiply(H, W), multiply(W, H))).toBe(0);
    expect(substitute(floor(divide(H, 2), noAssumptions), new Map([["H", 7]]))).toBe(3);
    expect(add(half, half)).toBe(1);
    expect(add(H, 0) instanceof Poly).toBe(true);
    expect([...symbolsOf(multiply(floor(divide(H, 2), noAssumptions), W))]).toEqual(["H", "W"]);
    expect(symbolsOf(5).size).toBe(0);
  });

  it("multiply out", () => {
    expect(formatQuantity(multiply(add(H, W), subtract(H, W)))).toBe("H² − W²");
    expect(formatQuantity(powers(add(H, 1), 3))).toBe("H³ + 3·H² + 3·H + 1");
  });

  it("stay within the limits", () => {
    expect(() => powers(add(add(H, W), symbol("D")), 50)).toThrow(LimitExceeded);
    expect(() => powers(H, 101)).toThrow(LimitExceeded);
    expect(() => multiply(H, ratio(2n ** 20_000n, 1n))).toThrow(LimitExceeded);
    const nested = () => {
      let size: Quantity = H;
      for (let i = 0; i < 40; i++) size = floor(divide(add(multiply(size, H), size), 3), noAssumptions);
      return size;
    };
    expect(nested).toThrow(LimitExceeded);
    const product = powers(add(add(H, W), 1), 12);
    expect(product instanceof Poly && product.size).toBe(91);
    expect(largestPoly).toBe(1000);
  });
});
