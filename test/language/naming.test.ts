import { describe, expect, it } from "vitest";
import { codes, network, opNames, tensorNames } from "./checking.ts";

const block = "block Bottleneck { conv(1x1, 3) }\nblock ResNet50 { conv(1x1, 3) }";
const weights = (statements: string, head = "") => tensorNames(network(statements, "3, 8, 8", head));

describe("a layer is named", () => {
  it("by its label path", () => {
    expect(weights("features: { stem: { conv0: conv(1x1, 3) } } head: conv(1x1, 3)")).toEqual([
      "features.stem.conv0.weight",
      "head.weight",
    ]);
  });

  it("by kind and place among those of its kind in its scope", () => {
    expect(opNames(network("conv(1x1, 3) relu conv(1x1, 3) s: { conv(1x1, 3) relu } conv(1x1, 3)"))).toEqual([
      "conv1",
      "relu1",
      "conv2",
      "s.conv1",
      "s.relu1",
      "conv3",
    ]);
    expect(opNames(network("conv(1x1, 3) stem: conv(1x1, 3) conv(1x1, 3)"))).toEqual(["conv1", "stem", "conv3"]);
  });

  it("with _ after a kind that ends in a digit", () => {
    expect(opNames(network("relu6 relu6"))).toEqual(["relu6_1", "relu6_2"]);
    expect(weights("ResNet50", block)).toEqual(["resnet50_1.conv1.weight"]);
  });

  it("joins by their kind too", () => {
    expect(
      opNames(network("residual { relu } gate { sigmoid } residual { tanh } concat { branch { } branch { } }")),
    ).toEqual(["relu1", "residual1", "sigmoid1", "gate1", "tanh1", "residual2", "concat1"]);
    expect(opNames(network("relu -> a tanh j: mul(a) add(a)")).slice(2)).toEqual(["j", "add1"]);
  });
});

describe("scopes", () => {
  it("are opened by blocks, dense and transition, by label or by kind and position", () => {
    expect(weights("Bottleneck b: Bottleneck Bottleneck", block)).toEqual([
      "bottleneck1.conv1.weight",
      "b.conv1.weight",
      "bottleneck3.conv1.weight",
    ]);
    const names = weights("dense(1, 4) t: transition(0.5) d: dense(1, 4) transition(0.5) dense(1, 4)");
    expect([...new Set(names.map((name) => name.split(".")[0]))]).toEqual([
      "dense1",
      "t",
      "d",
      "transition2",
      "dense3",
    ]);
  });

  it("are not opened by for, repeat, if and unlabelled joins", () => {
    expect(weights("repeat 2 { conv(1x1, 3) } for x in [1] { conv(1x1, 3) } if true { conv(1x1, 3) }")).toEqual([
      "conv1.weight",
      "conv2.weight",
      "conv3.weight",
      "conv4.weight",
    ]);
    expect(
      weights("residual { conv(1x1, 3) } concat { branch { conv(1x1, 3) } branch { gate { conv(1x1, 3) } } }"),
    ).toEqual(["conv1.weight", "conv2.weight", "conv3.weight"]);
  });

  it("are opened by labelled joins and branches", () => {
    const text =
      "j: residual { conv(1x1, 3) } shortcut { conv(1x1, 3) } concat { a: branch { conv(1x1, 3) } b: branch { conv(1x1, 3) } }";
    expect(weights(text)).toEqual(["j.conv1.weight", "j.conv2.weight", "a.conv1.weight", "b.conv1.weight"]);
    expect(opNames(network(text))).toContain("j");
  });

  it("open again where their label comes again, and go on counting", () => {
    expect(weights("s: { conv(1x1, 3) } conv(1x1, 3) s: { conv(1x1, 3) }")).toEqual([
      "s.conv1.weight",
      "s.conv2.weight",
      "conv1.weight",
    ]);
    expect(weights("conv_1: select(3) conv_1: { norm: batchnorm(affine = false) conv: conv(1x1, 3) }")).toEqual([
      "conv_1.index",
      "conv_1.norm.running_mean",
      "conv_1.norm.running_var",
      "conv_1.norm.num_batches_tracked",
      "conv_1.conv.weight",
    ]);
  });

  it("list own tensors before inner scopes", () => {
    expect(weights("s: { a: conv(1x1, 3) } s: conv(1x1, 3)")).toEqual(["s.weight", "s.a.weight"]);
  });

  it("hold a place where they are empty", () => {
    expect(weights("a: { } b: conv(1x1, 3) a: { conv(1x1, 3) }")).toEqual(["a.conv1.weight", "b.weight"]);
  });

  it("come where their label first appears, however deep", () => {
    expect(weights('"x.y": conv(1x1, 3) z: conv(1x1, 3) x: { w: conv(1x1, 3) y: { v: conv(1x1, 3) } }')).toEqual([
      "x.y.weight",
      "x.y.v.weight",
      "x.w.weight",
      "z.weight",
    ]);
  });
});

