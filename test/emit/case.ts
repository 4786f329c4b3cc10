import type { Activation, OpKind, OpOf, Padding, Pair, Shape } from "../../src/compiler/ir.ts";
import * as naive from "./naive.ts";
import { batchnorm, type Network } from "./network.ts";

/** A small network, and what it should compute for one sample. `tensor` gives the values of a role of `layer`. */
export interface Case {
  readonly input: Shape;
  readonly build: (network: Network, x: Activation) => Activation;
  readonly expected: (x: naive.Sample, tensor: (role: string) => naive.Data) => naive.Sample;
}

type Expected = Case["expected"];

export const image = [6, 7, 9] as const;
export const none: Padding = [0, 0, 0, 0];

export function single<K extends OpKind>(
  kind: K,
  settings: OpOf<K>["settings"],
  output: Shape,
  expected: Expected,
  input: Shape = image,
): Case {
  return { input, expected, build: (network, x) => network.apply(kind, settings, [x], output, "layer") };
}

/** An op that does nothing at inference, before one that does: no network publishes its input. */
export function beforeRelu(one: Case): Case {
  return {
    input: one.input,
    expected: (x, tensor) => naive.each(one.expected(x, tensor), (value) => Math.max(value, 0)),
    build(network, x) {
      const last = one.build(network, x);
      return network.apply("relu", {}, [last], last.shape, "after");
    },
  };
}

export const pointwise = (
  kind: OpKind,
  f: (x: number) => number,
  settings: object = {},
  input: Shape = image,
): Case => {
  return single(kind, settings as never, input, (x) => naive.each(x, f), input);
};

export function convolution(settings: OpOf<"conv">["settings"], output: Shape): Case {
  return single("conv", settings, output, (x, tensor) => {
    return naive.conv(x, settings, sizes(output), tensor("weight"), settings.bias ? tensor("bias") : undefined);
  });
}

export function deconvolution(more: Partial<OpOf<"deconv">["settings"]>, output: Shape): Case {
  const plain = {
    kernel: [4, 4],
    inChannels: 6,
    channels: 4,
    stride: [2, 2],
    pad: [1, 1, 1, 1],
    outpad: [0, 0],
    groups: 1,
  } as const;
  const settings = { ...plain, bias: false, ...more };
  return single("deconv", settings, output, (x, tensor) => {
    return naive.deconv(x, settings, sizes(output), tensor("weight"), settings.bias ? tensor("bias") : undefined);
  });
}

export function normalised(affine: boolean, input: Shape): Case {
  return single(
    "batchnorm",
    batchnorm(6, { affine, eps: 1e-3 }),
    input,
    (x, tensor) => {
      const factors = affine ? [tensor("weight"), tensor("bias")] : [];
      return naive.batchnorm(x, 1e-3, tensor("running_mean"), tensor("running_var"), ...factors);
    },
    input,
  );
}

export function grouped(groups: number): Case {
  const settings = { channels: 6, groups, eps: 1e-5 };
  return single("groupnorm", settings, image, (x, tensor) => {
    return naive.groupnorm(x, groups, 1e-5, tensor("weight"), tensor("bias"));
  });
}

export function pooled(
  kind: "maxpool" | "avgpool",
  settings: OpOf<"maxpool">["settings"] & { countpad?: boolean },
  sides: Pair,
): Case {
  const shape = [6, ...sides] as const;
  return single(kind, settings as OpOf<"avgpool">["settings"], shape, (x) =>
    naive.pool(x, settings, shape, kind === "avgpool"),
  );
}

export const plainPool = { kernel: [3, 3], stride: [2, 2], pad: [1, 1, 1, 1], extra: [0, 0] } as const;
/** 7×9 by 2×2 and stride 2, rounded up: one row and one column more than there is. */
export const roundedPool = { kernel: [2, 2], stride: [2, 2], pad: none, extra: [1, 1] } as const;
/** 7×9 with a border at the top and left only, 3×4 windows in steps of 3, rounded up. */
export const roundedPadded = { kernel: [3, 4], stride: [3, 3], pad: [1, 1, 0, 1], extra: [1, 2] } as const;

export const adaptive = (size: Pair): Case =>
  single("adaptiveavgpool", { size }, [6, ...size], (x) => naive.adaptive(x, size));

export const scaled = (factor: number, shift: number): Case =>
  pointwise("scale", (x) => x * factor + shift, { factor, shift });

export function joined(kind: "add" | "mean" | "mul", count: number, f: (values: readonly number[]) => number): Case {
  const factors = Array.from({ length: count - 1 }, (_, i) => i + 2);
  return {
    input: image,
    build(network, x) {
      const others = factors.map((factor) => network.apply("scale", { factor, shift: 0.5 }, [x], image));
      return network.apply(kind, {}, [x, ...others], image, "layer");
    },
    expected: (x) => naive.each(x, (value) => f([value, ...factors.map((factor) => value * factor + 0.5)])),
  };
}

/** x times its channel means, times its pixel means. */
export function stretched(order: readonly ("x" | "vector" | "column" | "plane")[]): Case {
  return {
    input: image,
    build(network, x) {
      const means = network.apply("globalavgpool", {}, [x], [6, 1, 1]);
      const operands = {
        x: () => x,
        column: () => means,
        vector: () => network.apply("flatten", {}, [means], [6]),
        plane: () => network.apply("channelavgpool", {}, [x], [1, 7, 9]),
      };
      const inputs = order.map((name) => operands[name]());
      return network.apply("mul", {}, inputs, image, "layer");
    },
    expected(x) {
      const column = naive.stretch(naive.adaptive(x, [1, 1]), image);
      const plane = naive.stretch(
        naive.overChannels(x, (values) => mean(values)),
        image,
      );
      const operands = { x, vector: column, column, plane };
      return order.map((name) => operands[name]).reduce((product, one) => naive.zip(product, one, (a, b) => a * b));
    },
  };
}

/** Every size of these networks is a number. */
export const sizes = (shape: Shape) => shape as readonly number[];

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
export const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
export const hardsigmoid = (x: number) => clamp(x / 6 + 0.5, 0, 1);
export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

export const concatenation: Case = {
  input: image,
  build(network, x) {
    const part = network.apply("slice", { from: 1, to: 3 }, [x], [2, 7, 9]);
    const same = network.apply("dropout", { rate: 0.5 }, [x], image);
    return network.apply("concat", {}, [x, part, same], [14, 7, 9], "layer");
  },
  expected: (x) => naive.channels(x, [0, 1, 2, 3, 4, 5, 1, 2, 0, 1, 2, 3, 4, 5]),
};

export function inverses(first: "shuffle" | "unshuffle", second: "shuffle" | "unshuffle"): Case {
  return {
    input: image,
    build(network, x) {
      const shuffled = network.apply(first, { groups: 3 }, [x], image);
      return network.apply(second, { groups: 3 }, [shuffled], image, "layer");
    },
    expected: (x) => x,
  };
}

export function padded(settings: OpOf<"pad">["settings"], output: Shape): Case {
  return single("pad", settings, output, (x) => naive.pad(x, settings));
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const product = (values: readonly number[]) => values.reduce((total, value) => total * value, 1);
