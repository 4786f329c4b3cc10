import { describe, expect, it } from "vitest";
import { bfloat16, float16, nearest, numberOf } from "../../src/inspect/number-formats.ts";
import { roundToBfloat16, roundToFloat16, widenBfloat16, widenFloat16 } from "../../src/weights/half.ts";
import { fillNormal } from "../../src/weights/normal.ts";

/** What reads models and what writes them are written apart: here they meet. */
describe.each([
  { name: "float16", format: float16, round: roundToFloat16, widen: widenFloat16, scale: 2 ** -12 },
  { name: "bfloat16", format: bfloat16, round: roundToBfloat16, widen: widenBfloat16, scale: 2 ** -120 },
])("$name", ({ format, round, widen, scale }) => {
  it("reads every pattern alike", () => {
    const widened = widen(Uint16Array.from({ length: 65_536 }, (_, bits) => bits));
    expect(widened.findIndex((value, bits) => !Object.is(value, numberOf(bits, format)))).toBe(-1);
  });

  it("rounds alike, subnormal numbers, middles and what is too large included", () => {
    const values = new Float32Array(3000);
    fillNormal(values, 0n, "values", 1);
    for (const [i, value] of values.entries()) values[i] = value * ([1, scale, scale / 16, 60_000][i % 4] as number);
    const all = Float32Array.of(
      ...values,
      1 + 2 ** -11,
      1 + 2 ** -8,
      1 + 3 * 2 ** -8,
      65_504,
      65_519,
      65_520,
      3.4e38,
      -0,
    );
    const rounded = widen(round(all).bits);
    expect(all.findIndex((value, i) => !Object.is(nearest(value, format), rounded[i]))).toBe(-1);
  });
});
