import { describe, expect, it } from "vitest";
import type { Op } from "../../src/compiler/ir.ts";
import { compileText } from "../compiling.ts";
import { around, codes, messages, network, outputOf } from "./checking.ts";

const sizes = [1, 2, 3, 5, 7, 8, 14, 15, 28, 224];
const kernels = [1, 2, 3, 4, 5, 7];
const strides = [1, 2, 3, 4];

/** The documentation of PyTorch's Conv2d and MaxPool2d. */
function pytorch(i: number, k: number, s: number, p: number, d: number, ceil: boolean): number {
  const steps = (i + 2 * p - d * (k - 1) - 1) / s;
  if (!ceil) return Math.floor(steps) + 1;
  const outputs = Math.ceil(steps) + 1;
  return (outputs - 1) * s >= i + p ? outputs - 1 : outputs;
}

/** The documentation of TensorFlow's padding "SAME". */
function tensorflow(i: number, k: number, s: number, d: number): { out: number; before: number; after: number } {
  const out = Math.ceil(i / s);
  const total = Math.max((out - 1) * s + (k - 1) * d + 1 - i, 0);
  return { out, before: Math.floor(total / 2), after: total - Math.floor(total / 2) };
}

function lastOp(statements: string, side: number): Op {
  return network(statements, `3, ${side}, ${side}`).ops.at(-1) as Op;
}

/** Height and width differ in programs of other tests; here both are the side. */
function sideOf(op: Op): number {
  expect(op.output.shape[1]).toEqual(op.output.shape[2]);
  return op.output.shape[1] as number;
}

describe("conv has the size that PyTorch gives it", () => {
  for (const k of kernels) {
    it(`kernel ${k}`, () => {
      for (const i of sizes) {
        for (const s of strides) {
          for (const [p, d] of [
            [0, 1],
            [1, 1],
            [2, 2],
            [3, 1],
          ] as const) {
            if (i + 2 * p < d * (k - 1) + 1) continue;
            const op = lastOp(`conv(${k}, 2, stride = ${s}, pad = ${p}, dilation = ${d})`, i);
            expect(sideOf(op)).toBe(pytorch(i, k, s, p, d, false));
            expect(op.settings).toMatchObject({ pad: [p, p, p, p] });
          }
        }
      }
    });
  }

  it("half is d·(k−1)/2 on every side, by default", () => {
    for (const [k, d, pad] of [
      [1, 1, 0],
      [3, 1, 1],
      [5, 1, 2],
      [7, 1, 3],
      [3, 2, 2],
      [2, 2, 1],
      [3, 5, 5],
      [4, 2, 3],
    ] as const) {
      const op = lastOp(`conv(${k}, 2, dilation = ${d})`, 15);
      expect(op.settings).toMatchObject({ pad: [pad, pad, pad, pad] });
      expect(sideOf(op)).toBe(15);
    }
    expect(codes("conv(2, 4)")).toEqual(["half-not-whole"]);
    expect(codes("conv(1x4, 4)")).toEqual(["half-not-whole"]);
    expect(codes("conv(2, 4, pad = half)")).toEqual(["half-not-whole"]);
    expect(outputOf("conv(2, 4, pad = 0)")).toBe("[N, 4, 7, 7]");
    expect(outputOf("conv(1x7, 4)")).toBe("[N, 4, 8, 8]");
  });
});

describe("same is TensorFlow's SAME", () => {
  for (const k of kernels) {
    it(`kernel ${k}`, () => {
      for (const i of sizes) {
        for (const s of strides) {
          for (const d of [1, 2]) {
            const op = lastOp(`conv(${k}, 2, stride = ${s}, pad = same, dilation = ${d})`, i);
            const { out, before, after } = tensorflow(i, k, s, d);
            expect(sideOf(op)).toBe(out);
            expect(op.settings).toMatchObject({ pad: [before, before, after, after] });
          }
        }
      }
    });
  }

  it("pads 7×7, stride 2 at 224 by 2 + 3, where half pads 3 + 3", () => {
    expect(lastOp("conv(7x7, 64, stride = 2, pad = same)", 224).settings).toMatchObject({ pad: [2, 2, 3, 3] });
    expect(lastOp("conv(7x7, 64, stride = 2)", 224).settings).toMatchObject({ pad: [3, 3, 3, 3] });
  });

  it("goes with poolings too", () => {
    expect(lastOp("maxpool(3, stride = 2, pad = same)", 224)).toMatchObject({
      settings: { pad: [0, 0, 1, 1] },
      output: { shape: [3, 112, 112] },
    });
    expect(lastOp("avgpool(3, stride = 1, pad = half)", 8).settings).toMatchObject({ pad: [1, 1, 1, 1] });
  });
});

