import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WeightsFault } from "../../../src/weights/fault.ts";
import { type PublishedNames, publishedMapping } from "../../../src/weights/loading/published-names.ts";
import { type Mapping, readRules, renamer } from "../../../src/weights/loading/rules.ts";
import { compileFile } from "../../compiling.ts";

const unknown: ReadonlySet<string> = new Set();
const renamed = (name: string, mappings: readonly Mapping[], known: ReadonlySet<string>) =>
  renamer(mappings, known)(name).name;
const own = (text: string): Mapping => ({ rules: readRules(text), sparesKnown: false });

describe("rules", () => {
  it.each([
    ["head.weight -> classifier.weight", "head.weight", "classifier.weight"],
    ["head.weight -> classifier.weight", "xhead.weight", "xhead.weight"],
    ["head.weight -> classifier.weight", "head_weight", "head_weight"],
    ["module.{name...} -> {name}", "module.a.b.weight", "a.b.weight"],
    ["module.{name...} -> {name}", "module.", "module."],
    ["a.{x}.{role} -> {x}.{role}", "a.b.weight", "b.weight"],
    ["a.{x}.{role} -> {x}.{role}", "a.b.c.weight", "a.b.c.weight"],
    ["{x}/kernel -> {x}.weight", "conv/kernel", "conv.weight"],
    ["{x}/kernel -> {x}.weight", "a/conv/kernel", "a/conv/kernel"],
    ["layer{i}.{r} -> layers.{i-1}.{r}", "layer1.bias", "layers.0.bias"],
    ["layer{i}.{r} -> layers.{i-1}.{r}", "layer0.bias", "layer0.bias"],
    ["layer{i}.{r} -> layers.{i-1}.{r}", "layerA.bias", "layerA.bias"],
    ["u{i}.{r} -> unit{i+1:02}.{r}", "u8.w", "unit09.w"],
    ["u{i}.{r} -> unit{i+1:02}.{r}", "u9.w", "unit10.w"],
    ["u{i}.{r} -> unit{i:03}.{r}", "u9.w", "unit009.w"],
    ["a.b -> c # what was a.b", "a.b", "c"],
    ["  a(b)[0]  ->  c  ", "a(b)[0]", "c"],
    ["# nothing\n\nx -> y\nx -> z", "x", "y"],
    ["x -> y\r\ny -> z\r\n", "x", "y"],
  ])("%j makes of %s %s", (rules, name, expected) => {
    expect(renamed(name, [own(rules)], unknown)).toBe(expected);
  });

  it("are applied file after file", () => {
    expect(renamed("module.head.bias", [own("module.{n...} -> {n}"), own("head.{r} -> fc.{r}")], unknown)).toBe(
      "fc.bias",
    );
  });

  it("leave alone what the network has where they are published ones", () => {
    const known = new Set(["bn1.weight"]);
    expect(renamed("bn1.weight", [publishedMapping("timm")], known)).toBe("bn1.weight");
    expect(renamed("bn1.weight", [own("bn1.{r} -> bn2.{r}")], known)).toBe("bn2.weight");
  });

  it("may say how a tensor lies in the file", () => {
    const rename = renamer(
      [own("{x}/kernel -> {x}.weight (HWIO)\nd -> d.weight  (IO) # dense"), own("a{r...} -> b{r}")],
      unknown,
    );
    expect(rename("a/kernel")).toEqual({ name: "b.weight", layout: "HWIO" });
    expect(rename("d")).toEqual({ name: "d.weight", layout: "IO" });
    expect(rename("a.bias")).toEqual({ name: "b.bias", layout: null });
    const twice = renamer([own("a -> b (HWIO)"), own("b -> c (HWOI)")], unknown);
    expect(() => twice("a")).toThrow("b is (HWIO) by one mapping, and (HWOI) by the next");
  });

  it.each([
    ["a -> b (HWI)", "line 1: (HWI) is no order of the axes OIHW or OI"],
    ["a -> b (NCHW)", "line 1: (NCHW) is no order of the axes OIHW or OI"],
    ["a -> b (OO)", "line 1: (OO) is no order of the axes OIHW or OI"],
    ["a", "line 1: a rule is written as"],
    ["\n# x\na ->", "line 3: a rule is written as"],
    ["a -> b -> c", "line 1: a rule is written as"],
    ["a{ -> b", "line 1: a { or } has no partner"],
    ["a{} -> b", "line 1: {} is none of"],
    ["a{x*2} -> b", "line 1: {x*2} is none of"],
    ["a{x+1} -> b", "line 1: {x} is reckoned with on the right only"],
    ["{x}.{x} -> b", "line 1: {x} stands twice on the left"],
    ["{x}{y} -> {x}", "line 1: between two captures there must be a text"],
    ["{x...}.{y...} -> {x}", "line 1: only one capture of the left can end in ..."],
    ["{a}x{b}x{c}.{r} -> {a}", "line 1: between two dots of the left there can be two captures"],
    ["{x} -> {y}", "line 1: {y} stands for nothing on the left"],
  ])("%j is refused", (text, fault) => {
    expect(() => readRules(text)).toThrow(fault);
    expect(() => readRules(text)).toThrow(WeightsFault);
  });
});

const root = join(import.meta.dirname, "..", "..", "..");

function namesOf(file: string, network: string): readonly string[] {
  const { architectures } = compileFile(join(root, "examples", file), file, { network });
  const [architecture] = architectures;
  if (!architecture) throw new Error(`no ${network}`);
  return architecture.tensors.map(({ name }) => name);
}

