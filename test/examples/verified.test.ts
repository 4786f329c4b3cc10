import { describe, expect, it } from "vitest";
import { isVerified, verifyNetwork } from "../../src/cli/verification/verification.ts";
import { smallestSizes } from "../../src/compiler/concrete.ts";
import { countTotals } from "../../src/compiler/count.ts";
import type { Activation, Architecture } from "../../src/compiler/ir.ts";
import { type Quantity, sizeName, substitute } from "../../src/compiler/symbolic.ts";
import { runOnDevice } from "../../src/runtime/run-on-device.ts";
import { deep } from "../deep.ts";
import { exampleFiles, smallNetworks, wholeNetworks } from "./small.ts";

/** The most that is evaluated of one network, made small or, in the deep run, as it is. */
const most = { small: { params: 25e6, macs: 250e6 }, deep: { params: 150e6, macs: 20e9 } };

describe("every network of the examples, made small, computes what the reference computes", () => {
  const networks = exampleFiles.flatMap(smallNetworks);

  it("is small", () => {
    const large = networks.filter((one) => !isWithin(one, most.small)).map(({ name }) => name);
    expect(large, "too large to be evaluated here: test/examples/small.ts should say how they become small").toEqual(
      [],
    );
  });

  it.each(alike(networks))("%s", async (_names, architecture) => {
    await verify(architecture);
  });
});

describe.runIf(deep)("every network of the examples that is not too large for it, as it is", () => {
  const networks = deep ? exampleFiles.flatMap(wholeNetworks).filter((one) => isWithin(one, most.deep)) : [];
  it.each(networks.map((one) => [one.name, one] as const))("%s", async (_name, architecture) => {
    await verify(architecture);
  });
});

async function verify(architecture: Architecture): Promise<void> {
  const written = {
    devices: ["cpu"],
    batch: 1,
    seed: 0n,
    opset: 17,
    fold: false,
    dtype: "f32",
    keepIo: "f32",
  } as const;
  const asked = { ...written, all: false, tolerance: null, anyWeights: false };
  // Once: how long it takes is of no interest.
  const run: typeof runOnDevice = (job) => runOnDevice({ ...job, rounds: 0 });
  const watcher = { begin() {}, step: () => undefined };
  const verification = await verifyNetwork(architecture, asked, { run, watcher });
  expect(verification.comparison.differences).toEqual([]);
  const outputs = verification.devices.flatMap((device) => device.outputs);
  expect(outputs.map(({ name, ok, error }) => ({ name, ok, error }))).toEqual(
    architecture.outputs.map(({ name }) => ({ name, ok: true, error: expect.anything() })),
  );
  expect(isVerified(verification)).toBe(true);
}

function isWithin(architecture: Architecture, { params, macs }: { readonly params: number; readonly macs: number }) {
  const sizes = smallestSizes(architecture) ?? new Map();
  const known = (quantity: Quantity) => Number(substitute(quantity, sizes));
  const totals = countTotals(architecture.ops, architecture.trainingOps);
  return known(totals.params) <= params && known(totals.macs) <= macs;
}

/** Networks that differ in nothing but what was reduced are one network: it is verified once, under the names of all. */
function alike(networks: readonly Architecture[]): readonly (readonly [names: string, architecture: Architecture])[] {
  const byLayers = new Map<string, { readonly names: string[]; readonly architecture: Architecture }>();
  for (const architecture of networks) {
    const layers = layersOf(architecture);
    const known = byLayers.get(layers);
    if (known) known.names.push(architecture.name);
    else byLayers.set(layers, { names: [architecture.name], architecture });
  }
  return [...byLayers.values()].map(({ names, architecture }) => [names.join(", "), architecture] as const);
}

/** All that a model of the network depends on, but for its name. */
function layersOf({ input, ops, outputs }: Architecture): string {
  const places = new Map<Activation, number>([[input.activation, -1]]);
  for (const [place, { output }] of ops.entries()) places.set(output, place);
  const layers = ops.map(({ kind, name, settings, inputs }) => {
    return [kind, name, settings, inputs.map((one) => places.get(one))];
  });
  const published = outputs.map(({ name, activation }) => [name, places.get(activation)]);
  return JSON.stringify([input.activation.shape.map(sizeName), layers, published]);
}