describe("pooling has the size that PyTorch gives it", () => {
  for (const k of [1, 2, 3, 5]) {
    it(`kernel ${k}, rounded down and up`, () => {
      for (const i of sizes) {
        for (const s of strides) {
          for (const p of [0, 1, 2]) {
            // PyTorch refuses a padding of more than half the kernel.
            if (p > k / 2 || i + 2 * p < k) continue;
            for (const ceil of [false, true]) {
              const op = lastOp(`maxpool(${k}, stride = ${s}, pad = ${p}, ceil = ${ceil})`, i);
              expect(sideOf(op)).toBe(pytorch(i, k, s, p, 1, ceil));
              checkExtra(op, i, k, s, p);
            }
          }
        }
      }
    });
  }

  it("has the kernel as its stride", () => {
    expect(outputOf("maxpool(2)")).toBe("[N, 3, 4, 4]");
    expect(outputOf("avgpool(2x4)")).toBe("[N, 3, 4, 2]");
    expect(outputOf("maxpool(3x3, stride = 2, pad = 1)", "3, 112, 112")).toBe("[N, 3, 56, 56]");
    expect(outputOf("maxpool(3x3, stride = 2, ceil = true)", "3, 112, 112")).toBe("[N, 3, 56, 56]");
  });

  it("warns where pixels at the end are left out, not where they are padding", () => {
    expect(codes("maxpool(2)", "3, 7, 8")).toEqual(["pool-cuts"]);
    expect(codes("maxpool(2)", "3, 7, 7")).toEqual(["pool-cuts"]);
    expect(messages("maxpool(2)", "3, 7, 8")).toEqual(["maxpool leaves out the last 1 of 7 rows"]);
    expect(codes("maxpool(2, ceil = true)", "3, 7, 7")).toEqual([]);
    expect(codes("maxpool(3, stride = 2, pad = 1)", "3, 8, 8")).toEqual([]);
    expect(codes("pad(1) maxpool(3, stride = 2)", "3, 8, 8")).toEqual([]);
    expect(codes("pad([1, 1, 0, 0]) maxpool(3, stride = 2)", "3, 7, 7")).toEqual(["pool-cuts"]);
  });

  it("does not warn of windows that step over pixels anyway", () => {
    expect(codes("avgpool(1, stride = 2)", "3, 8, 8")).toEqual([]);
  });

  it("keeps each window from lying wholly in the padding", () => {
    expect(codes("maxpool(2, pad = 2)")).toEqual(["pad-too-large"]);
    expect(codes("avgpool(3, pad = [1, 3])", "3, 7, 8")).toEqual(["pad-too-large"]);
  });
});

/** With what `ceil` adds the formula that rounds down gives the size, and no window is added in vain. */
function checkExtra(op: Op, i: number, k: number, s: number, p: number): void {
  if (op.kind !== "maxpool") throw new Error("not a maxpool");
  const [extra] = op.settings.extra;
  expect(extra).toBeGreaterThanOrEqual(0);
  expect(extra).toBeLessThan(s);
  expect(Math.floor((i + 2 * p + extra - k) / s) + 1).toBe(sideOf(op));
}

