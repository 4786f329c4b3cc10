import { describe, expect, it } from "vitest";
import type { Architecture } from "../../src/compiler/ir.ts";
import { type EmitOptions, emit } from "../../src/emit/emit.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { readModel } from "../../src/inspect/model.ts";
import { evaluate } from "../../src/reference/evaluate.ts";
import { randomInput } from "../../src/verification/input.ts";
import { weightsOfModel } from "../../src/verification/model-weights.ts";
import { compileText } from "../compiling.ts";
import { defaults, joined, largestDifference, randomWeights, run } from "../emit/running.ts";
import { changed, tensor } from "./changed.ts";

const sizes = new Map<string, number>();

/** Bodies on [3, 8, 8], with what folding and standardising leave in the file. */
const bodies = {
  "a convolution and a normalisation": "conv(3x3, 6) batchnorm relu",
  "with a bias of its own": "conv(3x3, 6, bias = true) batchnorm relu",
  "without γ and β": "conv(3x3, 6) batchnorm(affine = false) relu",
  "with a bias, without γ and β": "conv(3x3, 6, bias = true) batchnorm(affine = false)",
  "two normalisations": "conv(3x3, 6) batchnorm batchnorm(affine = false) relu",
  "behind what does nothing": "conv(3x3, 6) dropout(0.5) batchnorm relu",
  "a transposed convolution": "deconv(3x3, 6, stride = 2, groups = 3) batchnorm relu",
  "a transposed convolution with a bias": "deconv(2x2, 6, stride = 2, bias = true) batchnorm",
  "a large eps": "conv(3x3, 6) batchnorm(eps = 5) relu",
  "standardised filters": "standardize { conv(3x3, 6) } relu",
  "standardised with a large eps": "standardize(eps = 2) { conv(3x3, 6, bias = true) } relu",
  "standardised and normalised": "standardize { conv(3x3, 6) batchnorm } relu",
  "standardised with a large eps and normalised": "standardize(eps = 2) { conv(3x3, 6) batchnorm(eps = 0.5) } relu",
  "standardised with a bias and normalised": "standardize(eps = 0.1) { conv(3x3, 6, bias = true) batchnorm } relu",
  "standardised, normalised without γ and β": "standardize(eps = 0.1) { conv(3x3, 6) batchnorm(affine = false) }",
  "standardised filters of one weight": "standardize { conv(1x1, 6, groups = 3) batchnorm }",
  "a normalisation that others read too": "conv(3x3, 6) -> a batchnorm add(a)",
  tables: "conv(1x1, 6) select(4) batchnorm scatter(5) batchnorm",
  "groups and rows": "conv(3x3, 6) groupnorm(3) globalavgpool flatten linear(4)",
  "a dense block": "dense(2, 4, bottleneck = 2) transition(0.5)",
};

/** The reference computes the same with the weights of a model as with those that it was written with. */
describe.each([false, true])("the weights that a model holds, folded: %s", (fold) => {
  it.each(Object.entries(bodies))("%s", (_what, body) => {
    for (const opset of [13, 17, 21]) {
      const { architecture, bytes, input } = written(body, { fold, opset });
      const [before, after] = [randomWeights(architecture), held(bytes, architecture)].map((weights) => {
        return evaluate(architecture, weights, input.samples, { sizes }).get("output")?.[0]?.data ?? [];
      });
      const greatest = Math.max(...Array.from(before ?? [], Math.abs));
      expect(largestDifference(before ?? [], after ?? []) / greatest).toBeLessThan(3e-6);
    }
  });
});

/** Rounded after all else: the reference computes with what the model holds. */
describe.each([
  { dtype: "f16", fold: false, allowed: 2 ** -9 },
  { dtype: "f16", fold: true, allowed: 2 ** -9 },
  { dtype: "bf16", fold: false, allowed: 1e-5 },
  { dtype: "bf16", fold: true, allowed: 1e-5 },
] as const)("a model in $dtype, folded: $fold, computes what the reference does", ({ dtype, fold, allowed }) => {
  it.each(Object.entries(bodies))("%s", async (_what, body) => {
    const { architecture, bytes, model, input } = written(body, { fold, opset: 17, dtype });
    const expected = evaluate(architecture, held(bytes, architecture), input.samples, { sizes }).get("output")?.[0]
      ?.data;
    const { output } = await run(model, input);
    const greatest = Math.max(...Array.from(expected ?? [], Math.abs));
    expect(largestDifference(output?.data ?? [], expected ?? []) / greatest).toBeLessThan(allowed);
  });
});

it("filters that were not standardised are another network, in bfloat16, too", () => {
  const { architecture, bytes, input } = written("standardize { conv(3x3, 6) }", {
    fold: false,
    opset: 17,
    dtype: "bf16",
  });
  const doubled = changed(bytes, (graph) => {
    const weight = tensor(graph, "conv1.weight");
    // The exponent of bfloat16 is above seven bits.
    const bits = new Uint16Array(Uint8Array.from(weight.rawData ?? []).buffer).map((one) => one + 0x80);
    weight.rawData = new Uint8Array(bits.buffer);
  });
  const [once, twice] = [bytes, doubled].map((file) => {
    return evaluate(architecture, held(file, architecture), input.samples, { sizes }).get("output")?.[0]?.data ?? [];
  });
  expect(largestDifference(once ?? [], twice ?? [])).toBeLessThan(0.02 * Math.max(...Array.from(once ?? [], Math.abs)));
});

it("filters that were not standardised are another network", () => {
  const { architecture, bytes, input } = written("standardize { conv(3x3, 6) }", { fold: false, opset: 17 });
  const doubled = changed(bytes, (graph) => {
    const weight = tensor(graph, "conv1.weight");
    const values = Float32Array.from(new Float32Array(Uint8Array.from(weight.rawData ?? []).buffer), (one) => 2 * one);
    weight.rawData = new Uint8Array(values.buffer);
  });
  const [once, twice] = [bytes, doubled].map((file) => {
    return evaluate(architecture, held(file, architecture), input.samples, { sizes }).get("output")?.[0]?.data ?? [];
  });
  // The file computes the double of it.
  expect(largestDifference(once ?? [], twice ?? [])).toBeLessThan(1e-4);
});

function written(body: string, options: Partial<EmitOptions>) {
  const [architecture] = compileText(`network Net { input image[3, 8, 8] ${body} }`).architectures;
  if (!architecture) throw new Error(`${body} is wrong`);
  const model = emit(architecture, randomWeights(architecture), { ...defaults, ...options });
  const flow = options.dtype === "f16" ? "float16" : "float32";
  const input = randomInput(architecture, { batch: 1, seed: 3n, sizes }, { flow, border: "float32" });
  return { architecture, model, bytes: joined(model), input };
}

function held(bytes: Uint8Array, architecture: Architecture) {
  const model = readModel(bytes);
  const comparison = compareWithArchitecture(model, architecture, { batch: 1, sizes });
  expect(comparison.differences).toEqual([]);
  return weightsOfModel(model.graph, architecture, comparison);
}
