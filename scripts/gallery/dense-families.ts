import type { Family } from "./family.ts";

export const denseFamilies: readonly Family[] = [
  {
    page: "densenet",
    title: "DenseNet",
    text: `Each layer of a dense block sees the concatenation of the block's input and of all earlier layers: layer l gets
k0 + k·(l − 1) channels and adds k. What is published as DenseNet is DenseNet-BC: a 1×1 bottleneck in each layer, and
transitions that keep half of the channels. The file names the blocks and the growth rate; everything else follows.

By the paper's own formula the depth of "DenseNet-264" is 265, and that of "DenseNet-232" is 233.`,
    library: ["densenet"],
    examples: ["densenet-121", "densenet-161", "densenet-169", "densenet-201", "densenet-264", "densenet-cosine-264"],
    drawn: "DenseNet121",
    published: {
      DenseNet121: { params: "7,978,856", macs: "2.834 G" },
      DenseNet161: { params: "28,681,000", macs: "7.728 G" },
      DenseNet169: { params: "14,149,480", macs: "3.360 G" },
      DenseNet201: { params: "20,013,928", macs: "4.291 G" },
      DenseNetCosine264: { params: "73 M" },
    },
  },
  {
    page: "densenet-cifar",
    title: "DenseNet for CIFAR",
    text: `The rows of Table 2 of the paper, and the wide DenseNets of its code. \`(depth - 4) / 6\` must be whole: with
\`--set depth=101\` the message shows the fraction and what asked for a whole number. The networks for CIFAR-100 are
these with \`--set classes=100\`.

The paper's plain networks start with 16 channels. The released Lua has 2k there; \`--set stem=24\` counts it.`,
    library: ["densenet"],
    examples: ["densenet-cifar"],
    drawn: "DenseNetBC100_12",
    published: {
      DenseNet40_12: { params: "1.0 M" },
      DenseNet100_12: { params: "7.0 M" },
      DenseNet100_24: { params: "27.2 M" },
      DenseNetBC100_12: { params: "0.8 M" },
      DenseNetBC250_24: { params: "15.3 M" },
      DenseNetBC190_40: { params: "25.6 M" },
      WideDenseNetBC40_36: { params: "1.5 M" },
      WideDenseNetBC40_48: { params: "2.7 M" },
      WideDenseNetBC40_60: { params: "4.3 M" },
    },
  },
  {
    page: "condensenet",
    title: "CondenseNet",
    text: `A DenseNet in which training has chosen what each group of a 1×1 convolution sees. For inference that is an index
(\`select\`), a grouped convolution and a \`shuffle\`. Between blocks there is nothing but a pooling, and each block has a
growth rate of its own.

What is published as FLOPs counts one more operation for each value of a ReLU and for each factor of a pooling, and the
parameters of the CIFAR rows count the classifier before it is pruned. The columns here count what every other page
counts.`,
    library: ["condensenet"],
    examples: ["condensenet", "condensenet-cifar"],
    drawn: "CondenseNet74_G4",
    published: {
      CondenseNet74_G4: { params: "4.8 M", macs: "529 M" },
      CondenseNet74_G8: { params: "2.9 M", macs: "274 M" },
      CondenseNet50: { params: "0.22 M", macs: "28.6 M" },
      CondenseNet74: { params: "0.41 M", macs: "51.9 M" },
      CondenseNet86: { params: "0.52 M", macs: "65.8 M" },
      CondenseNet98: { params: "0.65 M", macs: "81.3 M" },
      CondenseNet110: { params: "0.79 M", macs: "98.2 M" },
      CondenseNet122: { params: "0.95 M", macs: "116.7 M" },
      CondenseNet182: { params: "4.2 M", macs: "513 M" },
    },
  },
  {
    page: "condensenet-v2",
    title: "CondenseNetV2",
    text: `Here a layer not only adds channels: what it found also changes the channels that reached it. A grouped
convolution makes the changes and \`scatter\` adds them onto channels that training has chosen (sparse feature
reactivation). So the block is no \`dense\` any more, and is written as what it is: \`add(x) concat(found)\`.

\`sfr: { }\` holds a place: in the published code the tensors of the reactivation come before those of the excitation that
runs before it.`,
    library: ["condensenet-v2"],
    examples: ["condensenet-v2"],
    drawn: "CondenseNetV2_A",
    published: {
      CondenseNetV2_A: { params: "2.0 M", macs: "46 M" },
      CondenseNetV2_B: { params: "3.6 M", macs: "146 M" },
      CondenseNetV2_C: { params: "6.1 M", macs: "309 M" },
    },
  },
  {
    page: "tiramisu",
    title: "Tiramisu",
    text: `A DenseNet that goes down and up again, for segmentation. \`keep = false\`: on the way up a block passes on only what it
adds. Height and width stay open in the ONNX file; \`require\` says what they must be multiples of, and with it every
shape is checked.`,
    library: ["tiramisu"],
    examples: ["tiramisu"],
    drawn: "FCDenseNet103",
    published: {
      FCDenseNet56: { params: "1.5 M" },
      FCDenseNet67: { params: "3.5 M" },
      FCDenseNet103: { params: "9.4 M" },
    },
  },
];
