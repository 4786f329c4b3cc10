import { describe, expect, it } from "vitest";
import type { OpOf } from "../../src/compiler/ir.ts";
import { evaluate } from "../../src/reference/evaluate.ts";
import type { Sample } from "../../src/reference/sample.ts";
import { prepare } from "../../src/reference/table.ts";
import { fillNormal } from "../../src/weights/normal.ts";
import { compileText } from "../compiling.ts";
import { conv } from "../emit/network.ts";

type Settings = OpOf<"conv">["settings"];

/** What holds of every convolution, whichever way it is computed: with few filters a group, or with many. */
describe.each([3, 8])("a convolution of %i filters for each group", (filters) => {
  const groups = 2;
  const [from, to] = [groups * 5, groups * filters];
  const x = random([from, 9, 11], "x");

  it("in groups is one whose weights are 0 between the groups", () => {
    const settings = conv(from, to, 3, { groups, stride: [2, 1], pad: [1, 0, 1, 2] });
    const weight = values(to * 5 * 9, "w");
    const whole = new Float32Array(to * from * 9);
    for (let o = 0; o < to; o++) {
      const group = Math.floor(o / filters);
      whole.set(weight.subarray(o * 45, (o + 1) * 45), o * from * 9 + group * 45);
    }
    const shape = [to, 5, 11];
    expectEqual(convolved(x, settings, weight, shape), convolved(x, { ...settings, groups: 1 }, whole, shape));
  });

  it("with dilation is one with zeros between its weights", () => {
    const settings = conv(from, to, 3, { groups, dilation: [2, 3], pad: [2, 3, 2, 3] });
    const weight = values(to * 5 * 9, "w");
    const stuffed = new Float32Array(to * 5 * 5 * 7);
    for (const [i, value] of weight.entries()) {
      const [plane, u, v] = [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3];
      stuffed[plane * 35 + 2 * u * 7 + 3 * v] = value;
    }
    const wide = { ...settings, kernel: [5, 7], dilation: [1, 1] } as const;
    expectEqual(convolved(x, settings, weight, [to, 9, 11]), convolved(x, wide, stuffed, [to, 9, 11]));
  });

  it("with stride is every so many pixels of one without", () => {
    const settings = conv(from, to, 3, { groups });
    const weight = values(to * 5 * 9, "w");
    const all = convolved(x, settings, weight, [to, 9, 11]);
    const some = convolved(x, { ...settings, stride: [4, 3] }, weight, [to, 3, 4]);
    for (let c = 0; c < to; c++) {
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 4; j++) {
          expect(some.data[(c * 3 + i) * 4 + j]).toBe(all.data[(c * 9 + 4 * i) * 11 + 3 * j]);
        }
      }
    }
  });

  it("is turned round by its transpose: ⟨conv x, y⟩ = ⟨x, deconv y⟩", () => {
    const shared = { kernel: [3, 2], stride: [2, 3], pad: [1, 0, 0, 1], groups, bias: false } as const;
    const weight = values(to * 5 * 6, "w");
    const forward = convolved(x, conv(from, to, 3, shared), weight, [to, 4, 4]);
    const y = random([to, 4, 4], "y");
    const settings = { ...shared, inChannels: to, channels: from, outpad: [1, 1] };
    const back = prepare({ kind: "deconv", settings } as never, { shape: [from, 9, 11], tensor: () => weight })([y]);
    expect(inner(forward, y)).toBeCloseTo(inner(x, back), 9);
  });
});

it("a convolution in many parts is what its filters are by themselves", () => {
  const [from, side] = [60, 40];
  const x = random([from, side, side], "x");
  const weight = values(6 * from * 9, "w");
  const all = convolved(x, conv(from, 6, 3), weight, [6, side, side]);
  for (let o = 0; o < 6; o++) {
    const own = weight.subarray(o * from * 9, (o + 1) * from * 9);
    const one = convolved(x, conv(from, 1, 3), own, [1, side, side]);
    expectEqual({ shape: one.shape, data: all.data.subarray(o * side * side, (o + 1) * side * side) }, one);
  }
});

it("padding `same` has its odd pixel at the end", () => {
  const text = "network Same { input image[1, 4, 4] conv(3x3, 1, stride = 2, pad = same) }";
  const [architecture] = compileText(text).architectures;
  const ones = { data: () => new Float32Array(9).fill(1) };
  const image = { shape: [1, 4, 4], data: new Float64Array(16).fill(1) };
  if (!architecture) throw new Error("it does not compile");
  const [output] = evaluate(architecture, ones, [image], { sizes: new Map() }).get("output") ?? [];
  expect([...(output?.data ?? [])]).toEqual([9, 6, 6, 4]);
});

it("a group normalisation sees neither scale nor shift of a group, and one group not the other", () => {
  const run = prepare({ kind: "groupnorm", settings: { channels: 4, groups: 2, eps: 1e-30 } } as never, {
    shape: [4, 3, 5],
    tensor: (role) => values(4, role),
  });
  const x = random([4, 3, 5], "x");
  const moved = { shape: x.shape, data: x.data.map((value, i) => (i < 30 ? 3 * value + 2 : value / 7 - 1)) };
  expectEqual(run([moved]), run([x]));
});

function convolved(x: Sample, settings: Settings, weight: Float32Array, shape: readonly number[]): Sample {
  return prepare({ kind: "conv", settings } as never, { shape, tensor: () => weight })([x]);
}

function values(count: number, name: string): Float32Array {
  const drawn = new Float32Array(count);
  fillNormal(drawn, 11n, name, 1);
  return drawn;
}

function random(shape: readonly number[], name: string): Sample {
  return {
    shape,
    data: Float64Array.from(
      values(
        shape.reduce((a, b) => a * b),
        name,
      ),
    ),
  };
}

function inner({ data: a }: Sample, { data: b }: Sample): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

function expectEqual(a: Sample, b: Sample): void {
  expect(a.shape).toEqual(b.shape);
  let farthest = 0;
  for (let i = 0; i < b.data.length; i++) {
    farthest = Math.max(farthest, Math.abs((a.data[i] as number) - (b.data[i] as number)));
  }
  expect(farthest).toBeLessThan(1e-11);
}
