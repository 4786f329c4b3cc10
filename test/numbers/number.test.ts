import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addExact,
  bitLength,
  bitsOf,
  ceilExact,
  compareExact,
  denominatorOf,
  divideExact,
  type Exact,
  equalExact,
  floorExact,
  formatExact,
  greatestCommonDivisor,
  isExact,
  isWholeExact,
  leastCommonMultiple,
  moduloExact,
  multiplyExact,
  negateExact,
  numeratorOf,
  powerExact,
  Ratio,
  ratio,
  subtractExact,
  toDouble,
} from "../../src/compiler/number.ts";
import {
  ceilOf,
  type Fraction,
  floorOf,
  fraction,
  fromExact,
  isWholeFraction,
  minus,
  order,
  over,
  plus,
  remainderOf,
  times,
} from "./fraction.ts";

const largest = BigInt(Number.MAX_SAFE_INTEGER);

/** Small ones, ones around the end of the safe numbers, and huge ones. */
const wholes = fc.oneof(
  fc.bigInt(-12n, 12n),
  fc.bigInt(largest - 5n, largest + 5n),
  fc.bigInt(-largest - 5n, -largest + 5n),
  fc.bigInt(-(10n ** 40n), 10n ** 40n),
);
const fractions = fc
  .tuple(wholes, fc.oneof(fc.constant(1n), fc.bigInt(1n, 12n), fc.bigInt(1n, 10n ** 30n)))
  .map(([top, bottom]) => fraction(top, bottom));
const nonZero = fractions.filter(({ top }) => top !== 0n);
const exact = ({ top, bottom }: Fraction) => ratio(top, bottom);

/** The value, after the check that it has the one form it may have. */
function canonical(a: Exact): Fraction {
  if (a instanceof Ratio) {
    expect(a.denominator).toBeGreaterThanOrEqual(1n);
    expect(greatestCommonDivisor(a.numerator, a.denominator)).toBe(1n);
    expect(a.denominator === 1n && a.numerator >= -largest && a.numerator <= largest).toBe(false);
  } else {
    expect(Number.isSafeInteger(a)).toBe(true);
    expect(Object.is(a, -0)).toBe(false);
  }
  return fromExact(a);
}

function agree(actual: Exact, expected: Fraction): void {
  expect(order(canonical(actual), expected)).toBe(0);
}

describe("exact numbers agree with plain fractions", () => {
  it("for the four operations", () => {
    fc.assert(
      fc.property(fractions, fractions, nonZero, (a, b, divisor) => {
        agree(exact(a), a);
        agree(addExact(exact(a), exact(b)), plus(a, b));
        agree(subtractExact(exact(a), exact(b)), minus(a, b));
        agree(multiplyExact(exact(a), exact(b)), times(a, b));
        agree(divideExact(exact(a), exact(divisor)), over(a, divisor));
        agree(negateExact(exact(a)), minus(fraction(0), a));
      }),
      { numRuns: 2000 },
    );
  });

  it("for floor, ceil and the remainder, which has the sign of the divisor", () => {
    fc.assert(
      fc.property(fractions, nonZero, (a, b) => {
        agree(floorExact(exact(a)), floorOf(a));
        agree(ceilExact(exact(a)), ceilOf(a));
        const remainder = moduloExact(exact(a), exact(b));
        agree(remainder, remainderOf(a, b));
        expect(compareExact(remainder, 0) * compareExact(exact(b), 0)).toBeGreaterThanOrEqual(0);
        expect(isWholeExact(exact(a))).toBe(isWholeFraction(a));
      }),
      { numRuns: 2000 },
    );
  });

  it("for order, equality and powers", () => {
    fc.assert(
      fc.property(fractions, fractions, fc.integer({ min: 0, max: 6 }), (a, b, exponent) => {
        expect(Math.sign(compareExact(exact(a), exact(b)))).toBe(order(a, b));
        expect(equalExact(exact(a), exact(b))).toBe(order(a, b) === 0);
        let expected = fraction(1);
        for (let i = 0; i < exponent; i++) expected = times(expected, a);
        agree(powerExact(exact(a), exponent), expected);
        if (a.top !== 0n) agree(powerExact(exact(a), -exponent), over(fraction(1), expected));
      }),
    );
  });
});

