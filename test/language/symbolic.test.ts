import { describe, expect, it } from "vitest";
import { compileText } from "../compiling.ts";
import { around, codes, codesIn, countsOf, lastShape, network, networkIn, outputOf } from "./checking.ts";

const open = "3, H, W";
const given = (statements: string) => outputOf(statements, open);

describe("symbolic sizes pass every layer", () => {
  it.each([
    ["conv(3x3, 6)", "[N, 6, H, W]"],
    ["conv(3x3, 6, stride = 2)", "[N, 6, ⌊(H + 1)/2⌋, ⌊(W + 1)/2⌋]"],
    ["conv(7x7, 6, stride = 2, pad = 0)", "[N, 6, ⌊(H + 1)/2⌋ − 3, ⌊(W + 1)/2⌋ − 3]"],
    ["conv(3x1, 6, pad = 0)", "[N, 6, H − 2, W]"],
    ["conv(3x3, 6, pad = same)", "[N, 6, H, W]"],
    ["deconv(4x4, 6, stride = 2, pad = 1)", "[N, 6, 2·H, 2·W]"],
    ["deconv(3, 6, stride = 2, outpad = 1)", "[N, 6, 2·H + 2, 2·W + 2]"],
    ["batchnorm", "[N, 3, H, W]"],
    ["groupnorm(3)", "[N, 3, H, W]"],
    ["lrn", "[N, 3, H, W]"],
    ["relu6 silu softmax leakyrelu(0.1)", "[N, 3, H, W]"],
    ["maxpool(2)", "[N, 3, ⌊H/2⌋, ⌊W/2⌋]"],
    ["avgpool(3, stride = 1, pad = 1)", "[N, 3, H, W]"],
    ["globalavgpool", "[N, 3, 1, 1]"],
    ["globalmaxpool linear(4)", "[N, 4]"],
    ["channelavgpool", "[N, 1, H, W]"],
    ["channelmaxpool", "[N, 1, H, W]"],
    ["adaptiveavgpool(1)", "[N, 3, 1, 1]"],
    ["dropout(0.1) relu droppath(0.1)", "[N, 3, H, W]"],
    ["flatten", "[N, 3·H·W]"],
    ["upsample(1x2)", "[N, 3, H, 2·W]"],
    ["pad([1, 2])", "[N, 3, H + 2, W + 4]"],
    ["pad(0, channels = 1)", "[N, 4, H, W]"],
    ["slice(1..3)", "[N, 2, H, W]"],
    ["scale(2, shift = 1)", "[N, 3, H, W]"],
    ["shuffle(3) relu unshuffle(1)", "[N, 3, H, W]"],
    ["select(5) scatter(7)", "[N, 7, H, W]"],
    ["dense(2, 4) transition(0.5)", "[N, 5, ⌊H/2⌋, ⌊W/2⌋]"],
    ["residual { conv(3x3, 3) }", "[N, 3, H, W]"],
    ["gate { globalavgpool sigmoid } gate { channelmaxpool sigmoid }", "[N, 3, H, W]"],
    ["concat { branch { conv(1x1, 2) } branch { maxpool(3, stride = 1, pad = 1) } }", "[N, 5, H, W]"],
    ["standardize { conv(3x3, 4) }", "[N, 4, H, W]"],
    ["relu training { globalavgpool linear(3) } tanh", "[N, 3, H, W]"],
  ])("%s", (use, shape) => {
    expect(given(use)).toBe(shape);
  });

  it("agrees with the sizes put in, for every size", () => {
    const body =
      "conv(7x7, 4, stride = 2) maxpool(3, stride = 2, pad = 1) conv(3x3, 4, stride = 2, pad = 0) deconv(3, 2, stride = 3)";
    const { outputs } = network(body, open);
    expect(lastShape({ outputs } as never)).toContain("⌊");
    for (const side of [16, 17, 31, 224]) {
      const sized = networkIn(around(body, open), { dims: { H: String(side), W: String(side + 1) } });
      expect(lastShape(sized)).toBe(outputOf(body, `3, ${side}, ${side + 1}`));
    }
  });
});

