import { describe, expect, it } from "vitest";
import { layers } from "../../src/compiler/layers/registry.ts";
import { codes, countsOf, network, onlyOp, outputOf, tensorsOf } from "./checking.ts";

/** What each layer makes of [N, 12, 8, 8] and stores. */
const cases: Readonly<Record<string, readonly (readonly [use: string, shape: string, tensors: readonly string[]])[]>> =
  {
    conv: [
      ["conv(3x3, 6)", "[N, 6, 8, 8]", ["l.weight parameter float32 [6, 12, 3, 3]"]],
      ["conv(5, 6, stride = 2, groups = 3)", "[N, 6, 4, 4]", ["l.weight parameter float32 [6, 4, 5, 5]"]],
      [
        "conv(1x3, 24, groups = 12, bias = true)",
        "[N, 24, 8, 8]",
        ["l.weight parameter float32 [24, 1, 1, 3]", "l.bias parameter float32 [24]"],
      ],
    ],
    deconv: [
      ["deconv(4, 6, stride = 2, pad = 1)", "[N, 6, 16, 16]", ["l.weight parameter float32 [12, 6, 4, 4]"]],
      [
        "deconv(2x1, 6, groups = 3, bias = true)",
        "[N, 6, 9, 8]",
        ["l.weight parameter float32 [12, 2, 2, 1]", "l.bias parameter float32 [6]"],
      ],
    ],
    linear: [
      ["linear(10)", "[N, 10]", ["l.weight parameter float32 [10, 768]", "l.bias parameter float32 [10]"]],
      ["linear(10, bias = false)", "[N, 10]", ["l.weight parameter float32 [10, 768]"]],
    ],
    batchnorm: [
      [
        "batchnorm",
        "[N, 12, 8, 8]",
        [
          "l.weight parameter float32 [12]",
          "l.bias parameter float32 [12]",
          "l.running_mean buffer float32 [12]",
          "l.running_var buffer float32 [12]",
          "l.num_batches_tracked counter int64 []",
        ],
      ],
      [
        "batchnorm(affine = false)",
        "[N, 12, 8, 8]",
        [
          "l.running_mean buffer float32 [12]",
          "l.running_var buffer float32 [12]",
          "l.num_batches_tracked counter int64 []",
        ],
      ],
    ],
    groupnorm: [
      ["groupnorm(4)", "[N, 12, 8, 8]", ["l.weight parameter float32 [12]", "l.bias parameter float32 [12]"]],
    ],
    lrn: [["lrn", "[N, 12, 8, 8]", []]],
    relu: [["relu", "[N, 12, 8, 8]", []]],
    relu6: [["relu6", "[N, 12, 8, 8]", []]],
    leakyrelu: [["leakyrelu(0.1)", "[N, 12, 8, 8]", []]],
    silu: [["silu", "[N, 12, 8, 8]", []]],
    hardswish: [["hardswish", "[N, 12, 8, 8]", []]],
    hardsigmoid: [["hardsigmoid", "[N, 12, 8, 8]", []]],
    sigmoid: [["sigmoid", "[N, 12, 8, 8]", []]],
    tanh: [["tanh", "[N, 12, 8, 8]", []]],
    gelu: [["gelu", "[N, 12, 8, 8]", []]],
    softmax: [["softmax", "[N, 12, 8, 8]", []]],
    maxpool: [["maxpool(3, stride = 2, pad = 1)", "[N, 12, 4, 4]", []]],
    avgpool: [["avgpool(2)", "[N, 12, 4, 4]", []]],
    globalavgpool: [["globalavgpool", "[N, 12, 1, 1]", []]],
    globalmaxpool: [["globalmaxpool", "[N, 12, 1, 1]", []]],
    channelavgpool: [["channelavgpool", "[N, 1, 8, 8]", []]],
    channelmaxpool: [["channelmaxpool", "[N, 1, 8, 8]", []]],
    adaptiveavgpool: [
      ["adaptiveavgpool(3x2)", "[N, 12, 3, 2]", []],
      ["adaptiveavgpool(20)", "[N, 12, 20, 20]", []],
    ],
    dropout: [["dropout(0.5)", "[N, 12, 8, 8]", []]],
    droppath: [["droppath(0.5)", "[N, 12, 8, 8]", []]],
    flatten: [["flatten", "[N, 768]", []]],
    upsample: [
      ["upsample(2)", "[N, 12, 16, 16]", []],
      ["upsample(1x3)", "[N, 12, 8, 24]", []],
    ],
    pad: [
      ["pad(1)", "[N, 12, 10, 10]", []],
      ["pad([1, 2])", "[N, 12, 10, 12]", []],
      ["pad([1, 2, 3, 4], channels = 5)", "[N, 17, 12, 14]", []],
      ["pad(0, channels = [2, 3])", "[N, 17, 8, 8]", []],
    ],
    slice: [["slice(4..9)", "[N, 5, 8, 8]", []]],
    scale: [["scale(-1, shift = 1)", "[N, 12, 8, 8]", []]],
    shuffle: [["shuffle(3)", "[N, 12, 8, 8]", []]],
    unshuffle: [["unshuffle(3)", "[N, 12, 8, 8]", []]],
    select: [["select(30)", "[N, 30, 8, 8]", ["l.index table int64 [30]"]]],
    scatter: [["scatter(30)", "[N, 30, 8, 8]", ["l.index table float32 [12, 30]"]]],
  };

