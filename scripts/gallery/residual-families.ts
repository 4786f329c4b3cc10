import type { Family } from "./family.ts";

export const residualFamilies: readonly Family[] = [
  {
    page: "resnet",
    title: "ResNet, ResNeXt, wide ResNet",
    text: `\`residual { … } shortcut { … }\` is the unit; the empty shortcut is the identity. The paper puts the stride on the first
1×1 (\`early = true\`), torchvision on the 3×3. ResNeXt and the wide ResNets differ in the width and the groups of that
3×3 alone.`,
    library: ["resnet"],
    examples: ["resnet"],
    drawn: "ResNet50",
    published: {
      ResNet18: { params: "11,689,512", macs: "1.814 G" },
      ResNet34: { params: "21,797,672", macs: "3.664 G" },
      ResNet50: { params: "25,557,032", macs: "4.089 G" },
      ResNet101: { params: "44,549,160", macs: "7.801 G" },
      ResNet152: { params: "60,192,808", macs: "11.514 G" },
      ResNet50v1: { macs: "3.8 × 10⁹" },
      ResNet101v1: { macs: "7.6 × 10⁹" },
      ResNet152v1: { macs: "11.3 × 10⁹" },
      ResNeXt50_32x4d: { params: "25,028,904", macs: "4.23 G" },
      ResNeXt101_32x8d: { params: "88,791,336", macs: "16.414 G" },
      WideResNet50_2: { params: "68,883,240", macs: "11.398 G" },
      WideResNet101_2: { params: "126,886,696", macs: "22.753 G" },
    },
  },
  {
    page: "resnet-cifar",
    title: "ResNet for CIFAR, pre-activation, stochastic depth",
    text: `Three families of deep and narrow networks. The shortcut without parameters takes every other pixel and adds channels
of zeros: \`avgpool(1x1, stride = 2) pad(0, channels = …)\`. In the pre-activation unit both paths share a normalisation
and a ReLU where the shape changes. Stochastic depth multiplies each branch by the rate at which it lived:
\`droppath(rate, rescale = false)\` is a node of the model, and \`rescale = true\` is none.`,
    library: ["resnet-cifar", "resnet-preact", "stochastic-depth"],
    examples: ["resnet-cifar", "resnet-preact", "stochastic-depth"],
    drawn: "ResNet20",
    published: {
      ResNet20: { params: "0.27 M" },
      ResNet32: { params: "0.46 M" },
      ResNet44: { params: "0.66 M" },
      ResNet56: { params: "0.85 M" },
      ResNet110: { params: "1.7 M" },
      ResNet1202: { params: "19.4 M" },
      PreactResNet164: { params: "1.7 M" },
      PreactResNet1001: { params: "10.2 M" },
      StochasticDepth110: { params: "1.7 M" },
    },
  },
  {
    page: "highway",
    title: "Highway networks",
    text: `The gate T decides how much of x goes on as it is: y = H(x)·T(x) + x·(1 − T(x)). Tensors with names, \`mul\` and \`scale\`
say it in two branches.`,
    library: ["highway"],
    examples: ["highway"],
    drawn: "Highway19",
    published: { Highway19: { params: "2.3 M" } },
  },
  {
    page: "fractalnet",
    title: "FractalNet",
    text: `The paper defines the block by recursion. Unrolled it is a clock: column c has a convolution in every
2^(C − 1 − c)-th row, and the columns that end in a row are joined by their mean. The language has no recursion, and
needs none here.`,
    library: ["fractalnet"],
    examples: ["fractalnet"],
    drawn: "FractalNet20",
    published: {},
  },
  {
    page: "hrnet",
    title: "HRNet",
    text: `Branches of different resolution run side by side and are exchanged again and again: each branch is the sum of all of
them, brought to its size. \`x[b]\` is the tensor of branch b, and the exchange unit is two loops around one \`add\`.

The published figures of operations are MACs divided by 2^30.`,
    library: ["resnet", "hrnet"],
    examples: ["hrnet"],
    drawn: "HRNetW18",
    published: {
      HRNetW18: { params: "21.3 M", macs: "3.99 × 2³⁰" },
      HRNetW30: { params: "37.7 M", macs: "7.55 × 2³⁰" },
      HRNetW32: { params: "41.2 M", macs: "8.31 × 2³⁰" },
      HRNetW40: { params: "57.6 M", macs: "11.8 × 2³⁰" },
      HRNetW44: { params: "67.1 M", macs: "13.9 × 2³⁰" },
      HRNetW48: { params: "77.5 M", macs: "16.1 × 2³⁰" },
      HRNetW64: { params: "128.1 M", macs: "26.9 × 2³⁰" },
      HRNetW18SmallV1: { params: "13.2 M", macs: "1.49 × 2³⁰" },
      HRNetW18SmallV2: { params: "15.6 M", macs: "2.42 × 2³⁰" },
    },
  },
  {
    page: "bit",
    title: "BiT",
    text: `A pre-activation ResNet with group normalisation, whose convolutions have standardised weights: \`standardize { … }\`
around them says so once. At inference it is a constant, and it is folded into the weights.

The pooling of the stem stands behind a border of zeros, not behind the border of −∞ that \`pad = 1\` would give it.`,
    library: ["bit"],
    examples: ["bit"],
    drawn: "BiT_R50x1",
    published: { BiT_R152x4: { params: "928 M (without the head)" } },
  },
  {
    page: "efficientnet",
    title: "EfficientNet",
    text: `Inverted residuals with squeeze and excitation; width, depth and resolution grow together. The formula of the paper is
width 1.1^φ, depth 1.2^φ, resolution 1.15^φ; what is published are rounded values, and the file names both.
TensorFlow's networks, Noisy Student and Meta Pseudo Labels pad differently (\`same\`) and bear other names.`,
    library: ["efficientnet", "efficientnet-timm"],
    examples: ["efficientnet", "efficientnet-tf"],
    drawn: "EfficientNetB0",
    published: {
      EfficientNetB0: { params: "5.3 M", macs: "0.39 G" },
      EfficientNetB1: { params: "7.8 M", macs: "0.70 G" },
      EfficientNetB2: { params: "9.2 M", macs: "1.0 G" },
      EfficientNetB3: { params: "12 M", macs: "1.8 G" },
      EfficientNetB4: { params: "19 M", macs: "4.2 G" },
      EfficientNetB5: { params: "30 M", macs: "9.9 G" },
      EfficientNetB6: { params: "43 M", macs: "19 G" },
      EfficientNetB7: { params: "66 M", macs: "37 G" },
      NoisyStudentL2: { params: "480 M" },
      MetaPseudoLabelsL2: { params: "480 M" },
    },
  },
];
