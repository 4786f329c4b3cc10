import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { count } from "../../src/compiler/count.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { compileFile } from "../compiling.ts";

const root = join(import.meta.dirname, "..", "..");

/** A published model and the program, network and parameters that make it. */
interface Use {
  readonly file: string;
  readonly network: string;
  readonly set?: Readonly<Record<string, string>>;
}

const plain = (network: string, set: Use["set"] = {}): Use => ({ file: "densenet-cifar", network, set });
const compact = (depth: number, growth: number, classes: number): Use =>
  plain("DenseNetBC100_12", { depth: `${depth}`, growth: `${growth}`, classes: `${classes}` });
const imagenet = (blocks: string, growth: number): Use => ({
  file: "densenet-169",
  network: "DenseNet169",
  set: { blocks, growth: `${growth}` },
});

/** The entries of `counts.json` that the examples reach. */
const published: Readonly<Record<string, Use>> = {
  "tv/densenet121": { file: "densenet-121", network: "DenseNet121" },
  "tv/densenet161": { file: "densenet-161", network: "DenseNet161" },
  "tv/densenet169": { file: "densenet-169", network: "DenseNet169" },
  "tvclass/densenet264_k32": { file: "densenet-264", network: "DenseNet264" },
  "gpleiss/densenet_bc_L40_k12_c10": compact(40, 12, 10),
  "gpleiss/densenet_bc_L40_k12_c100": compact(40, 12, 100),
  "gpleiss/densenet_bc_L100_k12_c10": plain("DenseNetBC100_12"),
  "gpleiss/densenet_bc_L100_k12_c100": plain("DenseNetBC100_12", { classes: "100" }),
  "gpleiss/densenet_bc_L250_k24_c10": plain("DenseNetBC250_24"),
  "gpleiss/densenet_bc_L250_k24_c100": plain("DenseNetBC250_24", { classes: "100" }),
  "gpleiss/densenet_bc_L190_k40_c10": plain("DenseNetBC190_40"),
  "gpleiss/densenet_bc_L190_k40_c100": plain("DenseNetBC190_40", { classes: "100" }),
  "gpleiss/densenet_bc_L40_k36_c10": compact(40, 36, 10),
  "gpleiss/densenet_bc_L40_k36_c100": compact(40, 36, 100),
  "gpleiss/densenet_bc_L40_k48_c10": compact(40, 48, 10),
  "gpleiss/densenet_bc_L40_k48_c100": compact(40, 48, 100),
  "gpleiss/densenet_bc_L40_k60_c10": compact(40, 60, 10),
  "tv/resnet50": { file: "resnet", network: "ResNet50" },
  "tv/resnet101": { file: "resnet", network: "ResNet101" },
  "tv/resnet152": { file: "resnet", network: "ResNet152" },
};

interface Reference {
  readonly params: number;
  readonly macs: number;
  readonly tensors: number;
  readonly stateDictSha256: string;
}

const references: Readonly<Record<string, Reference>> = JSON.parse(
  readFileSync(join(root, "test", "reference", "counts.json"), "utf8"),
).models;

/** EfficientNet's example counts right, but is not labelled like the published model. */
const countedOnly: Readonly<Record<string, Use>> = {
  "tv/efficientnet_b0": { file: "efficientnet", network: "EfficientNetB0" },
  "tv/efficientnet_b1": { file: "efficientnet", network: "EfficientNetB1" },
  "tv/efficientnet_b7": { file: "efficientnet", network: "EfficientNetB7" },
};

/** The rows of the DenseNet paper and its technical report that no published file holds. */
const rows: readonly (readonly [name: string, use: Use, params: number, macs: number | null])[] = [
  ["201", { file: "densenet-201", network: "DenseNet201" }, 20_013_928, 4_291_365_888],
  ["232, k = 48", imagenet("[6, 12, 48, 48]", 48), 55_570_984, 10_119_129_600],
  ["cosine-264, k = 48", imagenet("[6, 12, 64, 48]", 48), 72_686_632, 12_850_693_632],
  ["plain 40/12, C10", plain("DenseNet40_12"), 1_019_722, 264_812_928],
  ["plain 40/12, C100", plain("DenseNet40_12", { classes: "100" }), 1_060_132, null],
  ["plain 100/12, C10", plain("DenseNet100_12"), 6_979_642, 1_769_516_448],
  ["plain 100/12, C100", plain("DenseNet100_12", { classes: "100" }), 7_084_852, null],
  ["plain 100/24, C10", plain("DenseNet100_24"), 27_249_082, 6_889_347_744],
  ["plain 100/24, C100", plain("DenseNet100_24", { classes: "100" }), 27_457_972, null],
  ["plain 40/12 with k0 = 2k", plain("DenseNet40_12", { stem: "24" }), 1_059_298, null],
  ["plain 100/12 with k0 = 2k", plain("DenseNet100_12", { stem: "24" }), 7_083_538, null],
  ["plain 100/24 with k0 = 2k", plain("DenseNet100_24", { stem: "48" }), 28_071_706, null],
];