describe("counts that need the sizes are polynomials", () => {
  it("those that do not are numbers", () => {
    const net = network("conv(3x3, 8, stride = 2) batchnorm relu globalavgpool linear(10)", open);
    expect(countsOf(net)).toEqual({
      params: String(216 + 16 + 90),
      buffers: "16",
      macs: "216·⌊(H + 1)/2⌋·⌊(W + 1)/2⌋ + 80",
      depth: "2",
    });
    expect(countsOf(network("conv(1x1, 2)", "3, H, H")).macs).toBe("6·H²");
  });

  it("and numbers with --dim", () => {
    const text = around("conv(3x3, 8, stride = 2)", open);
    expect(countsOf(networkIn(text, { dims: { H: "10", W: "7" } })).macs).toBe(String(216 * 5 * 4));
    expect(countsOf(networkIn(text, { dims: { H: "10" } })).macs).toBe("1080·⌊(W + 1)/2⌋");
  });

  it("a contract that hangs on them is noted, and checked once they are given", () => {
    const text = around("conv(1x1, 2) expect macs == 600 and params == 6", open);
    expect(codesIn(text)).toEqual(["expect-undecided"]);
    expect(codesIn(text, { dims: { H: "10", W: "10" } })).toEqual([]);
    expect(codesIn(text, { dims: { H: "10", W: "11" } })).toEqual(["expect-failed"]);
    expect(codes("conv(1x1, 2) expect macs == 6 * H * W and macs >= 6", open)).toEqual([]);
    expect(codes("conv(1x1, 2) expect macs == 6 * H * W + 1", open)).toEqual(["expect-failed"]);
    expect(codes("conv(1x1, 2) expect 2 * macs < 12", open)).toEqual(["expect-failed"]);
  });
});

describe("what needs a size that is not known says so", () => {
  it.each([
    ["linear(4)", "features-unknown"],
    ["flatten batchnorm", "channels-unknown"],
    ["flatten slice(0..1)", "channels-unknown"],
    ["flatten dense(1, 2)", "channels-unknown"],
    ["adaptiveavgpool(7)", "adaptive-unknown"],
    ["conv(3x3, 4, stride = 2, pad = same)", "padding-unknown"],
    ["maxpool(2, ceil = true)", "padding-unknown"],
    ["conv(1x1, height)", "size-needed"],
    ["conv(1x1, H)", "size-needed"],
    ["if H > 32 { relu }", "size-needed"],
    ["repeat W { relu }", "size-needed"],
    ["conv(1x1, 24 / H)", "size-needed"],
    ["conv(1x1, 24 % H)", "size-needed"],
    ["conv(1x1, max(H, W))", "size-needed"],
    ["scale(H)", "size-needed"],
    ["conv(1x1, 2 ^ H)", "size-needed"],
    ["if [H, 3] == [W, 3] { relu }", "size-needed"],
    ["if true == (H > 3) { relu }", "size-needed"],
    ["let c = H % 2 == 0 if c { relu }", "size-needed"],
  ])("%s: %s", (use, code) => {
    expect(codes(`${use} tanh`, open)).toEqual([code]);
  });

  it("while what holds for all sizes is decided", () => {
    expect(outputOf("if H >= 1 { conv(1x1, 5) } relu", open)).toBe("[N, 5, H, W]");
    expect(outputOf("if 2 * H == H + H { conv(1x1, 5) } relu", open)).toBe("[N, 5, H, W]");
    expect(outputOf("if H == H + 1 { conv(1x1, 5) } relu", open)).toBe("[N, 3, H, W]");
    expect(outputOf("if H == W or true { conv(1x1, 5) } relu", open)).toBe("[N, 5, H, W]");
    expect(outputOf("if [H, 3] == [W, 4] { conv(1x1, 5) } relu", open)).toBe("[N, 3, H, W]");
    expect(outputOf("conv(1x1, max(H, H + 2) - H)", open)).toBe("[N, 2, H, W]");
    expect(outputOf("conv(1x1, floor(H / H) + 1)", "3, 8, W", "let H = 2")).toBe("[N, 2, 8, W]");
    expect(outputOf("conv(1x1, height / height)", "3, 8, W")).toBe("[N, 1, 8, W]");
  });
});