describe("paddings", () => {
  it("are one number, [y, x], or [top, left, bottom, right]", () => {
    expect(lastOp("conv(3, 2, pad = 2)", 8).settings).toMatchObject({ pad: [2, 2, 2, 2] });
    expect(network("conv(3, 2, pad = [1, 2])").ops[0]?.settings).toMatchObject({ pad: [1, 2, 1, 2] });
    expect(network("conv(3, 2, pad = [1, 2, 3, 4])").ops[0]?.settings).toMatchObject({ pad: [1, 2, 3, 4] });
    expect(outputOf("conv(3, 2, pad = [1, 2, 3, 4])")).toBe("[N, 2, 10, 12]");
    expect(codes("conv(3, 2, pad = [1, 2, 3])")).toEqual(["wrong-type"]);
    expect(codes("conv(3, 2, pad = -1)")).toEqual(["argument-range"]);
    expect(codes("conv(3, 2, pad = 0.5)")).toEqual(["not-whole"]);
    expect(codes("conv(3, 2, pad = full)")).toEqual(["unknown-name"]);
    expect(codes("conv(3, 2, stride = half)")).toEqual(["wrong-type"]);
  });

  it("leave room for the window", () => {
    expect(codes("conv(9, 2, pad = 0)")).toEqual(["kernel-too-large"]);
    expect(codes("conv(3, 2, pad = 0, dilation = 4)")).toEqual(["kernel-too-large"]);
    expect(outputOf("conv(8, 2, pad = 0)")).toBe("[N, 2, 1, 1]");
    expect(codes("maxpool(9)")).toEqual(["kernel-too-large"]);
  });

  it("make nothing that is spoken of where they do not fit", () => {
    const follow = (layer: string) => codes(`relu -> x ${layer} add(x) expect channels == 3 and height == 8`);
    expect(follow("maxpool([9, 1], stride = 1)")).toEqual(["kernel-too-large"]);
    expect(follow("avgpool(1, pad = 1)")).toEqual(["pad-too-large"]);
    expect(follow("deconv(1, 3, outpad = 1)")).toEqual(["outpad-too-large"]);
    expect(follow("deconv(1, 3, pad = [9, 0])")).toEqual(["empty-output"]);
    expect(follow("slice(0..4)")).toEqual(["slice-channels"]);
  });
});

describe("deconv has the size that PyTorch gives it", () => {
  it("(i − 1)·s − 2·p + k + outpad", () => {
    for (const i of [1, 4, 7]) {
      for (const k of [1, 2, 3, 4]) {
        for (const s of [1, 2, 3]) {
          for (const p of [0, 1]) {
            for (const outpad of [0, 1]) {
              const side = (i - 1) * s - 2 * p + k + outpad;
              if (side < 1 || outpad >= s) continue;
              const op = lastOp(`deconv(${k}, 2, stride = ${s}, pad = ${p}, outpad = ${outpad})`, i);
              expect(sideOf(op)).toBe(side);
            }
          }
        }
      }
    }
  });

  it("doubles with 4×4, stride 2, pad 1; pads 0 by default", () => {
    expect(outputOf("deconv(4x4, 5, stride = 2, pad = 1)", "3, 7, 9")).toBe("[N, 5, 14, 18]");
    expect(outputOf("deconv(3, 5)")).toBe("[N, 5, 10, 10]");
    expect(outputOf("deconv(2, 5, stride = 2, pad = [0, 1, 0, 2])")).toBe("[N, 5, 16, 13]");
  });

  it("refuses what would be ambiguous or empty", () => {
    expect(codes("deconv(3, 4, pad = half)")).toEqual(["wrong-type"]);
    expect(codes("deconv(3, 4, stride = 2, outpad = 2)")).toEqual(["outpad-too-large"]);
    expect(codes("deconv(3, 4, outpad = 1)")).toEqual(["outpad-too-large"]);
    expect(codes("deconv(1, 4, pad = 4)")).toEqual(["empty-output"]);
  });
});

it("a transition tells of its own image, and how to write it with ceil", () => {
  const [cut] = compileText(around("conv(1x1, 16) transition(0.5)", "3, 33, 33")).diagnostics;
  expect(cut?.related.map(({ message }) => message)).toEqual(["its conv makes [N, 8, 33, 33]"]);
  const written = cut?.help.match(/`(.*)`/)?.[1] ?? "";
  expect(compileText(around(`conv(1x1, 16) ${written}`, "3, 33, 33")).diagnostics).toEqual([]);
  expect(outputOf(`conv(1x1, 16) ${written}`, "3, 33, 33")).toBe("[N, 8, 17, 17]");
});