describe("published models", () => {
  it.each(Object.entries(published))("%s has the same counts and tensors", (name, use) => {
    const architecture = compileUse(use);
    const { params, macs } = count(architecture);
    const { tensors, stateDictSha256: sha256, ...reference } = references[name] as Reference;
    expect({ params, macs }).toEqual({ params: reference.params, macs: reference.macs });
    expect({ tensors: architecture.tensors.length, sha256: sha256Of(listing(architecture)) }).toEqual({
      tensors,
      sha256,
    });
  });

  it.each(Object.entries(countedOnly))("%s has the same counts", (name, use) => {
    const { params, macs } = count(compileUse(use));
    const reference = references[name] as Reference;
    expect({ params, macs }).toEqual({ params: reference.params, macs: reference.macs });
  });

  it("misses no DenseNet of the reference", () => {
    const dense = Object.keys(references).filter((name) => /\/densenet/.test(name));
    expect(dense.filter((name) => !(name in published))).toEqual([]);
    expect(dense).toHaveLength(17);
  });
});

describe("rows of the papers", () => {
  it.each(rows)("%s", (_, use, params, macs) => {
    const stats = count(compileUse(use));
    expect(stats.params).toBe(params);
    if (macs !== null) expect(stats.macs).toBe(macs);
  });
});

describe("state dicts, name by name", () => {
  const files: readonly (readonly [file: string, use: Use])[] = [
    ["tv-densenet121", { file: "densenet-121", network: "DenseNet121" }],
    ["tv-densenet169", { file: "densenet-169", network: "DenseNet169" }],
    ["gpleiss-densenet_bc_L100_k12_c10", plain("DenseNetBC100_12")],
    ["tv-resnet50", { file: "resnet", network: "ResNet50" }],
  ];
  it.each(files)("%s", (file, use) => {
    const expected = readFileSync(join(root, "test", "reference", "state-dicts", `${file}.tsv`), "utf8");
    expect(listing(compileUse(use)).split("\n")).toEqual(expected.trimEnd().split("\n"));
  });
});

describe("densenet-121", () => {
  const text = readFileSync(join(root, "examples", "densenet-121.dnet"), "utf8");

  it("is twenty lines, and DenseNet-169 a variant of three", () => {
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(20);
    const variant = readFileSync(join(root, "examples", "densenet-169.dnet"), "utf8");
    expect(variant.slice(variant.indexOf("network")).trimEnd().split("\n").length).toBeLessThanOrEqual(3);
  });

  it("needs the memory that was measured", () => {
    const { memory, buffers, flops, depth } = count(compileUse({ file: "densenet-121", network: "DenseNet121" }));
    expect({ memory, buffers, flops, depth }).toMatchObject({
      memory: { weightBytes: 32_250_016, activationBytes: 195_146_656, peakBytes: 8_429_568, concatBytes: 40_692_736 },
      buffers: 83_648,
      flops: 5_668_323_328,
      depth: 121,
    });
  });
});

function compileUse({ file, network, set = {} }: Use): Architecture {
  const { architectures, diagnostics } = compileFile(join(root, "examples", `${file}.dnet`), undefined, {
    network,
    set,
  });
  expect(diagnostics.filter((one) => one.severity !== "note")).toEqual([]);
  return architectures[0] as Architecture;
}

/** The form of the reference: name, type and shape, a line for each tensor. */
function listing({ tensors }: Architecture): string {
  return tensors.map(({ name, dtype, shape }) => `${name}\t${dtype}\t${shape.join("x")}`).join("\n");
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
