import type { Dim } from "../ir.ts";
import { add, multiply, Poly, type Quantity } from "../symbolic.ts";
import { channelPadding, count, optional, range, sides, size } from "./arguments.ts";
import { knownChannels } from "./convolution.ts";
import { defineLayer, type Input, noMacs, noTensors, spatial } from "./layer.ts";

export const flatten = defineLayer({
  kind: "flatten",
  doc: "All values of a sample in one row, channel by channel.",
  arguments: {},
  apply(_args, input) {
    const features = input.shape.reduce<Quantity>((product, dim) => multiply(product, dim), 1);
    if (typeof features === "number" || features instanceof Poly) return { settings: {}, shape: [features] };
    input.report("too-large", input.at(""), { role: "the number of features of flatten", value: "" });
    return null;
  },
  tensors: noTensors,
  macs: noMacs,
});

export const upsample = defineLayer({
  kind: "upsample",
  doc: "Each pixel becomes factor × factor pixels (nearest neighbour).",
  arguments: { factor: size("How often each pixel is repeated, height before width.") },
  apply({ factor }, input) {
    const image = spatial(input, "upsample");
    if (!image) return null;
    const sides = [multiply(image[1], factor[0]) as Dim, multiply(image[2], factor[1]) as Dim] as const;
    return { settings: { factor }, shape: [image[0], ...sides] };
  },
  tensors: noTensors,
  macs: noMacs,
});

export const pad = defineLayer({
  kind: "pad",
  doc: "Zeros around the image, and as further channels.",
  arguments: {
    n: sides("Zeros around the image."),
    channels: optional(channelPadding("Channels of zeros: a number at the end, or [before, after]."), [0, 0], "0"),
  },
  apply({ n, channels }, input) {
    const image = spatial(input, "pad");
    if (!image) return null;
    const shape = [
      add(image[0], channels[0] + channels[1]) as Dim,
      add(image[1], n[0] + n[2]) as Dim,
      add(image[2], n[1] + n[3]) as Dim,
    ] as const;
    return { settings: { pad: n, channels }, shape };
  },
  tensors: noTensors,
  macs: noMacs,
});

export const slice = defineLayer({
  kind: "slice",
  doc: "Some of the channels.",
  arguments: { range: range("Which channels, counted from 0, the end left out.") },
  apply({ range }, input) {
    const inChannels = knownChannels(input.shape[0], "slice", input);
    if (inChannels === null) return null;
    const { from, to } = range;
    if (from < 0 || from >= to || to > inChannels) {
      const facts = { from, to, channels: inChannels };
      input.report("slice-channels", input.at("range"), facts, { related: input.related() });
      return null;
    }
    return { settings: { from, to }, shape: withChannels(input, to - from) };
  },
  tensors: noTensors,
  macs: noMacs,
});

const shuffling = <K extends "shuffle" | "unshuffle">(kind: K, doc: string) =>
  defineLayer({
    kind,
    doc,
    arguments: { groups: count("How many groups are dealt out.") },
    apply({ groups }, input) {
      const channels = knownChannels(input.shape[0], kind, input);
      if (channels === null) return null;
      if (channels % groups !== 0) {
        const facts = { kind, groups, channels, which: "input" as const };
        input.report("groups-mismatch", input.at("groups"), facts, { related: input.related() });
      }
      return { settings: { groups }, shape: input.shape };
    },
    tensors: noTensors,
    macs: noMacs,
  });

export const shuffle = shuffling("shuffle", "Output channel k·groups + g is input channel g·(c/groups) + k.");
export const unshuffle = shuffling("unshuffle", "The inverse of shuffle.");

export const select = defineLayer({
  kind: "select",
  doc: "Picks channels by a table of their numbers; without weights channel i is i mod c.",
  arguments: { count: count("How many channels come out.") },
  apply({ count }, input) {
    const inChannels = knownChannels(input.shape[0], "select", input);
    if (inChannels === null) return null;
    return { settings: { inChannels, count }, shape: withChannels(input, count) };
  },
  tensors: ({ count }) => [{ role: "index", shape: [count], dtype: "int64", kind: "table" }],
  macs: noMacs,
});

export const scatter = defineLayer({
  kind: "scatter",
  doc: "Adds channels onto positions given by a table of zeros and ones (sparse feature reactivation).",
  arguments: { channels: count("How many channels come out.") },
  apply({ channels }, input) {
    const image = spatial(input, "scatter");
    const inChannels = image && knownChannels(image[0], "scatter", input);
    if (image === null || inChannels === null) return null;
    return { settings: { inChannels, channels }, shape: withChannels(input, channels) };
  },
  tensors: ({ inChannels, channels }) => [
    { role: "index", shape: [inChannels, channels], dtype: "float32", kind: "table" },
  ],
  macs: noMacs,
});

function withChannels(input: Input, channels: number) {
  const { shape } = input;
  return shape.length === 1 ? ([channels] as const) : ([channels, shape[1], shape[2]] as const);
}