describe("require states assumptions", () => {
  const skip = "-> x maxpool(2) deconv(2, 3, stride = 2) add(x)";

  it("that the checker uses", () => {
    expect(codes(skip, open)).toEqual(["join-mismatch"]);
    expect(codes(`require H % 2 == 0 and W % 2 == 0, "even" ${skip}`, open)).toEqual([]);
    expect(outputOf(`require H % 8 == 0, "" maxpool(2) maxpool(2)`, open)).toBe("[N, 3, H/4, ⌊W/4⌋]");
    expect(codes('require H % 4 == 0, "" maxpool(2) -> x maxpool(2) upsample(2) concat(x)', "3, H, H")).toEqual([]);
    expect(outputOf('require H >= 32, "" if H > 31 { conv(1x1, 5) }', open)).toBe("[N, 5, H, W]");
    expect(outputOf('require 16 <= H < 64, "" if H < 64 and H >= 16 { conv(1x1, 5) }', open)).toBe("[N, 5, H, W]");
    expect(outputOf('require height % 4 == 0, "" conv(3x3, 5, stride = 4, pad = same)', "3, H, 8")).toBe(
      "[N, 5, H/4, 2]",
    );
  });

  it("also inside, of what is left of a size", () => {
    const half = 'maxpool(2) require height % 2 == 0, "" maxpool(2)';
    expect(outputOf(`require H % 2 == 0, "" ${half}`, "3, H, 4")).toBe("[N, 3, H/4, 1]");
    expect(codes(half, "3, H, 4")).toEqual(["require-undecided"]);
    expect(codes("B relu", "3, H, 8", 'block B { require height % 2 == 0, "even" maxpool(2) }')).toEqual([]);
  });

  it("that --dim must meet", () => {
    const text = around('require H % 8 == 0 and H >= 32, "multiples of 8 from 32" relu', open);
    expect(codesIn(text, { dims: { H: "64" } })).toEqual([]);
    expect(codesIn(text, { dims: { H: "60" } })).toEqual(["require-failed"]);
    expect(codesIn(text, { dims: { H: "24" } })).toEqual(["require-failed"]);
  });

  it("and refuses what it cannot use, or what no size meets", () => {
    expect(codes('require H % 2 == 0 or W % 2 == 0, "" relu', open)).toEqual(["require-undecided"]);
    expect(codes('require H == W, "" relu', open)).toEqual(["require-undecided"]);
    expect(codes('require H % 8 == 3, "" relu', open)).toEqual(["require-undecided"]);
    expect(codes('require H < 1, "" relu', open)).toEqual(["require-failed"]);
    expect(codes('require H >= 32 and H < 16, "" relu', open)).toEqual(["require-failed"]);
    expect(codes('require H % 64 == 0, "" require H <= 60, "" relu', open)).toEqual(["require-failed"]);
    expect(codes('require H % 8 == 0, "" require H % 8 == 4, "" relu', open)).toEqual(["require-failed"]);
  });

  it("for one network of a file only", () => {
    const base = (name: string, statement: string) =>
      `network ${name} { input image[3, H, H] ${statement} -> x maxpool(2) deconv(2, 3, stride = 2) add(x) }\n`;
    expect(codesIn(base("A", 'require H % 2 == 0, ""') + base("B", ""))).toEqual(["join-mismatch"]);
  });
});

describe("joins of symbolic sizes", () => {
  it("agree where they are equal for all sizes, however they are written", () => {
    expect(codes("-> x pad(1) conv(3x3, 3, pad = 0) add(x)", open)).toEqual([]);
    expect(codes("concat { branch { maxpool(2) maxpool(2) } branch { avgpool(4) } }", open)).toEqual([]);
    expect(
      codes("concat { branch { conv(3x3, 4, stride = 2) } branch { maxpool(3, stride = 2, pad = 1) } }", open),
    ).toEqual([]);
  });

  it("and say for which sizes they do not, or that they never do", () => {
    const { diagnostics } = compileText(around("-> x maxpool(2) upsample(2) add(x)", open));
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "add joins [N, 3, 2·⌊H/2⌋, 2·⌊W/2⌋] and [N, 3, H, W], which agree for some H and W only",
    ]);
    expect(compileText(around("-> x pad(1) add(x)", open)).diagnostics[0]?.message).toMatch(/height and width differ$/);
  });
});

it("a contract that is open tells the divisor that decides it", () => {
  const text = around("maxpool(4) upsample(4) expect height == H", "3, H, 8");
  const [note] = compileText(text).diagnostics;
  expect(note?.help).toBe("state `require H % 4 == 0`, or give the size: --dim H=…");
});