describe("layers", () => {
  it("are all tried here", () => {
    expect(Object.keys(cases)).toEqual([...layers.keys()]);
  });

  for (const use of Object.values(cases).flat()) {
    it(`${use[0]} makes ${use[1]}`, () => {
      const net = network(`tanh l: ${use[0]} sigmoid`, "12, 8, 8");
      expect(outputOf(`tanh l: ${use[0]} sigmoid`, "12, 8, 8")).toBe(use[1]);
      expect(tensorsOf(net)).toEqual(use[2]);
    });
  }
});

describe("defaults", () => {
  const settingsOf = (use: string) => network(`${use} sigmoid`, "12, 8, 8").ops[0]?.settings;

  it.each([
    ["conv(3, 6)", { stride: [1, 1], pad: [1, 1, 1, 1], dilation: [1, 1], groups: 1, bias: false, standardize: null }],
    ["deconv(3, 6)", { stride: [1, 1], pad: [0, 0, 0, 0], outpad: [0, 0], groups: 1, bias: false }],
    ["linear(3)", { inFeatures: 768, features: 3, bias: true }],
    ["batchnorm", { eps: 1e-5, momentum: 0.1, affine: true }],
    ["groupnorm(3)", { groups: 3, eps: 1e-5 }],
    ["lrn", { size: 5, alpha: 1e-4, beta: 0.75, bias: 1 }],
    ["maxpool(2)", { kernel: [2, 2], stride: [2, 2], pad: [0, 0, 0, 0], extra: [0, 0] }],
    ["avgpool(2)", { kernel: [2, 2], stride: [2, 2], pad: [0, 0, 0, 0], extra: [0, 0], countpad: true }],
    ["droppath(0.2)", { rate: 0.2, rescale: true }],
    ["pad(1)", { pad: [1, 1, 1, 1], channels: [0, 0] }],
    ["pad(1, channels = 4)", { channels: [0, 4] }],
    ["scale(2)", { factor: 2, shift: 0 }],
    ["conv([3, 5], 6)", { kernel: [3, 5], pad: [1, 2, 1, 2] }],
    ["leakyrelu(0.01)", { slope: 0.01 }],
    ["slice(4..9)", { from: 4, to: 9 }],
    ["scatter(30)", { inChannels: 12, channels: 30 }],
  ] as const)("%s", (use, settings) => {
    expect(settingsOf(use)).toMatchObject(settings);
  });
});

