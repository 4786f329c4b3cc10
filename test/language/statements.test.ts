import { describe, expect, it } from "vitest";
import type { Op } from "../../src/compiler/ir.ts";
import {
  around,
  codes,
  codesIn,
  countsOf,
  network,
  opNames,
  outputOf,
  shapeOf,
  tensorNames,
  wiring,
} from "./checking.ts";

describe("input", () => {
  it("stands once, first, in the body of a network", () => {
    expect(codesIn("network Net { relu }")).toEqual(["input-missing"]);
    expect(codesIn("network Net { relu input image[3, 8, 8] }")).toEqual(["input-misplaced"]);
    expect(codesIn("network Net { if true { input image[3, 8, 8] } relu }")).toEqual(["input-misplaced"]);
    expect(codes("relu input second[3, 8, 8]")).toEqual(["input-twice"]);
    expect(outputOf("relu")).toBe("[N, 3, 8, 8]");
    expect(codesIn('network Net(k = 3) { let c = k require c > 2, "" input image[c, 8, 8] relu }')).toEqual([]);
  });

  it("has three sizes, whole and at least 1, of which only height and width may be open", () => {
    expect(codes("relu", "8, 8")).toEqual(["input-rank"]);
    expect(codes("relu", "3, 8, 8, 8")).toEqual(["input-rank"]);
    expect(codes("relu", "3, 0, 8")).toEqual(["argument-range"]);
    expect(codes("relu", "3, 7 / 2, 8")).toEqual(["not-whole"]);
    expect(codes("relu", '3, "a", 8')).toEqual(["wrong-type"]);
    expect(codes("relu", "C, 8, 8")).toEqual(["channels-symbolic"]);
    expect(codes("relu", "3, N, N")).toEqual(["size-named-n"]);
    expect(codes("relu", "3, h, w")).toEqual(["unknown-name", "unknown-name"]);
    expect(codes("relu", "3, 3_000_000_000, 8")).toEqual(["argument-range"]);
    expect(outputOf("relu", "3, H, H")).toBe("[N, 3, H, H]");
  });

  it("takes a capitalised name that has a value for that value", () => {
    expect(outputOf("relu", "3, S, S", "let S = 16")).toBe("[N, 3, 16, 16]");
    expect(codesIn("network Net(S = 4) { input image[3, S, S] expect height == 4 relu }")).toEqual([]);
  });
});

describe("for, repeat and if", () => {
  it("unroll", () => {
    expect(outputOf("for k in [4, 5, 6] { conv(1x1, k) }")).toBe("[N, 6, 8, 8]");
    expect(opNames(network("for k in 2..5 { conv(1x1, k) }"))).toEqual(["conv1", "conv2", "conv3"]);
    expect(opNames(network("repeat 2 { relu tanh }"))).toEqual(["relu1", "tanh1", "relu2", "tanh2"]);
    expect(opNames(network("repeat 0 { relu } for x in [] { relu } sigmoid"))).toEqual(["sigmoid1"]);
  });

  it("count from 0", () => {
    expect(outputOf("repeat 3 as i { conv(1x1, i + 1) }")).toBe("[N, 3, 8, 8]");
    expect(outputOf("for k in [7, 9] as i { conv(1x1, k + 10 * i) }")).toBe("[N, 19, 8, 8]");
    expect(outputOf("for [k, s] in [[4, 1], [5, 2]] as i { conv(1x1, k + i, stride = s) }")).toBe("[N, 6, 4, 4]");
  });

  it("decide at compile time, else if after else if", () => {
    const choice = (k: number) =>
      outputOf(`let k = ${k} if k == 1 { conv(1x1, 11) } else if k == 2 { conv(1x1, 12) } else { conv(1x1, 13) }`);
    expect([1, 2, 3].map(choice)).toEqual(["[N, 11, 8, 8]", "[N, 12, 8, 8]", "[N, 13, 8, 8]"]);
    expect(outputOf("if false { linear(3) } relu")).toBe("[N, 3, 8, 8]");
    expect(codes("if false { linear(undefined) } relu")).toEqual(["unknown-name"]);
  });

  it("check what they are given", () => {
    expect(codes("repeat 1.5 { relu }")).toEqual(["not-whole"]);
    expect(codes("repeat -1 { relu }")).toEqual(["negative-count"]);
    expect(codes("repeat true { relu }")).toEqual(["wrong-type"]);
    expect(codes("for x in 3 { relu }")).toEqual(["wrong-type"]);
    expect(codes("for [a, b] in [[1, 2], [3]] { conv(1x1, a) }")).toEqual(["pattern-mismatch"]);
    expect(codes("for x in [1] as x { relu }")).toEqual(["duplicate-name"]);
    expect(codes("if channels { relu }")).toEqual(["wrong-type"]);
  });

  it("do not say again what went wrong inside, nor what misses because of it", () => {
    expect(codes("repeat 5 { conv(1x1, 4, groups = 2) }")).toEqual(["groups-mismatch"]);
    expect(codes("for i in 3 { relu -> skip[i] } concat(skip[0]) conv(1x1, 4)")).toEqual(["wrong-type"]);
    expect(codes("if 1 { relu -> a } add(a)")).toEqual(["wrong-type"]);
  });
});

