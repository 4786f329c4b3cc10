import { lukemelasRules } from "./lukemelas.ts";
import { type Mapping, readRules } from "./rules.ts";

const dottedNames = `
    {block...}.denselayer{l}.norm.{n}.{role} -> {block}.denselayer{l}.norm{n}.{role}
    {block...}.denselayer{l}.conv.{n}.{role} -> {block}.denselayer{l}.conv{n}.{role}`;

/** Names of tensors as others have published them, as rules that give them those of `std/`. */
const texts = {
  // Of torch.nn.DataParallel.
  module: "module.{name...} -> {name}",

  // The checkpoints of torchvision from before PyTorch 0.4.1, when a name could hold a dot.
  "torchvision-old": dottedNames,

  // gpleiss/efficient_densenet_pytorch, for networks with the names of torchvision.
  gpleiss: `${dottedNames}
    features.norm_final.{role} -> features.norm5.{role}`,

  // timm names DenseNet, ResNet and Inception as torchvision does; EfficientNet and BiT have names of its own.
  timm: `
    conv_stem.{role} -> features.0.0.{role}
    bn1.{role} -> features.0.1.{role}
    blocks.0.{i}.conv_dw.{role} -> features.1.{i}.block.0.0.{role}
    blocks.0.{i}.bn1.{role} -> features.1.{i}.block.0.1.{role}
    blocks.0.{i}.se.conv_reduce.{role} -> features.1.{i}.block.1.fc1.{role}
    blocks.0.{i}.se.conv_expand.{role} -> features.1.{i}.block.1.fc2.{role}
    blocks.0.{i}.conv_pw.{role} -> features.1.{i}.block.2.0.{role}
    blocks.0.{i}.bn2.{role} -> features.1.{i}.block.2.1.{role}
    blocks.{s}.{i}.conv_pw.{role} -> features.{s+1}.{i}.block.0.0.{role}
    blocks.{s}.{i}.bn1.{role} -> features.{s+1}.{i}.block.0.1.{role}
    blocks.{s}.{i}.conv_dw.{role} -> features.{s+1}.{i}.block.1.0.{role}
    blocks.{s}.{i}.bn2.{role} -> features.{s+1}.{i}.block.1.1.{role}
    blocks.{s}.{i}.se.conv_reduce.{role} -> features.{s+1}.{i}.block.2.fc1.{role}
    blocks.{s}.{i}.se.conv_expand.{role} -> features.{s+1}.{i}.block.2.fc2.{role}
    blocks.{s}.{i}.conv_pwl.{role} -> features.{s+1}.{i}.block.3.0.{role}
    blocks.{s}.{i}.bn3.{role} -> features.{s+1}.{i}.block.3.1.{role}
    conv_head.{role} -> features.8.0.{role}
    bn2.{role} -> features.8.1.{role}
    classifier.{role} -> classifier.1.{role}
    stem.conv.{role} -> root.conv.{role}
    stages.{s}.blocks.{u}.norm{n}.{role} -> body.block{s+1}.unit{u+1:02}.gn{n}.{role}
    stages.{s}.blocks.{u}.conv{n}.{role} -> body.block{s+1}.unit{u+1:02}.conv{n}.{role}
    stages.{s}.blocks.{u}.downsample.conv.{role} -> body.block{s+1}.unit{u+1:02}.downsample.{role}
    norm.{role} -> head.gn.{role}
    head.fc.{role} -> head.conv.{role}`,

  // The arrays that Google published for BiT, laid out as TensorFlow does.
  bit: bitRules(),

  lukemelas: lukemelasRules,
} as const;

export type PublishedNames = keyof typeof texts;

export const publishedNames = Object.keys(texts) as readonly PublishedNames[];

export function isPublished(name: string): name is PublishedNames {
  return Object.hasOwn(texts, name);
}

export function publishedMapping(name: PublishedNames): Mapping {
  const text = texts[name];
  const rules = typeof text === "string" ? readRules(text) : (known: ReadonlySet<string>) => readRules(text(known));
  return { rules, sparesKnown: true };
}

function bitRules(): string {
  const norm = [
    ["gamma", "weight"],
    ["beta", "bias"],
  ] as const;
  const units = ["a", "b", "c"].flatMap((letter, i) => [
    `resnet/block{b}/unit{u}/${letter}/standardized_conv2d/kernel -> body.block{b}.unit{u}.conv${i + 1}.weight (HWIO)`,
    ...norm.map(
      ([theirs, ours]) =>
        `resnet/block{b}/unit{u}/${letter}/group_norm/${theirs} -> body.block{b}.unit{u}.gn${i + 1}.${ours}`,
    ),
  ]);
  return [
    "resnet/root_block/standardized_conv2d/kernel -> root.conv.weight (HWIO)",
    ...units,
    "resnet/block{b}/unit{u}/a/proj/standardized_conv2d/kernel -> body.block{b}.unit{u}.downsample.weight (HWIO)",
    ...norm.map(([theirs, ours]) => `resnet/group_norm/${theirs} -> head.gn.${ours}`),
    "resnet/head/conv2d/kernel -> head.conv.weight (HWIO)",
    "resnet/head/conv2d/bias -> head.conv.bias",
  ].join("\n");
}
