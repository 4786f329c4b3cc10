import { describe, expect, it } from "vitest";
import { compileText } from "../compiling.ts";
import { around, codes, countsOf, network, onlyOp, opNames, outputOf, tensorNames, wiring } from "./checking.ts";

describe("dense", () => {
  it("gives layer l the input and all earlier outputs: k0 + k·(l−1) channels", () => {
    const net = network("conv(1x1, 10) dense(4, 6)");
    const seen = net.ops.flatMap((op) => (op.kind === "batchnorm" ? [op.settings.channels] : []));
    expect(seen).toEqual([10, 16, 22, 28]);
    expect(outputOf("conv(1x1, 10) dense(4, 6)")).toBe("[N, 34, 8, 8]");
  });

  it("is BN-ReLU-Conv(3×3, k)", () => {
    expect(wiring(network("dense(2, 4)"))).toEqual([
      "dense1.denselayer1.norm1 <- image",
      "dense1.denselayer1.relu1 <- dense1.denselayer1.norm1",
      "dense1.denselayer1.conv1 <- dense1.denselayer1.relu1",
      "dense1.concat1 <- image dense1.denselayer1.conv1",
      "dense1.denselayer2.norm1 <- dense1.concat1",
      "dense1.denselayer2.relu1 <- dense1.denselayer2.norm1",
      "dense1.denselayer2.conv1 <- dense1.denselayer2.relu1",
      "dense1.concat2 <- dense1.concat1 dense1.denselayer2.conv1",
    ]);
    const { kernel, channels, pad, bias } = onlyOp(network("dense(1, 4)"), "conv").settings;
    expect({ kernel, channels, pad, bias }).toEqual({ kernel: [3, 3], channels: 4, pad: [1, 1, 1, 1], bias: false });
  });

  it("with a bottleneck is BN-ReLU-Conv(1×1, b·k)-BN-ReLU-Conv(3×3, k)", () => {
    const net = network("dense(1, 4, bottleneck = 3)");
    expect(net.ops.map(({ kind }) => kind)).toEqual([
      "batchnorm",
      "relu",
      "conv",
      "batchnorm",
      "relu",
      "conv",
      "concat",
    ]);
    const convolutions = net.ops.flatMap(({ kind, settings }) =>
      kind === "conv" ? [[settings.kernel, settings.channels]] : [],
    );
    expect(convolutions).toEqual([
      [[1, 1], 12],
      [[3, 3], 4],
    ]);
    expect(tensorNames(net).filter((name) => name.endsWith("weight"))).toEqual([
      "dense1.denselayer1.norm1.weight",
      "dense1.denselayer1.conv1.weight",
      "dense1.denselayer1.norm2.weight",
      "dense1.denselayer1.conv2.weight",
    ]);
  });

  it("drops out after each convolution, and groups the 3×3 one", () => {
    expect(opNames(network("dense(1, 4, dropout = 0.2)"))).toContain("dense1.denselayer1.dropout1");
    const names = opNames(network("dense(1, 4, bottleneck = 2, dropout = 0.2)"));
    expect(names.slice(2, 4)).toEqual(["dense1.denselayer1.conv1", "dense1.denselayer1.dropout1"]);
    expect(names.slice(6, 8)).toEqual(["dense1.denselayer1.conv2", "dense1.denselayer1.dropout2"]);
    expect(opNames(network("dense(1, 4)")).some((name) => name.includes("dropout"))).toBe(false);
    const grouped = network("conv(1x1, 4) dense(1, 4, bottleneck = 2, groups = 4)").ops;
    expect(grouped.flatMap(({ kind, settings }) => (kind === "conv" ? [settings.groups] : []))).toEqual([1, 1, 4]);
  });

  it("without keep leaves out its own input, and makes no concat in vain", () => {
    const net = network("conv(1x1, 10) dense(3, 4, keep = false)");
    expect(wiring(net).at(-1)).toBe(
      "dense1.concat3 <- dense1.denselayer1.conv1 dense1.denselayer2.conv1 dense1.denselayer3.conv1",
    );
    expect(outputOf("conv(1x1, 10) dense(3, 4, keep = false)")).toBe("[N, 12, 8, 8]");
    expect(outputOf("conv(1x1, 10) dense(1, 4, keep = false)")).toBe("[N, 4, 8, 8]");
  });

  it("keeps its derivation", () => {
    expect(network("conv(1x1, 10) b: dense(3, 4, bottleneck = 2)").denseBlocks).toMatchObject([
      { path: "b", k0: 10, growth: 4, layers: 3, bottleneck: 2, keep: true, first: 1, end: 22 },
    ]);
  });

  it("takes layers and growth by position, the rest by name", () => {
    expect(outputOf("dense(growth = 4, layers = 2)")).toBe("[N, 11, 8, 8]");
    expect(codes("dense(2, 4, 4)")).toEqual(["argument-needs-name"]);
    expect(codes("dense(2)")).toEqual(["missing-argument"]);
    expect(codes("dense")).toEqual(["missing-argument"]);
    expect(codes("dense(0, 4)")).toEqual(["argument-range"]);
    expect(codes("dense(2, 0)")).toEqual(["argument-range"]);
    expect(codes("dense(2, 4, bottleneck = 0)")).toEqual(["argument-range"]);
    expect(codes("dense(2, 4, dropout = 2)")).toEqual(["argument-range"]);
    expect(codes("dense((40 - 4) / 5, 4)")).toEqual(["not-whole"]);
    expect(codes("dense(1, 2_000_000_000, bottleneck = 2_000_000_000)")).toEqual(["too-large"]);
  });
});

