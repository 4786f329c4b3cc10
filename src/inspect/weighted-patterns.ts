import type { OpKind, OpOf } from "../compiler/ir.ts";
import type { PatternOf } from "./layer-patterns.ts";
import { filled, integers, type NodePattern, node, type Pattern, scalar, stored, x } from "./pattern.ts";

export const weightedPatterns = {
  conv: ({ settings: { kernel, stride, pad, dilation, groups, bias } }) =>
    node("Conv", withBias(bias), {
      dilations: dilation,
      group: groups,
      kernel_shape: kernel,
      pads: pad,
      strides: stride,
    }),

  deconv: ({ settings: { kernel, stride, pad, outpad, groups, bias } }) =>
    node("ConvTranspose", withBias(bias), {
      group: groups,
      kernel_shape: kernel,
      output_padding: outpad,
      pads: pad,
      strides: stride,
    }),

  linear: ({ inputs, settings: { bias } }) => {
    const isImage = inputs[0]?.shape.length === 3;
    const [, ...weights] = withBias(bias);
    return node("Gemm", [isImage ? node("Flatten", [x], { axis: 1 }) : x, ...weights], { transB: 1 });
  },

  batchnorm: ({ settings: { channels, eps, momentum, affine } }) => {
    const scale = affine ? stored("weight") : filled(channels, 1);
    const shift = affine ? stored("bias") : filled(channels, 0);
    // The weight of the old statistic, where PyTorch has that of the new one.
    const attributes = { epsilon: eps, momentum: 1 - momentum };
    return node("BatchNormalization", [x, scale, shift, stored("running_mean"), stored("running_var")], attributes);
  },

  groupnorm: groupNormByInstances,

  lrn: ({ settings: { size, alpha, beta, bias } }) => node("LRN", [x], { alpha, beta, bias, size }),

  select: () => node("Gather", [x, stored("index")], { axis: 1 }),

  /** A 1×1 convolution by the table, turned round. */
  scatter: ({ settings: { inChannels, channels } }) => {
    const turned = node("Transpose", [stored("index")], { perm: [1, 0] });
    return node("Conv", [x, node("Reshape", [turned, integers([channels, inChannels, 1, 1])])], {
      kernel_shape: [1, 1],
    });
  },
} satisfies { readonly [K in OpKind]?: PatternOf<K> };

function withBias(bias: boolean): readonly Pattern[] {
  return bias ? [x, stored("weight"), stored("bias")] : [x, stored("weight")];
}

/** Each group as a channel of an instance normalisation, then γ and β for each channel. */
function groupNormByInstances({ inputs, settings: { channels, groups, eps } }: OpOf<"groupnorm">): NodePattern {
  const [, height, width] = inputs[0]?.shape ?? [];
  const sides = [height, width].map((side) => (typeof side === "number" ? side : -1));
  const image = String(sides) === "-1,-1" ? node("Shape", [x]) : integers([0, channels, ...sides]);
  const grouped = node("Reshape", [x, integers([0, groups, -1])]);
  const normal = node("InstanceNormalization", [grouped, filled(groups, 1), filled(groups, 0)], { epsilon: eps });
  const perChannel = (role: "weight" | "bias") => node("Unsqueeze", [stored(role), integers([1, 2])]);
  const scaled = node("Mul", [node("Reshape", [normal, image]), perChannel("weight")]);
  return node("Add", [scaled, perChannel("bias")]);
}

/** x·Φ(x) = x·(1 + erf(x/√2))/2, before ONNX had a node for it. */
export function geluByErf(): NodePattern {
  const erf = node("Erf", [node("Div", [x, scalar(Math.SQRT2)])]);
  return node("Mul", [node("Mul", [x, node("Add", [erf, scalar(1)])]), scalar(0.5)]);
}
