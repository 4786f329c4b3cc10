import type { LayerKind } from "../src/compiler/layers/registry.ts";

/** What the manual says of a layer or construct beyond the tables of the compiler. */
export interface Formulas {
  /** What becomes of [c, h, w]; k, s, d stand for kernel, stride and dilation. */
  readonly shape: string;
  readonly parameters?: string;
  readonly macs?: string;
  /** Uses that become different nodes in the model. */
  readonly uses: readonly string[];
  /** Statements of a network that receives [N, 64, 56, 56]; the contracts in it are the formulas in figures. */
  readonly example: string;
}

const same = "[c, h, w] → [c, h, w], and [f] → [f]";
const image = "[c, h, w] → [c, h, w]";

/** One that keeps the shape, has no parameters, and needs no argument. */
const plain = (name: string): Formulas => ({ shape: same, uses: [name], example: name });

const window = "o(i) = ⌊(i + padding − d·(k − 1) − 1)/s⌋ + 1";

export const layerFormulas: Readonly<Record<LayerKind, Formulas>> = {
  conv: {
    shape: `[c, h, w] → [channels, o(h), o(w)], ${window}, the padding of both sides together`,
    parameters: "channels · c/groups · kernel height · kernel width, + channels with `bias`",
    macs: "o(h) · o(w) · channels · c/groups · kernel height · kernel width",
    uses: ["conv(3x3, 128)"],
    example: `conv(3x3, 128, stride = 2, bias = true)
expect channels == 128 and height == floor((56 + 1 + 1 - 2 - 1) / 2) + 1
expect params == 128 * 64 * 3 * 3 + 128
expect macs == height * width * 128 * 64 * 3 * 3`,
  },
  deconv: {
    shape: "[c, h, w] → [channels, o(h), o(w)], o(i) = (i − 1)·s + k + outpad − pad, the pad of both sides together",
    parameters: "channels · c/groups · kernel height · kernel width, + channels with `bias`",
    macs: "h · w · channels · c/groups · kernel height · kernel width",
    uses: ["deconv(4x4, 32, stride = 2, pad = 1)"],
    example: `deconv(4x4, 32, stride = 2, pad = 1)
expect height == (56 - 1) * 2 + 4 - 1 - 1
expect params == 32 * 64 * 4 * 4
expect macs == 56 * 56 * 32 * 64 * 4 * 4`,
  },
  linear: {
    shape: "[f] → [features], and [c, h, w] → [features], after flattening to f = c·h·w",
    parameters: "features · f, + features with `bias`",
    macs: "features · f",
    uses: ["linear(10)", "globalavgpool flatten linear(10)"],
    example: `globalavgpool linear(10)
expect params == 10 * 64 + 10 and macs == 10 * 64`,
  },
  batchnorm: {
    shape: same,
    parameters: "2·c with `affine`; and 2·c buffers",
    uses: ["batchnorm"],
    example: `batchnorm
expect params == 2 * 64 and buffers == 2 * 64 and macs == 0`,
  },
  groupnorm: {
    shape: image,
    parameters: "2·c",
    uses: ["groupnorm(32)"],
    example: `groupnorm(32)
expect params == 2 * 64`,
  },
  lrn: { shape: image, uses: ["lrn"], example: "conv(5x5, 64) relu lrn maxpool(3x3, stride = 2, ceil = true)" },
  relu: plain("relu"),
  relu6: plain("relu6"),
  leakyrelu: { ...plain("leakyrelu(0.1)") },
  silu: plain("silu"),
  hardswish: plain("hardswish"),
  hardsigmoid: plain("hardsigmoid"),
  sigmoid: plain("sigmoid"),
  tanh: plain("tanh"),
  gelu: plain("gelu"),
  softmax: { ...plain("softmax"), example: "globalavgpool linear(10) softmax" },
  maxpool: {
    shape: `[c, h, w] → [c, o(h), o(w)], ${window} with d = 1; ⌈ ⌉ with \`ceil\`, less a last window that would begin in the padding`,
    uses: ["maxpool(2x2)"],
    example: `maxpool(3x3, stride = 2, pad = 1)
expect height == floor((56 + 2 - 3) / 2) + 1`,
  },
  avgpool: {
    shape:
      "as `maxpool`. The divisor is the whole window, or without `countpad` its part inside the image; what `ceil` adds never counts",
    uses: ["avgpool(2x2)", "avgpool(3x3, stride = 2, pad = 1, ceil = true)"],
    example: `avgpool(2x2)
expect height == 28`,
  },
  globalavgpool: {
    shape: "[c, h, w] → [c, 1, 1]",
    uses: ["globalavgpool"],
    example: `globalavgpool
expect height == 1 and width == 1`,
  },
  globalmaxpool: { shape: "[c, h, w] → [c, 1, 1]", uses: ["globalmaxpool"], example: "globalmaxpool" },
  channelavgpool: {
    shape: "[c, h, w] → [1, h, w]",
    uses: ["channelavgpool"],
    example: "gate { concat { branch { channelavgpool } branch { channelmaxpool } } conv(7x7, 1) sigmoid }",
  },
  channelmaxpool: {
    shape: "[c, h, w] → [1, h, w]",
    uses: ["channelmaxpool"],
    example: `channelmaxpool
expect channels == 1`,
  },
  adaptiveavgpool: {
    shape: "[c, h, w] → [c, size height, size width]",
    uses: ["adaptiveavgpool(1x1)", "adaptiveavgpool(7x7)", "adaptiveavgpool(6x6)"],
    example: `adaptiveavgpool(6x6)
expect height == 6`,
  },
  dropout: { ...plain("dropout(0.2)"), example: "globalavgpool dropout(0.2) linear(10)" },
  droppath: {
    shape: same,
    uses: ["droppath(0.1)", "droppath(0.1, rescale = false)"],
    example: "residual { conv(3x3, 64) batchnorm relu droppath(0.1) }",
  },
  flatten: {
    shape: "[c, h, w] → [c·h·w]",
    uses: ["flatten"],
    example: `adaptiveavgpool(7x7) flatten
expect channels == 64 * 7 * 7`,
  },
  upsample: {
    shape: "[c, h, w] → [c, h·factor, w·factor]",
    uses: ["upsample(2)"],
    example: `upsample(2)
expect height == 112`,
  },
  pad: {
    shape: "[c, h, w] → [before + c + after, top + h + bottom, left + w + right]",
    uses: ["pad(1)"],
    example: `pad(1, channels = 16)
expect channels == 80 and height == 58`,
  },
  slice: {
    shape: "[c, …] → [b − a, …] for `slice(a..b)`",
    uses: ["slice(0..32)"],
    example: `concat {
  branch { slice(0..32) conv(3x3, 32) }
  branch { slice(32..64) }
}`,
  },
  scale: {
    shape: same,
    uses: ["scale(0.5)", "scale(-1, shift = 1)"],
    example: "sigmoid scale(-1, shift = 1)",
  },
  shuffle: {
    shape: same,
    uses: ["shuffle(4)"],
    example: "conv(1x1, 64, groups = 4) shuffle(4) conv(3x3, 64, groups = 4)",
  },
  unshuffle: { shape: same, uses: ["unshuffle(4)"], example: "shuffle(4) relu unshuffle(4)" },
  select: {
    shape: "[c, …] → [count, …]",
    parameters: "none; the table has count values",
    uses: ["select(96)"],
    example: `select(96) batchnorm relu conv(1x1, 64, groups = 4)
expect params == 2 * 96 + 64 * 96 / 4`,
  },
  scatter: {
    shape: "[c, h, w] → [channels, h, w]",
    parameters: "none; the table has c · channels values",
    uses: ["scatter(128)"],
    example: `conv(1x1, 32) scatter(64)
expect params == 32 * 64`,
  },
};
