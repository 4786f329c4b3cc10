import { describe, expect, it } from "vitest";
import type { Architecture, Op } from "../../src/compiler/ir.ts";
import { sidesOf } from "../../src/reference/sample.ts";
import { compareTensors } from "../../src/verification/differences.ts";
import { randomInput } from "../../src/verification/input.ts";
import { tolerances } from "../../src/verification/tolerance.ts";
import { verificationSteps } from "../../src/verification/verification-weights.ts";
import { compileText } from "../compiling.ts";

/** Networks that would overflow, fade or fall silent with weights that are drawn and no more. */
const deep: Readonly<Record<string, string>> = {
  "a hundred convolutions without normalisation": "repeat 100 { conv(3x3, 8) relu } conv(1x1, 2)",
  "a thousand layers": "repeat 1000 { conv(1x1, 6, bias = true) relu } conv(1x1, 2)",
  "a hundred and sixty normalisations": "repeat 160 { conv(3x3, 8) batchnorm(affine = false) relu } conv(1x1, 2)",
  "a thousand layers with residuals": `conv(3x3, 4)
    repeat 333 { residual { batchnorm relu conv(1x1, 4) batchnorm relu conv(3x3, 4) batchnorm relu conv(1x1, 4) } }
    batchnorm relu globalavgpool linear(10)`,
  "residuals without normalisation": "conv(3x3, 8) repeat 60 { residual { relu conv(3x3, 8) relu conv(3x3, 8) } } relu",
  VGG: `repeat 5 { conv(3x3, 8, bias = true) relu conv(3x3, 8, bias = true) relu maxpool(2, stride = 1) }
    linear(20) relu linear(20) relu linear(10) softmax`,
  AlexNet:
    "conv(3x3, 8, bias = true) relu lrn maxpool(3, stride = 2) conv(3x3, 8, groups = 2) relu lrn linear(20) relu linear(5)",
  Highway: `conv(3x3, 8) repeat 40 {
    -> x conv(3x3, 8, bias = true) relu -> h
    from x conv(3x3, 8, bias = true) sigmoid -> t
    from h mul(t) -> carried
    from t scale(-1, shift = 1) mul(x) add(carried)
  }`,
  BiT: `standardize { conv(3x3, 8)
    repeat 40 { residual { groupnorm(4) relu conv(1x1, 8) groupnorm(4) relu conv(3x3, 8) } } }
    groupnorm(4) relu globalavgpool linear(5)`,
  "one sigmoid after another": "repeat 30 { conv(3x3, 8, bias = true) sigmoid } conv(1x1, 3) softmax",
  "one softmax after another": "repeat 15 { conv(3x3, 8) softmax } conv(1x1, 3)",
  "squeeze and excitation": `conv(3x3, 8) repeat 20 {
    residual { conv(3x3, 8, groups = 8) silu gate { globalavgpool conv(1x1, 2, bias = true) silu conv(1x1, 8, bias = true) sigmoid } conv(1x1, 8) }
  } relu6`,
  "a single filter before a rectifier": "repeat 20 { conv(3x3, 8) relu } conv(3x3, 1) relu",
  deconvolutions:
    "conv(3x3, 8) relu repeat 3 { deconv(2x2, 8, stride = 2) relu maxpool(2) } deconv(3x3, 6, groups = 2) tanh",
};

describe.each(Object.entries(deep))("%s", (_name, layers) => {
  it.each([0n, 1n])("keeps its scale, and something to be seen everywhere: seed %i", (seed) => {
    const architecture = compiled(`network Deep { input image[3, 6, 6] ${layers} }`);
    const input = randomInput(architecture, { batch: 1, seed, sizes: noSizes });
    const allowed = tolerances(architecture);
    const wrong: string[] = [];
    for (const { op, outputs } of verificationSteps(architecture, { seed, batch: input.samples, sizes: noSizes })) {
      const { length, greatest, contrast } = seen(outputs);
      const isWhole = length === outputs.length * valuesOf(op);
      const isSeen = contrast > 10 * (allowed.get(op.output) as number);
      if (isWhole && greatest > 1e-3 && greatest < 1e3 && isSeen) continue;
      wrong.push(`${op.name}: ${length} values up to ${greatest}, with a contrast of ${contrast}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe("the sign of a filter", () => {
  it.each(["conv(1x1, 6, groups = 2, bias = true)", "deconv(1x1, 6, groups = 2, bias = true)", "linear(6)"])(
    "is one with which a rectifier lets something through: %s",
    (layer) => {
      // Of one pixel every channel is one number, of which a rectifier leaves all or nothing.
      const architecture = compiled(`network Pixel { input image[4, 1, 1] ${layer} }`);
      const input = randomInput(architecture, { batch: 1, seed: 5n, sizes: noSizes });
      const steps = verificationSteps(architecture, { seed: 5n, batch: input.samples, sizes: noSizes });
      const positive = [...steps].flatMap(({ outputs }) => [...(outputs[0]?.data ?? [])].filter((value) => value > 0));
      expect(positive.length).toBeGreaterThanOrEqual(5);
    },
  );
});

function compiled(text: string): Architecture {
  const { architectures, diagnostics } = compileText(text);
  if (!architectures[0]) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return architectures[0];
}

const noSizes = new Map<string, number>();

function seen(outputs: Parameters<typeof compareTensors>[1]) {
  const values = outputs.flatMap(({ data }) => [...data]);
  const { contrast } = compareTensors(Float32Array.from(values), outputs);
  const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { length: values.length, contrast, greatest };
}

function valuesOf({ output }: Op): number {
  const { channels, pixels } = sidesOf(output.shape as readonly number[]);
  return channels * pixels;
}
