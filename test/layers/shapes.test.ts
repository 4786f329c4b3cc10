import { describe, expect, it } from "vitest";
import { layers } from "../../src/compiler/layers/registry.ts";
import { codesOf, shapeOf } from "./applied.ts";

/** Statement, input, and what comes out; sizes worked out by hand from the formulas of PyTorch and TensorFlow. */
const shapes: readonly (readonly [statement: string, input: string, output: string])[] = [
  ["conv(3x3, 8)", "3, 32, 32", "[N, 8, 32, 32]"],
  ["conv(7x7, 64, stride = 2)", "3, 224, 224", "[N, 64, 112, 112]"],
  ["conv(7x7, 64, stride = 2)", "3, 225, 223", "[N, 64, 113, 112]"],
  ["conv(3x3, 8, pad = 0)", "3, 32, 32", "[N, 8, 30, 30]"],
  ["conv(1x7, 8)", "3, 17, 17", "[N, 8, 17, 17]"],
  ["conv(7, 8)", "3, 17, 17", "[N, 8, 17, 17]"],
  ["conv(3x5, 8, pad = [1, 0])", "3, 10, 10", "[N, 8, 10, 6]"],
  ["conv(3x3, 8, pad = [1, 0, 2, 0])", "3, 10, 10", "[N, 8, 11, 8]"],
  ["conv(3x3, 8, dilation = 2)", "3, 32, 32", "[N, 8, 32, 32]"],
  ["conv(3x3, 8, dilation = 2, pad = 1)", "3, 32, 32", "[N, 8, 30, 30]"],
  ["conv(2x2, 8, dilation = 2)", "3, 32, 32", "[N, 8, 32, 32]"],
  ["conv(4x4, 8, stride = 2, pad = same)", "3, 7, 8", "[N, 8, 4, 4]"],
  ["conv(3x3, 8, stride = [2, 1])", "3, 32, 32", "[N, 8, 16, 32]"],
  ["conv(11x11, 96, stride = 4, pad = 0)", "3, 227, 227", "[N, 96, 55, 55]"],
  ["deconv(4x4, 8, stride = 2, pad = 1)", "3, 16, 15", "[N, 8, 32, 30]"],
  ["deconv(3x3, 8, stride = 2, pad = 1, outpad = 1)", "3, 16, 16", "[N, 8, 32, 32]"],
  ["deconv(2x2, 8, stride = 2)", "3, 5, 7", "[N, 8, 10, 14]"],
  ["linear(10)", "3, 4, 5", "[N, 10]"],
  ["globalavgpool linear(10)", "3, 4, 5", "[N, 10]"],
  ["maxpool(3x3, stride = 2, pad = 1)", "3, 112, 112", "[N, 3, 56, 56]"],
  ["maxpool(3x3, stride = 2)", "3, 55, 55", "[N, 3, 27, 27]"],
  ["maxpool(3x3, stride = 2, ceil = true)", "3, 112, 112", "[N, 3, 56, 56]"],
  ["maxpool(3x3, stride = 2, ceil = true)", "3, 6, 7", "[N, 3, 3, 3]"],
  ["maxpool(2x2, stride = 3, pad = 1, ceil = true)", "3, 5, 6", "[N, 3, 2, 3]"],
  ["maxpool(1x1, stride = 2, ceil = true)", "3, 4, 5", "[N, 3, 2, 3]"],
  ["maxpool(3x3, stride = 2, pad = same)", "3, 7, 8", "[N, 3, 4, 4]"],
  ["maxpool(2)", "3, 8, 8", "[N, 3, 4, 4]"],
  ["avgpool(2x2)", "3, 8, 6", "[N, 3, 4, 3]"],
  ["avgpool(3x3, stride = 1, pad = 1, countpad = false)", "3, 8, 6", "[N, 3, 8, 6]"],
  ["globalavgpool", "3, 8, 6", "[N, 3, 1, 1]"],
  ["globalmaxpool", "3, 8, 6", "[N, 3, 1, 1]"],
  ["channelavgpool", "3, 8, 6", "[N, 1, 8, 6]"],
  ["channelmaxpool", "3, 8, 6", "[N, 1, 8, 6]"],
  ["adaptiveavgpool(7)", "3, 10, 20", "[N, 3, 7, 7]"],
  ["adaptiveavgpool(2x3)", "3, 10, 20", "[N, 3, 2, 3]"],
  ["flatten", "3, 4, 5", "[N, 60]"],
  ["upsample(2)", "3, 4, 5", "[N, 3, 8, 10]"],
  ["upsample([1, 3])", "3, 4, 5", "[N, 3, 4, 15]"],
  ["pad(1)", "3, 4, 5", "[N, 3, 6, 7]"],
  ["pad([1, 2])", "3, 4, 5", "[N, 3, 6, 9]"],
  ["pad([1, 2, 3, 4])", "3, 4, 5", "[N, 3, 8, 11]"],
  ["pad(0, channels = 5)", "3, 4, 5", "[N, 8, 4, 5]"],
  ["pad(0, channels = [2, 3])", "3, 4, 5", "[N, 8, 4, 5]"],
  ["slice(1..3)", "3, 4, 5", "[N, 2, 4, 5]"],
  ["select(9)", "3, 4, 5", "[N, 9, 4, 5]"],
  ["scatter(9)", "3, 4, 5", "[N, 9, 4, 5]"],
  ["shuffle(3)", "6, 4, 5", "[N, 6, 4, 5]"],
  ["unshuffle(3)", "6, 4, 5", "[N, 6, 4, 5]"],
  ["groupnorm(3)", "6, 4, 5", "[N, 6, 4, 5]"],
  ["conv(7x7, 64, stride = 2)", "3, H, W", "[N, 64, ⌊(H + 1)/2⌋, ⌊(W + 1)/2⌋]"],
  ["require H % 4 == 0 maxpool(2) maxpool(2)", "3, H, H", "[N, 3, H/4, H/4]"],
  ["deconv(4x4, 8, stride = 2, pad = 1)", "3, H, W", "[N, 8, 2·H, 2·W]"],
  ["upsample(2)", "3, H, W", "[N, 3, 2·H, 2·W]"],
  ["pad([1, 2, 3, 4])", "3, H, W", "[N, 3, H + 4, W + 6]"],
  ["flatten", "3, H, W", "[N, 3·H·W]"],
  ["conv(3x3, 8, pad = same)", "3, H, W", "[N, 8, H, W]"],
  ["require H % 2 == 0 conv(3x3, 8, stride = 2, pad = same)", "3, H, H", "[N, 8, H/2, H/2]"],
  ["globalavgpool linear(10)", "3, H, W", "[N, 10]"],
];

