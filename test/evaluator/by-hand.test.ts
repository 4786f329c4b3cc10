import { describe, expect, it } from "vitest";
import type { OpKind, OpOf } from "../../src/compiler/ir.ts";
import { prepare } from "../../src/reference/table.ts";
import { conv } from "../emit/network.ts";

interface Worked<K extends OpKind> {
  readonly settings: OpOf<K>["settings"];
  /** Each input: its shape and its values. */
  readonly inputs: readonly (readonly [shape: readonly number[], values: readonly number[]])[];
  readonly stored?: Readonly<Record<string, readonly number[]>>;
  readonly expected: readonly [shape: readonly number[], values: readonly number[]];
}

const row = (...values: readonly number[]) => [[1, 1, values.length], values] as const;
const features = (...values: readonly number[]) => [[values.length], values] as const;
const pointwise = (from: readonly number[], to: readonly number[]) =>
  ({ settings: {}, inputs: [features(...from)], expected: features(...to) }) as const;
const corner = { kernel: [2, 2], stride: [2, 2], pad: [1, 1, 0, 0], extra: [0, 0] } as const;
const square = [
  [1, 2, 2],
  [-1, -2, -3, -4],
] as const;

/** Every kind of op worked out on paper from its definition; a record, so that none can be forgotten. */
const worked: { readonly [K in OpKind]: Worked<K> } = {
  // The kernel lies on (−1, 1), (0, 2) and (1, 3).
  conv: {
    settings: conv(1, 1, 1, { kernel: [1, 2], dilation: [1, 2], pad: [0, 1, 0, 0], bias: true }),
    inputs: [row(1, 2, 3, 4)],
    stored: { weight: [1, 10], bias: [0.5] },
    expected: row(20.5, 31.5, 42.5),
  },
  // 1 · (1 10 100) from place 0 and 2 · (1 10 100) from place 2, one place more, and the first dropped.
  deconv: {
    settings: {
      kernel: [1, 3],
      inChannels: 1,
      channels: 1,
      stride: [1, 2],
      pad: [0, 1, 0, 0],
      outpad: [0, 1],
      groups: 1,
      bias: true,
    },
    inputs: [row(1, 2)],
    stored: { weight: [1, 10, 100], bias: [0.5] },
    expected: row(10.5, 102.5, 20.5, 200.5, 0.5),
  },
  linear: {
    settings: { inFeatures: 2, features: 2, bias: true },
    inputs: [features(10, 1)],
    stored: { weight: [1, 2, 3, 4], bias: [0.5, -0.5] },
    expected: features(12.5, 33.5),
  },
  // (x − 10)/√(8 + 1)·2 − 1
  batchnorm: {
    settings: { channels: 1, eps: 1, momentum: 0.1, affine: true },
    inputs: [row(10, 13, 7)],
    stored: { weight: [2], bias: [-1], running_mean: [10], running_var: [8] },
    expected: row(-1, 1, -3),
  },
  // Mean 2, variance 1, and √(1 + 3) = 2.
  groupnorm: {
    settings: { channels: 2, groups: 1, eps: 3 },
    inputs: [
      [
        [2, 1, 1],
        [1, 3],
      ],
    ],
    stored: { weight: [2, 4], bias: [1, 0] },
    expected: [
      [2, 1, 1],
      [0, 2],
    ],
  },
  // 1/(1 + (1 + 4)), 2/(1 + (1 + 4 + 9)), 3/(1 + (4 + 9)): α/n is 1.
  lrn: {
    settings: { size: 3, alpha: 3, beta: 1, bias: 1 },
    inputs: [
      [
        [3, 1, 1],
        [1, 2, 3],
      ],
    ],
    expected: [
      [3, 1, 1],
      [1 / 6, 2 / 15, 3 / 14],
    ],
  },
  relu: pointwise([-1, 0, 2], [0, 0, 2]),
  relu6: pointwise([-1, 3, 7], [0, 3, 6]),
  leakyrelu: { ...pointwise([-4, 2], [-1, 2]), settings: { slope: 0.25 } },
  // σ(ln 3) = 3/4
  silu: pointwise([0, Math.log(3)], [0, 0.75 * Math.log(3)]),
  hardswish: pointwise([-4, -1.5, 0, 3, 9], [0, -0.375, 0, 3, 9]),
  hardsigmoid: pointwise([-3, 0, 1.5, 4], [0, 0.5, 0.75, 1]),
  sigmoid: pointwise([0, Math.log(3), -Math.log(3)], [0.5, 0.75, 0.25]),
  // (2 − 1/2)/(2 + 1/2)
  tanh: pointwise([0, Math.LN2], [0, 0.6]),
  // Φ(1) and Φ(2) of the tables
  gelu: pointwise([0, 1, -1, 2], [0, 0.8413447460685429, -0.15865525393145707, 2 * 0.9772498680518208]),
  softmax: {
    settings: {},
    inputs: [
      [
        [3, 1, 1],
        [0, Math.log(2), Math.log(5)],
      ],
    ],
    expected: [
      [3, 1, 1],
      [0.125, 0.25, 0.625],
    ],
  },
  // One pixel of the image and three of padding.
  maxpool: { settings: corner, inputs: [square], expected: [[1, 1, 1], [-1]] },
  avgpool: { settings: { ...corner, countpad: true }, inputs: [square], expected: [[1, 1, 1], [-0.25]] },
  globalavgpool: {
    settings: {},
    inputs: [
      [
        [2, 1, 2],
        [1, 3, 5, 6],
      ],
    ],
    expected: [
      [2, 1, 1],
      [2, 5.5],
    ],
  },
  globalmaxpool: {
    settings: {},
    inputs: [
      [
        [2, 1, 2],
        [-3, -1, 5, 6],
      ],
    ],
    expected: [
      [2, 1, 1],
      [-1, 6],
    ],
  },
  channelavgpool: {
    settings: {},
    inputs: [
      [
        [2, 1, 2],
        [1, -4, 3, -6],
      ],
    ],
    expected: [
      [1, 1, 2],
      [2, -5],
    ],
  },
  channelmaxpool: {
    settings: {},
    inputs: [
      [
        [2, 1, 2],
        [1, -4, 3, -6],
      ],
    ],
    expected: [
      [1, 1, 2],
      [3, -4],
    ],
  },
  // 0–2 and 1–3
  adaptiveavgpool: { settings: { size: [1, 2] }, inputs: [row(1, 2, 6)], expected: row(1.5, 4) },
  dropout: { ...pointwise([1, -2], [1, -2]), settings: { rate: 0.5 } },
  droppath: { ...pointwise([4], [3]), settings: { rate: 0.25, rescale: false } },
  flatten: {
    settings: {},
    inputs: [
      [
        [2, 1, 2],
        [1, 2, 3, 4],
      ],
    ],
    expected: features(1, 2, 3, 4),
  },
  upsample: {
    settings: { factor: [2, 3] },
    inputs: [row(1, 2)],
    expected: [
      [1, 2, 6],
      [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2],
    ],
  },
  pad: {
    settings: { pad: [0, 1, 1, 0], channels: [1, 0] },
    inputs: [row(7)],
    expected: [
      [2, 2, 2],
      [0, 0, 0, 0, 0, 7, 0, 0],
    ],
  },
  slice: { ...pointwise([1, 2, 3, 4], [2, 3]), settings: { from: 1, to: 3 } },
  scale: { ...pointwise([3], [-5]), settings: { factor: -2, shift: 1 } },
  shuffle: { ...pointwise([1, 2, 3, 4, 5, 6], [1, 4, 2, 5, 3, 6]), settings: { groups: 2 } },
  unshuffle: { ...pointwise([1, 2, 3, 4, 5, 6], [1, 3, 5, 2, 4, 6]), settings: { groups: 2 } },
  select: {
    ...pointwise([10, 20, 30], [30, 10, 30, 20]),
    settings: { inChannels: 3, count: 4 },
    stored: { index: [2, 0, 2, 1] },
  },
  // To places 0, 1 and 0.
  scatter: {
    settings: { inChannels: 3, channels: 2 },
    inputs: [
      [
        [3, 1, 1],
        [10, 20, 30],
      ],
    ],
    stored: { index: [1, 0, 0, 1, 1, 0] },
    expected: [
      [2, 1, 1],
      [40, 20],
    ],
  },
  concat: { settings: {}, inputs: [features(1), features(2, 3)], expected: features(1, 2, 3) },
  add: { settings: {}, inputs: [row(1, 2), row(10, 20), row(100, 200)], expected: row(111, 222) },
  mean: { settings: {}, inputs: [row(1, 2), row(10, 20), row(100, 200)], expected: row(37, 74) },
  mul: {
    settings: {},
    inputs: [
      [
        [2, 1, 2],
        [1, 2, 3, 4],
      ],
      features(10, 100),
      row(1, -1),
    ],
    expected: [
      [2, 1, 2],
      [10, -20, 300, -400],
    ],
  },
};

describe.each(Object.entries(worked) as [OpKind, Worked<OpKind>][])("%s", (kind, one) => {
  it("is what one works out on paper", () => {
    const { settings, inputs, stored = {}, expected } = one;
    const [shape, values] = expected;
    const tensor = (role: string) => {
      const numbers = stored[role] ?? [];
      return kind === "select" ? BigInt64Array.from(numbers, BigInt) : Float32Array.from(numbers);
    };
    const run = prepare({ kind, settings, inputs } as never, { shape, tensor });
    const result = run(inputs.map(([of, data]) => ({ shape: of, data: Float64Array.from(data) })));
    expect(result.shape).toEqual(shape);
    expect(result.data).toHaveLength(values.length);
    for (const [i, value] of values.entries()) expect(result.data[i]).toBeCloseTo(value, 14);
  });
});
