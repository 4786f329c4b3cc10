import { describe, expect, it } from "vitest";
import type { Architecture, Dim } from "../../src/compiler/ir.ts";
import { substitute, symbolsOf } from "../../src/compiler/symbolic.ts";
import { emit } from "../../src/emit/emit.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { deep } from "../deep.ts";
import { decode, defaults, inferredShapes, run, sample, statedShapes } from "../emit/running.ts";
import { exampleFiles, tensorBytes, typicalNetworks, wholeNetworks } from "./small.ts";

/** Larger ones, which `npm run test:large` runs, would be in memory several times. */
const networks = deep
  ? exampleFiles.flatMap(wholeNetworks).filter((one) => tensorBytes(one) < 2 ** 30)
  : typicalNetworks();
const named = networks.map((one) => [one.name, one] as const);

/** A size that meets every assumption of the examples with symbolic sizes. */
const side = 32;

describe(`ONNX Runtime infers the shapes that are stated for ${deep ? "every network" : "small networks"}`, () => {
  it.each(named)("%s", async (_, architecture) => {
    const model = emit(architecture, initialise(architecture, { init: "zeros", seed: 0 }), defaults);
    const inferred = await inferredShapes(model);
    for (const [name, shape] of statedShapes(model)) {
      if (shape.every((size) => typeof size === "number" || size === "N")) {
        // Of a Resize ONNX Runtime does not say that the batch goes on.
        const found = inferred.get(name)?.map((size, axis) => (size === "" ? shape[axis] : size));
        expect([name, found]).toEqual([name, shape]);
      } else expect([name, inferred.get(name)?.length]).toEqual([name, shape.length]);
    }
  });
});

describe.runIf(deep)("every network of the examples runs in ONNX Runtime", () => {
  it.each(named)("%s", async (_, architecture) => {
    const model = emit(architecture, initialise(architecture, { init: "he", seed: 0 }), defaults);
    const input = sample([1, ...known(architecture.input.activation.shape)]);
    const results = await run(model, input);
    for (const { name, activation } of architecture.outputs) {
      expect(results[name]?.shape).toEqual([1, ...known(activation.shape)]);
      expect(results[name]?.data.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("the file of DenseNet-121", () => {
  const [architecture] = wholeNetworks("densenet-121.dnet");
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