describe("dense with a body", () => {
  it("runs the body for each layer, and takes its growth from the first", () => {
    expect(outputOf("dense(6, growth = 4) { batchnorm relu conv(1x1, 8) batchnorm relu conv(3x3, 4) }")).toBe(
      "[N, 27, 8, 8]",
    );
    expect(outputOf("dense(3) { conv(3x3, 5) }")).toBe("[N, 18, 8, 8]");
    expect(network("dense(3) { conv(3x3, 5) }").denseBlocks).toMatchObject([{ growth: 5, bottleneck: null }]);
  });

  it("counts l from 1 to n", () => {
    const net = network("dense(3) as l { conv(1x1, 4) dropout(l / 12) }");
    expect(net.ops.flatMap(({ kind, settings }) => (kind === "dropout" ? [settings.rate] : []))).toEqual([
      1 / 12,
      2 / 12,
      3 / 12,
    ]);
  });

  it("says which layer adds another number of channels, and of how many it was made", () => {
    const { diagnostics } = compileText(
      around("conv(1x1, 64) dense(6, growth = 32) as l { conv(1x1, if l == 3 then 48 else 32) }"),
    );
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({
      code: "dense-growth-mismatch",
      message: "layer 3 of this dense block adds 48 channels, but its growth is 32",
      notes: ["k0 + k·(l−1): 64, 96, 128, …"],
    });
    expect(diagnostics[0]?.related[0]?.message).toBe("makes [N, 48, 8, 8] from 128 = 64 + 32·(3−1) channels");
    expect(codes("dense(2) as l { conv(1x1, l) }")).toEqual(["dense-growth-mismatch"]);
  });

  it("leaves height and width alone", () => {
    expect(codes("dense(2) { maxpool(2) }")).toEqual(["dense-size-change"]);
    expect(codes("dense(2) { linear(3) }")).toEqual(["dense-size-change"]);
  });

  it("takes nothing that shapes the built-in layer", () => {
    expect(codes("dense(2, bottleneck = 4) { conv(1x1, 4) }")).toEqual(["dense-body-argument"]);
    expect(codes("dense(2, dropout = 0.1, groups = 2) { conv(1x1, 4) }")).toEqual(["dense-body-argument"]);
    expect(outputOf("conv(1x1, 8) dense(2, keep = false) { conv(1x1, 4) }")).toBe("[N, 8, 8, 8]");
  });

  it("names its layers denselayer1 …, or as its one labelled statement does", () => {
    const head = "block Layer(k) { norm: batchnorm conv: conv(3x3, k) }";
    expect(tensorNames(network("d: dense(2) { conv(1x1, 4) relu }"))).toEqual([
      "d.denselayer1.conv1.weight",
      "d.denselayer2.conv1.weight",
    ]);
    const named = network('d: dense(2) as l { "denselayer_{l}": Layer(4) }', "3, 8, 8", head);
    expect(tensorNames(named).filter((name) => name.endsWith("weight"))).toEqual([
      "d.denselayer_1.norm.weight",
      "d.denselayer_1.conv.weight",
      "d.denselayer_2.norm.weight",
      "d.denselayer_2.conv.weight",
    ]);
    expect(tensorNames(network('dense(2) as l { "x{l}": { conv(1x1, 4) relu } }'))).toEqual([
      "dense1.x1.conv1.weight",
      "dense1.x2.conv1.weight",
    ]);
    expect(tensorNames(network("dense(1) { a: conv(1x1, 4) relu }"))).toEqual(["dense1.denselayer1.a.weight"]);
    expect(codes("dense(2) { a: conv(1x1, 4) }")).toEqual(["duplicate-tensor"]);
  });

  it("nests, and may use names", () => {
    expect(outputOf("dense(2) { -> x conv(1x1, 4) residual { conv(3x3, 4) } }")).toBe("[N, 11, 8, 8]");
    expect(outputOf("dense(2) { dense(2, 2, keep = false) }")).toBe("[N, 11, 8, 8]");
  });

  it("says one thing for one mistake", () => {
    expect(codes("dense(5, 4) { conv(1x1, 4, groups = 2) }")).toEqual(["groups-mismatch"]);
    expect(codes("dense(5, 4) { conv(1x1, 3) } linear(3)")).toEqual(["dense-growth-mismatch"]);
  });
});