describe("exact numbers", () => {
  it("keep the sign rules of floor and remainder", () => {
    const half = ratio(1n, 2n);
    expect([7, -7].map((a) => floorExact(divideExact(a, 2)))).toEqual([3, -4]);
    expect([7, -7].map((a) => ceilExact(divideExact(a, 2)))).toEqual([4, -3]);
    expect([7, -7].flatMap((a) => [moduloExact(a, 3), moduloExact(a, -3)])).toEqual([1, -2, 2, -1]);
    expect([6, -6].flatMap((a) => [moduloExact(a, 3), moduloExact(a, -3)])).toEqual([0, 0, 0, 0]);
    const round = (a: Exact) => floorExact(addExact(a, half));
    expect([ratio(5n, 2n), ratio(-5n, 2n), ratio(-1n, 2n), ratio(7n, 3n)].map(round)).toEqual([3, -2, 0, 2]);
  });

  it("are decimal where doubles are not", () => {
    expect(equalExact(addExact(ratio(1n, 10n), ratio(2n, 10n)), ratio(3n, 10n))).toBe(true);
    expect(floorExact(multiplyExact(ratio(29n, 100n), 100))).toBe(29);
  });

  it("know numerator, denominator and size", () => {
    const seven = ratio(-14n, 10n);
    expect([numeratorOf(seven), denominatorOf(seven), numeratorOf(3), denominatorOf(3)]).toEqual([-7n, 5n, 3n, 1n]);
    expect(ratio(14n, -10n)).toEqual(seven);
    expect([isExact(3), isExact(seven), isExact("3"), isExact(null)]).toEqual([true, true, false, false]);
    fc.assert(
      fc.property(fractions, (a) => {
        const bits = (value: bigint) => (value < 0n ? -value : value).toString(2).length;
        const value = exact(a);
        expect(bitsOf(value)).toBeGreaterThanOrEqual(Math.max(bits(numeratorOf(value)), bits(denominatorOf(value))));
        expect(bitLength(a.top)).toBeGreaterThanOrEqual(bits(a.top));
      }),
    );
  });

  it("have divisors and multiples in common", () => {
    expect([greatestCommonDivisor(-12n, 18n), greatestCommonDivisor(0n, -5n), greatestCommonDivisor(0n, 0n)]).toEqual([
      6n,
      5n,
      0n,
    ]);
    expect([leastCommonMultiple(4n, 6n), leastCommonMultiple(-4n, 6n), leastCommonMultiple(1n, 7n)]).toEqual([
      12n,
      12n,
      7n,
    ]);
  });
});

