import { describe, expect, it } from "vitest";
import { count } from "../../src/compiler/count.ts";
import { countsOf, network } from "./checking.ts";

describe("parameters and buffers", () => {
  it("are those of all layers, of training ones too; tables and counters are neither", () => {
    const net = network(
      "conv(3x3, 8, bias = true) batchnorm training { conv(1x1, 2) } groupnorm(4) select(4) scatter(6)",
    );
    expect(countsOf(net)).toMatchObject({ params: String(216 + 8 + 16 + 16 + 16), buffers: "16" });
    expect(countsOf(network("batchnorm(affine = false)"))).toMatchObject({ params: "0", buffers: "6" });
  });

  it("are listed layer by layer", () => {
    const { layers, params } = count(network("a: conv(1x1, 4) relu training { b: linear(2) } c: conv(1x1, 5)"));
    expect(layers.map(({ op, training, params: own, macs }) => [op.name, training, own, macs])).toEqual([
      ["a", false, 12, 768],
      ["relu1", false, 0, 0],
      ["c", false, 20, 1280],
      ["b", true, 514, 0],
    ]);
    expect(params).toBe(12 + 20 + 514);
  });
});

describe("MACs are those of convolutions and linear layers, without bias", () => {
  it.each([
    ["conv(3x3, 8)", 64 * 8 * 12 * 9],
    ["conv(3x3, 8, bias = true)", 64 * 8 * 12 * 9],
    ["conv(3x3, 24, groups = 12, stride = 2)", 16 * 24 * 9],
    ["conv(1x5, 8, dilation = 1x2)", 64 * 8 * 12 * 5],
    ["deconv(4x4, 8, stride = 2, pad = 1)", 64 * 8 * 12 * 16],
    ["deconv(2x2, 8, stride = 2, groups = 4)", 64 * 8 * 3 * 4],
    ["linear(10)", 768 * 10],
    ["globalavgpool linear(10, bias = false)", 12 * 10],
    ["batchnorm relu maxpool(2) groupnorm(3) lrn upsample(2) gelu scatter(3)", 0],
  ])("%s: %d", (use, macs) => {
    const stats = count(network(`${use} tanh`, "12, 8, 8"));
    expect(stats.macs).toBe(macs);
    expect(stats.flops).toBe(2 * macs);
  });

  it("stay exact beyond 2^53", () => {
    const { macs } = count(network("conv(1x1, 1_000_000) conv(1x1, 1_000_000)", "3, 100_000, 100_000"));
    expect(macs).toMatchObject({ numerator: 10n ** 22n + 3n * 10n ** 16n, denominator: 1n });
  });
});

describe("depth", () => {
  it.each([
    ["conv(1x1, 3) relu conv(1x1, 3) linear(2)", 3],
    ["residual { conv(1x1, 3) conv(1x1, 3) } shortcut { conv(1x1, 3) }", 2],
    ["conv(1x1, 3) -> x deconv(1x1, 3) add(x)", 2],
    ["dense(4, 2) transition(0.5)", 5],
    ["dense(4, 2, bottleneck = 2)", 8],
    ["relu training { linear(3) linear(3) }", 0],
    ["concat { branch { } branch { conv(1x1, 3) } } conv(1x1, 3)", 2],
  ])("%s: %d", (statements, depth) => {
    expect(count(network(statements)).depth).toBe(depth);
  });
});

describe("memory, in bytes, of batch 1 and float32", () => {
  const memoryOf = (statements: string) => count(network(statements)).memory;
  const image = 3 * 64 * 4;

  it("holds weights, running statistics and tables, but nothing of training and no counters", () => {
    expect(memoryOf("conv(1x1, 4) batchnorm training { linear(9) } select(5)").weightBytes).toBe((12 + 16) * 4 + 5 * 8);
    expect(memoryOf("scatter(5)").weightBytes).toBe(15 * 4);
  });

  it("counts the outputs of all layers, of those without a node none", () => {
    expect(memoryOf("relu dropout(0.5) tanh").activationBytes).toBe(2 * image);
    expect(memoryOf("relu droppath(0.5, rescale = false)").activationBytes).toBe(2 * image);
    expect(memoryOf("linear(5)").activationBytes).toBe(image + 20);
    expect(memoryOf("globalavgpool").activationBytes).toBe(12);
  });

  it("counts what Concat copies", () => {
    expect(memoryOf("concat { branch { relu } branch { } }").concatBytes).toBe(2 * image);
    expect(memoryOf("dense(2, 3)").concatBytes).toBe(2 * image + 3 * image);
  });

  it("peaks where most is alive at once", () => {
    expect(memoryOf("relu tanh sigmoid").peakBytes).toBe(2 * image);
    expect(memoryOf("relu residual { tanh sigmoid }").peakBytes).toBe(3 * image);
    expect(memoryOf("-> x relu tanh add(x)").peakBytes).toBe(3 * image);
    expect(memoryOf("relu -> a tanh output t sigmoid").peakBytes).toBeGreaterThanOrEqual(2 * image);
    expect(memoryOf("conv(1x1, 30) conv(1x1, 3)").peakBytes).toBe(11 * image);
  });

  it("is a polynomial of symbolic sizes, and open where they decide", () => {
    const { activationBytes, peakBytes } = count(network("relu globalavgpool", "3, H, W")).memory;
    expect(String(activationBytes)).toContain("object");
    expect(peakBytes).not.toBeNull();
    expect(count(network("maxpool(2) flatten", "3, H, 8")).memory.peakBytes).not.toBeNull();
  });
});
