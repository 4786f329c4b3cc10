import { describe, expect, it } from "vitest";
import type { Architecture } from "../../src/compiler/ir.ts";
import type { Init } from "../../src/weights/init.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { bytesOf, elementsOf, swapped } from "../../src/weights/weights.ts";
import { batchnorm, conv, Network } from "../emit/network.ts";

const image = [64, 8, 8] as const;

function architecture(extra = false): Architecture {
  const network = new Network(image);
  let x = network.apply("conv", conv(64, 128, 3, { bias: true, groups: 2 }), [network.input], [128, 8, 8], "conv");
  if (extra) {
    network.apply("conv", conv(128, 128, 3, { stride: [2, 2] }), [x], [128, 4, 4], "down");
    x = network.apply("conv", conv(128, 128, 3), [x], [128, 8, 8], "more");
  }
  x = network.apply("batchnorm", batchnorm(128), [x], [128, 8, 8], "norm");
  x = network.apply("groupnorm", { channels: 128, groups: 2, eps: 1e-5 }, [x], [128, 8, 8], "group");
  const up = {
    kernel: [4, 4],
    inChannels: 128,
    channels: 64,
    stride: [2, 2],
    pad: [1, 1, 1, 1],
    outpad: [0, 0],
  } as const;
  x = network.apply("deconv", { ...up, groups: 1, bias: false }, [x], [64, 16, 16], "up");
  x = network.apply("select", { inChannels: 64, count: 70 }, [x], [70, 16, 16], "pick");
  x = network.apply("scatter", { inChannels: 70, channels: 32 }, [x], [32, 16, 16], "put");
  return network.architecture(
    network.apply("linear", { inFeatures: 8192, features: 10, bias: true }, [x], [10], "head"),
  );
}

function values(init: Init, name: string, from = architecture(), seed: number | bigint = 0): readonly number[] {
  const tensor = from.tensors.find((one) => one.name === name);
  if (!tensor) throw new Error(`no ${name}`);
  const data = initialise(from, { init, seed }).data(tensor);
  expect(data.length).toBe(elementsOf(tensor.shape));
  expect(data).toBeInstanceOf(tensor.dtype === "int64" ? BigInt64Array : Float32Array);
  return Array.from(data as ArrayLike<number | bigint>, Number);
}

const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
const variance = (list: readonly number[]) => mean(list.map((x) => x * x));

describe("variances", () => {
  it.each([
    ["he", "conv.weight", 2 / (32 * 9)],
    // Two of the four taps of each side meet an output.
    ["he", "up.weight", 2 / (128 * 2 * 2)],
    ["he", "head.weight", 1 / 8192],
    // Of a group, 32 channels come in and 64 go out.
    ["xavier", "conv.weight", 2 / (32 * 9 + 64 * 9)],
    // Of a step of 2, an input meets one and a half of the three taps of each side.
    ["xavier", "down.weight", 2 / (128 * 9 + 128 * 1.5 * 1.5)],
    // An input reaches all taps.
    ["xavier", "up.weight", 2 / (128 * 2 * 2 + 64 * 4 * 4)],
    ["xavier", "head.weight", 2 / (8192 + 10)],
  ] as const)("%s: %s has variance %d", (init, name, expected) => {
    const list = values(init, name, architecture(true));
    // Four standard errors.
    expect(Math.abs(variance(list) / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / list.length));
    expect(Math.abs(mean(list))).toBeLessThan(4 * Math.sqrt(expected / list.length));
  });
});

describe("he", () => {
  it("keeps every tensor as it is when a layer is added", () => {
    for (const { name } of architecture().tensors)
      expect(values("he", name, architecture(true))).toEqual(values("he", name));
  });

  it("takes seeds as numbers or bigints", () => {
    expect(values("he", "conv.weight", architecture(), 7)).toEqual(values("he", "conv.weight", architecture(), 7n));
    expect(values("he", "conv.weight", architecture(), 7)).not.toEqual(values("he", "conv.weight", architecture(), 8));
  });
});

describe.each(["he", "xavier", "zeros", "constant=0.1"] as const)("%s", (init) => {
  it("begins normalisations as the identity, biases at 0", () => {
    const [ones, zeros] = [Array(128).fill(1), Array(128).fill(0)];
    for (const name of ["norm.weight", "norm.running_var", "group.weight"]) expect(values(init, name)).toEqual(ones);
    for (const name of ["norm.bias", "norm.running_mean", "group.bias", "conv.bias"]) {
      expect(values(init, name)).toEqual(zeros);
    }
    expect(values(init, "norm.num_batches_tracked")).toEqual([0]);
    expect(values(init, "head.bias")).toEqual(Array(10).fill(0));
  });

  it("fills the tables by place", () => {
    expect(values(init, "pick.index").slice(60)).toEqual([60, 61, 62, 63, 0, 1, 2, 3, 4, 5]);
    const table = values(init, "put.index");
    expect(table.map((one, i) => (one ? [Math.floor(i / 32), i % 32] : null)).filter(Boolean)).toEqual(
      Array.from({ length: 70 }, (_, i) => [i, i % 32]),
    );
    expect(new Set(table)).toEqual(new Set([0, 1]));
  });
});

it.each([
  ["zeros", 0],
  ["constant=0.1", Math.fround(0.1)],
  ["constant=-2", -2],
] as const)("%s makes the weights of convolutions and linear layers %d", (init, value) => {
  for (const name of ["conv.weight", "up.weight", "head.weight"])
    expect(new Set(values(init, name))).toEqual(new Set([value]));
});

it("refuses a tensor of another network", () => {
  const tensor = { name: "other.weight", role: "weight", shape: [1], dtype: "float32", kind: "parameter" } as const;
  expect(() => initialise(architecture(), { init: "he", seed: 0 }).data(tensor)).toThrow("no layer of Test");
});

describe("bytes of values", () => {
  it("are little-endian", () => {
    expect([...bytesOf(Float32Array.of(1, -2))]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
    expect([...bytesOf(BigInt64Array.of(258n))]).toEqual([2, 1, 0, 0, 0, 0, 0, 0]);
  });

  it("are turned round where a machine has them the other way", () => {
    expect([...swapped(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 4)]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
  });
});
