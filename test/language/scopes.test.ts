import { describe, expect, it } from "vitest";
import { codes, codesIn, network, networkIn, opNames, outputOf, worthOf } from "./checking.ts";

describe("a name lives to the end of the braces around it", () => {
  it("and not beyond", () => {
    expect(codes("if true { let k = 4 conv(1x1, k) } conv(1x1, k)")).toEqual(["unknown-name"]);
    expect(codes("repeat 2 as i { conv(1x1, i + 1) } conv(1x1, i)")).toEqual(["unknown-name"]);
    expect(codes("for k in [4] { conv(1x1, k) } conv(1x1, k)")).toEqual(["unknown-name"]);
    expect(codes("s: { let k = 4 } conv(1x1, k)")).toEqual(["unknown-name"]);
    expect(codes("residual { let k = 3 conv(1x1, k) } shortcut { conv(1x1, k) }")).toEqual(["unknown-name"]);
  });

  it("and not before", () => {
    expect(codes("conv(1x1, k) let k = 4")).toEqual(["unknown-name"]);
    expect(codes("let a = b let b = 1 conv(1x1, a)")).toEqual(["unknown-name"]);
  });

  it("hides an outer one inside, which is back after", () => {
    expect(outputOf("let k = 4 if true { let k = 5 conv(1x1, k) } conv(1x1, k) relu")).toBe("[N, 4, 8, 8]");
    expect(outputOf("let k = 4 for k in [6, 7] { conv(1x1, k) } conv(1x1, k)")).toBe("[N, 4, 8, 8]");
    expect(outputOf("let k = 4 let k = k + 1 conv(1x1, k)")).toBe("[N, 5, 8, 8]");
    expect(worthOf("let x = 1 in (let x = x + 1 in x * 10) + x")).toBe("21");
    expect(worthOf("[x for x in [1, 2]][x]", "let x = 1")).toBe("2");
  });

  it("is seen in comprehensions, labels and indices", () => {
    expect(opNames(network('let k = 2 for n in [i * k for i in 1..3] as j { "l{j}.{n}": conv(1x1, n) }'))).toEqual([
      "l0.2",
      "l1.4",
    ]);
  });
});

describe("channels, height and width", () => {
  it("are those of the tensor that reaches the expression", () => {
    expect(outputOf("conv(3x3, 2 * channels, stride = 2) conv(1x1, channels + height)")).toBe("[N, 10, 4, 4]");
    expect(outputOf("let c = channels conv(1x1, 7) conv(1x1, c)")).toBe("[N, 3, 8, 8]");
    expect(outputOf("conv(1x1, width)", "3, 8, 10")).toBe("[N, 10, 8, 10]");
  });

  it("are hidden by a parameter, a let and a top-level let of that name", () => {
    const text = "network Net(width = 2.0) { input image[3, 8, 8] conv(1x1, 3 * width) expect width == 2 }";
    expect(opNames(networkIn(text))).toEqual(["conv1"]);
    expect(outputOf("let height = 5 conv(1x1, height)")).toBe("[N, 5, 8, 8]");
    expect(outputOf("conv(1x1, channels)", "3, 8, 8", "let channels = 9")).toBe("[N, 9, 8, 8]");
  });

  it("have no value where no tensor flows", () => {
    expect(codesIn("let c = channels\nnetwork Net { input image[3, 8, 8] relu }")).toEqual(["no-tensor-here"]);
    expect(codesIn("fn f(x) = x * height\nnetwork Net { input image[3, 8, 8] relu }")).toEqual(["no-tensor-here"]);
    expect(codesIn("network Net(k = channels) { input image[3, 8, 8] conv(1x1, k) }")).toEqual(["no-tensor-here"]);
    expect(codesIn("network Net { let c = channels input image[c, 8, 8] relu }")).toEqual(["no-tensor-here"]);
    expect(codesIn("network Net { input image[3, width, 8] relu }")).toEqual(["no-tensor-here"]);
    expect(codesIn('network Net { require channels == 3, "" input image[3, 8, 8] relu }')).toEqual(["no-tensor-here"]);
  });

  it("have no height and width after linear and flatten", () => {
    expect(codes("flatten linear(height)")).toEqual(["no-spatial-size"]);
    expect(outputOf("flatten linear(channels)")).toBe("[N, 192]");
  });
});

