import type { OpKind } from "../../src/compiler/ir.ts";
import {
  adaptive,
  beforeRelu,
  type Case,
  clamp,
  concatenation,
  convolution,
  deconvolution,
  grouped,
  hardsigmoid,
  image,
  inverses,
  joined,
  mean,
  none,
  normalised,
  padded,
  plainPool,
  pointwise,
  pooled,
  product,
  roundedPadded,
  roundedPool,
  scaled,
  sigmoid,
  single,
  stretched,
  sum,
} from "./case.ts";
import * as naive from "./naive.ts";
import { conv } from "./network.ts";

/** Every kind of op at least once; a record, so that a kind without a case does not compile. */
export const cases: { readonly [K in OpKind]: Readonly<Record<string, Case>> } = {
  conv: {
    plain: convolution(conv(6, 8, 3), [8, 7, 9]),
    "stride, dilation, groups, bias": convolution(
      conv(6, 4, 3, { stride: [2, 1], dilation: [1, 2], pad: [1, 2, 0, 1], groups: 2, bias: true }),
      [4, 3, 8],
    ),
    depthwise: convolution(conv(6, 6, 3, { groups: 6 }), [6, 7, 9]),
  },
  deconv: {
    plain: deconvolution({}, [4, 14, 18]),
    "outpad, groups, bias": deconvolution(
      { kernel: [3, 2], groups: 2, outpad: [1, 0], pad: [1, 0, 0, 1], bias: true },
      [4, 15, 17],
    ),
  },
  linear: {
    "of an image": single("linear", { inFeatures: 378, features: 5, bias: true }, [5], (x, tensor) =>
      naive.linear(x, 5, tensor("weight"), tensor("bias")),
    ),
    "of a vector, no bias": single(
      "linear",
      { inFeatures: 6, features: 5, bias: false },
      [5],
      (x, tensor) => naive.linear(x, 5, tensor("weight")),
      [6],
    ),
  },
  batchnorm: { affine: normalised(true, image), plain: normalised(false, image), "of a vector": normalised(true, [6]) },
  groupnorm: { groups: grouped(2), layer: grouped(1), instance: grouped(6) },
  lrn: {
    wide: single("lrn", { size: 5, alpha: 0.5, beta: 0.75, bias: 2 }, image, (x) => {
      return naive.lrn(x, { size: 5, alpha: 0.5, beta: 0.75, bias: 2 });
    }),
  },
  relu: { image: pointwise("relu", (x) => Math.max(x, 0)), vector: pointwise("relu", (x) => Math.max(x, 0), {}, [6]) },
  relu6: { image: pointwise("relu6", (x) => clamp(x, 0, 6)) },
  leakyrelu: { image: pointwise("leakyrelu", (x) => (x < 0 ? 0.1 * x : x), { slope: 0.1 }) },
  silu: { image: pointwise("silu", (x) => x * sigmoid(x)), vector: pointwise("silu", (x) => x * sigmoid(x), {}, [6]) },
  hardswish: { image: pointwise("hardswish", (x) => x * hardsigmoid(x)) },
  hardsigmoid: { image: pointwise("hardsigmoid", hardsigmoid) },
  sigmoid: { image: pointwise("sigmoid", sigmoid) },
  tanh: { image: pointwise("tanh", Math.tanh) },
  gelu: { image: pointwise("gelu", (x) => (x / 2) * (1 + naive.erf(x / Math.SQRT2))) },
  softmax: {
    image: single("softmax", {}, image, naive.softmax),
    vector: single("softmax", {}, [6], naive.softmax, [6]),
  },
  maxpool: {
    plain: pooled("maxpool", plainPool, [4, 5]),
    ceil: pooled("maxpool", roundedPool, [4, 5]),
    "ceil and pad": pooled("maxpool", roundedPadded, [3, 4]),
  },
  avgpool: {
    plain: pooled("avgpool", { kernel: [2, 2], stride: [2, 2], pad: none, extra: [0, 0], countpad: true }, [3, 4]),
    "pad counted": pooled("avgpool", { ...plainPool, countpad: true }, [4, 5]),
    "pad not counted": pooled("avgpool", { ...plainPool, countpad: false }, [4, 5]),
    ceil: pooled("avgpool", { ...roundedPool, countpad: true }, [4, 5]),
    "ceil, pad counted": pooled("avgpool", { ...roundedPadded, countpad: true }, [3, 4]),
    "ceil, pad not counted": pooled("avgpool", { ...roundedPadded, countpad: false }, [3, 4]),
  },
  globalavgpool: { image: single("globalavgpool", {}, [6, 1, 1], (x) => naive.adaptive(x, [1, 1])) },
  globalmaxpool: {
    image: single("globalmaxpool", {}, [6, 1, 1], (x) => {
      return naive.pool(x, { kernel: [7, 9], stride: [1, 1], pad: none, extra: [0, 0] }, [6, 1, 1], false);
    }),
  },
  channelavgpool: { image: single("channelavgpool", {}, [1, 7, 9], (x) => naive.overChannels(x, mean)) },
  channelmaxpool: {
    image: single("channelmaxpool", {}, [1, 7, 9], (x) => naive.overChannels(x, (values) => Math.max(...values))),
  },
  adaptiveavgpool: {
    one: adaptive([1, 1]),
    same: beforeRelu(adaptive([7, 9])),
    divides: adaptive([7, 3]),
    "does not divide": adaptive([3, 4]),
    "only the height": adaptive([3, 9]),
    "only the width": adaptive([7, 2]),
    larger: adaptive([8, 20]),
  },
  dropout: { image: beforeRelu(pointwise("dropout", (x) => x, { rate: 0.5 })) },
  droppath: {
    rescaled: beforeRelu(pointwise("droppath", (x) => x, { rate: 0.25, rescale: true })),
    "not rescaled": pointwise("droppath", (x) => 0.75 * x, { rate: 0.25, rescale: false }),
    "rate 0": beforeRelu(pointwise("droppath", (x) => x, { rate: 0, rescale: false })),
  },
  flatten: {
    image: single("flatten", {}, [378], (x) => ({ shape: [378], data: x.data })),
    vector: beforeRelu(single("flatten", {}, [6], (x) => x, [6])),
  },
  upsample: {
    "2×3": single("upsample", { factor: [2, 3] }, [6, 14, 27], (x) => naive.upsample(x, [2, 3])),
    "1×1": beforeRelu(single("upsample", { factor: [1, 1] }, image, (x) => x)),
  },
  pad: {
    image: padded({ pad: [1, 2, 3, 0], channels: [0, 0] }, [6, 11, 11]),
    channels: padded({ pad: none, channels: [2, 1] }, [9, 7, 9]),
    nothing: beforeRelu(padded({ pad: none, channels: [0, 0] }, image)),
  },
  slice: {
    inner: single("slice", { from: 1, to: 4 }, [3, 7, 9], (x) => naive.channels(x, [1, 2, 3])),
    all: beforeRelu(single("slice", { from: 0, to: 6 }, image, (x) => x)),
    vector: single("slice", { from: 4, to: 6 }, [2], (x) => naive.channels(x, [4, 5]), [6]),
  },
  scale: { both: scaled(-1, 1), factor: scaled(3, 0), shift: scaled(1, 0.25), neither: beforeRelu(scaled(1, 0)) },
  shuffle: {
    groups: single("shuffle", { groups: 3 }, image, (x) => naive.shuffle(x, 3)),
    vector: single("shuffle", { groups: 2 }, [6], (x) => naive.shuffle(x, 2), [6]),
    trivial: beforeRelu(single("shuffle", { groups: 1 }, image, (x) => x)),
    undone: inverses("shuffle", "unshuffle"),
  },
  unshuffle: {
    groups: single("unshuffle", { groups: 2 }, image, (x) => naive.unshuffle(x, 2)),
    undone: inverses("unshuffle", "shuffle"),
  },
  select: {
    fewer: single("select", { inChannels: 6, count: 4 }, [4, 7, 9], (x) => naive.channels(x, [0, 1, 2, 3])),
    more: single("select", { inChannels: 6, count: 8 }, [8, 7, 9], (x) => naive.channels(x, [0, 1, 2, 3, 4, 5, 0, 1])),
  },
  scatter: {
    fewer: single("scatter", { inChannels: 6, channels: 4 }, [4, 7, 9], (x, tensor) =>
      naive.scatter(x, 4, tensor("index")),
    ),
    more: single("scatter", { inChannels: 6, channels: 8 }, [8, 7, 9], (x, tensor) =>
      naive.scatter(x, 8, tensor("index")),
    ),
  },
  concat: { three: concatenation },
  add: { two: joined("add", 2, (v) => sum(v)), four: joined("add", 4, (v) => sum(v)) },
  mean: { two: joined("mean", 2, (v) => sum(v) / 2), three: joined("mean", 3, (v) => sum(v) / 3) },
  mul: {
    two: joined("mul", 2, (v) => product(v)),
    "a vector": stretched(["x", "vector"]),
    "a column first": stretched(["column", "x"]),
    "a vector and a plane": stretched(["vector", "plane"]),
    "all of them": stretched(["plane", "vector", "x", "column"]),
  },
};
