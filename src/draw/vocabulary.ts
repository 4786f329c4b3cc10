import type { Op, OpKind, OpOf, Padding, Pair } from "../compiler/ir.ts";
import { formatFactor } from "../compiler/shape.ts";

/** What the colour of a box says. */
export type Family =
  | "convolution"
  | "normalisation"
  | "pooling"
  | "rearrangement"
  | "join"
  | "linear"
  | "scope"
  | "end";

/**
 * How a layer takes part in a row that is drawn as one box: `head` gives the box its name, `companion` stands beside
 * one, `lead` only before something; `alone` has a box of its own, `join` a sign where lines meet.
 */
export type Role = "head" | "companion" | "lead" | "alone" | "join";

interface Entry<K extends OpKind> {
  readonly family: Family;
  readonly role: Role;
  words(op: OpOf<K>): string;
}

/** `conv 7×7/2, 64` */
export function wordsOf(op: Op): string {
  return (vocabulary[op.kind] as Entry<OpKind>).words(op as OpOf<OpKind>);
}

export function familyOf({ kind }: Op): Family {
  return vocabulary[kind].family;
}

export function roleOf({ kind }: Op): Role {
  return vocabulary[kind].role;
}

const vocabulary: { readonly [K in OpKind]: Entry<K> } = {
  conv: { family: "convolution", role: "head", words: convolution },
  deconv: {
    family: "convolution",
    role: "head",
    words: ({ settings }) => `deconv ${windowed(settings)}, ${settings.channels}${grouped(settings.groups)}`,
  },
  linear: { family: "linear", role: "head", words: ({ settings }) => `linear ${settings.features}` },
  batchnorm: companion("BN"),
  groupnorm: companion("GN"),
  lrn: companion("LRN"),
  relu: companion("ReLU"),
  relu6: companion("ReLU6"),
  leakyrelu: companion("leaky ReLU"),
  silu: companion("SiLU"),
  hardswish: companion("hard-swish"),
  hardsigmoid: companion("hard-sigmoid"),
  sigmoid: companion("sigmoid"),
  tanh: companion("tanh"),
  gelu: companion("GELU"),
  softmax: companion("softmax"),
  dropout: companion("dropout"),
  droppath: companion("drop path"),
  scale: { family: "normalisation", role: "companion", words: scaling },
  maxpool: { family: "pooling", role: "alone", words: ({ settings }) => `max pool ${windowed(settings)}` },
  avgpool: { family: "pooling", role: "alone", words: ({ settings }) => `avg pool ${windowed(settings)}` },
  globalavgpool: plain("pooling", "alone", "global avg pool"),
  globalmaxpool: plain("pooling", "alone", "global max pool"),
  channelavgpool: plain("pooling", "alone", "channel avg pool"),
  channelmaxpool: plain("pooling", "alone", "channel max pool"),
  adaptiveavgpool: {
    family: "pooling",
    role: "alone",
    words: ({ settings }) => `avg pool to ${settings.size.join("×")}`,
  },
  flatten: plain("rearrangement", "lead", "flatten"),
  pad: { family: "rearrangement", role: "lead", words: padding },
  select: plain("rearrangement", "lead", "select"),
  slice: {
    family: "rearrangement",
    role: "lead",
    words: ({ settings }) => `channels ${settings.from} to ${settings.to - 1}`,
  },
  upsample: {
    family: "rearrangement",
    role: "companion",
    words: ({ settings }) => `upsample ×${squared(settings.factor)}`,
  },
  shuffle: plain("rearrangement", "companion", "shuffle"),
  unshuffle: plain("rearrangement", "companion", "unshuffle"),
  scatter: plain("rearrangement", "companion", "scatter"),
  concat: {
    family: "join",
    role: "join",
    words: ({ output }) => `concat, ${formatFactor(output.shape[0])}`,
  },
  add: plain("join", "join", "+"),
  mean: plain("join", "join", "mean"),
  mul: plain("join", "join", "×"),
};

function plain(family: Family, role: Role, words: string) {
  return { family, role, words: () => words };
}

function companion(words: string) {
  return plain("normalisation", "companion", words);
}

function convolution({ settings }: OpOf<"conv">): string {
  const { channels, inChannels, groups, dilation } = settings;
  const isDepthwise = groups > 1 && groups === inChannels && groups === channels;
  const dilated = squared(dilation) === "1" ? "" : `, dilation ${squared(dilation)}`;
  const name = isDepthwise ? "depthwise" : "conv";
  return `${name} ${windowed(settings)}, ${channels}${dilated}${isDepthwise ? "" : grouped(groups)}`;
}

function grouped(groups: number): string {
  return groups === 1 ? "" : `, ${groups} groups`;
}

function windowed({ kernel, stride }: { readonly kernel: Pair; readonly stride: Pair }): string {
  const step = squared(stride);
  return `${kernel.join("×")}${step === "1" ? "" : `/${step}`}`;
}

/** One number where both are the same. */
function squared([height, width]: Pair): string {
  return height === width ? String(height) : `${height}×${width}`;
}

function padding({ settings }: OpOf<"pad">): string {
  const sides: Padding = settings.pad;
  const [first] = sides;
  if (settings.channels.some((one) => one > 0)) return "zero channels";
  return sides.every((side) => side === first) ? `pad ${first}` : "pad";
}

function scaling({ settings: { factor, shift } }: OpOf<"scale">): string {
  if (factor === -1 && shift === 1) return "1 − x";
  return shift === 0 ? `× ${factor}` : `× ${factor} + ${shift}`;
}
