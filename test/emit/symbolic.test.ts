import { describe, expect, it } from "vitest";
import type { Dim, Shape } from "../../src/compiler/ir.ts";
import { divide, multiply, symbol } from "../../src/compiler/symbolic.ts";
import * as naive from "./naive.ts";
import { conv, Network } from "./network.ts";
import {
  allOpsets,
  emitWith,
  inferredShapes,
  largestDifference,
  randomWeights,
  run,
  sample,
  statedShapes,
} from "./running.ts";

const height = symbol("H");
const width = symbol("W");

describe("sizes that are not known", () => {
  it("are named in the file, and the model runs at any size", async () => {
    const network = new Network([4, height, width]);
    const halves: Shape = [4, divide(height, 2) as Dim, divide(width, 2) as Dim];
    const pool = { kernel: [2, 2], stride: [2, 2], pad: [0, 0, 0, 0], extra: [0, 0] } as const;
    const x = network.apply("maxpool", pool, [network.input], halves);
    const y = network.apply("shuffle", { groups: 2 }, [x], halves, "mixed");
    const z = network.apply("upsample", { factor: [2, 2] }, [y], [4, height, width]);
    const last = network.apply("concat", {}, [z, network.input], [8, height, width]);
    const model = emitWith(network.architecture(last));
    expect(statedShapes(model).get("mixed")).toEqual(["N", 4, "H/2", "W/2"]);
    expect(statedShapes(model).get("output")).toEqual(["N", 8, "H", "W"]);
    for (const [h, w] of [
      [4, 6],
      [10, 2],
    ] as const) {
      expect((await run(model, sample([2, 4, h, w]))).output?.shape).toEqual([2, 8, h, w]);
    }
  });

  it.each<[string, Dim, Dim]>([
    ["height", height, 5],
    ["width", 6, width],
    ["height and width", height, width],
  ])("group normalisation with open %s", async (_name, h, w) => {
    const network = new Network([6, h, w]);
    const groupnorm = { channels: 6, groups: 2, eps: 1e-5 };
    const architecture = network.architecture(
      network.apply("groupnorm", groupnorm, [network.input], [6, h, w], "layer"),
    );
    const weights = randomWeights(architecture);
    const [weight, bias] = architecture.tensors.map((tensor) => weights.data(tensor) as Float32Array);
    const input = sample([1, 6, 6, 5]);
    const expected = naive.groupnorm({ shape: [6, 6, 5], data: [...input.data] }, 2, 1e-5, weight ?? [], bias ?? []);
    for (const opset of allOpsets) {
      const model = emitWith(architecture, { opset });
      const { output } = await run(model, input);
      expect(output?.shape).toEqual([1, 6, 6, 5]);
      expect(largestDifference(output?.data ?? [], expected.data), `opset ${opset}`).toBeLessThan(1e-5);
      expectKnownSizes(statedShapes(model), await inferredShapes(model));
    }
  });

  it("a mean over a padded image that is rounded up", async () => {
    const network = new Network([2, height, 9]);
    const settings = { kernel: [2, 2], stride: [2, 2], pad: [1, 1, 1, 1], extra: [0, 1], countpad: true } as const;
    const rows = divide(height, 2) as Dim;
    const last = network.apply("avgpool", settings, [network.input], [2, multiply(rows, 1) as Dim, 6], "layer");
    const model = emitWith(network.architecture(last));
    expect(statedShapes(model).get("layer.pad")).toEqual(["N", 2, "H + 2", 11]);
    const input = sample([1, 2, 8, 9]);
    const expected = naive.pool({ shape: [2, 8, 9], data: [...input.data] }, settings, [2, 5, 6], true);
    expect(largestDifference((await run(model, input)).output?.data ?? [], expected.data)).toBeLessThan(1e-6);
  });

  it("a convolution keeps them", async () => {
    const network = new Network([3, height, width]);
    const last = network.apply("conv", conv(3, 4, 3), [network.input], [4, height, width]);
    const model = emitWith(network.architecture(last), { batch: 2 });
    expect(statedShapes(model).get("output")).toEqual([2, 4, "H", "W"]);
    expect((await run(model, sample([2, 3, 7, 5]))).output?.shape).toEqual([2, 4, 7, 5]);
  });
});

/** What ONNX Runtime infers as a number, the file states as this number. */
function expectKnownSizes(stated: ReturnType<typeof statedShapes>, inferred: ReturnType<typeof statedShapes>): void {
  for (const [name, shape] of stated) {
    const found = inferred.get(name) ?? [];
    expect(
      shape.map((size, i) => (typeof found[i] === "number" ? found[i] : size)),
      name,
    ).toEqual(shape);
  }
}