describe("naming tensors", () => {
  it("-> names the current tensor, from goes back to it", () => {
    expect(wiring(network("-> x relu -> y from x tanh add(y)"))).toEqual([
      "relu1 <- image",
      "tanh1 <- image",
      "add1 <- tanh1 relu1",
    ]);
  });

  it("in a block the first -> names the one that entered", () => {
    expect(wiring(network("relu B", "3, 8, 8", "block B { -> x tanh add(x) }"))).toEqual([
      "relu1 <- image",
      "b1.tanh1 <- relu1",
      "b1.add1 <- b1.tanh1 relu1",
    ]);
  });

  it("the input has its name from the beginning", () => {
    expect(wiring(network("relu add(image)"))).toEqual(["relu1 <- image", "add1 <- relu1 image"]);
  });

  it("braces do not end names, and each round of a loop has its own", () => {
    expect(wiring(network("if true { relu -> a } tanh add(a)"))[2]).toBe("add1 <- tanh1 relu1");
    expect(wiring(network("repeat 2 { -> x relu add(x) }"))).toEqual([
      "relu1 <- image",
      "add1 <- relu1 image",
      "relu2 <- add1",
      "add2 <- relu2 add1",
    ]);
    expect(wiring(network("residual { relu -> a tanh } sigmoid add(a)")).at(-1)).toBe("add1 <- sigmoid1 relu1");
  });

  it("an index is any whole number, worked out where it stands", () => {
    const text = "repeat 3 as i { relu -> s[i] } let n = 3 concat(s[n - 1 - 1], s[0])";
    expect(wiring(network(text)).at(-1)).toBe("concat1 <- relu3 relu2 relu1");
    expect(codes("relu -> s[0.5] tanh")).toEqual(["not-whole"]);
    expect(codes("relu -> s[0] tanh concat(s[1])")).toEqual(["tensor-not-named"]);
    expect(codes("relu -> s[0] tanh concat(s)")).toEqual(["tensor-not-named"]);
    expect(codes("relu -> s tanh concat(s[0])")).toEqual(["tensor-not-named"]);
    expect(codes("relu tanh concat(s) -> s")).toEqual(["tensor-not-named"]);
  });

  it("from with braces leaves the outer pipeline where it was", () => {
    expect(wiring(network("-> x relu from x { tanh -> y } add(y)"))).toEqual([
      "relu1 <- image",
      "tanh1 <- image",
      "add1 <- relu1 tanh1",
    ]);
    expect(outputOf("-> x conv(1x1, 5) from x { conv(1x1, channels + 1) -> y } concat(y)")).toBe("[N, 9, 8, 8]");
  });

  it("a tensor of another block or of training is out of reach", () => {
    expect(codes("B add(t)", "3, 8, 8", "block B { relu -> t }")).toEqual(["unknown-tensor"]);
    expect(codes("relu training { tanh -> t } add(t)")).toEqual(["tensor-in-training"]);
    expect(codes("relu training { tanh -> t } from t relu")).toEqual(["tensor-in-training"]);
    expect(codes("relu training { -> t tanh } sigmoid add(t)")).toEqual([]);
    expect(codes("relu training { tanh -> t } sigmoid training { from t relu }")).toEqual([]);
  });
});

describe("what nothing uses", () => {
  it("is a mistake", () => {
    expect(codes("-> x conv(1x1, 4) from x relu")).toEqual(["unused-layer"]);
    expect(codes("-> x from x { conv(1x1, 4) tanh } relu")).toEqual(["unused-layer"]);
    expect(codes("relu -> a tanh -> b from a sigmoid")).toEqual(["unused-layer"]);
  });

  it("unless it is published, joined or in training", () => {
    expect(codes("-> x from x { conv(1x1, 4) output heat } relu")).toEqual([]);
    expect(codes("-> x from x { conv(1x1, 3) -> y } relu add(y)")).toEqual([]);
    expect(codes("relu training { linear(3) } tanh")).toEqual([]);
    expect(codes("relu -> unused tanh")).toEqual(["unused-tensor"]);
    expect(codes("residual(when = false) { relu } shortcut { conv(1x1, 3) }")).toEqual([]);
  });
});

