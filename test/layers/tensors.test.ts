import { describe, expect, it } from "vitest";
import { countsOf, network, tensorsOf } from "./applied.ts";

describe("the tensors of layers", () => {
  const cases: readonly (readonly [statement: string, tensors: readonly string[]])[] = [
    ["a: conv(3x5, 8)", ["a.weight: float32[8, 6, 3, 5] parameter"]],
    [
      "a: conv(1x1, 8, groups = 2, bias = true)",
      ["a.weight: float32[8, 3, 1, 1] parameter", "a.bias: float32[8] parameter"],
    ],
    [
      "a: deconv(2x2, 4, stride = 2, groups = 2, bias = true)",
      ["a.weight: float32[6, 2, 2, 2] parameter", "a.bias: float32[4] parameter"],
    ],
    ["a: linear(10)", ["a.weight: float32[10, 120] parameter", "a.bias: float32[10] parameter"]],
    ["a: linear(10, bias = false)", ["a.weight: float32[10, 120] parameter"]],
    [
      "a: batchnorm",
      [
        "a.weight: float32[6] parameter",
        "a.bias: float32[6] parameter",
        "a.running_mean: float32[6] buffer",
        "a.running_var: float32[6] buffer",
        "a.num_batches_tracked: int64[] counter",
      ],
    ],
    [
      "a: batchnorm(affine = false)",
      [
        "a.running_mean: float32[6] buffer",
        "a.running_var: float32[6] buffer",
        "a.num_batches_tracked: int64[] counter",
      ],
    ],
    ["a: groupnorm(2)", ["a.weight: float32[6] parameter", "a.bias: float32[6] parameter"]],
    ["a: select(9)", ["a.index: int64[9] table"]],
    ["a: scatter(9)", ["a.index: float32[6, 9] table"]],
    ["a: relu maxpool(2) upsample(2) shuffle(2) dropout(0.5) pad(1) slice(0..3)", []],
  ];
  it.each(cases)("%s", (statement, tensors) => expect(tensorsOf(statement, "6, 4, 5")).toEqual(tensors));

  it("of standardised convolutions are those of plain ones", () => {
    const plain = tensorsOf("a: conv(3x3, 8)");
    expect(tensorsOf("standardize { a: conv(3x3, 8) }")).toEqual(plain);
    const { ops } = network("standardize(eps = 1e-8) { conv(3x3, 8) } conv(1x1, 8)");
    expect(ops.map((op) => op.kind === "conv" && op.settings.standardize)).toEqual([1e-8, null]);
  });
});

describe("counts of layers", () => {
  it.each([
    ["conv(3x3, 8)", { params: "216", buffers: "0", macs: "221184", depth: 1 }],
    ["conv(3x3, 6, groups = 3, bias = true)", { params: "60", buffers: "0", macs: "55296", depth: 1 }],
    ["deconv(2x2, 8, stride = 2)", { params: "96", buffers: "0", macs: "98304", depth: 1 }],
    ["linear(10)", { params: "30730", buffers: "0", macs: "30720", depth: 1 }],
    ["batchnorm", { params: "6", buffers: "6", macs: "0", depth: 0 }],
    ["select(8) scatter(4)", { params: "0", buffers: "0", macs: "0", depth: 0 }],
    [
      "residual { conv(3x3, 3) conv(3x3, 3) } shortcut { conv(1x1, 3) }",
      { params: "171", buffers: "0", macs: "175104", depth: 2 },
    ],
    ["conv(1x1, 3) training { linear(10) } relu", { params: "30739", buffers: "0", macs: "9216", depth: 1 }],
  ] as const)("%s", (statement, counts) => expect(countsOf(statement)).toEqual(counts));

  it("are polynomials of symbolic sizes", () => {
    expect(countsOf("conv(3x3, 8, stride = 2)", "3, H, W").macs).toBe("216·⌊(H + 1)/2⌋·⌊(W + 1)/2⌋");
  });
});

describe("names", () => {
  const names = (statements: string, input?: string) => network(statements, input).ops.map((op) => op.name);

  it.each([
    ["relu conv(1x1, 3) relu batchnorm conv(1x1, 3)", ["relu1", "conv1", "relu2", "batchnorm1", "conv2"]],
    ["conv1: conv(1x1, 3) conv(1x1, 3)", ["conv1", "conv2"]],
    ["relu6 relu6 relu", ["relu6_1", "relu6_2", "relu1"]],
    ["a: { relu b: { relu } } a: { relu }", ["a.relu1", "a.b.relu1", "a.relu2"]],
    ['repeat 2 as i { "layer{i + 1}.{i}": { relu } }', ["layer1.0.relu1", "layer2.1.relu1"]],
    ["for x in [1, 2] { if x == 1 { relu } else { relu } }", ["relu1", "relu2"]],
    ["residual { relu } res: residual { relu }", ["relu1", "residual1", "res.relu1", "res"]],
    ["concat { branch { relu } left: branch { relu } }", ["relu1", "left.relu1", "concat1"]],
    ["a: relu a: tanh", ["a", "a_2"]],
    ["input: relu for: relu", ["input", "for"]],
    ["dense(1, 4)", ["norm1", "relu1", "conv1"].map((name) => `dense1.denselayer1.${name}`).concat("dense1.concat1")],
    ["t: transition(1)", ["t.norm", "t.relu", "t.conv", "t.pool"]],
    ['dense(2) as l { "l{l}": conv(1x1, 3) }', ["dense1.l1", "dense1.concat1", "dense1.l2", "dense1.concat2"]],
  ])("%s", (statements, expected) => expect(names(statements)).toEqual(expected));

  it("list tensors scope by scope in the order of first appearance, own tensors first", () => {
    const program = `
      s: { place: { } }
      conv_1: select(3)
      a: { inner: { one: conv(1x1, 3, bias = true) } }
      conv_1: { norm: groupnorm(1) }
      s: { later: conv(1x1, 3)  place: { held: conv(1x1, 3) } }
      a: { own: conv(1x1, 3) }`;
    expect(network(program).tensors.map((tensor) => tensor.name)).toEqual([
      "s.place.held.weight",
      "s.later.weight",
      "conv_1.index",
      "conv_1.norm.weight",
      "conv_1.norm.bias",
      "a.inner.one.weight",
      "a.inner.one.bias",
      "a.own.weight",
    ]);
  });
});
