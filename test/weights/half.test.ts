import { describe, expect, it } from "vitest";
import { roundToBfloat16, roundToFloat16, widenBfloat16, widenFloat16 } from "../../src/weights/half.ts";
import { roundToOdd } from "../../src/weights/round-to-odd.ts";

const everyPattern = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

/** (−1)^s·2^(e − bias)·(1 + f/2^m), and without the leading 1 where e is 0. */
function defined(bits: number, fractionBits: number): number {
  const exponents = 2 ** (15 - fractionBits);
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = Math.floor((bits % 0x8000) / 2 ** fractionBits);
  const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
  const bias = exponents / 2 - 1;
  if (exponent === exponents - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? 2 ** (1 - bias) * fraction : 2 ** (exponent - bias) * (1 + fraction));
}

describe.each([
  { name: "float16", fractionBits: 10, round: roundToFloat16, widen: widenFloat16, greatest: 65_504 },
  {
    name: "bfloat16",
    fractionBits: 7,
    round: roundToBfloat16,
    widen: widenBfloat16,
    greatest: (2 - 2 ** -7) * 2 ** 127,
  },
])("$name", ({ fractionBits, round, widen, greatest }) => {
  const widened = widen(everyPattern);
  const infinity = (2 ** (15 - fractionBits) - 1) * 2 ** fractionBits;
  const finite = Array.from({ length: infinity }, (_, bits) => widened[bits] as number);

  it("widens every pattern to what it means", () => {
    const wrong = everyPattern.filter((bits) => !Object.is(widened[bits], defined(bits, fractionBits)));
    expect(wrong).toHaveLength(0);
    expect(finite.at(-1)).toBe(greatest);
  });

  it("rounds float64 once, also where float32 lies between", () => {
    // Too near the middle of two neighbours for float32 to tell on which side.
    const near = 2 ** -40;
    const middles = finite.slice(1).map((value, i) => (value + (finite[i] as number)) / 2);
    const even = (i: number) => i + (i % 2);
    const cases = middles.flatMap((middle, i) => [
      [middle, even(i)],
      [middle * (1 + near), i + 1],
      [-middle * (1 - near), i + 0x8000],
    ]);
    const doubles = Float64Array.from(cases, ([value]) => value as number);
    const { bits, overflows } = round(roundToOdd(doubles));
    expect(
      differing(
        bits,
        Uint16Array.from(cases, ([, expected]) => expected as number),
      ),
    ).toEqual([]);
    expect(overflows).toBe(0);
    const beyond = Float64Array.of(Number.MAX_VALUE, -Number.POSITIVE_INFINITY, Number.NaN, -5e-324, 0.5);
    expect([...widen(round(roundToOdd(beyond)).bits)]).toEqual([
      ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0, 0.5],
    ]);
  });

  it("gives every pattern back, NaN with all that it carries", () => {
    const { bits, overflows, vanished } = round(widened);
    expect(differing(bits, everyPattern)).toEqual([]);
    expect([overflows, vanished]).toEqual([0, 0]);
  });

  it("rounds what lies between two numbers to the nearer one, the middle to the even one", () => {
    const middles = Float32Array.from(finite.slice(1), (upper, lower) => ((finite[lower] as number) + upper) / 2);
    const even = everyPattern.subarray(0, middles.length).map((bits) => bits + (bits % 2));
    expect(differing(round(middles).bits, even)).toEqual([]);
    const negative = round(middles.map((one) => -one)).bits;
    expect(
      differing(
        negative,
        even.map((bits) => bits + 0x8000),
      ),
    ).toEqual([]);
    const neighbours = (step: number) => {
      return new Float32Array(new Uint32Array(middles.buffer).map((bits) => bits + step).buffer);
    };
    expect(differing(round(neighbours(-1)).bits, everyPattern)).toEqual([]);
    expect(differing(round(neighbours(1)).bits, everyPattern.subarray(1))).toEqual([]);
  });

  it("counts what becomes infinite, and what becomes 0", () => {
    const [least = 0, last] = [finite[1], infinity - 1];
    const beyond = greatest + (greatest - (finite[last - 1] as number)) / 2;
    const below = beyond * (1 - 2 ** -23);
    const values = [beyond, -beyond, below, Number.POSITIVE_INFINITY, least / 2, -least / 4, least * 0.75, 0, -0];
    const { bits, overflows, vanished } = round(Float32Array.from(values));
    expect([...bits]).toEqual([infinity, infinity + 0x8000, last, infinity, 0, 0x8000, 1, 0, 0x8000]);
    expect([overflows, vanished]).toEqual([2, 2]);
  });

  it("a NaN whose bits find no room stays a NaN", () => {
    const narrow = new Float32Array(Uint32Array.of(0x7f800001, 0xff800001).buffer);
    expect([...widen(round(narrow).bits)]).toEqual([Number.NaN, Number.NaN]);
  });
});

/** Places at which two lists differ, as far as the first reaches. */
function differing(found: Uint16Array, expected: Uint16Array): readonly number[] {
  return [...found.keys()].filter((i) => found[i] !== expected[i]);
}
