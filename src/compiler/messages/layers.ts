import type { Dim, Shape } from "../ir.ts";
import { formatShape } from "../shape.ts";
import { formatQuantity, type Quantity } from "../symbolic.ts";
import { listing } from "./wording.ts";

export interface Kind {
  readonly kind: string;
}

/** Shapes that a layer cannot take or make: what ONNX and ONNX Runtime find late or never. */
export const layerMessages = {
  "needs-spatial": {
    severity: "error",
    message: ({ kind, shape }: Kind & { shape: Shape }) =>
      `${kind} needs an image [N, c, h, w], but ${formatShape(shape)} reaches it`,
    help: () => "after `linear` and `flatten` there is no height and width left",
  },
  "groups-mismatch": {
    severity: "error",
    message: ({ kind, groups, channels, which }: Kind & Groups) =>
      `${kind} cannot split ${channels} ${which} channels into ${groups} groups: ${channels} = ${groups}·${Math.floor(channels / groups)} + ${channels % groups}`,
  },
  "kernel-too-large": {
    severity: "error",
    message: ({ kind, side, extent, padded }: Kind & Fit) =>
      `the window of ${kind} covers ${extent} pixel${extent === 1 ? "" : "s"}, but the padded ${side} is only ${formatQuantity(padded)}`,
  },
  "empty-output": {
    severity: "error",
    message: ({ kind, side, size }: Kind & { side: string; size: Quantity }) =>
      `nothing comes out of ${kind}: its ${side} would be ${formatQuantity(size)}`,
  },
  "half-not-whole": {
    severity: "error",
    message: ({ kind, kernel, extent }: Kind & { kernel: number; extent: number }) =>
      `half of an even kernel is not whole: (${extent} − 1)/2 for the ${kernel === extent ? `kernel of ${kernel}` : `stretched kernel of ${extent}`} of ${kind}`,
    help: () => "give the padding: `pad = 0`, `pad = same` or `pad = [top, left, bottom, right]`",
  },
  "padding-unknown": {
    severity: "error",
    message: ({ kind, what, size, stride }: Kind & { what: string; size: string; stride: number }) =>
      `what \`${what}\` adds to ${kind} depends on ${size}, with stride ${stride}`,
    help: ({ size, stride }: { size: string; stride: number }) =>
      `say that it divides, \`require ${size} % ${stride} == 0\`, or give the size with --dim`,
  },
  "pad-too-large": {
    severity: "error",
    message: ({ kind, pad, kernel }: Kind & { pad: number; kernel: number }) =>
      `the padding of ${kind} is ${pad}, but must be less than its kernel, ${kernel}: a window would lie in it wholly`,
  },
  "outpad-too-large": {
    severity: "error",
    message: ({ outpad, stride }: { outpad: number; stride: number }) =>
      `outpad is ${outpad}, but must be less than the stride, ${stride}`,
  },
  "lrn-even": {
    severity: "error",
    message: ({ size }: { size: number }) =>
      `lrn takes an odd number of channels, as many before as after, not ${size}`,
  },
  "pool-cuts": {
    severity: "warning",
    message: ({ kind, cuts }: Kind & { cuts: readonly string[] }) => `${kind} leaves out the last ${listing(cuts)}`,
    help: ({ construct, channels }: { construct: string | null; channels: string }) =>
      construct === null
        ? "pad the image, or set `ceil = true` to let a last window reach over the edge"
        : `pad the image, or write the ${construct} out: \`batchnorm relu conv(1x1, ${channels}) avgpool(2, ceil = true)\``,
  },
  "channels-unknown": {
    severity: "error",
    message: ({ kind, shape }: Kind & { shape: Shape }) =>
      `${kind} needs to know its channels, but ${formatShape(shape)} reaches it`,
    help: () => "take a global pooling in place of `flatten`, or give the size with --dim",
  },
  "features-unknown": {
    severity: "error",
    message: ({ shape }: { shape: Shape }) => `linear needs to know its features, but flattens ${formatShape(shape)}`,
    help: () => "put `globalavgpool` before it, or give the size with --dim",
  },
  "adaptive-unknown": {
    severity: "error",
    message: ({ shape }: { shape: Shape }) =>
      `the windows of adaptiveavgpool depend on the size of ${formatShape(shape)}`,
    help: () => "`globalavgpool` works at any size; for others give the size with --dim",
  },
  "slice-channels": {
    severity: "error",
    message: ({ from, to, channels }: { from: number; to: number; channels: number }) =>
      `channels ${from}..${to} are not within the ${channels} that reach slice`,
  },
  "no-spatial-size": {
    severity: "error",
    message: ({ name, channels }: { name: string; channels: Dim }) =>
      `there is no ${name} here: the tensor is [N, ${formatQuantity(channels)}]`,
  },
  "compression-range": {
    severity: "error",
    message: ({ theta }: Compression) => `compression must lie in 0 < θ ≤ 1, but θ is ${theta}`,
    help: () => "θ = 1 keeps all channels; DenseNet-C and -BC take θ = 0.5",
  },
  "compression-empty": {
    severity: "error",
    message: ({ theta, channels }: Compression) =>
      `the transition would leave no channel: ⌊θ·m⌋ = ⌊${theta}·${channels}⌋ = 0`,
  },
  "dense-growth-mismatch": {
    severity: "error",
    message: ({ layer, adds, growth, given }: { layer: number; adds: string; growth: number; given: boolean }) =>
      `layer ${layer} of this dense block adds ${adds} channels, but ${given ? "its growth is" : "the first added"} ${growth}`,
    help: () => "every layer of a dense block must add the same number of channels",
  },
  "dense-size-change": {
    severity: "error",
    message: ({ layer, before, after }: { layer: number; before: Shape; after: Shape }) =>
      `layer ${layer} of this dense block turns ${formatShape(before)} into ${formatShape(after)}`,
    help: () => "a dense block leaves height and width alone; `transition` goes between blocks",
  },
  "dense-body-argument": {
    severity: "error",
    message: ({ names }: { names: readonly string[] }) =>
      `${listing(names)} ${names.length === 1 ? "shapes" : "shape"} the built-in layer, but this dense block has its own`,
  },
} as const;

export interface Groups {
  readonly groups: number;
  readonly channels: number;
  readonly which: "input" | "output";
}

export interface Fit {
  readonly side: string;
  readonly extent: number;
  readonly padded: Quantity;
}

export interface Compression {
  readonly theta: string;
  readonly channels: number;
}
