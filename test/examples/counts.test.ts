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
/** Published models by the example file that holds them: the name in `counts.json` and that of the network. */
const families: Readonly<Record<string, readonly (readonly [published: string, network: string])[]>> = {
  alexnet: [["tv/alexnet", "AlexNet"]],
  bit: [
    ["bit/R50x1_1k", "BiT_R50x1"],
    ["bit/R50x3_1k", "BiT_R50x3"],
    ["bit/R101x1_1k", "BiT_R101x1"],
    ["bit/R152x2_1k", "BiT_R152x2"],
    ["bit/R152x4_1k", "BiT_R152x4"],
    ["timm/resnetv2_50x1_bit", "BiT_R50x1_Timm"],
  ],
  condensenet: [
    ["condensenet/imagenet74_g4_converted", "CondenseNet74_G4"],
    ["condensenet/imagenet74_g8_converted", "CondenseNet74_G8"],
  ],
  "condensenet-cifar": [
    ["condensenet/cifar50_converted", "CondenseNet50"],
    ["condensenet/cifar74_converted", "CondenseNet74"],
    ["condensenet/cifar122_converted", "CondenseNet122"],
    ["condensenet/cifar182_converted", "CondenseNet182"],
  ],
  "condensenet-v2": [
    ["condensenetv2/a_converted", "CondenseNetV2_A"],
    ["condensenetv2/c_converted", "CondenseNetV2_C"],
  ],
  "densenet-121": [["tv/densenet121", "DenseNet121"]],
  "densenet-161": [["tv/densenet161", "DenseNet161"]],
  "densenet-169": [["tv/densenet169", "DenseNet169"]],
  "densenet-264": [["tvclass/densenet264_k32", "DenseNet264"]],
  efficientnet: [0, 1, 2, 3, 4, 7].map((n) => [`tv/efficientnet_b${n}`, `EfficientNetB${n}`] as const),
  "efficientnet-tf": [
    ["timm/tf_efficientnet_b0", "EfficientNetB0_TF"],
    ["timm/tf_efficientnet_l2", "NoisyStudentL2"],
  ],
  googlenet: [
    ["tv/googlenet_noaux", "GoogLeNet_BN"],
    ["tv/googlenet_aux", "GoogLeNet_BN_Training"],
  ],
  hrnet: [
    ["hrnet/hrnet_w18", "HRNetW18"],
    ["hrnet/hrnet_w18_small_v1", "HRNetW18SmallV1"],
    ["hrnet/hrnet_w18_small_v2", "HRNetW18SmallV2"],
    ["hrnet/hrnet_w32", "HRNetW32"],
    ["hrnet/hrnet_w48", "HRNetW48"],
    ["hrnet/hrnet_w64", "HRNetW64"],
  ],
  "inception-v3": [
    ["tv/inception_v3_noaux", "InceptionV3_299"],
    ["tv/inception_v3_aux", "InceptionV3_Training"],
  ],
  resnet: [
    ...[18, 34, 50, 101, 152].map((n) => [`tv/resnet${n}`, `ResNet${n}`] as const),
    ["tv/resnext50_32x4d", "ResNeXt50_32x4d"],
  ],
  vgg: [
    ["tv/vgg11", "VGG11"],
    ["tv/vgg16", "VGG16"],
    ["tv/vgg19", "VGG19"],
    ["tv/vgg16_bn", "VGG16BN"],
  ],
};

/** Every entry of `counts.json`. */
const published: Readonly<Record<string, Use>> = {
  ...Object.fromEntries(
    Object.entries(families).flatMap(([file, models]) => models.map(([name, network]) => [name, { file, network }])),
  ),
  "gpleiss/densenet_bc_L40_k12_c10": compact(40, 12, 10),
  "gpleiss/densenet_bc_L40_k12_c100": compact(40, 12, 100),
  "gpleiss/densenet_bc_L100_k12_c10": plain("DenseNetBC100_12"),
  "gpleiss/densenet_bc_L100_k12_c100": plain("DenseNetBC100_12", { classes: "100" }),
  "gpleiss/densenet_bc_L250_k24_c10": plain("DenseNetBC250_24"),
  "gpleiss/densenet_bc_L250_k24_c100": plain("DenseNetBC250_24", { classes: "100" }),
  "gpleiss/densenet_bc_L190_k40_c10": plain("DenseNetBC190_40"),
  "gpleiss/densenet_bc_L190_k40_c100": plain("DenseNetBC190_40", { classes: "100" }),
  "gpleiss/densenet_bc_L40_k36_c10": plain("WideDenseNetBC40_36"),
  "gpleiss/densenet_bc_L40_k36_c100": plain("WideDenseNetBC40_36", { classes: "100" }),
  "gpleiss/densenet_bc_L40_k48_c10": plain("WideDenseNetBC40_48"),
  "gpleiss/densenet_bc_L40_k48_c100": plain("WideDenseNetBC40_48", { classes: "100" }),
  "gpleiss/densenet_bc_L40_k60_c10": plain("WideDenseNetBC40_60"),
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

/** The rows of the DenseNet paper and its technical report that no published file holds. */
const rows: readonly (readonly [name: string, use: Use, params: number, macs: number | null])[] = [
  ["201", { file: "densenet-201", network: "DenseNet201" }, 20_013_928, 4_291_365_888],
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

  it("are all there", () => {
    expect(Object.keys(published).toSorted()).toEqual(Object.keys(references).toSorted());
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
  const files: Readonly<Record<string, string>> = {
    "bit-R50x1_1k": "bit/R50x1_1k",
    "condensenet-imagenet74_g4_converted": "condensenet/imagenet74_g4_converted",
    "condensenetv2-a_converted": "condensenetv2/a_converted",
    "gpleiss-densenet_bc_L100_k12_c10": "gpleiss/densenet_bc_L100_k12_c10",
    "hrnet-hrnet_w18": "hrnet/hrnet_w18",
    "tv-alexnet": "tv/alexnet",
    "tv-densenet121": "tv/densenet121",
    "tv-densenet169": "tv/densenet169",
    "tv-efficientnet_b0": "tv/efficientnet_b0",
    "tv-googlenet_noaux": "tv/googlenet_noaux",
    "tv-inception_v3_noaux": "tv/inception_v3_noaux",
    "tv-resnet50": "tv/resnet50",
    "tv-vgg16_bn": "tv/vgg16_bn",
  };
  it.each(Object.entries(files))("%s", (file, name) => {
    const expected = readFileSync(join(root, "test", "reference", "state-dicts", `${file}.tsv`), "utf8");
    expect(listing(compileUse(published[name] as Use)).split("\n")).toEqual(expected.trimEnd().split("\n"));
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
