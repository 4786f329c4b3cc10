import { describe, expect, it } from "vitest";
import { compileText } from "../compiling.ts";
import { around, codes, messages, network, onlyOp, opNames, outputOf, wiring } from "./checking.ts";

describe("residual", () => {
  it("is x + body(x)", () => {
    expect(wiring(network("conv(1x1, 4) residual { conv(3x3, 4) relu }"))).toEqual([
      "conv1 <- image",
      "conv2 <- conv1",
      "relu1 <- conv2",
      "residual1 <- conv1 relu1",
    ]);
    expect(onlyOp(network("residual { conv(3x3, 3) }"), "add").inputs).toHaveLength(2);
  });

  it("is shortcut(x) + body(x)", () => {
    const net = network("residual { conv(3x3, 8, stride = 2) } shortcut { conv(1x1, 8, stride = 2) batchnorm }");
    expect(wiring(net)).toEqual([
      "conv1 <- image",
      "conv2 <- image",
      "batchnorm1 <- conv2",
      "residual1 <- batchnorm1 conv1",
    ]);
  });

  it("is the body alone when `when` is false", () => {
    const net = network("residual(when = channels == 4) { conv(3x3, 4) } shortcut { conv(1x1, 9) }");
    expect(opNames(net)).toEqual(["conv1"]);
    expect(outputOf("residual(when = channels == 3) { conv(3x3, 3) }")).toBe("[N, 3, 8, 8]");
  });

  it("has branches that may begin elsewhere", () => {
    expect(wiring(network("-> x relu residual { tanh } shortcut { from x sigmoid }"))).toEqual([
      "relu1 <- image",
      "tanh1 <- relu1",
      "sigmoid1 <- image",
      "residual1 <- sigmoid1 tanh1",
    ]);
  });
});

describe("gate", () => {
  it("is x · body(x), one number for each channel or pixel stretched", () => {
    expect(outputOf("conv(1x1, 16) gate { globalavgpool conv(1x1, channels / 4) relu conv(1x1, 16) sigmoid }")).toBe(
      "[N, 16, 8, 8]",
    );
    expect(outputOf("gate { channelavgpool sigmoid }")).toBe("[N, 3, 8, 8]");
    expect(outputOf("gate { globalavgpool linear(3) sigmoid }")).toBe("[N, 3, 8, 8]");
    expect(outputOf("gate { sigmoid }")).toBe("[N, 3, 8, 8]");
    expect(wiring(network("gate { sigmoid }")).at(-1)).toBe("gate1 <- image sigmoid1");
    expect(onlyOp(network("gate { sigmoid }"), "mul").output.shape).toEqual([3, 8, 8]);
  });

  it("stretches nothing else", () => {
    expect(codes("gate { globalavgpool conv(1x1, 1) }")).toEqual(["join-mismatch"]);
    expect(codes("gate { maxpool(2) }")).toEqual(["join-mismatch"]);
    expect(codes("gate { conv(1x1, 6) }")).toEqual(["join-mismatch"]);
    expect(codes("gate { avgpool(8x1) }")).toEqual(["join-mismatch"]);
    expect(codes("gate { flatten linear(4) }")).toEqual(["join-mismatch"]);
  });
});

describe("concat, add, mean and mul", () => {
  it("join branches, in their order; an empty one is the identity", () => {
    const text = "concat { branch { conv(1x1, 4) } branch { conv(1x1, 6) relu } branch { } }";
    expect(outputOf(text)).toBe("[N, 13, 8, 8]");
    expect(wiring(network(text)).at(-1)).toBe("concat1 <- conv1 relu1 image");
    for (const kind of ["add", "mean", "mul"] as const) {
      expect(onlyOp(network(`${kind} { branch { relu } branch { tanh } branch { } }`), kind).inputs).toHaveLength(3);
    }
  });

  it("join the current tensor with named ones", () => {
    expect(wiring(network("relu -> a tanh -> b sigmoid concat(a, b)")).at(-1)).toBe("concat1 <- sigmoid1 relu1 tanh1");
    expect(outputOf("relu -> a tanh add(a) mean(a) mul(a, a)")).toBe("[N, 3, 8, 8]");
  });

  it("have for, repeat, if and let around their branches", () => {
    const text = `concat {
      let k = 4
      branch { }
      for n in [1, 2] { branch { conv(1x1, n * k) } }
      repeat 2 as i { if i == 1 { branch { conv(1x1, 5) } } }
    }`;
    expect(outputOf(text)).toBe("[N, 20, 8, 8]");
  });

  it("of one branch are that branch", () => {
    expect(opNames(network("concat { branch { relu } }"))).toEqual(["relu1"]);
    expect(opNames(network("relu add { branch { } }"))).toEqual(["relu1"]);
  });

  it("nest", () => {
    expect(outputOf("concat { branch { concat { branch { relu } branch { } } } branch { } }")).toBe("[N, 9, 8, 8]");
  });

  it("work on vectors", () => {
    expect(outputOf("linear(4) concat { branch { } branch { linear(3) } }")).toBe("[N, 7]");
    expect(outputOf("linear(4) residual { linear(4) }")).toBe("[N, 4]");
  });

  it("need branches or names, not both, nor anything else", () => {
    expect(codes("concat")).toEqual(["join-form"]);
    expect(codes("concat()")).toEqual(["join-form"]);
    expect(codes("relu -> a concat(a) { branch { } }")).toEqual(["join-form"]);
    expect(codes("concat { }")).toEqual(["join-empty"]);
    expect(codes("concat { if false { branch { } } }")).toEqual(["join-empty"]);
    expect(codes("concat { relu }")).toEqual(["not-a-branch"]);
    expect(codes("concat { a: { branch { } } }")).toEqual(["not-a-branch"]);
    expect(codes("concat { repeat 2 { relu } }")).toEqual(["not-a-branch"]);
    expect(codes("concat { -> x branch { } }")).toEqual(["not-a-branch"]);
    expect(codes("concat(3)")).toEqual(["tensor-expected"]);
    expect(codes("concat(relu)")).toEqual(["unknown-tensor"]);
    expect(codes("relu -> a concat(x = a)")).toEqual(["unknown-argument"]);
  });
});