describe("formatExact", () => {
  it.each([
    ["7.2", ratio(36n, 5n)],
    ["1/3", ratio(1n, 3n)],
    ["-1/3", ratio(-1n, 3n)],
    ["-0.5", ratio(-1n, 2n)],
    ["36/7", ratio(36n, 7n)],
    ["100.5", ratio(201n, 2n)],
    ["10.001", ratio(10_001n, 1000n)],
    ["0", 0],
    ["10", 10],
    ["-100", -100],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
    ["10000000000000000", ratio(10n ** 16n, 1n)],
    ["-100000000000000000000", ratio(-(10n ** 20n), 1n)],
    ["100000000000000000000000", ratio(10n ** 23n, 1n)],
    ["10000000000000000000… (25 digits)", ratio(10n ** 24n, 1n)],
    ["-10000000000000000000… (25 digits)", ratio(-(10n ** 24n), 1n)],
    ["50000000000000000000… (30 digits)", ratio(10n ** 30n + 1n, 2n)],
    ["10000000000000000000… (31 digits)/7", ratio(10n ** 30n, 7n)],
    ["0.00001", ratio(1n, 100_000n)],
    ["0.000001", ratio(1n, 1_000_000n)],
    ["1e-7", ratio(1n, 10_000_000n)],
    ["-1.25e-8", ratio(-125n, 10n ** 10n)],
    ["2.5e-300", ratio(25n, 10n ** 301n)],
    ["0.0009765625", ratio(1n, 1024n)],
    ["1/1152921504606846976", ratio(1n, 2n ** 60n)],
  ] as const)("%s", (text, value) => {
    expect(formatExact(value)).toBe(text);
  });

  it("writes every number of up to twelve decimals so that it reads back", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.integer({ min: 0, max: 12 }), (digits, places) => {
        const value = ratio(digits, 10n ** BigInt(places));
        const text = formatExact(value);
        const [, sign, whole, part = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e-(\d+))?$/.exec(text) ?? [];
        const read = ratio(BigInt(`${sign}${whole}${part}`), 10n ** BigInt(part.length + Number(exponent)));
        expect(equalExact(read, value)).toBe(true);
        expect(/\.\d*0$/.test(text)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe("toDouble", () => {
  const decimals = fc.tuple(fc.bigInt(-(10n ** 25n), 10n ** 25n), fc.integer({ min: -350, max: 310 }));

  it.each([
    "0.1",
    "1e-5",
    "2.5e-300",
    "5e-324",
    "4.9e-324",
    "2.2250738585072014e-308",
    "2.2250738585072011e-308",
    "1.7976931348623157e308",
    "1.7976931348623159e308",
    "9007199254740993",
    "1e23",
    "0.3",
    "123456.789",
  ])("gives what the literal %s gives", (literal) => {
    const [digits = "", exponent = "0"] = literal.split("e");
    const [whole = "", part = ""] = digits.split(".");
    const power = Number(exponent) - part.length;
    expect(toDouble(decimal(BigInt(whole + part), power))).toBe(Number(literal));
    expect(toDouble(negateExact(decimal(BigInt(whole + part), power)))).toBe(-Number(literal));
  });

  it("is the nearest double of any decimal", () => {
    fc.assert(
      fc.property(decimals, ([digits, exponent]) => {
        const expected = Number(`${digits}e${exponent}`);
        expect(toDouble(decimal(digits, exponent))).toBe(digits === 0n ? 0 : expected);
      }),
      { numRuns: 3000 },
    );
  });

  it("gives back every double", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(toDouble(exactOf(value))).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 1000 },
    );
  });

  it("rounds halves to even, and whatever lies beside a half to its own side", () => {
    const doubles = fc.double({ min: 0, max: 1e308, noNaN: true });
    const tiny = ratio(1n, 2n ** 2000n);
    fc.assert(
      fc.property(doubles, (value) => {
        const next = nextUp(value);
        const middle = divideExact(addExact(exactOf(value), exactOf(next)), 2);
        expect(toDouble(middle)).toBe(bitsOfDouble(value) % 2n === 0n ? value : next);
        expect(toDouble(subtractExact(middle, tiny))).toBe(value);
        expect(toDouble(addExact(middle, tiny))).toBe(next);
      }),
      { numRuns: 500 },
    );
  });

  it("goes to infinity and to zero where doubles end", () => {
    expect([toDouble(decimal(1n, 400)), toDouble(decimal(-1n, 400))]).toEqual([Infinity, -Infinity]);
    expect([toDouble(ratio(2n ** 1024n - 2n ** 970n, 1n)), toDouble(ratio(2n ** 1024n - 2n ** 970n - 1n, 1n))]).toEqual(
      [Infinity, Number.MAX_VALUE],
    );
    expect([toDouble(ratio(1n, 2n ** 1075n)), toDouble(ratio(3n, 2n ** 1076n))]).toEqual([0, Number.MIN_VALUE]);
  });
});

function decimal(digits: bigint, exponent: number): Exact {
  return exponent < 0 ? ratio(digits, 10n ** BigInt(-exponent)) : ratio(digits * 10n ** BigInt(exponent), 1n);
}

function bitsOfDouble(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
}

function nextUp(value: number): number {
  return new Float64Array(BigUint64Array.of(bitsOfDouble(value) + 1n).buffer)[0] ?? 0;
}

/** The value of a finite double, from its bits. */
function exactOf(value: number): Exact {
  const bits = bitsOfDouble(Math.abs(value));
  const field = bits >> 52n;
  const significand = (bits & (2n ** 52n - 1n)) + (field === 0n ? 0n : 2n ** 52n);
  const exponent = Number(field === 0n ? 1n : field) - 1075;
  const signed = value < 0 ? -significand : significand;
  return exponent < 0 ? ratio(signed, 2n ** BigInt(-exponent)) : ratio(signed * 2n ** BigInt(exponent), 1n);
}
