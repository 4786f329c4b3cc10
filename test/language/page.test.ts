import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { count } from "../../src/compiler/count.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { compileText } from "../compiling.ts";
import { around, codesIn, lastShape, networkIn } from "./checking.ts";

const program = (name: string) =>
  readFileSync(join(import.meta.dirname, "..", "fixtures", "ok", `${name}.dnet`), "utf8");

function compiled(text: string, name: string, set: Readonly<Record<string, string>> = {}): Architecture {
  const { architectures, diagnostics } = compileText(text, { network: name, set });
  expect(diagnostics.filter(({ severity }) => severity !== "note")).toEqual([]);
  return architectures[0] as Architecture;
}

describe("the programs that define the language", () => {
  it("DenseNet-121", () => {
    const net = compiled(program("densenet-121-plain"), "DenseNet121");
    expect(count(net)).toMatchObject({ params: 7_978_856, macs: 2_834_161_664, buffers: 83_648, depth: 121 });
    expect(net.doc).toContain("DenseNet-BC for ImageNet");
    expect(lastShape(net)).toBe("[N, 1000]");
    expect(net.denseBlocks.map(({ k0, growth, layers }) => [k0, growth, layers])).toEqual([
      [64, 32, 6],
      [128, 32, 12],
      [256, 32, 24],
      [512, 32, 16],
    ]);
  });

  it("DenseNet-BC for CIFAR, L = 6n + 4", () => {
    const text = program("densenet-bc");
    expect(count(compiled(text, "DenseNetBC_190_40")).params).toBe(25_624_430);
    expect(count(compiled(text, "DenseNetBC"))).toMatchObject({ params: 769_162, depth: 100 });
    expect(count(compiled(text, "DenseNetBC", { depth: "40" })).depth).toBe(40);
    expect(codesIn(text, { network: "DenseNetBC", set: { depth: "41" } })).toEqual(["not-whole"]);
  });

  it("ResNet-50 and ResNet-152", () => {
    const text = program("resnet");
    expect(count(compiled(text, "ResNet50"))).toMatchObject({ params: 25_557_032, macs: 4_089_184_256, depth: 50 });
    expect(count(compiled(text, "ResNet152"))).toMatchObject({ params: 60_192_808, depth: 152 });
    const names = compiled(text, "ResNet50").tensors.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(["conv1.weight", "bn1.weight"]);
    expect(names).toContain("layer1.0.downsample.0.weight");
    expect(names).toContain("layer4.2.bn3.num_batches_tracked");
    expect(names.slice(-2)).toEqual(["fc.weight", "fc.bias"]);
  });

  it("EfficientNet-B7", () => {
    const text = program("efficientnet");
    expect(count(compiled(text, "EfficientNetB7")).params).toBe(66_347_960);
    expect(count(compiled(text, "EfficientNet")).params).toBe(5_288_548);
    expect(lastShape(compiled(text, "EfficientNetB7"))).toBe("[N, 1000]");
  });

  it("Tiramisu, at any size that can be halved three times", () => {
    const text = program("tiramisu");
    const net = compiled(text, "Tiramisu");
    expect(lastShape(net)).toBe("[N, 11, H, W]");
    expect(codesIn(text, { dims: { H: "224", W: "200" } })).toEqual([]);
    expect(codesIn(text, { dims: { H: "224", W: "100" } })).toEqual(["require-failed"]);
    expect(count(compiled(text, "Tiramisu")).params).toEqual(
      count(networkIn(text, { dims: { H: "64", W: "64" } })).params,
    );
  });

  it("one layer of CondenseNetV2", () => {
    const net = networkIn(`${program("layer-v2")}\n${around("LayerV2(8, 4)", "16, 8, 8")}`);
    expect(lastShape(net)).toBe("[N, 24, 8, 8]");
    expect(net.tensors.filter(({ kind }) => kind === "table").map(({ name, shape }) => [name, shape])).toEqual([
      ["layerv2_1.select1.index", [16]],
      ["layerv2_1.scatter1.index", [16, 16]],
    ]);
  });
});
