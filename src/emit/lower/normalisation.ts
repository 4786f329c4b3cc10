import type { Dim, OpKind, OpOf } from "../../compiler/ir.ts";
import { multiply } from "../../compiler/symbolic.ts";
import { FloatAttribute, type Flowing } from "../graph.ts";
import type { Lower, Lowering } from "../lowering.ts";

export const lowerNormalisations = {
  batchnorm: ({ settings: { channels, eps, momentum, affine } }, to) => {
    const scale = affine ? to.stored("weight") : to.constant("ones", new Float32Array(channels).fill(1));
    const shift = affine ? to.stored("bias") : to.constant("zeros", new Float32Array(channels));
    const inputs = [to.input, scale, shift, to.stored("running_mean"), to.stored("running_var")];
    // ONNX has the weight of the old statistic where PyTorch has that of the new one.
    const attributes = { epsilon: new FloatAttribute(eps), momentum: new FloatAttribute(1 - momentum) };
    return to.main("BatchNormalization", inputs, attributes);
  },

  groupnorm: groupNormByInstances,

  lrn: ({ settings: { size, alpha, beta, bias } }, to) =>
    to.main("LRN", [to.input], {
      alpha: new FloatAttribute(alpha),
      beta: new FloatAttribute(beta),
      bias: new FloatAttribute(bias),
      size,
    }),
} satisfies { readonly [K in OpKind]?: Lower<K> };

/**
 * Each group as one channel of an instance normalisation, then γ and β per channel. GroupNormalization scales per channel
 * from opset 21 on only, and WebGPU has no kernel for it.
 */
function groupNormByInstances({ settings: { channels, groups, eps } }: OpOf<"groupnorm">, to: Lowering): Flowing {
  const [, height, width] = to.input.shape as readonly [Dim, Dim, Dim];
  const pixels = multiply(multiply(height, width), channels / groups) as Dim;
  const grouped = to.extra("groups", "Reshape", [to.input, to.integers("grouped", [0, groups, -1])], [groups, pixels]);
  const ones = to.constant("ones", new Float32Array(groups).fill(1));
  const zeros = to.constant("zeros", new Float32Array(groups));
  const attributes = { epsilon: new FloatAttribute(eps) };
  const normal = to.extra("normal", "InstanceNormalization", [grouped, ones, zeros], [groups, pixels], attributes);
  const { shape } = to.input;
  const image = to.extra("image", "Reshape", [normal, imageShape(channels, height, width, to)], shape);
  const axes = to.integers("axes", [1, 2]);
  const perChannel = { type: "float32", shape: [channels, 1, 1] } as const;
  const factor = to.unbatched("factor", "Unsqueeze", [to.stored("weight"), axes], perChannel);
  const shift = to.unbatched("shift", "Unsqueeze", [to.stored("bias"), axes], perChannel);
  return to.main("Add", [to.extra("scaled", "Mul", [image, factor], shape), shift]);
}

/** A constant leaves one size open at most (0 is the batch as it was, −1 what is over); two are read from the input. */
function imageShape(channels: number, height: Dim, width: Dim, to: Lowering) {
  const open = [height, width].filter((side) => typeof side !== "number").length;
  if (open === 2) return to.unbatched("shape", "Shape", [to.input], { type: "int64", shape: [4] });
  const sides = [height, width].map((side) => (typeof side === "number" ? side : -1));
  return to.integers("ungrouped", [0, channels, ...sides]);
}
