import { describe, expect, it } from "vitest";
import { compileText } from "../compiling.ts";
import { around } from "./checking.ts";

function found(statements: string, input?: string): readonly string[] {
  return compileText(around(statements, input), { lint: true }).diagnostics.map(({ code }) => code);
}

/** What each rule must not speak of. */
const silent: Readonly<Record<string, string>> = {
  "widths: classes": "conv(1x1, 10, bias = true)",
  "widths: classes, resized": "conv(1x1, 10, bias = true) upsample(2) softmax",
  "widths: the published maps": "conv(1x1, 10, bias = true) output heat batchnorm relu conv(3x3, 16) batchnorm",
  "widths: one pixel": "globalavgpool conv(1x1, 10, bias = true) relu linear(2)",
  "widths: depthwise": "conv(3x3, 3, groups = 3) batchnorm relu linear(2)",
  "cuts: the padding alone": "conv(3x3, 16, stride = 2) batchnorm",
  "cuts: a kernel that skips": "conv(1x1, 16, stride = 2) batchnorm",
  "bare: a norm behind a join": "conv(3x3, 16) -> x relu add(x) batchnorm",
  "bare: a bias behind linear maps": "conv(3x3, 16) maxpool(2) dropout(0.5) linear(2)",
  "bare: a shift": "conv(3x3, 16) scale(2, shift = 1) relu linear(2)",
  "bias: the tensor is read elsewhere": "conv(1x1, 16, bias = true) -> x batchnorm add(x) linear(2)",
  "bias: the tensor is published": "conv(1x1, 16, bias = true) output features batchnorm linear(2)",
  "bias: groups are normalised together": "conv(1x1, 16, bias = true) groupnorm(4) linear(2)",
  "bias: dropout in training": "conv(1x1, 16, bias = true) dropout(0.5) batchnorm linear(2)",
  "idle: relu after what makes negative numbers": "batchnorm relu batchnorm relu tanh relu linear(2)",
  "idle: dropout makes numbers larger": "relu6 dropout(0.5) relu6 linear(2)",
  "norms with something between": "batchnorm relu batchnorm linear(2)",
  "norms: the first is read elsewhere": "batchnorm dense(2, 16) batchnorm linear(2)",
  "taps: every one meets a pixel of some window": "conv(3x3, 16, bias = true) relu maxpool(4) conv(3x3, 16) batchnorm",
};

describe("lint is silent about", () => {
  it.each(Object.entries(silent))("%s", (_, statements) => {
    expect(found(statements)).toEqual([]);
  });

  it("symbolic sizes, where it cannot know", () => {
    expect(found("conv(2x2, 16, stride = 2, pad = 0) batchnorm relu conv(3x3, 16) batchnorm", "3, H, W")).toEqual([]);
  });
});

describe("lint", () => {
  it("looks into training", () => {
    expect(found("relu training { conv(3x3, 16) relu linear(2) } tanh")).toEqual(["lint-bare-conv"]);
  });

  it("says a thing once for a place, with all its figures", () => {
    const { diagnostics } = compileText(
      around("for k in [12, 20, 12] { conv(1x1, k) batchnorm } conv(1x1, 16) batchnorm"),
      { lint: true },
    );
    expect(diagnostics.map(({ message }) => message)).toEqual(["12 and 20 channels are not multiples of 16"]);
  });

  it("is silent beside an error", () => {
    expect(found("conv(1x1, 12) relu conv(1x1, 12, groups = 5)")).toEqual(["groups-mismatch"]);
  });
});