describe("labels", () => {
  it("may be any word, also a reserved one, or a text with expressions", () => {
    expect(weights('if: conv(1x1, 3) network: conv(1x1, 3) "0": conv(1x1, 3) relu: conv(1x1, 3)')).toEqual([
      "if.weight",
      "network.weight",
      "0.weight",
      "relu.weight",
    ]);
    expect(weights('for n in [3] as i { "layer{i + 1}.{n}-{2 * n}": conv(1x1, n) }')).toEqual(["layer1.3-6.weight"]);
    expect(weights('let s = "stem" "{s}_{1}": conv(1x1, 3)')).toEqual(["stem_1.weight"]);
  });

  it("open places inside one another by dots, the same as braces", () => {
    expect(weights('"a.b": conv(1x1, 3)')).toEqual(weights("a: { b: conv(1x1, 3) }"));
  });

  it("are made of letters, digits, _ and -", () => {
    expect(codes('"": relu')).toEqual(["bad-label"]);
    expect(codes('"a b": relu')).toEqual(["bad-label"]);
    expect(codes('"a..b": relu')).toEqual(["bad-label"]);
    expect(codes('".a": relu')).toEqual(["bad-label"]);
    expect(codes('"{1 / 3}": relu')).toEqual(["bad-label"]);
    expect(codes('"{[1]}": relu')).toEqual(["wrong-type"]);
    expect(codes(`"${"a".repeat(201)}": relu`)).toEqual(["bad-label"]);
  });
});

describe("names are unique", () => {
  it("two tensors of one name are an error, shown with the first", () => {
    expect(codes("a: conv(1x1, 3) a: conv(1x1, 3)")).toEqual(["duplicate-tensor"]);
    expect(codes("repeat 3 { a: conv(1x1, 3) }")).toEqual(["duplicate-tensor"]);
    expect(codes('a: { b: conv(1x1, 3) } "a.b": conv(1x1, 3)')).toEqual(["duplicate-tensor"]);
    expect(codes("conv2: conv(1x1, 3) conv(1x1, 3)")).toEqual(["duplicate-tensor"]);
    expect(codes("b: Bottleneck b: Bottleneck", "3, 8, 8", "block Bottleneck { c: conv(1x1, 3) }")).toEqual([
      "duplicate-tensor",
    ]);
  });

  it("layers that store nothing may share a label, and still have names of their own", () => {
    expect(opNames(network("repeat 3 { act: relu } act_2: tanh act: conv(1x1, 3)"))).toEqual([
      "act",
      "act_2",
      "act_3",
      "act_2_2",
      "act_4",
    ]);
  });

  it("a thousand of one label", () => {
    const names = opNames(network("repeat 1000 { act: relu }"));
    expect(new Set(names).size).toBe(1000);
    expect(names.at(-1)).toBe("act_1000");
  });
});
