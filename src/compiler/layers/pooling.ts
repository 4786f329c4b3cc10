import type { Dim, Pair } from "../ir.ts";
import { compare, formatQuantity, Poly, type Quantity } from "../symbolic.ts";
import { flag, optional, type PaddingValue, padding, size } from "./arguments.ts";
import { defineLayer, type Input, noMacs, noTensors, spatial } from "./layer.ts";
import { slide, uncovered, type Window } from "./window.ts";

const poolArguments = {
  kernel: size("The window, height before width."),
  stride: optional(size("The step of the window."), null, "kernel"),
  pad: optional(padding("What surrounds the image: never chosen by maxpool, zeros for avgpool."), [0, 0, 0, 0], "0"),
  ceil: optional(flag("Round the number of windows up."), false, "false"),
};

export const maxpool = defineLayer({
  kind: "maxpool",
  doc: "The greatest value of each window.",
  arguments: poolArguments,
  apply: (args, input) => pool("maxpool", args, input),
  tensors: noTensors,
  macs: noMacs,
});

export const avgpool = defineLayer({
  kind: "avgpool",
  doc: "The mean of each window.",
  arguments: {
    ...poolArguments,
    countpad: optional(flag("The divisor counts the padding."), true, "true"),
  },
  apply({ countpad, ...args }, input) {
    const pooled = pool("avgpool", args, input);
    return pooled && { settings: { ...pooled.settings, countpad }, shape: pooled.shape };
  },
  tensors: noTensors,
  macs: noMacs,
});

interface PoolArguments {
  readonly kernel: Pair;
  readonly stride: Pair | null;
  readonly pad: PaddingValue;
  readonly ceil: boolean;
}

function pool(kind: "maxpool" | "avgpool", args: PoolArguments, input: Input) {
  const image = spatial(input, kind);
  if (!image) return null;
  const stride = args.stride ?? args.kernel;
  const window: Window = { kind, kernel: args.kernel, stride, pad: args.pad, dilation: [1, 1], ceil: args.ceil };
  const slid = slide(window, image, input);
  if (!slid) return null;
  if (!checkPadding(window, slid.pad, input)) return null;
  const cuts = ([0, 1] as const).flatMap((axis) => {
    const size = image[axis + 1] as Dim;
    const left = uncovered(axis, window, slid, size, input);
    return isLoss(left, axis, window, input)
      ? [`${formatQuantity(left)} of ${formatQuantity(size)} ${axis === 0 ? "rows" : "columns"}`]
      : [];
  });
  const facts = { kind, cuts, construct: input.construct, channels: formatQuantity(image[0]) };
  if (cuts.length > 0) input.report("pool-cuts", input.at(""), facts, { related: input.related() });
  const settings = { kernel: args.kernel, stride, pad: slid.pad, extra: slid.extra };
  return { settings, shape: [image[0], slid.height, slid.width] as const };
}

/** Who steps over pixels on purpose misses none at the end, and zeros that a `pad` has put there tell nothing. */
function isLoss(left: Quantity | null, axis: 0 | 1, { kernel, stride }: Window, input: Input): left is Quantity {
  if (left === null || kernel[axis] < stride[axis]) return false;
  return compare(left, input.zeros[axis === 0 ? 2 : 3], input.assumptions) === "greater";
}

/** A window that lies wholly in the padding has no greatest value and no mean; ONNX Runtime refuses such pads. */
function checkPadding(window: Window, pad: readonly number[], input: Input): boolean {
  for (const axis of [0, 1] as const) {
    const most = Math.max(pad[axis] as number, pad[axis + 2] as number);
    if (most < window.kernel[axis]) continue;
    input.report("pad-too-large", input.at("pad"), { kind: window.kind, pad: most, kernel: window.kernel[axis] });
    return false;
  }
  return true;
}

/** An image in, one pixel out. */
const overPixels = <K extends "globalavgpool" | "globalmaxpool">(kind: K, doc: string) =>
  defineLayer({
    kind,
    doc,
    arguments: {},
    apply(_args, input) {
      const image = spatial(input, kind);
      return image && { settings: {}, shape: [image[0], 1, 1] };
    },
    tensors: noTensors,
    macs: noMacs,
  });

export const globalavgpool = overPixels("globalavgpool", "The mean of all pixels, for each channel: [N, c, 1, 1].");
export const globalmaxpool = overPixels("globalmaxpool", "The greatest of all pixels, for each channel: [N, c, 1, 1].");

export const adaptiveavgpool = defineLayer({
  kind: "adaptiveavgpool",
  doc: "The mean of as many windows as are asked for; window i covers ⌊i·in/out⌋ up to ⌈(i + 1)·in/out⌉.",
  arguments: { size: size("How many windows, height before width.") },
  apply({ size }, input) {
    const image = spatial(input, "adaptiveavgpool");
    if (!image) return null;
    const symbolic = image.slice(1).some((side) => side instanceof Poly);
    if (symbolic && (size[0] !== 1 || size[1] !== 1)) {
      input.report("adaptive-unknown", input.at(""), { shape: image }, { related: input.related() });
    }
    return { settings: { size }, shape: [image[0], ...size] };
  },
  tensors: noTensors,
  macs: noMacs,
});

/** An image in, one channel out. */
const overChannels = <K extends "channelavgpool" | "channelmaxpool">(kind: K, doc: string) =>
  defineLayer({
    kind,
    doc,
    arguments: {},
    apply(_args, input) {
      const image = spatial(input, kind);
      return image && { settings: {}, shape: [1, image[1], image[2]] };
    },
    tensors: noTensors,
    macs: noMacs,
  });

export const channelavgpool = overChannels("channelavgpool", "The mean over the channels, for each pixel.");
export const channelmaxpool = overChannels("channelmaxpool", "The greatest of the channels, for each pixel.");
