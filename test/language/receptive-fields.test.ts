import { describe, expect, it } from "vitest";
import { count } from "../../src/compiler/count.ts";
import type { Activation, Architecture, Op } from "../../src/compiler/ir.ts";
import { network } from "./checking.ts";

const size = 96;

/** The field of the last layer, as it is counted. */
function fieldOf(architecture: Architecture) {
  return count(architecture).layers.at(-1)?.receptiveField ?? null;
}

/** The same along one axis by trying: which pixels of the image each pixel in the middle can depend on. */
function widestSeen(architecture: Architecture, axis: 0 | 1): number {
  const seen = new Map<Activation, readonly ReadonlySet<number>[]>();
  seen.set(
    architecture.input.activation,
    Array.from({ length: size }, (_, at) => new Set([at])),
  );
  for (const op of architecture.ops) {
    const inputs = op.inputs.map((one) => seen.get(one) ?? []);
    const length = Number(op.output.shape[axis + 1]);
    const reads = Array.from({ length }, (_, at) =>
      inputs.flatMap((input) => readBy(op, axis, at, input.length).map((i) => input[i])),
    );
    seen.set(
      op.output,
      reads.map((sets) => new Set(sets.flatMap((set) => [...(set ?? [])]))),
    );
  }
  const last = seen.get(architecture.ops.at(-1)?.output as Activation) ?? [];
  const middle = last.slice(Math.floor(last.length / 3), Math.ceil((2 * last.length) / 3));
  return Math.max(...middle.map((set) => Math.max(...set) - Math.min(...set) + 1));
}

/** The pixels of its input from which a layer makes pixel `at`. */
function readBy(op: Op, axis: 0 | 1, at: number, length: number): readonly number[] {
  const all = Array.from({ length }, (_, i) => i);
  switch (op.kind) {
    case "conv":
    case "maxpool":
    case "avgpool": {
      const { kernel, stride, pad } = op.settings;
      const dilation = op.kind === "conv" ? op.settings.dilation[axis] : 1;
      const taps = Array.from({ length: kernel[axis] }, (_, tap) => at * stride[axis] - pad[axis] + tap * dilation);
      return taps.filter((i) => i >= 0 && i < length);
    }
    case "deconv": {
      const { kernel, stride, pad } = op.settings;
      return all.filter((i) => {
        const tap = at + pad[axis] - i * stride[axis];
        return tap >= 0 && tap < kernel[axis];
      });
    }
    case "upsample":
      return [Math.floor(at / op.settings.factor[axis])];
    case "pad":
      return all.filter((i) => i === at - op.settings.pad[axis]);
    case "adaptiveavgpool": {
      const many = op.settings.size[axis];
      return all.filter((i) => i >= Math.floor((at * length) / many) && i < Math.ceil(((at + 1) * length) / many));
    }
    default:
      return [at];
  }
}

describe("receptive fields are those found by trying", () => {
  it.each([
    "conv(3x5, 4)",
    "conv(7x7, 4, stride = 2) maxpool(3x3, stride = 2, pad = 1) conv(3x3, 4)",
    "conv(3x3, 4, dilation = 2) conv(3x3, 4, dilation = 5)",
    "conv(1x1, 4, stride = 3) conv(3x3, 4)",
    "dense(4, 2, bottleneck = 2) transition(0.5) dense(3, 2)",
    "conv(3x3, 4) upsample(2) conv(3x3, 4)",
    "maxpool(2) conv(3x3, 4) upsample(2x3) conv(3x3, 4) conv(2x2, 4, stride = 2, pad = 0)",
    "maxpool(4) deconv(4x4, 3, stride = 2, pad = 1) conv(3x3, 4) deconv(3, 3, stride = 2, pad = 1, outpad = 1)",
    "deconv(2x2, 3, stride = 3, outpad = 1) conv(3x3, 3)",
    "-> x maxpool(2) conv(3x3, 3) deconv(2x2, 3, stride = 2) concat(x) conv(3x3, 4)",
    "-> x avgpool(3, stride = 3) upsample(3) add(x) conv(5x5, 4, stride = 2) relu",
    "pad([3, 1]) conv(3x3, 4, pad = 0) shuffle(2) channelmaxpool sigmoid",
    "residual { conv(3x3, 3) batchnorm relu conv(5x5, 3) } lrn softmax",
    "adaptiveavgpool(64) conv(3x3, 4)",
    "conv(3x3, 4, stride = 2) adaptiveavgpool(36) conv(3x3, 4)",
  ])("%s", (statements) => {
    const architecture = network(statements, `3, ${size}, ${size}`);
    expect(fieldOf(architecture)).toEqual([widestSeen(architecture, 0), widestSeen(architecture, 1)]);
  });
});

describe("there is no window", () => {
  it.each([
    "globalavgpool",
    "globalmaxpool sigmoid",
    "groupnorm(3)",
    "gate { globalavgpool sigmoid }",
    "linear(3)",
    "flatten",
    "adaptiveavgpool(1)",
  ])("behind %s", (statements) => {
    expect(fieldOf(network(`conv(3x3, 3) ${statements}`))).toBeNull();
  });
});

it("does not depend on the size of the image", () => {
  expect(fieldOf(network("conv(3x3, 4, stride = 2) maxpool(2) conv(3x3, 4)", "3, H, W"))).toEqual([13, 13]);
});