describe("mul stretches", () => {
  it.each([
    ["globalavgpool", "[N, c, 1, 1]"],
    ["globalavgpool linear(3)", "[N, c]"],
    ["channelavgpool", "[N, 1, h, w]"],
  ])("%s, %s, over [N, c, h, w], on either side", (small) => {
    expect(outputOf(`mul { branch { relu } branch { ${small} } }`)).toBe("[N, 3, 8, 8]");
    expect(outputOf(`mul { branch { ${small} } branch { relu } }`)).toBe("[N, 3, 8, 8]");
    expect(codes(`add { branch { ${small} } branch { relu } }`)).toEqual(["join-mismatch"]);
  });

  it("several of them over one image, in any order", () => {
    const [small, flat, large] = ["branch { globalavgpool }", "branch { channelmaxpool }", "branch { relu }"];
    expect(outputOf(`mul { ${small} ${flat} ${large} }`)).toBe("[N, 3, 8, 8]");
    expect(outputOf(`mul { ${large} ${flat} ${small} }`)).toBe("[N, 3, 8, 8]");
    expect(codes(`mul { ${small} ${flat} }`)).toEqual(["join-mismatch"]);
  });
});

describe("joins check that the shapes agree", () => {
  it("and say which dimension differs", () => {
    expect(messages("residual { conv(3x3, 8) }")).toEqual([
      "residual cannot join [N, 3, 8, 8] and [N, 8, 8, 8]: channels differ",
    ]);
    expect(messages("concat { branch { maxpool(2) } branch { } }")).toEqual([
      "concat cannot join [N, 3, 4, 4] and [N, 3, 8, 8]: height and width differ",
    ]);
    expect(messages("add { branch { maxpool(1x2) } branch { } }")).toEqual([
      "add cannot join [N, 3, 8, 4] and [N, 3, 8, 8]: width differs",
    ]);
    expect(messages("add { branch { linear(3) } branch { } }")).toEqual([
      "add cannot join [N, 3] and [N, 3, 8, 8]: only one of them is an image",
    ]);
  });

  it("and show the lines that made each", () => {
    const { diagnostics } = compileText(around("residual { conv(3x3, 8) batchnorm }"));
    expect(
      diagnostics[0]?.related.map(({ span, message }) => [span.source.text.slice(span.start, span.end), message]),
    ).toEqual([
      ["input image[3, 8, 8]", "is [N, 3, 8, 8]"],
      ["batchnorm", "makes [N, 8, 8, 8]"],
    ]);
  });

  it("counts the channels of many branches exactly", () => {
    expect(outputOf("concat { repeat 100 { branch { } } }")).toBe("[N, 300, 8, 8]");
    expect(codes("repeat 6 { concat { repeat 1000 { branch { } } } }")).toEqual(["too-large"]);
  });
});

describe("the help for a residual that does not fit", () => {
  const bodies: Readonly<Record<string, string>> = {
    "conv(3x3, 16)": "conv(1x1, 16)",
    "conv(3x3, 16, stride = 2)": "conv(1x1, 16, stride = 2)",
    "conv(3x3, 3, stride = 2x1)": "conv(1x1, 3, stride = 2x1)",
    "conv(3x3, 16, stride = 2) conv(3x3, 8, stride = 2)": "conv(1x1, 8, stride = 4)",
  };

  it.each([
    ["numbers", "3, 33, 32"],
    ["symbolic sizes", "3, H, W"],
  ])("is a shortcut that does: %s", (_, input) => {
    for (const [body, shortcut] of Object.entries(bodies)) {
      const [error] = compileText(around(`residual { ${body} }`, input)).diagnostics;
      expect(error?.help).toContain(`\`shortcut { ${shortcut} }\``);
      expect(codes(`residual { ${body} } shortcut { ${shortcut} }`, input)).toEqual([]);
    }
  });

  it("is to keep the size where no stride gives it", () => {
    const [error] = compileText(around("residual { conv(3x3, 3, pad = 0) }")).diagnostics;
    expect(error?.message).toMatch(/height and width differ$/);
    expect(error?.help).toMatch(/^let the body keep height and width/);
  });

  it("is the divisor for which the symbolic sizes fit", () => {
    const body = "residual { maxpool(4) upsample(4) }";
    const [error] = compileText(around(body, "3, H, 8")).diagnostics;
    expect(error?.help).toBe("state `require H % 4 == 0`, or give the size: --dim H=…");
    expect(codes(`require H % 4 == 0 ${body}`, "3, H, 8")).toEqual([]);
  });
});
