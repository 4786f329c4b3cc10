import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Architecture } from "../../src/compiler/ir.ts";
import { elementsOf } from "../../src/weights/weights.ts";
import { compileFile, type Given } from "../compiling.ts";

const folder = join(import.meta.dirname, "..", "..", "examples");
export const exampleFiles = readdirSync(folder).filter((name) => name.endsWith(".dnet"));

/**
 * With what `--set` the networks of a file are small enough to be evaluated in float64, all of them in some 20 s; of a
 * file that is not here they stay as they are. Images and widths are reduced, and depths where another network is as
 * deep: the 1202 layers of ResNet run once, and DenseNet-264. The deep run verifies networks as they are. An auxiliary
 * classifier, which no model has, would need a larger image.
 */
const small: Readonly<Record<string, NonNullable<Given["set"]>>> = {
  "alexnet.dnet": { size: "67", hidden: "64", classes: "10" },
  "bit.dnet": { size: "40", factor: "1/2", units: "[2, 2, 2, 2]", classes: "10" },
  "condensenet.dnet": { size: "32", growth: "[8, 8, 16, 16, 32]", classes: "10" },
  "condensenet-cifar.dnet": { size: "8", stages: "[8, 8, 8]", growth: "[8, 8, 16]" },
  "condensenet-v2.dnet": {
    size: "32",
    stages: "[1, 1, 2, 3, 2]",
    growth: "[24, 24, 24, 24, 24]",
    hidden: "64",
    classes: "10",
  },
  "densenet-121.dnet": { growth: "4", classes: "10" },
  "densenet-161.dnet": { size: "32", blocks: "[6, 12, 24, 16]", growth: "8", classes: "10" },
  "densenet-169.dnet": { size: "32", blocks: "[6, 12, 24, 16]", growth: "8", classes: "10" },
  "densenet-201.dnet": { size: "32", blocks: "[6, 12, 24, 16]", growth: "8", classes: "10" },
  "densenet-264.dnet": { size: "32", growth: "8", classes: "10" },
  "densenet-cifar.dnet": { size: "16", growth: "4" },
  "densenet-cosine-264.dnet": { size: "32", growth: "8", classes: "10" },
  "efficientnet.dnet": { size: "32", width: "1/4", depth: "1", classes: "10" },
  "efficientnet-tf.dnet": { size: "32", width: "1/4", classes: "10" },
  "fractalnet.dnet": { widths: "[4, 8, 8, 8, 8]" },
  "googlenet.dnet": { size: "63", auxiliary: "false", classes: "10" },
  "highway.dnet": { size: "16" },
  "hrnet.dnet": { size: "32", width: "8", head: "8", classes: "10" },
  "inception-v2.dnet": { size: "63", classes: "10" },
  "inception-v3.dnet": { size: "75", auxiliary: "false", classes: "10" },
  "resnet.dnet": { size: "32", width: "16", units: "[3, 4, 6, 3]", classes: "10" },
  "resnet-cifar.dnet": { size: "8", width: "4" },
  "resnet-preact.dnet": { size: "8", width: "4", depth: "164" },
  "stochastic-depth.dnet": { size: "8", width: "4", depth: "110" },
  "tiramisu.dnet": { growth: "4", down: "[4, 5, 7, 10, 12]", middle: "4" },
  "vgg.dnet": { size: "32", width: "16", hidden: "64", classes: "10" },
};

/** The networks of an example as the file has them. */
export function wholeNetworks(file: string): readonly Architecture[] {
  return compileFile(join(folder, file)).architectures;
}

/** The same made small. Throws where one cannot be. */
export function smallNetworks(file: string): readonly Architecture[] {
  const { architectures, diagnostics } = compileFile(join(folder, file), undefined, { set: small[file] ?? {} });
  const declared = [...textOf(file).matchAll(/^network (\w+)/gm)].map(([, name]) => name);
  const missing = declared.filter((name) => architectures.every((one) => one.name !== name));
  if (missing.length === 0) return architectures;
  const problems = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  throw new Error(`${file} has no small ${missing.join(", ")}: ${problems.join("; ")}`);
}

/** Of each library, and of each example without one, the network with the fewest layers, made small. */
export function typicalNetworks(): readonly Architecture[] {
  const typical = new Map<string, Architecture>();
  for (const file of exampleFiles) {
    const library = /"(std\/.*)"/.exec(textOf(file))?.[1] ?? file;
    for (const one of smallNetworks(file)) {
      if (one.ops.length < (typical.get(library)?.ops.length ?? Number.POSITIVE_INFINITY)) typical.set(library, one);
    }
  }
  return [...typical.values()];
}

/** Of the values of all its tensors. */
export function tensorBytes({ tensors }: Architecture): number {
  return tensors.reduce((sum, { shape }) => sum + 4 * elementsOf(shape), 0);
}

function textOf(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
