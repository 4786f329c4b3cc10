import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isVerified, verifyNetwork } from "../../src/cli/verification.ts";
import { smallestSizes } from "../../src/compiler/concrete.ts";
import { count } from "../../src/compiler/count.ts";
import type { Activation, Architecture } from "../../src/compiler/ir.ts";
import { type Quantity, sizeName, substitute } from "../../src/compiler/symbolic.ts";
import { runOnDevice } from "../../src/runtime/run-on-device.ts";
import { compileFile, type Given } from "../compiling.ts";
import { deep } from "../deep.ts";

type Set = NonNullable<Given["set"]>;

/**
 * With what `--set` the networks of a file are small enough to be evaluated in float64; of a file that is not here they
 * run as they are. Images and widths are reduced; a depth only where another file has the like: 1202 layers run once.
 * An auxiliary classifier, which no model has, would need a larger image.
 */
const small: Readonly<Record<string, Set>> = {
  alexnet: { size: "67", hidden: "64", classes: "10" },
  bit: { size: "40", factor: "1/2", units: "[3, 4, 6, 3]", classes: "10" },
  condensenet: { size: "32", growth: "[8, 8, 16, 16, 32]", classes: "10" },
  "condensenet-cifar": { size: "8", growth: "[8, 8, 16]" },
  "condensenet-v2": { size: "32", growth: "[24, 24, 24, 24, 24]", hidden: "64", classes: "10" },
  "densenet-121": { growth: "4", classes: "10" },
  "densenet-161": { size: "32", growth: "8", classes: "10" },
  "densenet-169": { size: "32", growth: "8", classes: "10" },
  "densenet-201": { size: "32", growth: "8", classes: "10" },
  "densenet-264": { size: "32", growth: "8", classes: "10" },
  "densenet-cifar": { size: "16", growth: "4" },
  "densenet-cosine-264": { size: "32", growth: "8", classes: "10" },
  efficientnet: { size: "32", width: "1/4", classes: "10" },
  "efficientnet-tf": { size: "32", width: "1/4", classes: "10" },
  fractalnet: { widths: "[4, 8, 8, 8, 8]" },
  googlenet: { size: "63", auxiliary: "false", classes: "10" },
  highway: { size: "16" },
  hrnet: { size: "32", width: "8", head: "8", classes: "10" },
  "inception-v2": { size: "63", classes: "10" },
  "inception-v3": { size: "75", auxiliary: "false", classes: "10" },
  resnet: { size: "32", width: "16", classes: "10" },
  "resnet-cifar": { size: "8", width: "4" },
  "resnet-preact": { size: "8", width: "4", depth: "164" },
  "stochastic-depth": { size: "8", width: "4", depth: "110" },
  tiramisu: { growth: "4" },
  vgg: { size: "32", width: "16", hidden: "64", classes: "10" },
};

/** The most that is evaluated of one network, made small or, in the deep run, as it is. */
const most = { small: { params: 25e6, macs: 250e6 }, deep: { params: 150e6, macs: 20e9 } };

const folder = join(import.meta.dirname, "..", "..", "examples");
const files = readdirSync(folder).filter((name) => name.endsWith(".dnet"));

describe("every network of the examples, made small, computes what the reference computes", () => {
  const made = files.flatMap((file) => {
    const { architectures } = compileFile(join(folder, file), undefined, {
      set: small[file.replace(".dnet", "")] ?? {},
    });
    return namesIn(file).map((name) => [name, architectures.find((one) => one.name === name)] as const);
  });

  it("is there at such a size", () => {
    for (const [name, architecture] of made) {
      const hint = `${name} is too large to be evaluated here: what makes it small belongs into the table above`;
      expect(architecture && isWithin(architecture, most.small), hint).toBe(true);
    }
  });

  it.each(alike(made))("%s", async (_names, architecture) => {
    await verify(architecture);
  });
});

describe.runIf(deep)("every network of the examples that is not too large for it, as it is", () => {
  const networks = deep ? files.flatMap((file) => compileFile(join(folder, file)).architectures) : [];
  const feasible = networks.filter((one) => isWithin(one, most.deep));
  it.each(feasible.map((one) => [one.name, one] as const))("%s", async (_name, architecture) => {
    await verify(architecture);
  });
});

function namesIn(file: string): readonly string[] {
  return [...readFileSync(join(folder, file), "utf8").matchAll(/^network (\w+)/gm)].map(([, name]) => name as string);
}

async function verify(architecture: Architecture): Promise<void> {
  const written = { devices: ["cpu"], batch: 1, seed: 0n, opset: 17, fold: false } as const;
  const asked = { ...written, all: false, tolerance: null, anyWeights: false };
  const watcher = { begin() {}, step: () => undefined };
  // Once: what it takes is of no interest.
  const verification = await verifyNetwork(architecture, asked, {
    run: (job) => runOnDevice({ ...job, rounds: 0 }),
    watcher,
  });
  expect(verification.comparison.differences).toEqual([]);
  expect(verification.devices.flatMap((device) => device.outputs.map(({ error, ok }) => ({ error, ok })))).toEqual(
    architecture.outputs.map(() => ({ error: expect.anything(), ok: true })),
  );
  expect(isVerified(verification)).toBe(true);
}

function isWithin(architecture: Architecture, { params, macs }: { readonly params: number; readonly macs: number }) {
  const sizes = smallestSizes(architecture) ?? new Map();
  const known = (quantity: Quantity) => Number(substitute(quantity, sizes));
  const counts = count(architecture);
  return known(counts.params) <= params && known(counts.macs) <= macs;
}

/** Networks that differ in what was reduced are one network now: it is verified once, under the names of all. */
function alike(made: readonly (readonly [name: string, architecture: Architecture | undefined])[]) {
  const byLayers = new Map<string, { names: string[]; architecture: Architecture }>();
  for (const [name, architecture] of made) {
    if (!architecture) continue;
    const key = layersOf(architecture);
    const known = byLayers.get(key);
    if (known) known.names.push(name);
    else byLayers.set(key, { names: [name], architecture });
  }
  return [...byLayers.values()].map(({ names, architecture }) => [names.join(", "), architecture] as const);
}

/** All that a model of the network depends on, but for its name. */
function layersOf({ input, ops, outputs }: Architecture): string {
  const places = new Map<Activation, number>([
    [input.activation, -1],
    ...ops.map(({ output }, i) => [output, i] as const),
  ]);
  const layers = ops.map(({ kind, name, settings, inputs }) => [
    kind,
    name,
    settings,
    inputs.map((one) => places.get(one)),
  ]);
  return JSON.stringify([
    input.activation.shape.map(sizeName),
    layers,
    outputs.map(({ name, activation }) => [name, places.get(activation)]),
  ]);
}
