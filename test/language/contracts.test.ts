import { describe, expect, it } from "vitest";
import { compileText } from "../compiling.ts";
import { around, codes, codesIn, network } from "./checking.ts";

const net =
  "network Net(k = 4, size = 8) { input image[3, size, size] conv(1x1, k) expect params == 12 and macs == 768 }\n";
const explained = (text: string) =>
  compileText(text).diagnostics.map(({ code, message, notes }) => [code, message, ...notes]);

describe("expect in a network", () => {
  it("compares the shape here and the counts of the whole", () => {
    const text =
      "expect channels == 3 conv(1x1, 4) expect channels == 4 and height == 8 and params == 36 conv(1x1, 6) batchnorm";
    expect(codes(`${text} expect params == 48 and buffers == 12 and depth == 2 and flops == 2 * macs`)).toEqual([
      "expect-failed",
    ]);
    expect(
      codes(
        "conv(1x1, 4) conv(1x1, 6) batchnorm expect params == 48 and buffers == 12 and depth == 2 and flops == 2 * macs",
      ),
    ).toEqual([]);
  });

  it("shows both sides of a broken one, and their difference", () => {
    expect(explained(around("conv(1x1, 4) expect params == 10"))).toEqual([
      ["expect-failed", "expected params == 10, but params is 12", "the left side is 2 more than the right"],
    ]);
    expect(explained(around("conv(3x3, 400) expect 2 * params <= 9_000 + channels"))).toEqual([
      [
        "expect-failed",
        "expected 2 * params <= 9_000 + channels, but 2 * params is 21_600, 9_000 + channels is 9400",
        "the left side is 12_200 more than the right",
      ],
    ]);
    expect(explained(around("conv(1x1, 4) expect 1 < params < 5"))).toEqual([
      ["expect-failed", "expected 1 < params < 5, but params is 12", "the left side is 7 more than the right"],
    ]);
    expect(explained(around("conv(1x1, 4) expect not (params == 12)"))).toEqual([
      ["expect-failed", "expected not (params == 12)", "params is 12"],
    ]);
  });

  it("judges each part of an `and` by itself", () => {
    expect(codes("conv(1x1, 4) expect params == 1 and macs == 1 and depth == 1")).toEqual([
      "expect-failed",
      "expect-failed",
    ]);
  });

  it("~= holds within half a unit", () => {
    expect(codes("conv(1x1, 40) expect params ~= 0.12K")).toEqual([]);
    expect(codes("conv(1x1, 40) expect params ~= 0.13K")).toEqual(["expect-failed"]);
  });

  it("counts what comes after it, and is judged once for a loop", () => {
    expect(codes("repeat 3 { expect channels == 3 and params == 27 conv(1x1, 3) }")).toEqual([]);
    expect(codes("repeat 3 as i { conv(1x1, 3 + i) expect channels == 3 }")).toEqual(["expect-failed"]);
  });

  it("leaves a count hidden by a parameter, let or loop variable to that name", () => {
    expect(codesIn("network Net(depth = 40) { input image[3, 8, 8] relu expect depth == 40 }")).toEqual([]);
    expect(codes("let params = 7 conv(1x1, 4) expect params == 7")).toEqual([]);
    expect(codes("for macs in [5] { conv(1x1, 4) expect macs == 5 }")).toEqual([]);
    expect(codes("expect depth == 0 let depth = 3 relu")).toEqual(["unused-value"]);
    expect(codes("if true { expect depth == 0 } let depth = 3 relu")).toEqual(["unused-value"]);
  });

  it("is a condition", () => {
    expect(codes("relu expect params")).toEqual(["wrong-type"]);
    expect(codes("relu expect parms == 0")).toEqual(["unknown-name"]);
    expect(codes("relu expect f(params) == 1", "3, 8, 8", "fn f(x) = x + 1")).toEqual([]);
  });

  it("is not judged after an error, which would be an echo", () => {
    expect(codes("conv(1x1, 4, groups = 2) expect params == 1 and channels == 9")).toEqual(["groups-mismatch"]);
    expect(codes("B relu", "3, 8, 8", "block B { conv(1x1, 4, groups = 2) expect params == 1 }")).toEqual([
      "groups-mismatch",
    ]);
    expect(codes("linear(true) B", "3, 8, 8", "block B { conv(1x1, 4) expect params == 12 and depth == 1 }")).toEqual([
      "wrong-type",
    ]);
  });
});