describe("what a name means elsewhere", () => {
  it("a layer, block, construct or tensor is no value", () => {
    expect(codes("conv(1x1, relu)")).toEqual(["layer-as-value"]);
    expect(codes("conv(1x1, dense)")).toEqual(["layer-as-value"]);
    expect(codes("relu(conv(1x1, 3))")).toEqual(["layer-as-value"]);
    expect(codes("conv(1x1, B)", "3, 8, 8", "block B { relu }")).toEqual(["declaration-as-value"]);
    expect(codes("conv(1x1, Net)")).toEqual(["declaration-as-value"]);
    expect(codes("-> x conv(1x1, x)")).toEqual(["tensor-as-value"]);
    expect(codes("relu -> x add(x) scale(x)")).toEqual(["tensor-as-value"]);
    expect(codes("scale(1 - image)")).toEqual(["tensor-as-value"]);
  });

  it("a value, tensor, function or network is no layer", () => {
    expect(codes("let k = 3 k")).toEqual(["not-a-layer"]);
    expect(codes("relu -> x x relu")).toEqual(["not-a-layer"]);
    expect(codes("f", "3, 8, 8", "fn f() = 3")).toEqual(["not-a-layer"]);
    expect(codes("Net")).toEqual(["not-a-layer"]);
  });

  it("counts are known to expect alone", () => {
    expect(codes("conv(1x1, params)")).toEqual(["count-outside-expect"]);
    expect(codes('conv(1x1, 4) require macs > 3, ""')).toEqual(["count-outside-expect"]);
    expect(codesIn("let x = depth\nnetwork Net { input image[3, 8, 8] relu }")).toEqual(["count-outside-expect"]);
  });

  it("a tensor and a value may share a name, and each is taken where it fits", () => {
    expect(outputOf("let x = 5 relu -> x conv(1x1, x) concat(x)")).toBe("[N, 8, 8, 8]");
  });

  it("suggests the name that was meant", () => {
    expect(codes("rellu")).toEqual(["unknown-layer"]);
    expect(codes("let growth = 3 conv(1x1, grwoth)")).toEqual(["unknown-name"]);
    expect(codes("relu -> skip from skp relu")).toEqual(["unknown-tensor"]);
  });
});

describe("the top level", () => {
  it("has its values in any order, and all of its names once", () => {
    expect(worthOf("a + f(2)", "let a = b * 2\nfn f(x) = x + b\nlet b = 5")).toBe("17");
    expect(codesIn("let a = 1\nfn a(x) = x\nblock B { relu }\nblock B { relu }")).toEqual([
      "duplicate-name",
      "duplicate-name",
    ]);
  });

  it("has its own names inside functions and blocks, not those of the place of use", () => {
    expect(worthOf("let k = 1 in f(0)", "let k = 10\nfn f(x) = x + k")).toBe("10");
    expect(outputOf("let k = 4 B", "3, 8, 8", "let k = 6\nblock B { conv(1x1, k) }")).toBe("[N, 6, 8, 8]");
    expect(codes("let q = 4 B", "3, 8, 8", "block B { conv(1x1, q) }")).toEqual(["unknown-name"]);
    expect(codes("relu -> t B", "3, 8, 8", "block B { relu add(t) }")).toEqual(["unknown-tensor"]);
  });

  it("wants capitals for networks and blocks", () => {
    expect(codesIn("block b { relu }\nnetwork net { input image[3, 8, 8] b }")).toEqual([
      "capital-needed",
      "capital-needed",
    ]);
  });
});
