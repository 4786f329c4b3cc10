import { expect, it } from "vitest";
import { memoryWithRoom, stagedAt } from "../../src/weights/kernel-memory.ts";
import { fillNormal } from "../../src/weights/normal.ts";
import { standardise } from "../../src/weights/standardise.ts";
import { standardiseKernel } from "../../src/weights/standardise-kernel.ts";
import { bytesOf } from "../../src/weights/weights.ts";
import { conv, Network } from "../emit/network.ts";
import { decode, emitWith } from "../emit/running.ts";
import { plainlyStandardised, sumInEights } from "./plain.ts";

const normals = (count: number) => {
  const values = new Float32Array(count);
  fillNormal(values, 4n, "values", 1);
  return values;
};

const standardised = (weight: Float32Array, size: number, eps: number) => {
  const result = weight.slice();
  standardise(result, size, eps);
  return result;
};

it("gives every filter mean 0 and variance 1", () => {
  const result = standardised(Float32Array.of(1, 2, 3, 4, 10, 10, 10, 30), 4, 1e-10);
  const [mean, deviation] = [15, Math.sqrt(75)];
  const second = [10, 10, 10, 30].map((w) => Math.fround((w - mean) / deviation));
  expect([...result.subarray(4)]).toEqual(second);
  expect([...result.subarray(0, 4)].map((w) => w * Math.sqrt(1.25))).toEqual(
    [-1.5, -0.5, 0.5, 1.5].map((w) => expect.closeTo(w, 6)),
  );
});

it("keeps a filter of equal weights finite", () => {
  expect([...standardised(new Float32Array(4).fill(3), 4, 1e-10)]).toEqual([0, 0, 0, 0]);
});

it.each([1, 2, 7, 8, 9, 16, 27, 4095, 32_767, 32_768, 32_769, 100_003])(
  "does with filters of %i what it says",
  (size) => {
    const filters = size < 100 ? 5000 : 3;
    const weight = new Float32Array(filters * size);
    fillNormal(weight, 3n, "weight", 0.1);
    const result = standardised(weight, size, 1e-5);
    for (let filter = 0; filter < filters; filter += filters > 3 ? 711 : 1) {
      const [from, to] = [filter * size, (filter + 1) * size];
      expectSameBytes(result.subarray(from, to), plainlyStandardised(weight.subarray(from, to), 1e-5));
    }
  },
);

it.each([0, 1, 7, 8, 13, 16, 4095, 32_768])("adds %i values in the order that it states", (count) => {
  const kernel = standardiseKernel(memoryWithRoom(0));
  const values = new Float32Array(kernel.memory.buffer, stagedAt, count);
  values.set(normals(count));
  expect(kernel.sum(stagedAt, stagedAt + 4 * count)).toBe(sumInEights(Float64Array.from(values)));
  const squares = Float64Array.from(values, (value) => (value - 0.1) * (value - 0.1));
  expect(kernel.squares(stagedAt, stagedAt + 4 * count, 0.1)).toBe(sumInEights(squares));
});

it("is as near to the exact values as float32 can be", () => {
  const size = 100_003;
  const weight = new Float32Array(size);
  fillNormal(weight, 3n, "weight", 0.01);
  for (let i = 0; i < size; i++) weight[i] = (weight[i] as number) + 1;
  const [mean, variance] = exactMoments(weight);
  const exact = weight.map((value) => (value - mean) / Math.sqrt(variance));
  expectSameBytes(standardised(weight, size, 0), exact);
});

it("is folded into the weight under its own name", () => {
  const network = new Network([4, 5, 5]);
  const x = network.apply(
    "conv",
    conv(4, 8, 3, { standardize: 1e-10, groups: 2 }),
    [network.input],
    [8, 5, 5],
    "layer",
  );
  const [weight] = decode(emitWith(network.architecture(x))).graph?.initializer ?? [];
  expect(weight?.name).toBe("layer.weight");
  const raw = weight?.rawData ?? new Uint8Array();
  const values = new Float32Array(raw.slice().buffer);
  expect(values.length).toBe(8 * 2 * 9);
  for (let filter = 0; filter < 8; filter++) {
    const part = [...values.subarray(filter * 18, filter * 18 + 18)];
    expect(part.reduce((sum, w) => sum + w, 0)).toBeCloseTo(0, 5);
    expect(part.reduce((sum, w) => sum + w * w, 0) / 18).toBeCloseTo(1, 5);
  }
});

function expectSameBytes(values: Float32Array, expected: Float32Array): void {
  expect(Buffer.compare(bytesOf(values), bytesOf(expected))).toBe(0);
}

/** With whole numbers in place of float32 between ½ and 2, whose last bit is at least 2^-24. */
function exactMoments(values: Float32Array): readonly [mean: number, variance: number] {
  const count = BigInt(values.length);
  let [sum, squares] = [0n, 0n];
  for (const value of values) {
    const whole = BigInt(value * 2 ** 24);
    sum += whole;
    squares += whole * whole;
  }
  return [Number(sum) / values.length / 2 ** 24, Number(squares * count - sum * sum) / values.length ** 2 / 2 ** 48];
}