describe("expect in a block", () => {
  it("counts this use of the block", () => {
    const head = "block Two { conv(3x3, 5) conv(1x1, 2) expect depth == 2 and params == 145 }";
    expect(codes("conv(1x1, 7) Two", "3, 8, 8", head)).toEqual(["expect-failed"]);
    expect(codes("conv(1x1, 3) Two", "3, 8, 8", head)).toEqual([]);
  });

  it("counts the blocks inside with it, and names the use that broke it", () => {
    const head = "block In { conv(1x1, 2) }\nblock Out { In In expect params == 10 and depth == 2 }";
    expect(codes("Out relu", "3, 8, 8", head)).toEqual([]);
    const { diagnostics } = compileText(around("Out relu", "5, 8, 8", head));
    expect(diagnostics.map(({ code, related }) => [code, related.map(({ message }) => message)])).toEqual([
      ["expect-failed", ["used here"]],
    ]);
  });

  it("speaks of the tensor where it stands", () => {
    const head = "block B { expect channels == 3 conv(1x1, 5, stride = 2) expect channels == 5 and height == 4 }";
    expect(codes("B", "3, 8, 8", head)).toEqual([]);
  });

  it("is checked for any parameters of the network", () => {
    const text = "block B(k) { conv(1x1, k) expect params == 12 }\nnetwork Net(k = 4) { input image[3, 8, 8] B(k) }";
    expect(codesIn(text, { set: { k: "5" } })).toEqual(["expect-failed"]);
  });
});

describe("counts of a network are stated for its declared parameters", () => {
  it("and not checked for others, which a note says", () => {
    expect(codesIn(net)).toEqual([]);
    expect(codesIn(net, { set: { k: "5" } })).toEqual(["expect-not-checked"]);
    expect(codesIn(`${net}network V = Net(k = 5)`)).toEqual(["expect-not-checked"]);
    expect(compileText(net, { set: { k: "5" } }).architectures).toHaveLength(1);
  });

  it("while the same values, given again, change nothing", () => {
    const wrong = net.replace("== 12", "== 13");
    expect(codesIn(wrong, { set: { k: "8 / 2" } })).toEqual(["expect-failed"]);
    expect(codesIn(`${wrong}network V = Net(k = 4)`, { network: "V" })).toEqual(["expect-failed"]);
    expect(codesIn(wrong, { set: { k: "5" } })).toEqual(["expect-not-checked"]);
  });

  it("while shapes hold always", () => {
    const text = "network Net(k = 4) { input image[3, 8, 8] conv(1x1, k) expect channels == 4 }";
    expect(codesIn(text, { set: { k: "5" } })).toEqual(["expect-failed"]);
  });

  it("of a variant for those of the variant, of a chain each for its own", () => {
    const chain = `${net}network A = Net(k = 5) { expect params == 15 and channels == 5 }\nnetwork B = A(size = 4) { expect macs == 240 }\n`;
    expect(codesIn(chain, { network: "A" })).toEqual(["expect-not-checked"]);
    expect(codesIn(chain, { network: "B" })).toEqual(["expect-not-checked", "expect-not-checked"]);
    expect(codesIn(chain.replace("== 15", "== 16"), { network: "A" })).toEqual(["expect-not-checked", "expect-failed"]);
    expect(codesIn(chain.replace("== 240", "== 241"), { network: "B" })).toContain("expect-failed");
    expect(codesIn(chain, { network: "A", set: { k: "6" } })).toEqual(["expect-not-checked", "expect-not-checked"]);
  });

  it("in the braces of a variant speak of the last tensor and its parameters", () => {
    expect(codesIn(`${net}network V = Net(k = 9) { expect channels == k and height == size }`)).toEqual([
      "expect-not-checked",
    ]);
    expect(codesIn(`${net}network V = Net(k = 9) { expect channels == 4 }`, { network: "V" })).toContain(
      "expect-failed",
    );
    const hidden =
      "network Net(depth = 3) { input image[3, 8, 8] conv(1x1, depth) }\nnetwork V = Net(depth = 7) { expect depth == 7 }";
    expect(codesIn(hidden)).toEqual([]);
  });

  it("may require in a variant too", () => {
    expect(codesIn(`${net}network V = Net { require k < 4, "small" }`, { network: "V" })).toEqual(["require-failed"]);
    expect(codesIn(`${net}network V = Net { require k < limit, "small" }\nlet limit = 5`, { network: "V" })).toEqual(
      [],
    );
  });
});

describe("require", () => {
  it("shows its message and the values of its names", () => {
    const text = 'block B(stride) { require stride == 1 or channels < 4, "too wide" relu }';
    expect(codes("B(2)", "3, 8, 8", text)).toEqual([]);
    expect(explained(around("conv(1x1, 6) B(2) linear(3)", "3, 8, 8", text))).toEqual([
      ["require-failed", "required: too wide", "stride is 2", "channels is 6"],
    ]);
  });

  it("wants a condition", () => {
    expect(codes('require channels, "" relu')).toEqual(["wrong-type"]);
    expect(codes('require chanels == 3, "" relu')).toEqual(["unknown-name"]);
  });

  it("is checked in every use, and not where it is not reached", () => {
    expect(codes('if false { require false, "" } relu')).toEqual([]);
    expect(codes('repeat 3 as i { require i < 2, "two" relu }')).toEqual(["require-failed"]);
  });
});

it("a contract that holds says nothing", () => {
  expect(network("conv(1x1, 4) expect params == 12").ops).toHaveLength(1);
});