describe("output", () => {
  it("publishes the tensor here; the last one is `output`", () => {
    const { outputs } = network("conv(1x1, 4) output features globalavgpool output pooled linear(2)");
    expect(outputs.map(({ name, activation }) => `${name} ${shapeOf(activation)}`)).toEqual([
      "output [N, 2]",
      "features [N, 4, 8, 8]",
      "pooled [N, 4, 1, 1]",
    ]);
  });

  it("has a name of its own and a tensor of its own", () => {
    expect(codes("relu output image tanh")).toEqual(["output-name-taken"]);
    expect(codes("relu output a tanh output a sigmoid")).toEqual(["output-name-taken"]);
    expect(codes("repeat 2 { relu output a } tanh")).toEqual(["output-name-taken"]);
    expect(codes("relu output a")).toEqual(["output-twice"]);
    expect(codes("relu output a dropout(0.5) output b tanh")).toEqual(["output-twice"]);
    expect(codes("output a relu")).toEqual(["output-is-input"]);
    expect(codes("dropout(0.5) output a relu")).toEqual(["output-is-input"]);
    expect(codes("relu training { tanh output a } tanh")).toEqual(["output-in-training"]);
  });

  it("a network makes something", () => {
    expect(codesIn("network Net { input image[3, 8, 8] }")).toEqual(["network-empty"]);
    expect(codes("dropout(0.1) scale(1)")).toEqual(["network-empty"]);
    expect(codes("training { linear(3) }")).toEqual(["network-empty"]);
  });
});

describe("training", () => {
  const aux = "conv(1x1, 4) training { globalavgpool linear(10) } relu conv(1x1, 2)";

  it("lists and counts parameters, no MACs, and is in no model", () => {
    const net = network(aux);
    expect(opNames(net)).toEqual(["conv1", "relu1", "conv2"]);
    expect(net.trainingOps.map((op: Op) => op.name)).toEqual(["globalavgpool1", "linear1"]);
    expect(tensorNames(net)).toEqual(["conv1.weight", "linear1.weight", "linear1.bias", "conv2.weight"]);
    expect(countsOf(net)).toEqual({ params: String(12 + 50 + 8), buffers: "0", macs: String(64 * 20), depth: "2" });
  });

  it("leaves the pipeline where it was", () => {
    expect(wiring(network(aux))).toEqual(["conv1 <- image", "relu1 <- conv1", "conv2 <- relu1"]);
  });

  it("is checked like the rest", () => {
    expect(codes("relu training { conv(1x1, 4, groups = 2) } tanh")).toEqual(["groups-mismatch"]);
    expect(
      codes("relu training { B } tanh", "3, 8, 8", "block B { conv(1x1, 2) expect params == 6 and macs == 0 }"),
    ).toEqual([]);
  });
});

describe("layers side by side", () => {
  it("compose, on one line or several", () => {
    const [one, several] = ["batchnorm relu conv(3x3, 4)", "batchnorm\n\nrelu # and\n  conv(\n 3x3,\n 4)"].map((text) =>
      wiring(network(text)),
    );
    expect(one).toEqual(["batchnorm1 <- image", "relu1 <- batchnorm1", "conv1 <- relu1"]);
    expect(several).toEqual(one);
  });

  it("take braces only where these have a meaning", () => {
    expect(codes("relu { tanh }")).toEqual(["body-unexpected"]);
    expect(codes("transition(0.5) { tanh }")).toEqual(["body-unexpected"]);
    expect(codes("residual gate")).toEqual(["body-missing", "body-missing"]);
    expect(codes("relu shortcut { tanh }")).toEqual(["shortcut-unexpected"]);
    expect(codes("gate { sigmoid } shortcut { tanh }")).toEqual(["shortcut-unexpected"]);
    expect(codes("residual as i { relu }")).toEqual(["index-unexpected"]);
    expect(codes("dense(2, 3) as l")).toEqual(["index-unexpected"]);
    expect(codes("branch { relu }")).toEqual(["branch-misplaced"]);
    expect(codesIn(around("residual { branch { relu } }"))).toEqual(["branch-misplaced"]);
  });
});
