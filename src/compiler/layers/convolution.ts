import type { Dim, OpSettings, Shape } from "../ir.ts";
import { add, compare, multiply, Poly, type Quantity } from "../symbolic.ts";
import { count, flag, optional, padding, sides, size } from "./arguments.ts";
import { defineLayer, type Input, parameter, spatial, type TensorSpec } from "./layer.ts";
import { sideName, slide } from "./window.ts";

export const conv = defineLayer({
  kind: "conv",
  doc: "Convolution.",
  arguments: {
    kernel: size("The window, height before width."),
    channels: count("How many channels come out."),
    stride: optional(size("The step of the window."), [1, 1], "1"),
    pad: optional(padding("Zeros around the image."), "half", "half"),
    dilation: optional(size("The distance between the taps of the kernel."), [1, 1], "1"),
    groups: optional(count("Into how many independent convolutions the channels are split."), 1, "1"),
    bias: optional(flag("Add a number to each channel."), false, "false"),
  },
  apply(args, input) {
    const image = spatial(input, "conv");
    if (!image) return null;
    const inChannels = knownChannels(image[0], "conv", input);
    if (inChannels === null) return null;
    checkGroups("conv", args.groups, inChannels, args.channels, input);
    const slid = slide({ ...args, kind: "conv", ceil: false }, image, input);
    if (!slid) return null;
    return {
      settings: {
        kernel: args.kernel,
        inChannels,
        channels: args.channels,
        stride: args.stride,
        pad: slid.pad,
        dilation: args.dilation,
        groups: args.groups,
        bias: args.bias,
        standardize: input.standardize,
      },
      shape: [args.channels, slid.height, slid.width],
    };
  },
  tensors: ({ kernel, inChannels, channels, groups, bias }) =>
    weightAndBias([channels, inChannels / groups, ...kernel], bias ? channels : null),
  macs: (settings, _input, output) => windowMacs(settings, settings.channels, settings.inChannels, output),
});

export const deconv = defineLayer({
  kind: "deconv",
  doc: "Transposed convolution.",
  arguments: {
    kernel: size("The window, height before width."),
    channels: count("How many channels come out."),
    stride: optional(size("How far apart the input's pixels are spread."), [1, 1], "1"),
    pad: optional(sides("What is cut from each side of the result."), [0, 0, 0, 0], "0"),
    outpad: optional(size("What is added below and to the right.", 0), [0, 0], "0"),
    groups: optional(count("Into how many independent convolutions the channels are split."), 1, "1"),
    bias: optional(flag("Add a number to each channel."), false, "false"),
  },
  apply(args, input) {
    const image = spatial(input, "deconv");
    if (!image) return null;
    const inChannels = knownChannels(image[0], "deconv", input);
    if (inChannels === null) return null;
    checkGroups("deconv", args.groups, inChannels, args.channels, input);
    const { kernel, channels, stride, pad, outpad, groups, bias } = args;
    if (!checkOutpad(outpad, stride, input)) return null;
    const lengths = [0, 1].map((axis) => {
      const at = axis as 0 | 1;
      const grown = multiply(add(image[at + 1] as Dim, -1), stride[at]);
      return add(grown, kernel[at] + outpad[at] - pad[at] - (pad[at + 2] as number));
    });
    const [height, width] = lengths as [Quantity, Quantity];
    const [isHigh, isWide] = [isPositive(0, height, input), isPositive(1, width, input)];
    if (!isHigh || !isWide) return null;
    return {
      settings: { kernel, inChannels, channels, stride, pad, outpad, groups, bias },
      shape: [channels, height as Dim, width as Dim],
    };
  },
  tensors: ({ kernel, inChannels, channels, groups, bias }) =>
    weightAndBias([inChannels, channels / groups, ...kernel], bias ? channels : null),
  /** Every input pixel meets every tap of the kernel once. */
  macs: (settings, input) => windowMacs(settings, settings.channels, settings.inChannels, input),
});

export const linear = defineLayer({
  kind: "linear",
  doc: "Fully connected layer; flattens its input first.",
  arguments: {
    features: count("How many features come out."),
    bias: optional(flag("Add a number to each feature."), true, "true"),
  },
  apply({ features, bias }, input) {
    const inFeatures = input.shape.reduce<Quantity>((product, dim) => multiply(product, dim), 1);
    if (typeof inFeatures === "number") return { settings: { inFeatures, features, bias }, shape: [features] };
    const related = { related: input.related() };
    if (inFeatures instanceof Poly) input.report("features-unknown", input.at(""), { shape: input.shape }, related);
    else input.report("too-large", input.at(""), { role: "the number of features of linear", value: "" }, related);
    return null;
  },
  tensors: ({ inFeatures, features, bias }) => weightAndBias([features, inFeatures], bias ? features : null),
  macs: ({ inFeatures, features }) => multiply(inFeatures, features),
});

/** Channels are always numbers once they were made by a layer; a flattened symbolic image has none. */
export function knownChannels(channels: Dim, kind: string, input: Input): number | null {
  if (typeof channels === "number") return channels;
  input.report("channels-unknown", input.at(""), { kind, shape: input.shape }, { related: input.related() });
  return null;
}

function checkGroups(kind: string, groups: number, inChannels: number, channels: number, input: Input): void {
  if (inChannels % groups !== 0) {
    const facts = { kind, groups, channels: inChannels, which: "input" as const };
    input.report("groups-mismatch", input.at("groups"), facts, { related: input.related() });
  } else if (channels % groups !== 0) {
    input.report("groups-mismatch", input.at("groups"), { kind, groups, channels, which: "output" });
  }
}

/** PyTorch and ONNX leave the output ambiguous where outpad reaches the stride. */
function checkOutpad(outpad: readonly [number, number], stride: readonly [number, number], input: Input): boolean {
  const wrong = ([0, 1] as const).filter((axis) => outpad[axis] >= stride[axis]);
  for (const axis of wrong) {
    input.report("outpad-too-large", input.at("outpad"), { outpad: outpad[axis], stride: stride[axis] });
  }
  return wrong.length === 0;
}

function isPositive(axis: 0 | 1, size: Quantity, input: Input): boolean {
  const relation = compare(size, 0, input.assumptions);
  if (relation !== "less" && relation !== "equal" && relation !== "at-most") return true;
  input.report(
    "empty-output",
    input.at(""),
    { kind: "deconv", side: sideName(axis), size },
    { related: input.related() },
  );
  return false;
}

function weightAndBias(weight: readonly number[], bias: number | null): readonly TensorSpec[] {
  const tensors = [parameter("weight", weight)];
  return bias === null ? tensors : [...tensors, parameter("bias", [bias])];
}

type Windowed = Pick<OpSettings["conv"], "kernel" | "groups">;

/** h·w·co·(ci/g)·kh·kw over the `at` shape. */
function windowMacs({ kernel, groups }: Windowed, channels: number, inChannels: number, at: Shape): Quantity {
  const perPixel = multiply(multiply(channels, inChannels / groups), kernel[0] * kernel[1]);
  return multiply(perPixel, multiply(at[1] as Dim, at[2] as Dim));
}
