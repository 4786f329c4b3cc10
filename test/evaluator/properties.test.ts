import { describe, expect, it } from "vitest";
import type { OpKind, OpOf, Shape } from "../../src/compiler/ir.ts";
import { errorFunctionComplement } from "../../src/reference/error-function.ts";
import { evaluate } from "../../src/reference/evaluate.ts";
import type { Sample } from "../../src/reference/sample.ts";
import type { TensorData, Weights } from "../../src/weights/weights.ts";
import { batchnorm, conv, Network } from "../emit/network.ts";
import { randomWeights, sample } from "../emit/running.ts";

describe("a convolution", () => {
  it("of a picture that one can work out on paper", () => {
    // 1 2 3   the corners of the cross sum what lies above, left, right, below and at the pixel itself
    // 4 5 6
    // 7 8 9
    const cross = [0, 1, 0, 1, 1, 1, 0, 1, 0];
    const result = applied("conv", conv(1, 1, 3), [1, 3, 3], [1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9], { weight: cross });
    expect([...result.data]).toEqual([7, 11, 11, 17, 25, 23, 19, 29, 23]);
  });

  it("is linear in its input", () => {
    const settings = conv(6, 5, 3, { stride: [2, 1], pad: [1, 0, 2, 1] });
    const [f, g] = [random([6, 7, 9], 1), random([6, 7, 9], 2)];
    const network = new Network([6, 7, 9]);
    const last = network.apply("conv", settings, [network.input], [5, 4, 8], "layer");
    const architecture = network.architecture(last);
    const weights = randomWeights(architecture);
    const of = (x: Sample) => outputOf(evaluate(architecture, weights, [x], noSizes)).data;
    const [atF, atG, atBoth] = [of(f), of(g), of(combined(f, g, 3, -0.5))];
    for (const [i, value] of atBoth.entries()) {
      expect(value).toBeCloseTo(3 * (atF[i] as number) - 0.5 * (atG[i] as number), 11);
    }
  });

  it("with standardised weights does not see a change of scale and mean of its filters", () => {
    const settings = { ...conv(2, 1, 1), standardize: 0 };
    const first = applied("conv", settings, [2, 1, 1], [1, 1, 1], [3, 5], { weight: [1, 3] });
    const second = applied("conv", settings, [2, 1, 1], [1, 1, 1], [3, 5], { weight: [10, 50] });
    expect([...first.data]).toEqual([2]);
    expect([...second.data]).toEqual([2]);
  });

  it("transposed, is the adjoint of the convolution: ⟨conv x, y⟩ = ⟨x, deconv y⟩", () => {
    const [x, y] = [random([3, 8, 9], 1), random([4, 4, 5], 2)];
    const weight = [...random([4 * 3 * 9], 3).data];
    const shared = { stride: [2, 2], pad: [1, 1, 1, 1] } as const;
    const forward = applied("conv", conv(3, 4, 3, shared), [3, 8, 9], [4, 4, 5], [...x.data], { weight });
    const settings = { kernel: [3, 3], inChannels: 4, channels: 3, ...shared, outpad: [1, 0], groups: 1, bias: false };
    const backward = applied("deconv", settings as never, [4, 4, 5], [3, 8, 9], [...y.data], { weight });
    expect(inner(forward.data, y.data)).toBeCloseTo(inner(x.data, backward.data), 10);
  });
});

describe("a normalisation", () => {
  it("of a batch is an affine map: γ·(x − mean)/√(var + eps) + β", () => {
    const stored = { weight: [2], bias: [-1], running_mean: [10], running_var: [8] };
    const result = applied("batchnorm", batchnorm(1, { eps: 1 }), [1, 1, 3], [1, 1, 3], [10, 13, 7], stored);
    expect([...result.data]).toEqual([-1, 1, -3]);
  });

  it("of groups makes mean 0 and variance 1 in each", () => {
    const stored = { weight: [1, 1, 1, 1], bias: [0, 0, 0, 0] };
    const x = random([4, 3, 5], 4);
    const { data } = applied(
      "groupnorm",
      { channels: 4, groups: 2, eps: 1e-12 },
      [4, 3, 5],
      [4, 3, 5],
      [...x.data],
      stored,
    );
    for (const group of [data.subarray(0, 30), data.subarray(30)]) {
      expect(
        inner(
          group,
          group.map(() => 1),
        ) / 30,
      ).toBeCloseTo(0, 10);
      expect(inner(group, group) / 30).toBeCloseTo(1, 8);
    }
  });
});

