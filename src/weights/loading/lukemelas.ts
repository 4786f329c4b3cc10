/**
 * EfficientNet-PyTorch of Luke Melas-Kyriazi counts blocks through all stages, and the networks of `std/` stage by stage:
 * which is which is read from the names of a network. Those of torchvision and of timm are known.
 */
export function lukemelasRules(known: ReadonlySet<string>): string {
  const convention = known.has(`${timm.stem[0]}.weight`) ? timm : torchvision;
  const { stem, head, classifier } = convention;
  const outside = [
    ["_conv_stem", stem[0]],
    ["_bn0", stem[1]],
    ["_conv_head", head[0]],
    ["_bn1", head[1]],
    ["_fc", classifier],
  ] as const;
  const blocks = blocksOf(convention, known).flatMap((block, i) => {
    const ours = known.has(`${block}.${convention.onlyExpanding}.weight`) ? convention.expanding : convention.plain;
    return theirs.flatMap((layer, at) => {
      const label = ours[at];
      return label ? [[`_blocks.${i}.${layer}`, `${block}.${label}`] as const] : [];
    });
  });
  return [...outside, ...blocks].map(([from, to]) => `${from}.{role} -> ${to}.{role}`).join("\n");
}

const theirs = [
  ...["_expand_conv", "_bn0", "_depthwise_conv", "_bn1"],
  ...["_se_reduce", "_se_expand", "_project_conv", "_bn2"],
];

interface Convention {
  readonly stem: readonly [convolution: string, norm: string];
  readonly head: readonly [convolution: string, norm: string];
  readonly classifier: string;
  /** The block that a name is in. */
  readonly block: RegExp;
  /** A layer that blocks have which expand, and others have not. */
  readonly onlyExpanding: string;
  /** In the order of `theirs`; empty is what is not there. */
  readonly expanding: readonly string[];
  readonly plain: readonly string[];
}

const torchvision: Convention = {
  stem: ["features.0.0", "features.0.1"],
  head: ["features.8.0", "features.8.1"],
  classifier: "classifier.1",
  block: /^(features\.(\d+)\.(\d+)\.block)\./,
  onlyExpanding: "3.0",
  expanding: ["0.0", "0.1", "1.0", "1.1", "2.fc1", "2.fc2", "3.0", "3.1"],
  plain: ["", "", "0.0", "0.1", "1.fc1", "1.fc2", "2.0", "2.1"],
};

const timm: Convention = {
  stem: ["conv_stem", "bn1"],
  head: ["conv_head", "bn2"],
  classifier: "classifier",
  block: /^(blocks\.(\d+)\.(\d+))\./,
  onlyExpanding: "conv_pwl",
  expanding: ["conv_pw", "bn1", "conv_dw", "bn2", "se.conv_reduce", "se.conv_expand", "conv_pwl", "bn3"],
  plain: ["", "", "conv_dw", "bn1", "se.conv_reduce", "se.conv_expand", "conv_pw", "bn2"],
};

/** Stage by stage, and each in its order. */
function blocksOf({ block }: Convention, known: ReadonlySet<string>): readonly string[] {
  const found = new Map<string, readonly [number, number]>();
  for (const name of known) {
    const [, path, stage, place] = block.exec(name) ?? [];
    if (path !== undefined) found.set(path, [Number(stage), Number(place)]);
  }
  return [...found].sort(([, a], [, b]) => a[0] - b[0] || a[1] - b[1]).map(([path]) => path);
}