describe("transition", () => {
  it("is BN-ReLU-Conv(1×1, ⌊θ·m⌋)-AvgPool(2×2, stride 2)", () => {
    const net = network("conv(1x1, 11) transition(0.5)");
    expect(net.ops.slice(1).map(({ kind, name }) => `${name} ${kind}`)).toEqual([
      "transition1.norm batchnorm",
      "transition1.relu relu",
      "transition1.conv conv",
      "transition1.pool avgpool",
    ]);
    expect(outputOf("conv(1x1, 11) transition(0.5)")).toBe("[N, 5, 4, 4]");
    expect(onlyOp(net, "avgpool").settings).toMatchObject({ kernel: [2, 2], stride: [2, 2], pad: [0, 0, 0, 0] });
  });

  it("floors exactly", () => {
    expect(outputOf("conv(1x1, 100) transition(0.29)")).toBe("[N, 29, 4, 4]");
    expect(outputOf("conv(1x1, 10) transition(1)")).toBe("[N, 10, 4, 4]");
    expect(outputOf("conv(1x1, 9) transition(1 / 3)")).toBe("[N, 3, 4, 4]");
  });

  it("wants 0 < θ ≤ 1 and a channel left", () => {
    expect(codes("transition(0)")).toEqual(["compression-range"]);
    expect(codes("transition(1.01)")).toEqual(["compression-range"]);
    expect(codes("transition(-0.5)")).toEqual(["compression-range"]);
    expect(codes("transition(0.3)")).toEqual(["compression-empty"]);
    expect(codes("transition")).toEqual(["missing-argument"]);
    expect(codes("transition(true)")).toEqual(["wrong-type"]);
  });

  it("warns where the pooling leaves pixels out", () => {
    expect(codes("transition(0.5)", "4, 7, 8")).toEqual(["pool-cuts"]);
  });
});

it("counts the DenseNet of a hand calculation", () => {
  // BN 2·3, conv 9·3·4; BN 2·7, conv 9·7·4; BN 2·11, conv 11·5.
  const params = 6 + 108 + 14 + 252 + 22 + 55;
  const macs = 64 * (108 + 252 + 55);
  expect(countsOf(network("dense(2, 4) transition(0.5)"))).toEqual({
    params: String(params),
    buffers: String(2 * (3 + 7 + 11)),
    macs: String(macs),
    depth: "3",
  });
});
