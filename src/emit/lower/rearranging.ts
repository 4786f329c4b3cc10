import type { Dim, OpKind } from "../../compiler/ir.ts";
import type { Flowing, Value } from "../graph.ts";
import type { Lower, Lowering } from "../lowering.ts";

export const lowerRearrangements = {
  flatten: (_op, to) => to.main("Flatten", [to.input], { axis: 1 }),

  upsample: ({ settings: { factor } }, to) => {
    const scales = to.constant("scales", Float32Array.of(1, 1, factor[0], factor[1]));
    const nearest = { coordinate_transformation_mode: "asymmetric", mode: "nearest", nearest_mode: "floor" };
    return to.main("Resize", [to.input, null, scales], nearest);
  },

  pad: ({ settings: { pad, channels } }, to) => {
    const [top, left, bottom, right] = pad;
    const pads = [0, channels[0], top, left, 0, channels[1], bottom, right];
    return to.main("Pad", [to.input, to.integers("pads", pads), zeroToKeep(to)], { mode: "constant" });
  },

  slice: ({ settings: { from, to: end } }, to) => {
    const bounds = [to.integers("from", [from]), to.integers("to", [end]), to.integers("axes", [1])];
    return to.main("Slice", [to.input, ...bounds]);
  },

  shuffle: ({ settings: { groups } }, to) => {
    const channels = to.input.shape[0] as number;
    return gatherChannels(dealt(channels, groups), to);
  },

  /** A channel shuffle by the other factor of the channels is the inverse. */
  unshuffle: ({ settings: { groups } }, to) => {
    const channels = to.input.shape[0] as number;
    return gatherChannels(dealt(channels, channels / groups), to);
  },

  select: (_op, to) => to.main("Gather", [to.input, to.stored("index")], { axis: 1 }),

  /** A 1×1 convolution by the table, which ONNX Runtime transposes and reshapes once, at load. */
  scatter: ({ settings: { inChannels, channels } }, to) => {
    const turned = { type: "float32", shape: [channels, inChannels] } as const;
    const transposed = to.unbatched("transposed", "Transpose", [to.stored("index")], turned, { perm: [1, 0] });
    const kernel = { type: "float32", shape: [channels, inChannels, 1, 1] as readonly Dim[] } as const;
    const shape = to.integers("shape", [channels, inChannels, 1, 1]);
    const weight = to.unbatched("kernel", "Reshape", [transposed, shape], kernel);
    return to.main("Conv", [to.input, weight], { kernel_shape: [1, 1] });
  },

  /** Always the identity at inference, which needs no node. */
  dropout: (_op, to) => to.input,

  droppath: ({ settings: { rate } }, to) => to.main("Mul", [to.input, to.scalar("survival", 1 - rate)]),

  scale: ({ settings: { factor, shift } }, to) => {
    if (shift === 0) return to.main("Mul", [to.input, to.scalar("factor", factor)]);
    const scaled =
      factor === 1 ? to.input : to.extra("scaled", "Mul", [to.input, to.scalar("factor", factor)], to.input.shape);
    return to.main("Add", [scaled, to.scalar("shift", shift)]);
  },
} satisfies { readonly [K in OpKind]?: Lower<K> };

/**
 * The zero of a Pad, negative: ONNX Runtime fuses a Pad of plain zeros into the pooling after it, where a greatest value
 * then leaves the zeros out, and refuses the model where the padding is as large as the window.
 */
export function zeroToKeep(to: Lowering): Value {
  return to.scalar("zero", -0);
}

/** Where output channel k·groups + g of a shuffle comes from: input channel g·(channels/groups) + k. */
function dealt(channels: number, groups: number): readonly number[] {
  const size = channels / groups;
  return Array.from({ length: channels }, (_, out) => (out % groups) * size + Math.floor(out / groups));
}

/** One Gather, which leaves symbolic heights and widths alone as two Reshapes could not. */
function gatherChannels(sources: readonly number[], to: Lowering): Flowing {
  return to.main("Gather", [to.input, to.integers("permutation", sources)], { axis: 1 });
}
