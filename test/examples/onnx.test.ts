import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { count } from "../../src/compiler/count.ts";
import type { Architecture, Dim } from "../../src/compiler/ir.ts";
import { substitute, symbolsOf } from "../../src/compiler/symbolic.ts";
import { emit } from "../../src/emit/emit.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { compileFile } from "../compiling.ts";
import { deep } from "../deep.ts";
import { decode, defaults, inferredShapes, run, sample, statedShapes } from "../emit/running.ts";

const folder = join(import.meta.dirname, "..", "..", "examples");
const files = readdirSync(folder).filter((name) => name.endsWith(".dnet"));
const networks = files.flatMap((file) => {
  const { architectures } = compileFile(join(folder, file));
  return architectures.map((architecture) => [`${file} ${architecture.name}`, architecture] as const);
});

/** Of each file the smallest, where it runs within a second or two; all of them in the deep run. */
const ordinary = networks.filter(([, architecture]) => {
  if (deep) return true;
  const brothers = networks.map(([, one]) => one).filter((one) => one.source === architecture.source);
  const smallest = brothers.toSorted((a, b) => Number(count(a).params) - Number(count(b).params))[0];
  return architecture === smallest && Number(count(architecture).params) < 10e6;
});

/** A size that meets every assumption of the examples with symbolic sizes. */
const side = 32;

describe(`${deep ? "every example" : "the smallest networks of the examples"} in ONNX Runtime`, () => {
  it.each(ordinary)("%s", async (_, architecture) => {
    const model = emit(architecture, initialise(architecture, { init: "he", seed: 0 }), defaults);
    const inferred = await inferredShapes(model);
    for (const [name, shape] of statedShapes(model)) {
      if (shape.every((size) => typeof size === "number" || size === "N")) {
        // Of a Resize ONNX Runtime does not say that the batch goes on.
        const found = inferred.get(name)?.map((size, axis) => (size === "" ? shape[axis] : size));
        expect([name, found]).toEqual([name, shape]);
      } else expect([name, inferred.get(name)?.length]).toEqual([name, shape.length]);
    }
    const input = sample([1, ...known(architecture.input.activation.shape)]);
    const results = await run(model, input);
    for (const { name, activation } of architecture.outputs) {
      expect(results[name]?.shape).toEqual([1, ...known(activation.shape)]);
      expect(results[name]?.data.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("the file of DenseNet-121", () => {
  const [, architecture] = networks.find(([name]) => name.endsWith(" DenseNet121")) ?? [];
  const weights = () => initialise(architecture as Architecture, { init: "zeros", seed: 0 });

  it("has the nodes that were counted by hand", () => {
    const model = emit(architecture as Architecture, weights(), defaults);
    const kinds = new Map<string, number>();
    for (const { opType } of decode(model).graph?.node ?? []) kinds.set(`${opType}`, (kinds.get(`${opType}`) ?? 0) + 1);
    expect(Object.fromEntries(kinds)).toEqual({
      Conv: 120,
      BatchNormalization: 121,
      Relu: 121,
      Concat: 58,
      AveragePool: 3,
      MaxPool: 1,
      GlobalAveragePool: 1,
      Flatten: 1,
      Gemm: 1,
    });
    expect(model.nodes).toBe(427);
  });

  it("has 368 nodes folded", () => {
    expect(emit(architecture as Architecture, weights(), { ...defaults, fold: true }).nodes).toBe(368);
  });

  it("holds little beside the weights", () => {
    const model = emit(architecture as Architecture, weights(), defaults);
    const { graph } = decode(model);
    const described = (graph?.valueInfo ?? []).length;
    expect(described).toBe(426);
    expect(model.bytes - model.tensorBytes).toBeLessThanOrEqual(170_000);
  });
});

function known(shape: readonly Dim[]): readonly number[] {
  return shape.map((size) => Number(substitute(size, new Map([...symbolsOf(size)].map((name) => [name, side])))));
}
