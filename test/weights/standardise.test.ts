import { expect, it } from "vitest";
import { standardise } from "../../src/weights/standardise.ts";
import { conv, Network } from "../emit/network.ts";
import { decode, emitWith } from "../emit/running.ts";

it("gives every filter mean 0 and variance 1", () => {
  const result = standardise(Float32Array.of(1, 2, 3, 4, 10, 10, 10, 30), 4, 1e-10);
  const [mean, deviation] = [15, Math.sqrt(75)];
  const second = [10, 10, 10, 30].map((w) => Math.fround((w - mean) / deviation));
  expect([...result.subarray(4)]).toEqual(second);
  expect([...result.subarray(0, 4)].map((w) => w * Math.sqrt(1.25))).toEqual(
    [-1.5, -0.5, 0.5, 1.5].map((w) => expect.closeTo(w, 6)),
  );
});

it("keeps a filter of equal weights finite", () => {
  expect([...standardise(new Float32Array(4).fill(3), 4, 1e-10)]).toEqual([0, 0, 0, 0]);
});

it("is folded into the weight under its own name", () => {
  const network = new Network([4, 5, 5]);
  const x = network.apply(
    "conv",
    conv(4, 8, 3, { standardize: 1e-10, groups: 2 }),
    [network.input],
    [8, 5, 5],
    "layer",
  );
  const [weight] = decode(emitWith(network.architecture(x))).graph?.initializer ?? [];
  expect(weight?.name).toBe("layer.weight");
  const raw = weight?.rawData ?? new Uint8Array();
  const values = new Float32Array(raw.slice().buffer);
  expect(values.length).toBe(8 * 2 * 9);
  for (let filter = 0; filter < 8; filter++) {
    const part = [...values.subarray(filter * 18, filter * 18 + 18)];
    expect(part.reduce((sum, w) => sum + w, 0)).toBeCloseTo(0, 5);
    expect(part.reduce((sum, w) => sum + w * w, 0) / 18).toBeCloseTo(1, 5);
  }
});
