import type { OpKind } from "../../compiler/ir.ts";
import type { Lower } from "../lowering.ts";

export const lowerConvolutions = {
  conv: ({ settings }, to) => {
    const { kernel, stride, pad, dilation, groups, bias, standardize } = settings;
    const size = (settings.inChannels / groups) * kernel[0] * kernel[1];
    const weight = to.stored("weight", (of) =>
      standardize === null ? of : { kind: "standardised", of, size, eps: standardize },
    );
    return to.main("Conv", bias ? [to.input, weight, to.stored("bias")] : [to.input, weight], {
      ...(dilation[0] === 1 && dilation[1] === 1 ? {} : { dilations: dilation }),
      group: groups,
      kernel_shape: kernel,
      pads: pad,
      strides: stride,
    });
  },

  deconv: ({ settings: { kernel, stride, pad, outpad, groups, bias } }, to) => {
    const weight = to.stored("weight");
    return to.main("ConvTranspose", bias ? [to.input, weight, to.stored("bias")] : [to.input, weight], {
      group: groups,
      kernel_shape: kernel,
      output_padding: outpad,
      pads: pad,
      strides: stride,
    });
  },

  linear: ({ settings: { inFeatures, bias } }, to) => {
    const flat =
      to.input.shape.length === 1 ? to.input : to.extra("flatten", "Flatten", [to.input], [inFeatures], { axis: 1 });
    const weight = to.stored("weight");
    return to.main("Gemm", bias ? [flat, weight, to.stored("bias")] : [flat, weight], { transB: 1 });
  },
} satisfies { readonly [K in OpKind]?: Lower<K> };