describe("a pooling", () => {
  const ramp = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

  it("with padding and ceil covers the windows that one can enumerate", () => {
    // Kernel 3, stride 2, padding 1, on ten pixels: windows at −1, 1, 3, 5, 7 and, with ceil, at 9.
    const settings = { kernel: [1, 3], stride: [1, 2], pad: [0, 1, 0, 1], extra: [0, 1] } as const;
    const greatest = applied("maxpool", settings, [1, 1, 10], [1, 1, 6], ramp, {});
    expect([...greatest.data]).toEqual([2, 4, 6, 8, 10, 10]);
    const counted = applied("avgpool", { ...settings, countpad: true }, [1, 1, 10], [1, 1, 6], ramp, {});
    // The last window holds one pixel and one of declared padding; what ceil adds is not counted.
    expect([...counted.data]).toEqual([1, 3, 5, 7, 9, 5]);
    const uncounted = applied("avgpool", { ...settings, countpad: false }, [1, 1, 10], [1, 1, 6], ramp, {});
    expect([...uncounted.data]).toEqual([1.5, 3, 5, 7, 9, 10]);
  });

  it("that adapts has overlapping windows where the sizes do not divide", () => {
    const means = applied("adaptiveavgpool", { size: [1, 4] }, [1, 1, 10], [1, 1, 4], ramp, {});
    // 0–3, 2–5, 5–8, 7–10
    expect([...means.data]).toEqual([2, 4, 7, 9]);
  });
});

describe("the complementary error function", () => {
  // Tables of Abramowitz and Stegun, and their continuation.
  it.each([
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2, 0.004677734981047266],
    [2.5, 0.000406952017444959],
    [5, 1.5374597944280349e-12],
    [-1, 1.8427007929497148],
    [-3, 1.9999779095030015],
  ])("at %d", (x, value) => {
    expect(Math.abs(errorFunctionComplement(x) / value - 1)).toBeLessThan(2e-14);
  });

  it("has no step where the series ends and the continued fraction begins", () => {
    const [below, above] = [errorFunctionComplement(1.25 - 1e-9), errorFunctionComplement(1.25 + 1e-9)];
    // The slope is −2/√π·e^(−1.25²).
    expect((below - above) / 2e-9).toBeCloseTo((2 / Math.sqrt(Math.PI)) * Math.exp(-1.5625), 5);
  });
});

describe("a softmax", () => {
  it("of great values is finite and sums to 1 at every pixel", () => {
    const { data } = applied("softmax", {}, [3, 1, 2], [3, 1, 2], [1000, -1000, 1001, 0, 1002, 1000], {});
    expect((data[0] as number) + (data[2] as number) + (data[4] as number)).toBeCloseTo(1, 14);
    expect((data[4] as number) / (data[2] as number)).toBeCloseTo(Math.E, 12);
  });
});

const noSizes = { sizes: new Map<string, number>() };

function applied<K extends OpKind>(
  kind: K,
  settings: OpOf<K>["settings"],
  input: Shape,
  output: Shape,
  values: readonly number[],
  stored: Readonly<Record<string, readonly number[]>>,
): Sample {
  const network = new Network(input);
  const architecture = network.architecture(network.apply(kind, settings, [network.input], output, "layer"));
  const weights: Weights = {
    data: ({ role }): TensorData => Float32Array.from(stored[role] ?? []),
  };
  const x = { shape: input as readonly number[], data: Float64Array.from(values) };
  return outputOf(evaluate(architecture, weights, [x], noSizes));
}

function outputOf(outputs: ReadonlyMap<string, readonly Sample[]>): Sample {
  const [sample] = outputs.get("output") ?? [];
  if (!sample) throw new Error("no output");
  return sample;
}

function random(shape: readonly number[], seed: number): Sample {
  const { data } = sample(shape);
  return { shape, data: Float64Array.from(data, (value, i) => value * Math.cos(seed * i)) };
}

function combined(f: Sample, g: Sample, a: number, b: number): Sample {
  return { shape: f.shape, data: f.data.map((value, i) => a * value + b * (g.data[i] as number)) };
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
