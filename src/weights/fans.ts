import type { OpOf } from "../compiler/ir.ts";

type Convolution = OpOf<"conv"> | OpOf<"deconv">;

/** How many inputs reach one output. */
export function fanIn(op: Convolution | OpOf<"linear">): number {
  if (op.kind === "linear") return op.settings.inFeatures;
  const channels = op.settings.inChannels / op.settings.groups;
  return op.kind === "conv" ? throughAllTaps(channels, op) : throughMetTaps(channels, op);
}

/** How many outputs one input reaches. */
export function fanOut(op: Convolution | OpOf<"linear">): number {
  if (op.kind === "linear") return op.settings.features;
  const channels = op.settings.channels / op.settings.groups;
  return op.kind === "conv" ? throughMetTaps(channels, op) : throughAllTaps(channels, op);
}

function throughAllTaps(channels: number, { settings: { kernel } }: Convolution): number {
  return channels * kernel[0] * kernel[1];
}

/**
 * Along an axis, stride s lays the k taps s pixels apart, so a pixel on the denser side meets k/s of them on average, or
 * one where s > k leaves gaps; the whole kernel would make what reaches it too small by s.
 */
function throughMetTaps(channels: number, { settings: { kernel, stride } }: Convolution): number {
  return channels * Math.max(1, kernel[0] / stride[0]) * Math.max(1, kernel[1] / stride[1]);
}