describe("published names", () => {
  const mapped = (published: PublishedNames, names: readonly string[], to: readonly string[]) => {
    const known = new Set(to);
    const rename = renamer([publishedMapping(published)], known);
    return names.map((name) => rename(name).name).toSorted();
  };

  it("of DataParallel lose `module.`", () => {
    const names = namesOf("densenet-121.dnet", "DenseNet121");
    expect(
      mapped(
        "module",
        names.map((name) => `module.${name}`),
        names,
      ),
    ).toEqual(names.toSorted());
  });

  it.each(["torchvision-old", "gpleiss"] as const)("of %s are those of DenseNet with dots", (published) => {
    const names = namesOf("densenet-121.dnet", "DenseNet121");
    const old = names.map((name) => name.replace(/(denselayer\d+\.(?:norm|conv))([12])\./, "$1.$2."));
    expect(old.filter((name) => !names.includes(name))).toHaveLength(58 * (2 * 5 + 2));
    const theirs = published === "gpleiss" ? old.map((name) => name.replace("norm5", "norm_final")) : old;
    expect(mapped(published, theirs, names)).toEqual(names.toSorted());
    expect(mapped(published, names, names)).toEqual(names.toSorted());
  });

  it("of timm's EfficientNet are those of torchvision's", () => {
    const names = namesOf("efficientnet.dnet", "EfficientNetB0");
    const theirs = namesOf("efficientnet-tf.dnet", "EfficientNetB0_TF");
    expect(mapped("timm", theirs, names)).toEqual(names.toSorted());
  });

  it("of timm's BiT are those of the published code", () => {
    const names = namesOf("bit.dnet", "BiT_R50x1");
    expect(mapped("timm", namesOf("bit.dnet", "BiT_R50x1_Timm"), names)).toEqual(names.toSorted());
  });

  it("of timm's DenseNet and ResNet are those of torchvision, and stay", () => {
    for (const names of [namesOf("densenet-121.dnet", "DenseNet121"), namesOf("resnet.dnet", "ResNet50")]) {
      expect(mapped("timm", names, names)).toEqual(names.toSorted());
    }
  });

  it.each([
    ["EfficientNetB0_TF", 15, [["efficientnet.dnet", "EfficientNetB0"]]],
    ["NoisyStudentL2", 87, []],
  ] as const)("of EfficientNet-PyTorch's %s are those of timm and of torchvision", (network, last, others) => {
    const own = namesOf("efficientnet-tf.dnet", network);
    const theirs = lukemelasNames(own);
    expect(theirs.slice(0, 2)).toEqual(["_conv_stem.weight", "_bn0.weight"]);
    expect(theirs).toContain(`_blocks.${last}._project_conv.weight`);
    expect(theirs).not.toContain(`_blocks.${last + 1}._project_conv.weight`);
    for (const names of [own, ...others.map((other) => namesOf(...other))]) {
      expect(mapped("lukemelas", theirs, names)).toEqual(names.toSorted());
    }
  });

  it("of BiT's arrays are those of the published code", () => {
    const names = namesOf("bit.dnet", "BiT_R50x1");
    const arrays = names.map(arrayOf);
    expect(new Set(arrays).size).toBe(names.length);
    expect(arrays.filter((name) => name.startsWith("resnet/"))).toHaveLength(names.length);
    expect(mapped("bit", arrays, names)).toEqual(names.toSorted());
  });
});

/** As a MBConvBlock and the EfficientNet around it call their modules, from the names of timm in their order. */
function lukemelasNames(timm: readonly string[]): readonly string[] {
  const blocks = [...new Set(timm.flatMap((name) => /^blocks\.\d+\.\d+/.exec(name) ?? []))];
  const outside: Readonly<Record<string, string>> = {
    conv_stem: "_conv_stem",
    bn1: "_bn0",
    conv_head: "_conv_head",
    bn2: "_bn1",
    classifier: "_fc",
  };
  return timm.map((name) => {
    const [layer, role] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf("."))];
    const block = /^blocks\.\d+\.\d+/.exec(name)?.[0];
    if (block === undefined) return `${outside[layer]}${role}`;
    const inside = layer.slice(block.length + 1);
    const expands = timm.includes(`${block}.conv_pwl.weight`);
    const norms = expands ? ["_bn0", "_bn1", "_bn2"] : ["_bn1", "_bn2"];
    const theirs: Readonly<Record<string, string>> = {
      conv_pw: expands ? "_expand_conv" : "_project_conv",
      conv_dw: "_depthwise_conv",
      "se.conv_reduce": "_se_reduce",
      "se.conv_expand": "_se_expand",
      conv_pwl: "_project_conv",
    };
    const own = theirs[inside] ?? norms[Number(inside.slice(2)) - 1];
    return `_blocks.${blocks.indexOf(block)}.${own}${role}`;
  });
}

/** As the code that loads the arrays of BiT asks for them. */
function arrayOf(name: string): string {
  const [layer = "", role = ""] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf(".") + 1)];
  const norm = role === "weight" ? "group_norm/gamma" : "group_norm/beta";
  if (layer === "root.conv") return "resnet/root_block/standardized_conv2d/kernel";
  if (layer === "head.conv") return `resnet/head/conv2d/${role === "weight" ? "kernel" : "bias"}`;
  if (layer === "head.gn") return `resnet/${norm}`;
  const [, block = "", unit = "", kind = ""] = /^body\.(block\d)\.(unit\d\d)\.(\w+)$/.exec(layer) ?? [];
  if (kind === "downsample") return `resnet/${block}/${unit}/a/proj/standardized_conv2d/kernel`;
  const letter = " abc"[Number(kind.at(-1))] ?? "";
  return `resnet/${block}/${unit}/${letter}/${kind.startsWith("gn") ? norm : "standardized_conv2d/kernel"}`;
}