describe("shapes", () => {
  it.each(shapes)("%s on [%s]", (statement, input, output) => {
    expect(shapeOf(statement, input)).toBe(output);
  });

  it.each(
    "batchnorm lrn relu relu6 leakyrelu(0.1) silu hardswish hardsigmoid sigmoid tanh gelu softmax dropout(0.5) droppath(0.2) scale(2)".split(
      " ",
    ),
  )("%s leaves the shape alone", (layer) => {
    expect(shapeOf(`${layer} relu`, "3, 4, 5")).toBe("[N, 3, 4, 5]");
  });

  it("are known of every layer", () => {
    const tried = shapes.map(([statement]) => statement).join(" ");
    const plain =
      "batchnorm lrn relu relu6 leakyrelu silu hardswish hardsigmoid sigmoid tanh gelu softmax dropout droppath scale";
    const missing = [...layers.keys()].filter((name) => !new RegExp(`\\b${name}\\b`).test(`${tried} ${plain}`));
    expect(missing).toEqual([]);
  });
});

describe("the smallest input that a window takes", () => {
  const edges: readonly (readonly [statement: string, fits: string, tooSmall: string])[] = [
    ["conv(7x7, 8, pad = 0)", "3, 7, 7", "3, 6, 7"],
    ["conv(3x3, 8, dilation = 3, pad = 1)", "3, 5, 5", "3, 5, 4"],
    ["maxpool(3x3)", "3, 3, 3", "3, 3, 2"],
    ["avgpool(4x2, pad = 1)", "3, 2, 1", "3, 1, 1"],
  ];
  it.each(edges)("%s", (statement, fits, tooSmall) => {
    expect(codesOf(statement, fits).filter((code) => code !== "pool-cuts")).toEqual([]);
    expect(codesOf(statement, tooSmall)).toContain("kernel-too-large");
  });
});

describe("a pooling that leaves out pixels", () => {
  it.each([
    ["avgpool(2)", "3, 7, 8", 1],
    ["avgpool(2)", "3, 7, 9", 1],
    ["avgpool(2)", "3, 8, 8", 0],
    ["maxpool(3x3, stride = 2, pad = 1)", "3, 112, 112", 0],
    ["maxpool(3x3, stride = 2)", "3, 112, 112", 1],
    ["maxpool(3x3, stride = 2, ceil = true)", "3, 112, 112", 0],
    ["transition(0.5)", "4, 9, 8", 1],
    ["conv(1x1, 8, stride = 2)", "3, 9, 9", 0],
  ] as const)("%s on [%s] warns %i times", (statement, input, times) => {
    expect(codesOf(statement, input).filter((code) => code === "pool-cuts")).toHaveLength(times);
  });
});
