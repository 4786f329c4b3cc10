import { count, flag, optional, real, whole } from "./arguments.ts";
import { knownChannels } from "./convolution.ts";
import { buffer, defineLayer, noMacs, noTensors, parameter, spatial, type TensorSpec } from "./layer.ts";

export const batchnorm = defineLayer({
  kind: "batchnorm",
  doc: "Batch normalisation: γ·(x − mean)/√(var + eps) + β per channel.",
  arguments: {
    eps: optional(real("Keeps the root away from zero.", { above: 0 }), 1e-5, "1e-5"),
    momentum: optional(real("The weight of a new statistic in training.", { least: 0, most: 1 }), 0.1, "0.1"),
    affine: optional(flag("Learn γ and β."), true, "true"),
  },
  apply({ eps, momentum, affine }, input) {
    const channels = knownChannels(input.shape[0], "batchnorm", input);
    if (channels === null) return null;
    return { settings: { channels, eps, momentum, affine }, shape: input.shape };
  },
  tensors({ channels, affine }) {
    const shape = [channels];
    const statistics = [buffer("running_mean", shape), buffer("running_var", shape), batchCounter];
    return affine ? [...affineTensors(shape), ...statistics] : statistics;
  },
  macs: noMacs,
});

export const groupnorm = defineLayer({
  kind: "groupnorm",
  doc: "Group normalisation: statistics over the channels of a group and all its pixels, γ and β per channel.",
  arguments: {
    groups: count("How many groups the channels form."),
    eps: optional(real("Keeps the root away from zero.", { above: 0 }), 1e-5, "1e-5"),
  },
  apply({ groups, eps }, input) {
    const image = spatial(input, "groupnorm");
    const channels = image && knownChannels(image[0], "groupnorm", input);
    if (image === null || channels === null) return null;
    if (channels % groups !== 0) {
      const facts = { kind: "groupnorm", groups, channels, which: "input" as const };
      input.report("groups-mismatch", input.at("groups"), facts, { related: input.related() });
    }
    return { settings: { channels, groups, eps }, shape: image };
  },
  tensors: ({ channels }) => affineTensors([channels]),
  macs: noMacs,
});

export const lrn = defineLayer({
  kind: "lrn",
  doc: "Local response normalisation over neighbouring channels: x/(bias + alpha/size·Σx²)^beta.",
  arguments: {
    size: optional(whole("How many channels take part, an odd number.", 1), 5, "5"),
    alpha: optional(real("The weight of the sum of squares.", { above: 0 }), 1e-4, "1e-4"),
    beta: optional(real("The exponent.", { above: 0 }), 0.75, "0.75"),
    bias: optional(real("Keeps the base away from zero."), 1, "1"),
  },
  apply(args, input) {
    const image = spatial(input, "lrn");
    if (args.size % 2 === 0) input.report("lrn-even", input.at("size"), { size: args.size });
    return image && { settings: args, shape: image };
  },
  tensors: noTensors,
  macs: noMacs,
});

const batchCounter: TensorSpec = { role: "num_batches_tracked", shape: [], dtype: "int64", kind: "counter" };

function affineTensors(shape: readonly number[]): readonly TensorSpec[] {
  return [parameter("weight", shape), parameter("bias", shape)];
}