describe("arguments", () => {
  it.each([
    ["conv(3, 64, 7)", "argument-needs-name"],
    ["batchnorm(64)", "argument-needs-name"],
    ["relu(0.1)", "argument-needs-name"],
    ["leakyrelu", "missing-argument"],
    ["conv", "missing-argument"],
    ["conv(3x3)", "missing-argument"],
    ["dropout", "missing-argument"],
    ["conv(3, 4, size = 3)", "unknown-argument"],
    ["conv(3, 4, kernel = 3)", "duplicate-argument"],
    ["conv(3, 0)", "argument-range"],
    ["conv(0, 4)", "argument-range"],
    ["conv(3, 4, stride = 0)", "argument-range"],
    ["conv([3, 3, 3], 4)", "wrong-type"],
    ["conv(3, true)", "wrong-type"],
    ["conv(3, 4, bias = 1)", "wrong-type"],
    ["conv(3, 4.5)", "not-whole"],
    ["conv(3, 3_000_000_000)", "too-large"],
    ["conv(3, 10 ^ 30)", "too-large"],
    ["batchnorm(eps = 0)", "argument-range"],
    ["batchnorm(eps = 1e-60)", "argument-range"],
    ["scale(1e39)", "argument-range"],
    ["batchnorm(momentum = 1.5)", "argument-range"],
    ["dropout(1.5)", "argument-range"],
    ["slice(3)", "wrong-type"],
    ["slice([0, 1])", "wrong-type"],
    ["lrn(size = 4)", "lrn-even"],
    ["pad(half)", "wrong-type"],
    ["conv(3, 4, groups = 5)", "groups-mismatch"],
    ["conv(3, 5, groups = 4)", "groups-mismatch"],
    ["deconv(3, 4, groups = 5)", "groups-mismatch"],
    ["groupnorm(5)", "groups-mismatch"],
    ["shuffle(5)", "groups-mismatch"],
    ["unshuffle(5)", "groups-mismatch"],
    ["slice(3..13)", "slice-channels"],
    ["slice(3..3)", "slice-channels"],
    ["slice(-1..3)", "slice-channels"],
    ["upsample(2_000_000_000) upsample(2_000_000_000)", "too-large"],
  ])("%s: %s", (use, code) => {
    expect(codes(`${use} sigmoid`, "12, 8, 8")).toEqual([code]);
  });

  it("show what stands behind a name", () => {
    expect(codes("let n = (40 - 4) / 5 dense(n, 12)")).toEqual(["not-whole"]);
  });
});

describe("images and vectors", () => {
  const images = ["conv(3, 4)", "deconv(3, 4)", "groupnorm(2)", "lrn", "maxpool(2)", "avgpool(2)", "globalavgpool"];
  const more = [
    "globalmaxpool",
    "channelavgpool",
    "channelmaxpool",
    "adaptiveavgpool(2)",
    "upsample(2)",
    "pad(1)",
    "scatter(4)",
  ];
  it.each([...images, ...more])("%s needs an image", (use) => {
    expect(codes(`linear(12) ${use}`)).toEqual(["needs-spatial"]);
  });

  const either = [
    "batchnorm",
    "relu",
    "softmax",
    "dropout(0.5)",
    "scale(2)",
    "shuffle(3)",
    "droppath(0.1)",
    "linear(12)",
  ];
  it.each(either)("%s takes a vector too", (use) => {
    expect(outputOf(`linear(12) ${use} tanh`)).toBe("[N, 12]");
  });

  it("linear flattens [N, c, 1, 1] and [N, c, h, w] alike", () => {
    expect(onlyOp(network("linear(4)"), "linear").settings.inFeatures).toBe(192);
    expect(onlyOp(network("globalavgpool linear(4)"), "linear").settings.inFeatures).toBe(3);
    expect(onlyOp(network("flatten linear(4)"), "linear").settings.inFeatures).toBe(192);
    expect(outputOf("linear(8) slice(0..3) select(5)")).toBe("[N, 5]");
  });
});

describe("standardize", () => {
  const epsOf = (statements: string, head = "") =>
    network(statements, "3, 8, 8", head).ops.flatMap((op) => (op.kind === "conv" ? [op.settings.standardize] : []));

  it("reaches the convolutions inside, also in blocks and dense, and no others", () => {
    const head = "block B { conv(3, 3) }";
    expect(
      epsOf("conv(1, 3) standardize { conv(3, 3) B dense(1, 3) residual { conv(1, 6) } } conv(1, 3)", head),
    ).toEqual([null, 1e-10, 1e-10, 1e-10, 1e-10, null]);
    expect(epsOf("standardize(eps = 1e-5) { conv(3, 3) standardize { conv(3, 3) } conv(1, 3) }")).toEqual([
      1e-5, 1e-10, 1e-5,
    ]);
  });

  it("changes neither names nor counts, unless it has a label", () => {
    const [plain, standard] = ["conv(3, 4)", "standardize { conv(3, 4) }"].map((text) => network(text));
    expect(tensorsOf(standard as never)).toEqual(tensorsOf(plain as never));
    expect(countsOf(standard as never)).toEqual(countsOf(plain as never));
    expect(tensorsOf(network("s: standardize { conv(3, 4) }"))).toEqual([
      "s.conv1.weight parameter float32 [4, 3, 3, 3]",
    ]);
    expect(codes("standardize { conv(3, 4) } standardize(eps = 0) { relu }")).toEqual(["argument-range"]);
  });
});
