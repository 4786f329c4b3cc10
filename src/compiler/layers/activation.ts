import { flag, optional, real } from "./arguments.ts";
import { defineLayer, noMacs, noTensors } from "./layer.ts";

type PlainKind = "relu" | "relu6" | "silu" | "hardswish" | "hardsigmoid" | "sigmoid" | "tanh" | "gelu" | "softmax";

const plain = <K extends PlainKind>(kind: K, doc: string) =>
  defineLayer({
    kind,
    doc,
    arguments: {},
    apply: (_args, input) => ({ settings: {}, shape: input.shape }),
    tensors: noTensors,
    macs: noMacs,
  });

export const relu = plain("relu", "max(x, 0).");
export const relu6 = plain("relu6", "min(max(x, 0), 6).");
export const silu = plain("silu", "x·sigmoid(x), also called swish.");
export const hardswish = plain("hardswish", "x·relu6(x + 3)/6.");
export const hardsigmoid = plain("hardsigmoid", "relu6(x + 3)/6.");
export const sigmoid = plain("sigmoid", "1/(1 + e^−x).");
export const tanh = plain("tanh", "The hyperbolic tangent.");
export const gelu = plain("gelu", "x·Φ(x), with the normal distribution's Φ, not its tanh approximation.");
export const softmax = plain("softmax", "e^x divided by its sum over the channels.");

export const leakyrelu = defineLayer({
  kind: "leakyrelu",
  doc: "x where it is positive, slope·x elsewhere.",
  arguments: { slope: real("The factor of negative values.") },
  apply: ({ slope }, input) => ({ settings: { slope }, shape: input.shape }),
  tensors: noTensors,
  macs: noMacs,
});

const rate = () => real("The share that training drops.", { least: 0, most: 1 });

export const dropout = defineLayer({
  kind: "dropout",
  doc: "Drops single values in training; the identity at inference.",
  arguments: { rate: rate() },
  apply: (args, input) => ({ settings: args, shape: input.shape }),
  tensors: noTensors,
  macs: noMacs,
});

export const droppath = defineLayer({
  kind: "droppath",
  doc: "Drops whole branches in training (stochastic depth).",
  arguments: {
    rate: rate(),
    rescale: optional(
      flag("Training divides by 1 − rate, and inference does nothing; otherwise inference multiplies by 1 − rate."),
      true,
      "true",
    ),
  },
  apply: (args, input) => ({ settings: args, shape: input.shape }),
  tensors: noTensors,
  macs: noMacs,
});

export const scale = defineLayer({
  kind: "scale",
  doc: "x·factor + shift; 1 − x is scale(-1, shift = 1).",
  arguments: { factor: real("What x is multiplied by."), shift: optional(real("What is added."), 0, "0") },
  apply: (args, input) => ({ settings: args, shape: input.shape }),
  tensors: noTensors,
  macs: noMacs,
});
